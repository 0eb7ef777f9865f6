// A chart of curves that come slowly or on a logarithmic scale: the pointer reads it, nothing zooms.
import uPlot from "../vendor/uplot/uPlot.esm.js";
import { decimals, logEnds, logMarks } from "../figures.js";
import { chartOptions, size, textScale } from "./chart.js";

/** @typedef {import("../types.js").Text} Text */
/** @typedef {(number | null)[]} Column null where there is nothing */
/** @typedef {import("./chart.js").Line & { dots?: boolean }} Line `dots`: each point is marked */

/** Marks of an axis from 0 to 1. */
const TENTHS = [0, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * @param {HTMLElement} box
 * @param {{ lines: readonly Line[], log: boolean }} how on a logarithmic scale, or from 0 to 1
 * @param {() => void} moved hears that the pointer reads elsewhere
 */
export function lineChart(box, { lines, log }, moved) {
  /** @type {uPlot | null} */
  let chart = null;
  /** @type {[number[], ...Column[]]} */
  let data = [[], ...lines.map(() => [])];
  /** @type {Text | null} */
  let text = null;
  let language = "";

  /** On a logarithmic scale there is no place for nothing. @returns {ArrayLike<number>[]} */
  const columns = () => {
    const [steps, ...rest] = data;
    const shown = log ? rest.map((column) => column.map((y) => (y !== null && y > 0 ? y : null))) : rest;
    return /** @type {ArrayLike<number>[]} */ ([steps, ...shown]);
  };

  function build() {
    chart?.destroy();
    const options = chartOptions(box, text, lines, { cursor: moved });
    const range = (/** @type {unknown} */ _, /** @type {number} */ low, /** @type {number} */ high) =>
      log ? logEnds(low, high) : /** @type {[number, number]} */ ([0, 1]);
    options.series.forEach((series, i) => {
      if (i > 0 && lines[i - 1].dots) Object.assign(series, { points: { show: true, size: 4 } });
    });
    const [below, side] = options.axes;
    const marks = {
      splits: (
        /** @type {unknown} */ _,
        /** @type {number} */ __,
        /** @type {number} */ low,
        /** @type {number} */ high,
      ) => (log ? logMarks(low, high) : TENTHS),
      // All marks are wanted; uPlot would leave some out.
      filter: (/** @type {unknown} */ _, /** @type {number[]} */ splits) => splits,
      values: (/** @type {unknown} */ _, /** @type {number[]} */ splits) =>
        splits.map((value) => text?.number(value, decimals(value)) ?? ""),
      size: 40 * textScale(),
    };
    const scales = { x: { time: false }, y: { range, ...(log && { distr: 3 }) } };
    const axes = [below, { ...side, ...marks }];
    chart = new uPlot({ ...options, scales, axes }, columns(), box);
  }

  new ResizeObserver(() => box.clientWidth && chart?.setSize(size(box))).observe(box);
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    matchMedia(query).addEventListener("change", () => chart && build());

  return {
    /** @param {[number[], ...Column[]]} next steps, then a column a line @param {Text} words */
    paint(next, words) {
      text = words;
      const fresh = next.some((column, i) => column !== data[i]);
      data = next;
      if (!chart || language !== words.lang) build();
      else if (fresh) chart.setData(columns());
      language = words.lang;
      box.classList.toggle("empty", next[0].length === 0);
    },
    /** The place that the pointer reads; null where it reads none. */
    reading() {
      const index = chart?.cursor.idx ?? null;
      return index !== null && index < data[0].length ? index : null;
    },
  };
}
