// A visitor who does anything: random clicks, values, keys, reloads, tabs that die and networks that go, for an hour. Each error in the console, each
// red note, each control that does nothing to Train and each saved run that does not open is printed with what was done before it.
//
//     node tests/page/measure/wander.js [minutes=60] [seed=1]     (after `cargo ganvas build`, with CHROMIUM and GANVAS_SITE for the site with MNIST)
import { readFileSync } from "node:fs";
import { SITE, quit, root, visit } from "../e2e/site.js";

/** @typedef {import("playwright-core").Page} Page */

const [minutes, seed] = [Number(process.argv[2] ?? 60), Number(process.argv[3] ?? 1)];
const end = Date.now() + minutes * 60_000;
/** Actions of a visit, and between two looks at whether Train still trains. */
const [VISIT, LOOK] = [60, 12];
/** As long as anything pressed may take on a loaded machine. */
const GRACE_MS = 45_000;
/** What leads away from the page, or asks another origin. */
const AWAY = /jsDelivr|arxiv|Radford|Goodfellow et al|中文|English/i;
/** Red notes that a random value, or a network that is away, is a cause of. */
const CAUSED = /is no|between|must|whole number|network|offline|cannot be reached|not a number|needs/i;

let state = seed >>> 0;
/** Below `count`, evenly enough: xorshift. @param {number} count */
function below(count) {
  state = (state + 0x9e3779b9) >>> 0;
  let z = state;
  z = Math.imul(z ^ (z >>> 16), 0x21f0aaad);
  z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
  return ((z ^ (z >>> 15)) >>> 0) % count;
}
/** @template T @param {T[]} all */
const one = (all) => all[below(all.length)];
const rest = (/** @type {number} */ ms) => new Promise((done) => setTimeout(done, ms));

/** @type {string[]} */
let trail = [];
let faults = 0;
const counts = { actions: 0, visits: 0, reloads: 0, deaths: 0, networks: 0, files: 0, trained: 0 };
/** @param {string} what */
function fault(what) {
  faults += 1;
  console.log(`! ${what}\n    after ${trail.slice(-8).join(" > ")}`);
}

const SELECTOR = "button, summary, select, input:not([type=file]), [role=switch], canvas[tabindex]";

/** Does one thing to one control that a person could reach. @param {Page} page */
async function touch(page) {
  const dialog = page.locator("dialog[open]");
  const all = ((await dialog.count()) ? dialog.first() : page).locator(SELECTOR).filter({ visible: true });
  const count = await all.count();
  if (count === 0) return "nothing there";
  const control = all.nth(below(count));
  const about = await control.evaluate((element) => {
    const control = /** @type {HTMLInputElement} */ (element);
    const label = control.labels?.[0]?.textContent ?? control.getAttribute("aria-label");
    return {
      tag: control.tagName,
      type: control.type,
      name: (label || control.textContent || control.id).trim().replace(/\s+/g, " ").slice(0, 40),
      off: control.disabled || control.getAttribute("aria-disabled") === "true",
      options: element instanceof HTMLSelectElement ? element.options.length : 0,
    };
  });
  const name = `${about.tag.toLowerCase()} “${about.name}”`;
  trail.push(name);
  if (about.off || AWAY.test(about.name)) return `left ${name}`;
  const patience = { timeout: 5000 };
  if (about.options) await control.selectOption({ index: below(about.options) }, patience);
  else if (about.type === "range")
    for (let press = below(6) + 1; press > 0; press -= 1)
      await control.press(one(["ArrowRight", "ArrowLeft", "Home", "End", "PageUp"]), patience);
  else if (about.type === "text" || about.type === "number" || about.type === "search") {
    const value = one(["1", "0", "16", "0.001", "-3", "banana", "", "99999999999", "7e2", "100-100"]);
    await control.fill(value, patience).catch(() => {});
    await control.press("Enter", patience);
    return `${name} = ${value}`;
  } else await control.click(patience);
  return name;
}

/** @param {Page} page @param {(data: Record<string, string | undefined>) => unknown} holds */
async function within(page, holds) {
  for (const last = Date.now() + GRACE_MS; Date.now() < last; await rest(200)) {
    const data = await root(page);
    if (await holds(data)) return data;
  }
  return null;
}

/** Whether Train trains, however the page came to where it is: it says what went wrong, and what leads out of it. @param {Page} page */
async function alive(page) {
  await page.keyboard.press("Escape");
  const remedy = page.locator("#remedy");
  const start = page.locator("#choice-start");
  let before = "";
  const on = await within(page, async (data) => {
    if (data.whole !== "true" || data.phase === "loading") return false;
    if (await remedy.isVisible()) await remedy.click();
    else if (await start.isVisible()) await start.click();
    else if (data.phase !== "training") await page.locator("#train").click();
    const moved = before !== "" && data.phase === "training" && Number(data.step) > Number(before);
    before = data.step ?? "";
    return moved;
  });
  if (on) counts.trained += 1;
  else
    fault(
      `Train does not train: ${await page.locator("#status-text").textContent()} ${JSON.stringify(await root(page))}`,
    );
}

