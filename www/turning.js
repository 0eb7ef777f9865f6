// A setting is turned: in the configuration, in the run where it is live, and what that means for the run's address. Pure.
import { isLive, knobOf, sameValue } from "./choice.js";

/** @typedef {import("./types.js").State} State */

/** Sets a knob in the configuration and, where it is live, in the run. @param {State} state @param {string} key @param {string} value @returns {State} */
export function turn(state, key, value) {
  const { [key]: _, ...others } = state.config.knobs;
  const knobs = sameValue(value, knobOf(state, key)?.default ?? "") ? others : { ...others, [key]: value };
  const next = { ...state, config: { ...state.config, knobs } };
  if (!state.run || !isLive(state, key)) return next;
  const run = { ...state.run, knobs: { ...state.run.knobs, [key]: value } };
  return { ...turnedAt(next, run.knobs), run };
}

/**
 * A setting is turned, or a player moves out of turn: from here on the run is not the one that its address gives. What is turned and turned back
 * at the same step changes nothing.
 * @param {State} state @param {Record<string, string> | null} [knobs] as they are now @returns {State}
 */
export function turnedAt(state, knobs = null) {
  const { turned, step, standing, phase, run } = state;
  if (
    turned &&
    turned !== "unknown" &&
    turned.step === step &&
    turned.knobs &&
    knobs &&
    phase !== "training"
  ) {
    const before = Object.entries(turned.knobs);
    return before.every(([key, value]) => sameValue(knobs[key] ?? "", value))
      ? { ...state, turned: null }
      : state;
  }
  if (turned || (knobs && step === 0 && !standing && phase !== "training")) return state;
  return { ...state, turned: { step, knobs: knobs && run ? run.knobs : null } };
}
