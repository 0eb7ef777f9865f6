// The overlaid curves of two runs: A solid, B dashed, in the colour of the player whose loss it is, by steps or by time.
import uPlot from "../vendor/uplot/uPlot.esm.js";
import { calm, nearest } from "../curves.js";
import { chartOptions, size, textScale } from "./chart.js";
import { mark } from "./dom.js";

/** @typedef {import("../types.js").Curves} Curves */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {"real" | "fake" | "g"} Loss */
/** @typedef {{ loss: Loss, byTime: boolean }} Axes */

const COLORS = { real: "--real", fake: "--d", g: "--g" };
/** Points of a curve: more than these, and dashes drown in the noise. */
const MOST = 150;
/** Milliseconds between marks of a time axis: round seconds, minutes, hours. */
const TIMES = [1, 2, 5, 10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 18000, 36000].map(
  (seconds) => seconds * 1000,
);

/** @param {HTMLElement} box @param {() => void} moved hears that the pointer reads elsewhere */
export function compareChart(box, moved) {
  /** @type {uPlot | null} */
  let chart = null;
  /** @type {[Curves, Curves] | null} */
  let drawn = null;
  /** @type {[xs: number[], ys: number[]][]} */
  let lines = [];
  /** @type {Axes} */
  let axes = { loss: "g", byTime: false };
  /** @type {Text | null} */
  let text = null;
  let built = "";
  const ending = new AbortController();
  const sizes = new ResizeObserver(() => chart?.setSize(size(box)));
  sizes.observe(box);
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    matchMedia(query).addEventListener("change", () => drawn && build(drawn), { signal: ending.signal });

  /** @param {[Curves, Curves]} both */
  function take(both) {
    drawn = both;
    lines = both.map((one) => calm(axes.byTime ? one.times : one.steps, one[axes.loss], MOST));
    return uPlot.join(lines);
  }

  /** @param {[Curves, Curves]} both */
  function build(both) {
    chart?.destroy();
    const color = COLORS[axes.loss];
    // The lighter one lets the dashes be seen where both run together.
    const strokes = [
      { color, width: 2.5, alpha: "b3" },
      { color, width: 2, dash: [6, 4] },
    ];
    const format = (/** @type {number} */ ms) => text?.time(ms) ?? "";
    const below = axes.byTime ? { incrs: TIMES, format } : undefined;
    const options = chartOptions(box, text, strokes, { cursor: moved, below });
    const hooks = { ...options.hooks, draw: [name] };
    chart = new uPlot({ ...options, padding: [8, 18, 0, 0], hooks }, take(both), box);
  }

  /** Writes A and B where their curves end. @param {uPlot} plot */
  function name(plot) {
    const { ctx } = plot;
    const scale = devicePixelRatio * textScale();
    const style = getComputedStyle(box);
    ctx.save();
    ctx.font = `600 ${11 * scale}px ${style.fontFamily}`;
    ctx.fillStyle = style.color;
    ctx.strokeStyle = style.getPropertyValue("--card");
    ctx.lineWidth = 3 * scale;
    ctx.lineJoin = "round";
    ctx.textBaseline = "middle";
    const ends = lines.map(([xs, ys]) => ({ x: xs.at(-1), y: ys.at(-1) }));
    const places = ends.map(({ x, y }) =>
      x === undefined || y === undefined
        ? null
        : { left: plot.valToPos(x, "x", true) + 5 * scale, top: plot.valToPos(y, "y", true) },
    );
    const [a, b] = places;
    const apart = 13 * scale;
    // Two letters on one spot could not be read.
    if (a && b && Math.abs(a.left - b.left) < apart && Math.abs(a.top - b.top) < apart) {
      const middle = (a.top + b.top) / 2;
      const down = a.top < b.top ? -1 : 1;
      a.top = middle + (down * apart) / 2;
      b.top = middle - (down * apart) / 2;
    }
    places.forEach((place, index) => {
      if (!place) return;
      ctx.strokeText("AB"[index], place.left, place.top);
      ctx.fillText("AB"[index], place.left, place.top);
    });
    ctx.restore();
  }

  return {
    /** @param {[Curves, Curves]} both @param {Axes} how @param {Text} words */
    paint(both, how, words) {
      [axes, text] = [how, words];
      const wanted = `${how.loss} ${how.byTime} ${words.lang}`;
      if (!chart || wanted !== built) build(both);
      else if (drawn?.[0] !== both[0] || drawn[1] !== both[1]) chart.setData(take(both));
      built = wanted;
      box.classList.toggle(
        "empty",
        both.every(({ steps }) => steps.length === 0),
      );
      mark(box, "data-empty", words.t("losses.empty"));
    },
    /** Where the pointer reads and each run's value there, undefined where a run has not got so far; null where it reads nothing. */
    reading() {
      const index = chart?.cursor.idx ?? null;
      const x = index === null ? undefined : chart?.data[0]?.[index];
      return x === undefined ? null : { x, values: lines.map(([xs, ys]) => ys[nearest(xs, x)]) };
    },
    close() {
      ending.abort();
      sizes.disconnect();
      chart?.destroy();
    },
  };
}
