// What the players minimise, as formulas and as values. Pure: trees of MathML, no page.
import { middleOf } from "../amid.js";

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

/** A loss as a run has it: its knobs as numbers. @param {Record<string, string>} knobs @param {{ cycle: boolean, told: boolean }} game */
export function rulesOf(knobs, { cycle, told }) {
  const number = (/** @type {string} */ key, otherwise = 0) => Number(knobs[key] ?? otherwise);
  return {
    loss: knobs.loss ?? "non-saturating",
    middle: middleOf(knobs),
    targets: { real: number("real_target", 1), fake: number("fake_target"), g: number("g_target", 1) },
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

/** Whether D's scores are log-odds: of them a probability can be read. @param {string} loss */
export const speaksOfProbability = (loss) => loss === "non-saturating" || loss === "minimax";

/** @param {number} score */
export const probability = (score) => 1 / (1 + Math.exp(-score));

/** log(1 + e^x), for any x. @param {number} x */
const softplus = (x) => Math.max(x, 0) + Math.log1p(Math.exp(-Math.abs(x)));

/**
 * The losses of some scores, as crate/engine/src/loss.rs defines them: D's two terms and G's; of nothing, nothing.
 * @param {Pick<Rules, "loss" | "targets">} rules @param {ArrayLike<number>} real @param {ArrayLike<number>} fake
 * @returns {{ real: number | null, fake: number | null, g: number | null }}
 */
export function evaluate({ loss, targets }, real, fake) {
  const mean = (/** @type {ArrayLike<number>} */ scores, /** @type {(score: number) => number} */ term) =>
    scores.length ? Array.from(scores).reduce((sum, score) => sum + term(score), 0) / scores.length : null;
  const half = (/** @type {number} */ target) => (/** @type {number} */ score) => (score - target) ** 2 / 2;
  const minus = (/** @type {number} */ score) => -score;
  switch (loss) {
    case "least-squares":
      return {
        real: mean(real, half(targets.real)),
        fake: mean(fake, half(targets.fake)),
        g: mean(fake, half(targets.g)),
      };
    case "wasserstein":
      return { real: mean(real, minus), fake: mean(fake, (score) => score), g: mean(fake, minus) };
    case "hinge":
      return {
        real: mean(real, (score) => Math.max(0, 1 - score)),
        fake: mean(fake, (score) => Math.max(0, 1 + score)),
        g: mean(fake, minus),
      };
    case "relativistic": {
      // One term of both: half of it stands under each name.
      const leads = Array.from(fake).slice(0, real.length);
      const of = (/** @type {number} */ sign) => {
        const pairs = leads.map((score, i) => softplus(sign * (score - real[i])));
        return mean(pairs, (term) => term);
      };
      const d = of(1);
      return { real: d === null ? null : d / 2, fake: d === null ? null : d / 2, g: of(-1) };
    }
    default: {
      const { real: t } = targets;
      return {
        real: mean(real, (score) => t * softplus(-score) + (1 - t) * softplus(score)),
        fake: mean(fake, softplus),
        g: mean(fake, loss === "minimax" ? (score) => -softplus(score) : (score) => softplus(-score)),
      };
    }
  }
}

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

const log = (/** @type {Tree} */ of) => row(mi("log"), el("mspace"), of);
const max0 = (/** @type {Tree[]} */ ...of) => row(mi("max"), group(mn("0"), mo(","), ...of));
const oneMinus = (/** @type {Tree} */ of) => group(mn("1"), mo("−"), of);

/** log(1 + e^(wrong − right)). @param {Tree} wrong @param {Tree} right */
const lead = (wrong, right) =>
  row(mi("log"), group(mn("1"), mo("+"), el("msup", mi("e"), row(wrong, mo("−"), right))));

/**
 * The terms that are minimised: D's on real digits, D's on generated ones, G's. Under a loss of pairs D's are one, under `fake`.
 * @param {Rules} rules @param {Tree} n how many scores they are the mean of @param {Write} write @returns {{ real: Tree | null, fake: Tree, g: Tree }}
 */
export function termsOf(rules, n, write) {
  const { loss, targets, cycle } = rules;
  const { onReal, onFake } = namesOf(rules);
  const [x, f] = [onReal(mi("i")), onFake(mi("i"))];
  // CycleGAN's squares are not halved for its translators: the cycle is weighed against whole ones.
  const twice = cycle ? 2 : 1;
  const g = (/** @type {Tree} */ term, minus = false) => mean(n, term, { over: twice, minus });
  const to = (/** @type {number} */ target) => mn(exact(target, write));
  const off = (/** @type {Tree} */ score, /** @type {number} */ target) => {
    if (target === 0) return square(score);
    return square(group(score, mo(target < 0 ? "+" : "−"), to(Math.abs(target))));
  };
  switch (loss) {
    case "least-squares":
      return {
        real: mean(n, off(x, targets.real), { under: 2 }),
        fake: mean(n, off(f, targets.fake), { under: 2 }),
        g: mean(n, off(f, targets.g), { under: cycle ? 1 : 2 }),
      };
    case "wasserstein":
      return { real: mean(n, x, { minus: true }), fake: mean(n, f), g: g(f, true) };
    case "hinge":
      return {
        real: mean(n, max0(mn("1"), mo("−"), x)),
        fake: mean(n, max0(mn("1"), mo("+"), f)),
        g: g(f, true),
      };
    case "relativistic":
      return { real: null, fake: mean(n, lead(f, x)), g: g(lead(x, f)) };
    default: {
      const sure = log(x);
      const t = targets.real;
      const smooth = group(to(t), log(x), mo("+"), to(1 - t), log(oneMinus(x)));
      return {
        real: mean(n, t === 1 ? sure : smooth, { minus: true }),
        fake: mean(n, log(oneMinus(f)), { minus: true }),
        g: loss === "minimax" ? g(log(oneMinus(f))) : g(log(f), true),
      };
    }
  }
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
