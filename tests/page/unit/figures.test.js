// Seeing the game: what the figures come to, when the worker is asked about a digit, and that every word for them exists.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { digitAt, dueIn, moved, sameDigit } from "../../../www/asking.js";
import {
  coverageOf,
  divergenceFrom,
  decimals,
  evenness,
  extremes,
  gameOf,
  lead,
  logEnds,
  logMarks,
  MOST_APART,
  partOf,
  places,
  sides,
  verdict,
} from "../../../www/figures.js";
import { createText } from "../../../www/i18n.js";
import { initial, reduce } from "../../../www/state.js";
import { catalogue, losses } from "./catalogue.js";
import { sentences } from "./sentences.js";

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");

/** Two histograms of four bins. */
const scores = (real, fake, ends = {}) => ({
  step: 1,
  probability: true,
  low: 0,
  high: 1,
  middle: 0.5,
  right: 0,
  real,
  fake,
  ...ends,
});

test("D is right about real digits above the line and generated ones below it", () => {
  assert.deepEqual(sides(scores([0, 1, 2, 1], [3, 1, 0, 0])), { real: 0.75, fake: 1 });
  assert.deepEqual(sides(scores([0, 0, 0, 0], [0, 0, 0, 0])), { real: 0, fake: 0 });
  // A line amid a bin shares it out.
  assert.deepEqual(sides(scores([0, 4, 0, 0], [0, 4, 0, 0], { low: -1, high: 1, middle: -0.25 })), {
    real: 0.5,
    fake: 0.5,
  });
});

test("the lead is the distance of the means, in the scores' own units", () => {
  assert.equal(lead(scores([0, 0, 0, 5], [5, 0, 0, 0], { low: -2, high: 2 })), 3);
  assert.equal(lead(scores([0, 3, 0, 0], [0, 9, 0, 0])), 0);
});

test("V is that of the run at rest, and while it trains that of the last steps", () => {
  const game = { value: -1.2, jsd: 0.09, error: 0.01 };
  const survey = /** @type {any} */ ({ value: -1.1, jsd: 0.14, digits: 512, step: 40 });
  const training = { ...scores([1], [1]), step: 90, game };
  assert.equal(gameOf({ scores: null, survey: null }), null);
  assert.deepEqual(gameOf({ scores: training, survey }), { ...game, digits: 0, step: 90 });
  assert.deepEqual(gameOf({ scores: training, survey: { ...survey, step: 90 } }), {
    value: -1.1,
    jsd: 0.14,
    error: null,
    digits: 512,
    step: 90,
  });
  // A survey made while training asks D nothing.
  const bare = { ...survey, step: 95, value: undefined, jsd: undefined };
  assert.equal(gameOf({ scores: training, survey: bare })?.step, 90);
  assert.equal(gameOf({ scores: { ...training, game: undefined }, survey })?.step, 40);
});

test("words for how well D plays leave no gap", () => {
  const words = [0, 0.419, 0.42, 0.5, 0.579, 0.58, 0.949, 0.95, 1].map(verdict);
  assert.deepEqual(words, [
    "fooled",
    "fooled",
    "guess",
    "guess",
    "guess",
    "better",
    "better",
    "sure",
    "sure",
  ]);
});

test("the gauge goes from no difference to nothing in common, and stops there", () => {
  assert.equal(partOf(0, 0, MOST_APART), 0);
  assert.equal(partOf(-0.2, 0, MOST_APART), 0);
  assert.equal(partOf(Math.LN2, 0, MOST_APART), 1);
  assert.equal(partOf(3, 0, MOST_APART), 1);
  assert.equal(partOf(1, 2, 2), 0, "a scale of no length");
});

