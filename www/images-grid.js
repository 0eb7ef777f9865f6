// A picture that is a grid of digits, as the page and `cargo ganvas sample` write them: recognised by its pixels, and cut. Pure.

const SIDE = 28;
/** A grey so far from the ground is ink. */
const INK = 64;
/** Most of the pixels along the seams that may be ink: digits keep to the middle of their cells, one large digit does not. */
const SEAM = 0.03;
/** Least share of cells with ink. */
const FILLED = 0.5;

/** @typedef {{ columns: number, rows: number, scale: number }} Cells `scale`: pixels along a side of one */

/** Whether a picture of this size can be a grid. @param {number} width @param {number} height */
export const mayBeGrid = (width, height) =>
  width % SIDE === 0 && height % SIDE === 0 && Math.max(width, height) > SIDE;

/** The cells of a grid; null where the picture is none. @param {ArrayLike<number>} greys @param {number} width @param {number} height @returns {Cells | null} */
export function cellsOf(greys, width, height) {
  if (!mayBeGrid(width, height)) return null;
  const scale = scaleOf(greys, width, height);
  const [columns, rows] = [width, height].map((size) => size / SIDE / scale);
  if (columns * rows < 2) return null;
  const cells = { columns, rows, scale };
  const ground = greys[0];
  const ink = (/** @type {number} */ grey) => Math.abs(grey - ground) > INK;
  let [seam, seams] = [0, 0];
  const filled = new Set();
  for (let y = 0; y < rows * SIDE; y += 1) {
    for (let x = 0; x < columns * SIDE; x += 1) {
      const dark = ink(greys[y * scale * width + x * scale]);
      const [u, v] = [x % SIDE, y % SIDE];
      const edge = u === 0 || u === SIDE - 1 || v === 0 || v === SIDE - 1;
      if (edge) seams += 1;
      if (edge && dark) seam += 1;
      if (dark) filled.add(Math.floor(y / SIDE) * columns + Math.floor(x / SIDE));
    }
  }
  return seam <= SEAM * seams && filled.size >= FILLED * columns * rows ? cells : null;
}

/** By how much every pixel was made larger, as far as whole cells remain. @param {ArrayLike<number>} greys @param {number} width @param {number} height */
function scaleOf(greys, width, height) {
  const most = Math.min(width, height) / SIDE;
  for (let scale = most; scale > 1; scale -= 1) {
    if ((width / SIDE) % scale || (height / SIDE) % scale) continue;
    let even = true;
    for (let y = 0; y < height && even; y += 1)
      for (let x = 0; x < width && even; x += 1)
        even = greys[y * width + x] === greys[(y - (y % scale)) * width + (x - (x % scale))];
    if (even) return scale;
  }
  return 1;
}

/** The digits of a grid, 784 bytes each, row after row; empty cells at the end are none. @param {ArrayLike<number>} greys @param {number} width @param {Cells} cells */
export function digitsOf(greys, width, { columns, rows, scale }) {
  const pixels = new Uint8Array(columns * rows * SIDE * SIDE);
  for (let i = 0; i < pixels.length; i += 1) {
    const [cell, at] = [Math.floor(i / (SIDE * SIDE)), i % (SIDE * SIDE)];
    const x = (cell % columns) * SIDE + (at % SIDE);
    const y = Math.floor(cell / columns) * SIDE + Math.floor(at / SIDE);
    pixels[i] = greys[y * scale * width + x * scale];
  }
  let count = columns * rows;
  const empty = (/** @type {number} */ cell) =>
    pixels.subarray(cell * SIDE * SIDE, (cell + 1) * SIDE * SIDE).every((grey) => grey === pixels[0]);
  while (count > 1 && empty(count - 1)) count -= 1;
  return pixels.slice(0, count * SIDE * SIDE);
}
