// The pixels of a picture file. Some browsers give a page scrambled ones, against tracking; that is found out before any picture is read.

/** A file whose pixels cannot be had, with the word on why. */
export class Unfit extends Error {
  /** @param {string} why @param {Record<string, string | number>} [args] */
  constructor(why, args = {}) {
    super(why);
    this.why = why;
    this.args = args;
  }
}

/** Colours may come back so far off, and so many pixels farther: some browsers change a few of the lowest bits, which does no harm. */
const OFF = 8;
const MOST_OFF = 0.02;
const PROBE = 16;
/** Of a drawing without a size, the longer side in pixels. */
const DRAWING = 512;

/** @typedef {(picture: ImageBitmap, top: number, height: number) => Promise<Uint8ClampedArray<ArrayBuffer>>} Reader */

/** @type {CanvasRenderingContext2D | null} */
let context = null;

/** @type {Reader} */
const byCanvas = async (picture, top, height) => {
  const { width } = picture;
  context ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) throw new Unfit("unreadable");
  if (context.canvas.width !== width || context.canvas.height !== height)
    Object.assign(context.canvas, { width, height });
  else context.clearRect(0, 0, width, height);
  context.drawImage(picture, 0, -top);
  return /** @type {Uint8ClampedArray<ArrayBuffer>} */ (context.getImageData(0, 0, width, height).data);
};

/** By way of a film's frame, where the browser has those. @type {Reader} */
const byFrame = async (picture, top, height) => {
  const frame = new VideoFrame(picture, { timestamp: 0 });
  try {
    const options = /** @type {VideoFrameCopyToOptions} */ ({
      format: "RGBA",
      rect: { x: 0, y: top, width: picture.width, height },
    });
    const bytes = new Uint8ClampedArray(4 * picture.width * height);
    await frame.copyTo(bytes, options);
    return bytes;
  } finally {
    frame.close();
  }
};

/** Whether the pixels that come back are those that went in. @param {Reader} read */
async function isHonest(read) {
  const pixels = Uint8ClampedArray.from({ length: 4 * PROBE * PROBE }, (_, i) =>
    i % 4 === 3 ? 255 : (37 * i + 11 * (i >> 6)) % 256,
  );
  try {
    const bitmap = await createImageBitmap(new ImageData(pixels.slice(), PROBE, PROBE));
    const back = await read(bitmap, 0, PROBE);
    bitmap.close();
    const off = back.filter((value, i) => Math.abs(value - pixels[i]) > OFF).length;
    return back.length === pixels.length && off <= MOST_OFF * pixels.length;
  } catch {
    return false;
  }
}

/** How pixels can be read in this browser; null: only scrambled. @returns {Promise<Reader | null>} */
export async function honestReader() {
  for (const read of [byCanvas, byFrame]) if (await isHonest(read)) return read;
  return null;
}

/** A picture's first frame, decoded away from the page's own thread as far as the browser can. @param {Blob} blob @param {[number, number] | null} size that it declares @param {number} most pixels of its longer side, beyond which it is reduced */
export function decoded(blob, size, most) {
  const longest = Math.max(...(size ?? [0]));
  /** @type {ImageBitmapOptions} */
  const options = { colorSpaceConversion: "none" };
  if (size && longest > most) {
    // The other side follows, also where the picture says that it is to be turned.
    options.resizeWidth = Math.max(1, Math.round((size[0] * most) / longest));
    options.resizeQuality = "high";
  }
  return createImageBitmap(blob, options);
}

/** A drawing of lines, which only an image element draws. @param {Blob} blob @returns {Promise<ImageBitmap>} */
export async function drawn(blob) {
  const url = URL.createObjectURL(new Blob([blob], { type: "image/svg+xml" }));
  try {
    const image = new Image();
    image.src = url;
    await image.decode();
    const { naturalWidth: width, naturalHeight: height } = image;
    const scale = DRAWING / Math.max(width, height, 1);
    const [resizeWidth, resizeHeight] = [width, height].map((side) => Math.max(1, Math.round(side * scale)));
    return await createImageBitmap(image, { resizeWidth, resizeHeight });
  } finally {
    URL.revokeObjectURL(url);
  }
}
