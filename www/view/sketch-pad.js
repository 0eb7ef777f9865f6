// The pad: drawn on by pen, finger and mouse, or with a pen that arrow keys move.
import { RADIUS, radiusOf } from "../sketching-drawing.js";
import { sketchingOf } from "../sketching-state.js";
import { make, write } from "./dom.js";

/** @typedef {import("../sketching-types.js").PenPoint} PenPoint */
/** @typedef {import("../sketching-types.js").Drawing} Drawing */

/** Pixels of the pad's own canvas along a side. */
const SIDE = 560;
/** How far an arrow key moves the pen, and with Shift. */
const STEP = 1 / 28;
const LEAP = 4 / 28;
/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

/** @param {HTMLElement} table @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function padView(table, act) {
  const canvas = make("canvas", { width: `${SIDE}`, height: `${SIDE}`, "aria-hidden": "true" });
  const hint = make("p", { class: "pad-hint", "data-t": "sketch.pad.hint", "aria-hidden": "true" });
  const pen = make("span", { class: "pad-pen", hidden: "" });
  const pad = make(
    "div",
    {
      id: "pad",
      class: "pad",
      role: "application",
      tabindex: "0",
      "data-t-label": "sketch.pad",
      "aria-describedby": "pad-keys",
    },
    canvas,
    hint,
    pen,
  );
  const undo = make("button", { type: "button", "data-t": "sketch.undo" });
  const clear = make("button", { type: "button", "data-t": "sketch.clear" });
  const real = make("button", { type: "button", "data-t": "sketch.real" });
  const said = make("p", { class: "unseen", "aria-live": "polite" });
  table.append(
    make(
      "div",
      { class: "sketch-draw" },
      pad,
      make("div", { class: "sketch-tools" }, undo, clear, real),
      make("p", { id: "pad-keys", class: "why", "data-t": "sketch.keys" }),
      said,
    ),
  );
  /** @type {import("../types.js").State | null} */
  let latest = null;
  /** @type {Drawing | null} */
  let shown = null;
  let next = 0;

  undo.addEventListener("click", () => act({ type: "undo-sketch" }));
  clear.addEventListener("click", () => act({ type: "clear-sketch" }));
  real.addEventListener("click", () => {
    const digits = latest?.real;
    if (!digits?.length) return;
    const at = 784 * (next % (digits.length / 784));
    next += 1;
    act({ type: "take-digit", pixels: digits.slice(at, at + 784) });
  });
  byPointer(pad, canvas, act);
  byKeys(pad, pen, act, () => latest);

  return (state, text) => {
    latest = state;
    const { drawing, past, down, pixels } = sketchingOf(state);
    if (drawing !== shown) paint(canvas, drawing);
    shown = drawing;
    hint.hidden = pixels !== null;
    undo.disabled = past.length === 0;
    clear.disabled = pixels === null;
    real.disabled = !state.real?.length;
    pen.classList.toggle("down", down);
    if (!pen.hidden) write(said, text.t(down ? "sketch.pen.down" : "sketch.pen.up"));
  };
}

/** @param {HTMLElement} pad @param {HTMLCanvasElement} canvas @param {import("../types.js").Act} act */
function byPointer(pad, canvas, act) {
  /** The pointer that draws; others, such as the palm, are not heard. But a pen is, where the palm was there first. */
  let drawing = -1;
  let byPen = false;
  /** @param {PointerEvent} event @returns {PenPoint} */
  const point = ({ clientX, clientY, pointerType, pressure }) => {
    const { left, top, width, height } = canvas.getBoundingClientRect();
    return [
      inside((clientX - left) / width),
      inside((clientY - top) / height),
      radiusOf(pointerType, pressure),
    ];
  };
  const end = (/** @type {PointerEvent} */ { pointerId }) => {
    if (pointerId !== drawing) return;
    drawing = -1;
    act({ type: "pen-up" });
  };
  pad.addEventListener("pointerdown", (event) => {
    const pen = event.pointerType === "pen";
    if (event.button !== 0 || (drawing !== -1 && (byPen || !pen))) return;
    event.preventDefault();
    if (drawing !== -1) {
      act({ type: "pen-up" });
      act({ type: "undo-sketch" });
    }
    byPen = pen;
    // Without the ring, which is for who comes by keyboard.
    pad.focus(/** @type {FocusOptions} */ ({ preventScroll: true, focusVisible: false }));
    drawing = event.pointerId;
    pad.setPointerCapture(drawing);
    act({ type: "pen-down", point: point(event) });
  });
  pad.addEventListener("pointermove", (event) => {
    if (event.pointerId !== drawing) return;
    // Between two frames a pen goes through more places than one.
    const all = event.getCoalescedEvents?.() ?? [];
    act({ type: "pen-move", points: (all.length ? all : [event]).map(point) });
  });
  for (const type of /** @type {const} */ (["pointerup", "pointercancel", "lostpointercapture"]))
    pad.addEventListener(type, end);
  pad.addEventListener("contextmenu", (event) => event.preventDefault());
}

