// What tests of drawing share: a digit drawn on the pad, what the panel says of itself, and files dropped on the page.
import assert from "node:assert/strict";
import { dataOf, ready, until } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** A three, by places on the pad. */
export const THREE = [
  [0.3, 0.2],
  [0.45, 0.15],
  [0.62, 0.2],
  [0.6, 0.36],
  [0.46, 0.45],
  [0.62, 0.54],
  [0.65, 0.7],
  [0.52, 0.82],
  [0.32, 0.78],
];

/** What the panel says of itself. @param {Page} page */
export const panel = (page) => dataOf(page, "sketching");

/** @param {Page} page @param {(data: Record<string, string | undefined>) => unknown} holds */
export const untilPanel = (page, holds) => until(page, holds, "sketching");

/** Brings the panel where it is painted. @param {Page} page */
export async function open(page) {
  await ready(page);
  await page.locator("#pad").scrollIntoViewIfNeeded();
}

/** Draws a line on the pad by mouse. @param {Page} page @param {number[][]} places */
export async function draw(page, places) {
  await page.locator("#pad").scrollIntoViewIfNeeded();
  const box = await page.locator("#pad").boundingBox();
  assert.ok(box);
  const at = (/** @type {number[]} */ [x, y]) =>
    /** @type {[number, number]} */ ([box.x + x * box.width, box.y + y * box.height]);
  await page.mouse.move(...at(places[0]));
  await page.mouse.down();
  for (const place of places.slice(1)) await page.mouse.move(...at(place), { steps: 3 });
  await page.mouse.up();
}

/** Drops files on the page. @param {Page} page @param {{ name: string, type: string, text?: string, base64?: string, times?: number, megabytes?: number }} what */
export const drop = (page, what) =>
  page.evaluate(({ name, type, text = "", base64, times = 1, megabytes }) => {
    const transfer = new DataTransfer();
    const bytes = base64 ? Uint8Array.from(atob(base64), (letter) => letter.charCodeAt(0)) : text;
    const mega = new Blob([new Uint8Array(1 << 20)]);
    const parts = [bytes, ...Array.from({ length: megabytes ?? 0 }, () => mega)];
    for (let i = 0; i < times; i += 1)
      transfer.items.add(new File(parts, times > 1 ? `${i}${name}` : name, { type }));
    window.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, what);
