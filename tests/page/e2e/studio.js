// What tests of the studio share: bringing it on the screen, and waiting for what it says of itself.
import { ready, until } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** Waits for what the studio says of itself. @param {Page} page @param {(data: Record<string, string | undefined>) => unknown} holds */
export const studio = (page, holds) => until(page, holds, "morphing");

/** @param {Page} page @param {string | RegExp} name */
export const slider = (page, name) => page.getByRole("slider", { name, exact: true });

/** The pad. @param {Page} page */
export const pad = (page) => page.getByRole("application", { name: /^Plane/ });

/** Brings the studio on the screen: off it, it neither paints nor asks. @param {Page} page */
export const look = (page) => page.locator("#morphing").evaluate((element) => element.scrollIntoView());

/** Brings it on the screen and waits until it has directions and a plane. @param {Page} page */
export async function open(page) {
  await ready(page);
  await look(page);
  return studio(page, (data) => Number(data.directions) > 1 && data.plane === "drawn");
}