test("the newest look at the classes counts, and a survey wins where both are of one step", () => {
  const seen_ = { stage: "digits", confidence: 0.7, digits: 256, divergence: 2.3 };
  const data = { own: Array(10).fill(0.1), own_recognised: 0.96 };
  const glance = { step: 50, ...seen_, ...data, classes: Array(10).fill(0) };
  glance.classes[1] = 240;
  const survey = {
    step: 50,
    digits: 512,
    classes: Array(10).fill(0.1),
    divergence: 0,
    confidence: 0.8,
    recognised: 0.48,
  };
  assert.equal(coverageOf({ glance: null, survey: null }), null);
  const seen = coverageOf({ glance, survey: null });
  assert.deepEqual([seen.digits, seen.shares[1], seen.shares[0], seen.survey], [256, 1, 0, false]);
  assert.deepEqual(
    [coverageOf({ glance, survey }).digits, coverageOf({ glance, survey }).survey],
    [512, true],
  );
  assert.deepEqual([seen.read, seen.readable], [240, 240 / 256 / 0.96], "of those that can be read");
  assert.deepEqual(
    [coverageOf({ glance, survey }).read, coverageOf({ glance, survey }).readable],
    [246, 0.5],
  );
  assert.equal(coverageOf({ glance: { ...glance, step: 100 }, survey }).survey, false);
  assert.equal(coverageOf({ glance: null, survey }).digits, 512);
  const shares = coverageOf({ glance, survey: null }).shares;
  assert.equal(
    shares.reduce((sum, share) => sum + share, 0),
    1,
  );
});

test("words for how even shares are fit known cases", () => {
  const divergence = (shares) => shares.reduce((sum, p) => sum + (p > 0 ? p * Math.log(p * 10) : 0), 0);
  const alike = (missing) => Array.from({ length: 10 }, (_, i) => (i < missing ? 0 : 1 / (10 - missing)));
  assert.equal(evenness(divergence(alike(0))), "even");
  assert.equal(evenness(divergence(alike(3))), "uneven");
  assert.equal(evenness(divergence(alike(5))), "one-sided");
  assert.equal(evenness(divergence([0.6, ...Array(9).fill(0.4 / 9)])), "one-sided");
  assert.deepEqual(extremes([0.5, 0, 0.2, 0.05, 0.05, 0.05, 0.05, 0.05, 0.05, 0]), {
    top: 0,
    least: 1,
    missing: [1, 9],
  });
});

test("what the data lacks is not missed", () => {
  const own = [0.5, 0.3, 0.2, 0, 0, 0, 0, 0, 0, 0];
  assert.deepEqual(extremes([0.6, 0.4, 0, 0, 0, 0, 0, 0, 0, 0], own), { top: 0, least: 2, missing: [2] });
  assert.deepEqual(extremes(own, own), { top: 0, least: 2, missing: [] });
  assert.equal(evenness(divergenceFrom(own, own)), "even");
  assert.equal(evenness(divergenceFrom([1, 0, 0, 0, 0, 0, 0, 0, 0, 0], own)), "one-sided");
  assert.ok(divergenceFrom([0, 0, 0, 1, 0, 0, 0, 0, 0, 0], own) > 6, "a class that is not in the data");
});

test("a logarithmic axis has a few round marks between its ends", () => {
  for (const [low, high] of [
    [0.9, 1.1],
    [3, 40],
    [12, 46],
    [0.001, 2000],
    [1e-6, 1e-5],
  ]) {
    const marks = logMarks(low, high);
    assert.ok(marks.length > 0 && marks.length < 12, `${low} ${high}: ${marks}`);
    assert.ok(marks.every((mark) => mark >= low * 0.99 && mark <= high * 1.01));
    assert.deepEqual(
      marks.slice().sort((a, b) => a - b),
      marks,
    );
  }
  const [low, high] = logEnds(5, 5);
  assert.ok(low < 5 && high > 5 && high / low >= 4);
  for (const none of [null, undefined, 0, -1, NaN]) assert.deepEqual(logEnds(none, none), [0.5, 20]);
  assert.deepEqual([1, 1.5, 0.02, 20].map(decimals), [0, 1, 2, 0]);
  assert.deepEqual([0, 0.003, 0.25, 12.3, 456].map(places), [2, 4, 2, 1, 0]);
});

