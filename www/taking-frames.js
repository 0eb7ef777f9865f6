// The time-lapse as pictures: which moments led here, each as a grid of digits in few greys. Pure.
import { ledHere, spread } from "./moments.js";
import { GREYS } from "./taking-gif.js";

/** Digits in a row of a grid of the run's own. */
export const COLUMNS = 8;
/** More would make a file that no messenger takes. */
const MOST = 120;
/** How long a frame stays, and the last one, in hundredths of a second. */
const STAYS = 12;
const LASTS = 200;

/**
 * The frames of a time-lapse: the kept moments on the way to the present, for branches that were left would jump to and fro, and the present.
 * @param {Pick<import("./types.js").State, "moments" | "branch" | "forks" | "step" | "samples">} state
 * @returns {{ step: number, pixels: Uint8Array, hundredths: number }[]}
 */
export function framesOf(state) {
  const kept = state.moments.filter((moment) => ledHere(state, moment)).sort((a, b) => a.step - b.step);
  const now = { step: state.step, pixels: state.samples ?? new Uint8Array() };
  const all = now.pixels.length ? [...kept.filter(({ step }) => step < now.step), now] : kept;
  const chosen = all.length > MOST ? spread(all.length, MOST).map((place) => all[place]) : all;
  return chosen.map(({ step, pixels }, i) => ({
    step,
    pixels,
    hundredths: i === chosen.length - 1 ? LASTS : STAYS,
  }));
}

/** How large a grid is, in pixels. @param {number} bytes of its digits @param {number} scale pixels of a side of one */
export const sizeOf = (bytes, scale) => ({
  width: COLUMNS * 28 * scale,
  height: Math.max(1, Math.ceil(bytes / 784 / COLUMNS)) * 28 * scale,
});

/** A grid of digits as shades below `GREYS`, row after row. @param {Uint8Array} pixels 784 bytes a digit @param {number} scale */
export function shades(pixels, scale) {
  const { width, height } = sizeOf(pixels.length, scale);
  const picture = new Uint8Array(width * height);
  for (let y = 0; y < height; y += scale) {
    const row = Math.floor(y / scale);
    for (let column = 0; column < COLUMNS * 28; column += 1) {
      const digit = Math.floor(row / 28) * COLUMNS + Math.floor(column / 28);
      const value = pixels[digit * 784 + (row % 28) * 28 + (column % 28)] ?? 0;
      const shade = Math.round((value * (GREYS - 1)) / 255);
      picture.fill(shade, y * width + column * scale, y * width + (column + 1) * scale);
    }
    for (let more = 1; more < scale; more += 1)
      picture.copyWithin((y + more) * width, y * width, (y + 1) * width);
  }
  return picture;
}
