// Quality, folded at first: distance over floor, precision and recall, gradient norms as slow curves, and what looking costs.
import { places } from "../figures.js";
import { byId, mark, write } from "./dom.js";
import { percent } from "./scores.js";
import { lineChart } from "./line-chart.js";
import { schoolView } from "./school.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("./line-chart.js").Column} Column */
/** @typedef {"distance" | "near" | "norms"} Name */

/** Every chart with what its lines show, in the order of its outputs. */
const CHARTS = /** @type {const} */ ([
  { name: "distance", how: { lines: [{ color: "--ink", width: 2, dots: true }], log: true } },
  {
    name: "near",
    how: {
      lines: [
        { color: "--g", width: 2, dots: true },
        { color: "--real", width: 2, dash: [6, 4], dots: true },
      ],
      log: false,
    },
  },
  {
    name: "norms",
    how: {
      lines: [
        { color: "--g", width: 1.5 },
        { color: "--d", width: 1.5, dash: [5, 3] },
      ],
      log: true,
    },
  },
]);

/** Facts of the panel for whoever reads the page by program; painted or not. @type {import("../types.js").View} */
export function qualityFacts({ survey, slow }) {
  const panel = byId("quality");
  const fact = (/** @type {number | null | undefined} */ value) =>
    value === undefined || value === null ? null : `${value}`;
  mark(panel, "data-surveys", `${slow.steps.length}`);
  mark(panel, "data-distance", fact(slow.distance.at(-1)));
  mark(panel, "data-precision", fact(survey?.precision));
  mark(panel, "data-recall", fact(survey?.recall));
  mark(panel, "data-cost", fact(survey?.cost_ms));
}

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function qualityView(act) {
  const paintSchool = schoolView(act);
  const panel = /** @type {HTMLDetailsElement} */ (byId("quality"));
  /** @type {Parameters<import("../types.js").View> | null} */
  let latest = null;
  const charts = CHARTS.map(({ name, how }) => {
    const box = byId(`quality-${name}`);
    const chart = lineChart(box, /** @type {Parameters<typeof lineChart>[1]} */ (how), () => {
      if (latest) read(name, ...latest);
    });
    return { name, box, chart };
  });

  /** Says the values under the pointer, or the newest. @param {Name} name @param {State} state @param {Text} text */
  function read(name, state, text) {
    const found = charts.find((other) => other.name === name);
    if (!found) return;
    const [steps, ...columns] = dataOf(name, state);
    const index = found.chart.reading() ?? steps.length - 1;
    const said = columns.map((column) => {
      const value = column[index];
      return value === undefined || value === null ? "–" : text.number(value, places(value));
    });
    columns.forEach((_, line) => write(byId(`${name}-${line}`), said[line]));
    const at = steps[index];
    write(byId(`${name}-step`), at === undefined ? "" : text.t("losses.step", { step: Math.round(at) }));
    const [first, second = ""] = said;
    const alt = text.t(`quality.${name}.alt`, { first, second });
    mark(found.box, "aria-label", steps.length ? alt : text.t(emptyOf(name)));
  }

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    latest = [state, text];
    write(byId("quality-now"), summary(state, text));
    if (!panel.open) return;
    for (const { name, box, chart } of charts) {
      chart.paint(dataOf(name, state), text);
      mark(box, "data-empty", text.t(emptyOf(name)));
      read(name, state, text);
    }
    explain(state, text);
    paintSchool(state, text);
  }
  panel.addEventListener("toggle", () => latest && paint(...latest));
  return paint;
}

/** Steps, then a column a line. @param {Name} name @param {State} state @returns {[number[], ...Column[]]} */
function dataOf(name, { slow, curves }) {
  if (name === "norms") return [curves.steps, curves.gNorm, curves.dNorm];
  if (name === "near") return [slow.steps, slow.precision, slow.recall];
  return [slow.steps, slow.distance];
}

/** What an empty chart says. @param {Name} name */
const emptyOf = (name) => (name === "norms" ? "losses.empty" : "quality.empty");

/** The present values in one line, for the folded panel. @param {State} state @param {Text} text */
function summary({ survey, slow, judge }, text) {
  const distance = slow.distance.at(-1) ?? null;
  if (!survey) return text.t(judge === "none" ? "coverage.judge.none" : "quality.folded");
  if (distance === null || survey.precision === undefined || survey.recall === undefined)
    return text.t("quality.few");
  return text.t("quality.now", {
    distance: text.number(distance, places(distance)),
    precision: text.number(survey.precision, 2),
    recall: text.number(survey.recall, 2),
    step: survey.step,
  });
}

/** What the newest numbers mean, and what they cost. @param {State} state @param {Text} text */
function explain({ survey, slow, glance, judge }, text) {
  const distance = slow.distance.at(-1) ?? null;
  const none = text.t(judge === "none" ? "coverage.judge.none" : survey ? "quality.few" : "quality.empty");
  const said = distance === null ? "" : text.number(distance, places(distance));
  write(
    byId("distance-says"),
    distance === null
      ? none
      : text.t("quality.distance.says", { distance: said, digits: survey?.compared ?? 0 }),
  );
  const near =
    survey?.precision === undefined || survey.recall === undefined
      ? none
      : text.t("quality.near.says", {
          precision: percent(survey.precision, text),
          recall: percent(survey.recall, text),
        });
  write(byId("near-says"), near);
  const { sure, sure_real } = survey ?? {};
  const known = sure !== undefined && sure_real !== undefined;
  const parts = known && { sure: percent(sure, text), real: percent(sure_real, text) };
  write(byId("sure-says"), parts ? text.t("quality.sure.says", parts) : none);
  const share = glance
    ? text.t("quality.share", { share: text.number(glance.share * 100, 1) })
    : text.t("quality.share.none");
  const cost = survey ? text.t("quality.cost", { ms: Math.round(survey.cost_ms), step: survey.step }) : "";
  write(byId("quality-cost"), text.t("coverage.both", { first: share, judged: cost }));
}
