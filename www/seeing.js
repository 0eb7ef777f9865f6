// What is seen of a run besides its losses: scores, measurements, alarms, kept moments, one iteration in its parts. Pure.
import { upTo } from "./curves.js";
import { nearestKept } from "./moments.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Seeing} Seeing */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */

/** Surveys kept as slow curves. */
const MOST_SURVEYS = 400;
/** Branches that were left and are still drawn. */
const MOST_LEFT = 4;

/** What every run begins with. @returns {Seeing} */
export const unseen = () => ({
  epochLeft: 0,
  standing: false,
  scores: null,
  glance: null,
  survey: null,
  slow: { steps: [], distance: [], precision: [], recall: [] },
  plateau: null,
  school: null,
  best: null,
  alarms: [],
  moments: [],
  momentBytes: 0,
  momentMost: 0,
  branch: 0,
  forks: [],
  left: [],
  looking: null,
  amid: null,
  alone: [],
  pace: null,
  owed: 0,
  inspected: null,
  filters: null,
});

/** How events change what is seen; www/state.js has the rest. @type {{ [T in AnyEvent["type"]]?: (state: State, event: Extract<AnyEvent, { type: T }>) => State }} */
export const seeing = {
  scores: (state, { type: _, run: __, ...scores }) => ({ ...state, scores }),
  "quick-survey": (state, { type: _, run: __, ...glance }) => ({ ...state, glance, judge: "here" }),
  survey(state, { survey, cost_ms }) {
    const slow = slower(state.slow, survey);
    const plateau = surpassed(slow, state.plateau, state.catalogue?.plateau) ? null : state.plateau;
    return { ...state, survey: { cost_ms, ...survey }, slow, plateau };
  },
  "not-judged": (state) => ({ ...state, judge: "strange" }),
  plateau: (state, { best, step }) => ({ ...state, plateau: { best, step } }),
  "rates-fall": (state, { step, knobs }) => ({
    ...state,
    run: state.run && { ...state.run, knobs },
    turned: state.turned ?? { step, knobs: state.run?.knobs ?? null },
    config: restored(state, knobs),
  }),
  best: (state, { snapshot, step }) => ({ ...state, best: { moment: snapshot, step } }),
  alarm(state, { type: _, run: __, ...alarm }) {
    return { ...state, alarms: [...state.alarms.filter((other) => other.alarm !== alarm.alarm), alarm] };
  },
  "alarm-cleared": (state, { alarm }) => ({
    ...state,
    alarms: state.alarms.filter((other) => other.alarm !== alarm),
  }),
  snapshot(state, { type: _, run: __, bytes, most, ...moment }) {
    return { ...state, moments: [...state.moments, moment], momentBytes: bytes, momentMost: most };
  },
  "snapshots-dropped"(state, { ids }) {
    const moments = state.moments.filter(({ id }) => !ids.includes(id));
    const looking = state.looking === null ? null : nearestKept(state.moments, moments, state.looking);
    return { ...state, moments, looking };
  },
  returned(state, { snapshot, step, branch, knobs }) {
    const kept = state.moments.find(({ id }) => id === snapshot);
    const parent = kept?.branch ?? state.branch;
    const further = (state.curves.steps.at(-1) ?? 0) > step;
    const left = { branch: state.branch, from: step, curves: state.curves };
    return {
      ...state,
      ...fresh(),
      step,
      digest: undefined,
      // The worker sends them once more; until then it is not the digits of later that are shown.
      samples: kept?.pixels ?? state.samples,
      branch,
      forks: [...state.forks, { parent, step }],
      left: further ? [...state.left, left].slice(-MOST_LEFT) : state.left,
      curves: upTo(state.curves, step),
      slow: early(state.slow, step),
      run: state.run && { ...state.run, knobs },
      turned: turnedBefore(state.turned, step),
      config: restored(state, knobs),
      phase: state.phase === "fault" ? "paused" : state.phase,
      trouble: null,
    };
  },
  inspected: (state, { type: _, run: __, ...inspected }) => ({ ...state, inspected }),
  filters: (state, { type: _, ...filters }) => ({ ...state, filters }),
  school: (state, { type: _, run: __, ...school }) => ({ ...state, school }),
  "school-test": (state, { on }) => (on ? state : { ...state, school: null }),
  "look-at": (state, { moment }) => ({
    ...state,
    looking: state.moments.some(({ id }) => id === moment) ? moment : null,
  }),
  "until-plateau": (state, { on }) => ({ ...state, untilPlateau: on }),
};

/** What a run that went back has not seen yet. */
const fresh = () => ({
  scores: null,
  glance: null,
  survey: null,
  plateau: null,
  school: null,
  alarms: [],
  looking: null,
  amid: null,
  alone: [],
  pace: null,
  inspected: null,
});

/** Whether a run that went back to `step` had been turned by then. @param {State["turned"]} turned @param {number} step */
const turnedBefore = (turned, step) =>
  turned === null || turned === "unknown" || turned.step < step ? turned : null;

/** The configuration with live knobs as the run has them again; what waits for a new run goes on waiting. @param {State} state @param {Record<string, string>} knobs */
function restored({ config, recipes, run }, knobs) {
  const live = recipes.find(({ id }) => id === run?.recipe)?.knobs.filter((knob) => knob.live) ?? [];
  if (config.recipe !== run?.recipe) return config;
  const same = (/** @type {string} */ a, /** @type {string} */ b) => a === b || Number(a) === Number(b);
  const waiting = Object.entries(config.knobs).filter(([key]) => !live.some((knob) => knob.key === key));
  const turned = live.filter(({ key, default: usual }) => key in knobs && !same(knobs[key], usual));
  return {
    ...config,
    knobs: Object.fromEntries([...waiting, ...turned.map(({ key }) => [key, knobs[key]])]),
  };
}

/** Whether the last surveys are better than those of the plateau. @param {Seeing["slow"]} slow @param {Seeing["plateau"]} plateau @param {import("./types.js").Catalogue["plateau"]} [rule] */
function surpassed({ steps, distance }, plateau, rule) {
  if (!plateau || !rule) return false;
  const mean = (/** @type {number} */ end) => {
    const part = distance.slice(Math.max(0, end - rule.surveys), end).map((value) => value ?? NaN);
    return part.length < rule.surveys ? NaN : part.reduce((sum, value) => sum + value, 0) / rule.surveys;
  };
  return mean(distance.length) < rule.better * mean(steps.indexOf(plateau.best) + 1);
}

/** @param {Seeing["slow"]} slow @param {import("./types.js").Survey} survey */
function slower(slow, { step, distance, floor, precision, recall }) {
  if (slow.steps.at(-1) === step) return slow;
  const ratio = distance !== undefined && floor !== undefined ? distance / floor : null;
  /** @template T @param {T[]} column @param {T} value */
  const add = (column, value) => [...column, value].slice(-MOST_SURVEYS);
  return {
    steps: add(slow.steps, step),
    distance: add(slow.distance, ratio),
    precision: add(slow.precision, precision ?? null),
    recall: add(slow.recall, recall ?? null),
  };
}

/** @param {Seeing["slow"]} slow @param {number} step */
function early({ steps, distance, precision, recall }, step) {
  const end = steps.filter((other) => other <= step).length;
  /** @template T @param {T[]} column */
  const cut = (column) => column.slice(0, end);
  return { steps: cut(steps), distance: cut(distance), precision: cut(precision), recall: cut(recall) };
}
