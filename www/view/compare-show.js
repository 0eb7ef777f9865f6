// What one sees side by side: both runs' grids and numbers, their curves overlaid, and in what they differ.
import { comparable, differences } from "../differences.js";
import { sameValue } from "../state.js";
import { compareChart } from "./compare-chart.js";
import { byId, drawDigits, make, mark, write } from "./dom.js";
import { knobName } from "./knob.js";
import { recipeName } from "./knobs.js";
import { numbersView } from "./numbers.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("./compare.js").Part} Part */

const LOSSES = /** @type {const} */ (["real", "fake", "g"]);

/** Both grids with their numbers. @param {HTMLElement} section @returns {Part} */
export function gridsPart(section) {
  const figures = ["a", "b"].map((name) => {
    const figure = /** @type {HTMLElement} */ (section.querySelector(`[data-run="${name}"]`));
    const canvas = /** @type {HTMLCanvasElement} */ (figure.querySelector("canvas"));
    drawDigits(canvas, new Uint8Array(canvas.width * canvas.height));
    return { name: name.toUpperCase(), canvas, recipe: byId(`${name}-name`), numbers: numbersView(figure) };
  });
  /** @type {(Uint8Array | null)[]} */
  const drawn = [null, null];
  return (a, b, text) => {
    [a, b].forEach((state, index) => {
      const { name, canvas, recipe, numbers } = figures[index];
      if (state.samples && state.samples !== drawn[index]) drawDigits(canvas, state.samples);
      drawn[index] = state.samples;
      write(recipe, state.run ? recipeName(state.run.recipe, text) : "");
      mark(canvas, "aria-label", text.t("compare.alt", { name, step: state.step }));
      numbers(state, text);
    });
  };
}

/** The overlaid curves with their menu, axis and legend. @returns {[Part, () => void]} */
export function curvesPart() {
  const box = byId("b-chart");
  const menu = /** @type {HTMLSelectElement} */ (byId("b-loss"));
  const [bySteps, byTime] = [byId("b-steps"), byId("b-time")];
  const legend = byId("b-legend");
  const values = [byId("b-value-a"), byId("b-value-b")];
  /** @type {import("./compare-chart.js").Axes} */
  let axes = { loss: "g", byTime: false };
  /** @type {[State, State, Text] | null} */
  let latest = null;
  const chart = compareChart(box, read);

  /** @param {Partial<typeof axes>} change */
  function turn(change) {
    axes = { ...axes, ...change };
    if (latest) paint(...latest);
  }
  menu.addEventListener("change", () => turn({ loss: LOSSES.find((loss) => loss === menu.value) ?? "g" }));
  bySteps.addEventListener("click", () => turn({ byTime: false }));
  byTime.addEventListener("click", () => turn({ byTime: true }));

  /** Says the values under the pointer, or the newest. */
  function read() {
    if (!latest) return;
    const [a, b, text] = latest;
    const reading = chart.reading();
    const newest = [a, b].map(({ losses }) => losses?.[LOSSES.indexOf(axes.loss)]);
    const said = (reading?.values ?? newest).map((value) =>
      value === undefined ? "–" : text.number(value, 3),
    );
    values.forEach((output, index) => write(output, said[index]));
    const place = (/** @type {number} */ x) =>
      axes.byTime ? text.time(x) : text.t("losses.step", { step: Math.round(x) });
    write(byId("b-at"), reading ? place(reading.x) : "");
    const loss = text.t(`losses.${axes.loss}`);
    mark(box, "aria-label", text.t("compare.curves.alt", { loss, a: said[0], b: said[1] }));
  }

  /** @type {Part} */
  function paint(a, b, text) {
    latest = [a, b, text];
    menu.value = axes.loss;
    mark(bySteps, "aria-pressed", `${!axes.byTime}`);
    mark(byTime, "aria-pressed", `${axes.byTime}`);
    mark(legend, "data-loss", axes.loss);
    chart.paint([a.curves, b.curves], axes, text);
    const same = !a.run || !b.run || comparable(a.run, b.run);
    write(byId("b-hint"), text.t(same ? "compare.hint" : "compare.games"));
    read();
  }
  return [paint, chart.close];
}

/** The table of settings that are not the same. @type {Part} */
export function differsPart(a, b, text) {
  if (!a.run || !b.run) return;
  const rows = differences(a.run, b.run, b.recipes, sameValue);
  const [ours, theirs] = [a.data?.source, b.data?.source];
  if (ours && theirs && ours !== theirs) rows.push({ key: "data", a: ours, b: theirs });
  const key = JSON.stringify([rows.map(({ key, a, b }) => [key, a, b]), text.lang, a.run.seed]);
  const table = byId("b-table");
  if (table.dataset.rows === key) return;
  table.dataset.rows = key;
  /** @param {typeof rows[0]} row @param {string | null} value */
  const cell = ({ key, info }, value) => {
    if (value === null) return "–";
    if (key === "recipe") return recipeName(value, text);
    return key === "data" ? text.t(`data.${value}`) : info ? text.knob(info, value) : value;
  };
  /** @type {Record<string, string>} */
  const names = { recipe: text.t("recipe.label"), seed: text.t("seed.label"), data: text.t("data.title") };
  byId("b-rows").replaceChildren(
    ...rows.map((row) =>
      make(
        "tr",
        {},
        make("th", { scope: "row" }, names[row.key] ?? knobName(row.key, text)),
        make("td", {}, cell(row, row.a)),
        make("td", {}, cell(row, row.b)),
      ),
    ),
  );
  table.hidden = rows.length === 0;
  const seed = `${a.run.seed}`;
  const differs = (/** @type {string} */ key) => rows.some((row) => row.key === key);
  const rest = differs("seed") || differs("data") ? "compare.same" : "compare.same.seed";
  const lacks = rows.some(({ a, b }) => a === null || b === null) ? text.t("compare.lacks") : "";
  write(byId("b-same"), text.t(rows.length ? rest : "compare.none", { seed }) + lacks);
}
