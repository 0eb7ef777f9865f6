// The two grids: what the generator makes of its fixed latents, and real digits beside it.
import { lookedAt } from "../moments.js";
import { drawDigits, mark } from "./dom.js";

const FADE_MS = 150;

/** @returns {{ paint: import("../types.js").View, isFading: () => boolean }} */
export function digitsView() {
  const samples = canvas("samples");
  const real = canvas("real");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {Uint8Array | null} */
  let target = null;
  /** @type {Uint8Array | null} */
  let from = null;
  let since = 0;
  /** @type {Uint8Array | null} */
  let shownReal = null;

  /** Lets each digit pass from the old picture to the new. */
  function fade() {
    if (!target) return;
    const part = from && !still.matches ? Math.min(1, (performance.now() - since) / FADE_MS) : 1;
    drawDigits(samples, part < 1 && from ? mix(from, target, part) : target);
    if (part === 1) from = null;
  }

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    const moment = lookedAt(state);
    const pixels = moment?.pixels ?? state.samples;
    if (pixels !== target) {
      // Kept moments are looked through quickly: none passes into another.
      from = target && !moment && pixels?.length === target.length ? target : null;
      target = pixels;
      since = performance.now();
      if (target) fade();
    } else if (from) {
      fade();
    }
    if (state.real !== shownReal && state.real) drawDigits(real, state.real);
    shownReal = state.real;
    mark(samples, "aria-label", text.t("digits.samples.alt", { step: moment?.step ?? state.step }));
    mark(real, "aria-label", text.t("digits.real.alt"));
  }
  return { paint, isFading: () => from !== null };
}

/** @param {string} view */
function canvas(view) {
  const found = /** @type {HTMLCanvasElement} */ (document.querySelector(`canvas[data-view="${view}"]`));
  drawDigits(found, new Uint8Array(found.width * found.height));
  return found;
}

/** @param {Uint8Array} a @param {Uint8Array} b @param {number} part of b */
function mix(a, b, part) {
  const mixed = new Uint8Array(b.length);
  for (let i = 0; i < b.length; i += 1) mixed[i] = a[i] + (b[i] - a[i]) * part;
  return mixed;
}
