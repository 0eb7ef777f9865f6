// A network that goes away at a random moment: whether the visit trains on and saves, and, where its offline copy was whole, whether the next visit
// goes on with the run without a network. A line each; nothing is judged but by who reads.
//
//     node tests/page/measure/unplugged.js [visits=10] [seed=1]     (after `cargo ganvas build`, with CHROMIUM and GANVAS_SITE for the site with MNIST)
import { drawLatent } from "../../../www/latent.js";
import { offer } from "../e2e/kept.js";
import { SITE, button, quit, root, visit } from "../e2e/site.js";

const [visits, seed] = [Number(process.argv[2] ?? 10), Number(process.argv[3] ?? 1)];
/** The network goes between these, and its users have this long afterwards. */
const [FIRST_MS, LAST_MS, GRACE_MS] = [300, 15_000, 20_000];

const rest = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/** What the root says once `holds` is true, or null after the grace. @param {import("playwright-core").Page} page @param {(data: Record<string, string | undefined>) => boolean} holds */
async function within(page, holds) {
  for (const end = Date.now() + GRACE_MS; Date.now() < end; await rest(50)) {
    const data = await root(page);
    if (holds(data)) return data;
  }
  return null;
}

/** The next visit, without a network. @param {import("playwright-core").Page} page @param {number} saved */
async function next(page, saved) {
  await (await page.context().newCDPSession(page)).send("Network.clearBrowserCache");
  await page.reload();
  if (!(await within(page, (data) => data.phase === "ready"))) return "the next one does not start";
  const shown = await offer(page)
    .waitFor({ timeout: GRACE_MS })
    .then(
      () => true,
      () => false,
    );
  if (!shown) return `the next one offers nothing of ${saved} steps`;
  await offer(page).click();
  const there = await within(page, (data) => Number(data.step) >= saved);
  if (!there) return `the next one does not come to ${saved}: ${JSON.stringify(await root(page))}`;
  await button(page, "Train").click();
  const on = await within(page, (data) => Number(data.step) > Number(there.step));
  return on ? `the next one goes on from ${there.step}` : `the next one stays at ${there.step}`;
}

for (let number = 0; number < visits; number += 1) {
  const [share] = drawLatent({ size: 1, noise: "uniform", modes: 0 }, seed + number).map(
    (value) => (value + 1.73) / 3.46,
  );
  const moment = FIRST_MS * (LAST_MS / FIRST_MS) ** share;
  await visit({ site: SITE, loud: true, context: { serviceWorkers: "allow" } }, async ({ page, server }) => {
    let gone = false;
    const going = rest(moment).then(() => ((gone = true), server.close()));
    const click = async () => {
      if (await within(page, (data) => data.phase === "ready")) await button(page, "Train").click();
    };
    await Promise.all([going, click().catch(() => {})]);
    const { step = "0", images, offline } = await root(page);
    const on = await within(page, (data) => Number(data.step) > Number(step));
    const saved = on && (await within(page, (data) => Number(data.saved) > Number(step)));
    const what = on ? (saved ? `saves, step ${saved.saved}` : "trains and saves nothing") : "does not train";
    const after = saved && (await within(page, (data) => data.offline === "ready"));
    const then = after ? await next(page, Number(after.saved)) : `no whole copy (${offline ?? "none"})`;
    console.log(
      `${(moment / 1000).toFixed(1)} s, ${images} digits in, step ${step}${gone ? "" : "?"}: ${what}; ${then}`,
    );
  });
}
await quit();
