// The formulas of each phase with today's values in them. Pure.
import { evaluate } from "../losses.js";
import {
  el,
  exact,
  G,
  group,
  L,
  mi,
  mn,
  mo,
  moveOf,
  name,
  namesOf,
  penaltiesOf,
  probability,
  row,
  short,
  signed,
  sub,
  termsOf,
} from "./slow-formula.js";

/** @typedef {import("./slow-formula.js").Tree} Tree */
/** @typedef {import("./slow-formula.js").Line} Line */
/** @typedef {import("./slow-formula.js").Rules} Rules */
/** @typedef {import("./slow-formula.js").Write} Write */
/** @typedef {import("../types.js").Amid} Amid */

/** Digits shown of a batch, most. */
const SHOWN = 16;
/** Values written out before the dots. */
const WRITTEN = 3;

/** Scores of the digits that are shown: one for each `pack` of them; CycleGAN's are patches of the first. @param {ArrayLike<number>} scores @param {Rules} rules */
export const shownOf = (scores, { pack }) => Array.from(scores).slice(0, Math.floor(SHOWN / pack));

/** A score as the reader knows it: a probability where it is log-odds. @param {number} score @param {Rules} rules @param {Write} write */
export const saidOf = (score, { facts }, write) =>
  facts.probability ? write(probability(score), 2) : signed(write(score, Math.abs(score) < 10 ? 2 : 1));

/** Scores in the whole batch, nothing where the page does not know. @param {Rules} rules */
const countOf = ({ batch, pack, cycle }) => (cycle ? null : Math.floor(batch / pack));

/**
 * The lines of a phase.
 * @param {Amid} amid @param {Rules} rules @param {Write} write @param {number} iteration its number, from 1 @returns {Line[]}
 */
export function linesOf({ phase, view, losses, norms }, rules, write, iteration) {
  const real = shownOf(view.real_scores, rules);
  const fake = shownOf(view.fake_scores, rules);
  const [onReal, onFake, ofG, held] = losses;
  const [dNorm, gNorm] = norms;
  switch (phase) {
    case "draw":
      return [drawn(rules)];
    case "generate":
      return rules.cycle ? [translated(rules)] : made(view, rules, write);
    case "g-generate":
      if (rules.cycle) return [back(rules)];
      return rules.fresh ? made(view, rules, write) : made(view, rules, write).slice(1);
    case "d-real":
      return said("real", real, fake, rules, write);
    case "d-fake":
      return said("fake", real, fake, rules, write);
    case "g-score":
      return said("g", real, fake, rules, write);
    case "d-update":
      return [
        ofD(rules, onReal, onFake, rules.cycle ? 0 : held, write),
        { pieces: moveOf(rules, "d", dNorm, iteration - 1, write) },
      ];
    case "g-update":
      return [
        rules.cycle ? ofTranslators(rules, ofG, held, write) : ofGenerator(rules, ofG, write),
        { pieces: moveOf(rules, "g", gNorm, iteration - 1, write) },
      ];
  }
}

const one = (/** @type {number} */ index) => mn(`${index}`);
const equals = (/** @type {string} */ value) => row(mo("="), mn(value));

/** m, or its value. @param {Rules} rules @returns {Tree} */
const m = (rules) => mn(`${countOf(rules) ?? rules.batch}`);

/** @param {Rules} rules @returns {Line} */
function drawn(rules) {
  const { real } = namesOf(rules);
  const from = sub(mi("p"), mi("data"));
  const many = (/** @type {Tree} */ count) =>
    row(mi("i"), mo("="), mn("1"), mo(","), mo("…"), mo(","), count);
  const named = rules.told ? [mo(","), sub(mi("y"), mi("i"))] : [];
  return { pieces: [row(real(mi("i")), ...named, mo("∼"), from, mo(",")), many(mn(`${rules.batch}`))] };
}

