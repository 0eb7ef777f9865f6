// What is chosen, what the run is, and what of the choice waits for a new run. Pure.
import { noted } from "./notes.js";

/** Unknown settings that are named. */
const MOST_NAMED = 5;

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Config} Config */

/** @param {State} state @param {string} [id] */
export const recipeOf = (state, id = state.config.recipe) => state.recipes.find((recipe) => recipe.id === id);

/** @param {State} state @param {string} key */
export const knobOf = (state, key) => recipeOf(state)?.knobs.find((knob) => knob.key === key);

/** Whether turning a knob changes the present run. @param {State} state @param {string} key */
export function isLive(state, key) {
  return state.run?.recipe === state.config.recipe && knobOf(state, key)?.live === true;
}

/** Whether two spellings of a value are the same. @param {string} a @param {string} b */
export const sameValue = (a, b) => a === b || (a.trim() !== "" && Number(a) === Number(b));

/** Whether a knob does anything as the others stand. @param {State} state @param {import("./types.js").KnobInfo} knob */
export const matters = (state, { when }) =>
  !when || !knobOf(state, when[0]) || when[1].includes(valueOf(state, when[0]));

/** @param {State} state @param {string} key */
export const valueOf = (state, key) => state.config.knobs[key] ?? knobOf(state, key)?.default ?? "";

/** The configuration that `run` has. @param {State} state @param {import("./types.js").Run} run @returns {Config} */
export function adopt(state, run) {
  const recipe = recipeOf(state, run.recipe);
  const differs = Object.entries(run.knobs).filter(([key, value]) => {
    const knob = recipe?.knobs.find((info) => info.key === key);
    return !knob || !sameValue(value, knob.default);
  });
  return { ...state.config, recipe: run.recipe, seed: `${run.seed}`, knobs: Object.fromEntries(differs) };
}

/** What differs from the run: `recipe`, `seed`, `data`, or keys of knobs. @param {State} state @returns {string[]} */
export function pending(state) {
  const { run, config } = state;
  if (!run) return [];
  const others = [
    ...(sameValue(config.seed, `${run.seed}`) ? [] : ["seed"]),
    ...(state.nextData ? ["data"] : []),
  ];
  if (run.recipe !== config.recipe) return ["recipe", ...others];
  const keys = Object.entries(run.knobs).filter(([key, value]) => !sameValue(valueOf(state, key), value));
  return [...keys.map(([key]) => key), ...others];
}

/** What was chosen and waits for a new run. @param {State} state */
export const waitingFor = (state) => pending(state).filter((key) => !isLive(state, key));

/** Whether a new run loses nothing: the present one has taken no step, or rests where it was last kept. @param {State} state */
export function losesNothing({ run, step, phase, waiting, standing, keeping }) {
  if (!run || standing) return !run;
  const moves = phase === "training" && !waiting;
  if (step === 0) return !moves;
  return phase === "paused" && keeping?.store === "open" && keeping.id !== null && keeping.saved === step;
}

/** The configuration of the run that is there; before there is one, that of the coming one. @param {State} state @returns {Config} */
export const inForce = (state) => (state.run ? adopt(state, state.run) : state.config);

/** The setting that an error is about. @param {Pick<State, "catalogue">} state @param {string} code */
export const settingOf = ({ catalogue }, code) => catalogue?.errors[code]?.setting;

/**
 * The configuration after a refusal: what was refused is as the run has it, and the rest of the choice goes on waiting.
 * @param {State} state @param {string} code @param {Record<string, string>} args @returns {Config}
 */
export function mended(state, code, args) {
  const { run, config } = state;
  if (!run) return config;
  const own = adopt(state, run);
  const setting = settingOf(state, code);
  if (setting === "recipe") return own;
  if (setting === "seed") return { ...config, seed: own.seed };
  // Live knobs do not wait: those of this GAN are as the run has them.
  const ours = config.recipe === run.recipe;
  const back = (/** @type {string} */ key) => key === args.key || (ours && isLive(state, key));
  const knobs = Object.entries(config.knobs).filter(([key]) => !back(key));
  if (ours) knobs.push(...Object.entries(own.knobs).filter(([key]) => back(key)));
  return { ...config, knobs: Object.fromEntries(knobs) };
}

/** The state without settings that its GAN does not have; one note names them, and the rest of the address holds. @param {State} state @returns {State} */
export function known(state) {
  const { config, recipes } = state;
  const recipe = config.recipe ? recipeOf(state) : recipes[0];
  const keys = Object.keys(config.knobs).filter((key) => !recipe?.knobs.some((knob) => knob.key === key));
  if (!recipe || keys.length === 0) return state;
  const knobs = Object.fromEntries(Object.entries(config.knobs).filter(([key]) => !keys.includes(key)));
  const named = keys.slice(0, MOST_NAMED).join(", ") + (keys.length > MOST_NAMED ? ", …" : "");
  const key = keys.length > 1 ? "error.unknown-knobs" : "error.unknown-knob";
  const args = { recipe: recipe.id, key: named };
  return noted({ ...state, config: { ...config, knobs } }, { tone: "error", key, args, about: "settings" });
}
