// Reads pictures that were brought, a few at a time, so that the page stays at hand however many there are.
import { beginsAsPicture, classOf, ENOUGH, grey28, greysOf, isImage, sizeOf } from "./images.js";
import { cellsOf, digitsOf, mayBeGrid } from "./images-grid.js";
import { newId } from "./sketching-kept.js";

/** @typedef {import("./images.js").Found} Found */
/** @typedef {import("./sketching-types.js").ImageSet} ImageSet */
/** @typedef {{ key: string, args: Record<string, string | number> }} Said */

const PIXELS = 784;
/** Pictures that are read at a time. */
const AT_ONCE = 4;
/** Bytes that one may have, and those that tell what a file is. */
const MOST_BYTES = 32e6;
const HEAD = 16;
/** Between two words on how far it is. */
const TELL_MS = 100;
/** Names of files that are told. */
const NAMED = 3;
/** Of no more files it is asked whether they are grids of digits, and of none larger. */
const MOST_GRIDS = 16;
const MOST_GRID_PIXELS = 16e6;

/** @typedef {Found & { ready?: { pixels: Uint8Array, border: number } }} Wanted `ready`: one digit of a grid */

/**
 * @param {{ progress(done: number, total: number): void, taken(set: ImageSet | null): void, said(sentence: Said): void, room(): number }} page
 *   `room`: how many more digits may come
 */
export function createImporter({ progress, taken, said, room }) {
  /** @type {Found[][]} */
  const queue = [];
  let going = false;
  let cancelled = false;
  let told = -Infinity;

  async function go() {
    going = true;
    for (let files = queue.shift(); files; files = queue.shift()) {
      cancelled = false;
      taken(await readAll(files));
    }
    going = false;
  }

  /** @param {Found[]} files @returns {Promise<ImageSet | null>} */
  async function readAll(files) {
    const most = Math.max(0, room());
    if (files.length === 0) return tell(nothingIn(files));
    if (most === 0) return tell({ key: "sketch.images.full", args: {} });
    // Should there be too many, what says that it is a picture goes first.
    const [first, last] = [true, false].map((is) => files.filter(({ file }) => isImage(file) === is));
    const all = await spread([...first, ...last]);
    const chosen = all.slice(0, most);
    const pixels = new Uint8Array(chosen.length * PIXELS);
    const kinds = new Int8Array(chosen.length);
    const good = new Uint8Array(chosen.length);
    let [next, done, border] = [0, 0, 0];
    const say = () => {
      if (performance.now() - told < TELL_MS) return;
      told = performance.now();
      progress(done, chosen.length);
    };
    const read = async () => {
      while (next < chosen.length && !cancelled) {
        const index = next;
        next += 1;
        const { file, path, ready } = chosen[index];
        const picture = ready ?? (await readOne(file).catch(() => null));
        if (picture) {
          pixels.set(picture.pixels, index * PIXELS);
          kinds[index] = classOf(path);
          border += picture.border;
          good[index] = 1;
        }
        done += 1;
        say();
      }
    };
    progress(0, chosen.length);
    await Promise.all(Array.from({ length: AT_ONCE }, read));
    if (cancelled) return tell({ key: "sketch.images.cancelled", args: {} });
    const bad = chosen.filter((_, index) => !good[index]);
    const count = packed(pixels, kinds, good);
    if (count === 0) return tell(nothingIn(files));
    return {
      id: newId(),
      name: nameOf(files),
      pixels: pixels.slice(0, count * PIXELS),
      kinds: kinds.slice(0, count),
      turned: border / count > 127.5,
      skipped: bad.length,
      names: bad.slice(0, NAMED).map(({ path }) => short(path)),
      left: all.length - chosen.length,
    };
  }

  /** @param {Said} sentence */
  function tell(sentence) {
    said(sentence);
    return null;
  }

  return {
    /** Reads these after those that are under way. @param {Found[]} files */
    take(files) {
      queue.push(files);
      if (!going) void go();
    },
    /** Leaves what is under way, and what waits. */
    cancel() {
      queue.length = 0;
      cancelled = true;
    },
  };
}

/** Why none of the files gave a picture. @param {Found[]} files @returns {Said} */
function nothingIn(files) {
  if (files.length === 0) return { key: "sketch.images.empty", args: {} };
  const large = files.find(({ file }) => file.size > MOST_BYTES);
  const names = files.slice(0, NAMED).map(({ path }) => short(path));
  if (files.length === 1 && large)
    return {
      key: "sketch.images.large",
      args: { name: names[0], size: sized(large.file.size), most: sized(MOST_BYTES) },
    };
  if (files.length === 1) return { key: "sketch.images.none.one", args: { name: names[0] } };
  return { key: "sketch.images.none", args: { count: files.length, names: names.join(", ") } };
}

