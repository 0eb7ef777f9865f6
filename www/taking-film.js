// Pictures of digits by way of a canvas: one as PNG, a time-lapse as WebM where the browser codes films.
import { COLUMNS, sizeOf } from "./taking-frames.js";
import { drawDigits, make } from "./view/dom.js";

/** Between two frames, as in the page's own time-lapse, in seconds. */
const FRAME_S = 0.125;
/** How often the last frame is shown. */
const LASTS = 10;
const TYPE = "video/webm";
/** What films may be coded by, best first. */
const CODECS = /** @type {const} */ (["vp9", "vp8"]);
/** Enough that pixels keep their edges. */
const BITS_PER_S = 4e6;
/** A film can be sought to pictures that stand by themselves: one a second. */
const KEY_S = 1;

/** Whether the browser codes films for a page. A recorder would do without, but its films have no length and cannot be sought. */
export const canFilm = () => typeof VideoEncoder === "function";

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

/**
 * Frame by frame with its own time, so that it takes no clock and goes on while the page is hidden.
 * @param {{ pixels: Uint8Array }[]} frames @param {number} scale @param {(done: number) => void} progress @returns {Promise<Blob>}
 */
export async function film(frames, scale, progress) {
  const { BufferTarget, CanvasSource, Output, WebMOutputFormat, getFirstEncodableVideoCodec } =
    await import("./vendor/mediabunny/mediabunny.js");
  const canvas = make("canvas");
  draw(canvas, frames[0].pixels, scale);
  const { width, height } = canvas;
  const codec = await getFirstEncodableVideoCodec([...CODECS], { width, height, bitrate: BITS_PER_S });
  if (!codec) throw new Error("no codec");
  const output = new Output({ format: new WebMOutputFormat(), target: new BufferTarget() });
  const source = new CanvasSource(canvas, { codec, bitrate: BITS_PER_S, keyFrameInterval: KEY_S });
  output.addVideoTrack(source, { frameRate: 1 / FRAME_S });
  await output.start();
  const shown = [...frames, ...Array(LASTS).fill(frames.at(-1))];
  for (const [i, { pixels }] of shown.entries()) {
    draw(canvas, pixels, scale);
    await source.add(i * FRAME_S, FRAME_S);
    progress((i + 1) / shown.length);
  }
  await output.finalize();
  return new Blob([output.target.buffer ?? new ArrayBuffer(0)], { type: TYPE });
}
