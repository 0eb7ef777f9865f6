// The studio for everyone: by keys alone, by touch, on a phone, in both themes, with nothing for axe to find.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { button, pixels, repainted, sideways, visit } from "./site.js";
import { open, pad, studio } from "./studio.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

test("the keyboard alone pins, moves and plays", async () => {
  await visit({ hash: "#seed=1" }, async ({ page }) => {
    await open(page);
    await button(page, "Pin this digit").focus();
    /** @param {RegExp} name */
    async function tabTo(name) {
      for (let presses = 0; presses < 40; presses += 1) {
        const focused = await page.evaluate(() => {
          const element = /** @type {HTMLElement} */ (document.activeElement);
          return element.getAttribute("aria-label") ?? element.innerText;
        });
        if (name.test(focused)) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`no Tab leads to ${name}`);
    }
    await page.keyboard.press("Enter");
    await studio(page, (data) => data.pins === "1");
    await tabTo(/^Direction 1/);
    const digit = await pixels(page, "morph");
    for (let i = 0; i < 6; i += 1) await page.keyboard.press("ArrowRight");
    await repainted(page, "morph", digit);
    await tabTo(/^Plane/);
    await page.keyboard.press("Shift+ArrowUp");
    await page.keyboard.press("Enter");
    await studio(page, (data) => data.pins === "2");
    await tabTo(/^Play path$/);
    await page.keyboard.press("Enter");
    await studio(page, (data) => data.playing === "path" && Number(data.at) > 0.1);
    await page.keyboard.press("Enter");
    await studio(page, (data) => data.playing === undefined);
    await button(page, "Pin 2").focus();
    await page.keyboard.press("Delete");
    await studio(page, (data) => data.pins === "1");
    assert.equal(await page.evaluate(() => document.activeElement?.getAttribute("aria-label")), "Pin 1");
  });
});

for (const lang of ["en", "zh"]) {
  test(`axe finds nothing in the studio in either theme, on a desk or a phone, ${lang}`, async () => {
    const context = { bypassCSP: true, reducedMotion: /** @type {const} */ ("reduce") };
    await visit({ query: `?lang=${lang}`, hash: "#recipe=cgan&seed=1", context }, async ({ page }) => {
      await open(page);
      const random = page.locator('[data-t="morph.pin.random"]');
      for (let i = 0; i < 2; i += 1) await random.click();
      await page.locator('[data-t="morph.near.ask"]').click();
      await studio(page, (data) => data.near === "8");
      await page.addScriptTag({ content: axe });
      for (const [width, height] of [
        [1280, 800],
        [390, 844],
        [320, 568],
      ]) {
        await page.setViewportSize({ width, height });
        assert.equal(await sideways(page), false, `${width}`);
        for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
          await page.emulateMedia({ colorScheme });
          const found = await page.evaluate(async () => {
            const { violations } = await /** @type {any} */ (window).axe.run("#morphing");
            return violations.map((/** @type {any} */ one) => `${one.id}: ${one.nodes[0].target}`);
          });
          assert.deepEqual(found, [], `${width}, ${colorScheme}`);
        }
      }
      for (const made of await page.locator("#morphing button:visible").all()) {
        const box = await made.boundingBox();
        assert.ok(box && box.height >= 44, `${await made.innerText()}: ${box?.height}`);
      }
      const sizes = await page.locator("#morphing canvas").evaluateAll((all) =>
        all.map((one) => {
          const { width, height, dataset } = /** @type {HTMLCanvasElement} */ (one);
          return [width / Number(dataset.columns), height / Number(dataset.rows)];
        }),
      );
      assert.ok(sizes.length >= 7);
      for (const size of sizes) assert.deepEqual(size, [28, 28]);
    });
  });
}

test("on a phone a finger moves the handle, and the digit stays in view", async () => {
  const context = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
  await visit({ hash: "#seed=1", context }, async ({ page }) => {
    await open(page);
    await pad(page).evaluate((element) => element.scrollIntoView({ block: "center" }));
    const digit = await pixels(page, "morph");
    const box = await pad(page).boundingBox();
    assert.ok(box);
    await page.touchscreen.tap(box.x + box.width * 0.8, box.y + box.height * 0.3);
    await repainted(page, "morph", digit);
    assert.ok(await page.locator('canvas[data-view="morph"]').isVisible());
    const seen = await page.locator('canvas[data-view="morph"]').boundingBox();
    assert.ok(seen && seen.y >= 0 && seen.y < 60, `the digit is at ${seen?.y}`);
    assert.equal(await sideways(page), false);
  });
});
