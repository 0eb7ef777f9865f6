// The loss curves as numbers: however long a run, they stay of bounded length. Pure.

/** @typedef {import("./types.js").Curves} Curves */

/** Points kept of each curve, about the pixels of a wide chart; beyond it neighbours are averaged. */
export const MOST_POINTS = 1000;

/** Numbers of a point as they come: step, real, fake, g, held, dNorm, gNorm. */
export const WIDTH = 7;

/** Sums under way of no points: their count, steps, times, and what the others are. @type {number[]} */
const NOTHING = Array(WIDTH + 2).fill(0);

/** @returns {Curves} */
export const noCurves = () => ({
  steps: [],
  times: [],
  real: [],
  fake: [],
  g: [],
  held: [],
  dNorm: [],
  gNorm: [],
  every: 1,
  rest: NOTHING,
});

/**
 * Adds flat points of seven numbers, whose steps took from `since` to `now` of the time spent training, each as long as the others.
 * @param {Curves} curves @param {ArrayLike<number>} points @param {number} [since] milliseconds @param {number} [now] milliseconds @returns {Curves}
 */
export function extend(curves, points, since = 0, now = since) {
  const { steps, times, real, fake, g, held, dNorm, gNorm } = curves;
  const columns = [steps, times, real, fake, g, held, dNorm, gNorm].map((column) => column.slice());
  let { every } = curves;
  let rest = curves.rest.slice();
  for (let i = 0; i + WIDTH <= points.length; i += WIDTH) {
    rest[0] += 1;
    rest[1] += points[i];
    rest[2] += since + ((now - since) * (i + WIDTH)) / points.length;
    for (let c = 1; c < WIDTH; c += 1) rest[c + 2] += points[i + c];
    if (rest[0] < every) continue;
    columns.forEach((column, c) => column.push(rest[c + 1] / rest[0]));
    rest = NOTHING.slice();
    if (columns[0].length < MOST_POINTS) continue;
    columns.forEach((column) => halve(column));
    every *= 2;
  }
  return {
    steps: columns[0],
    times: columns[1],
    real: columns[2],
    fake: columns[3],
    g: columns[4],
    held: columns[5],
    dNorm: columns[6],
    gNorm: columns[7],
    every,
    rest,
  };
}

/** The curves up to a step, to go on from there. @param {Curves} curves @param {number} step @returns {Curves} */
export function upTo(curves, step) {
  const end = curves.steps.filter((other) => other <= step).length;
  const cut = Object.entries(curves).map(([key, column]) => [
    key,
    Array.isArray(column) && key !== "rest" ? column.slice(0, end) : column,
  ]);
  return { ...Object.fromEntries(cut), rest: NOTHING };
}

/** The place of the point nearest to `x`; -1 beyond the last one. @param {number[]} xs ascending @param {number} x */
export function nearest(xs, x) {
  let [low, high] = [0, xs.length - 1];
  if (high < 0 || x > xs[high]) return -1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (xs[middle] < x) low = middle + 1;
    else high = middle;
  }
  return low > 0 && x - xs[low - 1] <= xs[low] - x ? low - 1 : low;
}

/**
 * A curve of at most so many points, each the mean of its neighbours: calm enough to see two on one another.
 * @param {number[]} xs @param {number[]} ys @param {number} most @returns {[xs: number[], ys: number[]]}
 */
export function calm(xs, ys, most) {
  const every = Math.ceil(xs.length / most) || 1;
  const mean = (/** @type {number[]} */ column, /** @type {number} */ from) => {
    const part = column.slice(from, from + every);
    return part.reduce((sum, value) => sum + value, 0) / part.length;
  };
  const starts = Array.from({ length: Math.ceil(xs.length / every) }, (_, i) => i * every);
  return [starts.map((start) => mean(xs, start)), starts.map((start) => mean(ys, start))];
}

/** Replaces pairs by their means, in place. @param {number[]} column */
function halve(column) {
  const half = column.length >> 1;
  for (let i = 0; i < half; i += 1) column[i] = (column[2 * i] + column[2 * i + 1]) / 2;
  column.length = half;
}
