// How soon the digit follows a slider, and the pad: from its event to the digit on the canvas, while it is dragged; and how many frames a second there are.
//
//     node tests/page/measure/sliders.js [hash="#seed=1"] [train]     (after `cargo ganvas build`, with CHROMIUM and GANVAS_SITE_DRAWN as for the tests)
import { button, quit, ready, root, until, visit } from "../e2e/site.js";

const [hash = "#seed=1", train] = process.argv.slice(2);
const MOVES = 400;

const rest = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/** Times events and digits within the page. @param {import("playwright-core").Page} page @param {string} view */
const watch = (page, view) =>
  page.evaluate((view) => {
    const seen = /** @type {any} */ (window);
    Object.assign(seen, { waits: [], answers: [], frames: [], view });
    if (seen.hooked) return;
    seen.hooked = true;
    /** Events that no digit was asked for yet, those whose digit is under way, and when it was asked for. @type {number[][]} */
    let [asked, under] = [[], []];
    let since = 0;
    addEventListener("input", () => asked.push(performance.now()), { capture: true });
    const pad = /** @type {HTMLElement} */ (document.querySelector(".morph-pad"));
    pad.addEventListener("pointermove", ({ buttons }) => buttons && asked.push(performance.now()), {
      capture: true,
    });
    const post = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (/** @type {any[]} */ ...args) {
      if (args[0].type === "decode") [under, asked, since] = [asked, [], performance.now()];
      return Reflect.apply(post, this, args);
    };
    const draw = CanvasRenderingContext2D.prototype.putImageData;
    CanvasRenderingContext2D.prototype.putImageData = function (/** @type {any[]} */ ...args) {
      Reflect.apply(draw, this, args);
      if (/** @type {HTMLCanvasElement} */ (this.canvas).dataset.view !== seen.view || !under.length) return;
      const now = performance.now();
      seen.waits.push(...under.map((at) => now - at));
      seen.answers.push(now - since);
      under = [];
    };
    const frame = () => (seen.frames.push(performance.now()), requestAnimationFrame(frame));
    requestAnimationFrame(frame);
  }, view);

/** @param {number[]} list @param {number} part */
const quantile = (list, part) => [...list].sort((a, b) => a - b)[Math.floor(part * (list.length - 1))];
const say = (/** @type {number[]} */ list) =>
  `median ${quantile(list, 0.5).toFixed(1)} ms, p95 ${quantile(list, 0.95).toFixed(1)} ms, at most ${Math.max(...list).toFixed(1)} ms (${list.length})`;

await visit({ hash }, async ({ page }) => {
  await ready(page);
  if (train) {
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) > 200);
  }
  for (const [what, view, selector] of [
    ["a latent", "latent", '#sliders input[type="range"]'],
    ["a direction", "morph", '.morph-directions input[type="range"]'],
    ["the pad", "morph", ".morph-pad"],
  ]) {
    const slider = page.locator(selector).first();
    await page.locator(view === "latent" ? "#sliders" : "#morphing").scrollIntoViewIfNeeded();
    await until(page, (data) => view === "latent" || Number(data.directions) > 0, "morphing");
    await slider.scrollIntoViewIfNeeded();
    await rest(1500);
    const box = await slider.boundingBox();
    if (!box) throw new Error(`no ${what}`);
    await watch(page, view);
    const y = box.y + box.height / 2;
    const step = Number((await root(page)).step);
    const start = performance.now();
    await page.mouse.move(box.x + box.width / 2, y);
    await page.mouse.down();
    for (let move = 0; move < MOVES; move += 1) {
      await page.mouse.move(box.x + box.width * (0.5 + 0.45 * Math.sin(move / 15)), y);
      await rest(8);
    }
    await page.mouse.up();
    const s = (performance.now() - start) / 1000;
    const { waits, answers, frames } = await page.evaluate(() => {
      const { waits, answers, frames } = /** @type {any} */ (window);
      return /** @type {Record<string, number[]>} */ ({ waits, answers, frames });
    });
    const gaps = frames.slice(1).map((at, i) => at - frames[i]);
    const steps = Number((await root(page)).step) - step;
    console.log(
      `${what}: ${say(waits)}; of that from when the worker was asked ${say(answers)}; frame to frame ${say(gaps)}; ${(steps / s).toFixed(1)} steps/s`,
    );
  }
});
await quit();
