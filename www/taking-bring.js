// Files that the visitor brings, by button or by drop: what they are decides what becomes of them. Until that is clear nothing changes.
import { BadFile, contentsOf, headOf, isGzip, leaves } from "./files.js";
import { entriesOf } from "./images.js";
import { fromCsv } from "./taking-csv.js";
import { PREFIX, headerBytes, readHeader, shown } from "./taking-header.js";
import { decide, isLitter, kindOf, someOf } from "./taking-kind.js";
import { tried } from "./taking-try.js";

/** @typedef {import("./taking-header.js").Kept} Kept */
/** @typedef {import("./images.js").Found} Found */

/** Of a packed run no more than this is unpacked. */
const MOST_UNPACKED = 2 ** 31 - 1;
/** Curves that the page writes take a hundredth of it. */
const MOST_TEXT = 5e6;

/** What a safetensors file is, of which no more than the header is read. @param {File} file @returns {Promise<Kept>} */
async function inspect(file) {
  const name = shown(file.name);
  const bytes = async (/** @type {number} */ from, /** @type {number} */ to) =>
    new Uint8Array(await file.slice(from, to).arrayBuffer());
  const length = headerBytes(await bytes(0, 2 * PREFIX), file.size, name);
  return readHeader(await bytes(PREFIX, PREFIX + length), file.size, name);
}

/** @param {import("./types.js").Page} page */
export function createBringing({ act, now, text, client, feed }) {
  /** A generator on its way: its run is started first. @type {{ run: number, bytes: Uint8Array<ArrayBuffer>, name: string } | null} */
  let coming = null;

  /** @param {string} kind */
  const say = (kind) => text().t(`taking.kind.${kind}`);

  /** Starts the run that a generator is of, to lend it that. @param {File} file @param {Kept} kept */
  async function show(file, kept) {
    const { recipe, seed, knobs } = kept;
    const bytes = new Uint8Array(await file.arrayBuffer());
    const wrong = await tried(bytes, kept);
    if (wrong) return act({ type: "note", note: wrong });
    if (now().phase === "training") act({ type: "pause" });
    const name = shown(file.name);
    coming = { run: client.start(recipe, seed, knobs), bytes, name };
  }

  /** @param {File} brought */
  async function open(brought) {
    const packed = await isGzip(brought);
    const file = packed ? new File([await contentsOf(brought, MOST_UNPACKED)], brought.name) : brought;
    const kept = await inspect(file);
    if (kept.what === "generator") return show(file, kept);
    act({ type: "take-run", bytes: new Uint8Array(await file.arrayBuffer()), name: shown(file.name) });
  }

  /** @param {File} file */
  async function curves(file) {
    const name = shown(file.name);
    if (file.size > MOST_TEXT)
      throw new BadFile("taking.bad.large", { name, got: file.size, most: MOST_TEXT });
    const branches = fromCsv(await file.text(), name);
    act({ type: "take-curves", curves: branches.map(({ curves }) => curves) });
    act({ type: "note", note: { tone: "info", key: "taking.curves.shown", args: { name } } });
  }

  /** @param {Found[]} found @param {boolean} upright @param {{ count: number }} hidden files of systems, passed over */
  async function sort(found, upright, hidden) {
    const all = await leaves(found, hidden);
    const files = all.filter(({ file }) => all.length === 1 || !isLitter(file.name));
    const some = someOf(files.map(({ file }) => file));
    const looked = some.map(async (file) => ({ name: file.name, kind: kindOf(await headOf(file)) }));
    const brought = await Promise.all(looked);
    const kind = decide(brought, say);
    if (kind === "picture")
      return act({ type: "take-images", files, passed: hidden.count + all.length - files.length });
    if (kind === "idx") return feed.take(files, upright);
    const one = some[brought.findIndex((one) => one.kind === kind)];
    await (kind === "curves" ? curves : open)(one);
  }

  return {
    /** @param {File[]} files @param {boolean} upright @param {DataTransfer | null} [transfer] of a drop, which may hold folders */
    async take(files, upright, transfer) {
      try {
        // Before anything is waited for: a drop is empty once it has been handled.
        const hidden = { count: 0 };
        const dropped = transfer ? entriesOf(transfer, hidden) : null;
        const chosen = files.map((file) => ({ file, path: file.webkitRelativePath || file.name }));
        await sort((await dropped) ?? chosen, upright, hidden);
      } catch (error) {
        const { key, args } = error instanceof BadFile ? error : { key: "files.unreadable", args: {} };
        act({ type: "note", note: { tone: "error", key, args } });
      }
    },
    /** @type {import("./drive.js").Effects} */
    effects: {
      started({ run }) {
        // Data that arrive begin the same run again: it is lent the same once more.
        if (coming?.run !== run) return void (coming = null);
        act({ type: "taking", change: { generator: { run, name: coming.name } } });
        client.send({ type: "pretrained", bytes: coming.bytes });
      },
      refused({ command, run }) {
        const ours = command === "pretrained" || (command === "start" && run === coming?.run);
        if (!coming || !ours) return;
        coming = null;
        act({ type: "taking", change: { generator: null } });
      },
    },
  };
}