/** Saves the run and opens the file. @param {Page} page */
async function roundTrip(page) {
  await page.keyboard.press("Escape");
  if ((await root(page)).phase === "loading" || (await page.locator("#remedy").isVisible())) return;
  const fold = page.locator("#taking");
  if (!(await fold.evaluate((e) => /** @type {HTMLDetailsElement} */ (e).open)))
    await fold.locator("summary").click({ timeout: 5000 });
  const link = page.locator("[data-take=run]");
  if ((await link.getAttribute("aria-disabled")) === "true") return;
  const [file] = await Promise.all([page.waitForEvent("download", { timeout: GRACE_MS }), link.click()]);
  const path = await file.path();
  await page.locator("#files").setInputFiles({
    name: file.suggestedFilename(),
    mimeType: "",
    buffer: readFileSync(path),
  });
  counts.files += 1;
  await rest(1500);
}

/** What lay in a control's way. @param {Error} error */
const failed = ({ message }) =>
  `failed: ${/[^\n]*(?:intercepts|not stable|outside)[^\n]*/.exec(message)?.[0].trim() ?? message.split("\n")[0]}`;

/** @param {Page} page @returns {Promise<string>} */
async function act(page) {
  const roll = below(100);
  if (roll < 4) {
    counts.reloads += 1;
    await page.reload();
    return "reload";
  }
  if (roll < 6) {
    counts.networks += 1;
    await page.context().setOffline(true);
    if (below(2)) await page.reload().catch(() => {});
    await rest(2000);
    await page.context().setOffline(false);
    return "network away and back";
  }
  if (roll < 8) {
    counts.deaths += 1;
    await Promise.all(page.workers().map((worker) => worker.evaluate(() => self.close()).catch(() => {})));
    return "the worker dies";
  }
  if (roll < 12) {
    const key = one(["Space", "s", "r", "?", "Escape", "Tab", "Enter", "1", "0", "z", "l"]);
    await page.keyboard.press(key);
    return `key ${key}`;
  }
  if (roll < 14) {
    const size = one([
      [1280, 800],
      [390, 844],
      [820, 1180],
      [320, 640],
    ]);
    await page.setViewportSize({ width: size[0], height: size[1] });
    return `${size[0]} wide`;
  }
  if (roll < 17) {
    await roundTrip(page);
    return "the run saved and opened";
  }
  if (roll < 18) {
    await page.goBack().catch(() => {});
    await page.goForward().catch(() => {});
    return "back and forward";
  }
  return touch(page);
}

while (Date.now() < end) {
  counts.visits += 1;
  trail = [];
  await visit({ site: SITE, loud: true, context: { serviceWorkers: "allow" } }, async ({ page }) => {
    let quiet = false;
    page.on("pageerror", (error) => fault(`thrown: ${error.message}`));
    page.on("console", (message) => {
      if (
        message.type() === "error" &&
        !quiet &&
        !/ERR_INTERNET_DISCONNECTED|Failed to fetch/.test(message.text())
      )
        fault(`console: ${message.text()}`);
    });
    page.on("crash", () => fault("the page crashed"));
    page.on("dialog", (dialog) => dialog.accept().catch(() => {}));
    /** @type {Set<string>} */
    const seen = new Set();
    await within(page, (data) => data.whole === "true");
    for (let number = 1; number <= VISIT && Date.now() < end; number += 1) {
      counts.actions += 1;
      const did = await act(page).catch((error) => failed(error));
      if (trail.at(-1) !== did) trail.push(did);
      if (did.startsWith("failed")) console.log(`- ${trail.slice(-2).join(" > ")}`);
      await rest(below(4) ? below(400) : below(4000));
      for (const note of await page.locator("#notes .note.error").allTextContents()) {
        if (!seen.has(note))
          console.log(`${CAUSED.test(note) ? "note" : "note?"}: ${note}  [${trail.at(-1)}; ${trail.at(-2)}]`);
        seen.add(note);
      }
      if (number % LOOK === 0) await alive(page);
    }
    quiet = true;
  }).catch((error) => fault(`the visit ended: ${String(error.message).split("\n")[0]}`));
  console.log(`${JSON.stringify(counts)}, ${faults} faults`);
}
await quit();
process.exit(faults ? 1 : 0);
