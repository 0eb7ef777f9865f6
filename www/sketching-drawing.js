// What is on the pad, and how it becomes a digit such as MNIST's: scaled to a box of 20 pixels, its centre of mass in the middle of 28. Pure.

/** @typedef {import("./sketching-types.js").Drawing} Drawing */
/** @typedef {import("./sketching-types.js").PenPoint} PenPoint */

export const SIDE = 28;
/** The box that a digit is scaled to fit, and the pixel its centre of mass comes to: LeCun, Cortes, Burges, "The MNIST database of handwritten
 * digits" (yann.lecun.com/exdb/mnist), as in Yadav and Bottou, arXiv:1905.10498. Of MNIST's own digits the centres lie within half a pixel of it. */
const BOX = 20;
const MIDDLE = 14;
/** What is drawn very small is not blown up until its line is thicker than this, so that a dot stays a dot. */
const THICKEST = 5;
/** Radius of the pen, as part of the pad's side. */
export const RADIUS = 0.045;
/** Points nearer to the last one say nothing new. */
const NEAR = 0.003;
/** Points that a drawing may have. */
const MOST_POINTS = 20_000;

/** An empty pad. @type {Drawing} */
export const EMPTY = { lines: [], taken: null };

/** How thick a pen that feels pressure draws; others draw evenly. @param {string} pointer its kind @param {number} pressure from 0 to 1 */
export const radiusOf = (pointer, pressure) =>
  pointer === "pen" && pressure > 0 ? RADIUS * (0.5 + Math.min(1, pressure)) : RADIUS;

/** The drawing with another line begun; it takes the place of a digit from the data. @param {Drawing} drawing @param {PenPoint} point @returns {Drawing} */
export const begun = ({ lines }, point) => ({ lines: [...lines, [point]], taken: null });

/** The drawing with its last line gone on with. @param {Drawing} drawing @param {PenPoint[]} points @returns {Drawing} */
export function goneOn(drawing, points) {
  const last = drawing.lines.at(-1);
  const count = drawing.lines.reduce((sum, line) => sum + line.length, 0);
  if (!last || count > MOST_POINTS) return drawing;
  const line = [...last];
  for (const point of points) {
    const [x, y] = line[line.length - 1];
    if (Math.hypot(point[0] - x, point[1] - y) >= NEAR) line.push(point);
  }
  return line.length === last.length ? drawing : { ...drawing, lines: [...drawing.lines.slice(0, -1), line] };
}

/** Whether anything is on the pad. @param {Drawing} drawing */
export const isEmpty = ({ lines, taken }) => lines.length === 0 && taken === null;

/** The 28 x 28 bytes that the nets see; nothing where nothing is drawn. @param {Drawing} drawing @returns {Uint8Array | null} */
export function prepared({ lines, taken }) {
  if (taken || lines.length === 0) return taken;
  const { left, top, size, radius } = extent(lines);
  const scale = Math.min(BOX / size, THICKEST / (2 * radius));
  const ink = new Float32Array(BOX * BOX);
  /** @param {PenPoint} point @returns {PenPoint} */
  const at = ([x, y, r]) => [(x - left) * scale, (y - top) * scale, r * scale];
  for (const line of lines) {
    const points = line.map(at);
    for (let i = 0; i < points.length; i += 1) cover(ink, points[Math.max(0, i - 1)], points[i]);
  }
  return centred(ink);
}

/** Where the ink is. @param {PenPoint[][]} lines */
function extent(lines) {
  let [left, top, right, bottom, radius] = [Infinity, Infinity, -Infinity, -Infinity, 0];
  for (const [x, y, r] of lines.flat()) {
    [left, right] = [Math.min(left, x - r), Math.max(right, x + r)];
    [top, bottom] = [Math.min(top, y - r), Math.max(bottom, y + r)];
    radius = Math.max(radius, r);
  }
  return { left, top, size: Math.max(right - left, bottom - top), radius };
}

/** Inks the pixels of the box that a round pen going from `a` to `b` covers, those at its edge in part. @param {Float32Array} ink @param {PenPoint} a @param {PenPoint} b */
function cover(ink, [ax, ay, ar], [bx, by, br]) {
  const reach = Math.max(ar, br) + 0.5;
  const [dx, dy] = [bx - ax, by - ay];
  const length = dx * dx + dy * dy;
  const first = (/** @type {number} */ value) => Math.max(0, Math.floor(value - reach));
  const last = (/** @type {number} */ value) => Math.min(BOX - 1, Math.ceil(value + reach));
  for (let y = first(Math.min(ay, by)); y <= last(Math.max(ay, by)); y += 1) {
    for (let x = first(Math.min(ax, bx)); x <= last(Math.max(ax, bx)); x += 1) {
      const [px, py] = [x + 0.5 - ax, y + 0.5 - ay];
      const part = length ? Math.min(1, Math.max(0, (px * dx + py * dy) / length)) : 0;
      const apart = Math.hypot(px - part * dx, py - part * dy) - (ar + (br - ar) * part);
      const covered = Math.min(1, Math.max(0, 0.5 - apart));
      if (covered > ink[y * BOX + x]) ink[y * BOX + x] = covered;
    }
  }
}

/** The box in a field of 28 x 28, moved by whole pixels so that its centre of mass is in the middle, and no ink is lost. @param {Float32Array} ink @returns {Uint8Array} */
function centred(ink) {
  let [mass, across, down, right, bottom] = [0, 0, 0, 0, 0];
  for (let y = 0; y < BOX; y += 1) {
    for (let x = 0; x < BOX; x += 1) {
      const part = ink[y * BOX + x];
      mass += part;
      across += part * x;
      down += part * y;
      if (part > 0) [right, bottom] = [Math.max(right, x + 1), y + 1];
    }
  }
  const move = (/** @type {number} */ centre, /** @type {number} */ end) =>
    Math.min(SIDE - end, Math.max(0, Math.round(MIDDLE - centre / (mass || 1))));
  const [dx, dy] = [move(across, right), move(down, bottom)];
  const pixels = new Uint8Array(SIDE * SIDE);
  for (let y = 0; y < bottom; y += 1)
    for (let x = 0; x < right; x += 1) pixels[(y + dy) * SIDE + x + dx] = Math.round(255 * ink[y * BOX + x]);
  return pixels;
}
