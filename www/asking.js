// When to ask the worker about a digit: one question at a time, the newest digit first, again when the nets have moved. Pure.

/** @typedef {import("./types.js").Grid} Grid */
/** @typedef {{ grid: Grid, index: number }} Digit */
/** @typedef {{ digit: Digit, step: number, at: number, pending: boolean }} Asked the last question, when, and after which iteration */

/** Least time between questions while the pointer runs over the grid. */
const NEXT_MS = 60;
/** Least time between two questions about the same digit. */
const AGAIN_MS = 250;
/** An answer that takes longer will not come: the question was refused. */
const LOST_MS = 3000;

/** @param {Digit | null | undefined} a @param {Digit | null | undefined} b */
export const sameDigit = (a, b) => Boolean(a && b && a.grid === b.grid && a.index === b.index);

/**
 * In how many milliseconds to ask about `digit`; null: not before something changes.
 * @param {Digit | null} digit @param {number} step @param {Asked | null} asked @param {number} now
 */
export function dueIn(digit, step, asked, now) {
  if (!digit) return null;
  if (!asked) return 0;
  if (asked.pending) return now - asked.at < LOST_MS ? null : 0;
  if (!sameDigit(digit, asked.digit)) return Math.max(0, asked.at + NEXT_MS - now);
  return asked.step === step ? null : Math.max(0, asked.at + AGAIN_MS - now);
}

/**
 * The place that a key moves to in a grid; null where the key means nothing here.
 * @param {string} key @param {number} index @param {number} columns @param {number} count
 */
export function moved(key, index, columns, count) {
  const last = count - 1;
  const row = index - (index % columns);
  const ways = /** @type {Record<string, number>} */ ({
    ArrowLeft: Math.max(0, index - 1),
    ArrowRight: Math.min(last, index + 1),
    ArrowUp: index - columns >= 0 ? index - columns : index,
    ArrowDown: index + columns <= last ? index + columns : index,
    Home: row,
    End: Math.min(last, row + columns - 1),
  });
  return ways[key] ?? null;
}

/** The digit at a point of a grid, in parts of its width and height; beyond its edge the nearest. @param {number} x @param {number} y @param {number} columns @param {number} rows */
export function digitAt(x, y, columns, rows) {
  const place = (/** @type {number} */ part, /** @type {number} */ count) =>
    Math.min(count - 1, Math.max(0, Math.floor(part * count)));
  return place(y, rows) * columns + place(x, columns);
}
