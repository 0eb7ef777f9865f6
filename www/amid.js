// One iteration in its phases: what each has at hand, and how events change what is told of it. Pure.
import { factsOf, middleOf } from "./losses.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */
/** @typedef {import("./types.js").PhaseName} PhaseName */
/** @typedef {import("./types.js").Amid} Amid */
/** @typedef {import("./types.js").PhaseFacts} PhaseFacts */

/** The phases of a run's iteration, in order. @param {Pick<State, "catalogue">} state @param {State["run"]} run @returns {readonly PhaseFacts[]} */
export const phasesOf = ({ catalogue }, run) =>
  catalogue?.trainers.find(({ trainer }) => trainer === run?.trainer)?.phases ?? [];

/** Parts of the diagram that are at work in a phase, arrows included. @type {Record<PhaseName, readonly string[]>} */
const AT_WORK = {
  draw: ["real"],
  generate: ["z", "z-g", "g", "g-fake", "fake"],
  "d-real": ["real", "real-d", "d", "d-real", "real-scores"],
  "d-fake": ["fake", "fake-d", "d", "d-fake", "fake-scores"],
  "d-update": ["real-scores", "fake-scores", "real-loss", "fake-loss", "d-loss", "d-back", "d"],
  "g-generate": ["z", "z-g", "g", "g-fake", "fake"],
  "g-score": ["fake", "fake-d", "d", "d-fake", "fake-scores"],
  "g-update": ["fake-scores", "fake-loss", "g-loss", "g-back", "push", "g"],
};
const WITH_REAL = ["real", "real-d", "d-real", "real-scores"];

/**
 * What is to be seen of a phase: quantities that are its own, and parts that are at work.
 * @param {Amid} amid @param {{ phases: readonly PhaseFacts[], cycle: boolean, compares: boolean }} game `compares`: whether G's loss takes D's scores of real digits too
 * @returns {{ seen: Set<string>, work: Set<string> }}
 */
export function seenIn({ phase, moved }, { phases, cycle, compares }) {
  // What an earlier batch left is not shown.
  const own = phases.find((facts) => facts.phase === phase)?.available ?? [];
  const seen = new Set(/** @type {readonly string[]} */ (own));
  const work = new Set(AT_WORK[phase]);
  const ofG = phase === "g-score" || phase === "g-update";
  if (ofG && compares) seen.add("real-scores");
  if (phase === "g-score" && compares) WITH_REAL.forEach((part) => work.add(part));
  if (phase === "g-update" && compares) ["real-scores", "real-loss"].forEach((part) => work.add(part));
  if (!cycle && phase.startsWith("g-") && moved) seen.add("d-loss");
  return { seen, work };
}

/** Whether nothing of an iteration is left to play after the phase. @param {Amid} amid @param {readonly PhaseFacts[]} phases */
export const isLast = ({ phase, next }, phases) =>
  next === phases[0]?.phase && phase === phases.at(-1)?.phase;

/** The number of the iteration that a phase belongs to. @param {Amid} amid @param {readonly PhaseFacts[]} phases */
export const iterationOf = (amid, phases) => amid.step + (isLast(amid, phases) ? 0 : 1);

/** Whether a run translates digits between two domains. @param {Pick<import("./types.js").Run, "trainer"> | null} run */
export const isCycle = (run) => run?.trainer === "cycle";

/** How many digits D put on their own side. @param {ArrayLike<number>} real @param {ArrayLike<number>} fake @param {number} middle */
export const rightOf = (real, fake, middle) =>
  Array.from(real).filter((score) => score > middle).length +
  Array.from(fake).filter((score) => score < middle).length;

/** What the scores shown and the loss say of a step that D took. @param {Amid} amid @param {State["catalogue"]} catalogue @returns {import("./types.js").Turn} */
function turnOf({ knobs, losses, view: { real_scores, fake_scores } }, catalogue) {
  const middle = middleOf(factsOf(catalogue, knobs), knobs);
  return {
    right: middle === null ? null : rightOf(real_scores, fake_scores, middle),
    of: real_scores.length + fake_scores.length,
    loss: losses[0] + losses[1],
  };
}

/** How events change what is told of an iteration; www/state.js has the rest. @type {{ [T in AnyEvent["type"]]?: (state: State, event: Extract<AnyEvent, { type: T }>) => State }} */
export const slowly = {
  iteration(state, { type: _, run: __, ...told }) {
    // What is turned amid an iteration is in force from the next one on.
    const before = state.standing ? state.amid : null;
    const moved = told.phase === "d-update" || before?.moved === true;
    const amid = { ...told, moved, knobs: before?.knobs ?? state.run?.knobs ?? {} };
    // "At once" is to the end of the iteration.
    const pace = state.pace === Infinity && isLast(amid, phasesOf(state, state.run)) ? null : state.pace;
    if (amid.phase === "g-update") return { ...state, amid, pace, alone: [] };
    const alone = amid.phase === "d-update" ? [...state.alone, turnOf(amid, state.catalogue)] : state.alone;
    return { ...state, amid, pace, alone };
  },
  pace: (state, { pace }) => ({ ...state, pace }),
};

/**
 * What is left of it when the worker says where the run stands.
 * @param {State} state @param {Extract<AnyEvent, { type: "progress" }>} progress
 */
export function keptAmid({ amid, alone, owed }, { step, training }) {
  const gone = amid !== null && (training || step !== amid.step);
  const left = training ? owed : Math.max(0, owed - 1);
  return gone ? { amid: null, alone: [], owed: left } : { amid, alone, owed: left };
}
