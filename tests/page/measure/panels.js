// What the panels cost: the training rate with every panel open, over that with every panel closed, turn by turn in one run, in a window so tall
// that all of them are on the screen; and the tasks of the page's thread over 50 ms, those of opening apart.
//
//     node tests/page/measure/panels.js [rounds=6] [seconds=8] [height=7000]     (after `cargo ganvas build`, with CHROMIUM and GANVAS_SITE_DRAWN as for the tests)
import { button, quit, ready, root, until, visit } from "../e2e/site.js";

const [rounds, seconds] = [Number(process.argv[2] ?? 6), Number(process.argv[3] ?? 8)];
const viewport = { width: 1280, height: Number(process.argv[4] ?? 7000) };
/** What opening takes to settle. */
const SETTLE_MS = 1500;

const rest = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/** Opens or closes everything that folds. @param {import("playwright-core").Page} page @param {boolean} open */
const turn = (page, open) =>
  page.evaluate((open) => {
    const seen = /** @type {any} */ (window);
    seen.opening.push(performance.now());
    for (const details of document.querySelectorAll("details"))
      /** @type {HTMLDetailsElement} */ (details).open = open;
  }, open);

/** Steps a second over a while. @param {import("playwright-core").Page} page */
async function rate(page) {
  const [from, start] = [Number((await root(page)).step), performance.now()];
  await rest(seconds * 1000);
  return ((Number((await root(page)).step) - from) / (performance.now() - start)) * 1000;
}

await visit({ hash: "#seed=7", context: { viewport } }, async ({ page }) => {
  await ready(page);
  await page.evaluate(() => {
    const seen = /** @type {any} */ (window);
    [seen.opening, seen.tasks] = [[], []];
    new PerformanceObserver((list) => {
      for (const { startTime, duration } of list.getEntries()) seen.tasks.push([startTime, duration]);
    }).observe({ entryTypes: ["longtask"] });
  });
  await button(page, "Train").click();
  await until(page, (data) => Number(data.step) > 300);
  const ratios = [];
  for (let round = 0; round < rounds; round += 1) {
    const rates = [];
    // In turns of both orders, so that a machine that slows down favours neither.
    for (const open of round % 2 ? [true, false] : [false, true]) {
      await turn(page, open);
      await rest(SETTLE_MS);
      rates[open ? 1 : 0] = await rate(page);
    }
    ratios.push(rates[1] / rates[0]);
    console.log(
      `closed ${rates[0].toFixed(1)}, open ${rates[1].toFixed(1)} steps/s, ratio ${ratios.at(-1)?.toFixed(3)}`,
    );
  }
  ratios.sort((a, b) => a - b);
  console.log(`median ratio ${ratios[rounds >> 1].toFixed(3)}`);
  const { opening, tasks } = await page.evaluate(() => {
    const { opening, tasks } = /** @type {any} */ (window);
    return /** @type {{ opening: number[], tasks: [number, number][] }} */ ({ opening, tasks });
  });
  const near = (/** @type {number} */ time) => opening.some((at) => time > at - 100 && time < at + SETTLE_MS);
  const say = (/** @type {[number, number][]} */ list) =>
    list.length ? `${list.length}, ${Math.max(...list.map(([, ms]) => ms)).toFixed(0)} ms at most` : "none";
  console.log(`tasks over 50 ms while panels open or close: ${say(tasks.filter(([time]) => near(time)))}`);
  console.log(`tasks over 50 ms otherwise: ${say(tasks.filter(([time]) => !near(time)))}`);
});
await quit();
