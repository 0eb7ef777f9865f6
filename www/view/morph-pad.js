// The pad: a plane of digits over two axes, and a handle on it that moves the digit both ways at once, by pointer, finger or arrow keys.
import { latentOf, padPart, padValue, reachOf, SIDE } from "../morphing-space.js";
import { morphingOf } from "../morphing-state.js";
import { nameOf, signed } from "./morph-make.js";
import { drawDigits, make, mark, write } from "./dom.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */

/** How far an arrow key goes; one with Shift goes from digit to digit. */
const SMALL = 0.1;
/** @type {Record<string, [number, number]>} */
const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, 1], ArrowDown: [0, -1] };

/** @param {import("../types.js").Act} act */
export function padView(act) {
  const canvas = make("canvas", {
    role: "img",
    "data-t-label": "morph.plane",
    width: `${SIDE * 28}`,
    height: `${SIDE * 28}`,
  });
  Object.assign(canvas.dataset, { view: "plane", columns: `${SIDE}`, rows: `${SIDE}` });
  drawDigits(canvas, new Uint8Array(SIDE * SIDE * 784));
  const at = make("span", { class: "morph-at", "aria-hidden": "true" }, make("span"));
  const says = make("p", { id: "morph-says", class: "why" });
  const aloud = make("p", { class: "unseen", "aria-live": "polite" });
  const pad = make(
    "div",
    {
      class: "morph-pad",
      role: "application",
      tabindex: "0",
      "data-t-label": "morph.pad",
      "aria-describedby": "morph-says",
    },
    canvas,
    make("span", { class: "morph-field" }, at),
  );
  const selects = /** @type {const} */ ([0, 1]).map((which) => axisSelect(which, act));
  const box = make(
    "div",
    { class: "morph-plane" },
    make(
      "div",
      { class: "heading" },
      make("h3", { "data-t": "morph.pad.title" }),
      make("small", { "data-t": "morph.pad.about" }),
    ),
    make("div", { class: "morph-axes" }, ...selects.map(({ box }) => box)),
    pad,
    says,
    aloud,
  );
  /** @type {Uint8Array | null} */
  let drawn = null;
  /** The digits' place on the screen, read once a drag: nothing is laid out between its moves. */
  let field = { left: 0, top: 0, side: 1 };
  /** How far each axis goes. */
  let reach = [1, 1];

  /** @param {PointerEvent} event */
  function follow({ clientX, clientY }) {
    const x = padValue((clientX - field.left) / field.side, reach[0]);
    const y = padValue(1 - (clientY - field.top) / field.side, reach[1]);
    act({ type: "morph-pad", x, y });
  }
  pad.addEventListener("pointerdown", (event) => {
    if (event.button !== 0) return;
    const { left, top } = canvas.getBoundingClientRect();
    field = { left: left + canvas.clientLeft, top: top + canvas.clientTop, side: canvas.clientWidth };
    pad.setPointerCapture(event.pointerId);
    pad.focus({ preventScroll: true });
    follow(event);
  });
  pad.addEventListener("pointermove", (event) => pad.hasPointerCapture(event.pointerId) && follow(event));
  pad.addEventListener("dblclick", () => act({ type: "morph-pin" }));
  pad.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const arrow = ARROWS[event.key];
    if (event.key === "Enter") act({ type: "morph-pin" });
    else if (event.key === "Home") act({ type: "morph-pad", x: 0, y: 0 });
    else if (arrow) {
      const [x, y] = reach.map((far, i) => arrow[i] * (event.shiftKey ? (2 * far) / (SIDE - 1) : SMALL));
      act({ type: "morph-pad-by", x, y });
    } else return;
    event.preventDefault();
    spoken = true;
  });
  /** Whether the next place is to be read aloud: only keys move by steps that can be. */
  let spoken = false;

  /** @param {State} state @param {Text} text */
  function paint(state, text) {
    const morphing = morphingOf(state);
    const { axes, along, plane } = morphing;
    if (plane && plane !== drawn) drawDigits(canvas, plane);
    drawn = plane;
    selects.forEach(({ paint }) => paint(state, text));
    const [x, y] = axes.map((axis) => along[axis] ?? 0);
    reach = axes.map((axis) => reachOf(axis, morphing.noise));
    const place = `translate(${(padPart(x, reach[0]) * 100).toFixed(2)}%, ${((1 - padPart(y, reach[1])) * 100).toFixed(2)}%)`;
    if (at.style.transform !== place) at.style.setProperty("transform", place);
    const [across, up] = axes.map((axis) => nameOf(axis, morphing, text));
    const said = text.t("morph.pad.says", { across, up, x: signed(x, text), y: signed(y, text) });
    write(says, said);
    if (spoken) write(aloud, said);
    spoken = false;
  }
  return { box, paint };
}

/** What an axis of the pad is: a direction or a single latent. @param {0 | 1} which @param {import("../types.js").Act} act */
function axisSelect(which, act) {
  const select = make("select");
  select.addEventListener("change", () => act({ type: "morph-axis", which, axis: select.value }));
  const words = make("span", { "data-t": which === 0 ? "morph.across" : "morph.up" });
  let built = "";

  /** @type {import("../types.js").View} */
  function paint(state, text) {
    const morphing = morphingOf(state);
    const { directions, axes } = morphing;
    const wanted = `${directions?.step} ${directions?.lent} ${state.run?.run} ${state.latent.length} ${text.lang}`;
    if (wanted !== built) {
      const found = directions?.vectors ?? [];
      const option = (/** @type {string} */ axis) =>
        make("option", { value: axis }, nameOf(axis, morphing, text));
      const group = (/** @type {string} */ key, /** @type {string[]} */ list) =>
        make("optgroup", { label: text.t(key) }, ...list.map(option));
      const directionGroup = group(
        "morph.directions",
        found.map((_, i) => `d${i}`),
      );
      select.replaceChildren(
        directionGroup,
        group(
          "morph.latents",
          state.latent.map((_, i) => `z${i}`),
        ),
      );
    }
    if (wanted !== built || select.value !== axes[which]) select.value = axes[which];
    built = wanted;
    mark(select, "data-kind", latentOf(axes[which]) < 0 ? "direction" : "latent");
  }
  return { box: make("label", {}, words, select), paint };
}
