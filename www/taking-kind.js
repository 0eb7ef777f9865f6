// What brought files are, by their first bytes, never by their names; and whether they can be taken together. Pure but for the reading.
import { unpack } from "./data.js";
import { BadFile } from "./files.js";
import { HEAD as PICTURE_HEAD, formatOf, isLitter } from "./images.js";
import { HEADER } from "./taking-csv.js";
import { isSafetensors, shown } from "./taking-header.js";

/** @typedef {"empty" | "idx" | "picture" | "tensors" | "curves" | "packed" | "film" | "unknown"} Kind */
/** @typedef {{ name: string, kind: Kind }} Brought */

/** Bytes that tell. */
export const HEAD = 16;
/** Files looked into: of ten thousand, some of each ending say what they are. */
export const LOOKED_AT = 64;
const ENDINGS = 64;

/** How files begin that this page does not read but knows by sight. @type {[Kind, number[]][]} */
const BEGINNINGS = [
  ["packed", [0x50, 0x4b, 3, 4]],
  ["film", [0x1a, 0x45, 0xdf, 0xa3]],
  ["curves", [...HEADER.slice(0, HEAD)].map((letter) => letter.charCodeAt(0))],
];

/** @type {Kind[]} */
const USELESS = ["empty", "unknown", "packed", "film"];

/** Bytes of an IDX item by its type's code, as in the third byte. */
const IDX_TYPES = [8, 9, 0xb, 0xc, 0xd, 0xe];

/** @param {Uint8Array} head its first `HEAD` bytes, unpacked @returns {Kind} */
export function kindOf(head) {
  if (head.length === 0) return "empty";
  const known = BEGINNINGS.find(([, bytes]) => bytes.every((byte, i) => head[i] === byte));
  if (known) return known[0];
  // Also one that this browser may not decode: who reads it says so.
  if (formatOf(head)) return "picture";
  if (isSafetensors(head)) return "tensors";
  const idx = head.length >= 4 && head[0] === 0 && head[1] === 0 && IDX_TYPES.includes(head[2]);
  return idx && head[3] >= 1 && head[3] <= 4 ? "idx" : "unknown";
}

/** The first bytes of a file; of what is inside, where it is gzip. @param {Blob} file */
export async function headOf(file) {
  const head = new Uint8Array(await file.slice(0, HEAD).arrayBuffer());
  if (head[0] !== 0x1f || head[1] !== 0x8b) return head;
  /** @type {number[]} */
  const inside = [];
  try {
    const reader = await unpack(file.stream());
    while (inside.length < HEAD) {
      const { value, done } = await reader.read();
      if (done) break;
      inside.push(...value.subarray(0, HEAD - inside.length));
    }
    await reader.cancel();
  } catch {
    // A gzip that cannot be unpacked is judged by what came out of it.
  }
  // Nothing came out, but the file is not empty.
  return inside.length ? Uint8Array.from(inside) : head;
}

/** What a file is. Drawings and plain pictures are text, which says so later than in its first bytes. @param {Blob} file */
export async function kindOfFile(file) {
  const kind = kindOf(await headOf(file));
  if (kind !== "unknown") return kind;
  return formatOf(new Uint8Array(await file.slice(0, PICTURE_HEAD).arrayBuffer())) ? "picture" : kind;
}

/** Some files of each ending: many of one kind hide none of another. @template {{ name: string }} T @param {T[]} files @returns {T[]} */
export function someOf(files) {
  /** @type {Map<string, T[]>} */
  const byEnding = new Map();
  for (const file of files) {
    const ending = /\.[^.]*$/.exec(file.name.toLowerCase())?.[0] ?? "";
    const some = byEnding.get(ending) ?? [];
    if (some.length < LOOKED_AT && (some.length || byEnding.size < ENDINGS))
      byEnding.set(ending, [...some, file]);
  }
  return [...byEnding.values()].flat();
}

export { isLitter };

/**
 * The one kind of files that these are; throws the sentence on why they cannot be taken.
 * @param {Brought[]} brought @param {(kind: Kind) => string} say what a kind is called @returns {Kind}
 */
export function decide(brought, say) {
  if (brought.length === 0) throw new BadFile("taking.bad.none", {});
  const kinds = new Set(brought.map(({ kind }) => kind));
  // A folder of pictures may hold other things: the data set of them tells what it left out.
  if (kinds.has("picture") && [...kinds].every((kind) => kind === "picture" || USELESS.includes(kind)))
    return "picture";
  const bad = brought.find(({ kind }) => USELESS.includes(kind));
  if (bad) throw new BadFile(`taking.bad.${bad.kind}`, { name: shown(bad.name) });
  const [first] = brought;
  const other = brought.find(({ kind }) => kind !== first.kind);
  const names = { name: shown(first.name), other: shown((other ?? brought.at(-1) ?? first).name) };
  if (other)
    throw new BadFile("taking.bad.mixed", { ...names, what: say(first.kind), else: say(other.kind) });
  if (first.kind !== "idx" && first.kind !== "picture" && brought.length > 1)
    throw new BadFile("taking.bad.several", names);
  return first.kind;
}
