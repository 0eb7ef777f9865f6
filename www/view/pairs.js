// The pair view, where digits are translated between two domains: one row of the grid, large, each picture with what it is.
import { isCycle } from "../amid.js";
import { byId, drawDigits, fillTrack, make, mark, write } from "./dom.js";

const PIXELS = 784;

/** @returns {import("../types.js").View} */
export function pairsView() {
  const section = byId("latent");
  const panel = byId("pairs");
  const figures = byId("pair-figures");
  const which = /** @type {HTMLInputElement} */ (byId("pair"));
  /** @type {HTMLCanvasElement[]} */
  let canvases = [];
  /** @type {Uint8Array | null} */
  let shown = null;
  let row = 0;
  let built = "";

  which.addEventListener("input", () => {
    row = Number(which.value) - 1;
    shown = null;
    fillTrack(which);
    if (latest) draw(latest);
  });
  /** @type {import("../types.js").State | null} */
  let latest = null;

  /** @param {string[]} columns @param {import("../types.js").Text} text */
  function build(columns, text) {
    canvases = columns.map((column) => {
      const label = text.t(`pairs.${column}`);
      const canvas = make("canvas", { width: "28", height: "28", role: "img", "aria-label": label });
      canvas.dataset.view = `pair-${column}`;
      canvas.dataset.columns = canvas.dataset.rows = "1";
      return canvas;
    });
    const caption = (/** @type {string} */ column) =>
      make("figcaption", { "aria-hidden": "true" }, text.t(`pairs.${column}`));
    figures.replaceChildren(
      ...canvases.map((canvas, index) => make("figure", {}, canvas, caption(columns[index]))),
    );
    shown = null;
  }

  /** @param {import("../types.js").State} state */
  function draw({ samples }) {
    if (!samples || samples === shown) return;
    canvases.forEach((canvas, column) => {
      const at = (row * canvases.length + column) * PIXELS;
      drawDigits(canvas, samples.subarray(at, at + PIXELS));
    });
    shown = samples;
  }

  return (state, text) => {
    latest = state;
    const columns = state.run?.columns ?? [];
    const pairs = isCycle(state.run);
    if (panel.hidden === pairs) {
      for (const other of section.querySelectorAll(":scope > canvas, :scope > .latent-side"))
        /** @type {HTMLElement} */ (other).hidden = pairs;
      panel.hidden = !pairs;
      mark(section, "aria-labelledby", pairs ? "pairs-title" : "latent-title");
    }
    for (const tab of document.querySelectorAll('[data-tab="latent"]'))
      write(tab, text.t(pairs ? "pairs.title" : "tabs.latent"));
    write(byId("samples-by"), state.run ? text.gan(state.run.recipe) : "");
    write(byId("samples-hint"), text.t(pairs ? "digits.pairs" : "digits.fixed"));
    if (!pairs) return;
    const wanted = `${columns} ${text.lang}`;
    if (wanted !== built) build(columns, text);
    built = wanted;
    fillTrack(which);
    draw(state);
  };
}
