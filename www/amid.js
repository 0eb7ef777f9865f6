// One iteration in its phases: their order, what each has at hand, and how events change what is told of it. Pure.

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */
/** @typedef {import("./types.js").PhaseName} PhaseName */
/** @typedef {import("./types.js").Amid} Amid */
/** @typedef {"z" | "fake" | "real" | "real-scores" | "fake-scores" | "d-loss" | "g-loss" | "push"} Tensor */

/** The order of a duel; the first five come `d_steps` times. @type {readonly PhaseName[]} */
const DUEL = ["draw", "generate", "d-real", "d-fake", "d-update", "g-generate", "g-score", "g-update"];
/** CycleGAN's: its translators move first. @type {readonly PhaseName[]} */
const CYCLE = ["draw", "generate", "g-generate", "g-score", "g-update", "d-real", "d-fake", "d-update"];

/** @param {boolean} cycle whether digits are translated between two domains */
export const phasesOf = (cycle) => (cycle ? CYCLE : DUEL);

/** Who acts in a phase, as the page's colours have it. @type {Record<PhaseName, "real" | "g" | "d">} */
export const ACTORS = {
  draw: "real",
  generate: "g",
  "d-real": "d",
  "d-fake": "d",
  "d-update": "d",
  "g-generate": "g",
  "g-score": "d",
  "g-update": "g",
};

/** What each phase of a duel has at hand: what an earlier batch left is not shown. @type {Record<PhaseName, readonly Tensor[]>} */
const IN_DUEL = {
  draw: ["real"],
  generate: ["real", "z", "fake"],
  "d-real": ["real", "z", "fake", "real-scores"],
  "d-fake": ["real", "z", "fake", "real-scores", "fake-scores"],
  "d-update": ["real", "z", "fake", "real-scores", "fake-scores", "d-loss"],
  "g-generate": ["real", "z", "fake"],
  "g-score": ["real", "z", "fake", "fake-scores"],
  "g-update": ["real", "z", "fake", "fake-scores", "g-loss", "push"],
};

/** @type {Record<PhaseName, readonly Tensor[]>} */
const IN_CYCLE = {
  draw: ["real"],
  generate: ["real", "fake"],
  "g-generate": ["real", "fake"],
  "g-score": ["real", "fake", "fake-scores"],
  "g-update": ["real", "fake", "fake-scores", "g-loss", "push"],
  "d-real": ["real", "fake", "real-scores", "g-loss"],
  "d-fake": ["real", "fake", "real-scores", "fake-scores", "g-loss"],
  "d-update": ["real", "fake", "real-scores", "fake-scores", "d-loss", "g-loss"],
};

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
 * What is to be seen of a phase: tensors that are its own, and parts that are at work.
 * @param {Amid} amid @param {{ cycle: boolean, compares: boolean }} game `compares`: whether G's loss takes D's scores of real digits too
 * @returns {{ seen: Set<string>, work: Set<string> }}
 */
export function seenIn({ phase, moved }, { cycle, compares }) {
  const seen = new Set(/** @type {readonly string[]} */ ((cycle ? IN_CYCLE : IN_DUEL)[phase]));
  const work = new Set(AT_WORK[phase]);
  const ofG = phase === "g-score" || phase === "g-update";
  if (ofG && compares) seen.add("real-scores");
  if (phase === "g-score" && compares) WITH_REAL.forEach((part) => work.add(part));
  if (phase === "g-update" && compares) ["real-scores", "real-loss"].forEach((part) => work.add(part));
  if (!cycle && phase.startsWith("g-") && moved) seen.add("d-loss");
  return { seen, work };
}

/** Whether nothing of an iteration is left to play after the phase. @param {Amid} amid @param {boolean} cycle */
export const isLast = ({ phase, next }, cycle) => next === "draw" && phase === phasesOf(cycle)[7];

/** The number of the iteration that a phase belongs to. @param {Amid} amid @param {boolean} cycle */
export const iterationOf = (amid, cycle) => amid.step + (isLast(amid, cycle) ? 0 : 1);

/** Whether a run translates digits between two domains. @param {State["run"]} run */
export const isCycle = (run) => (run?.columns.length ?? 0) > 0;

/**
 * The score at which D takes neither side, nothing where only differences of scores mean something; probabilities are log-odds here.
 * @param {Record<string, string>} knobs
 */
export function middleOf({ loss, real_target = "1", fake_target = "0" }) {
  if (loss === "wasserstein" || loss === "relativistic") return null;
  return loss === "least-squares" ? (Number(real_target) + Number(fake_target)) / 2 : 0;
}

/** How many digits D put on their own side. @param {ArrayLike<number>} real @param {ArrayLike<number>} fake @param {number} middle */
export const rightOf = (real, fake, middle) =>
  Array.from(real).filter((score) => score > middle).length +
  Array.from(fake).filter((score) => score < middle).length;

/** What the scores shown and the loss say of a step that D took. @param {Amid} amid @returns {import("./types.js").Turn} */
function turnOf({ knobs, losses, amid: { real_scores, fake_scores } }) {
  const middle = middleOf(knobs);
  return {
    right: middle === null ? null : rightOf(real_scores, fake_scores, middle),
    of: real_scores.length + fake_scores.length,
    loss: losses[0] + losses[1],
  };
}

/** How events change what is told of an iteration; www/state.js has the rest. @type {{ [T in AnyEvent["type"]]?: (state: State, event: Extract<AnyEvent, { type: T }>) => State }} */
export const slowly = {
  amid(state, { type: _, run: __, ...told }) {
    // What is turned amid an iteration is in force from the next one on.
    const before = state.standing ? state.amid : null;
    const moved = told.phase === "d-update" || before?.moved === true;
    const amid = { ...told, moved, knobs: before?.knobs ?? state.run?.knobs ?? {} };
    // "At once" is to the end of the iteration.
    const pace = state.pace === Infinity && isLast(amid, isCycle(state.run)) ? null : state.pace;
    if (amid.phase === "g-update") return { ...state, amid, pace, alone: [] };
    const alone = amid.phase === "d-update" ? [...state.alone, turnOf(amid)] : state.alone;
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
