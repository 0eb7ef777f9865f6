// What the tests of kept runs share: keeping one, loading the page anew, going on.
import { button, ready, stepTo, until } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

export const HASH = "#seed=7&batch=16&data=drawn";

/** @param {Page} page */
export const offer = (page) => button(page, "Continue");
/** @param {Page} page */
export const rows = (page) => page.locator("#keeping li");

/** @param {Page} page */
export async function openList(page) {
  if (!(await page.locator("#keeping details").evaluate((e) => /** @type {HTMLDetailsElement} */ (e).open)))
    await page.locator("#keeping summary").click();
}

/** Waits for a message and dismisses it. @param {Page} page @param {RegExp} pattern */
export async function told(page, pattern) {
  const note = page.locator("#notes .note", { hasText: pattern }).first();
  await note.waitFor();
  await note.getByRole("button").click();
}

/** Makes steps up to `count` and waits until the last of them is stored. @param {Page} page @param {number} count */
export async function keepAt(page, count) {
  const at = await stepTo(page, count);
  await until(page, (data) => Number(data.saved) === Number(data.step));
  return at;
}

/** Loads the page anew, until a run is offered. @param {Page} page */
export async function again(page) {
  await page.reload();
  await ready(page);
  await offer(page).waitFor();
}

/** Goes on with the run offered. @param {Page} page @param {string | undefined} step */
export async function goOn(page, step) {
  await offer(page).click();
  return until(page, (data) => data.step === step && data.digest);
}

/** Another page of the same browser. @param {Page} page @param {string} [hash] */
export async function anotherTab(page, hash = HASH) {
  const tab = await page.context().newPage();
  await tab.goto(page.url().replace(/#.*/, hash));
  await ready(tab);
  return tab;
}
