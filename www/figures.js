// What the figures mean: scores on the right side, shares and how even they are, places on scales. Pure.

/** @typedef {import("./types.js").Seeing} Seeing */
/** @typedef {NonNullable<Seeing["scores"]>} Scores */

/** The greatest Jensen-Shannon divergence, in nats: nothing in common. */
export const MOST_APART = Math.LN2;
/** What every class has if all have the same. */
export const EQUAL_SHARE = 0.1;
/** Where the judge can read less than this share of what it reads of the data, many pictures are no digits yet. */
export const UNREAD = 0.6;
/** A class of which the data has less does not have to appear. */
const FEW = 0.005;

/** @param {number} value @param {number} low @param {number} high */
const within = (value, low, high) => Math.min(high, Math.max(low, value));

/** Where a value stands between two ends, from 0 to 1; beyond them at the nearer end. @param {number} value @param {number} low @param {number} high */
export const partOf = (value, low, high) => (high > low ? within((value - low) / (high - low), 0, 1) : 0);

/** How well D plays, by the share of digits on whose right side it is. @param {number} right @returns {"sure" | "better" | "guess" | "fooled"} */
export function verdict(right) {
  if (right >= 0.95) return "sure";
  if (right >= 0.58) return "better";
  return right >= 0.42 ? "guess" : "fooled";
}

/** Share of a histogram above the middle; a bin that the middle cuts counts in part. @param {number[]} bins @param {Scores} scores */
function above(bins, { low, high, middle }) {
  const place = partOf(middle, low, high) * bins.length;
  const total = bins.reduce((sum, count) => sum + count, 0);
  const part = bins.reduce((sum, count, i) => sum + count * within(i + 1 - place, 0, 1), 0);
  return total ? part / total : 0;
}

/** Shares of real and of generated digits on which D is right. @param {Scores} scores */
export const sides = (scores) => ({
  real: above(scores.real, scores),
  fake: scores.fake.some(Boolean) ? 1 - above(scores.fake, scores) : 0,
});

/**
 * What is known of V: of the run as it rests, of as many digits as a survey has; else of the last steps, with its standard error.
 * @param {Pick<Seeing, "scores" | "survey">} seeing
 * @returns {{ value: number, jsd: number, error: number | null, digits: number, step: number } | null} `digits` 0: of the last steps
 */
export function gameOf({ scores, survey }) {
  const { value, jsd, step = 0, digits = 0 } = survey ?? {};
  const game = scores?.game;
  if (value !== undefined && jsd !== undefined && (!game || step >= scores.step))
    return { value, jsd, error: null, digits, step };
  return game ? { ...game, digits: 0, step: scores.step } : null;
}

/** By how much real digits score higher, on average; as exact as bins are narrow. @param {Scores} scores */
export function lead({ real, fake, low, high }) {
  const mean = (/** @type {number[]} */ bins) => {
    const total = bins.reduce((sum, count) => sum + count, 0);
    return bins.reduce((sum, count, i) => sum + count * (i + 0.5), 0) / (total || 1);
  };
  return ((mean(real) - mean(fake)) * (high - low)) / real.length;
}

/** Whether the data has a class, by its share. @param {number | undefined} share */
export const appears = (share) => (share ?? 1) > FEW;

/**
 * What is known of the classes: the survey's shares, unless a glance is newer. Shares are of the digits that the judge can read; `own` are the data's.
 * @param {Pick<Seeing, "glance" | "survey">} seeing
 * @returns {{ shares: number[], own: number[], digits: number, read: number, readable: number, step: number, divergence: number, confidence: number, survey: boolean } | null}
 */
export function coverageOf({ glance, survey }) {
  const own = glance?.own ?? Array(10).fill(EQUAL_SHARE);
  const usual = glance?.own_recognised || 1;
  if (survey && (!glance || survey.step >= glance.step)) {
    const { classes: shares, digits, recognised, step, divergence, confidence } = survey;
    const [read, readable] = [Math.round(recognised * digits), Math.min(1, recognised / usual)];
    return { shares, own, digits, read, readable, step, divergence, confidence, survey: true };
  }
  if (!glance) return null;
  const { classes, digits, step, divergence, confidence } = glance;
  const read = classes.reduce((sum, count) => sum + count, 0);
  const shares = classes.map((count) => count / (read || 1));
  const readable = Math.min(1, read / (digits || 1) / usual);
  return { shares, own, digits, read, readable, step, divergence, confidence, survey: false };
}

/** The Kullback-Leibler divergence of shares from the data's own, in nats; a class that the data lacks counts as one of a thousand. @param {number[]} shares @param {number[]} own */
export const divergenceFrom = (shares, own) =>
  shares.reduce((sum, p, kind) => sum + (p > 0 ? p * Math.log(p / Math.max(own[kind], 0.001)) : 0), 0);

/** Ten classes of 256 digits by pure chance come to 0.02, three missing ones to 0.36, one class alone to 2.3. @param {number} divergence @returns {"even" | "uneven" | "one-sided"} */
export const evenness = (divergence) =>
  divergence < 0.1 ? "even" : divergence < 0.5 ? "uneven" : "one-sided";

/** The classes of the greatest and the least share, and those of the data that do not appear. @param {number[]} shares @param {number[]} [own] the data's */
export function extremes(shares, own = []) {
  const there = shares.flatMap((_, kind) => (appears(own[kind]) ? [kind] : []));
  const by = (/** @type {number} */ a, /** @type {number} */ b) => shares[a] - shares[b];
  const least = [...there].sort(by)[0] ?? 0;
  const top = shares.indexOf(Math.max(...shares));
  return { top, least, missing: there.filter((kind) => shares[kind] === 0) };
}

/** Marks of a logarithmic axis: the closer its ends, the more in each power of ten. @param {number} low @param {number} high */
export function logMarks(low, high) {
  const [first, last] = [Math.floor(Math.log10(low)), Math.ceil(Math.log10(high))];
  const decades = Math.log10(high / low);
  const steps = decades > 2.5 ? [1] : decades > 1 ? [1, 2, 5] : [1, 1.5, 2, 3, 4, 5, 7];
  const marks = [];
  for (let power = first; power <= last; power += 1)
    for (const step of steps) marks.push(Number((step * 10 ** power).toPrecision(3)));
  return marks.filter((mark) => mark >= low * 0.999 && mark <= high * 1.001);
}

/** The ends of a logarithmic axis around what there is, at least a factor of four apart. @param {number | null | undefined} low @param {number | null | undefined} high @returns {[number, number]} */
export function logEnds(low, high) {
  if (!low || !high || !(low > 0) || !Number.isFinite(high)) return [0.5, 20];
  const wider = Math.max(1.15, Math.sqrt(4 / (high / low)));
  return [low / wider, high * wider];
}

/** Digits after the mark that a round number needs. @param {number} value */
export const decimals = (value) =>
  [0, 1, 2, 3, 4, 5].find((digits) => Number(value.toFixed(digits)) === value) ?? 6;

/** Digits after the mark that leave about three that say something. @param {number} value */
export const places = (value) => {
  const size = Math.abs(value);
  return size >= 100 ? 0 : size >= 10 ? 1 : size >= 0.1 || size === 0 ? 2 : size >= 0.01 ? 3 : 4;
};
