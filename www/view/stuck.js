// Without an engine, what only an engine can do cannot be pressed.
import { isStuck } from "../state.js";
import { mark } from "./dom.js";

const CONTROLS = ":is(.board, .below, .lesson) :is(button, input, select)";
/** What helps, and what one reads with. */
const FREE = "#status *, .tabs *, .lesson-nav *, #lesson-again, #lesson-back";
/** `data-stopped` says who disabled a control: this view, or www/startup.js, whose controls it takes over. */
const OURS = "engine";

/** @param {string} selector */
const controls = (selector) =>
  /** @type {NodeListOf<HTMLButtonElement>} */ (document.querySelectorAll(selector));

/** @returns {import("../types.js").View} */
export function stuckView() {
  let stopped = false;
  return (state) => {
    if (isStuck(state)) {
      stopped = true;
      // Each time: panels that have painted may have made new ones.
      for (const control of controls(CONTROLS)) {
        if ((control.disabled && !control.dataset.stopped) || control.matches(FREE)) continue;
        control.disabled = true;
        mark(control, "data-stopped", OURS);
      }
    } else if (stopped) {
      stopped = false;
      for (const control of controls(`[data-stopped=${OURS}]`)) {
        control.disabled = false;
        mark(control, "data-stopped", null);
      }
    }
  };
}
