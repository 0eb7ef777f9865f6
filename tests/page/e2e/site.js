// What every page test uses: a browser, a site under a sub-path, and waiting on the root element's data.
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { after } from "node:test";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { serve } from "./serving.js";

const target = fileURLToPath(new URL("../../../target/", import.meta.url));
/** The site with MNIST, where it could be had, and the one without. */
export const SITE = process.env.GANVAS_SITE ?? join(target, "site");
export const DRAWN = process.env.GANVAS_SITE_DRAWN ?? join(target, "site-drawn");

const sources = join(SITE, "data/sources.json");
const hasMnist = existsSync(sources) && JSON.parse(readFileSync(sources, "utf8")).mnist !== null;
/** For `test(name, { skip: noMnist }, ...)`. */
export const noMnist = hasMnist ? false : "the site has no MNIST: set MNIST_DIR";

/** As long as a loaded machine with two cores may take. */
export const PATIENCE = 60_000;

const FLAGS = [
  "--no-sandbox",
  "--disable-gpu",
  "--disable-quic",
  "--no-first-run",
  "--disable-background-networking",
  "--disable-component-update",
  "--disable-sync",
];

/** One browser a file of tests: each visit has a context, and so a storage and a cache, of its own. @type {Promise<import("playwright-core").Browser> | null} */
let started = null;
/** What measures outside the test runner ends with this. */
export const quit = async () => (await started)?.close();
after(quit);

/** The one browser of this file of tests. */
export async function browser() {
  if (started && !(await started).isConnected()) started = null;
  started ??= chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: FLAGS });
  return started;
}

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {{ page: Page, server: Awaited<ReturnType<typeof serve>>, url: string }} Visit */

/**
 * Visits the site as a person would, and sees to it that nothing was logged as an error and no other origin was asked.
 * Without an offline copy, unless the context allows it: what tests put in the network's way would not be met.
 * @param {{ site?: string, query?: string, hash?: string, cut?: { path: string, after: number }, slow?: number, host?: string, loud?: boolean, browser?: import("playwright-core").Browser, context?: import("playwright-core").BrowserContextOptions }} options
 *   `cut`, `slow` and `host` are the server's; `loud`: errors in the console belong to the test; `query` “none”: the test goes there itself;
 *   `browser`: one with flags of its own
 * @param {(visit: Visit) => Promise<void>} act
 */
export async function visit(
  { site = DRAWN, query = "?lang=en", hash = "", cut, slow, host, loud = false, browser: own, context = {} },
  act,
) {
  const server = await serve(site, { cut, slow, host });
  const visitor = await (own ?? (await browser())).newContext({
    viewport: { width: 1280, height: 800 },
    serviceWorkers: "block",
    ...context,
  });
  try {
    const page = await visitor.newPage();
    page.setDefaultTimeout(PATIENCE);
    /** @type {string[]} */
    const errors = [];
    /** @type {string[]} */
    const foreign = [];
    page.on("pageerror", (error) => errors.push(error.message));
    page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
    page.on("request", (request) => {
      const { origin, protocol } = new URL(request.url());
      if (origin !== new URL(server.url).origin && !["data:", "blob:", "file:"].includes(protocol))
        foreign.push(request.url());
    });
    const url = `${server.url}${query}${hash}`;
    if (query !== "none") await page.goto(url);
    await act({ page, server, url });
    if (!loud) assert.deepEqual(errors, [], "errors in the console");
    assert.deepEqual(foreign, [], "requests to another origin");
  } finally {
    await visitor.close();
    await server.close();
  }
}

/** The root element's data. @param {Page} page @returns {Promise<Record<string, string | undefined>>} */
export const root = (page) => page.evaluate(() => ({ ...document.documentElement.dataset }));

/** The data of the element called `id`. @param {Page} page @param {string} id @returns {Promise<Record<string, string | undefined>>} */
export const dataOf = (page, id) =>
  page.locator(`#${id}`).evaluate((element) => ({ .../** @type {HTMLElement} */ (element).dataset }));

/**
 * Looks again and again, from out here (the page's policy lets no text become code), until the answer is true.
 * @param {() => Promise<unknown>} look
 * @param {() => Promise<string>} told what to say where it never is
 */
export async function eventually(look, told) {
  const end = Date.now() + PATIENCE;
  while (!(await look())) {
    if (Date.now() > end) assert.fail(`waited in vain for ${await told()}`);
    // An answer that is at hand at once would leave the browser's messages unread.
    await new Promise((done) => setTimeout(done, 10));
  }
}

/**
 * Waits until the data of the root element, or of the one called `id`, fulfil a condition, and returns them.
 * @param {Page} page @param {(data: Record<string, string | undefined>) => unknown} holds @param {string} [id]
 */
export async function until(page, holds, id) {
  const look = () => (id ? dataOf(page, id) : root(page));
  let data = await look();
  await eventually(
    async () => holds((data = await look())),
    async () => `${holds}; ${id ?? "the root"} says ${JSON.stringify(data)}`,
  );
  return data;
}

/** @param {Page} page @param {string | RegExp} name */
export const button = (page, name) => page.getByRole("button", { name, exact: true });

/** Waits until the page can train. @param {Page} page */
export const ready = (page) =>
  until(page, (data) => data.whole === "true" && (data.phase === "ready" || data.phase === "paused"));

/** Makes single steps up to `count` and returns the root's data there. @param {Page} page @param {number} count */
export async function stepTo(page, count) {
  const from = Number((await root(page)).step ?? 0);
  for (let step = from + 1; step <= count; step += 1) {
    await button(page, "Step").click();
    await until(page, (data) => Number(data.step) === step && data.phase === "paused");
  }
  return until(page, (data) => /^[0-9a-f]{16}$/.test(data.digest ?? ""));
}

/** The pixels of a view's canvas, as text to compare. @param {Page} page @param {string} view */
export const pixels = (page, view) =>
  page
    .locator(`canvas[data-view="${view}"]`)
    .evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());

/** Waits until a view's canvas shows something else. @param {Page} page @param {string} view @param {string} before */
export const repainted = (page, view, before) =>
  eventually(
    async () => (await pixels(page, view)) !== before,
    async () => `the ${view} stay as they were`,
  );

/** Waits for the one error that matches, and puts it away: or the next to come is taken for it. @param {Page} page @param {RegExp} pattern */
export async function noted(page, pattern) {
  const note = page.locator("#notes .note", { hasText: pattern });
  await note.waitFor();
  assert.equal(await page.locator("#notes .note.error").count(), 1, "one sentence");
  await note.getByRole("button").click();
  await note.waitFor({ state: "detached" });
}

/** Whether the page scrolls sideways. @param {Page} page */
export const sideways = (page) =>
  page.evaluate(() => document.documentElement.scrollWidth > document.documentElement.clientWidth);
