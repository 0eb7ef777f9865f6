// What the page says of D's scores: of V and the distance that follows from it, of a drawing, of one digit, and the room that the losses' axis leaves.
import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST_APART } from "../../../www/figures.js";
import { createText } from "../../../www/i18n.js";
import { initial } from "../../../www/state.js";
import { chartOptions } from "../../../www/view/chart.js";
import { sentence } from "../../../www/view/readout.js";
import { apart } from "../../../www/view/scores.js";
import { readingSays } from "../../../www/view/sketch-read.js";
import { sentences } from "./sentences.js";
import { catalogue } from "./catalogue.js";

const text = createText("en", sentences.en, ["en"]);

/** A document in which every id has an element that keeps what is written to it. */
function page() {
  /** @type {Map<string, any>} */
  const elements = new Map();
  const made = () => {
    /** @type {Map<string, string>} */
    const [attributes, styles, classes] = [new Map(), new Map(), new Set()];
    return {
      textContent: "",
      attributes,
      classes,
      style: { setProperty: (name, value) => styles.set(name, value) },
      classList: { toggle: (name, on) => (on ? classes.add(name) : classes.delete(name)) },
      getAttribute: (name) => attributes.get(name) ?? null,
      setAttribute: (name, value) => attributes.set(name, value),
      removeAttribute: (name) => attributes.delete(name),
    };
  };
  const byId = (id) => elements.get(id) ?? elements.set(id, made()).get(id);
  globalThis.document = /** @type {any} */ ({ getElementById: byId, documentElement: {} });
  return byId;
}

const run = { recipe: "gan", columns: [], knobs: { loss: "non-saturating" } };
const scores = (more) => ({
  step: 90,
  probability: true,
  low: 0,
  high: 1,
  middle: 0.5,
  right: 0.5,
  real: [1],
  fake: [1],
  ...more,
});

/** What the panel says of a game. @param {number | null} jsd @param {Record<string, string>} [knobs] */
function told(jsd, knobs = {}) {
  const byId = page();
  const game = jsd === null ? undefined : { value: 2 * jsd - Math.log(4), jsd, error: 0.004 };
  const state = {
    ...initial(),
    catalogue,
    run: { ...run, knobs: { ...run.knobs, ...knobs } },
    scores: scores({ game }),
  };
  apart(/** @type {any} */ (state), text);
  const gauge = byId("gauge");
  return {
    jsd: byId("jsd").textContent,
    says: byId("apart-says").textContent,
    now: gauge.attributes.get("aria-valuenow"),
    valuetext: gauge.attributes.get("aria-valuetext"),
    empty: gauge.classes.has("empty"),
  };
}

test("an estimate below 0 bounds nothing, and the gauge stands at 0", () => {
  const below = told(-0.099);
  assert.equal(below.jsd, "0 (no bound now)");
  assert.deepEqual([below.now, below.valuetext, below.empty], ["0.000", "0 (no bound now)", false]);
  assert.equal(below.says, text.t("scores.apart.below"));
  const above = told(0.25);
  assert.deepEqual([above.jsd, above.now], ["0.250 ± 0.004", "0.250"]);
  assert.equal(above.says, text.t("scores.apart.least"));
  assert.equal(told(3).now, MOST_APART.toFixed(3));
  const none = told(null);
  assert.deepEqual([none.jsd, none.says, none.empty], ["–", text.t("scores.apart.unknown"), true]);
});

test("where D judges digits in packs, the distance is said to be one of packs", () => {
  const packs = "D judges 2 digits together, so this compares sets of 2, not single digits.";
  assert.equal(told(0.25, { pack: "2" }).says, `${text.t("scores.apart.least")} ${packs}`);
  assert.equal(told(-0.1, { pack: "2" }).says, `${text.t("scores.apart.below")} ${packs}`);
  assert.equal(told(0.25, { pack: "1" }).says, text.t("scores.apart.least"));
  assert.equal(told(null, { pack: "2" }).says, text.t("scores.apart.unknown"));
});

for (const loss of ["wasserstein", "hinge", "relativistic"]) {
  test(`a score takes a side by the middle of D's last scores, ${loss}`, () => {
    // A critic whose level has drifted far from 0.
    const known = { ...initial(), catalogue, run: { ...run, knobs: { loss } } };
    const drifted = { ...known, scores: scores({ probability: false, low: 30, high: 50, middle: 41.5 }) };
    const drawing = (score, state) => readingSays(/** @type {any} */ ({ score, step: 90 }), state, text);
    assert.match(drawing(41.6, drifted), /41\.6\. It takes yours for real\.$/);
    assert.match(drawing(41.4, drifted), /41\.4\. It takes yours for generated\.$/);
    assert.match(drawing(41.6, known), /41\.6\.$/, "without a middle it takes no side");
    const digit = (grid, score, state) => sentence(/** @type {any} */ ({ grid, score }), state, text);
    assert.match(digit("real", 41.6, drifted), /It knows this one as real\.$/);
    assert.match(digit("real", 41.4, drifted), /Wrong: this one is real\.$/);
    assert.match(digit("samples", 41.6, drifted), /G has fooled it\.$/);
    assert.match(digit("samples", 41.4, drifted), /It sees that G made this one\.$/);
    assert.match(digit("samples", 41.4, known), /41\.4\.$/);
  });
}

test("the losses' axis leaves room for half of its last number", () => {
  page();
  const style = { fontSize: "16px", fontFamily: "sans-serif", getPropertyValue: () => "" };
  globalThis.getComputedStyle = /** @type {any} */ (() => style);
  const box = /** @type {any} */ ({ clientWidth: 600, clientHeight: 200 });
  const { padding } = chartOptions(box, text, [], { cursor: () => {} });
  const right = (x) => padding[1](/** @type {any} */ ({ scales: { x } }));
  for (const max of [999, 20_000, 1_234_567]) {
    // A figure of 11 pixels is about 6.1 wide.
    const half = (6.1 * text.number(max, 0).length) / 2;
    assert.ok(right({ max }) >= half && right({ max }) < half + 14, `${right({ max })} for ${max}`);
  }
  assert.ok(right(undefined) >= 10);
});
