// The latent panel: one digit, and a slider for each number it is made from.
import { latentReach, latentsOf, modeIn } from "../latent.js";
import { byId, drawDigits, fillTrack, make, mark, write } from "./dom.js";

const FIRST = 8;

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function latentView(act) {
  const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector('canvas[data-view="latent"]'));
  const box = byId("sliders");
  const all = byId("all-latents");
  const paintClasses = keysView(byId("classes"), 0, (kind) => act({ type: "kind", kind }));
  const paintModes = keysView(byId("modes"), 1, (mode) => act({ type: "mode", mode }));
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

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    [latest, words] = [state, text];
    const { modes } = latentsOf(state.run);
    paintClasses(state.run?.classes ?? 0, state.kind, (kind) => text.t("latent.class.key", { kind }));
    byId("modes-title").hidden = modes === 0;
    paintModes(modes, modeIn(state.latent, modes), (mode) => text.t("latent.mode.key", { mode: mode + 1 }));
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

/** A row of keys, numbered from `first`, of which one is chosen. @param {HTMLElement} box @param {number} first @param {(index: number) => void} choose */
function keysView(box, first, choose) {
  /** @param {number} index */
  const key = (index) => {
    const made = make("button", { type: "button", class: "pill" }, `${first + index}`);
    made.addEventListener("click", () => choose(index));
    return made;
  };
  return (
    /** @type {number} */ count,
    /** @type {number} */ chosen,
    /** @type {(index: number) => string} */ name,
  ) => {
    box.hidden = count === 0;
    if (box.childElementCount !== count)
      box.replaceChildren(...Array.from({ length: count }, (_, index) => key(index)));
    for (const [index, made] of [...box.children].entries()) {
      mark(made, "aria-label", name(index));
      mark(made, "aria-pressed", `${index === chosen}`);
    }
  };
}

/** @param {HTMLInputElement} input @param {number} index @param {import("../types.js").Text} text */
function row(input, index, text) {
  const name = make("span", { "aria-hidden": "true" }, text.t("latent.slider", { n: `${index + 1}` }));
  return make("div", { class: "slider" }, name, input);
}
