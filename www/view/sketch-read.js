// What is made of a drawing: the 28 x 28 pixels that the nets see, D's score, the judge's reading, and translations.
import { isCycle } from "../amid.js";
import { partOf } from "../figures.js";
import { guessOf, sketchingOf } from "../sketching-state.js";
import { drawDigits, make, mark, write } from "./dom.js";
import { percent, scoreSays, scoresOf } from "./scores.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {NonNullable<import("../sketching-types.js").Sketching["reading"]>} Reading */

const PIXELS = 784;
const WAYS = ["a-b", "b-a"];
/** Bars of classes that are shown. */
const BARS = 3;

/** A canvas of one digit. @param {string} view @param {string} label its key */
export function digitCanvas(view, label) {
  const canvas = make("canvas", { width: "28", height: "28", role: "img", "data-t-label": label });
  Object.assign(canvas.dataset, { view, columns: "1", rows: "1" });
  drawDigits(canvas, new Uint8Array(PIXELS));
  return canvas;
}

/** @param {HTMLElement} table @returns {import("../types.js").View} */
export function readView(table) {
  const canvas = digitCanvas("sketch", "sketch.alt");
  const score = make("p", { id: "sketch-score", class: "says" });
  const odds = make("div", { class: "odds", "aria-hidden": "true" }, make("span"));
  const judged = make("p", { id: "sketch-judged", class: "says" });
  const bars = Array.from({ length: BARS }, () => bar());
  const list = make(
    "ol",
    { class: "chances", "data-t-label": "sketch.chances" },
    ...bars.map(({ row }) => row),
  );
  const ways = WAYS.map((way) => digitCanvas(`sketch-${way}`, `sketch.${way}`));
  const caption = (/** @type {number} */ i) =>
    make("figcaption", { "aria-hidden": "true", "data-t": `pairs.${WAYS[i]}` });
  const translated = make(
    "div",
    { class: "sketch-translated", hidden: "" },
    ...ways.map((way, i) => make("figure", {}, way, caption(i))),
  );
  const said = make("p", { class: "unseen", "aria-live": "polite" });
  const seen = make(
    "figure",
    { class: "sketch-seen" },
    canvas,
    make("figcaption", { class: "why", "data-t": "sketch.seen.why" }),
  );
  const d = make(
    "div",
    { class: "sketch-d" },
    make("h4", { class: "player d", "data-t": "sketch.d" }),
    score,
    odds,
  );
  const judge = make(
    "div",
    { class: "sketch-judge" },
    make("h4", { "data-t": "sketch.judge" }),
    judged,
    list,
  );
  table.append(
    make(
      "div",
      { class: "sketch-read" },
      make("h3", { "data-t": "sketch.seen" }),
      make("div", { class: "sketch-says" }, seen, make("div", {}, d, judge)),
      translated,
      said,
    ),
  );
  /** @type {Uint8Array | null | undefined} */
  let shown;
  /** @type {Uint8Array | null} */
  let shownWays = null;

  return (state, text) => {
    const { pixels, reading, down } = sketchingOf(state);
    if (pixels !== shown) drawDigits(canvas, pixels ?? new Uint8Array(PIXELS));
    shown = pixels;
    write(
      score,
      reading ? readingSays(reading, state, text) : text.t(pixels ? "inspect.asking" : "sketch.d.empty"),
    );
    showOdds(odds, reading, state);
    const guess = reading && guessOf(reading.probabilities);
    write(judged, judgeSays(guess, state, text));
    list.hidden = !guess;
    bars.forEach(({ show }, i) => guess && show(guess.first[i], text));
    const pair = reading && reading.pixels.length >= 2 * PIXELS ? reading.pixels : null;
    translated.hidden = !isCycle(state.run);
    if (pair !== shownWays)
      ways.forEach((way, i) =>
        drawDigits(way, pair?.subarray(i * PIXELS, (i + 1) * PIXELS) ?? new Uint8Array(PIXELS)),
      );
    shownWays = pair;
    // Read aloud when the pen rests, not with every move of it.
    if (!down && state.phase !== "training")
      write(said, reading ? `${score.textContent} ${judged.textContent}` : "");
  };
}

/** A class with its probability. */
function bar() {
  const kind = make("b");
  const track = make("span", { class: "chance", "aria-hidden": "true" }, make("span"));
  const chance = make("output");
  return {
    row: make("li", {}, kind, track, chance),
    /** @param {{ kind: number, chance: number }} guess @param {Text} text */
    show(guess, text) {
      write(kind, `${guess.kind}`);
      write(chance, `${percent(guess.chance, text)} %`);
      track.style.setProperty("--part", `${guess.chance}`);
    },
  };
}

/** D's word on the drawing. @param {Reading} reading @param {State} state @param {Text} text */
export function readingSays(reading, state, text) {
  const { probability, score, step } = reading;
  const value =
    probability === undefined || probability === null
      ? scoreSays(score, state, text)
      : text.t("inspect.chance", { chance: percent(probability, text) });
  if (step === 0) return text.t("sketch.d.untrained", { value });
  if (isCycle(state.run)) return text.t("inspect.says.pair", { value });
  const scores = scoresOf(state);
  if (probability === undefined || probability === null) {
    if (!scores) return text.t("inspect.says", { value });
    return text.t(score > scores.middle ? "sketch.d.real" : "sketch.d.fake", { value });
  }
  return text.t(probability > 0.5 ? "sketch.d.real" : "sketch.d.fake", { value });
}

/** @param {HTMLElement} odds @param {Reading | null} reading @param {State} state */
function showOdds(odds, reading, state) {
  const { probability, score = 0 } = reading ?? {};
  const odd = probability !== undefined && probability !== null;
  const reach = Math.max(1, Math.abs(score));
  const ends =
    odd || !reading
      ? { low: 0, high: 1, middle: 0.5 }
      : (scoresOf(state) ?? { low: -reach, high: reach, middle: 0 });
  const at = reading ? partOf(odd ? probability : score, ends.low, ends.high) : 0;
  odds.style.setProperty("--at", `${at}`);
  odds.style.setProperty("--middle", `${partOf(ends.middle, ends.low, ends.high)}`);
  mark(odds, "data-empty", reading ? null : "");
}

/** @param {ReturnType<typeof guessOf>} guess @param {State} state @param {Text} text */
function judgeSays(guess, state, text) {
  if (!guess) {
    if (state.judge === "none" || state.judge === "coming") return text.t(`coverage.judge.${state.judge}`);
    return text.t("sketch.judge.empty");
  }
  const [{ kind }, { kind: other }] = guess.first;
  return text.t(`sketch.judge.${guess.word}`, { kind, other });
}
