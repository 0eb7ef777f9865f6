// How to read the losses: by the loss in force, with the values that it has while D can only guess. Pure.

/** @typedef {import("../types.js").Text} Text */

/** @param {Record<string, string>} knobs of the run @param {boolean} cycle whether there are two of each player @param {Text} text */
export function howToRead(knobs, cycle, text) {
  const { loss = "non-saturating", real_target: real = "1", fake_target: fake = "0" } = knobs;
  const key = `reading.${loss}`;
  if (!text.has(key)) return "";
  // What each of D's two terms is while D can only guess.
  /** @type {Record<string, number>} */
  const guesses = {
    "least-squares": ((Number(real) - Number(fake)) / 2) ** 2 / 2,
    hinge: 1,
    relativistic: Math.LN2 / 2,
  };
  const guess = (guesses[loss] ?? Math.LN2) * (cycle ? 2 : 1);
  const reading = text.t(key, { guess: text.number(guess, 3) });
  return cycle ? text.t("reading.cycle", { reading }) : reading;
}
