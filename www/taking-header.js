// The header of a safetensors file, read before anything else of it: what the file is, and whether it can be what it says. Pure.
import { BadFile } from "./files.js";

/** @typedef {{ what: "run" | "generator", recipe: string, seed: string, knobs: Record<string, string>, steps: number }} Kept */

/** Bytes of the number that says how long the header is. */
export const PREFIX = 8;
const MOST_HEADER = 1 << 20;
/** More than the largest run that the engine allows saves: 20 million weights, of each the weight, two moments and an average. */
export const MOST_FILE = 400e6;
const RUN = "ganvas 1";
const GENERATOR = "ganvas generator 1";
/** Tensors are called such as `g.0.weight`; anything else may be a path, or a trick. */
const NAME = /^[a-z]\w*(?:[.-]\w+)*$/i;
/** Bits of a number, by its type; what is not ours lies beside it in types of its own. @type {Record<string, number>} */
const BITS = {
  ...{ F64: 64, I64: 64, U64: 64, C64: 64, F32: 32, I32: 32, U32: 32, F16: 16, BF16: 16, I16: 16, U16: 16 },
  ...{ I8: 8, U8: 8, BOOL: 8, F8_E5M2: 8, F8_E4M3: 8, F8_E8M0: 8, F8_E4M3FNUZ: 8, F8_E5M2FNUZ: 8 },
  ...{ F6_E2M3: 6, F6_E3M2: 6, F4: 4 },
};

/** Whether a file of these first bytes is meant as safetensors: a number in eight bytes, which no text would be, then JSON. @param {Uint8Array} head */
export const isSafetensors = (head) =>
  head[PREFIX] === 0x7b && head.subarray(0, PREFIX).some((byte) => byte === 0 || byte > 0xf7);

/** How many bytes of header follow the first eight, where that can be. @param {Uint8Array} head @param {number} size of the file @param {string} name */
export function headerBytes(head, size, name) {
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const got = view.getUint32(0, true) + 2 ** 32 * view.getUint32(4, true);
  if (PREFIX + got > size) throw new BadFile("taking.bad.beyond", { name, got, size });
  if (got > MOST_HEADER) throw new BadFile("taking.bad.long", { name, got, most: MOST_HEADER });
  return got;
}

/**
 * What the header says, once it holds together. The numbers themselves are for the worker to judge.
 * @param {Uint8Array} bytes of the header alone @param {number} size of the file @param {string} name @returns {Kept}
 */
export function readHeader(bytes, size, name) {
  const header = record(parse(new TextDecoder().decode(bytes)));
  if (!header) throw new BadFile("taking.bad.json", { name });
  const { __metadata__: metadata, ...tensors } = header;
  const kept = meaning(record(metadata), name);
  const expected = PREFIX + bytes.length + lengthOf(tensors, name);
  if (expected > size) throw new BadFile("taking.bad.short", { name, size, expected });
  if (expected < size) throw new BadFile("taking.bad.trailing", { name, size, expected });
  if (size > MOST_FILE) throw new BadFile("taking.bad.large", { name, got: size, most: MOST_FILE });
  return kept;
}

/** @param {Record<string, unknown> | null} metadata @param {string} name @returns {Kept} */
function meaning(metadata, name) {
  const format = metadata?.format;
  if (!metadata || typeof format !== "string") throw new BadFile("taking.bad.foreign", { name });
  const got = shown(format);
  if (format !== RUN && format !== GENERATOR) {
    const newer = Number(/^ganvas (?:generator )?(\d{1,9})$/.exec(format)?.[1]) > 1;
    throw new BadFile(newer ? "taking.bad.newer" : "taking.bad.format", { name, got });
  }
  const { recipe, seed, steps } = metadata;
  const knobs = record(parse(metadata.knobs));
  const words = knobs ? Object.values(knobs) : [NaN];
  if (![recipe, seed, ...words].every((word) => typeof word === "string" && word.length <= 200))
    throw new BadFile("taking.bad.metadata", { name });
  return /** @type {Kept} */ ({
    what: format === RUN ? "run" : "generator",
    recipe,
    seed,
    knobs,
    steps: Number(steps) || 0,
  });
}

/** Bytes of all tensors, which lie one after the other without gaps. @param {Record<string, unknown>} tensors @param {string} name */
function lengthOf(tensors, name) {
  const places = Object.entries(tensors).map(([tensor, info]) => {
    const place = NAME.test(tensor) ? placeOf(record(info)) : null;
    if (!place) throw new BadFile("taking.bad.tensor", { name, tensor: shown(tensor) });
    return { tensor, from: place[0], to: place[1] };
  });
  let end = 0;
  for (const { tensor, from, to } of places.sort((a, b) => a.from - b.from || a.to - b.to)) {
    if (from !== end) throw new BadFile("taking.bad.tensor", { name, tensor: shown(tensor) });
    end = to;
  }
  return end;
}

/** Where a tensor lies, if its type and shape fill that. @param {Record<string, unknown> | null} info @returns {number[] | null} */
function placeOf(info) {
  if (!info || !Array.isArray(info.shape) || !Array.isArray(info.data_offsets)) return null;
  const numbers = [...info.shape, ...info.data_offsets];
  if (info.data_offsets.length !== 2 || !numbers.every((n) => Number.isSafeInteger(n) && n >= 0)) return null;
  const [from, to] = info.data_offsets;
  const bits = Object.hasOwn(BITS, `${info.dtype}`) ? BITS[`${info.dtype}`] : NaN;
  return info.shape.reduce((all, side) => all * side, bits) === 8 * (to - from) ? [from, to] : null;
}

/** @param {unknown} text @returns {unknown} */
function parse(text) {
  try {
    return typeof text === "string" ? JSON.parse(text) : null;
  } catch {
    return null;
  }
}

/** @param {unknown} value @returns {Record<string, unknown> | null} */
const record = (value) =>
  value && typeof value === "object" && !Array.isArray(value)
    ? /** @type {Record<string, unknown>} */ (value)
    : null;

/** A word from a file, as it may be shown: short, and of one line. @param {string} word */
export const shown = (word) => {
  const plain = word.replace(/[\p{C}\p{Z}]+/gu, " ").trim();
  return plain.length > 60 ? `${plain.slice(0, 30)}…${plain.slice(-29)}` : plain;
};
