// The studio's panel: puts its parts together, says what it has where there are no latents, and shows the digit that all of them move.
import { latentOf, pointOf } from "../morphing-space.js";
import { MOST_PINS, morphingOf } from "../morphing-state.js";
import { directionsView } from "./morph-directions.js";
import { button, dice, nameOf } from "./morph-make.js";
import { mixView } from "./morph-mix.js";
import { nearView } from "./morph-near.js";
import { padView } from "./morph-pad.js";
import { pathView } from "./morph-path.js";
import { drawDigits, make, mark, write } from "./dom.js";

/** @typedef {import("../types.js").State} State */

/** @param {HTMLElement} section @param {import("../types.js").Act} act @returns {{ paint: import("../types.js").View, show(pixels: Uint8Array): void }} */
export function morphView(section, act) {
  const stage = stageView(act);
  const parts = [
    stage,
    directionsView(act),
    padView(act),
    pathView(act, stage.pin),
    mixView(act),
    nearView(act),
  ];
  const none = make("p", { class: "why", "data-t": "morph.none", hidden: "" });
  const inside = make("div", { class: "morph" }, ...parts.map(({ box }) => box));
  section.append(
    make(
      "div",
      { class: "heading" },
      make("h2", { id: "morphing-title", "data-t": "morph.title" }),
      make("small", { "data-t": "morph.about" }),
    ),
    none,
    inside,
  );
  /** @type {import("../types.js").View} */
  function paint(state, text) {
    const { directions, pins, playing, at, mix, near, plane } = morphingOf(state);
    const has = state.latent.length > 0;
    none.hidden = state.run?.latent !== 0;
    inside.hidden = !has;
    mark(section, "data-directions", `${directions?.vectors.length ?? 0}`);
    mark(section, "data-found", directions ? `${directions.step}` : null);
    mark(section, "data-pins", `${pins.length}`);
    mark(section, "data-playing", playing);
    mark(section, "data-at", at === null ? null : at.toFixed(2));
    mark(section, "data-mix", mix.map((share) => share.toFixed(2)).join(" "));
    mark(section, "data-plane", plane ? "drawn" : null);
    mark(section, "data-near", near ? `${near.distances.length}` : null);
    if (has) for (const part of parts) part.paint(state, text);
  }
  return { paint, show: stage.show };
}

/** The digit itself, and what to do with it. @param {import("../types.js").Act} act */
function stageView(act) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const canvas = make("canvas", { role: "img", width: "28", height: "28" });
  Object.assign(canvas.dataset, { view: "morph", columns: "1", rows: "1" });
  drawDigits(canvas, new Uint8Array(784));
  const pin = button("morph.pin", () => act({ type: "morph-pin" }), "primary");
  const walk = button("", () => {
    if (still.matches) return act({ type: "morph-nudge", what: "walk", seed: dice() });
    act({ type: "morph-play", what: playing === "walk" ? null : "walk", seed: dice() });
  });
  const back = button("morph.back", () => {
    const directions = Object.keys(morphing?.along ?? {}).filter((axis) => latentOf(axis) < 0);
    if (morphing) act({ type: "latents", values: pointOf(morphing, directions) });
  });
  const says = make("p", { class: "why" });
  const does = make(
    "div",
    { class: "morph-does" },
    pin,
    walk,
    button("morph.other", () => act({ type: "randomise" })),
    back,
    says,
  );
  /** @type {import("../morphing-types.js").Morphing | null} */
  let morphing = null;
  /** @type {"path" | "walk" | null} */
  let playing = null;
  /** @type {Uint8Array | null} */
  let shown = null;

  /** @param {Uint8Array} pixels */
  function show(pixels) {
    if (pixels !== shown) drawDigits(canvas, pixels);
    shown = pixels;
  }

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    morphing = morphingOf(state);
    playing = morphing.playing;
    if (state.decoded) show(state.decoded);
    mark(canvas, "aria-label", text.t("latent.alt", { count: state.latent.length - morphing.modes }));
    mark(pin, "aria-disabled", morphing.pins.length < MOST_PINS ? null : "true");
    write(
      walk,
      text.t(still.matches ? "morph.walk.step" : playing === "walk" ? "morph.walk.stop" : "morph.walk"),
    );
    const moved = Object.entries(morphing.along).filter(([axis, by]) => by !== 0 && latentOf(axis) < 0);
    mark(back, "aria-disabled", moved.length ? null : "true");
    write(says, whereabouts(morphing, moved, text));
  }
  return { box: make("div", { class: "morph-stage" }, canvas, does), paint, show, pin };
}

/** Which directions were moved most, in words. @param {import("../morphing-types.js").Morphing} morphing @param {[string, number][]} moved @param {import("../types.js").Text} text */
function whereabouts(morphing, moved, text) {
  if (morphing.pins.length >= MOST_PINS) return text.t("morph.pins.full", { most: MOST_PINS });
  const first = [...moved].sort(([, a], [, b]) => Math.abs(b) - Math.abs(a))[0];
  return first ? text.t("morph.moved", { name: nameOf(first[0], morphing, text) }) : text.t("morph.still");
}
