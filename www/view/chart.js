// What all line charts share: axes in the page's colours, sizes from their boxes, readable numbers.

/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../vendor/uplot/uPlot.esm.js").default} uPlot */
/** @typedef {{ color: string, width: number, dash?: readonly number[], alpha?: string, quiet?: boolean }} Line a custom property's name and a stroke; `alpha` as two hex digits; `quiet`: heights do not make room for it */

/** How many times its usual size the reader wants text to have. */
export const textScale = () => parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

/** Width of a figure of an axis in text of the usual size, in pixels. */
const LETTER = 6.6;

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
    padding: [8, (/** @type {uPlot} */ plot) => aside(plot, below?.format ?? format), 0, 0],
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
        // As wide as its longest number.
        size: (/** @type {unknown} */ _, /** @type {string[] | null} */ values) =>
          rem * Math.max(34, 8 + LETTER * Math.max(0, ...(values ?? []).map((value) => value.length))),
        gap: 4,
        space: 34 * rem,
        values: (/** @type {unknown} */ _, /** @type {number[]} */ splits) => sided(splits, text),
      },
    ],
    hooks: { setCursor: [cursor], setScale: zoom ? [zoom] : [] },
  };
}

/** The numbers of the side, with as many decimals as tell them apart. @param {number[]} splits @param {Text | null} text */
export function sided(splits, text) {
  const step = Math.abs((splits[1] ?? 0) - (splits[0] ?? 0)) || 1;
  const decimals = Math.max(0, Math.ceil(-Math.log10(step) - 1e-9));
  const digits = Number((step * 10 ** decimals).toFixed(6)) % 1 ? decimals + 1 : decimals;
  return splits.map((value) => text?.number(value, digits) ?? `${value}`);
}

/** Room at the right for half of the last number below, which stands under the edge. @param {uPlot} plot @param {(x: number) => string} format */
const aside = ({ scales }, format) =>
  Math.max(10, 4 + Math.ceil((LETTER * format(Math.round(scales.x?.max ?? 0)).length) / 2));

/** From 0 to a little over the highest value. @param {unknown} _ @param {number} min @param {number} max @returns {[number, number]} */
const roomy = (_, min, max) =>
  Number.isFinite(max) ? [Math.min(0, min ?? 0), Math.max(1, max * 1.08)] : [0, 1];
