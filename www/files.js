// The visitor's own files: which of them hold images, which labels, and whether they are sound, before anything is touched.
import { declaredBytes, unpack } from "./data.js";

const IMAGES = 2051;
const LABELS = 2049;
/** Files that declare more are left to the worker to refuse by their header, instead of being unpacked here first. */
const CHECKED = 1 << 30;

/** @typedef {{ file: Blob & { name?: string }, magic: number, count: number, head: Uint8Array }} Idx */

/** A file that cannot be used, as a sentence. */
export class BadFile extends Error {
  /** @param {string} key @param {Record<string, string | number>} args */
  constructor(key, args) {
    super(key);
    this.key = key;
    this.args = args;
  }
}

/** Takes the images, and the labels that go with them, out of any handful of files. @param {Iterable<Blob>} files */
export async function pick(files) {
  const all = await Promise.all(Array.from(files, inspect));
  const images = all.filter((idx) => idx.magic === IMAGES).sort((a, b) => b.count - a.count)[0];
  if (!images) throw wrong(all[0]);
  const labels = all.filter((idx) => idx.magic === LABELS);
  const fitting = labels.find((idx) => idx.count === images.count);
  if (labels.length === 1 && !fitting)
    throw new BadFile("error.label-count", { labels: labels[0].count, images: images.count });
  await measure(images, "images");
  if (fitting) await measure(fitting, "labels");
  return { images: images.file, labels: fitting?.file ?? null, count: images.count };
}

/** @param {Idx | undefined} idx */
function wrong(idx) {
  if (idx?.magic === LABELS) return new BadFile("files.only-labels", {});
  const got = idx?.head.length
    ? `0x${[...idx.head.subarray(0, 4)].map((byte) => byte.toString(16).padStart(2, "0")).join("")}`
    : "–";
  return new BadFile("error.idx-magic", { kind: "images", got, expected: "0x00000803" });
}

/** Reads a file's first bytes. @param {Blob} file @returns {Promise<Idx>} */
async function inspect(file) {
  const head = new Uint8Array(16);
  let filled = 0;
  try {
    const reader = await unpack(file.stream());
    while (filled < head.length) {
      const { value, done } = await reader.read();
      if (done) break;
      const part = value.subarray(0, head.length - filled);
      head.set(part, filled);
      filled += part.length;
    }
    await reader.cancel();
  } catch {
    // A gzip that cannot be unpacked is judged by what came out of it.
  }
  const view = new DataView(head.buffer);
  return {
    file,
    magic: filled < 8 ? -1 : view.getUint32(0),
    count: view.getUint32(4),
    head: head.subarray(0, filled),
  };
}

/** Unpacks a file once to see that it holds just what its header says. @param {Idx} idx @param {"images" | "labels"} kind */
async function measure({ file, head, count }, kind) {
  const view = new DataView(head.buffer, head.byteOffset, head.length);
  if (count === 0) throw new BadFile("error.idx-empty", { kind });
  if (kind === "images" && head.length === 16 && (view.getUint32(8) !== 28 || view.getUint32(12) !== 28))
    throw new BadFile("error.idx-size", { rows: view.getUint32(8), columns: view.getUint32(12) });
  const declared = declaredBytes(head);
  if (declared > CHECKED) return;
  const start = kind === "images" ? 16 : 8;
  let length = 0;
  try {
    const reader = await unpack(file.stream());
    for (;;) {
      const { value, done } = await reader.read();
      if (done) break;
      if (kind === "labels") checkLabels(value, length - start);
      length += value.length;
      if (length > declared) {
        await reader.cancel();
        break;
      }
    }
  } catch (error) {
    if (error instanceof BadFile) throw error;
    // A gzip cut short: what is missing shows in the length.
  }
  if (length > declared) throw new BadFile("error.idx-trailing", { kind, expected: count });
  if (length === declared) return;
  const got = Math.max(0, Math.floor((length - start) / (kind === "images" ? 784 : 1)));
  throw new BadFile("error.idx-truncated", { kind, got, expected: count });
}

/** @param {Uint8Array} bytes @param {number} index of the first one */
function checkLabels(bytes, index) {
  const bad = bytes.findIndex((label, i) => index + i >= 0 && label > 9);
  if (bad >= 0) throw new BadFile("error.label-value", { index: index + bad, got: bytes[bad] });
}
