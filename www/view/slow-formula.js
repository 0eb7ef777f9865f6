// What the players minimise, as formulas: trees of MathML. Pure, no page.
import { constantOf, middleOf, targetsOf } from "../losses.js";

/** A MathML element; `of` is the player it stands for. @typedef {{ tag: string, kids: (Tree | string)[], of?: string, [attribute: string]: unknown }} Tree */
/** Pieces of a formula that a line may break between, and what it is of. @typedef {{ pieces: Tree[], note?: import("../types.js").Sentence }} Line */
/** @typedef {ReturnType<typeof rulesOf>} Rules */
/** @typedef {(value: number, digits?: number) => string} Write */

const el = (/** @type {string} */ tag, /** @type {(Tree | string)[]} */ ...kids) => ({ tag, kids });
const mi = (/** @type {string} */ name) => el("mi", name);
const mo = (/** @type {string} */ sign) => el("mo", sign);
const mn = (/** @type {string} */ number) => el("mn", number);
const row = (/** @type {Tree[]} */ ...kids) => el("mrow", ...kids);
const sub = (/** @type {Tree} */ base, /** @type {Tree} */ index) => el("msub", base, index);
const frac = (/** @type {Tree} */ over, /** @type {Tree} */ under) => el("mfrac", over, under);
const square = (/** @type {Tree} */ base) => el("msup", base, mn("2"));
const group = (/** @type {Tree[]} */ ...kids) => row(mo("("), ...kids, mo(")"));
const name = (/** @type {string} */ letter, /** @type {string} */ of) => ({ ...mi(letter), of });

const G = name("G", "g");
const D = name("D", "d");
const L = { d: sub(mi("L"), D), g: sub(mi("L"), G) };
const WEIGHTS = { d: sub(mi("θ"), D), g: sub(mi("θ"), G) };
const OPTIMIZERS = /** @type {Record<string, string>} */ ({ adam: "Adam", rmsprop: "RMSProp", sgd: "SGD" });

/** A loss as a run has it: its knobs as numbers. @param {Record<string, string>} knobs @param {import("../types.js").LossFacts} facts of the loss @param {{ cycle: boolean, told: boolean }} game */
export function rulesOf(knobs, facts, { cycle, told }) {
  const number = (/** @type {string} */ key, otherwise = 0) => Number(knobs[key] ?? otherwise);
  return {
    facts,
    middle: middleOf(facts, knobs),
    targets: targetsOf(knobs),
    batch: number("batch", 1),
    pack: number("pack", 1),
    fresh: knobs.fresh_fakes === "true",
    penalty: number("penalty"),
    r1: number("r1"),
    r2: number("r2"),
    clip: number("clip"),
    spectral: knobs.spectral === "true",
    back: number("cycle"),
    same: number("identity"),
    optimizer: OPTIMIZERS[knobs.optimizer] ?? knobs.optimizer ?? "",
    rates: { d: number("d_rate"), g: number("g_rate") },
    decay: number("decay", 1),
    uniform: knobs.noise === "uniform",
    cycle,
    told,
  };
}

/** @param {number} score */
export const probability = (score) => 1 / (1 + Math.exp(-score));

/** The names of digits and of what is made of them. @param {Rules} rules */
export function namesOf({ cycle, told }) {
  const given = (/** @type {Tree} */ index) => (told ? [mo("|"), sub(mi("y"), index)] : []);
  const judge = cycle ? sub(D, mi("B")) : D;
  const real = (/** @type {Tree} */ i) => sub(name(cycle ? "b" : "x", "real"), i);
  const source = (/** @type {Tree} */ i) => sub(mi(cycle ? "a" : "z"), i);
  const made = (/** @type {Tree} */ i) => row(G, group(source(i), ...given(i)));
  const says = (/** @type {Tree} */ digit, /** @type {Tree} */ i) => row(judge, group(digit, ...given(i)));
  return {
    real,
    source,
    made,
    onReal: (/** @type {Tree} */ i) => says(real(i), i),
    onFake: (/** @type {Tree} */ i) => says(made(i), i),
  };
}

/** 1/n of a sum over i, with what stands before it. @param {Tree} n @param {Tree} term @param {{ over?: number, under?: number, minus?: boolean }} [factor] */
function mean(n, term, { over = 1, under = 1, minus = false } = {}) {
  const below = under === 1 ? n : row(mn(`${under}`), ...(n.tag === "mn" ? [mo("·")] : []), n);
  const sum = el("munderover", mo("∑"), row(mi("i"), mo("="), mn("1")), n);
  return row(...(minus ? [mo("−")] : []), frac(mn(`${over}`), below), sum, term);
}

const log = (/** @type {Tree} */ of, spaced = true) => row(mi("log"), ...(spaced ? [el("mspace")] : []), of);
const oneMinus = (/** @type {Tree} */ of) => group(mn("1"), mo("−"), of);

/**
 * A formula in pieces: what stands between them is a sign.
 * @param {import("../types.js").Formula} formula @param {Rules} rules @param {Write} write @returns {Tree[]}
 */
