// Pins and the path through them: keyframes in an order, a film of what lies between, and the player.
import { drawLatent } from "../latent.js";
import { FRAMES, lengthOf } from "../morphing-space.js";
import { MOST_PINS, morphingOf } from "../morphing-state.js";
import { button, dice, slider } from "./morph-make.js";
import { drawDigits, fillTrack, make, mark, write } from "./dom.js";

/** @typedef {import("../morphing-types.js").Morphing} Morphing */
/** @typedef {{ box: HTMLElement, key: HTMLElement, canvas: HTMLCanvasElement, drawn: Uint8Array | null, id: number }} Place */

/** @param {import("../types.js").Act} act @param {HTMLElement} pinButton where the focus goes when the last pin is gone */
export function pathView(act, pinButton) {
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {Morphing | null} */
  let morphing = null;
  const chosen = () => morphing?.chosen ?? -1;
  const list = make("ol", { class: "morph-pins", "data-t-label": "morph.pins" });
  const random = button("morph.pin.random", () => {
    if (morphing) act({ type: "morph-pin", latent: drawLatent(morphing, dice()) });
  });
  const earlier = button("morph.earlier", () => act({ type: "morph-move", id: chosen(), by: -1 }));
  const later = button("morph.later", () => act({ type: "morph-move", id: chosen(), by: 1 }));
  const remove = button("morph.remove", () => drop(chosen()));
  const tools = make(
    "div",
    { class: "morph-tools", role: "group", "data-t-label": "morph.tools" },
    earlier,
    later,
    remove,
  );
  const says = make("small", { "aria-live": "polite" });
  const player = playerView(act, still);
  const box = make(
    "div",
    { class: "morph-path" },
    make("div", { class: "heading" }, make("h3", { "data-t": "morph.path" }), says),
    make("p", { class: "why", "data-t": "morph.pin.grid" }),
    make("div", { class: "morph-row-of-pins" }, list, make("div", { class: "morph-tools" }, random, tools)),
    player.box,
  );
  /** @type {Place[]} */
  const places = [];

  /** @param {number} id */
  function drop(id) {
    if (morphing?.pins.length === 1) pinButton.focus();
    act({ type: "morph-remove", id });
  }

  /** @returns {Place} */
  function place() {
    const canvas = make("canvas", { width: "28", height: "28", "aria-hidden": "true" });
    Object.assign(canvas.dataset, { view: "pin", columns: "1", rows: "1" });
    const key = make("button", { type: "button", class: "morph-pin" }, canvas);
    const made = { box: make("li", {}, key), key, canvas, drawn: null, id: -1 };
    key.addEventListener("click", () => act({ type: "morph-choose", id: made.id }));
    key.addEventListener("keydown", (event) => {
      if (event.key !== "Delete" && event.key !== "Backspace") return;
      event.preventDefault();
      drop(made.id);
    });
    return made;
  }

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    morphing = morphingOf(state);
    const { pins } = morphing;
    while (places.length > pins.length) {
      const gone = places.pop()?.box;
      if (gone?.contains(document.activeElement)) places.at(-1)?.key.focus();
      gone?.remove();
    }
    while (places.length < pins.length) {
      const made = place();
      places.push(made);
      list.append(made.box);
    }
    pins.forEach((pin, index) => {
      const { key, canvas, drawn } = places[index];
      if (pin.pixels !== drawn || pin.id !== places[index].id)
        drawDigits(canvas, pin.pixels ?? new Uint8Array(784));
      Object.assign(places[index], { drawn: pin.pixels, id: pin.id });
      mark(key, "aria-label", text.t("morph.pin.go", { n: `${index + 1}` }));
      mark(key, "aria-pressed", `${pin.id === morphing?.chosen}`);
    });
    const index = pins.findIndex(({ id }) => id === morphing?.chosen);
    tools.hidden = index < 0;
    mark(earlier, "aria-disabled", index > 0 ? null : "true");
    mark(later, "aria-disabled", index >= 0 && index < pins.length - 1 ? null : "true");
    mark(random, "aria-disabled", pins.length < MOST_PINS ? null : "true");
    const key = ["morph.pins.none", "morph.pins.one"][pins.length] ?? "morph.pins.some";
    write(says, text.t(key, { count: pins.length }));
    player.paint(state, text);
  }
  return { box, paint };
}

/** @param {import("../types.js").Act} act @param {MediaQueryList} still whether nothing is to move by itself */
function playerView(act, still) {
  /** @type {Morphing["playing"]} */
  let playing = null;
  const canvas = make("canvas", {
    role: "img",
    "data-t-label": "morph.film",
    width: `${FRAMES * 28}`,
    height: "28",
  });
  Object.assign(canvas.dataset, { view: "film", columns: `${FRAMES}`, rows: "1" });
  const at = slider(
    { class: "morph-place", min: "0", max: "1", step: "0.01", value: "0", "data-t-label": "morph.at" },
    (value) => act({ type: "morph-seek", at: value }),
  );
  const play = button("", () => {
    if (still.matches) act({ type: "morph-nudge", what: "path", seed: 0 });
    else act({ type: "morph-play", what: playing === "path" ? null : "path", seed: 0 });
  });
  const loop = make("input", { type: "checkbox" });
  loop.addEventListener("change", () => act({ type: "morph-loop", on: loop.checked }));
  const speed = slider(
    { min: "0.1", max: "2", step: "0.1", value: "0.5", "data-t-label": "morph.speed" },
    (value) => act({ type: "morph-speed", speed: value }),
  );
  const pace = make("output");
  const film = make("div", { class: "morph-film" }, canvas, at);
  const bar = make(
    "div",
    { class: "morph-player" },
    play,
    make("label", { class: "switch" }, loop, make("span", { "data-t": "morph.loop" })),
    make(
      "div",
      { class: "morph-speed" },
      make("span", { "aria-hidden": "true", "data-t": "morph.speed" }),
      speed,
      pace,
    ),
  );
  /** @type {Uint8Array | null} */
  let drawn = null;

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    const morphing = morphingOf(state);
    playing = morphing.playing;
    const length = lengthOf(morphing.pins.length, morphing.loop);
    film.hidden = length === 0;
    if (morphing.film && morphing.film !== drawn) drawDigits(canvas, morphing.film);
    drawn = morphing.film;
    const value = `${Math.round((morphing.at ?? 0) * 100) / 100}`;
    const told = `${length} ${value} ${text.lang}`;
    if (at.dataset.told !== told || at.value !== value) {
      at.dataset.told = told;
      at.max = `${length}`;
      at.value = value;
      mark(at, "aria-valuetext", text.t("morph.at.pin", { n: text.number(1 + Number(value), 1) }));
      fillTrack(at);
    }
    at.classList.toggle("beside", morphing.at === null);
    mark(play, "aria-disabled", length ? null : "true");
    const name = still.matches ? "morph.play.step" : playing === "path" ? "morph.play.stop" : "morph.play";
    write(play, text.t(name));
    loop.checked = morphing.loop;
    const said = text.t("morph.speed.says", { n: text.number(morphing.speed, 1) });
    if (pace.textContent === said) return;
    speed.value = `${morphing.speed}`;
    mark(speed, "aria-valuetext", said);
    fillTrack(speed);
    write(pace, said);
  }
  return { box: make("div", { class: "morph-play" }, film, bar), paint };
}
