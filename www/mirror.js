// MNIST from its mirror: whole, and checked by its sums before any of it is used.
import { Final, fromUrl, pour } from "./data.js";

/** @typedef {{ name: string, sha256: string, size: number }} Published a file on the mirror, and the sum and size of what is in it */
/** @typedef {{ base: string, images: Published, labels: Published }} Mirror */
/** @typedef {{ images: Blob, labels: Blob, unchecked: boolean }} Brought */
/** @typedef {{ name: string, got: string, expected: string }} Wrong a file that is another one */

/** SHA-256 in hex; null where the browser has none: it wants a secure address. @param {Uint8Array<ArrayBuffer>} bytes @param {SubtleCrypto | undefined} subtle */
async function sha256(bytes, subtle) {
  if (!subtle) return null;
  const digest = new Uint8Array(await subtle.digest("SHA-256", bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, "0")).join("");
}

/** All of a file, unpacked. @param {import("./data.js").Opener} open @param {number} size @param {Parameters<typeof pour>[2]} options */
async function gather(open, size, options) {
  const bytes = new Uint8Array(size);
  let at = 0;
  await pour(
    open,
    (part) => {
      if (at + part.length > size) throw new Final("the file is too long");
      bytes.set(part, at);
      at += part.length;
    },
    options,
  );
  return bytes.subarray(0, at);
}

/**
 * Throws where the files cannot be had.
 * @param {Mirror} mirror @param {AbortSignal} signal @param {(state: "fetching" | "retrying", received: number, total: number) => void} tell
 * @param {{ get?: typeof fetch, subtle?: SubtleCrypto, wait?: (ms: number) => Promise<void> }} [browser]
 * @returns {Promise<Brought | Wrong>}
 */
export async function fetchChecked(mirror, signal, tell, browser = { subtle: globalThis.crypto?.subtle }) {
  const { get = fetch, subtle, wait } = browser;
  /** @type {Blob[]} */
  const files = [];
  for (const { name, sha256: expected, size } of [mirror.labels, mirror.images]) {
    let last = [0, 0];
    const progress = (
      /** @type {number} */ received,
      /** @type {number} */ total,
      /** @type {boolean} */ again,
    ) => {
      if (!again) last = [received, total];
      tell(again ? "retrying" : "fetching", last[0], last[1]);
    };
    const open = fromUrl(new URL(name, mirror.base).href, signal, get);
    const bytes = await gather(open, size, { signal, progress, ...(wait && { wait }) });
    const got = await sha256(bytes, subtle);
    if (got !== null && got !== expected) return { name, got, expected };
    files.push(new Blob([bytes]));
  }
  return { labels: files[0], images: files[1], unchecked: !subtle };
}
