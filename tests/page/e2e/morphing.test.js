// The studio: directions, the plane, pins and their path, mixtures, nearest digits.
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, dataOf, eventually, pixels, ready, repainted, stepTo, until, visit } from "./site.js";
import { look, open, pad, slider, studio } from "./studio.js";

/** @typedef {import("playwright-core").Page} Page */

/** What the sliders of single latents say. @param {Page} page */
const latents = (page) =>
  page
    .locator("#sliders input")
    .evaluateAll((inputs) => inputs.map((input) => /** @type {HTMLInputElement} */ (input).value));

test("directions appear by themselves, and move the digit and the latents", async () => {
  await visit({ hash: "#seed=1" }, async ({ page }) => {
    const { directions } = await open(page);
    const rows = page.getByRole("group", { name: "Directions" }).getByRole("slider");
    assert.equal(await rows.count(), Number(directions));
    assert.match((await rows.first().getAttribute("aria-label")) ?? "", /^Direction 1(: [a-z ]+)?$/);
    await page
      .getByText(/% of the variation/)
      .first()
      .waitFor();
    const [digit, before] = [await pixels(page, "morph"), await latents(page)];
    await rows.first().fill("2");
    await repainted(page, "morph", digit);
    assert.notDeepEqual(await latents(page), before);
    assert.equal(await pixels(page, "morph"), await pixels(page, "latent"), "one digit, in both places");
    await button(page, "Undo directions").click();
    await eventually(
      async () => (await pixels(page, "morph")) === digit,
      async () => "the digit as it was",
    );
    assert.deepEqual(await latents(page), before);
  });
});

test("directions are found anew by a button while it trains, and by themselves when it rests far from them", async () => {
  await visit({ hash: "#seed=1&batch=16" }, async ({ page }) => {
    assert.equal((await open(page)).found, "0");
    await stepTo(page, 1);
    await look(page);
    await studio(page, (data) => data.found === "1");
    await page.getByText("Found at step 1.", { exact: true }).waitFor();
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) > 5);
    await look(page);
    await button(page, "Find directions again").click();
    await studio(page, (data) => Number(data.found) > 1);
    const before = await pixels(page, "morph");
    await slider(page, /^Direction 1(:|$)/).fill("-2");
    await repainted(page, "morph", before);
    assert.equal((await until(page, () => true)).phase, "training");
  });
});

test("the pad moves the digit by mouse and by keys, over directions and over single latents", async () => {
  await visit({ hash: "#seed=1" }, async ({ page }) => {
    await open(page);
    await pad(page).scrollIntoViewIfNeeded();
    const says = page.locator("#morph-says");
    const box = await pad(page).boundingBox();
    assert.ok(box);
    const at = (/** @type {number} */ x, /** @type {number} */ y) =>
      /** @type {const} */ ([box.x + x * box.width, box.y + y * box.height]);
    const first = await pixels(page, "morph");
    await page.mouse.move(...at(0.5, 0.5));
    await page.mouse.down();
    await page.mouse.move(...at(0.8, 0.2), { steps: 4 });
    await repainted(page, "morph", first);
    const dragged = await pixels(page, "morph");
    await page.mouse.move(...at(0.99, 0.01), { steps: 4 });
    await page.mouse.up();
    await repainted(page, "morph", dragged);
    assert.match(await says.innerText(), /: \+3\.0\. Up.*: \+3\.0\.$/);
    await page.mouse.move(...at(0.3, 0.3));
    assert.match(await says.innerText(), /: \+3\.0\. Up.*: \+3\.0\.$/, "it was let go");

    await page.keyboard.press("Home");
    await eventually(
      async () => /: 0\.0\. Up.*: 0\.0\.$/.test(await says.innerText()),
      () => says.innerText(),
    );
    await page.keyboard.press("ArrowRight");
    await page.keyboard.press("Shift+ArrowDown");
    await eventually(
      async () => /: \+0\.1\. Up.*: −0\.8\.$/.test(await says.innerText()),
      () => says.innerText(),
    );
    await page.keyboard.press("Enter");
    await studio(page, (data) => data.pins === "1");

    const plane = await pixels(page, "plane");
    await page.getByRole("combobox", { name: "Up" }).selectOption({ label: "Latent 3" });
    await repainted(page, "plane", plane);
    await pad(page).focus();
    await page.keyboard.press("Home");
    await eventually(
      async () => /Latent 3: 0\.0\.$/.test(await says.innerText()),
      () => says.innerText(),
    );
    const third = async () => Number(await slider(page, "Latent 3").inputValue());
    const home = await third();
    await page.keyboard.press("Shift+ArrowUp");
    await eventually(
      async () => Math.abs((await third()) - home - 0.75) < 0.011,
      async () => `Latent 3 to go from ${home} to 0.75 above it, not to ${await third()}`,
    );
  });
});

