// The page's state: what it is at first, how each event changes it, and how its configuration reads as an address.
import { keptAmid, slowly } from "./amid.js";
import { BROWSERS } from "./browsers.js";
import { extend, noCurves, WIDTH } from "./curves.js";
import { seeing, unseen } from "./seeing.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Config} Config */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */
/** @typedef {import("./types.js").Note} Note */

const MOST_NOTES = 5;

/** @returns {State} */
export function initial() {
  return {
    phase: "loading",
    wanted: null,
    arriving: null,
    build: "",
    recipes: [],
    config: { recipe: "", seed: "", data: "mnist", knobs: {} },
    run: null,
    keeps: false,
    undo: {},
    ...start(),
    data: null,
    unchecked: false,
    incoming: null,
    shut: false,
    download: null,
    site: "unknown",
    upright: false,
    real: null,
    latent: [],
    kind: 0,
    judge: "coming",
    untilPlateau: false,
    trouble: null,
    notes: [],
  };
}

/** What every run begins with. */
function start() {
  return {
    step: 0,
    epoch: 0,
    digitsSeen: 0,
    stepsPerS: 0,
    imagesPerS: 0,
    elapsed: 0,
    waiting: false,
    digest: undefined,
    losses: null,
    curves: noCurves(),
    samples: null,
    decoded: null,
    lent: null,
    ...unseen(),
  };
}

/** @type {{ [T in AnyEvent["type"]]?: (state: State, event: Extract<AnyEvent, { type: T }>) => State }} */
const on = {
  ...seeing,
  ...slowly,
  address: (state, { config }) => ({ ...state, config }),
  arriving: (state, { received, total }) => ({ ...state, arriving: { received, total } }),
  ready: (state, { build, recipes }) => ({ ...state, build, recipes, arriving: null, trouble: null }),
  started(state, { type: _, ...run }) {
    const same = state.run?.run === run.run;
    const training = state.wanted ?? (same && state.phase === "training");
    const fits = state.run?.knobs.noise === run.knobs.noise && state.latent.length === run.latent;
    return {
      ...state,
      ...start(),
      phase: training ? "training" : "ready",
      waiting: training,
      run,
      keeps: false,
      config:
        same || state.keeps
          ? { ...state.config, seed: state.config.seed || `${run.seed}` }
          : adopt(state, run),
      latent: fits ? state.latent : [],
      trouble: null,
    };
  },
  progress(state, event) {
    const wanted = state.wanted === event.training ? null : state.wanted;
    const training = wanted ?? event.training;
    const still = event.step > 0 ? "paused" : "ready";
    const points = event.points;
    return {
      ...state,
      wanted,
      phase: training ? "training" : state.phase === "fault" ? "fault" : still,
      step: event.step,
      lent: event.step > 0 ? null : state.lent,
      epoch: event.epoch,
      digitsSeen: event.digits_seen,
      stepsPerS: event.steps_per_s,
      imagesPerS: event.images_per_s,
      elapsed: event.elapsed_ms,
      waiting: training && event.waiting,
      epochLeft: event.epoch_left,
      standing: event.amid,
      ...keptAmid(state, event),
      digest: training ? undefined : (event.digest ?? undefined),
      losses:
        points.length >= WIDTH
          ? Array.from(points.slice(points.length - WIDTH + 1, points.length - WIDTH + 4))
          : state.losses,
      curves: points.length ? extend(state.curves, points, state.elapsed, event.elapsed_ms) : state.curves,
    };
  },
  samples: (state, { pixels }) => ({ ...state, samples: pixels }),
  lent: (state, { type: _, ...lent }) => ({ ...state, lent: state.step === 0 ? lent : null }),
  decoded: (state, { pixels }) => ({ ...state, decoded: pixels }),
  real: (state, { pixels }) => ({ ...state, real: pixels }),
  data(state, { type: _, ...set }) {
    const unchecked = set.source === "mnist" && state.download?.unchecked === true;
    if (set.usable || (!state.data?.usable && !state.shut))
      return { ...state, data: set, unchecked, incoming: null };
    return state.shut ? state : { ...state, incoming: set.complete ? null : set };
  },
  refused(state, { command, code, args, message }) {
    const next = noted(state, { tone: "error", key: `error.${code}`, args, message });
    if (command === "run") return { ...next, wanted: null, phase: state.step > 0 ? "paused" : "ready" };
    if (command === "tune" && args.key in state.undo) return turn(next, args.key, state.undo[args.key]);
    if (command === "start") return { ...next, keeps: false, config: mended(state, code, args) };
    return ["images", "open", "close"].includes(command) ? { ...next, incoming: null, shut: true } : next;
  },
  fault: (state, { code, args, message }) =>
    troubled(state, { key: `error.${code}`, args, message, remedy: "reset" }),
  crashed: (state, { message }) =>
    troubled(state, { key: "trouble.crashed", args: { message }, remedy: "restart" }),
  unsupported: (state, { lacks }) =>
    troubled(state, { key: `trouble.no-${lacks}`, args: BROWSERS, remedy: "none" }),
  unstarted: (state, { message, frame }) =>
    frame
      ? troubled(state, { key: "trouble.frame", args: {}, remedy: "none" })
      : troubled(state, { key: "trouble.unstarted", args: { message, ...BROWSERS }, remedy: "reload" }),
  outdated: (state) => troubled(state, { key: "trouble.outdated", args: {}, remedy: "reload" }),
  restart: (state) => ({
    ...state,
    ...start(),
    phase: "loading",
    wanted: null,
    arriving: null,
    run: null,
    data: null,
    incoming: null,
    trouble: null,
  }),

  train: (state) => ({ ...parted(state), wanted: true, phase: "training", waiting: true }),
  pause: (state) => ({ ...state, wanted: false, waiting: false, phase: rest(state), pace: null }),
  step: (state) => parted(state),
  advance(state, { slowly: paced }) {
    return { ...parted(state), pace: paced ? state.pace : null, owed: state.owed + 1 };
  },
  reset: (state) => ({ ...parted(state), keeps: true }),
  "new-run": (state) => ({ ...state, wanted: state.phase === "training" ? true : null }),
  recipe: (state, { id }) => ({ ...state, config: { ...state.config, recipe: id, knobs: {} } }),
  seed: (state, { value }) => ({ ...state, config: { ...state.config, seed: value.trim() } }),
  knob(state, { key, value }) {
    const old = state.run?.knobs[key];
    const undo = isLive(state, key) && old !== undefined ? { ...state.undo, [key]: old } : state.undo;
    return turn({ ...state, undo }, key, value);
  },
  revert(state, { recipe, seed, keys }) {
    const kept = Object.entries(state.config.knobs).filter(([key]) => !keys.includes(key));
    const config = { ...state.config, knobs: Object.fromEntries(kept) };
    if (recipe) config.recipe = state.recipes[0]?.id ?? "";
    if (seed) config.seed = "";
    return { ...state, config };
  },
  latent: (state, { index, value }) => ({ ...state, latent: put(state.latent, index, value) }),
  kind: (state, { kind }) => ({ ...state, kind }),
  latents: (state, { values }) => ({ ...state, latent: values }),
  source: (state, { source }) => ({ ...state, config: { ...state.config, data: source } }),
  mirror: (state) => ({ ...state, config: { ...state.config, data: "mnist" } }),
  opening: (state) => ({ ...state, shut: false }),
  upright: (state, { on: upright }) => ({ ...state, upright }),
  "judge-is": (state, { judge }) => ({ ...state, judge }),
  site: (state, { has }) => ({ ...state, site: has ? "has" : "none" }),
  download: (state, { download }) => ({ ...state, download }),
  note: (state, { note }) => noted(state, note),
  dismiss: (state, { key }) => ({ ...state, notes: state.notes.filter((note) => note.key !== key) }),
};

