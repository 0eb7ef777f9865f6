// What can be taken away from a run, and taken in again: files by button and by drop; and links, with the build that they hold for.
import { createBringing } from "./taking-bring.js";
import { createSaving } from "./taking-save.js";
import { heeding } from "./view/heed.js";
import { takingView } from "./view/taking.js";
import { buildView } from "./view/taking-build.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */
/** @typedef {import("./taking-types.js").Taking} Taking */

/** Branches drawn behind the run's own curves, brought ones among them. */
const MOST_LEFT = 4;
/** Brought curves are on no branch of the run. */
const BROUGHT = -1;
/** After these the run is no longer the one that a link named. */
const PARTS = ["recipe", "seed", "knob", "source", "mirror", "files", "take-run", "taking"];

/** @type {Taking} */
const NOTHING = { busy: null, generator: null, embed: "" };

/** @param {State} state @returns {Taking} */
export const takingOf = (state) => state.taking ?? NOTHING;

/** @param {State} state @param {AnyEvent} event @returns {State} */
export function reduce(state, event) {
  if (
    state.config.build &&
    PARTS.includes(event.type) &&
    (event.type !== "taking" || event.change.generator)
  ) {
    const { build: _, ...config } = state.config;
    return reduce({ ...state, config }, event);
  }
  if (event.type === "taking") return { ...state, taking: { ...takingOf(state), ...event.change } };
  if (event.type === "take-curves") {
    const brought = event.curves.map((curves) => ({ branch: BROUGHT, from: BROUGHT, curves }));
    const own = state.left.filter(({ branch }) => branch !== BROUGHT);
    return { ...state, left: [...own, ...brought].slice(-MOST_LEFT) };
  }
  return state;
}

/** @param {import("./types.js").Page} page @returns {import("./types.js").Part & { take(files: File[], upright: boolean, transfer?: DataTransfer | null): void }} */
export function createTaking(page) {
  const saving = createSaving(page);
  const bringing = createBringing(page);
  return {
    views: [takingView(page.act), buildView(page.act)].map(heeding(page.now)),
    reduce,
    effects: {
      ...saving.effects,
      started(event, before) {
        saving.effects.started?.(event, before);
        bringing.effects.started?.(event, before);
      },
      refused(event, before) {
        saving.effects.refused?.(event, before);
        bringing.effects.refused?.(event, before);
      },
    },
    /** Files that the visitor brought, whatever they are. */
    take: (files, upright, transfer) => void bringing.take(files, upright, transfer),
  };
}