/** @param {HTMLElement} pad @param {HTMLElement} pen @param {import("../types.js").Act} act @param {() => import("../types.js").State | null} latest */
function byKeys(pad, pen, act, latest) {
  let [x, y] = [0.5, 0.3];
  const down = () => latest()?.sketching?.down === true;
  const show = (/** @type {boolean} */ on) => {
    pen.hidden = !on;
    pen.style.setProperty("--x", `${x}`);
    pen.style.setProperty("--y", `${y}`);
  };
  pad.addEventListener("focus", () => show(pad.matches(":focus-visible")));
  pad.addEventListener("pointerdown", () => show(false));
  pad.addEventListener("blur", () => {
    if (!pen.hidden && down()) act({ type: "pen-up" });
    show(false);
  });
  pad.addEventListener("keydown", (event) => {
    const { key, shiftKey, ctrlKey, metaKey, altKey, repeat } = event;
    const back = key === "Backspace" || ((ctrlKey || metaKey) && key.toLowerCase() === "z");
    if ((ctrlKey || metaKey || altKey) && !back) return;
    const way = WAYS[key];
    if (way) {
      const by = shiftKey ? LEAP : STEP;
      [x, y] = [inside(x + way[0] * by), inside(y + way[1] * by)];
      if (down()) act({ type: "pen-move", points: [[x, y, RADIUS]] });
    } else if (key === " ") {
      if (!repeat) act(down() ? { type: "pen-up" } : { type: "pen-down", point: [x, y, RADIUS] });
    } else if (back) act({ type: "undo-sketch" });
    else if (key === "Delete") act({ type: "clear-sketch" });
    else if (key === "Escape" && down()) act({ type: "pen-up" });
    else return;
    event.preventDefault();
    show(true);
  });
}

/** @param {number} part */
const inside = (part) => Math.min(1, Math.max(0, part));

/** @param {HTMLCanvasElement} canvas @param {Drawing} drawing */
function paint(canvas, { lines, taken }) {
  const context = canvas.getContext("2d");
  if (!context) return;
  context.fillStyle = "#000";
  context.fillRect(0, 0, SIDE, SIDE);
  if (taken) return paintDigit(context, taken);
  context.strokeStyle = context.fillStyle = "#fff";
  context.lineCap = "round";
  for (const line of lines) {
    const [x, y, r] = line[0];
    context.beginPath();
    context.arc(x * SIDE, y * SIDE, r * SIDE, 0, 2 * Math.PI);
    context.fill();
    for (let i = 1; i < line.length; i += 1) {
      const [from, to] = [line[i - 1], line[i]];
      context.lineWidth = (from[2] + to[2]) * SIDE;
      context.beginPath();
      context.moveTo(from[0] * SIDE, from[1] * SIDE);
      context.lineTo(to[0] * SIDE, to[1] * SIDE);
      context.stroke();
    }
  }
}

/** @param {CanvasRenderingContext2D} context @param {Uint8Array} digit */
function paintDigit(context, digit) {
  const size = SIDE / 28;
  digit.forEach((value, i) => {
    if (!value) return;
    context.fillStyle = `rgb(${value} ${value} ${value})`;
    context.fillRect((i % 28) * size, Math.floor(i / 28) * size, size, size);
  });
}