/** @param {number} bytes */
const sized = (bytes) => Math.round(bytes / 1e6);

/** What the pictures are called together: their folder, or the only one; nothing where they are single files. @param {Found[]} files */
const nameOf = (files) =>
  files.length === 1 || files[0].path.includes("/") ? cut(files[0].path.split("/")[0]) : "";

/** @param {string} path */
const short = (path) => cut(path.split("/").at(-1) ?? "");

/** @param {string} name */
const cut = (name) => (name.length > 40 ? `${name.slice(0, 38)}…` : name);

/** Closes the gaps that unreadable pictures left, and says how many there are. @param {Uint8Array} pixels @param {Int8Array} kinds @param {Uint8Array} good */
function packed(pixels, kinds, good) {
  let count = 0;
  for (let index = 0; index < good.length; index += 1) {
    if (!good[index]) continue;
    if (index > count) {
      pixels.copyWithin(count * PIXELS, index * PIXELS, (index + 1) * PIXELS);
      kinds[count] = kinds[index];
    }
    count += 1;
  }
  return count;
}

/** @type {CanvasRenderingContext2D | null} */
let context = null;

/** Decodes one picture, away from the page's own thread as far as the browser can. @param {File} file */
async function readOne(file) {
  if (file.size > MOST_BYTES) throw new Error("too large");
  // A name may say nothing or the wrong thing; of what is no picture, no more is read than its beginning.
  if (!isImage(file) && !beginsAsPicture(new Uint8Array(await file.slice(0, HEAD).arrayBuffer())))
    throw new Error("no picture");
  const bytes = new Uint8Array(await file.arrayBuffer());
  const size = sizeOf(bytes);
  if (!size) throw new Error("no picture");
  const longest = Math.max(...size);
  /** @type {ImageBitmapOptions} */
  const options = { colorSpaceConversion: "none" };
  if (longest > ENOUGH) {
    // The other side follows, also where the picture says that it is to be turned.
    options.resizeWidth = Math.max(1, Math.round((size[0] * ENOUGH) / longest));
    options.resizeQuality = "high";
  }
  const bitmap = await createImageBitmap(new Blob([bytes]), options);
  try {
    return greyOf(bitmap);
  } finally {
    bitmap.close();
  }
}

/** Each grid of digits as its digits. @param {Found[]} files @returns {Promise<Wanted[]>} */
async function spread(files) {
  if (files.length > MOST_GRIDS) return files;
  const parts = await Promise.all(
    files.map(async (found) => {
      const pixels = await gridOf(found.file).catch(() => null);
      if (!pixels) return [found];
      return Array.from({ length: pixels.length / PIXELS }, (_, digit) => ({
        ...found,
        ready: { pixels: pixels.subarray(digit * PIXELS, (digit + 1) * PIXELS), border: pixels[0] },
      }));
    }),
  );
  return parts.flat();
}

/** The digits of a grid; null where the file is none. @param {File} file */
async function gridOf(file) {
  if (file.size > MOST_BYTES) return null;
  const bytes = new Uint8Array(await file.arrayBuffer());
  const [width, height] = sizeOf(bytes) ?? [0, 0];
  if (!width || !mayBeGrid(width, height) || width * height > MOST_GRID_PIXELS) return null;
  const bitmap = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: "none" });
  try {
    const greys = greysOf(dataOf(bitmap), width * height);
    const cells = cellsOf(greys, width, height);
    return cells && digitsOf(greys, width, cells);
  } finally {
    bitmap.close();
  }
}

/** @param {ImageBitmap} bitmap */
const greyOf = (bitmap) => grey28(dataOf(bitmap), bitmap.width, bitmap.height);

/** @param {ImageBitmap} bitmap */
function dataOf(bitmap) {
  const { width, height } = bitmap;
  context ??= document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  if (!context) throw new Error("no canvas");
  if (context.canvas.width !== width || context.canvas.height !== height)
    Object.assign(context.canvas, { width, height });
  else context.clearRect(0, 0, width, height);
  context.drawImage(bitmap, 0, 0);
  return context.getImageData(0, 0, width, height).data;
}
