// The panels that show the game: what D says, and which digits appear; each paints while it is on the screen.
import { coverageFacts, coverageView } from "./coverage.js";
import { byId } from "./dom.js";
import { scoresFacts, scoresView } from "./scores.js";
import { watchPanels } from "./seen.js";

/** @param {ReturnType<typeof import("./seen.js").createSight>} sight @param {import("../types.js").Act} act @returns {import("../types.js").View[]} */
export function seeingViews(sight, act) {
  watchPanels(sight, act);
  return [
    scoresFacts,
    coverageFacts,
    sight.only(byId("scores"), scoresView()),
    sight.only(byId("coverage"), coverageView()),
  ];
}
