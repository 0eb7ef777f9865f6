// The panels below the first screen, and the run beside the page's own: their code comes when a run stands, so that training waits for none of it.
import { openSecond } from "./second.js";
import { compareView } from "./view/compare.js";
import { byId } from "./view/dom.js";
import { lessonView } from "./view/lesson.js";
import { slowView } from "./view/slow.js";
import { timelineView } from "./view/timeline.js";

/** @typedef {import("./types.js").View} View */

/** @param {import("./types.js").Act} act @param {ReturnType<typeof import("./view/seen.js").createSight>} sight */
export function createBelow(act, sight) {
  return {
    /** @type {View[]} */
    views: [timelineView(act, (view) => sight.only(byId("timeline"), view)), slowView(act), lessonView(act)],
    compare: compareView(act, sight),
    openSecond,
  };
}
