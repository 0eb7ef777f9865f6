// How to read the losses: by the loss in force, with the values that it has while D can only guess. Pure.
import { guessOf } from "../losses.js";

/** @typedef {import("../types.js").Text} Text */

/** @param {Record<string, string>} knobs of the run @param {import("../types.js").LossFacts | null} facts of its loss @param {boolean} cycle whether there are two of each player @param {Text} text */
export function howToRead(knobs, facts, cycle, text) {
  const key = `reading.${knobs.loss}`;
  if (!facts || !text.has(key)) return "";
  const guess = (guessOf(facts, knobs) ?? 0) * (cycle ? 2 : 1);
  const reading = text.t(key, { guess: text.number(guess, 3) });
  return cycle ? text.t("reading.cycle", { reading }) : reading;
}
