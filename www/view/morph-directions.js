// The generator's principal directions as sliders, strongest first, and how old they are.
import { REACH } from "../morphing-space.js";
import { ageOf, morphingOf, OLD } from "../morphing-state.js";
import { button, nameOf, percent, signed, slider } from "./morph-make.js";
import { fillTrack, make, mark, write } from "./dom.js";

/** @typedef {{ axis: string, name: HTMLElement, input: HTMLInputElement, share: HTMLElement }} Row */

/** Directions that the worker finds. */
const MOST = 10;

/** @param {import("../types.js").Act} act */
export function directionsView(act) {
  const again = button("morph.find", () => act({ type: "morph-find" }), "pill");
  const age = make("p", { class: "why", "aria-live": "polite" });
  const list = make("div", { class: "morph-sliders", role: "group", "data-t-label": "morph.directions" });
  const box = make(
    "div",
    { class: "morph-directions" },
    make(
      "div",
      { class: "heading" },
      make("h3", { "data-t": "morph.directions" }),
      make("small", { "data-t": "morph.directions.about" }),
      again,
    ),
    list,
    age,
  );
  /** @type {Row[]} */
  let rows = [];

  /** @param {number} count */
  function build(count) {
    rows = Array.from({ length: count }, (_, i) => row(`d${i}`, act));
    list.replaceChildren(
      ...rows.map(({ name, input, share }) => make("div", { class: "morph-row" }, name, input, share)),
    );
  }

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    const morphing = morphingOf(state);
    const { directions, finding, along } = morphing;
    const count = directions?.vectors.length ?? 0;
    if (rows.length !== count) build(count);
    // Their place is kept before they are found.
    list.style.setProperty("--rows", `${Math.min(MOST, state.latent.length)}`);
    rows.forEach(({ axis, name, input, share }, i) => {
      const called = nameOf(axis, morphing, text);
      const value = along[axis] ?? 0;
      write(name, called);
      mark(input, "aria-label", called);
      write(share, text.t("morph.share", { share: percent(directions?.shares[i] ?? 0, text) }));
      if (input.dataset.value === `${value}`) return;
      input.dataset.value = `${value}`;
      input.value = `${value}`;
      mark(input, "aria-valuetext", signed(value, text));
      fillTrack(input);
    });
    mark(again, "aria-disabled", finding ? "true" : null);
    const old = ageOf(state);
    box.classList.toggle("old", old > OLD);
    write(age, aged(state, old, text));
  }
  return { box, paint };
}

/** @param {string} axis @param {import("../types.js").Act} act @returns {Row} */
function row(axis, act) {
  const share = make("small", { id: `morph-share-${axis}` });
  const reach = { min: `${-REACH}`, max: `${REACH}`, step: "0.05", value: "0", "aria-describedby": share.id };
  const input = slider(reach, (value) => act({ type: "morph-along", axis, value }));
  return { axis, name: make("span", { "aria-hidden": "true" }), input, share };
}

/** Whose directions these are, or that they are no longer the generator's. @param {import("../types.js").State} state @param {number} old @param {import("../types.js").Text} text */
function aged(state, old, text) {
  const { directions, finding, refused } = morphingOf(state);
  if (refused) return text.t("morph.refused");
  if (!directions) return text.t(finding ? "morph.finding" : "morph.unfound");
  if (old === Infinity) return text.t(directions.lent ? "morph.old.lent" : "morph.old.own");
  if (old > OLD) return text.t("morph.old", { step: directions.step, old });
  return directions.lent ? text.t("morph.found.lent") : text.t("morph.found", { step: directions.step });
}
