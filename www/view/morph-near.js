// Is it memorising? The training digits nearest to the present one, and whether it is nearer to them than they are to each other.
import { morphingOf } from "../morphing-state.js";
import { button } from "./morph-make.js";
import { drawDigits, make, mark, write } from "./dom.js";

/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../morphing-types.js").Near} Near */

const COUNT = 8;
/** Nearer than this part of the way to its nearest sibling, a digit is as good as the training digit itself; nearer than the second, close to it. */
const COPY = 0.4;
const CLOSE = 0.8;

/** What the distances say. @param {Pick<Near, "distances" | "sibling">} near */
export function verdict({ distances: [first = Infinity], sibling }) {
  return first < COPY * sibling || first === 0 ? "copy" : first < CLOSE * sibling ? "close" : "own";
}

/** @param {import("../types.js").Act} act */
export function nearView(act) {
  /** @type {Uint8Array | null} */
  let present = null;
  const ask = button(
    "morph.near.ask",
    () => present && act({ type: "morph-nearest", pixels: present.slice() }),
  );
  const of = view("near-of", 1, "morph.near.of");
  const digits = view("near", COUNT, "morph.near.digits");
  const captions = Array.from({ length: COUNT }, () => ({ kind: make("b"), away: make("span") }));
  const shows = make(
    "div",
    { class: "morph-near-shows", hidden: "" },
    make("figure", {}, of, make("figcaption", { "data-t": "morph.near.this" })),
    make(
      "figure",
      {},
      digits,
      make("ol", {}, ...captions.map(({ kind, away }) => make("li", {}, kind, away))),
    ),
  );
  const says = make("p", { class: "says", "aria-live": "polite" });
  const box = make(
    "div",
    { class: "morph-near" },
    make(
      "div",
      { class: "heading" },
      make("h3", { "data-t": "morph.near" }),
      make("small", { "data-t": "morph.near.about" }),
    ),
    ask,
    shows,
    says,
  );
  /** @type {Near | null} */
  let shown = null;

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    present = state.decoded;
    const { near, seeking } = morphingOf(state);
    mark(ask, "aria-disabled", seeking || !present ? "true" : null);
    shows.hidden = !near;
    if (near && near !== shown) {
      drawDigits(of, near.of);
      drawDigits(digits, near.pixels);
    }
    shown = near;
    captions.forEach(({ kind, away }, i) => {
      const told = near !== null && i < near.distances.length;
      write(
        kind,
        told && near.classes[i] >= 0 ? text.t("morph.near.kind", { kind: `${near.classes[i]}` }) : "",
      );
      write(away, told ? text.number(near.distances[i], 1) : "");
    });
    write(says, seeking ? text.t("morph.near.seeking") : near ? sentence(near, text) : "");
  }
  return { box, paint };
}

/** @param {string} name @param {number} columns @param {string} key */
function view(name, columns, key) {
  const canvas = make("canvas", { role: "img", "data-t-label": key, width: `${columns * 28}`, height: "28" });
  Object.assign(canvas.dataset, { view: name, columns: `${columns}`, rows: "1" });
  return canvas;
}

/** @param {Near} near @param {Text} text */
function sentence(near, text) {
  const [distance = 0] = near.distances;
  const args = { distance: text.number(distance, 1), sibling: text.number(near.sibling, 1) };
  return text.t(`morph.near.${verdict(near)}`, args);
}
