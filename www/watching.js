// What the panels that look into a run ask of its worker, and the judge that it measures with.
import { adopt } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */
/** @typedef {import("./types.js").RemedyInfo} Remedy */

/**
 * @param {ReturnType<typeof import("./client.js").connect>} client
 * @param {() => State} now the state as it is
 * @param {(event: AnyEvent) => void} dispatch
 */
export function createWatching(client, now, dispatch) {
  /** @type {Promise<Uint8Array | null> | null} */
  let judge = null;
  /** Which costly views are on the screen. */
  let inView = { scores: false, quality: false };
  /** The remedy whose way back is under way. @type {Remedy | null} */
  let waiting = null;

  /** Says what is to be measured: what is looked at, and what decides when to pause. */
  function watch() {
    const quality = inView.quality || now().untilPlateau;
    if (client.isReady()) client.send({ type: "watch", scores: inView.scores, quality });
  }

  /** Pauses a run that got no better since a step, and goes back to where it was best. @param {number} since */
  function pauseAt(since) {
    const { phase, best, step: present } = now();
    if (phase !== "training") return;
    dispatch({ type: "pause" });
    const back = best !== null && best.step < present;
    if (back) dispatch({ type: "go-back", moment: best.moment });
    const key = back ? "plateau.returned" : "plateau.paused";
    dispatch({ type: "note", note: { tone: "info", key, args: { best: best?.step ?? since } } });
  }

  /** Turns a remedy's knobs, in a new run where it takes one, and trains. @param {Remedy} remedy */
  function turn({ knobs, fresh }) {
    const { run, config } = now();
    if (!run) return;
    // The menu may show another GAN by now: the remedy is for the one that trains.
    if (config.recipe !== run.recipe) dispatch({ type: "address", config: adopt(now(), run) });
    for (const [key, value] of Object.entries(knobs)) dispatch({ type: "knob", key, value });
    if (fresh) dispatch({ type: "new-run" });
    dispatch({ type: "train" });
  }

  async function fetchJudge() {
    try {
      const response = await fetch(new URL("judge.safetensors", import.meta.url));
      return response.ok ? new Uint8Array(await response.arrayBuffer()) : null;
    } catch {
      return null;
    }
  }

  /** @type {import("./drive.js").Effects} */
  const effects = {
    advance: ({ by }) => client.isReady() && client.send({ type: "advance", by }),
    "go-back": ({ moment }) => client.send({ type: "return", snapshot: moment }),
    watch({ scores, quality }) {
      inView = { scores, quality };
      watch();
    },
    "until-plateau"({ on }) {
      watch();
      const { plateau } = now();
      if (on && plateau) pauseAt(plateau.best);
    },
    inspect: ({ grid, index }) => client.send({ type: "inspect", grid, index }),
    "school-test": ({ on }) => client.send({ type: "school", on }),
    "ask-filters": () => client.send({ type: "filters" }),
    plateau({ best }) {
      if (now().untilPlateau) pauseAt(best);
    },
    "rates-fall"({ step }) {
      dispatch({ type: "note", note: { tone: "info", key: "rates.fall", args: { step } } });
    },
    remedy({ remedy }) {
      const { snapshot } = remedy;
      if (snapshot === undefined) return turn(remedy);
      // So that no step is taken between going back and turning the knobs.
      dispatch({ type: "pause" });
      waiting = remedy;
      client.send({ type: "return", snapshot });
    },
    // What was to follow in the run before is not done in this one.
    started: () => void (waiting = null),
    returned() {
      const remedy = waiting;
      waiting = null;
      if (remedy) turn(remedy);
    },
    refused({ command }) {
      if (command === "return") waiting = null;
    },
  };

  return {
    effects,
    /** A worker is up that knows of no wishes yet. */
    greet() {
      waiting = null;
      watch();
    },
    /** Brings the worker its judge once the page is at rest: nothing that is seen first waits for it. */
    bringJudge() {
      const later = window.requestIdleCallback ?? ((/** @type {() => void} */ run) => setTimeout(run, 200));
      later(async () => {
        judge ??= fetchJudge();
        const bytes = await judge;
        // Without a judge nothing is measured, and the panels say so.
        if (bytes) client.send({ type: "judge", bytes: bytes.slice() });
        else judge = null;
        dispatch({ type: "judge-is", judge: bytes ? "here" : "none" });
      });
    },
  };
}
