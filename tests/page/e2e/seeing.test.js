// Seeing the game: what D says, which digits appear, quality, and single digits looked at, by pointer and by keyboard.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { button, eventually, ready, root, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** A panel's facts. @param {Page} page @param {string} id @returns {Promise<Record<string, string | undefined>>} */
const facts = (page, id) =>
  page.locator(`#${id}`).evaluate((panel) => ({ .../** @type {HTMLElement} */ (panel).dataset }));

/** Trains up to a step or further and pauses; where it stands. @param {Page} page @param {number} steps */
async function trainTo(page, steps) {
  await button(page, "Train").click();
  await until(page, (data) => Number(data.step) >= steps);
  await button(page, "Pause").click();
  return Number((await until(page, (data) => data.phase === "paused" && data.digest)).step);
}

/** Waits until a panel's facts fulfil a condition, and returns them. @param {Page} page @param {string} id @param {(data: Record<string, string | undefined>) => unknown} holds */
async function seen(page, id, holds) {
  let data = await facts(page, id);
  await eventually(
    async () => holds((data = await facts(page, id))),
    async () => `${holds} of ${id}, which says ${JSON.stringify(data)}`,
  );
  return data;
}

test("what D says and which digits appear is measured and true to itself", async () => {
  await visit({ hash: "#seed=3" }, async ({ page }) => {
    await ready(page);
    await page.getByText("D has judged no digit yet.").waitFor();
    const step = await trainTo(page, 200);
    const said = await seen(page, "scores", (data) => Number(data.step) === step);
    assert.equal(said.scale, "probability");
    assert.deepEqual(said.counts, "1024,1024");
    const [right, value, jsd] = [said.right, said.value, said.jsd].map(Number);
    assert.ok(right > 0.3 && right <= 1, `right on ${right}`);
    assert.ok(value < 0 && Math.abs(jsd - (value + Math.log(4)) / 2) < 1e-9, `V ${value}, JSD ${jsd}`);
    const gauge = page.getByRole("meter", { name: "Estimated Jensen-Shannon divergence" });
    assert.equal(await gauge.getAttribute("aria-valuetext"), await page.locator("#jsd").textContent());
    assert.match(await page.locator("#scores-says").innerText(), /^D is right on \d+ % of them/);
    const histogram = page.getByRole("img", { name: /^Histogram of D's scores/ });
    const painted = await histogram.evaluate((canvas) => {
      const { width, height } = /** @type {HTMLCanvasElement} */ (canvas);
      const context = /** @type {HTMLCanvasElement} */ (canvas).getContext("2d");
      const ink = (/** @type {number} */ from, /** @type {number} */ rows) =>
        context?.getImageData(0, from, width, rows).data.filter((byte, i) => i % 4 === 3 && byte > 0)
          .length ?? 0;
      return [ink(0, Math.floor(height / 2) - 2), ink(Math.ceil(height / 2) + 2, Math.floor(height / 2) - 2)];
    });
    assert.ok(
      painted.every((count) => count > 50),
      `bars up and down: ${painted}`,
    );

    const found = await seen(page, "coverage", (data) => Number(data.step) === step);
    const shares = (found.shares ?? "").split(",").map(Number);
    assert.equal(shares.length, 10);
    assert.ok(Math.abs(shares.reduce((sum, share) => sum + share, 0) - 1) < 1e-9, found.shares);
    const divergence = shares.reduce((sum, p) => sum + (p > 0 ? p * Math.log(10 * p) : 0), 0);
    assert.ok(Math.abs(Number(found.divergence) - divergence) < 1e-6, found.divergence);
    assert.ok(Number(found.confidence) > 0.1 && Number(found.confidence) <= 1);
    const bars = page.getByRole("img", { name: /^Digits that appear/ });
    assert.match((await bars.getAttribute("aria-label")) ?? "", /(?:\d: [\d.]+ %(?:, )?){10}\.$/);

    await button(page, "Reset").click();
    await until(page, (data) => data.step === "0");
    await seen(page, "scores", (data) => data.right === undefined && data.value === undefined);
    await seen(page, "coverage", (data) => data.shares === undefined);
  });
});

test("what D says is at most four seconds old while its panel is in view", async () => {
  await visit({ hash: "#recipe=gan&seed=3&batch=16&data=drawn" }, async ({ page }) => {
    await ready(page);
    await page.locator("#scores").scrollIntoViewIfNeeded();
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) > 0);
    /** The step of the run and that of V, again and again. */
    const samples = await page.evaluate(async () => {
      const scores = /** @type {HTMLElement} */ (document.getElementById("scores"));
      /** @type {{ at: number, step: number, shown: number | null }[]} */
      const samples = [];
      const end = performance.now() + 15_000;
      while (performance.now() < end) {
        const { value, step } = scores.dataset;
        const shown = value === undefined ? null : Number(step);
        samples.push({ at: performance.now(), step: Number(document.documentElement.dataset.step), shown });
        await new Promise((done) => setTimeout(done, 50));
      }
      return samples;
    });
    // The first value takes 256 scores of each kind: 16 steps of 16.
    const enough = samples.find(({ step }) => step >= 16)?.at ?? Infinity;
    for (const { at, shown } of samples) {
      const before = samples.filter((other) => other.at <= at - 4000 && other.at >= enough).at(-1);
      if (before)
        assert.ok((shown ?? 0) >= before.step, `V of step ${shown} four seconds after ${before.step}`);
    }
    const values = new Set(samples.map(({ shown }) => shown));
    assert.ok(values.size > 4, `${values.size} values in 15 seconds`);
  });
});

