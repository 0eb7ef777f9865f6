// The loss curves: three lines in uPlot, read by hovering, zoomed by dragging, redrawn for every theme, size and resolution; faint behind
// them, what branches came to that were left.
import uPlot from "../vendor/uplot/uPlot.esm.js";
import { isCycle } from "../amid.js";
import { calm, nearest, noCurves } from "../curves.js";
import { factsOf } from "../losses.js";
import { lookedAt } from "../moments.js";
import { chartOptions, size } from "./chart.js";
import { byId, mark, write } from "./dom.js";
import { howToRead } from "./reading.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */

const LINES = /** @type {const} */ ([
  { key: "real", color: "--real", width: 1.5 },
  { key: "fake", color: "--d", width: 1.5, dash: [5, 3] },
  { key: "g", color: "--g", width: 2 },
  // Only where something is held down: a penalty, a cycle.
  { key: "held", color: "--soft", width: 1.5, dash: [2, 3] },
]);

/** The same three of a branch that was left, fewer points each: more, and dots drown in the noise. */
const LEFT = LINES.slice(0, 3).map(({ key, color }) => ({
  key,
  color,
  width: 1.5,
  dash: [2, 3],
  alpha: "c0",
}));
const LEFT_POINTS = 120;

/** @returns {import("../types.js").View} */
export function curvesView() {
  const box = byId("chart");
  const unzoom = byId("unzoom");
  /** @type {uPlot | null} */
  let chart = null;
  /** @type {State | null} */
  let state = null;
  /** @type {Text | null} */
  let text = null;
  /** @type {unknown} */
  let drawn = null;
  let zoomed = false;
  let settling = false;
  let language = "";
  /** Of the branches that were left, those drawn. @type {State["left"]} */
  let left = [];
  /** @type {number[][][]} */
  let behind = [];
  /** @type {number | null} */
  let marked = null;
  /** Whether nothing but what lies behind was drawn: then its heights make room. */
  let alone = false;

  /** Steps, then a column a line, what lies behind first; a line of nothing but zeros is not drawn. */
  const data = () => {
    const { steps, ...curves } = state?.curves ?? noCurves();
    const lines = LINES.map(({ key }) => (key !== "held" || curves.held.some(Boolean) ? curves[key] : []));
    return behind.length ? uPlot.join([...behind, [steps, ...lines]]) : [steps, ...lines];
  };

  function build() {
    chart?.destroy();
    zoomed = false;
    settling = true;
    left = state?.left ?? [];
    behind = left.map(leftBehind);
    alone = isAlone(state);
    const quiet = (/** @type {State["left"][0]} */ branch) => !alone && branch.branch >= 0;
    const lines = [
      ...left.flatMap((branch) => LEFT.map((line) => ({ ...line, quiet: quiet(branch) }))),
      ...LINES,
    ];
    const options = chartOptions(box, text, lines, { cursor: legend, zoom });
    chart = new uPlot({ ...options, hooks: { ...options.hooks, draw: [point] } }, data(), box);
    settling = false;
    drawn = state?.curves;
  }

  /** Says the values under the pointer, or the newest. */
  function legend() {
    if (!state || !text) return;
    const { curves, step } = state;
    const under = chart?.data[0]?.[chart.cursor.idx ?? -1];
    const index = under === undefined ? -1 : nearest(curves.steps, under);
    const hovering = index >= 0;
    const newest = state.losses ? [...state.losses, curves.held.at(-1) ?? 0] : [];
    const values = hovering ? LINES.map(({ key }) => curves[key][index]) : newest;
    byId("held").hidden = !curves.held.some(Boolean);
    const name = `recipe.${state.run?.recipe}.held`;
    write(byId("held-name"), text.t(text.has(name) ? name : "losses.penalty"));
    LINES.forEach(({ key }, i) => {
      const output = document.querySelector(`output[data-loss="${key}"]`);
      if (output && text) write(output, values[i] === undefined ? "–" : text.number(values[i], 3));
    });
    const at = hovering ? Math.round(curves.steps[index]) : step;
    write(byId("losses-step"), newest.length ? text.t("losses.step", { step: at }) : "");
  }

  /** Draws a line at the step of the moment that is looked at. @param {uPlot} plot */
  function point({ ctx, bbox, valToPos }) {
    const { min = 0, max = 0 } = chart?.scales.x ?? {};
    if (marked === null || marked < min || marked > max) return;
    const x = Math.round(valToPos(marked, "x", true));
    ctx.save();
    ctx.strokeStyle = getComputedStyle(box).getPropertyValue("--wait");
    ctx.lineWidth = 2 * devicePixelRatio;
    ctx.setLineDash([]);
    ctx.beginPath();
    ctx.moveTo(x, bbox.top);
    ctx.lineTo(x, bbox.top + bbox.height);
    ctx.stroke();
    ctx.restore();
  }

  /** Keeps a zoomed view still while new points come in. @param {uPlot} plot @param {string} key */
  function zoom(plot, key) {
    if (key !== "x" || settling) return;
    const [steps] = data();
    const { min = 0, max = 0 } = plot.scales.x;
    zoomed = steps.length > 1 && (min > steps[0] || max < steps[steps.length - 1]);
    unzoom.hidden = !zoomed;
  }

  /** @param {boolean} reset the zoom */
  function redraw(reset) {
    settling = true;
    chart?.setData(data(), reset);
    settling = false;
    drawn = state?.curves;
    if (reset) zoomed = false;
    unzoom.hidden = !zoomed;
  }

  unzoom.addEventListener("click", () => redraw(true));
  new ResizeObserver(() => chart?.setSize(size(box))).observe(box);
  for (const query of ["(prefers-color-scheme: dark)", "(forced-colors: active)"])
    matchMedia(query).addEventListener("change", () => chart && build());

  return (next, words) => {
    const fresh = state !== null && next.curves.steps.length < state.curves.steps.length >> 1;
    [state, text] = [next, words];
    const looking = lookedAt(next)?.step ?? null;
    const moved = looking !== marked;
    marked = looking;
    const turned = left.length > 0 && alone !== isAlone(next);
    if (!chart || language !== words.lang || left !== next.left || turned) build();
    else if (drawn !== next.curves) redraw(!zoomed || fresh);
    else if (moved) chart.redraw(false);
    language = words.lang;
    byId("left").hidden = next.left.length === 0;
    box.classList.toggle("empty", next.curves.steps.length === 0 && next.left.length === 0);
    mark(box, "data-empty", words.t("losses.empty"));
    legend();
    explain(next, words);
    const said = (next.losses ?? []).map((value) => words.number(value, 2));
    const [real = "–", fake = "–", g = "–"] = said;
    mark(
      box,
      "aria-label",
      said.length ? words.t("losses.alt", { step: next.step, real, fake, g }) : words.t("losses.empty"),
    );
  };
}

/** @param {State | null} state */
const isAlone = (state) => !state?.curves.steps.length;

/** The part of a branch that was left which is not the present one's too. @param {State["left"][0]} branch */
function leftBehind({ from, curves }) {
  const start = Math.max(0, curves.steps.filter((step) => step <= from).length - 1);
  const xs = curves.steps.slice(start);
  const lines = LEFT.map(({ key }) => calm(xs, curves[key].slice(start), LEFT_POINTS));
  return [lines[0][0], ...lines.map(([, ys]) => ys)];
}

/** Says how to read these losses, which differs with the loss in force. @param {State} state @param {Text} text */
function explain({ run, catalogue }, text) {
  const said = run ? howToRead(run.knobs, factsOf(catalogue, run.knobs), isCycle(run), text) : "";
  byId("reading").hidden = said === "";
  write(byId("reading-text"), said);
}
