// The panel for drawing: its markup, and the views that paint it.
import { byId, make } from "./dom.js";
import { heeding } from "./heed.js";
import { findView } from "./sketch-find.js";
import { ownView } from "./sketch-own.js";
import { padView } from "./sketch-pad.js";
import { readView } from "./sketch-read.js";

/** @param {import("../types.js").Page} page @returns {import("../types.js").View[]} */
export function sketchViews({ act, now, sight }) {
  const section = byId("sketching");
  section.append(
    make(
      "div",
      { class: "heading" },
      make("h2", { id: "sketching-title", "data-t": "sketch.title" }),
      make("small", { "data-t": "sketch.about" }),
    ),
  );
  const table = make("div", { class: "sketch-table" });
  section.append(table);
  const views = [padView(table, act), readView(table), findView(table, act), ownView(section, act)];
  section.hidden = false;
  const panel = sight.settled(section, (state, text) => views.forEach((view) => view(state, text)));
  return [facts, panel].map(heeding(now));
}

/** Facts of the panel for whoever reads the page by program; painted or not. @type {import("../types.js").View} */
function facts({ sketching }) {
  const { drawing, pixels, reading, search, found, own, images, taking } = sketching ?? {};
  const fact = (/** @type {unknown} */ value) => (value === undefined || value === null ? "" : `${value}`);
  Object.assign(byId("sketching").dataset, {
    lines: fact(drawing?.lines.length ?? 0),
    ink: fact(pixels?.reduce((sum, value) => sum + value, 0) ?? 0),
    score: fact(reading?.score),
    probability: fact(reading?.probability),
    chances: reading ? Array.from(reading.probabilities, (chance) => chance.toFixed(3)).join(" ") : "",
    step: fact(reading?.step),
    search: search ?? "none",
    error: fact(found?.error),
    iterations: fact(found?.iterations),
    own: fact(own?.length ?? 0),
    images: fact(images?.reduce((sum, { kinds }) => sum + kinds.length, 0) ?? 0),
    taking: taking ? `${taking.done}/${taking.total}` : "",
  });
}
