// Pins outlive the page: they are kept in this browser, run by run, as points and classes; the generator draws them again.
import { keep, recall } from "./place.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./morphing-types.js").Spot} Spot */
/** @typedef {{ whose: string, pins: Spot[] }} Kept */

const PLACE = "pins";
/** Runs whose pins are kept. */
const MOST_RUNS = 8;

/** Which run pins belong to: the same seed goes on to the same generator. @param {State} state */
export const whoseIs = ({ run }) =>
  run?.latent
    ? [run.recipe, run.seed, run.latent, run.knobs.noise, ...(run.modes ? [run.modes] : [])].join(" ")
    : "";

/** @param {unknown} list @param {number} size */
const numbers = (list, size) => Array.isArray(list) && list.length === size && list.every(Number.isFinite);

/** The pins of a run in what was kept; none where that is not what was written here. @param {string | null} text @param {string} whose @param {number} size @returns {Spot[]} */
export function pinsIn(text, whose, size) {
  const pins = read(text).find((kept) => kept?.whose === whose)?.pins;
  const right = (/** @type {Spot} */ pin) =>
    numbers(pin?.latent, size) && Number.isInteger(pin.kind) && (numbers(pin.mix, 0) || numbers(pin.mix, 10));
  return Array.isArray(pins) && pins.every(right) ? pins : [];
}

/** What to keep: the pins of this run before those of others. @param {string | null} text @param {string} whose @param {Spot[]} pins */
export function withPins(text, whose, pins) {
  const others = read(text).filter((kept) => kept?.whose !== whose);
  const short = (/** @type {number} */ value) => Math.round(value * 1e4) / 1e4;
  const spots = pins.map(({ latent, kind, mix }) => ({ latent: latent.map(short), kind, mix }));
  return JSON.stringify([...(pins.length ? [{ whose, pins: spots }] : []), ...others].slice(0, MOST_RUNS));
}

/** @param {string | null} text @returns {Kept[]} */
function read(text) {
  try {
    const list = JSON.parse(text ?? "[]");
    return Array.isArray(list) ? list : [];
  } catch {
    return [];
  }
}

/** @param {import("./types.js").Act} act @returns {(state: State) => void} looks at every state, writes what changed and brings back what there was */
export function createKept(act) {
  let whose = "";
  let written = "";

  return (state) => {
    const now = whoseIs(state);
    const pins = state.morphing?.pins ?? [];
    const order = pins.map(({ id }) => id).join();
    if (!now || (now === whose && order === written)) return;
    const fresh = now !== whose;
    whose = now;
    written = order;
    const text = recall(PLACE);
    // Private windows may forbid it, or it is full: then pins last as long as the page.
    if (!fresh) return void keep(PLACE, withPins(text, now, pins));
    const kept = pins.length ? [] : pinsIn(text, now, state.run?.latent ?? 0);
    if (kept.length) act({ type: "morph-restore", pins: kept });
  };
}
