// The latent panel: one digit, and a slider for each number it is made from.
import { latentReach, latentsOf, modeIn } from "../latent.js";
import { byId, drawDigits, fillTrack, make, mark, write } from "./dom.js";

const FIRST = 8;

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function latentView(act) {
  const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('canvas[data-view="latent"]'));
  const box = byId("sliders");
  const all = byId("all-latents");
  const classes = byId("classes");
  const modeKeys = byId("modes");
  let unfolded = false;
  let built = "";
  /** @type {HTMLInputElement[]} */
  let sliders = [];
  /** @type {Uint8Array | null} */
  let shown = null;
  /** @type {import("../types.js").State | null} */
  let latest = null;
  /** @type {import("../types.js").Text | null} */
  let words = null;

  drawDigits(canvas, new Uint8Array(784));
  byId("randomise").addEventListener("click", () => act({ type: "randomise" }));
  byId("zero").addEventListener("click", () => act({ type: "zero" }));
  all.addEventListener("click", () => {
    unfolded = !unfolded;
    if (latest && words) paint(latest, words);
  });

  /** @param {number} count @param {number} reach @param {import("../types.js").Text} text */
  function build(count, reach, text) {
    sliders = Array.from({ length: count }, (_, index) => slider(index, reach, text, act));
    box.replaceChildren(...sliders.map((input, index) => row(input, index, text)));
    box.classList.toggle("all", count > FIRST);
  }

  /** A key for each class that G can be told, as the run has them. @param {import("../types.js").State} state @param {import("../types.js").Text} text */
  function paintClasses(state, text) {
    const count = state.run?.classes ?? 0;
    classes.hidden = count === 0;
    if (classes.childElementCount !== count)
      classes.replaceChildren(...Array.from({ length: count }, (_, kind) => classKey(kind, act)));
    for (const [kind, key] of [...classes.children].entries()) {
      mark(key, "aria-label", text.t("latent.class.key", { kind }));
      mark(key, "aria-pressed", `${kind === state.kind}`);
    }
  }

  /** A key for each mode of the run's latents. @param {import("../types.js").State} state @param {import("../types.js").Text} text */
  function paintModes(state, text) {
    const count = latentsOf(state.run).modes;
    modeKeys.hidden = count === 0;
    if (modeKeys.childElementCount !== count)
      modeKeys.replaceChildren(...Array.from({ length: count }, (_, mode) => modeKey(mode, act)));
    const chosen = modeIn(state.latent, count);
    for (const [mode, key] of [...modeKeys.children].entries()) {
      mark(key, "aria-label", text.t("latent.mode.key", { mode: mode + 1 }));
      mark(key, "aria-pressed", `${mode === chosen}`);
    }
  }

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    [latest, words] = [state, text];
    paintClasses(state, text);
    paintModes(state, text);
    const { modes } = latentsOf(state.run);
    const total = state.latent.length - modes;
    const count = unfolded ? total : Math.min(FIRST, total);
    const reach = latentReach(state.run?.knobs.noise);
    const wanted = `${count} ${reach} ${text.lang}`;
    if (wanted !== built) build(count, reach, text);
    built = wanted;
    sliders.forEach((input, index) => {
      const value = `${state.latent[index]}`;
      if (input.value === value && input.dataset.value === value) return;
      input.value = value;
      input.dataset.value = value;
      fillTrack(input);
    });
    all.hidden = total <= FIRST;
    write(all, unfolded ? text.t("latent.fewer") : text.t("latent.all", { count: total }));
    mark(all, "aria-expanded", `${unfolded}`);
    mark(canvas, "aria-label", text.t("latent.alt", { count: total }));
    if (state.decoded !== shown && state.decoded) drawDigits(canvas, state.decoded);
    shown = state.decoded;
  }
  return paint;
}

/** @param {number} index @param {number} reach @param {import("../types.js").Text} text @param {import("../types.js").Act} act */
function slider(index, reach, text, act) {
  const input = make("input", {
    type: "range",
    min: `${-reach}`,
    max: `${reach}`,
    step: "0.01",
    "aria-label": text.t("latent.slider", { n: `${index + 1}` }),
  });
  input.addEventListener("input", () => act({ type: "latent", index, value: Number(input.value) }));
  return input;
}

/** @param {number} kind @param {import("../types.js").Act} act */
function classKey(kind, act) {
  const key = make("button", { type: "button", class: "pill" }, `${kind}`);
  key.addEventListener("click", () => act({ type: "kind", kind }));
  return key;
}

/** @param {number} mode @param {import("../types.js").Act} act */
function modeKey(mode, act) {
  const key = make("button", { type: "button", class: "pill" }, `${mode + 1}`);
  key.addEventListener("click", () => act({ type: "mode", mode }));
  return key;
}

/** @param {HTMLInputElement} input @param {number} index @param {import("../types.js").Text} text */
function row(input, index, text) {
  const name = make("span", { "aria-hidden": "true" }, text.t("latent.slider", { n: `${index + 1}` }));
  return make("div", { class: "slider" }, name, input);
}
