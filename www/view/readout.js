// The readout of one digit: D's score as a bar, and the pixels where ink would raise it and where it would lower it.
import { isCycle } from "../amid.js";
import { partOf } from "../figures.js";
import { byId, drawDigits, mark, write } from "./dom.js";
import { percent, scoreSays, scoresOf } from "./scores.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../asking.js").Digit} Digit */
/** @typedef {NonNullable<State["inspected"]>} Inspected */

const PIXELS = 784;
/** The byte of a pixel that does not count. */
const NOTHING = 128;
/** How much of the digit shows beneath a map. */
const BENEATH = 0.3;

export function createReadout() {
  const box = byId("inspect");
  const says = byId("inspect-says");
  const bar = byId("inspect-bar");
  const canvases = ["digit", "more", "less"].map(
    (name) => /** @type {HTMLCanvasElement} */ (byId(`inspect-${name}`)),
  );
  /** @type {unknown[]} */
  let drawn = [];

  /** @param {Uint8Array} digit @param {Inspected | null} found */
  function draw(digit, found) {
    const [whole, more, less] = canvases;
    drawDigits(whole, digit);
    const style = getComputedStyle(box);
    drawMap(more, digit, found?.map ?? null, 1, style.getPropertyValue("--more"));
    drawMap(less, digit, found?.map ?? null, -1, style.getPropertyValue("--less"));
  }

  return {
    /** @param {Digit | null} digit @param {Inspected | null} found what D said of it, once it has @param {State} state @param {Text} text */
    show(digit, found, state, text) {
      const pixels = digit && (digit.grid === "samples" ? state.samples : state.real);
      box.hidden = !pixels;
      if (!pixels) return;
      mark(box, "data-grid", digit.grid);
      mark(box, "data-index", `${digit.index}`);
      mark(box, "data-score", found ? `${found.probability ?? found.score}` : null);
      write(byId("inspect-place"), placeOf(digit, state, text));
      write(says, found ? sentence(found, state, text) : text.t("inspect.asking"));
      const ends = endsOf(state, found);
      bar.classList.toggle("empty", !found);
      bar.style.setProperty("--at", `${found ? partOf(scoreOf(found), ends.low, ends.high) : 0}`);
      bar.style.setProperty("--middle", `${partOf(ends.middle, ends.low, ends.high)}`);
      const now = [pixels, digit.grid, digit.index, found];
      if (now.every((value, i) => value === drawn[i])) return;
      drawn = now;
      draw(pixels.subarray(digit.index * PIXELS, (digit.index + 1) * PIXELS), found);
    },
    said: () => says.textContent ?? "",
  };
}

/** @param {Inspected} found */
const scoreOf = (found) => found.probability ?? found.score;

/** The scale of the bar: from 0 to 1, or what the last scores span. @param {State} state @param {Inspected | null} found */
function endsOf(state, found) {
  if (found?.probability !== undefined) return { low: 0, high: 1, middle: 0.5 };
  const scores = scoresOf(state);
  if (scores) return scores;
  const reach = Math.max(1, Math.abs(found?.score ?? 0));
  return { low: -reach, high: reach, middle: 0 };
}

/** Which digit it is, in words. @param {Digit} digit @param {State} state @param {Text} text */
export function placeOf({ grid, index }, { run }, text) {
  const column = run?.columns[index % 8];
  const row = Math.floor(index / 8) + 1;
  if (grid === "samples" && column) return text.t("inspect.pair", { pair: text.t(`pairs.${column}`), row });
  return text.t(`inspect.${grid}.place`, { row, column: (index % 8) + 1 });
}

/** @param {Inspected} found @param {State} state @param {Text} text */
export function sentence(found, state, text) {
  const { probability, score, grid } = found;
  const value =
    probability === undefined
      ? scoreSays(score, state, text)
      : text.t("inspect.chance", { chance: percent(probability, text) });
  // D of a pair speaks of its own domain alone, and a critic's middle is known from other scores only.
  const scores = scoresOf(state);
  if (isCycle(state.run)) return text.t("inspect.says.pair", { value });
  if (probability === undefined && !scores) return text.t("inspect.says", { value });
  const real = probability === undefined ? score > (scores?.middle ?? 0) : probability > 0.5;
  const right = real === (grid === "real");
  return text.t(`inspect.says.${grid}.${right ? "right" : "wrong"}`, { value });
}

/**
 * Pixels where ink would move the score `way`, over a dim digit.
 * @param {HTMLCanvasElement} canvas @param {Uint8Array} digit @param {Uint8Array | null} map @param {1 | -1} way @param {string} color as #rrggbb
 */
function drawMap(canvas, digit, map, way, color) {
  const context = canvas.getContext("2d");
  if (!context) return;
  const [red, green, blue] = rgb(color);
  const image = context.createImageData(28, 28);
  for (let i = 0; i < PIXELS; i += 1) {
    const ink = digit[i] * BENEATH;
    const part = map ? Math.max(0, ((map[i] - NOTHING) * way) / 127) : 0;
    image.data[4 * i] = ink + (red - ink) * part;
    image.data[4 * i + 1] = ink + (green - ink) * part;
    image.data[4 * i + 2] = ink + (blue - ink) * part;
    image.data[4 * i + 3] = 255;
  }
  context.putImageData(image, 0, 0);
}

/** @param {string} color as #rrggbb */
export function rgb(color) {
  const word = parseInt(color.trim().slice(1), 16);
  return [word >> 16, (word >> 8) & 255, word & 255];
}
