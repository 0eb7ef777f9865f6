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
  const parts = [new Blob([head])];
  for (const { pixels, turned } of sets) {
    for (let at = 0; at < pixels.length; at += CHUNK * PIXELS) {
      const chunk = pixels.slice(at, at + CHUNK * PIXELS);
      parts.push(new Blob([turned ? chunk.map((value) => 255 - value) : chunk]));
      await breath();
    }
  }
  const files = [new File(parts, "my-digits-images-idx3-ubyte")];
  const kinds = new Uint8Array(8 + count);
  const view = new DataView(kinds.buffer);
  view.setUint32(0, 2049);
  view.setUint32(4, count);
  let at = 8;
  for (const set of sets) {
    kinds.set(set.kinds, at);
    at += set.kinds.length;
  }
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
