// The loss curves: three lines in uPlot, read by hovering, zoomed by dragging, redrawn for every theme, size and resolution.
import uPlot from "../vendor/uplot/uPlot.esm.js";
import { noCurves } from "../curves.js";
import { byId, mark, write } from "./dom.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */

const LINES = /** @type {const} */ ([
  { key: "real", color: "--real", width: 1.5 },
  { key: "fake", color: "--d", width: 1.5, dash: [5, 3] },
  { key: "g", color: "--g", width: 2 },
  // Only where something is held down: a penalty, a cycle.
  { key: "held", color: "--soft", width: 1.5, dash: [2, 3] },
]);

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

  /** Steps, then a column a line; a line of nothing but zeros is not drawn. */
  const data = () => {
    const { steps, ...curves } = state?.curves ?? noCurves();
    const lines = LINES.map(({ key }) => (key !== "held" || curves.held.some(Boolean) ? curves[key] : []));
    return [steps, ...lines];
  };

  function build() {
    chart?.destroy();
    zoomed = false;
    settling = true;
    chart = new uPlot(options(box, text, legend, zoom), data(), box);
    settling = false;
    drawn = state?.curves;
  }

  /** Says the values under the pointer, or the newest. */
  function legend() {
    if (!state || !text) return;
    const { curves, step } = state;
    const index = chart?.cursor.idx ?? null;
    const hovering = index !== null && index < curves.steps.length;
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
    if (!chart || language !== words.lang) build();
    else if (drawn !== next.curves) redraw(!zoomed || fresh);
    language = words.lang;
    box.classList.toggle("empty", next.curves.steps.length === 0);
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

/** Says how to read these losses, which differs from game to game. @param {State} state @param {Text} text */
function explain({ run }, text) {
  const key = `recipe.${run?.recipe}.reading`;
  byId("reading").hidden = !text.has(key);
  write(byId("reading-text"), text.has(key) ? text.t(key) : "");
}

/** @param {HTMLElement} box */
const size = (box) => ({ width: Math.max(120, box.clientWidth), height: Math.max(100, box.clientHeight) });

/** @param {HTMLElement} box @param {Text | null} text @param {() => void} legend @param {(plot: uPlot, key: string) => void} zoom */
function options(box, text, legend, zoom) {
  const style = getComputedStyle(document.documentElement);
  const color = (/** @type {string} */ name) => style.getPropertyValue(name).trim();
  const font = `11px ${getComputedStyle(box).fontFamily}`;
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
    cursor: { y: false, points: { size: 7 }, drag: { x: true, y: false, setScale: true } },
    scales: { x: { time: false }, y: { range: roomy } },
    series: [
      {},
      ...LINES.map((line) => ({
        stroke: color(line.color),
        width: line.width,
        dash: "dash" in line ? [...line.dash] : undefined,
        points: { show: false },
      })),
    ],
    axes: [
      {
        ...axis,
        size: 26,
        gap: 4,
        space: 64,
        values: (/** @type {uPlot} */ _, /** @type {number[]} */ splits) =>
          splits.map((value) => (value % 1 ? "" : format(value))),
      },
      {
        ...axis,
        size: 34,
        gap: 4,
        space: 34,
        values: (/** @type {uPlot} */ _, /** @type {number[]} */ splits) => splits.map(format),
      },
    ],
    hooks: { setCursor: [legend], setScale: [zoom] },
  };
}

/** From 0 to a little over the highest value. @param {uPlot} _ @param {number} min @param {number} max @returns {[number, number]} */
const roomy = (_, min, max) =>
  Number.isFinite(max) ? [Math.min(0, min ?? 0), Math.max(1, max * 1.08)] : [0, 1];
