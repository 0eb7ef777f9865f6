// Pictures of digits by way of a canvas: one as PNG, a time-lapse as WebM where the browser records one.
import { COLUMNS, sizeOf } from "./taking-frames.js";
import { drawDigits, make } from "./view/dom.js";

/** Between two frames, as in the page's own time-lapse. */
const FRAME_MS = 125;
/** How often the last frame is shown. */
const LASTS = 10;
const TYPE = "video/webm";
/** Enough that pixels keep their edges. */
const BITS_PER_S = 4e6;

/** Whether the browser records what a canvas shows, as WebM. */
export const canFilm = () =>
  typeof MediaRecorder === "function" &&
  "captureStream" in HTMLCanvasElement.prototype &&
  MediaRecorder.isTypeSupported(TYPE);

/** Draws a grid of digits, each pixel a square. @param {HTMLCanvasElement} canvas @param {Uint8Array} pixels @param {number} scale */
function draw(canvas, pixels, scale) {
  const small = make("canvas", { width: `${COLUMNS * 28}`, "data-columns": `${COLUMNS}` });
  drawDigits(small, pixels);
  const { width, height } = sizeOf(pixels.length, scale);
  if (canvas.width !== width) canvas.width = width;
  if (canvas.height !== height) canvas.height = height;
  const context = canvas.getContext("2d");
  if (!context) return;
  context.imageSmoothingEnabled = false;
  context.drawImage(small, 0, 0, width, height);
}

/** @param {Uint8Array} pixels 784 bytes a digit @param {number} scale @returns {Promise<Blob>} */
export async function png(pixels, scale) {
  const canvas = make("canvas");
  draw(canvas, pixels, scale);
  /** @type {Blob | null} */
  const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
  if (!blob) throw new Error("no picture");
  return blob;
}

/** Takes as long as the film lasts. @param {{ pixels: Uint8Array }[]} frames @param {number} scale @param {(done: number) => void} progress @returns {Promise<Blob>} */
export async function film(frames, scale, progress) {
  const canvas = make("canvas");
  draw(canvas, frames[0].pixels, scale);
  const recorder = new MediaRecorder(canvas.captureStream(30), {
    mimeType: TYPE,
    videoBitsPerSecond: BITS_PER_S,
  });
  /** @type {Blob[]} */
  const parts = [];
  recorder.ondataavailable = ({ data }) => parts.push(data);
  const ended = new Promise((done, failed) => {
    recorder.onstop = done;
    recorder.onerror = failed;
  });
  recorder.start();
  const shown = [...frames, ...Array(LASTS).fill(frames.at(-1))];
  for (const [i, { pixels }] of shown.entries()) {
    draw(canvas, pixels, scale);
    progress(i / shown.length);
    await new Promise((done) => setTimeout(done, FRAME_MS));
  }
  recorder.stop();
  await ended;
  return new Blob(parts, { type: TYPE });
}