test("pins make a path that plays, pauses, can be gone along by hand and put in another order", async () => {
  await visit({ hash: "#seed=1" }, async ({ page }) => {
    await open(page);
    assert.equal(await button(page, "Play path").getAttribute("aria-disabled"), "true");
    await button(page, "Pin this digit").click();
    await button(page, "Pin a random digit").click();
    await button(page, "Pin a random digit").click();
    await studio(page, (data) => data.pins === "3");
    await page.locator('canvas[data-view="film"]').waitFor();
    await button(page, "Play path").click();
    await studio(page, (data) => data.playing === "path" && Number(data.at) > 0.3);
    const digit = await pixels(page, "morph");
    await repainted(page, "morph", digit);
    await button(page, "Pause path").click();
    const { at } = await studio(page, (data) => data.playing === undefined && data.at);
    assert.ok(Number(at) > 0.3);

    await button(page, "Pin 2").click();
    await studio(page, (data) => data.at === "1.00");
    await slider(page, "Place on the path").fill("1.5");
    await studio(page, (data) => data.at === "1.50");
    const pictures = () =>
      page
        .locator('canvas[data-view="pin"]')
        .evaluateAll((all) => all.map((one) => /** @type {HTMLCanvasElement} */ (one).toDataURL()));
    const [one, two, three] = await pictures();
    await button(page, "Earlier").click();
    await eventually(
      async () => (await pictures()).join() === [two, one, three].join(),
      async () => "the second before the first",
    );
    await button(page, "Remove").click();
    await studio(page, (data) => data.pins === "2");
    assert.deepEqual(await pictures(), [one, three]);
    await slider(page, /^Direction 2(:|$)/).fill("1");
    await studio(page, (data) => data.at === undefined);

    await page.reload();
    await open(page);
    await studio(page, (data) => data.pins === "2");
    await eventually(
      async () => (await pictures()).join() === [one, three].join(),
      async () => "the pins of before the reload",
    );
  });
});

test("a walk goes on until it is stopped", async () => {
  await visit({ hash: "#seed=1" }, async ({ page }) => {
    await open(page);
    const digit = await pixels(page, "morph");
    await button(page, "Random walk").click();
    await studio(page, (data) => data.playing === "walk");
    await repainted(page, "morph", digit);
    await button(page, "Stop walking").click();
    await studio(page, (data) => data.playing === undefined);
  });
});

test("under reduced motion nothing moves by itself: clicks go on", async () => {
  await visit({ hash: "#seed=1", context: { reducedMotion: "reduce" } }, async ({ page }) => {
    await open(page);
    const digit = await pixels(page, "morph");
    await button(page, "Walk a step").click();
    await repainted(page, "morph", digit);
    for (let i = 0; i < 2; i += 1) await button(page, "Pin a random digit").click();
    for (const at of ["0.00", "0.13", "0.25"]) {
      await button(page, "Next place").click();
      const { playing } = await studio(page, (data) => data.at === at);
      assert.equal(playing, undefined);
    }
  });
});

