// Slow motion: every phase in its order with its tensors and true numbers, each player alone, at a pace, and the same bits as ever.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { button, dataOf, eventually, pixels, ready, root, sideways, stepTo, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const DUEL = ["draw", "generate", "d-real", "d-fake", "d-update", "g-generate", "g-score", "g-update"];
const CYCLE = ["draw", "generate", "g-generate", "g-score", "g-update", "d-real", "d-fake", "d-update"];

/** What the panel says of itself. @param {Page} page */
const panel = (page) => dataOf(page, "slow");

/** @param {Page} page @param {(data: Record<string, string | undefined>) => unknown} holds */
const untilPanel = (page, holds) => until(page, holds, "slow");

/** @param {Page} page */
async function open(page) {
  await ready(page);
  await page.locator("#slow summary").click();
}

/** Plays one phase by hand and waits until it is on the screen. @param {Page} page @param {string} phase */
async function play(page, phase) {
  await button(page, "Next phase").click();
  await untilPanel(page, (data) => data.phase === phase);
}

/** @param {Page} page */
const digest = async (page) => (await until(page, (data) => /^[0-9a-f]{16}$/.test(data.digest ?? ""))).digest;

/** The formulas, a line each. @param {Page} page */
const formulas = (page) =>
  page.locator("#slow-formula p").evaluateAll((lines) => lines.map((line) => line.textContent ?? ""));

/** The last number of a line before its note. @param {string} line */
const valueOf = (line) => Number(line.match(/=\s*(−?[\d.]+)\s*of the/)?.[1]?.replace("−", "-"));

/** @param {Page} page @param {string} name */
const scores = (page, name) =>
  page
    .getByRole("list", { name, exact: true })
    .getByRole("listitem")
    .evaluateAll((items) => items.map((item) => Number(item.textContent?.replace("−", "-"))));

test("eight phases in order, each with its own pictures and true numbers, are one iteration", async () => {
  await visit({ hash: "#recipe=gan&seed=12345&batch=16" }, async ({ page }) => {
    await open(page);
    const seen = new Set();
    /** @type {Record<string, string[]>} */
    const lines = {};
    for (const [i, phase] of DUEL.entries()) {
      await play(page, phase);
      const current = page.locator("#slow-phases [aria-current=step]");
      assert.equal(await current.getAttribute("data-step"), phase);
      assert.equal(await current.count(), 1);
      const next = await page.locator("#slow-phases [data-next]").getAttribute("data-step");
      assert.equal(next, DUEL[(i + 1) % 8]);
      const says = (await page.locator("#slow-says").textContent()) ?? "";
      assert.ok(says.length > 20 && !seen.has(says), says);
      seen.add(says);
      lines[phase] = await formulas(page);
      assert.ok(lines[phase].length > 0, phase);
      const data = await until(page, (data) => data.phase !== "training");
      assert.equal(data.step, phase === "g-update" ? "1" : "0");
      if (phase !== "g-update")
        assert.match((await page.locator("#status").innerText()) ?? "", /Amid iteration 1/);
    }
    // All sixteen of the batch are shown: what the page sums up is what the worker minimised.
    const [real, fake] = [valueOf(lines["d-real"][1]), valueOf(lines["d-fake"][1])];
    const parts = lines["d-update"][0].match(/=\s*([\d.]+)\+([\d.]+)\s*=\s*([\d.]+)/);
    assert.ok(parts, lines["d-update"][0]);
    const [, onReal, onFake, both] = parts.map(Number);
    assert.ok(Math.abs(real - onReal) < 0.002 && Math.abs(fake - onFake) < 0.002, `${real} ${fake} ${parts}`);
    assert.ok(Math.abs(onReal + onFake - both) < 0.002);
    assert.ok(Math.abs(valueOf(lines["g-score"][1]) - valueOf(lines["g-update"][0])) < 0.002);
    assert.deepEqual((await root(page)).step, "1");
  });
});

