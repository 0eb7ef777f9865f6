// Without an engine, what only an engine can do cannot be pressed.
import { isStuck } from "../state.js";

const CONTROLS = ":is(.board, .below, .lesson) :is(button, input, select)";
/** What helps, and what one reads with. */
const FREE = "#status *, .tabs *, .lesson-nav *, #lesson-again, #lesson-back";

/** @returns {import("../types.js").View} */
export function stuckView() {
  /** What was disabled here. @type {Set<HTMLButtonElement>} */
  const stopped = new Set();
  return (state) => {
    if (isStuck(state)) {
      // Each time: panels that have painted may have made new ones.
      for (const control of /** @type {NodeListOf<HTMLButtonElement>} */ (
        document.querySelectorAll(CONTROLS)
      )) {
        if (control.disabled || control.matches(FREE)) continue;
        control.disabled = true;
        stopped.add(control);
      }
      return;
    }
    for (const control of stopped) control.disabled = false;
    stopped.clear();
  };
}
