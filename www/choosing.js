// What becomes of a choice: at once where nothing is lost by it; otherwise it waits, and Train asks which run is meant.
import { isLive, losesNothing, pending, valueOf, waitingFor } from "./state.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */

/** How long a choice rests before it takes effect: a slider in motion builds no nets. */
const REST_MS = 150;

/**
 * @param {ReturnType<typeof import("./drive.js").createDriver>} driver
 * @param {() => State} now the state as it is
 * @param {(event: AnyEvent) => void} dispatch
 */
export function createChoosing(driver, now, dispatch) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** The run that a choice takes the place of: once it has, the page says where it is. @type {{ gan: string, step: number } | null} */
  let left = null;
  /** Whether the choice was made at rest: it takes effect as soon as the run is kept. */
  let atRest = false;

  /** Begins a run with what was chosen, where nothing is lost by it. @param {"train" | "step"} [then] what the run is to do */
  function settle(then) {
    clearTimeout(timer);
    // The one under way looks here again when it stands.
    if (!now().run || driver.isStarting()) return;
    for (const key of pending(now()))
      if (isLive(now(), key)) dispatch({ type: "knob", key, value: valueOf(now(), key) });
    const { run, step } = now();
    if (!waitingFor(now()).length || !losesNothing(now())) return;
    left = run && step > 0 ? { gan: run.recipe, step } : null;
    dispatch({ type: "new-run", ...(then && { then }) });
  }

  const soon = () => {
    atRest = now().phase !== "training";
    clearTimeout(timer);
    timer = setTimeout(settle, REST_MS);
  };

  /** @type {import("./drive.js").Effects} */
  const effects = {
    recipe: soon,
    seed: soon,
    knob: soon,
    // What was chosen since it was asked for, or goes on waiting after a reset.
    started() {
      const args = left;
      left = null;
      if (args) dispatch({ type: "note", note: { tone: "info", key: "choice.kept", args } });
      settle();
    },
    refused({ command, run }, before) {
      if (command === "start") left = null;
      if (command === "start" && before.asked?.run === run && before.asked?.config !== before.config) soon();
    },
    stored: () => atRest && settle(),
    press({ what }) {
      clearTimeout(timer);
      if (!waitingFor(now()).length || driver.isStarting()) dispatch({ type: what });
      else if (now().step === 0 && losesNothing(now())) settle(what);
      else dispatch({ type: "choose", what });
    },
    // Whoever goes on with the run that is there needs no longer be asked.
    train: leave,
    step: leave,
    pause: leave,
    reset: leave,
  };

  function leave() {
    atRest = false;
    if (now().choosing) dispatch({ type: "choose", what: null });
  }
  return { effects };
}