test("a pointer over a digit and the arrow keys bring D's score of it", async () => {
  await visit({ hash: "#seed=3" }, async ({ page }) => {
    await ready(page);
    await trainTo(page, 30);
    const readout = page.locator("#inspect");
    assert.ok(await readout.isHidden());
    const grid = page.locator('[data-grid="samples"]');
    await grid.hover({ position: { x: 60, y: 40 } });
    await readout.waitFor({ state: "visible" });
    const first = await seen(page, "inspect", (data) => data.score !== undefined);
    assert.ok(Number(first.score) >= 0 && Number(first.score) <= 1);
    assert.equal(first.grid, "samples");
    assert.match(await page.locator("#inspect-says").innerText(), /^D: [\d.]+ % real\./);
    await page.mouse.move(5, 5);
    await readout.waitFor({ state: "hidden" });

    const real = page.getByRole("application", { name: /^Real digits/ });
    await real.focus();
    await seen(page, "inspect", (data) => data.grid === "real" && data.index === "0" && data.score);
    for (const key of ["ArrowDown", "ArrowRight", "ArrowRight"]) await page.keyboard.press(key);
    await seen(page, "inspect", (data) => data.index === "10" && data.score !== undefined);
    assert.match(await page.locator("#inspect").innerText(), /Real, row 2, column 3/);
    await eventually(
      async () =>
        /^Real, row 2, column 3: D: /.test((await page.locator("#inspect-said").textContent()) ?? ""),
      async () => `what is read aloud: ${await page.locator("#inspect-said").textContent()}`,
    );
    assert.equal((await root(page)).phase, "paused", "arrows start nothing");
    await page.keyboard.press("Escape");
    await readout.waitFor({ state: "hidden" });
  });
});

test("a digit that is looked at is asked about again as D learns, one question at a time", async () => {
  await visit({ hash: "#seed=3" }, async ({ page }) => {
    await listen(page);
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) > 5);
    await page.locator('[data-grid="samples"]').focus();
    await eventually(
      async () => (await sent(page, "inspect")).length >= 4,
      async () => "questions about the same digit",
    );
    const times = (await sent(page, "inspect")).map(({ at }) => at);
    // Of all together, since a busy machine may delay any one of them.
    const mean = (times[times.length - 1] - times[0]) / (times.length - 1);
    assert.ok(mean >= 230, `asked again every ${Math.round(mean)} ms`);
  });
});

test("a tap brings the readout on a phone, and nothing scrolls sideways", async () => {
  const context = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };
  await visit({ context }, async ({ page }) => {
    await ready(page);
    await page.locator('[data-grid="real"]').tap({ position: { x: 20, y: 20 } });
    await seen(page, "inspect", (data) => data.grid === "real" && data.score !== undefined);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.equal(wide, 320);
    await page.locator("h1").tap();
    await page.locator("#inspect").waitFor({ state: "hidden" });
  });
});

test("a WGAN's scores are critic values on their own scale, without V", async () => {
  await visit({ hash: "#recipe=wgan&seed=3" }, async ({ page }) => {
    await ready(page);
    const step = await trainTo(page, 20);
    const said = await seen(page, "scores", (data) => data.right !== undefined);
    assert.equal(said.scale, "critic");
    await seen(page, "coverage", (data) => Number(data.step) === step);
    assert.equal((await facts(page, "scores")).value, undefined);
    const panel = page.getByRole("region", { name: "What D says" });
    assert.match(await panel.innerText(), /critic value/);
    const ends = await Promise.all(
      ["low", "high"].map((end) => page.locator(`#scores-${end}`).textContent()),
    );
    const [low, high] = ends.map((end) => Number((end ?? "").replace("−", "-")));
    assert.ok(low < high, `from ${ends[0]} to ${ends[1]}`);
    assert.ok(await page.getByRole("meter").isHidden());
    await page.locator('[data-grid="samples"]').focus();
    await seen(page, "inspect", (data) => data.score !== undefined);
    assert.match(await page.locator("#inspect-says").innerText(), /^Critic value/);
  });
});

