// What the panels cost: the training rate with every panel open, over that with every panel closed, turn by turn in one run.
//
//     node tests/page/measure/panels.js [rounds=6] [seconds=8]     (after `cargo ganvas build`, with CHROMIUM and GANVAS_SITE_DRAWN as for the tests)
import { button, ready, root, until, visit } from "../e2e/site.js";

const [rounds, seconds] = [Number(process.argv[2] ?? 6), Number(process.argv[3] ?? 8)];

/** @param {import("playwright-core").Page} page @param {boolean} open */
async function turn(page, open) {
  await page.evaluate((open) => {
    for (const details of document.querySelectorAll("#below details, .board details"))
      /** @type {HTMLDetailsElement} */ (details).open = open;
    document.getElementById(open ? "quality" : "digits")?.scrollIntoView();
  }, open);
}

/** Steps a second over a while. @param {import("playwright-core").Page} page */
async function rate(page) {
  const [from, start] = [Number((await root(page)).step), performance.now()];
  await new Promise((done) => setTimeout(done, seconds * 1000));
  return ((Number((await root(page)).step) - from) / (performance.now() - start)) * 1000;
}

await visit({ hash: "#seed=7" }, async ({ page }) => {
  await ready(page);
  await page.evaluate(() => {
    const seen = /** @type {any} */ (window);
    seen.longest = 0;
    new PerformanceObserver((list) => {
      for (const { duration } of list.getEntries()) seen.longest = Math.max(seen.longest, duration);
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
      rates[open ? 1 : 0] = await rate(page);
    }
    ratios.push(rates[1] / rates[0]);
    console.log(
      `closed ${rates[0].toFixed(1)}, open ${rates[1].toFixed(1)} steps/s, ratio ${ratios.at(-1)?.toFixed(3)}`,
    );
  }
  ratios.sort((a, b) => a - b);
  console.log(`median ratio ${ratios[rounds >> 1].toFixed(3)}`);
  const longest = await page.evaluate(() => /** @type {any} */ (window).longest);
  console.log(`longest task of the page's thread ${longest.toFixed(0)} ms (0: none over 50)`);
});
