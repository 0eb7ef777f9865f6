// Kept runs in words and pictures: what one is called, what is known of it, when it was stored.
import { ACROSS } from "../keeping-state.js";
import { drawDigits, make } from "./dom.js";

/** @typedef {import("../keeping-types.js").Kept} Kept */
/** @typedef {import("../types.js").Text} Text */

/** A recipe's name without what it says of itself. @param {string} id @param {Text} text */
export const recipeName = (id, text) =>
  text.has(`recipe.${id}.name`) ? text.t(`recipe.${id}.name`).split(/[:：]/)[0] : id;

/** What a run is called while the visitor has given it no name. @param {Kept} kept @param {Text} text */
export const usualName = (kept, text) =>
  kept.broken
    ? text.t("keeping.unreadable")
    : text.t("keeping.usual", { recipe: recipeName(kept.recipe, text), seed: `${kept.seed}` });

/** @param {Kept} kept @param {Text} text */
export const titleOf = (kept, text) => kept.name || usualName(kept, text);

/** What there is to say where storage is full. @param {{ saved: number | null }} keeping */
export const fullKey = ({ saved }) => (saved === null ? "keeping.full.none" : "keeping.full");

/** What there is to say where a snapshot could not be stored otherwise. @param {{ saved: number | null }} keeping */
export const failedKey = ({ saved }) => (saved === null ? "keeping.failed.none" : "keeping.failed");

const STEPS = /** @type {const} */ ([
  ["day", 86_400_000],
  ["hour", 3_600_000],
  ["minute", 60_000],
]);

/** How long ago. @param {number} date @param {Text} text @param {number} [now] */
export function ago(date, text, now = Date.now()) {
  const passed = Math.max(0, now - date);
  const [unit, length] = STEPS.find(([, length]) => passed >= length) ?? ["minute", 60_000];
  if (passed < 60_000) return text.t("keeping.just-now");
  return new Intl.RelativeTimeFormat(text.locale, { numeric: "auto" }).format(
    -Math.floor(passed / length),
    unit,
  );
}

/** @param {number} date @param {Text} text */
export const dateOf = (date, text) =>
  new Intl.DateTimeFormat(text.locale, { dateStyle: "medium", timeStyle: "short" }).format(date);

/** A plate for a run's digits. */
export const plate = () =>
  make("canvas", {
    ...{
      width: `${ACROSS * 28}`,
      height: `${ACROSS * 28}`,
      "data-columns": `${ACROSS}`,
      class: "kept-plate",
    },
    ...{ "aria-hidden": "true" },
  });

/** @param {HTMLCanvasElement} canvas @param {Uint8Array} picture */
export const drawPlate = (canvas, picture) =>
  drawDigits(canvas, picture.length ? picture : new Uint8Array(ACROSS * ACROSS * 784));
