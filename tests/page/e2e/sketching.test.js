// Drawing: one's own digit is read while it is drawn, follows training, and is found in the latent space.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { stroke } from "./png.js";
import { button, pixels, repainted, root, sideways, until, visit } from "./site.js";
import { draw, drop, open, panel, THREE, untilPanel } from "./sketch.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

test("a digit is read while it is drawn, and its strokes are undone and cleared", async () => {
  await visit({ hash: "#seed=7" }, async ({ page }) => {
    await open(page);
    const empty = await pixels(page, "sketch");
    await draw(page, THREE);
    const { ink, chances, probability } = await untilPanel(page, ({ chances }) => chances);
    assert.ok(Number(probability) > 0 && Number(probability) < 1);
    const read = (chances ?? "").split(" ").map(Number);
    assert.equal(read.indexOf(Math.max(...read)), 3, chances);
    await page.locator("#sketch-judged", { hasText: /^3, surely\.$/ }).waitFor();
    await page.locator("#sketch-score", { hasText: /D has not been trained yet/ }).waitFor();
    assert.ok(Number(ink) > 10_000, "about as much ink as MNIST's digits have");
    assert.notEqual(await pixels(page, "sketch"), empty);

    await draw(page, [
      [0.1, 0.9],
      [0.9, 0.9],
    ]);
    await untilPanel(page, (data) => data.lines === "2" && data.ink !== ink && data.chances !== chances);
    await button(page, "Undo").click();
    await untilPanel(page, (data) => data.lines === "1" && data.ink === ink && data.chances === chances);
    await button(page, "Clear").click();
    await untilPanel(page, (data) => data.lines === "0" && data.ink === "0" && !data.chances);
    assert.equal(await pixels(page, "sketch"), empty);
    await button(page, "Undo").click();
    await untilPanel(page, (data) => data.ink === ink);
  });
});

test("its score follows training", async () => {
  await visit({ hash: "#seed=7&batch=16" }, async ({ page }) => {
    await open(page);
    await draw(page, THREE);
    await untilPanel(page, (data) => data.probability && data.step === "0");
    await page.evaluate(() => document.getElementById("train")?.click());
    await untilPanel(page, (data) => Number(data.step) >= 10);
    await page.evaluate(() => document.getElementById("train")?.click());
    const { step } = await until(page, (data) => data.phase === "paused" && data.digest);
    await untilPanel(page, (data) => data.step === step);
    await page.locator("#sketch-score", { hasText: /It takes yours for (real|generated)\./ }).waitFor();
  });
});

test("its latent vector is found, comes closer, and is put on the sliders", async () => {
  await visit({ hash: "#seed=7" }, async ({ page }) => {
    await open(page);
    await until(page, () => page.locator("#lent").innerText());
    await page.evaluate(() => {
      const panel = /** @type {HTMLElement} */ (document.getElementById("sketching"));
      new MutationObserver(() => {
        const { error } = panel.dataset;
        const html = document.documentElement.dataset;
        if (error) html.testErrors = `${html.testErrors ?? ""} ${error}`;
      }).observe(panel, { attributes: true, attributeFilter: ["data-error"] });
    });
    // With the pen at rest the search begins by itself.
    await draw(page, THREE);
    const { error } = await untilPanel(page, (data) => data.search === "done");
    assert.ok(Number(error) < 0.02, error);
    const errors = ((await root(page)).testErrors ?? "").trim().split(" ").map(Number);
    assert.ok(errors.length > 2 && errors[0] > 2 * Number(error), `came closer: ${errors}`);
    assert.ok(errors.every((value, i) => i === 0 || value <= errors[i - 1]));

    const before = await pixels(page, "latent");
    await button(page, "Use it").click();
    await repainted(page, "latent", before);
    assert.equal(await pixels(page, "latent"), await pixels(page, "inverted"));

    // "Use it" goes to the studio; a panel off the screen is not painted.
    const height = () => page.evaluate(() => scrollY);
    for (let last = -1; last !== (await height()); await page.waitForTimeout(200)) last = await height();
    await page.locator("#pad").scrollIntoViewIfNeeded();
    const seen = page.locator("#sketching").getByRole("button", { name: "Find it", exact: true });
    await seen.hover();
    // From within the page: a fast machine's search is over before anyone out here has found "Stop".
    await seen.evaluate(async (/** @type {HTMLElement} */ find) => {
      find.click();
      for (let frame = 0; find.textContent !== "Stop" && frame < 600; frame += 1)
        await new Promise((done) => requestAnimationFrame(done));
      find.click();
    });
    await untilPanel(page, (data) => data.search === "stopped");
    await draw(page, [
      [0.2, 0.9],
      [0.8, 0.9],
    ]);
    await untilPanel(page, (data) => data.search === "done");
  });
});

