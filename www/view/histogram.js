// D's scores as a mirrored histogram: real digits up, generated ones down; filled where D is right, hollow where it is wrong.
import { partOf } from "../figures.js";

/** @typedef {import("../figures.js").Scores} Scores */

/** Room between the two halves, for the axis. */
const AXIS = 1;

/** @param {HTMLCanvasElement} canvas */
export function histogram(canvas) {
  /** @type {Scores | null} */
  let shown = null;

  function draw() {
    const scale = devicePixelRatio || 1;
    const width = Math.round(canvas.clientWidth * scale);
    const height = Math.round(canvas.clientHeight * scale);
    const context = canvas.getContext("2d");
    if (!context || !width || !height) return;
    if (canvas.width !== width) canvas.width = width;
    if (canvas.height !== height) canvas.height = height;
    const style = getComputedStyle(canvas);
    const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
    context.clearRect(0, 0, width, height);
    const middle = Math.round(height / 2);
    if (shown) {
      const line = Math.round(partOf(shown.middle, shown.low, shown.high) * width);
      const most = Math.max(1, ...shown.real, ...shown.fake);
      const tall = middle - AXIS * scale;
      const half = { context, scale, width, line, tall, most };
      bars(half, shown.real, color("--real"), middle - AXIS * scale, -1);
      bars(half, shown.fake, color("--g"), middle + AXIS * scale, 1);
      dashed(context, line, height, scale, color("--ink"));
    }
    context.fillStyle = color("--edge");
    context.fillRect(0, middle - scale / 2, width, scale);
  }

  new ResizeObserver(draw).observe(canvas);
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    matchMedia(query).addEventListener("change", draw);

  return {
    /** @param {Scores | null} scores */
    show(scores) {
      if (scores === shown) return;
      shown = scores;
      draw();
    },
  };
}

/**
 * One half; real digits, `way` -1, are rightly judged to the right of the line, generated ones to its left.
 * @param {{ context: CanvasRenderingContext2D, scale: number, width: number, line: number, tall: number, most: number }} half
 * @param {number[]} bins @param {string} color @param {number} foot @param {1 | -1} way 1 is down
 */
function bars({ context, scale, width, line, tall, most }, bins, color, foot, way) {
  const path = new Path2D();
  bins.forEach((count, i) => {
    if (!count) return;
    const [from, to] = [Math.round((i * width) / bins.length), Math.round(((i + 1) * width) / bins.length)];
    const size = Math.max(2 * scale, Math.round((count / most) * tall));
    // Half a pixel in, so that outlines are sharp.
    const inset = scale / 2;
    path.rect(
      from + inset,
      way < 0 ? foot - size + inset : foot + inset,
      to - from - scale - inset,
      size - scale,
    );
  });
  const right = way < 0;
  context.fillStyle = context.strokeStyle = color;
  context.lineWidth = scale;
  for (const filled of [true, false]) {
    context.save();
    context.beginPath();
    const [from, to] = filled === right ? [line, width] : [0, line];
    context.rect(from, 0, to - from, context.canvas.height);
    context.clip();
    if (filled) context.fill(path);
    context.stroke(path);
    context.restore();
  }
}

/** The line where D takes neither side. @param {CanvasRenderingContext2D} context @param {number} x @param {number} height @param {number} scale @param {string} color */
function dashed(context, x, height, scale, color) {
  context.save();
  context.strokeStyle = color;
  context.lineWidth = scale;
  context.setLineDash([4 * scale, 3 * scale]);
  context.beginPath();
  context.moveTo(x + 0.5, 0);
  context.lineTo(x + 0.5, height);
  context.stroke();
  context.restore();
}
