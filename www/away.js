// A tab in the background: training goes on there, the tab's title says how far it is, and a note says so on return.

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Text} Text */

/** How often the title changes: a title that flickers disturbs. */
const EVERY_MS = 5000;

/**
 * Returns what hears of every change of the state, and of the tab's coming and going: nothing of it waits for a frame to be
 * painted, for none is while the tab is hidden.
 * @param {(event: import("./types.js").PageEvent) => void} dispatch @param {{ hidden: boolean, title: string }} page @param {() => number} now
 */
export function createAway(dispatch, page = document, now = () => performance.now()) {
  const name = page.title;
  /** Where training stood when the visitor left. @type {{ run: number | undefined, step: number } | null} */
  let left = null;
  let due = 0;
  let training = false;

  /** @param {State} state @param {Text} text */
  function hear(state, text) {
    if (!page.hidden || !left) return;
    const goes = state.phase === "training";
    if (goes === training && now() < due) return;
    if (goes || training) page.title = text.t(goes ? "away.training" : "away.stopped", { step: state.step });
    training = goes;
    due = now() + EVERY_MS;
  }

  /** @param {State} state @param {Text} text */
  function turn(state, text) {
    if (page.hidden) {
      left = state.phase === "training" ? { run: state.run?.run, step: state.step } : null;
      due = 0;
      hear(state, text);
      return;
    }
    page.title = name;
    const same = left && [state.run?.run, undefined].includes(left.run);
    const steps = left && same ? state.step - left.step : 0;
    if (steps > 0)
      dispatch({ type: "note", note: { tone: "info", key: "away.back", args: { steps, step: state.step } } });
    left = null;
    training = false;
  }

  return { hear, turn };
}
