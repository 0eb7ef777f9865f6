// The tensors of an iteration as pictures and numbers: signed numbers in two colours, D's scores as bars.
import { make, mark, write } from "./dom.js";

/** Below zero dark violet, zero grey, above bright green: told apart by their lightness alone. */
const SCALE = [
  [62, 4, 96],
  [118, 118, 124],
  [214, 255, 116],
];
const WORDS = scale();
/** Latents this far from zero have the scale's ends. */
const FAR = 3;
const SIDE = 28;

/** A colour for each byte around 128, as canvas words. */
function scale() {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    const value = Math.max(-1, Math.min(1, (byte - 128) / 127));
    const [from, to] = value < 0 ? [SCALE[1], SCALE[0]] : [SCALE[1], SCALE[2]];
    const [red, green, blue] = from.map((start, i) => Math.round(start + (to[i] - start) * Math.abs(value)));
    return 0xff000000 | (blue << 16) | (green << 8) | red;
  });
}

/** Paints words on a canvas of that size. @param {HTMLCanvasElement} canvas @param {number} width @param {number} height @param {(x: number, y: number) => number} word */
function paint(canvas, width, height, word) {
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(width, height);
  const words = new Uint32Array(image.data.buffer);
  for (let y = 0; y < height; y += 1) for (let x = 0; x < width; x += 1) words[y * width + x] = word(x, y);
  context.putImageData(image, 0, 0);
}

/** An empty plate. @param {HTMLCanvasElement} canvas */
const blank = (canvas) => canvas.getContext("2d")?.clearRect(0, 0, canvas.width, canvas.height);

/** Latent vectors as a heat map, a row each. @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} values @param {number} columns */
export function drawLatents(canvas, values, columns) {
  if (!values.length) return blank(canvas);
  const rows = Math.max(1, Math.floor(values.length / (columns || 1)));
  paint(canvas, columns || 1, rows, (x, y) => {
    const value = values[y * columns + x] ?? 0;
    return WORDS[Math.max(1, Math.min(255, Math.round(128 + (127 * value) / FAR)))];
  });
}

/** Signed pixels of digits, bytes around 128, laid out as the digits are. @param {HTMLCanvasElement} canvas @param {ArrayLike<number>} pixels */
export function drawSigned(canvas, pixels) {
  if (!pixels.length) return blank(canvas);
  const columns = Number(canvas.dataset.columns);
  const rows = Number(canvas.dataset.rows);
  paint(canvas, columns * SIDE, rows * SIDE, (x, y) => {
    const digit = Math.floor(y / SIDE) * columns + Math.floor(x / SIDE);
    return WORDS[pixels[digit * SIDE * SIDE + (y % SIDE) * SIDE + (x % SIDE)] ?? 128];
  });
}

/**
 * D's scores, each where its digit stands, as a number and a bar from the point where D takes neither side.
 * @param {HTMLElement} list @param {number[]} values as they are shown @param {string[]} texts
 * @param {{ low: number, high: number, from: number }} ends of the bars' scale, and where bars begin
 */
export function showScores(list, values, texts, { low, high, from }) {
  while (list.children.length > values.length) list.lastElementChild?.remove();
  while (list.children.length < values.length) {
    const rail = make("span", { class: "rail", "aria-hidden": "true" }, make("i"));
    list.append(make("li", {}, make("span"), rail));
  }
  const part = (/** @type {number} */ value) => ((value - low) / (high - low || 1)) * 100;
  values.forEach((value, i) => {
    const item = list.children[i];
    write(item.children[0], texts[i]);
    const bar = /** @type {HTMLElement} */ (item.children[1].firstElementChild);
    const [start, end] = [part(from), part(value)].sort((a, b) => a - b);
    bar.style.setProperty("left", `${start}%`);
    bar.style.setProperty("width", `${Math.max(end - start, 2)}%`);
    /** @type {HTMLElement} */ (item.children[1]).style.setProperty("--from", `${part(from)}%`);
  });
}

/** A small line of values, the newest at the right. @param {SVGElement} line a polyline in a box of 100 x 24 @param {number[]} values */
export function drawLine(line, values) {
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const points = values.map((value, i) => {
    const x = (i / Math.max(1, values.length - 1)) * 100;
    return `${x.toFixed(1)},${(22 - (20 * (value - low)) / (high - low || 1)).toFixed(1)}`;
  });
  mark(line, "points", points.join(" "));
}