test("pictures come with their phases, and scores stand as numbers where their digits do", async () => {
  await visit({ hash: "#recipe=gan&seed=3" }, async ({ page }) => {
    await open(page);
    const blank = await pixels(page, "slow-real");
    await play(page, "draw");
    const real = await pixels(page, "slow-real");
    assert.notEqual(real, blank);
    assert.equal(await pixels(page, "slow-fake"), blank);
    await play(page, "generate");
    const fake = await pixels(page, "slow-fake");
    assert.notEqual(fake, blank);
    await play(page, "d-real");
    const said = await scores(page, "D's scores of the real digits");
    assert.equal(said.length, 16);
    assert.ok(said.every((score) => score >= 0 && score <= 1));
    assert.equal((await scores(page, "D's scores of the generated digits")).length, 0);
    await play(page, "d-fake");
    assert.equal((await scores(page, "D's scores of the generated digits")).length, 16);
    await play(page, "d-update");
    const push = await pixels(page, "slow-push");
    await play(page, "g-generate");
    assert.notEqual(await pixels(page, "slow-fake"), fake);
    assert.equal(await pixels(page, "slow-real"), real);
    await play(page, "g-score");
    await play(page, "g-update");
    assert.notEqual(await pixels(page, "slow-push"), push);
  });
});

for (const recipe of ["gan", "wgan_gp", "cyclegan"]) {
  test(`slow motion changes nothing: ${recipe} comes to the same bits`, async () => {
    await visit({ hash: `#recipe=${recipe}&seed=12345&batch=16` }, async ({ page }) => {
      await open(page);
      const plain = (await stepTo(page, 2)).digest;
      await button(page, "Reset").click();
      await until(page, (data) => data.phase === "ready" && data.step === "0");
      const steps = recipe === "cyclegan" ? CYCLE : DUEL;
      // Two steps of D come before one of G's.
      const first = recipe === "wgan_gp" ? [...DUEL.slice(0, 5), ...DUEL] : steps;
      for (const phase of first) await play(page, phase);
      await until(page, (data) => data.step === "1" && data.digest);
      await button(page, "Step both").click();
      await until(page, (data) => data.step === "2");
      assert.equal(await digest(page), plain);
      assert.equal((await panel(page)).phase, steps[7]);
    });
  });
}

test("Step D leaves G's digits as they are and counts D's steps; Step G changes them", async () => {
  await visit({ hash: "#recipe=gan&seed=5&ema=0" }, async ({ page }) => {
    await open(page);
    const before = await pixels(page, "samples");
    for (const count of [1, 2, 3, 4, 5]) {
      await button(page, "Step D").click();
      await untilPanel(page, (data) => data.alone === `${count}`);
    }
    await page.getByText("D has taken 5 steps alone.").waitFor();
    assert.equal(await pixels(page, "samples"), before);
    assert.equal((await root(page)).step, "0");
    const [, first, last] = /loss: ([\d.]+) at the first, ([\d.]+) at/.exec(
      await page.locator("#slow-stage").innerText(),
    ) ?? ["", "", ""];
    assert.ok(Number(last) < Number(first), `D's loss went from ${first} to ${last}`);
    await button(page, "Step G").click();
    await until(page, (data) => data.step === "1" && data.digest);
    await eventually(
      async () => (await pixels(page, "samples")) !== before,
      async () => "G's digits to change",
    );
    assert.equal((await panel(page)).alone, "0");
  });
});

