// One's own digits as files: two of IDX to train on, and a line of text that the browser keeps.
import { keep, placed, recall } from "./place.js";
import { toIdx } from "./view/save.js";

/** @typedef {import("./sketching-types.js").OwnDigit} OwnDigit */
/** @typedef {import("./sketching-types.js").ImageSet} ImageSet */

const PIXELS = 784;
/** Digits that are copied in one go. */
const CHUNK = 2048;
const STORE = "digits";

/** Lets the browser do what waits. */
const breath = () => new Promise((done) => setTimeout(done));

/**
 * An order of digits in which every beginning holds each class's share of the whole. As folders bring them, the first thousands are of one class, and
 * training, measuring and the panel of real digits begin with the first.
 * @param {ArrayLike<number>} kinds
 */
export function mixed(kinds) {
  /** @type {Map<number, number>} */
  const sizes = new Map();
  const ranks = Array.from(kinds, (kind) => {
    const rank = sizes.get(kind) ?? 0;
    sizes.set(kind, rank + 1);
    return rank;
  });
  const shares = ranks.map((rank, i) => (rank + 0.5) / /** @type {number} */ (sizes.get(kinds[i])));
  return Uint32Array.from(ranks.keys()).sort((a, b) => shares[a] - shares[b] || a - b);
}

/**
 * Drawings and pictures as MNIST's two files; without the second where a class is missing.
 * @param {OwnDigit[]} own @param {ImageSet[]} images @returns {Promise<File[]>}
 */
export async function toFiles(own, images) {
  const drawn = {
    pixels: new Uint8Array(own.length * PIXELS),
    kinds: Int8Array.from(own, ({ kind }) => kind),
    turned: false,
  };
  own.forEach(({ pixels }, index) => drawn.pixels.set(pixels, index * PIXELS));
  const sets = [drawn, ...images];
  const count = sets.reduce((sum, { kinds }) => sum + kinds.length, 0);
  const head = toIdx(new Uint8Array(0));
  new DataView(head.buffer).setUint32(4, count);
  const classes = new Int8Array(count);
  /** Which set each digit is of, and where each set begins. */
  const [owners, starts] = [new Uint32Array(count), new Uint32Array(sets.length)];
  let at = 0;
  for (const [owner, { kinds }] of sets.entries()) {
    starts[owner] = at;
    classes.set(kinds, at);
    owners.fill(owner, at, at + kinds.length);
    at += kinds.length;
  }
  const order = mixed(classes);
  const parts = [new Blob([head])];
  for (let from = 0; from < count; from += CHUNK) {
    const some = order.subarray(from, from + CHUNK);
    const chunk = new Uint8Array(some.length * PIXELS);
    some.forEach((digit, place) => {
      const { pixels, turned } = sets[owners[digit]];
      const begin = (digit - starts[owners[digit]]) * PIXELS;
      const picture = pixels.subarray(begin, begin + PIXELS);
      chunk.set(turned ? picture.map((value) => 255 - value) : picture, place * PIXELS);
    });
    parts.push(new Blob([chunk]));
    await breath();
  }
  const files = [new File(parts, "my-digits-images-idx3-ubyte")];
  const kinds = new Uint8Array(8 + count);
  const view = new DataView(kinds.buffer);
  view.setUint32(0, 2049);
  view.setUint32(4, count);
  order.forEach((digit, place) => (kinds[8 + place] = classes[digit]));
  if (!sets.some((set) => set.kinds.includes(-1)))
    files.push(new File([kinds], "my-digits-labels-idx1-ubyte"));
  return files;
}

/** @param {OwnDigit[]} own */
export function toText(own) {
  const bytes = new Uint8Array(own.length * (PIXELS + 1));
  own.forEach(({ kind, pixels }, index) => {
    bytes[index * (PIXELS + 1)] = kind;
    bytes.set(pixels, index * (PIXELS + 1) + 1);
  });
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192)
    text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** What another version or somebody else wrote there counts for nothing. @param {string | null} text @returns {OwnDigit[]} */
export function fromText(text) {
  try {
    const bytes = Uint8Array.from(atob(text ?? ""), (letter) => letter.charCodeAt(0));
    const whole = bytes.length % (PIXELS + 1) === 0;
    const own = Array.from({ length: whole ? bytes.length / (PIXELS + 1) : 0 }, (_, index) => {
      const at = index * (PIXELS + 1);
      return { id: index + 1, kind: bytes[at], pixels: bytes.slice(at + 1, at + 1 + PIXELS) };
    });
    return own.every(({ kind }) => kind < 10) ? own : [];
  } catch {
    return [];
  }
}

/** One's own digits where the browser keeps them; other tabs of the page tell `changed` of theirs. @param {(own: OwnDigit[]) => void} changed */
export function createShelf(changed) {
  addEventListener("storage", ({ key, newValue }) => key === placed(STORE) && changed(fromText(newValue)));
  return {
    /** @returns {OwnDigit[]} */
    read: () => fromText(recall(STORE)),
    /** Whether they are kept now. @param {OwnDigit[]} own */
    write: (own) => keep(STORE, toText(own)),
  };
}
