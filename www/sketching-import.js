// Reads pictures that were brought, a few at a time, so that the page stays at hand however many there are.
import { createDigitiser, Stopped } from "./images-digits.js";
import { HEAD, formatOf, isFit, isImage, isLitter, isWebPage, MOST_PIXELS, sizeOf } from "./images.js";
import { decoded, drawn, honestReader, Unfit } from "./images-pixels.js";
import { newId } from "./sketching-kept.js";

/** @typedef {import("./images.js").Found} Found */
/** @typedef {import("./images-pixels.js").Reader} Reader */
/** @typedef {import("./sketching-types.js").ImageSet} ImageSet */
/** @typedef {import("./sketching-types.js").BadPicture} BadPicture */
/** @typedef {ReturnType<typeof createDigitiser>} Digitiser */
/** @typedef {{ key: string, args: Record<string, string | number> }} Said */

const PIXELS = 784;
/** Pictures that are read at a time. */
const AT_ONCE = 4;
/** Bytes that one may have. */
const MOST_BYTES = 32e6;
/** Pictures are reduced to this before their pixels are read: the engine looks for ink in no larger ones. */
const ENOUGH = 768;
/** What may be a sheet of digits is read as it is, so many pixels at a time, in stripes of whole cells. */
const STRIPE = 4e6;
const CELLS = 16 * 28;
/** Formats that every browser decodes. */
const EVERYWHERE = ["PNG", "JPEG", "GIF", "WebP", "BMP"];
/** Between two words on how far it is. */
const TELL_MS = 100;
/** Names of files that are told. */
const NAMED = 3;

/**
 * @param {{ progress(done: number, total: number): void, taken(set: ImageSet | null): void, said(sentence: Said): void, room(): number, word(key: string, args?: Record<string, string | number>): string }} page
 *   `room`: how many more digits may come; `word`: a sentence in the page's language
 */
export function createImporter({ progress, taken, said, room, word }) {
  /** @type {{ files: Found[], passed: number }[]} */
  const queue = [];
  let going = false;
  let cancelled = false;
  let told = -Infinity;
  /** @type {Digitiser | null} */
  let engine = null;

  async function go() {
    going = true;
    const read = await honestReader();
    for (let batch = queue.shift(); batch; batch = queue.shift()) {
      cancelled = false;
      engine ??= createDigitiser();
      const set = await readAll(batch.files, batch.passed, read, engine).catch(() => {
        // An engine that stopped is of no further use.
        engine = null;
        return tell({ key: cancelled ? "sketch.images.cancelled" : "files.unreadable", args: {} });
      });
      taken(set);
    }
    engine?.close();
    engine = null;
    going = false;
  }

  /** @param {Found[]} all @param {number} passed files beside them that were left out already @param {Reader | null} read @param {Digitiser} digitiser @returns {Promise<ImageSet | null>} */
  async function readAll(all, passed, read, digitiser) {
    const most = Math.max(0, room());
    const files = all.filter(({ file }) => all.length === 1 || !isLitter(file.name));
    if (files.length === 0) return tell({ key: "sketch.images.empty", args: {} });
    if (most === 0) return tell({ key: "sketch.images.full", args: {} });
    if (!read) return tell({ key: "sketch.images.scrambled", args: {} });
    // Should there be too many, what says that it is a picture goes first.
    const [first, last] = [true, false].map((is) => files.filter(({ file }) => isImage(file) === is));
    const chosen = [...first, ...last];
    /** What each gave: digits, a word on what is wrong with it, or nothing where it is something else. @type {(Taken | Unfit | null)[]} */
    const results = Array(chosen.length).fill(null);
    let [next, done, count] = [0, 0, 0];
    const say = () => {
      if (performance.now() - told < TELL_MS) return;
      told = performance.now();
      progress(done, chosen.length);
    };
    const readSome = async () => {
      while (next < chosen.length && count < most && !cancelled) {
        const index = next;
        next += 1;
        const result = await readOne(chosen[index].file, read, digitiser).catch((error) => {
          if (error instanceof Stopped) throw error;
          return error instanceof Unfit ? error : new Unfit("broken");
        });
        results[index] = result;
        if (result && !(result instanceof Unfit)) count += result.pixels.length / PIXELS;
        done += 1;
        say();
      }
    };
    progress(0, chosen.length);
    await Promise.all(Array.from({ length: AT_ONCE }, readSome));
    if (cancelled) return tell({ key: "sketch.images.cancelled", args: {} });
    const bad = results.flatMap((result, index) =>
      result instanceof Unfit
        ? [{ name: short(chosen[index].path), why: result.why, args: result.args }]
        : [],
    );
    const good = results.flatMap((result, index) =>
      result && !(result instanceof Unfit) ? [{ ...result, path: chosen[index].path }] : [],
    );
    if (good.length === 0) return tell(nothingIn(files, bad));
    const classes = await digitiser.classes(good.map(({ path }) => path));
    const kept = Math.min(count, most);
    return {
      ...joined(good, classes.classes, kept),
      id: newId(),
      name: nameOf(files),
      turned: false,
      swapped: good.reduce((sum, { swapped }) => sum + swapped, 0),
      cut: good.filter(({ cut }) => cut).length,
      beyond: classes.beyond,
      others: passed + all.length - files.length + results.slice(0, next).filter((result) => !result).length,
      skipped: bad.length,
      bad: bad.slice(0, NAMED),
      left: count - kept + chosen.length - next,
    };
  }

  /** Why none of the files gave a picture. @param {Found[]} files @param {BadPicture[]} bad @returns {Said} */
  function nothingIn(files, bad) {
    if (files.length === 1 && bad[0]?.why === "large")
      return { key: "sketch.images.large", args: { name: bad[0].name, ...bad[0].args } };
    if (files.length === 1 && bad.length && bad[0].why !== "broken")
      return { key: "sketch.images.bad.one", args: { named: named(bad[0], word) } };
    if (files.length === 1) return { key: "sketch.images.none.one", args: { name: short(files[0].path) } };
    const others = files
      .map(({ path }) => short(path))
      .filter((name) => !bad.some((one) => one.name === name));
    const names = [...bad.map((one) => named(one, word)), ...others].slice(0, NAMED);
    return { key: "sketch.images.none", args: { count: files.length, names: names.join(", ") } };
  }

  /** @param {Said} sentence */
  function tell(sentence) {
    said(sentence);
    return null;
  }

  return {
    /** Reads these after those that are under way. @param {Found[]} files @param {number} [passed] files beside them that were left out already */
    take(files, passed = 0) {
      queue.push({ files, passed });
      if (!going) void go();
    },
    /** Leaves what is under way, and what waits. */
    cancel() {
      queue.length = 0;
      cancelled = true;
      engine?.close();
    },
  };
}