/** Noise, and what G makes of it. @param {Amid["view"]} amid @param {Rules} rules @param {Write} write @returns {Line[]} */
function made({ latent, latents }, rules, write) {
  const names = namesOf(rules);
  const first = latents.slice(0, Math.min(WRITTEN, latent));
  const numbers = Array.from(first).flatMap((value, i) => [
    ...(i ? [mo(",")] : []),
    mn(signed(write(value, 2))),
  ]);
  const dots = latent > WRITTEN ? [mo(","), mo("…")] : [];
  const root = (/** @type {string} */ sign) => row(...(sign ? [mo(sign)] : []), el("msqrt", mn("3")));
  const law = rules.uniform
    ? row(mi("U"), group(root("−"), mo(","), root("")))
    : row(mi("N"), group(mn("0"), mo(","), mn("1")));
  const space = el("msup", mi("ℝ"), mn(`${latent}`));
  const square = el("msup", row(mo("["), mn("0"), mo(","), mn("1"), mo("]")), mn("784"));
  return [
    {
      pieces: [
        row(names.source(one(1)), mo("="), group(...numbers, ...dots), mo("∈"), space, mo(",")),
        row(mo("∼"), law),
      ],
    },
    { pieces: [row(names.source(mi("i")), mo("↦"), names.made(mi("i")), mo("∈"), square)] },
  ];
}

/** @param {Rules} rules @returns {Line} */
function translated(rules) {
  const { source, made: there } = namesOf(rules);
  const F = name("F", "g");
  return {
    pieces: [
      row(source(mi("i")), mo("↦"), there(mi("i")), mo(",")),
      row(name("b", "real"), mo("↦"), F, group(name("b", "real"))),
    ],
  };
}

/** There and back. @param {Rules} rules @returns {Line} */
function back(rules) {
  const { source, made: there, real } = namesOf(rules);
  const F = name("F", "g");
  const i = mi("i");
  return {
    pieces: [
      row(there(i), mo("↦"), F, group(there(i)), mo("≈"), source(i), mo("?")),
      row(F, group(real(i)), mo("↦"), G, group(row(F, group(real(i)))), mo("≈"), real(i), mo("?")),
    ],
  };
}

/**
 * What D said of the first digits, and the loss of those shown.
 * @param {"real" | "fake" | "g"} which @param {number[]} real @param {number[]} fake @param {Rules} rules @param {Write} write @returns {Line[]}
 */
function said(which, real, fake, rules, write) {
  const names = namesOf(rules);
  const [scores, of] = which === "real" ? [real, names.onReal] : [fake, names.onFake];
  const value = (/** @type {number} */ score) => mn(saidOf(score, rules, write));
  /** @type {Tree[]} */
  const first = rules.cycle
    ? []
    : scores.slice(0, WRITTEN).map((score, i) => {
        const last = i === scores.length - 1;
        return row(of(one(i + 1)), mo("="), value(score), ...(last ? [] : [mo(",")]));
      });
  if (!rules.cycle && scores.length > WRITTEN) first.push(mo("…"));
  const line = first.length ? [{ pieces: first }] : [];
  // Scores of generated digits are of an earlier batch while D looks at real ones.
  const loss = evaluate(rules, real, which === "real" ? [] : fake);
  const count = scores.length;
  const terms = termsOf(rules, mn(`${count}`), write);
  const equal = (/** @type {Tree[]} */ pieces, /** @type {number | null} */ sum) =>
    sum === null ? [] : [{ pieces: [...added(pieces), equals(short(sum, write))], note }];
  const whole = countOf(rules) === count;
  /** @type {import("../types.js").Sentence} */
  const note = whole
    ? { key: "slow.of-batch", args: {} }
    : { key: rules.cycle ? "slow.of-patches" : "slow.of-shown", args: { count } };
  if (which === "g")
    return [...line, ...equal(terms.g, loss.g === null ? null : loss.g * (rules.cycle ? 2 : 1))];
  if (which === "real") return [...line, ...(terms.real ? equal([terms.real], loss.real) : [])];
  // A loss of pairs has no term of real digits alone.
  if (!terms.real) return [...line, ...equal([terms.fake], loss.fake === null ? null : loss.fake * 2)];
  // What needs both is told once both are scored.
  const late = evaluate(rules, real, []).real === null ? equal([terms.real], loss.real) : [];
  return [...line, ...late, ...equal([terms.fake], loss.fake)];
}

