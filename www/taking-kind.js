// What brought files are, by their first bytes, never by their names; and whether they can be taken together. Pure.
import { BadFile } from "./files.js";
import { formatOf, isLitter } from "./images.js";
import { HEADER } from "./taking-csv.js";
import { isSafetensors, shown } from "./taking-header.js";

/** @typedef {"empty" | "idx" | "picture" | "tensors" | "curves" | "packed" | "film" | "unknown"} Kind */
/** @typedef {{ name: string, kind: Kind }} Brought */

/** Files looked into: of ten thousand, some of each ending say what they are. */
const LOOKED_AT = 64;
const ENDINGS = 64;

/** How files begin. @type {[Kind, number[]][]} */
const BEGINNINGS = [
  ["packed", [0x50, 0x4b, 3, 4]],
  ["idx", [0x93, 0x4e, 0x55, 0x4d, 0x50, 0x59]],
  ["film", [0x1a, 0x45, 0xdf, 0xa3]],
  ["curves", [...HEADER.slice(0, 16)].map((letter) => letter.charCodeAt(0))],
];

/** @type {Kind[]} */
const USELESS = ["empty", "unknown", "packed", "film"];

/** Bytes of an IDX item by its type's code, as in the third byte. */
const IDX_TYPES = [8, 9, 0xb, 0xc, 0xd, 0xe];

/** @param {Uint8Array} head its first bytes, unpacked @returns {Kind} */
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
 * The one kind of files that these are; throws the sentence on why they cannot be taken. What is of no use beside them is passed over. What the
 * page does not know is for the worker to name.
 * @param {Brought[]} brought @param {(kind: Kind) => string} say what a kind is called @returns {Kind}
 */
export function decide(brought, say) {
  if (brought.length === 0) throw new BadFile("taking.bad.none", {});
  const useful = brought.filter(({ kind }) => !USELESS.includes(kind));
  if (useful.length === 0) {
    const bad = brought.find(({ kind }) => kind !== "unknown");
    if (bad && brought.every(({ kind }) => kind !== "unknown"))
      throw new BadFile(`taking.bad.${bad.kind}`, { name: shown(bad.name) });
    return "idx";
  }
  const [first] = useful;
  const other = useful.find(({ kind }) => kind !== first.kind);
  const names = { name: shown(first.name), other: shown((other ?? useful.at(-1) ?? first).name) };
  if (other)
    throw new BadFile("taking.bad.mixed", { ...names, what: say(first.kind), else: say(other.kind) });
  if (first.kind !== "idx" && first.kind !== "picture" && useful.length > 1)
    throw new BadFile("taking.bad.several", names);
  return first.kind;
}
