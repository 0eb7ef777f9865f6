// Mixtures of classes: ten shares that are 1 together, or one class alone.

/** Shares nearer to none than this are none. */
const NOTHING = 1e-3;

/** One class alone, as shares. @param {number} kind @param {number} count @returns {number[]} */
const alone = (kind, count) => Array.from({ length: count }, (_, i) => (i === kind ? 1 : 0));

/** The shares of what a spot makes. @param {{ kind: number, mix: number[] }} spot @param {number} count of classes @returns {number[]} */
export const sharesOf = ({ kind, mix }, count) => (mix.length ? mix : alone(kind, count));

/** Shares as the worker is told them: the class with the most, and no mixture where it is alone. @param {number[]} shares @returns {{ kind: number, mix: number[] }} */
export function told(shares) {
  const kept = shares.map((share) => (share > NOTHING ? share : 0));
  const sum = kept.reduce((all, share) => all + share, 0);
  const most = kept.indexOf(Math.max(...kept));
  const mix = kept.map((share) => share / (sum || 1));
  return { kind: Math.max(0, most), mix: kept.filter(Boolean).length > 1 ? mix : [] };
}

/** `part` of class b, the rest of class a. @param {number} a @param {number} b @param {number} part @param {number} count */
export function mixOf(a, b, part, count) {
  const shares = alone(a, count).map((share) => share * (1 - part));
  shares[b] += part;
  return told(shares);
}

/** How far shares are from class a to class b. @param {number[]} shares @param {number} a @param {number} b */
export function partOf(shares, a, b) {
  if (a === b) return 0;
  const both = shares[a] + shares[b];
  return both > 0 ? shares[b] / both : 0;
}

/** Gives one class a share and scales the others to the rest; where they have nothing, they get the same. @param {number[]} shares @param {number} kind @param {number} share */
export function reshare(shares, kind, share) {
  const others = shares.reduce((sum, value, i) => (i === kind ? sum : sum + value), 0);
  const rest = 1 - share;
  return told(
    shares.map((value, i) => {
      if (i === kind) return share;
      return others > NOTHING ? (value / others) * rest : rest / (shares.length - 1);
    }),
  );
}

/** Shares between those of two spots. @param {number[]} a @param {number[]} b @param {number} part of b */
export const sharesBetween = (a, b, part) => told(a.map((share, i) => share + (b[i] - share) * part));
