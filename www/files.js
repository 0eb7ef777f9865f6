// Files that the visitor brings, as bytes: unpacked from gzip, of one member or several, and out of zip archives. What they hold the worker says.
import { unpack } from "./data.js";
import { isLitter } from "./images.js";
import { library } from "./unpacking.js";

/** @typedef {{ file: File, path: string }} Found a file and its path in the folder that was brought */

/** First bytes that tell what a file is; as many as the worker looks at. */
export const HEAD = 1024;
/** Bytes that an archive may have, packed and unpacked, and its files. */
const MOST_BYTES = 2 ** 30;
const MOST_FILES = 100_000;
/** Letters that gzip and zip begin with. */
const GZIP = [0x1f, 0x8b];
const ZIP = [0x50, 0x4b, 3, 4];

/** A file that cannot be used, as a sentence. */
export class BadFile extends Error {
  /** @param {string} key @param {Record<string, string | number>} args */
  constructor(key, args) {
    super(key);
    this.key = key;
    this.args = args;
  }
}

/** @param {Blob} blob @param {number[]} letters */
async function begins(blob, letters) {
  const bytes = new Uint8Array(await blob.slice(0, letters.length).arrayBuffer());
  return letters.every((letter, i) => bytes[i] === letter);
}

/** @param {Blob} blob */
export const isGzip = (blob) => begins(blob, GZIP);

/** A file's first bytes; of what is inside, where it is gzip. @param {Blob} blob */
export const headOf = (blob) => contentsOf(blob, HEAD);

/**
 * A file's bytes, unpacked where it is gzip, and no more than `most`. Of one that is cut or damaged those before that: what is missing shows in
 * the length.
 * @param {Blob} blob @param {number} most @returns {Promise<Uint8Array<ArrayBuffer>>}
 */
export async function contentsOf(blob, most) {
  if (!(await isGzip(blob))) return new Uint8Array(await blob.slice(0, most).arrayBuffer());
  const some = await read(blob, most, false);
  // The browser's own reader of gzip stops after the first member.
  return some.whole ? some.bytes : (await read(blob, most, true)).bytes;
}

/** @param {Blob} blob @param {number} most @param {boolean} patient */
async function read(blob, most, patient) {
  /** @type {Uint8Array[]} */
  const parts = [];
  let length = 0;
  let whole = true;
  try {
    const reader = await unpack(blob.stream(), undefined, { patient });
    while (length < most) {
      const { value, done } = await reader.read();
      if (done) break;
      parts.push(value.subarray(0, most - length));
      length += parts[parts.length - 1].length;
    }
    await reader.cancel();
  } catch {
    whole = false;
  }
  const bytes = new Uint8Array(length);
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return { bytes, whole };
}

/** A name in a zip: some programs of Windows write their own separator. @param {string} name */
const slashed = (name) => name.replaceAll("\\", "/");

/**
 * The same files, with those inside in the place of each zip that can be opened (an .npz is one).
 * @param {Found[]} found @param {{ count: number }} [hidden] counts what was passed over @returns {Promise<Found[]>}
 */
export async function leaves(found, hidden = { count: 0 }) {
  /** @type {Found[]} */
  const all = [];
  for (const one of found) all.push(...((await opened(one, hidden)) ?? [one]));
  return all;
}

/** @param {Found} one @param {{ count: number }} hidden @returns {Promise<Found[] | null>} */
async function opened({ file, path }, hidden) {
  if (!(await begins(file, ZIP))) return null;
  const large = () => new BadFile("taking.bad.large", { name: file.name, got: file.size, most: MOST_BYTES });
  if (file.size > MOST_BYTES) throw large();
  const { unzipSync } = await library.load();
  const bytes = new Uint8Array(await file.arrayBuffer());
  let [count, length] = [0, 0];
  try {
    const inside = unzipSync(bytes, {
      filter({ name: written, originalSize }) {
        const name = slashed(written);
        if (name.endsWith("/")) return false;
        if (name.split("/").some(isLitter)) {
          hidden.count += 1;
          return false;
        }
        [count, length] = [count + 1, length + originalSize];
        if (count > MOST_FILES || length > MOST_BYTES) throw large();
        return true;
      },
    });
    return Object.entries(inside).map(([written, bytes]) => {
      const name = slashed(written);
      const file = new File([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], name.split("/").at(-1) ?? name);
      return { file, path: `${path}/${name}` };
    });
  } catch (error) {
    if (error instanceof BadFile) throw error;
    return null;
  }
}
