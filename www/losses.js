// What the engine's catalogue says of a loss, with a run's targets and some scores put in. Pure.

/** @typedef {import("./types.js").LossFacts} LossFacts */
/** @typedef {import("./types.js").Formula} Formula */
/** @typedef {import("./types.js").Term} Term */
/** @typedef {import("./types.js").Digits} Digits */
/** @typedef {Record<import("./types.js").Target, number>} Targets */
/** Scores of one digit of each kind, and the means of all. @typedef {{ scores: Record<Digits, number>, means: Record<Digits, number> }} At */

/** The facts of the loss that knobs name. @param {import("./types.js").State["catalogue"]} catalogue @param {Record<string, string> | undefined} knobs @returns {LossFacts | null} */
export const factsOf = (catalogue, knobs) => catalogue?.losses[knobs?.loss ?? ""] ?? null;

/** What the players are told to reach, where a loss has targets. @param {Record<string, string>} knobs @returns {Targets} */
export function targetsOf({ real_target = "1", fake_target = "0", g_target = "1" }) {
  return { real: Number(real_target), fake: Number(fake_target), generator: Number(g_target) };
}

/** log(1 + e^x), for any x. @param {number} x */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/** @param {Formula} formula @param {Targets} targets @param {At} at @returns {number} */
function valueOf(formula, targets, at) {
  const value = (/** @type {Formula} */ part) => valueOf(part, targets, at);
  switch (formula.is) {
    case "number":
      return formula.value;
    case "target":
      return targets[formula.of];
    case "score":
      return at.scores[formula.of];
    case "mean-score":
      return at.means[formula.of];
    case "log-d":
      return -softplus(-at.scores[formula.of]);
    case "log-one-minus-d":
      return -softplus(at.scores[formula.of]);
    case "sum":
      return value(formula.a) + value(formula.b);
    case "difference":
      return value(formula.a) - value(formula.b);
    case "product":
      return value(formula.a) * value(formula.b);
    case "square":
      return value(formula.a) ** 2;
    case "positive":
      return Math.max(0, value(formula.a));
    case "softplus":
      return softplus(value(formula.a));
  }
}

/** All parts of a formula, itself included. @param {Formula} formula @returns {Formula[]} */
const partsOf = (formula) => [
  formula,
  ...("a" in formula ? partsOf(formula.a) : []),
  ...("b" in formula ? partsOf(formula.b) : []),
];

/** The value of a formula without scores; nothing of one with scores. @param {Formula} formula @param {Targets} targets */
export function constantOf(formula, targets) {
  if (formula.is === "product")
    for (const factor of [formula.a, formula.b]) if (constantOf(factor, targets) === 0) return 0;
  const scored = partsOf(formula).some((part) => "of" in part && part.is !== "target");
  const none = { real: NaN, fake: NaN };
  return scored ? null : valueOf(formula, targets, { scores: none, means: none });
}

/** The score at which D takes neither side; nothing where only differences of scores mean something. @param {LossFacts | null} facts @param {Record<string, string>} knobs */
export const middleOf = (facts, knobs) => (facts?.middle ? constantOf(facts.middle, targetsOf(knobs)) : null);

/** A term of some scores; nothing where scores that it takes are missing. @param {Term} term @param {Targets} targets @param {Record<Digits, number[]>} scores @returns {number | null} */
function meanOf({ weight, each }, targets, scores) {
  const taken = partsOf(each).flatMap((part) =>
    "of" in part && part.is !== "target" ? [{ whole: part.is === "mean-score", of: part.of }] : [],
  );
  const counts = taken.filter(({ whole }) => !whole).map(({ of }) => scores[of].length);
  const count = Math.min(...counts);
  if (!count || taken.some(({ of }) => scores[of].length === 0)) return null;
  const mean = (/** @type {number[]} */ values) =>
    values.reduce((sum, value) => sum + value, 0) / values.length;
  const means = { real: mean(scores.real), fake: mean(scores.fake) };
  const values = Array.from({ length: count }, (_, i) =>
    valueOf(each, targets, { scores: { real: scores.real[i], fake: scores.fake[i] }, means }),
  );
  return weight * mean(values);
}

/**
 * The losses of some scores: D's two, as they are reported, and G's; of nothing, nothing.
 * @param {{ facts: LossFacts, targets: Targets }} rules @param {ArrayLike<number>} real @param {ArrayLike<number>} fake
 * @returns {{ real: number | null, fake: number | null, g: number | null }}
 */
export function evaluate({ facts, targets }, real, fake) {
  const scores = { real: Array.from(real), fake: Array.from(fake) };
  const of = (/** @type {Term} */ term) => meanOf(term, targets, scores);
  const g = facts.generator
    .map(of)
    .reduce((sum, value) => (sum === null || value === null ? null : sum + value), 0);
  const onFake = of(facts.fake);
  if (facts.real) return { real: of(facts.real), fake: onFake, g };
  const half = onFake === null ? null : onFake / 2;
  return { real: half, fake: half, g };
}

/** What each of D's two losses is while D can only guess. @param {LossFacts} facts @param {Record<string, string>} knobs */
export function guessOf(facts, knobs) {
  const even = [middleOf(facts, knobs) ?? 0];
  return evaluate({ facts, targets: targetsOf(knobs) }, even, even).real;
}
