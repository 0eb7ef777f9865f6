// The diagram of an iteration as it stands in the page, empty: its pictures, players, arrows and losses.
import { make } from "./dom.js";

const SVG = "http://www.w3.org/2000/svg";
/** Digits of a side of a grid. */
const SIDE = 4;

/** An SVG element. @param {string} tag @param {Record<string, string>} attributes @param {Element[]} kids */
function drawn(tag, attributes, ...kids) {
  const made = /** @type {SVGElement} */ (document.createElementNS(SVG, tag));
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...kids);
  return made;
}

/** @param {string} part */
function wire(part) {
  const head = drawn("svg", { viewBox: "0 0 9 12" }, drawn("path", { d: "M0 0 9 6 0 12z" }));
  return make("span", { class: "wire", "data-part": part, "aria-hidden": "true" }, make("i"), head);
}

/** A player and whether it is at rest. @param {"g" | "d"} who */
const net = (who) =>
  make(
    "div",
    { class: `net ${who}`, "data-part": who },
    make("b", {}, who.toUpperCase()),
    make("span", { "data-t": who === "g" ? "nets.generator" : "nets.discriminator" }),
    make("small"),
  );

/** @param {string} view */
const grid = (view) =>
  make("canvas", {
    role: "img",
    width: `${SIDE * 28}`,
    height: `${SIDE * 28}`,
    "data-view": view,
    "data-columns": `${SIDE}`,
    "data-rows": `${SIDE}`,
  });

/** A picture with its name. @param {string} part @param {string} of its player @param {Node[]} kids */
const picture = (part, of, ...kids) =>
  make(
    "figure",
    { "data-part": part, class: of || "g" },
    make("figcaption", of ? { class: `player ${of}` } : {}),
    ...kids,
  );

/** @param {string} part @param {string} of */
const verdicts = (part, of) =>
  make(
    "figure",
    { class: `verdicts ${of}`, "data-part": part },
    make("figcaption", { class: `player ${of}` }),
    make("ol"),
    make("p", { class: "why" }),
  );

/** @param {"g" | "d"} who */
const loss = (who) =>
  make(
    "div",
    { class: `loss ${who}`, "data-part": `${who}-loss` },
    make("h4", { class: `player ${who}`, "data-t": `slow.loss.${who}` }),
    make("dl"),
  );

/** The way back of a gradient. @param {"g" | "d"} who */
const back = (who) => make("div", { class: `back ${who}`, "data-part": `${who}-back` }, make("p"));

/** Fills the element with the diagram. @param {HTMLElement} stage */
export function buildStage(stage) {
  const legend = make(
    "p",
    { class: "signs" },
    make("span", { "data-t": "slow.less" }),
    make("i", { "aria-hidden": "true" }),
    make("span", { "data-t": "slow.more" }),
  );
  const noise = make("canvas", { class: "heat", role: "img" });
  const line = drawn("polyline", { points: "", fill: "none" });
  const gain = make(
    "div",
    { class: "gain", "data-part": "gain", hidden: "" },
    drawn("svg", { viewBox: "0 0 100 24", preserveAspectRatio: "none", "aria-hidden": "true" }, line),
    make("small", { "aria-hidden": "true", "data-t": "slow.alone.line" }),
    make("p"),
  );
  const losses = make("div", { class: "losses" }, loss("g"), loss("d"));
  losses.style.setProperty("grid-area", "losses");
  stage.replaceChildren(
    back("g"),
    picture("z", "", noise, make("p", { class: "why", "data-t": "slow.z.hint" })),
    wire("z-g"),
    net("g"),
    wire("g-fake"),
    picture("fake", "g", grid("slow-fake")),
    picture("push", "", grid("slow-push"), legend),
    wire("fake-d"),
    picture("real", "real", grid("slow-real")),
    wire("real-d"),
    net("d"),
    wire("d-fake"),
    verdicts("fake-scores", "g"),
    wire("d-real"),
    verdicts("real-scores", "real"),
    wire("fake-loss"),
    wire("real-loss"),
    losses,
    back("d"),
    gain,
  );
  // Each part stands where the style sheet has a place of its name.
  for (const part of stage.querySelectorAll(":scope > [data-part]"))
    /** @type {HTMLElement} */ (part).style.setProperty("grid-area", part.getAttribute("data-part"));
}

export { SIDE };
