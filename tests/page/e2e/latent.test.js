// The latent sliders: the digit follows at once, while paused and while training.
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, pixels, ready, repainted, stepTo, until, visit } from "./site.js";

/** Moves "Latent 1" and returns after how many milliseconds its digit changed. @param {import("playwright-core").Page} page @param {number} value */
const move = (page, value) =>
  page.getByRole("slider", { name: "Latent 1", exact: true }).evaluate(async (element, value) => {
    const slider = /** @type {HTMLInputElement} */ (element);
    const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('canvas[data-view="latent"]'));
    const before = canvas.toDataURL();
    const start = performance.now();
    slider.value = `${value}`;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
    while (canvas.toDataURL() === before && performance.now() - start < 5000)
      await new Promise((done) => setTimeout(done, 1));
    return performance.now() - start;
  }, value);

test("the digit follows Latent 1 within 100 ms", async () => {
  await visit({ hash: "#seed=1" }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 3);
    const took = [];
    for (const value of [2, -2, 1.5, -1.5, 1]) took.push(await move(page, value));
    const middle = took.sort((a, b) => a - b)[2];
    assert.ok(middle < 100, `it took ${took.map(Math.round)} ms`);
  });
});

test("the digit follows while training runs", async () => {
  await visit({}, async ({ page }) => {
    await ready(page);
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) >= 20);
    const took = [];
    for (const value of [2, -2, 1.5, -1.5, 1]) took.push(await move(page, value));
    assert.ok(Math.max(...took) < 1000, `it took ${took.map(Math.round)} ms`);
    await until(page, (data) => data.phase === "training");
  });
});

test("a conditional GAN has a key for each class, and the digit follows it", async () => {
  await visit({ hash: "#recipe=cgan&seed=1" }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 3);
    const keys = page.getByRole("group", { name: "Digit to make" }).getByRole("button");
    assert.equal(await keys.count(), 10);
    assert.equal(await button(page, "Make a 0").getAttribute("aria-pressed"), "true");
    const before = await pixels(page, "latent");
    await button(page, "Make a 7").click();
    await repainted(page, "latent", before);
    assert.equal(await button(page, "Make a 7").getAttribute("aria-pressed"), "true");
    assert.equal(await button(page, "Make a 0").getAttribute("aria-pressed"), "false");
  });
});

test("a run with modes has a key for each, and sliders for the numbers alone; zero keeps the mode", async () => {
  await visit({ hash: "#recipe=dcgan&modes=5&seed=1&data=drawn" }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 3);
    const keys = page.getByRole("group", { name: "Mode of the digit" }).getByRole("button");
    assert.equal(await keys.count(), 5);
    const pressed = () =>
      keys.evaluateAll((all) => all.map((key) => key.getAttribute("aria-pressed")).join(" "));
    const first = (await pressed()).split(" ").indexOf("true");
    const other = (first + 2) % 5;
    let before = await pixels(page, "latent");
    await button(page, `Mode ${other + 1}`).click();
    await repainted(page, "latent", before);
    const only = Array.from({ length: 5 }, (_, mode) => `${mode === other}`).join(" ");
    assert.equal(await pressed(), only);
    await button(page, "All 64").waitFor();
    before = await pixels(page, "latent");
    await button(page, "Zero").click();
    await repainted(page, "latent", before);
    assert.equal(await pressed(), only);
  });
});

test("a ready-made generator answers sliders and keys until the run has its own", async () => {
  await visit({ hash: "#recipe=cgan&seed=5" }, async ({ page }) => {
    await ready(page);
    const told = page.getByText("cargo ganvas train --recipe cgan --seed 1");
    await told.waitFor();
    const [grid, first] = [await pixels(page, "samples"), await pixels(page, "latent")];
    await button(page, "Make a 7").click();
    await repainted(page, "latent", first);
    const seven = await pixels(page, "latent");
    assert.ok((await move(page, 2)) < 1000);
    assert.equal(await pixels(page, "samples"), grid, "the grid shows the run's own first weights");
    const digest = (await stepTo(page, 1)).digest;
    await told.waitFor({ state: "hidden" });
    await button(page, "Reset").click();
    await until(page, (data) => data.step === "0");
    await told.waitFor();
    assert.notEqual(await pixels(page, "latent"), seven);
    assert.equal((await stepTo(page, 1)).digest, digest);
  });
});

test("without its ready-made generator a page works as ever", async () => {
  await visit({ loud: true, hash: "#seed=1" }, async ({ page }) => {
    await page.route("**/ready/*", (route) => route.fulfill({ status: 404 }));
    await page.reload();
    await ready(page);
    await stepTo(page, 1);
    assert.equal(await page.locator("#lent", { hasText: "cargo ganvas train" }).count(), 0);
  });
});

test("CycleGAN shows pairs, there and back, in place of sliders", async () => {
  await visit({ hash: "#recipe=cyclegan&domains=invert&seed=1" }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 2);
    assert.equal(await page.getByRole("slider", { name: "Latent 1", exact: true }).count(), 0);
    for (const name of ["A", "A → B", "A → B → A", "truth in B", "B", "B → A", "B → A → B", "truth in A"])
      assert.ok(await page.getByRole("img", { name, exact: true }).isVisible(), name);
    const lost = page.locator("li", { hasText: "There and back" }).locator("output");
    assert.ok(Number(await lost.textContent()) > 0);
    const [digit, truth] = [await pixels(page, "pair-a"), await pixels(page, "pair-b-true")];
    assert.notEqual(digit, truth);
    await page.getByRole("slider", { name: "Pair", exact: true }).fill("3");
    await repainted(page, "pair-a", digit);
  });
});

test("a GAN that is told no class has no keys for it", async () => {
  await visit({}, async ({ page }) => {
    await ready(page);
    assert.equal(await page.getByRole("group", { name: "Digit to make" }).count(), 0);
    assert.ok(await page.locator('output[data-loss="held"]').isHidden(), "nothing is held down here");
  });
});

test("Randomise and Zero change the digit", async () => {
  await visit({}, async ({ page }) => {
    await ready(page);
    await stepTo(page, 2);
    for (const name of ["Randomise", "Zero"]) {
      const before = await pixels(page, "latent");
      await button(page, name).click();
      await repainted(page, "latent", before);
    }
    assert.equal(await page.getByRole("slider", { name: "Latent 1", exact: true }).inputValue(), "0");
  });
});

test("every canvas has 28 pixels a digit", async () => {
  await visit({}, async ({ page }) => {
    await ready(page);
    for (const view of ["samples", "real", "latent"]) {
      const size = await page.locator(`canvas[data-view="${view}"]`).evaluate((element) => {
        const { width, height, dataset } = /** @type {HTMLCanvasElement} */ (element);
        return [width / Number(dataset.columns), height / Number(dataset.rows)];
      });
      assert.deepEqual(size, [28, 28], view);
    }
  });
});