/** The sum of a loss's terms, each value under its own. @param {Tree} sum @param {Tree[]} terms @param {number[]} values @param {Write} write @returns {Tree[]} */
function summed(sum, terms, values, write) {
  const total = values.reduce((all, value) => all + value, 0);
  const parts = values.flatMap((value, i) => {
    const text = short(value, write);
    const negative = text.startsWith("−");
    return i ? [mo(negative ? "−" : "+"), mn(negative ? text.slice(1) : text)] : [mn(text)];
  });
  return [
    row(sum, mo("=")),
    ...added(terms),
    ...(values.length > 1 ? [row(mo("="), ...parts)] : []),
    equals(short(total, write)),
  ];
}

/** Terms with the signs between them. @param {Tree[]} terms */
const added = (terms) => terms.map((term, i) => (i && !leads(term) ? row(mo("+"), term) : term));

/** Whether a term begins with a sign of its own. @param {Tree} term */
const leads = (term) => {
  const first = term.kids[0];
  return typeof first === "object" && first.tag === "mo" && first.kids[0] === "−";
};

/** D's loss over the whole batch, as the worker has it. @param {Rules} rules @param {number} real @param {number} fake @param {number} held @param {Write} write @returns {Line} */
function ofD(rules, real, fake, held, write) {
  const terms = termsOf(rules, rules.cycle ? mi("m") : m(rules), write);
  const penalties = penaltiesOf(rules, m(rules), write);
  const values = terms.real ? [real, fake] : [real + fake];
  if (penalties.length) values.push(held);
  const inner = [...(terms.real ? [terms.real] : []), terms.fake];
  return {
    pieces: summed(L.d, [...inner, ...penalties, ...other(rules)], values, write),
    note: ofWhole(rules),
  };
}

/** @param {Rules} rules @returns {import("../types.js").Sentence} */
const ofWhole = ({ cycle }) => ({ key: cycle ? "slow.of-both" : "slow.of-batch", args: {} });

/** And the same the other way round, in CycleGAN. @param {Rules} rules @returns {Tree[]} */
const other = ({ cycle }) => (cycle ? [group(mi("A"), mo("↔"), mi("B"))] : []);

/** @param {Rules} rules @param {number} value @param {Write} write @returns {Line} */
const ofGenerator = (rules, value, write) => ({
  pieces: summed(L.g, termsOf(rules, m(rules), write).g, [value], write),
  note: ofWhole(rules),
});

/** The translators': what the discriminators say, and what is not kept there and back. @param {Rules} rules @param {number} game @param {number} kept @param {Write} write @returns {Line} */
function ofTranslators(rules, game, kept, write) {
  const { source, made: there } = namesOf(rules);
  const F = name("F", "g");
  const b = sub(name("b", "real"), mi("i"));
  const lost = (/** @type {Tree} */ from, /** @type {Tree} */ to) => row(mo("|"), from, mo("−"), to, mo("|"));
  const weight = (/** @type {number} */ value) => mn(exact(value, write));
  const terms = termsOf(rules, mi("m"), write).g;
  if (rules.back > 0)
    terms.push(row(weight(rules.back), lost(row(F, group(there(mi("i")))), source(mi("i")))));
  if (rules.same > 0) terms.push(row(weight(rules.same), lost(row(G, group(b)), b)));
  const values = rules.back > 0 || rules.same > 0 ? [game, kept] : [game];
  return { pieces: summed(L.g, [...terms, ...other(rules)], values, write), note: ofWhole(rules) };
}
