// What all line charts share: axes in the page's colours, sizes from their boxes, readable numbers.

/** @typedef {import("../types.js").Text} Text */
/** @typedef {{ color: string, width: number, dash?: readonly number[], alpha?: string, quiet?: boolean }} Line a custom property's name and a stroke; `alpha` as two hex digits; `quiet`: heights do not make room for it */

/** How many times its usual size the reader wants text to have. */
export const textScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

/** @param {HTMLElement} box */
export const size = (box) => ({
  width: Math.max(120, box.clientWidth),
  height: Math.max(100, box.clientHeight),
});

/**
 * @param {HTMLElement} box @param {Text | null} text @param {readonly Line[]} lines
 * @param {{ cursor: () => void, zoom?: (plot: import("../vendor/uplot/uPlot.esm.js").default, key: string) => void, below?: { incrs?: number[], format: (x: number) => string } }} hooks
 *   `cursor`: the pointer moved; `zoom`: a scale changed, without it no drag zooms; `below`: how the horizontal axis is divided and written
 */
export function chartOptions(box, text, lines, { cursor, zoom, below }) {
  const style = getComputedStyle(document.documentElement);
  const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const rem = textScale();
  const font = `${11 * rem}px ${getComputedStyle(box).fontFamily}`;
  const axis = {
    stroke: color("--soft"),
    font,
    grid: { stroke: color("--line"), width: 1 },
    ticks: { show: false },
  };
  const format = (/** @type {number} */ value) => text?.number(value, value % 1 ? 1 : 0) ?? `${value}`;
  return {
    ...size(box),
    padding: [8, 10, 0, 0],
    legend: { show: false },
    cursor: { y: false, points: { size: 7 }, drag: { x: Boolean(zoom), y: false, setScale: true } },
    scales: { x: { time: false }, y: { range: roomy } },
    series: [
      {},
      ...lines.map(({ width, dash, alpha = "", quiet = false, ...line }) => ({
        stroke: color(line.color) + alpha,
        width,
        dash: dash && [...dash],
        auto: !quiet,
        points: { show: false },
      })),
    ],
    axes: [
      {
        ...axis,
        size: 26 * rem,
        gap: 4,
        space: 64 * rem,
        ...(below?.incrs && { incrs: below.incrs }),
        values: (/** @type {unknown} */ _, /** @type {number[]} */ splits) =>
          splits.map((value) => (value % 1 ? "" : (below?.format ?? format)(value))),
      },
      {
        ...axis,
        size: 34 * rem,
        gap: 4,
        space: 34 * rem,
        values: (/** @type {unknown} */ _, /** @type {number[]} */ splits) => splits.map(format),
      },
    ],
    hooks: { setCursor: [cursor], setScale: zoom ? [zoom] : [] },
  };
}

/** From 0 to a little over the highest value. @param {unknown} _ @param {number} min @param {number} max @returns {[number, number]} */
const roomy = (_, min, max) =>
  Number.isFinite(max) ? [Math.min(0, min ?? 0), Math.max(1, max * 1.08)] : [0, 1];