/** What only an engine can do. @type {ReadonlySet<AnyEvent["type"]>} */
const FOR_ENGINE = new Set(["train", "pause", "step", "advance", "pace", "reset", "new-run"]);

/** Whether the page has no engine, and none comes by itself. @param {Pick<State, "trouble">} state */
export const isStuck = ({ trouble }) =>
  ["crashed", "unstarted", "frame", "no-wasm", "no-simd", "outdated"].some(
    (what) => trouble?.key === `trouble.${what}`,
  );

/**
 * The state after `event`; events that change nothing return the same object.
 * @param {State} state @param {AnyEvent} event @returns {State}
 */
export function reduce(state, event) {
  if (FOR_ENGINE.has(event.type) && isStuck(state)) return state;
  const handler = /** @type {((state: State, event: AnyEvent) => State) | undefined} */ (on[event.type]);
  return handler ? handler(state, event) : state;
}

/** @param {State} state @returns {State["phase"]} */
const rest = (state) =>
  !state.run ? "loading" : state.phase === "fault" ? "fault" : state.step > 0 ? "paused" : "ready";

/** The run is to move, and where it will stand is not known yet. @param {State} state @returns {State} */
function parted(state) {
  const unknown = { digest: undefined, pace: null, looking: null };
  return { ...state, ...unknown, wanted: false, waiting: false, phase: rest(state) };
}

/** @param {number[]} list @param {number} index @param {number} value */
const put = (list, index, value) => list.map((old, i) => (i === index ? value : old));

