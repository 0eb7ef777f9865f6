// The lesson's figures: buttons that show a panel or try a run, and what D's first layer looks for.
import { fromHash, toHash } from "../state.js";
import { bring } from "./bring.js";
import { byId, mark, write } from "./dom.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {NonNullable<State["filters"]>} Filters */

/** How often a figure in view asks anew while it trains. */
const EVERY_MS = 2000;

/**
 * @param {HTMLElement} article @param {import("../types.js").Act} act
 * @returns {{ adopt: () => void, paint: import("../types.js").View }} `adopt` when the article has new nodes
 */
export function lessonFigures(article, act) {
  const back = byId("lesson-back");
  /** @type {HTMLElement | null} */
  let left = null;
  /** @type {State | null} */
  let latest = null;
  /** @type {Text | null} */
  let words = null;
  /** @type {HTMLCanvasElement | null} */
  let canvas = null;
  /** @type {Filters | null | undefined} */
  let painted;
  let inView = false;
  let asked = "";

  /** Brings a panel into view, opened, and points at it. @param {string} id */
  function show(id) {
    const panel = document.getElementById(id);
    if (!panel || panel.getClientRects().length === 0) {
      act({ type: "note", note: { tone: "info", key: "lesson.absent", args: {} } });
      return;
    }
    panel.closest("details")?.setAttribute("open", "");
    if (panel.tabIndex < 0) panel.tabIndex = -1;
    panel.focus({ preventScroll: true });
    back.hidden = false;
    bring(panel, { then: () => pulse(panel) });
  }

  /** Starts the run of an address, on the digits in use, and trains it. @param {string} address */
  function begin(address) {
    const hash = toHash({ ...fromHash(address), data: latest?.config.data ?? "mnist" });
    if (hash === location.hash) {
      // Something else may be chosen by now than what runs.
      act({ type: "address", config: fromHash(hash) });
      act({ type: "new-run" });
      act({ type: "train" });
    } else {
      // The page has heard of its new address by then: its own listener was there first.
      addEventListener("hashchange", () => act({ type: "train" }), { once: true });
      location.hash = hash;
    }
    show("digits");
  }

  article.addEventListener("click", (event) => {
    const button = /** @type {Element} */ (event.target).closest("button");
    if (!button) return;
    const { show: id, try: address } = button.dataset;
    if (!id && !address) return;
    left = button;
    if (id) show(id);
    else if (address) begin(address);
  });
  back.addEventListener("click", () => {
    back.hidden = true;
    const figure = left?.closest("figure");
    if (figure) bring(figure, { block: "center" });
    left?.focus({ preventScroll: true });
  });
  // Who scrolls back by hand needs no button for it.
  new IntersectionObserver((entries) => {
    if (entries.some((entry) => entry.isIntersecting)) back.hidden = true;
  }).observe(article);

  /** Asks for the filters where those at hand are of another moment, and the figure is looked at. */
  function ask() {
    if (!inView || !latest?.run || document.hidden) return;
    const now = `${latest.run.run} ${latest.step}`;
    // Where digits that have just come begin the run anew, what was asked for is gone.
    if (now === asked && latest.filters) return;
    asked = now;
    act({ type: "ask-filters" });
  }
  setInterval(ask, EVERY_MS);
  const looks = new IntersectionObserver((entries) => {
    inView = entries.some((entry) => entry.isIntersecting);
    ask();
  });

  // Formulas that do not fit can be scrolled by the keyboard. Each is measured when it is seen: to measure all would lay out all.
  const formulas = new IntersectionObserver((entries) => {
    for (const { isIntersecting, target } of entries)
      if (isIntersecting) mark(target, "tabindex", target.scrollWidth > target.clientWidth ? "0" : null);
  });

  /** @param {Text} text */
  function paintFilters(text) {
    const filters = latest?.filters ?? null;
    if (!canvas || filters === painted) return;
    painted = filters;
    const some = filters !== null && filters.count > 0;
    // Before the first filters come it keeps their place.
    canvas.hidden = filters?.count === 0;
    const args = { step: filters?.step ?? 0, count: filters?.count ?? 0, side: filters?.side ?? 0 };
    const line = article.querySelector("[data-figure-text=filters]");
    if (line) write(line, text.t(some ? "lesson.filters" : "lesson.filters.none", args));
    mark(canvas, "aria-label", text.t("lesson.filters.alt", args));
    if (some) drawFilters(canvas, filters);
  }

  return {
    adopt() {
      looks.disconnect();
      inView = false;
      left = null;
      painted = undefined;
      canvas = article.querySelector("canvas[data-figure=filters]");
      if (canvas?.parentElement) looks.observe(canvas.parentElement);
      if (words) paintFilters(words);
      formulas.disconnect();
      for (const formula of article.querySelectorAll(".formula")) formulas.observe(formula);
    },
    paint(state, text) {
      const other = latest?.run?.run !== state.run?.run;
      if (words?.lang !== text.lang) painted = undefined;
      [latest, words] = [state, text];
      // A new run, or a single step: what is shown is old, and waiting for the clock would look broken.
      if (other || state.phase !== "training") ask();
      paintFilters(text);
    },
  };
}

/** Points at a panel for a moment; who wants no motion sees none. @param {Element} panel */
function pulse(panel) {
  panel.classList.remove("pulse");
  panel.addEventListener("animationend", () => panel.classList.remove("pulse"), { once: true });
  panel.classList.add("pulse");
}

/**
 * Filters in rows with a pixel between them: width, height, and a grey opaque word a pixel, 0 between.
 * @param {{ side: number, count: number, pixels: ArrayLike<number> }} filters
 */
export function mosaic({ side, count, pixels }) {
  // About twice as wide as high, in full rows where that is possible.
  const rows = Math.max(1, Math.round(Math.sqrt(count / 3)));
  const columns = Math.ceil(count / rows);
  const width = columns * (side + 1) - 1;
  const height = Math.ceil(count / columns) * (side + 1) - 1;
  const words = new Uint32Array(width * height);
  for (let filter = 0; filter < count; filter += 1) {
    const corner = (Math.floor(filter / columns) * width + (filter % columns)) * (side + 1);
    for (let i = 0; i < side * side; i += 1) {
      const at = corner + Math.floor(i / side) * width + (i % side);
      words[at] = 0xff000000 | (pixels[filter * side * side + i] * 0x010101);
    }
  }
  return { width, height, words };
}

/** @param {HTMLCanvasElement} canvas @param {Filters} filters */
function drawFilters(canvas, filters) {
  const { width, height, words } = mosaic(filters);
  if (canvas.width !== width || canvas.height !== height) [canvas.width, canvas.height] = [width, height];
  const context = canvas.getContext("2d");
  if (!context) return;
  const image = context.createImageData(width, height);
  new Uint32Array(image.data.buffer).set(words);
  context.putImageData(image, 0, 0);
}
