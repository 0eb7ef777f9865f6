// What the studio's parts share: buttons, names of axes, signed numbers.
import { latentOf } from "../morphing-space.js";
import { make } from "./dom.js";

/** @typedef {import("../types.js").Text} Text */

const EFFECTS = /** @type {const} */ ([
  ["morph.effect.thicker", "morph.effect.thinner"],
  ["morph.effect.right", "morph.effect.left"],
  ["morph.effect.wider", "morph.effect.narrower"],
  ["morph.effect.taller", "morph.effect.shorter"],
]);

/** A button; one that is `aria-disabled` keeps the focus and does nothing. @param {string} key of its sentence, if that never changes @param {() => void} does @param {string} [kind] */
export function button(key, does, kind = "") {
  const made = make("button", {
    type: "button",
    ...(key ? { "data-t": key } : {}),
    ...(kind ? { class: kind } : {}),
  });
  made.addEventListener("click", () => made.getAttribute("aria-disabled") !== "true" && does());
  return made;
}

/** A slider within the studio. @param {Record<string, string>} attributes @param {(value: number) => void} hear */
export function slider(attributes, hear) {
  const made = make("input", { type: "range", ...attributes });
  made.addEventListener("input", () => hear(Number(made.value)));
  return made;
}

/** An axis as its reader knows it. @param {import("../morphing-types.js").Axis} axis @param {Pick<import("../morphing-types.js").Morphing, "directions">} morphing @param {Text} text */
export function nameOf(axis, { directions }, text) {
  const index = latentOf(axis);
  if (index >= 0) return text.t("latent.slider", { n: `${index + 1}` });
  const place = Number(axis.slice(1));
  const effect = directions?.effects[place];
  const n = `${place + 1}`;
  if (!effect) return text.t("morph.direction", { n });
  return text.t("morph.direction.named", { n, what: text.t(EFFECTS[effect.what][effect.more ? 0 : 1]) });
}

/** A number of steps along an axis. @param {number} value @param {Text} text */
export function signed(value, text) {
  const size = text.number(Math.abs(value), 1);
  const none = Math.abs(value) < 0.05;
  return none ? text.number(0, 1) : `${value > 0 ? "+" : "−"}${size}`;
}

/** @param {number} share @param {Text} text */
export const percent = (share, text) => text.number(share * 100, share < 0.0995 ? 1 : 0);

/** A seed for a walk. */
export const dice = () => crypto.getRandomValues(new Uint32Array(1))[0];