/** @param {State} state @param {Note} note @returns {State} */
function noted(state, note) {
  const others = state.notes.filter((other) => other.key !== note.key || other.args.key !== note.args.key);
  return { ...state, notes: [...others, note].slice(-MOST_NOTES) };
}

/** The configuration without names that the page cannot show, where a run goes on. @param {State} state @param {string} code @param {Record<string, string>} args */
function mended(state, code, args) {
  if (!state.run) return state.config;
  if (code === "unknown-recipe") return adopt(state, state.run);
  const { [code === "unknown-knob" ? args.key : ""]: _, ...knobs } = state.config.knobs;
  return { ...state.config, knobs };
}

/** @param {State} state @param {import("./types.js").Trouble} trouble @returns {State} */
function troubled(state, trouble) {
  return { ...state, phase: "fault", wanted: null, waiting: false, pace: null, trouble };
}

/** @param {State} state @param {string} [id] */
export const recipeOf = (state, id = state.config.recipe) => state.recipes.find((recipe) => recipe.id === id);

/** @param {State} state @param {string} key */
const knobOf = (state, key) => recipeOf(state)?.knobs.find((knob) => knob.key === key);

/** Whether turning a knob changes the present run. @param {State} state @param {string} key */
export function isLive(state, key) {
  return state.run?.recipe === state.config.recipe && knobOf(state, key)?.live === true;
}

/** Whether two spellings of a value are the same. @param {string} a @param {string} b */
export const sameValue = (a, b) => a === b || (a.trim() !== "" && Number(a) === Number(b));

/** Whether a knob does anything as the others stand. @param {State} state @param {import("./types.js").KnobInfo} knob */
export const matters = (state, { when }) =>
  !when || !knobOf(state, when[0]) || valueOf(state, when[0]) === when[1];

/** @param {State} state @param {string} key */
export const valueOf = (state, key) => state.config.knobs[key] ?? knobOf(state, key)?.default ?? "";

/** Sets a knob in the configuration and, where it is live, in the run. @param {State} state @param {string} key @param {string} value @returns {State} */
function turn(state, key, value) {
  const { [key]: _, ...others } = state.config.knobs;
  const knobs = sameValue(value, knobOf(state, key)?.default ?? "") ? others : { ...others, [key]: value };
  const run =
    state.run && isLive(state, key)
      ? { ...state.run, knobs: { ...state.run.knobs, [key]: value } }
      : state.run;
  return { ...state, run, config: { ...state.config, knobs } };
}

/** The configuration that `run` has. @param {State} state @param {import("./types.js").Run} run @returns {Config} */
export function adopt(state, run) {
  const recipe = recipeOf(state, run.recipe);
  const differs = Object.entries(run.knobs).filter(([key, value]) => {
    const knob = recipe?.knobs.find((info) => info.key === key);
    return !knob || !sameValue(value, knob.default);
  });
  return { ...state.config, recipe: run.recipe, seed: `${run.seed}`, knobs: Object.fromEntries(differs) };
}

/** What was set but waits for a new run: `recipe`, `seed`, or keys of knobs. @param {State} state @returns {string[]} */
export function pending(state) {
  const { run, config } = state;
  if (!run) return [];
  const seed = config.seed === `${run.seed}` ? [] : ["seed"];
  if (run.recipe !== config.recipe) return ["recipe", ...seed];
  const keys = Object.entries(run.knobs).filter(([key, value]) => !sameValue(valueOf(state, key), value));
  return [...keys.map(([key]) => key), ...seed];
}

/** @param {Config} config */
export function toHash({ recipe, seed, data, knobs, build }) {
  const params = new URLSearchParams();
  if (recipe) params.set("recipe", recipe);
  if (seed) params.set("seed", seed);
  if (data !== "mnist") params.set("data", data);
  for (const [key, value] of Object.entries(knobs)) params.set(key, value);
  if (build) params.set("build", build);
  const text = params.toString();
  return text && `#${text}`;
}

/** Reads any text without failing; whether names and values mean something is for the worker to judge. @param {string} hash @returns {Config} */
export function fromHash(hash) {
  const params = new URLSearchParams(hash.replace(/^#/, "").slice(0, 4000));
  const knobs = [...params]
    .filter(([key]) => /^[a-z]\w{0,39}$/i.test(key) && !["recipe", "seed", "data", "build"].includes(key))
    .map(([key, value]) => [key, value.slice(0, 200)]);
  const word = (/** @type {string} */ key) => (params.get(key) ?? "").trim().slice(0, 40);
  const build = word("build");
  return {
    recipe: word("recipe"),
    seed: word("seed"),
    data: word("data") === "drawn" ? "drawn" : "mnist",
    knobs: Object.fromEntries(knobs),
    ...(build ? { build } : {}),
  };
}
