// The page's state: what it is at first, how each event changes it, and how its configuration reads as an address.
import { keptAmid, slowly } from "./amid.js";
import { BROWSERS } from "./browsers.js";
import { adopt, isLive, known, losesNothing, mended, settingOf } from "./choice.js";
import { extend, noCurves, WIDTH } from "./curves.js";
import { latentsOf, sameLatents } from "./latent.js";
import { about, dismissed, noted, silenced } from "./notes.js";
import { seeing, unseen } from "./seeing.js";
import { turn, turnedAt } from "./turning.js";

export * from "./choice.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Config} Config */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */

/** @returns {State} */
export function initial() {
  return {
    phase: "loading",
    wanted: null,
    arriving: null,
    build: "",
    recipes: [],
    catalogue: null,
    config: { recipe: "", seed: "", data: "mnist", knobs: {} },
    run: null,
    keeps: false,
    asked: null,
    nextData: null,
    choosing: null,
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
    turned: null,
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
  address: (state, { config }) => known({ ...silenced(state), config, nextData: null }),
  asked: (state, { run }) => ({ ...state, asked: { run, config: state.config } }),
  arriving: (state, { received, total }) => ({ ...state, arriving: { received, total } }),
  ready: (state, { build, recipes, catalogue }) =>
    known({ ...state, build, recipes, catalogue, arriving: null, trouble: null }),
  started(state, { type: _, ...run }) {
    const same = state.run?.run === run.run;
    const training = state.wanted ?? (same && state.phase === "training");
    const fits = sameLatents(latentsOf(run), latentsOf(state.run)) && state.latent.length === run.latent;
    // What was chosen since the run was asked for goes on waiting.
    const asked = state.asked && state.asked.run >= run.run ? state.asked : null;
    const chosen = asked !== null && (asked.run !== run.run || asked.config !== state.config);
    return {
      ...state,
      ...start(),
      phase: training ? "training" : "ready",
      waiting: training,
      run,
      keeps: false,
      asked: asked?.run === run.run ? null : asked,
      choosing: null,
      config:
        same || state.keeps || chosen
          ? { ...state.config, seed: state.config.seed || `${run.seed}` }
          : adopt(state, run),
      latent: fits ? state.latent : [],
      trouble: null,
    };
  },
  progress(state, event) {
    // What a run says that is about to be replaced settles nothing for the one that was asked for.
    const old = state.asked !== null && event.run < state.asked.run;
    const wanted = !old && state.wanted === event.training ? null : state.wanted;
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
      digitsSeen: event.images_seen,
      // At rest the last rates stay to be read.
      stepsPerS: event.steps_per_s || state.stepsPerS,
      imagesPerS: event.images_per_s || state.imagesPerS,
      elapsed: event.elapsed_ms,
      waiting: training && event.waiting,
      epochLeft: event.epoch_left,
      standing: event.mid_iteration,
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
  pretrained: (state, { type: _, ...lent }) => ({ ...state, lent: state.step === 0 ? lent : null }),
  decoded: (state, { pixels }) => ({ ...state, decoded: pixels }),
  real: (state, { pixels }) => ({ ...state, real: pixels }),
  data(state, { type: _, ...set }) {
    const unchecked = set.source === "mnist" && state.download?.unchecked === true;
    if (set.usable || (!state.data?.usable && !state.shut))
      return { ...arrived(state, set), data: set, unchecked, incoming: null };
    return state.shut ? state : { ...state, incoming: set.complete ? null : set };
  },
  refused(state, { command, run, code, args, message }) {
    const next = noted(state, {
      tone: "error",
      key: `error.${code}`,
      args,
      message,
      about: about(command, settingOf(state, code), args),
    });
    if (command === "run") return { ...next, wanted: null, phase: rest(state) };
    if (command === "tune" && args.key in state.undo) return turn(next, args.key, state.undo[args.key]);
    if (command === "start" || command === "next") {
      const asked = state.asked?.run === run ? null : state.asked;
      // A run that trains goes on, and its next report says so.
      const still = { wanted: null, waiting: false, phase: rest(state) };
      return {
        ...next,
        ...(command === "start" && still),
        keeps: false,
        asked,
        config: mended(state, code, args),
      };
    }
    return ["images", "open", "close"].includes(command) ? { ...next, incoming: null, shut: true } : next;
  },
  fault: (state, { code, args, message, remedies }) =>
    troubled(state, { key: `error.${code}`, args, message, remedy: "reset", remedies }),
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
    asked: null,
    nextData: null,
    choosing: null,
    data: null,
    incoming: null,
    trouble: null,
  }),

  train: (state) => ({ ...parted(state), wanted: true, phase: "training", waiting: true }),
  pause: (state) => ({ ...state, wanted: false, waiting: false, phase: rest(state), pace: null }),
  step: (state) => parted(state),
  advance(state, { by, slowly: paced }) {
    const next = by === "phase" ? state : turnedAt(state);
    return { ...parted(next), pace: paced ? state.pace : null, owed: state.owed + 1 };
  },
  reset: (state) => ({ ...parted(state), keeps: true }),
  "new-run": (state) => ({ ...state, wanted: state.phase === "training" ? true : null, choosing: null }),
  choose: (state, { what }) => ({ ...state, choosing: what }),
  resumed: (state, { step, same_data: same }) => ({
    ...state,
    turned: same === false ? { step, knobs: null } : "unknown",
  }),
  recipe(state, { id, knobs = {} }) {
    return { ...silenced(state), config: { ...state.config, recipe: id, knobs } };
  },
  seed: (state, { value }) => ({
    ...silenced(state, ["settings", "seed"]),
    config: { ...state.config, seed: value.trim() },
  }),
  knob(state, { key, value }) {
    const old = state.run?.knobs[key];
    const undo = isLive(state, key) && old !== undefined ? { ...state.undo, [key]: old } : state.undo;
    return turn({ ...silenced(state, ["settings", key]), undo }, key, value);
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
  source(state, { source, sure }) {
    const next = silenced(state, ["files"]);
    const here = source === state.data?.source && state.data.images === state.data.total;
    if (!sure && !here && state.data?.usable && !losesNothing(state)) return { ...next, nextData: source };
    return { ...next, nextData: null, config: { ...state.config, data: source } };
  },
  mirror: (state) => ({
    ...silenced(state, ["files"]),
    nextData: null,
    config: { ...state.config, data: "mnist" },
  }),
  files: (state) => silenced(state, ["files"]),
  opening: (state) => ({ ...state, shut: false }),
  upright: (state, { on: upright }) => ({ ...state, upright }),
  "judge-is": (state, { judge }) => ({ ...state, judge }),
  site: (state, { has }) => ({ ...state, site: has ? "has" : "none" }),
  download: (state, { download }) => ({ ...state, download }),
  note: (state, { note }) => noted(state, note),
  dismiss: dismissed,
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
  const unknown = { digest: undefined, pace: null, looking: null, wanted: false, waiting: false };
  return { ...state, ...unknown, phase: rest(state) };
}

/** @param {number[]} list @param {number} index @param {number} value */
const put = (list, index, value) => list.map((old, i) => (i === index ? value : old));

/** @param {State} state @param {import("./types.js").Trouble} trouble @returns {State} */
function troubled(state, trouble) {
  return { ...state, phase: "fault", wanted: null, waiting: false, pace: null, trouble };
}

/** What was said of digits that did not come holds no more once they are here. @param {State} state @param {import("./types.js").DataSet} set */
function arrived(state, { source, usable, images, total }) {
  if (source !== "mnist" || !usable) return state;
  return silenced(state, images >= total ? ["data", "data.part"] : ["data"]);
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

/**
 * Reads any text without failing; whether names and values mean something is for others to judge. A link that went through HTML may have
 * `&amp;` for `&`.
 * @param {string} hash @returns {Config}
 */
export function fromHash(hash) {
  const params = new URLSearchParams(
    hash
      .replace(/^#/, "")
      .slice(0, 4000)
      .replace(/&(amp;)+/gi, "&"),
  );
  const knobs = [...params]
    .filter(([key]) => key !== "" && !["recipe", "seed", "data", "build", "__proto__"].includes(key))
    .map(([key, value]) => [key.slice(0, 40), value.slice(0, 200)]);
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