test("one question at a time, the newest digit first, again when the nets have moved", () => {
  const digit = { grid: "samples", index: 3 };
  const asked = { digit, step: 7, at: 1000, pending: false };
  assert.equal(dueIn(null, 7, asked, 5000), null, "nobody looks");
  assert.equal(dueIn(digit, 7, null, 0), 0, "the first at once");
  assert.equal(dueIn(digit, 8, { ...asked, pending: true }, 1100), null, "one is under way");
  assert.equal(dueIn(digit, 8, { ...asked, pending: true }, 9000), 0, "its answer is lost");
  assert.equal(dueIn(digit, 7, asked, 9000), null, "nothing has moved");
  assert.equal(dueIn(digit, 8, asked, 1100), 150, "at most four times a second");
  assert.equal(dueIn(digit, 8, asked, 1250), 0);
  const next = { grid: "real", index: 3 };
  assert.ok(dueIn(next, 7, asked, 1010) > 0 && dueIn(next, 7, asked, 1010) < 100);
  assert.equal(dueIn(next, 7, asked, 1200), 0);
  assert.ok(sameDigit(digit, { ...digit }) && !sameDigit(digit, next) && !sameDigit(null, null));
});

test("keys and points find their digit and stay in the grid", () => {
  const go = (key, from) => moved(key, from, 8, 64);
  assert.deepEqual(
    ["ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown"].map((key) => go(key, 9)),
    [8, 10, 1, 17],
  );
  assert.deepEqual(
    ["ArrowLeft", "ArrowUp"].map((key) => go(key, 0)),
    [0, 0],
  );
  assert.deepEqual(
    ["ArrowRight", "ArrowDown"].map((key) => go(key, 63)),
    [63, 63],
  );
  assert.deepEqual([go("Home", 13), go("End", 13), go("s", 13), go(" ", 13)], [8, 15, null, null]);
  assert.equal(digitAt(0, 0, 8, 8), 0);
  assert.equal(digitAt(0.99, 0.99, 8, 8), 63);
  assert.equal(digitAt(0.2, 0.4, 8, 8), 25);
  assert.deepEqual([digitAt(-1, -1, 8, 8), digitAt(2, 2, 8, 8)], [0, 63]);
});

test("the judge is awaited, here, or not to be had; a new run changes nothing of that", () => {
  const here = reduce(initial(), { type: "judge-is", judge: "here" });
  assert.deepEqual([initial().judge, here.judge], ["coming", "here"]);
  assert.equal(reduce(here, { type: "restart" }).judge, "here");
});

test("every loss, verdict and word has its sentence in both languages", () => {
  const scored = losses.filter((loss) => !catalogue.losses[loss]?.probability);
  for (const [lang, known] of Object.entries(sentences)) {
    const text = createText(lang, known);
    for (const loss of losses) assert.ok(text.has(`option.${loss}`), loss);
    const keys = [
      ...scored.flatMap((loss) => [`scores.hint.${loss}`, `scores.kind.${loss}`]),
      "scores.hint.odds",
      ...["sure", "better", "guess", "fooled"].map((word) => `scores.right.${word}`),
      ...["unknown", "least", "below", "none", "about", "packs", "of", "to"].map(
        (word) => `scores.apart.${word}`,
      ),
      ...["even", "uneven", "one-sided", "missing", "one-sided.missing"].map(
        (word) => `coverage.says.${word}`,
      ),
      ...["even", "uneven"].map((word) => `coverage.word.${word}`),
      ...["coming", "here", "none"].map((word) => `coverage.judge.${word}`),
      ...["samples", "real"].flatMap((grid) => [
        `inspect.${grid}`,
        `inspect.${grid}.place`,
        `inspect.says.${grid}.right`,
        `inspect.says.${grid}.wrong`,
      ]),
    ];
    for (const key of keys) assert.ok(text.has(key), `${lang}: ${key}`);
  }
});
