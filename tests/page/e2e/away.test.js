// Out of sight: training goes on in a hidden tab, its title says so, and the screen is kept awake only when asked.
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, eventually, ready, root, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** Lets the test hide the page as a browser does: no frames are painted meanwhile. @param {Page} page */
async function hideable(page) {
  await page.addInitScript(() => {
    let hidden = false;
    /** @type {FrameRequestCallback[]} */
    let waiting = [];
    const paint = requestAnimationFrame.bind(window);
    const test = /** @type {any} */ (window);
    test.frames = () => waiting.length;
    test.requestAnimationFrame = (/** @type {FrameRequestCallback} */ run) =>
      hidden ? waiting.push(run) : paint(run);
    Object.defineProperty(document, "hidden", { get: () => hidden });
    test.hide = (/** @type {boolean} */ now) => {
      hidden = now;
      const due = waiting;
      waiting = [];
      if (!now) due.forEach((run) => paint(run));
      document.dispatchEvent(new Event("visibilitychange"));
    };
  });
  await page.reload();
  await ready(page);
}

/** @param {Page} page @param {boolean} hidden */
const hide = (page, hidden) => page.evaluate((hidden) => /** @type {any} */ (window).hide(hidden), hidden);

/** The step that the title says. @param {Page} page */
const titled = async (page) => Number(/step ([\d,]+)/.exec(await page.title())?.[1].replace(/,/g, ""));

test("a hidden tab trains on, says so in its title, and is up to date on return", async () => {
  await visit({}, async ({ page }) => {
    await hideable(page);
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) > 0);
    await hide(page, true);
    assert.match(await page.title(), /^▶ step [\d,]+ · GANvas$/);
    const later = async () => {
      const before = await titled(page);
      await eventually(
        async () => (await titled(page)) > before,
        async () => `a later step than ${before} in “${await page.title()}”`,
      );
    };
    // By the first change the frame that was asked for before has been painted.
    await later();
    const shown = (await root(page)).step;
    await later();
    assert.equal((await root(page)).step, shown, "nothing is painted meanwhile");
    assert.ok((await page.evaluate(() => /** @type {any} */ (window).frames())) <= 5, "frames pile up");
    const last = await titled(page);
    await hide(page, false);
    await until(page, (data) => Number(data.step) >= last);
    assert.equal(await page.title(), "GANvas");
    await page.getByText(/While you were away, training went on by [\d,]+ steps, to step [\d,]+\./).waitFor();
  });
});

test("a tab that does not train keeps its title", async () => {
  await visit({}, async ({ page }) => {
    await hideable(page);
    await hide(page, true);
    assert.equal(await page.title(), "GANvas");
    await hide(page, false);
    assert.equal(await page.getByText(/While you were away/).count(), 0);
  });
});

test("the screen is kept awake on request, while it trains in view", async () => {
  await visit({}, async ({ page }) => {
    await page.addInitScript(() => {
      const locks = new Set();
      /** @type {any} */ (window).locks = locks;
      const request = async () => {
        const lock = Object.assign(new EventTarget(), {
          async release() {
            locks.delete(lock);
            lock.dispatchEvent(new Event("release"));
          },
        });
        locks.add(lock);
        return lock;
      };
      Object.defineProperty(navigator, "wakeLock", { value: { request } });
    });
    await hideable(page);
    const held = (/** @type {number} */ count) =>
      eventually(
        async () => (await page.evaluate(() => /** @type {any} */ (window).locks.size)) === count,
        async () => `${count} locks`,
      );
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) > 0);
    await held(0);
    const wish = page.getByRole("checkbox", { name: "Keep the screen awake" });
    assert.equal(await wish.isChecked(), false);
    await wish.check();
    await held(1);
    await hide(page, true);
    await held(0);
    await hide(page, false);
    await held(1);
    await button(page, "Pause").click();
    await held(0);
  });
});