/** A file with the word on what is wrong with it, where there is more to say than that it cannot be read. @param {BadPicture} one @param {(key: string, args?: Record<string, string | number>) => string} word */
export const named = ({ name, why, args }, word) =>
  why === "broken" ? name : `${name} (${word(`sketch.images.bad.${why}`, args)})`;

/** @typedef {{ pixels: Uint8Array, swapped: number, cut: boolean }} Taken */

/** All digits after one another, and the class of each. @param {(Taken & { path: string })[]} good @param {number[]} classes of each file @param {number} count digits that find room */
function joined(good, classes, count) {
  const pixels = new Uint8Array(count * PIXELS);
  const kinds = new Int8Array(count);
  let at = 0;
  for (const [index, picture] of good.entries()) {
    const some = picture.pixels.subarray(0, (count - at) * PIXELS);
    pixels.set(some, at * PIXELS);
    kinds.fill(classes[index] ?? -1, at, at + some.length / PIXELS);
    at += some.length / PIXELS;
  }
  return { pixels, kinds };
}

/** What the pictures are called together: their folder, or the only one; nothing where they are single files. @param {Found[]} files */
const nameOf = (files) =>
  files.length === 1 || files[0].path.includes("/") ? cut(files[0].path.split("/")[0]) : "";

/** @param {string} path */
const short = (path) => cut(path.split("/").at(-1) ?? "");

/** @param {string} name */
const cut = (name) => (name.length > 40 ? `${name.slice(0, 38)}…` : name);

/** The digits of one file; nothing where it neither is a picture nor says so. @param {File} file @param {Reader} read @param {Digitiser} digitiser @returns {Promise<Taken | null>} */
async function readOne(file, read, digitiser) {
  const large = new Unfit("large", { size: Math.round(file.size / 1e6), most: Math.round(MOST_BYTES / 1e6) });
  if (isImage(file) && file.size > MOST_BYTES) throw large;
  // A name may say nothing or the wrong thing; of what is no picture, no more is read than its beginning.
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  const format = formatOf(head);
  if (!format) {
    if (!isImage(file)) return null;
    throw new Unfit(head.length === 0 ? "empty" : isWebPage(head) ? "web" : "broken");
  }
  if (file.size > MOST_BYTES) throw large;
  const bytes = new Uint8Array(await file.arrayBuffer());
  if (format === "SVG") return digitsOf(await drawn(new Blob([bytes])), read, digitiser);
  const size = sizeOf(bytes);
  if (size && !isFit(size))
    throw new Unfit("pixels", { width: size[0], height: size[1], most: Math.round(MOST_PIXELS / 1e6) });
  const blob = new Blob([bytes]);
  const sheet = size !== null && mayBeSheet(size);
  const bitmap = await decoded(blob, size, sheet ? Infinity : ENOUGH).catch(() => {
    throw EVERYWHERE.includes(format) ? new Unfit("broken") : new Unfit("format", { format });
  });
  const taken = await digitsOf(bitmap, read, digitiser);
  // Of a large picture that could have been a sheet and is none, stripes are no digits.
  if (!sheet || taken.cut) return taken;
  return digitsOf(await decoded(blob, size, ENOUGH), read, digitiser);
}

/** Rows of 784 pixels, or cells of 28 x 28. @param {[number, number]} size */
const mayBeSheet = ([width, height]) =>
  Math.max(width, height) > ENOUGH && (width === PIXELS || (width % 28 === 0 && height % 28 === 0));

/** @param {ImageBitmap} bitmap is closed @param {Reader} read @param {Digitiser} digitiser @returns {Promise<Taken>} */
async function digitsOf(bitmap, read, digitiser) {
  try {
    const { width, height } = bitmap;
    const rows = width * height <= STRIPE ? height : Math.max(1, Math.floor(STRIPE / width / CELLS)) * CELLS;
    /** @type {Taken[]} */
    const parts = [];
    for (let top = 0; top < height; top += rows) {
      const high = Math.min(rows, height - top);
      const rgba = await read(bitmap, top, high);
      const part = await digitiser.digits(new Uint8Array(rgba.buffer), width, high);
      if (part.pixels.length === 0) throw new Unfit("broken");
      parts.push(part);
      if (!part.cut) break;
    }
    const pixels = new Uint8Array(parts.reduce((sum, part) => sum + part.pixels.length, 0));
    parts.reduce((at, part) => (pixels.set(part.pixels, at), at + part.pixels.length), 0);
    return {
      pixels,
      swapped: parts.reduce((sum, { swapped }) => sum + swapped, 0),
      cut: parts.every(({ cut }) => cut),
    };
  } finally {
    bitmap.close();
  }
}