/** Notes every command that the page gives from now on. @param {Page} page */
async function listen(page) {
  await page.addInitScript(() => {
    const post = Worker.prototype.postMessage;
    const all = /** @type {any} */ (window);
    all.sent = [];
    Worker.prototype.postMessage = function (/** @type {any} */ message, /** @type {any} */ transfer) {
      const { type, scores, quality, grid, index } = message;
      all.sent.push({ type, scores, quality, grid, index, at: performance.now() });
      return post.call(this, message, transfer);
    };
  });
  await page.reload();
  await ready(page);
}

/** The commands of a type so far. @param {Page} page @param {string} type @returns {Promise<any[]>} */
const sent = (page, type) =>
  page.evaluate(
    (type) => /** @type {any} */ (window).sent.filter((/** @type {any} */ one) => one.type === type),
    type,
  );

test("only what is on the screen is measured: folded quality costs nothing, open it comes by itself", async () => {
  await visit({ hash: "#seed=3" }, async ({ page }) => {
    await listen(page);
    const last = async () => (await sent(page, "watch")).at(-1) ?? {};
    const told = (/** @type {boolean} */ scores, /** @type {boolean} */ quality) =>
      eventually(
        async () => (await last()).scores === scores && (await last()).quality === quality,
        async () => `scores ${scores}, quality ${quality}: ${JSON.stringify(await sent(page, "watch"))}`,
      );
    await told(true, false);
    await trainTo(page, 60);
    assert.ok((await sent(page, "watch")).every(({ quality }) => quality === false));

    const quality = page.locator("#quality");
    await quality.locator("summary").click();
    await quality.evaluate((panel) => panel.scrollIntoView({ behavior: "instant", block: "start" }));
    await told(
      await page.locator("#scores").evaluate((panel) => panel.getBoundingClientRect().bottom > 0),
      true,
    );
    const before = Number((await facts(page, "quality")).surveys);
    // Not by the mouse, which would scroll the panel away.
    const press = () =>
      page.locator("#train").evaluate((element) => /** @type {HTMLElement} */ (element).click());
    await press();
    const found = await seen(page, "quality", (data) => Number(data.surveys) > before);
    assert.ok(Number(found.cost) > 0);
    await press();
    await until(page, (data) => data.phase === "paused" && data.digest);
    await eventually(
      async () => /^Looking takes [\d.]+ % of the time/.test(await page.locator("#quality-cost").innerText()),
      async () => `the cost: ${await page.locator("#quality-cost").innerText()}`,
    );
    assert.ok(Number(await page.locator("#norms-0").textContent()) > 0, "G's gradient norm");
    await quality.locator("summary").click();
    await eventually(
      async () => (await last()).quality === false,
      async () => "the folded panel to ask for nothing",
    );
  });
});

test("axe finds nothing with every panel open and a digit looked at", async () => {
  await visit({ context: { bypassCSP: true, reducedMotion: "reduce" } }, async ({ page }) => {
    await ready(page);
    await trainTo(page, 60);
    await page.evaluate(() => document.querySelectorAll("details").forEach((one) => (one.open = true)));
    await page.locator('[data-grid="samples"]').focus();
    await seen(page, "inspect", (data) => data.score !== undefined);
    await page.addScriptTag({ content: axe });
    for (const width of [1280, 390]) {
      await page.setViewportSize({ width, height: 800 });
      for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
        await page.emulateMedia({ colorScheme });
        const found = await page.evaluate(async () => {
          const within = { include: [".board", "#quality"] };
          const { violations } = await /** @type {any} */ (window).axe.run(within);
          return violations.map(
            (/** @type {any} */ one) =>
              `${one.id}: ${one.nodes.map((/** @type {any} */ node) => node.target)}`,
          );
        });
        assert.deepEqual(found, [], `${width}, ${colorScheme}`);
      }
    }
  });
});

test("the school test of a GAN with classes begins, says how far it is, and can be stopped; others have none", async () => {
  await visit({ hash: "#recipe=cgan&seed=3" }, async ({ page }) => {
    await ready(page);
    await page.locator("#quality summary").click();
    const measure = button(page, "Measure");
    assert.equal(await measure.isDisabled(), true, "before the first step there is no generator to test");
    await trainTo(page, 20);
    await measure.scrollIntoViewIfNeeded();
    await measure.click();
    await page.getByText(/^\d+ % done, with the digits of step \d+\.$/).waitFor();
    await button(page, "Stop").click();
    await page.getByText(/A minute or two; training goes on meanwhile/).waitFor();
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) >= 30);
  });
  await visit({ hash: "#seed=3" }, async ({ page }) => {
    await ready(page);
    await page.locator("#quality summary").click();
    await page.getByText("Digits without doubt").waitFor();
    assert.equal(await page.locator("#school").isVisible(), false);
  });
});