test("classes mix where G is told one, and a class key makes one class again", async () => {
  await visit({ hash: "#recipe=cgan&seed=1" }, async ({ page }) => {
    await open(page);
    const zero = await pixels(page, "morph");
    await page.getByRole("combobox", { name: "Mix from" }).selectOption("3");
    await repainted(page, "morph", zero);
    await page.getByRole("combobox", { name: "Mix to" }).selectOption("8");
    const three = await pixels(page, "morph");
    const part = slider(page, "Share of the second");
    await part.fill("0.5");
    await repainted(page, "morph", three);
    await page.getByText("50 % class 3 and 50 % class 8.", { exact: true }).waitFor();
    const half = await pixels(page, "morph");
    await page.getByText("All ten shares", { exact: true }).click();
    await slider(page, "Share of 0").fill("0.5");
    await repainted(page, "morph", half);
    assert.match((await dataOf(page, "morphing")).mix ?? "", /^0\.50 0\.00 0\.00 0\.25/);
    await button(page, "Make a 3").click();
    await look(page);
    await studio(page, (data) => data.mix === "");
    await eventually(
      async () => (await pixels(page, "morph")) === three,
      async () => "a three again",
    );
    assert.equal(await part.inputValue(), "0");
  });
});

test("the nearest training digits are shown, with what their distances say", async () => {
  await visit({ hash: "#seed=1" }, async ({ page }) => {
    await open(page);
    await button(page, "Find its nearest training digits").click();
    await studio(page, (data) => data.near === "8");
    await page.getByText(/^The nearest is [\d.]+ away, and that one's own nearest sibling [\d.]+/).waitFor();
    assert.equal(await pixels(page, "near-of"), await pixels(page, "morph"));
    const captions = await page.locator("#morphing .morph-near-shows li").allInnerTexts();
    assert.equal(captions.length, 8);
    for (const caption of captions) assert.match(caption, /^a \d\s+[\d.]+$/);
  });
});

test("a GAN without latents says so", async () => {
  await visit({ hash: "#recipe=cyclegan&domains=invert&seed=1" }, async ({ page }) => {
    await ready(page);
    await look(page);
    await page
      .locator("#morphing")
      .getByText(/no latent space/)
      .waitFor();
    assert.ok(await button(page, "Pin this digit").isHidden());
  });
});

test("digits of the grid are pinned by a double click and by Enter, and come back on the sliders", async () => {
  await visit({ hash: "#recipe=cgan&seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 2);
    const grid = page.locator('.grid[data-grid="samples"]');
    /** The middle of the 13th digit. @param {{ width: number, height: number }} box */
    const at = ({ width, height }) => ({ x: (4.5 / 8) * width, y: (1.5 / 8) * height });
    const box = await grid.locator("canvas").boundingBox();
    assert.ok(box);
    await grid.locator("canvas").dblclick({ position: at(box) });
    await page.getByText("Digit 13 of the grid is pinned in the studio.").waitFor();
    await look(page);
    await studio(page, (data) => data.pins === "1" && data.plane === "drawn");
    await page.getByRole("button", { name: /^Pin 1/ }).click();
    await eventually(
      () =>
        page.evaluate(() => {
          const cut = (/** @type {string} */ view, /** @type {number} */ x, /** @type {number} */ y) => {
            const canvas = /** @type {HTMLCanvasElement} */ (
              document.querySelector(`canvas[data-view="${view}"]`)
            );
            return canvas.getContext("2d")?.getImageData(x, y, 28, 28).data.join();
          };
          return cut("samples", 4 * 28, 28) === cut("morph", 0, 0);
        }),
      async () => "the studio's digit to be the grid's",
    );
    await grid.focus();
    await page.keyboard.press("ArrowRight");
    await page.locator('#inspect[data-index="13"][data-score]').waitFor();
    await page.keyboard.press("Enter");
    await page.getByText("Digit 14 of the grid is pinned in the studio.").waitFor();
    await look(page);
    await studio(page, (data) => data.pins === "2");
  });
});