test("it plays at its pace until something else takes over, and finishes what it began", async () => {
  await visit({ hash: "#recipe=gan&seed=5&batch=16" }, async ({ page }) => {
    await open(page);
    const speed = page.getByRole("slider", { name: "Speed" });
    await speed.fill("4");
    assert.equal(await speed.getAttribute("aria-valuetext"), "16 phases a second");
    await button(page, "Play slowly").click();
    await until(page, (data) => Number(data.step) >= 1);
    assert.equal(await page.locator("#slow-said").getAttribute("aria-live"), "off");
    await button(page, "Stop").click();
    const rest = await panel(page);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 400)));
    const later = await panel(page);
    assert.ok([rest.phase, rest.next].includes(later.phase), `${rest.phase}, then ${later.phase}`);
    assert.equal(await page.locator("#slow-said").getAttribute("aria-live"), "polite");

    await button(page, "Play slowly").click();
    await button(page, "Train").click();
    await until(page, (data) => data.phase === "training" && Number(data.step) > 20);
    await page.getByText("Training runs at full speed").waitFor();
    await button(page, "Pause").click();
    await until(page, (data) => data.phase === "paused" && data.digest);

    await button(page, "Play slowly").click();
    await untilPanel(page, (data) => data.phase);
    await page.locator("#slow summary").click();
    await until(page, (data) => data.phase === "paused");
    const { step } = await root(page);
    await page.evaluate(() => new Promise((done) => setTimeout(done, 400)));
    assert.ok(Number((await root(page)).step) - Number(step) <= 1, "it plays behind a closed panel");

    // The last stop is to train.
    await page.locator("#slow summary").click();
    await speed.fill("5");
    await button(page, "Play slowly").click();
    await until(page, (data) => data.phase === "training");
    await speed.fill("2");
    await until(page, (data) => data.phase !== "training");
    await untilPanel(page, (data) => data.phase);
    await button(page, "Reset").click();
    await until(page, (data) => data.phase === "ready" && data.step === "0");
    await button(page, "Play slowly").waitFor();
  });
});

test("CycleGAN's phases come in its own order, without noise", async () => {
  await visit({ hash: "#recipe=cyclegan&seed=5" }, async ({ page }) => {
    await open(page);
    const order = await page
      .locator("#slow-phases li")
      .evaluateAll((items) => items.map((item) => item.getAttribute("data-step")));
    assert.deepEqual(order, CYCLE);
    for (const phase of CYCLE) await play(page, phase);
    await until(page, (data) => data.step === "1" && data.digest);
    assert.equal(await page.locator("#slow .heat").isVisible(), false);
  });
});

test("the keyboard alone plays it", async () => {
  await visit({ hash: "#recipe=gan&seed=5" }, async ({ page }) => {
    await ready(page);
    await page.locator("#slow summary").focus();
    await page.keyboard.press("Enter");
    for (const name of ["Next phase", "Step D", "Step G", "Step both", "Play slowly"]) {
      await page.keyboard.press("Tab");
      const focused = await page.evaluate(() => document.activeElement?.textContent?.trim());
      assert.equal(focused, name);
      if (name === "Next phase") await page.keyboard.press("Enter");
    }
    await untilPanel(page, (data) => data.phase === "draw");
    await page.keyboard.press("Tab");
    await page.keyboard.press("ArrowRight");
    assert.equal(await page.getByRole("slider", { name: "Speed" }).inputValue(), "1");
  });
});

for (const lang of ["en", "zh"]) {
  test(`unfolded, nothing scrolls sideways and axe finds nothing, ${lang}`, async () => {
    const context = { bypassCSP: true, reducedMotion: /** @type {const} */ ("reduce") };
    await visit({ query: `?lang=${lang}`, hash: "#recipe=wgan_gp&seed=5", context }, async ({ page }) => {
      await open(page);
      for (const count of [1, 2]) {
        await page.locator("#slow-d").click();
        await untilPanel(page, (data) => data.alone === `${count}`);
      }
      await page.addScriptTag({ content: axe });
      for (const phase of ["d-update", "g-update"]) {
        if (phase === "g-update") await page.locator("#slow-g").click();
        await untilPanel(page, (data) => data.phase === phase);
        for (const [width, height] of [
          [1280, 800],
          [390, 844],
          [320, 568],
        ]) {
          await page.setViewportSize({ width, height });
          assert.equal(await sideways(page), false, `${phase} at ${width}`);
          for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
            await page.emulateMedia({ colorScheme });
            const found = await page.evaluate(async () => {
              const { violations } = await /** @type {any} */ (window).axe.run("#slow");
              return violations.map(
                (/** @type {any} */ one) =>
                  `${one.id}: ${one.nodes.map((/** @type {any} */ node) => node.html)}`,
              );
            });
            assert.deepEqual(found, [], `${phase}, ${width} x ${height}, ${colorScheme}`);
          }
        }
      }
    });
  });
}
