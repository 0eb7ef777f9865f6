// Looking at one digit of a grid: what D says of it and which of its pixels count, by pointer, by touch and by arrow keys.
import { digitAt, dueIn, moved, sameDigit } from "../asking.js";
import { byId, mark, write } from "./dom.js";
import { createReadout, placeOf } from "./readout.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../asking.js").Digit} Digit */

const GRIDS = /** @type {const} */ (["samples", "real"]);
/** How long a pointer rests on a grid before the readout comes: who only passes by sees nothing flicker. */
const REST_MS = 120;

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function inspectView(act) {
  const readout = createReadout();
  const announced = byId("inspect-said");
  const frames = GRIDS.map((grid) => {
    const frame = /** @type {HTMLElement} */ (document.querySelector(`[data-grid="${grid}"]`));
    const canvas = /** @type {HTMLCanvasElement} */ (frame.querySelector("canvas"));
    const cell = /** @type {HTMLElement} */ (frame.querySelector(".cell"));
    return { grid, frame, canvas, cell, at: 0 };
  });
  /** @type {Digit | null} */
  let pointed = null;
  /** @type {Digit | null} */
  let focused = null;
  /** @type {import("../asking.js").Asked | null} */
  let asked = null;
  /** @type {Parameters<import("../types.js").View> | null} */
  let latest = null;
  /** @type {State["inspected"]} */
  let answer = null;
  let run = -1;
  let timer = 0;
  let resting = 0;
  let rested = false;
  /** Whether the answer to come is to be read aloud. */
  let aloud = false;

  /** What is looked at, where it can be: digits that are there, of the present. @returns {Digit | null} */
  function target() {
    const digit = (rested ? pointed : null) ?? focused;
    if (!digit || !latest) return null;
    const [state] = latest;
    const pixels = digit.grid === "samples" ? state.samples : state.real;
    const past = digit.grid === "samples" && state.looking !== null;
    return pixels && !past && state.run && (digit.index + 1) * 784 <= pixels.length ? digit : null;
  }

  function ask() {
    clearTimeout(timer);
    const digit = target();
    const step = latest?.[0].step ?? 0;
    const wait = dueIn(digit, step, asked, performance.now());
    if (wait === null || !digit) return;
    if (wait > 0) {
      timer = setTimeout(ask, wait);
      return;
    }
    asked = { digit, step, at: performance.now(), pending: true };
    act({ type: "inspect", ...digit });
  }

  function show() {
    if (!latest) return;
    const [state, text] = latest;
    const digit = target();
    const found = digit && sameDigit(digit, answer) ? answer : null;
    readout.show(digit, found, state, text);
    for (const { grid, cell, canvas } of frames) {
      cell.hidden = digit?.grid !== grid;
      if (digit?.grid !== grid) continue;
      const columns = Number(canvas.dataset.columns);
      cell.style.setProperty("--column", `${digit.index % columns}`);
      cell.style.setProperty("--row", `${Math.floor(digit.index / columns)}`);
      cell.style.setProperty("--columns", `${columns}`);
      cell.style.setProperty("--rows", canvas.dataset.rows ?? "8");
    }
    if (found && aloud) {
      aloud = false;
      write(announced, `${placeOf(found, state, text)}: ${readout.said()}`);
    }
  }

  function changed() {
    show();
    ask();
  }

  for (const own of frames) {
    const { grid, frame, canvas } = own;
    /** @param {MouseEvent} event */
    const at = ({ clientX, clientY }) => {
      const box = canvas.getBoundingClientRect();
      const x = (clientX - box.left - canvas.clientLeft) / canvas.clientWidth;
      const y = (clientY - box.top - canvas.clientTop) / canvas.clientHeight;
      return digitAt(x, y, Number(canvas.dataset.columns), Number(canvas.dataset.rows));
    };
    frame.addEventListener("pointermove", (event) => {
      if (event.pointerType === "touch") return;
      const index = at(event);
      if (pointed?.grid === grid && pointed.index === index) return;
      pointed = { grid, index };
      if (rested) return changed();
      clearTimeout(resting);
      resting = setTimeout(() => {
        rested = true;
        changed();
      }, REST_MS);
    });
    frame.addEventListener("pointerleave", () => {
      clearTimeout(resting);
      pointed = null;
      rested = false;
      changed();
    });
    // A tap, or a click that keeps the digit in view.
    frame.addEventListener("click", (event) => {
      own.at = at(event);
      frame.focus({ preventScroll: true });
      focused = { grid, index: own.at };
      changed();
    });
    frame.addEventListener("focus", () => {
      focused = { grid, index: own.at };
      aloud = frame.matches(":focus-visible");
      changed();
    });
    frame.addEventListener("blur", () => {
      focused = null;
      changed();
    });
    frame.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (event.key === "Escape") {
        pointed = null;
        return frame.blur();
      }
      const columns = Number(canvas.dataset.columns);
      const next = moved(event.key, own.at, columns, columns * Number(canvas.dataset.rows));
      if (next === null) return;
      event.preventDefault();
      own.at = next;
      focused = { grid, index: next };
      pointed = null;
      aloud = true;
      changed();
    });
  }
  // Not every phone takes the focus away when one taps beside.
  document.addEventListener("pointerdown", ({ target }) => {
    if (focused && !frames.some(({ frame }) => frame.contains(/** @type {Node} */ (target)))) {
      focused = null;
      changed();
    }
  });

  return (state, text) => {
    latest = [state, text];
    if ((state.run?.run ?? -1) !== run || (answer && !state.inspected)) asked = null;
    run = state.run?.run ?? -1;
    if (state.inspected && state.inspected !== answer && asked) asked.pending = false;
    answer = state.inspected;
    for (const { grid, frame } of frames) mark(frame, "aria-label", text.t(`inspect.${grid}`));
    if (pointed || focused) changed();
  };
}