test("the keyboard alone draws, undoes, and takes a real digit", async () => {
  await visit({}, async ({ page }) => {
    await open(page);
    await page.locator("#pad").focus();
    for (const key of ["Space", ..."ddddddddd"]) await page.keyboard.press(key === "d" ? "ArrowDown" : key);
    await untilPanel(page, (data) => data.lines === "1" && data.chances);
    const { phase } = await root(page);
    assert.equal(phase, "ready", "space drew, and trained nothing");
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowRight");
    const { ink } = await panel(page);
    await page.keyboard.press("Space");
    await page.keyboard.press("Shift+ArrowUp");
    await page.keyboard.press("Space");
    await untilPanel(page, (data) => data.lines === "2" && data.ink !== ink);
    await page.keyboard.press("Backspace");
    await untilPanel(page, (data) => data.lines === "1" && data.ink === ink);
    await page.keyboard.press("Delete");
    await untilPanel(page, (data) => data.ink === "0");
    await button(page, "A real digit").focus();
    await page.keyboard.press("Enter");
    const first = await untilPanel(page, (data) => Number(data.ink) > 5000 && data.chances);
    await page.keyboard.press("Enter");
    await untilPanel(page, (data) => data.ink !== first.ink);
  });
});

test("between domains, the drawing is translated both ways, and there is no latent space to search", async () => {
  await visit({ hash: "#recipe=cyclegan&seed=7" }, async ({ page }) => {
    await open(page);
    const [there, back] = [await pixels(page, "sketch-a-b"), await pixels(page, "sketch-b-a")];
    await draw(page, THREE);
    await repainted(page, "sketch-a-b", there);
    await repainted(page, "sketch-b-a", back);
    await page.getByRole("button", { name: "Find it", exact: true }).waitFor({ state: "hidden" });
  });
});

for (const [width, height] of [
  [390, 844],
  [320, 568],
]) {
  test(`a finger draws at ${width} x ${height}, and nothing scrolls sideways`, async () => {
    const context = { viewport: { width, height }, hasTouch: true, isMobile: true };
    await visit({ context }, async ({ page }) => {
      await open(page);
      await draw(page, THREE);
      await untilPanel(page, (data) => data.lines === "1" && data.chances);
      await button(page, /^Add as 3/).click();
      await untilPanel(page, (data) => data.own === "1");
      assert.equal(await sideways(page), false);
      for (const control of await page.locator("#sketching button:visible").all()) {
        const { width, height } = (await control.boundingBox()) ?? { width: 0, height: 0 };
        assert.ok(width >= 44 && height >= 44, `${await control.innerText()}: ${width} x ${height}`);
      }
    });
  });
}

test("a pen draws where the palm was there first, and what the palm drew goes", async () => {
  await visit({ context: { hasTouch: true } }, async ({ page }) => {
    await open(page);
    const box = await page.locator("#pad").boundingBox();
    assert.ok(box);
    const at = (/** @type {number} */ x, /** @type {number} */ y) => ({
      x: Math.round(box.x + x * box.width),
      y: Math.round(box.y + y * box.height),
    });
    const session = await page.context().newCDPSession(page);
    /** @typedef {{ x: number, y: number }} Place */
    const touch = (
      /** @type {"touchStart" | "touchMove" | "touchEnd"} */ type,
      /** @type {Place[]} */ ...places
    ) => session.send("Input.dispatchTouchEvent", { type, touchPoints: places });
    const pen = (
      /** @type {"mousePressed" | "mouseMoved" | "mouseReleased"} */ type,
      /** @type {Place} */ place,
    ) =>
      session.send("Input.dispatchMouseEvent", {
        ...{ type, ...place, button: "left", buttons: type === "mouseReleased" ? 0 : 1 },
        ...{ clickCount: 1, pointerType: "pen", force: 0.5 },
      });
    await touch("touchStart", at(0.9, 0.9));
    await touch("touchMove", at(0.8, 0.95));
    await untilPanel(page, (data) => data.lines === "1");
    await pen("mousePressed", at(0.3, 0.2));
    for (const [x, y] of THREE) await pen("mouseMoved", at(x, y));
    await touch("touchMove", at(0.7, 0.9));
    await pen("mouseReleased", at(0.32, 0.78));
    await touch("touchEnd");
    await page.locator("#sketch-judged", { hasText: /^3, / }).waitFor();
    assert.equal((await panel(page)).lines, "1");
  });
});

test("axe finds nothing, with digits and pictures there, in either theme and language", async () => {
  for (const lang of ["en", "zh"]) {
    const context = { bypassCSP: true, reducedMotion: /** @type {const} */ ("reduce") };
    await visit({ query: `?lang=${lang}`, context }, async ({ page }) => {
      await open(page);
      await draw(page, THREE);
      await untilPanel(page, (data) => data.chances);
      await page.locator("#sketching .classes button").nth(3).click();
      await draw(page, THREE);
      await untilPanel(page, (data) => data.search === "done");
      const base64 = stroke(28, 5).toString("base64");
      await drop(page, { name: ".png", type: "image/png", base64, times: 20 });
      await untilPanel(page, (data) => data.images === "20");
      await page.addScriptTag({ content: axe });
      for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
        await page.emulateMedia({ colorScheme });
        const found = await page.evaluate(async () => {
          const { violations } = await /** @type {any} */ (window).axe.run("#sketching");
          return violations.map(
            (/** @type {any} */ { id, nodes }) => `${id}: ${nodes.map((/** @type {any} */ n) => n.target)}`,
          );
        });
        assert.deepEqual(found, [], `${lang}, ${colorScheme}`);
      }
    });
  }
});