function written(formula, rules, write) {
  const { onReal, onFake } = namesOf(rules);
  const pieces = (/** @type {import("../types.js").Formula} */ part) => written(part, rules, write);
  const constant = (/** @type {import("../types.js").Formula} */ part) => constantOf(part, rules.targets);
  const score = (/** @type {import("../types.js").Digits} */ of, index = "i") =>
    (of === "real" ? onReal : onFake)(mi(index));
  const value = constant(formula);
  if (value !== null) return [mn(exact(value, write))];
  switch (formula.is) {
    case "score":
      return [score(formula.of)];
    case "mean-score":
      return [el("mover", score(formula.of, "j"), mo("‾"))];
    case "log-d":
      return [log(score(formula.of))];
    case "log-one-minus-d":
      return [log(oneMinus(score(formula.of)))];
    case "sum": {
      if (constant(formula.a) === 0) return pieces(formula.b);
      if (constant(formula.b) === 0) return pieces(formula.a);
      return [...pieces(formula.a), mo("+"), ...pieces(formula.b)];
    }
    case "difference": {
      const less = constant(formula.b);
      if (less === 0) return pieces(formula.a);
      if (less !== null && less < 0) return [...pieces(formula.a), mo("+"), mn(exact(-less, write))];
      return [...pieces(formula.a), mo("−"), whole(pieces(formula.b))];
    }
    case "product":
      if (constant(formula.a) === 1) return pieces(formula.b);
      return [whole(pieces(formula.a)), whole(pieces(formula.b))];
    case "square":
      return [square(whole(pieces(formula.a)))];
    case "positive":
      return [row(mi("max"), group(mn("0"), mo(","), ...pieces(formula.a)))];
    case "softplus":
      return [log(group(mn("1"), mo("+"), el("msup", mi("e"), row(...pieces(formula.a)))), false)];
    default:
      return [];
  }
}

/** Pieces as one: several in brackets. @param {Tree[]} pieces */
const whole = (pieces) => (pieces.length === 1 ? pieces[0] : group(...pieces));

/**
 * The terms that are minimised: D's on real digits, D's on generated ones, G's. Where D's are one, it is under `fake`.
 * @param {Rules} rules @param {Tree} n how many scores they are the mean of @param {Write} write @returns {{ real: Tree | null, fake: Tree, g: Tree[] }}
 */
export function termsOf(rules, n, write) {
  const term = (/** @type {import("../types.js").Term} */ { weight, each }, times = 1) => {
    const size = Math.abs(weight) * times;
    const factor = size < 1 ? { under: 1 / size } : { over: size };
    return mean(n, whole(written(each, rules, write)), { ...factor, minus: weight < 0 });
  };
  const { real, fake, generator } = rules.facts;
  return {
    real: real ? term(real) : null,
    fake: term(fake),
    // CycleGAN's squares are not halved for its translators: the cycle is weighed against whole ones.
    g: generator.map((one) => term(one, rules.cycle ? 2 : 1)),
  };
}

/** The penalties on D's slope that are on, each with its weight. @param {Rules} rules @param {Tree} n @param {Write} write @returns {Tree[]} */
export function penaltiesOf(rules, n, write) {
  const { real, made } = namesOf(rules);
  const slope = (/** @type {Tree} */ at) => row(mo("‖"), mo("∇"), D, group(at), mo("‖"));
  const weight = (/** @type {number} */ value) => mn(exact(value, write));
  const flat = (/** @type {number} */ gamma, /** @type {Tree} */ at) =>
    row(frac(weight(gamma), mn("2")), mean(n, square(slope(at))));
  const between = sub(el("mover", mi("x"), mo("^")), mi("i"));
  const found = [];
  if (rules.r1 > 0) found.push(flat(rules.r1, real(mi("i"))));
  if (rules.r2 > 0) found.push(flat(rules.r2, made(mi("i"))));
  if (rules.penalty > 0)
    found.push(row(weight(rules.penalty), mean(n, square(group(slope(between), mo("−"), mn("1"))))));
  return found;
}

/** A player's step: its optimiser on the gradient, and what is done to D's weights after. @param {Rules} rules @param {"d" | "g"} who @param {number} norm @param {number} iterations done before @param {Write} write @returns {Tree[]} */
export function moveOf(rules, who, norm, iterations, write) {
  const [weights, loss] = [WEIGHTS[who], L[who]];
  const slope = row(mo("∇"), loss);
  const full = rules.rates[who];
  // A falling rate ends at 1e-6.
  const rate = Math.max(full / rules.decay ** iterations, Math.min(full, 1e-6));
  const pieces = [
    row(weights, mo("←"), mi(rules.optimizer), group(weights, mo(","), slope), mo(",")),
    row(mi("η"), mo("="), mn(exact(rate, write)), mo(",")),
    row(mo("‖"), slope, mo("‖"), mo("="), mn(short(norm, write))),
  ];
  if (who === "d" && rules.clip > 0)
    pieces.push(row(mo(","), mo("|"), weights, mo("|"), mo("≤"), mn(exact(rules.clip, write))));
  if (who === "d" && rules.spectral)
    pieces.push(row(mo(","), mi("W"), mo("←"), frac(mi("W"), row(mi("σ"), group(mi("W"))))));
  return pieces;
}

/** A number of any size in few digits. @param {number} value @param {Write} write */
export function short(value, write) {
  const size = Math.abs(value);
  if (size >= 1e6) return value.toExponential(1).replace("e+", "e");
  return signed(write(value, size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.01 || size === 0 ? 3 : 5));
}

/** A setting as it was set. @param {number} value @param {Write} write */
export const exact = (value, write) => {
  const text = `${Number(value.toPrecision(3))}`;
  return text.includes("e") ? text : write(value, Math.min(6, text.split(".")[1]?.length ?? 0));
};

/** With a true minus sign. @param {string} text */
export const signed = (text) => text.replace(/^-/, "−");

export { G, L, el, group, mi, mn, mo, name, row, sub };
