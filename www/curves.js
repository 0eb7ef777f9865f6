// The loss curves as numbers: however long a run, they stay of bounded length. Pure.

/** @typedef {import("./types.js").Curves} Curves */

/** Points kept of each curve, about the pixels of a wide chart; beyond it neighbours are averaged. */
export const MOST_POINTS = 1000;

/** @returns {Curves} */
export const noCurves = () => ({
  steps: [],
  real: [],
  fake: [],
  g: [],
  held: [],
  every: 1,
  rest: [0, 0, 0, 0, 0, 0],
});

/** Adds flat quintuples (step, real, fake, g, held). @param {Curves} curves @param {ArrayLike<number>} points @returns {Curves} */
export function extend(curves, points) {
  const columns = [curves.steps, curves.real, curves.fake, curves.g, curves.held].map((column) =>
    column.slice(),
  );
  let { every } = curves;
  let rest = curves.rest.slice();
  for (let i = 0; i + 4 < points.length; i += 5) {
    rest[0] += 1;
    for (let c = 0; c < 5; c += 1) rest[c + 1] += points[i + c];
    if (rest[0] < every) continue;
    columns.forEach((column, c) => column.push(rest[c + 1] / rest[0]));
    rest = [0, 0, 0, 0, 0, 0];
    if (columns[0].length < MOST_POINTS) continue;
    columns.forEach((column) => halve(column));
    every *= 2;
  }
  const [steps, real, fake, g, held] = columns;
  return { steps, real, fake, g, held, every, rest: /** @type {Curves["rest"]} */ (rest) };
}

/** Replaces pairs by their means, in place. @param {number[]} column */
function halve(column) {
  const half = column.length >> 1;
  for (let i = 0; i < half; i += 1) column[i] = (column[2 * i] + column[2 * i + 1]) / 2;
  column.length = half;
}
