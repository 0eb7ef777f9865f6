// One's own digits: drawings with their classes, pictures that were brought, and training on them.
import {
  MOST_DIGITS,
  MOST_OWN,
  allLabelled,
  countOf,
  fleeting,
  guessOf,
  sketchingOf,
} from "../sketching-state.js";
import { drawDigits, make, mark, write } from "./dom.js";
import { imagesView } from "./sketch-images.js";

/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../sketching-types.js").OwnDigit} OwnDigit */

/** Drawings that the strip shows, the newest. */
const SHOWN = 120;

/** @param {HTMLElement} section @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function ownView(section, act) {
  const keys = Array.from({ length: 10 }, (_, kind) => {
    const key = make("button", { type: "button", class: "pill" }, `${kind}`);
    key.addEventListener("click", () => act({ type: "add-sketch", kind }));
    return key;
  });
  const adding = make("div", { class: "classes", role: "group", "aria-labelledby": "sketch-add" }, ...keys);
  const strip = make("ul", {
    id: "own-digits",
    class: "own-strip",
    tabindex: "0",
    "data-t-label": "sketch.own.strip",
  });
  const count = make("small", { id: "own-count" });
  const train = make("button", { type: "button", class: "primary", "data-t": "sketch.own.train" });
  const hint = make("p", { class: "why" });
  const images = make("div", { class: "own-images" });
  section.append(
    make(
      "div",
      { id: "sketch-own", class: "sketch-own" },
      make("div", { class: "heading" }, make("h3", { "data-t": "sketch.own.title" }), count),
      make("div", { class: "own-add" }, make("p", { id: "sketch-add", "data-t": "sketch.own.add" }), adding),
      strip,
      images,
      make("div", { class: "own-train" }, train, hint),
    ),
  );
  train.addEventListener("click", () => act({ type: "train-own" }));
  const paintImages = imagesView(images, act);
  /** @type {OwnDigit[] | null} */
  let shown = null;
  let shownIn = "";
  /** @type {Map<number, HTMLElement>} */
  let places = new Map();

  /** Only what is new is made anew. @param {OwnDigit[]} own @param {Text} text */
  function paintStrip(own, text) {
    const old = shownIn === text.lang ? places : new Map();
    const lost = strip.contains(document.activeElement);
    places = new Map(
      own.slice(-SHOWN).map((digit) => [digit.id, old.get(digit.id) ?? place(digit, text, act)]),
    );
    strip.replaceChildren(...places.values());
    if (lost && !strip.contains(document.activeElement)) strip.focus();
    strip.hidden = own.length === 0;
    strip.scrollLeft = strip.scrollWidth;
  }

  return (state, text) => {
    const sketching = sketchingOf(state);
    const { own, pixels, reading, images: sets } = sketching;
    const guess = guessOf(reading?.probabilities ?? []);
    const full = own.length >= MOST_OWN || countOf(sketching) >= MOST_DIGITS;
    for (const [kind, key] of keys.entries()) {
      const likely = pixels !== null && guess?.word === "sure" && guess.first[0].kind === kind;
      key.disabled = !pixels || full;
      key.classList.toggle("likely", likely);
      mark(key, "aria-label", text.t(likely ? "sketch.own.key.likely" : "sketch.own.key", { kind }));
    }
    if (own !== shown || text.lang !== shownIn) paintStrip(own, text);
    shown = own;
    shownIn = text.lang;
    paintImages(state, text);
    const total = countOf(sketching);
    train.disabled = total === 0;
    const some = fleeting(sketching);
    const lasting = some === 0 ? "count" : some === total ? "unkept" : "partly";
    write(count, total ? text.t(`sketch.own.${lasting}`, { count: total, some }) : "");
    const key = full ? "full" : total === 0 ? "empty" : allLabelled(sketching) ? "labelled" : "some";
    write(
      hint,
      text.t(`sketch.own.hint.${key}`, { most: full && own.length >= MOST_OWN ? MOST_OWN : MOST_DIGITS }),
    );
    mark(strip, "data-count", `${own.length}`);
    mark(images, "data-sets", `${sets.length}`);
  };
}

/** A drawing in the strip: pressing takes it out. @param {OwnDigit} digit @param {Text} text @param {import("../types.js").Act} act */
function place({ id, kind, pixels }, text, act) {
  const canvas = make("canvas", { width: "28", height: "28", "aria-hidden": "true" });
  canvas.dataset.columns = "1";
  drawDigits(canvas, pixels);
  const label = text.t("sketch.own.remove", { kind });
  const button = make("button", { type: "button", "aria-label": label, title: label }, canvas, `${kind}`);
  button.addEventListener("click", () => act({ type: "remove-sketch", id }));
  return make("li", {}, button);
}
