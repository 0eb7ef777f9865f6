// Saved runs: one transaction a snapshot. What is stored of a run is replaced whole or stays as it was.
import { answer, createDatabase, Unkept } from "./database.js";

/** @typedef {import("./keeping-types.js").Kept} Kept */
/** @typedef {import("./keeping-types.js").Scene} Scene */
/** @typedef {import("./keeping-types.js").KeptSet} KeptSet */
/** @typedef {import("./database.js").Get} Get */
/** @typedef {import("./database.js").Place} Place */

/** Raised with every change of what a record says. */
export const FORMAT = 1;
/** Runs without a name that are kept. */
export const MOST_NAMELESS = 5;
/** The greatest data set of a visitor's own that is kept along. */
export const MOST_SET = 64 << 20;
/** Bytes handed to the browser at a time, so that no frame waits for a great snapshot. */
const PIECE = 4 << 20;

/** Where parts of a run are. @type {Place[]} */
const RUN = ["runs", "snapshots", "pieces"];
/** @type {Place[]} */
const ALL = [...RUN, "sets"];

/** Whether a record is one that this page can read. @param {any} record */
export const sound = (record) =>
  record?.format === FORMAT &&
  typeof record.recipe === "string" &&
  ["step", "elapsed", "date", "size", "seed"].every((key) => Number.isFinite(record[key])) &&
  record.picture instanceof Uint8Array;

/** A record as lists show it, whatever is in it. @param {any} record @param {Set<IDBValidKey>} sets the data sets that are kept @returns {Kept} */
export function listed(record, sets) {
  if (sound(record)) return { ...record, needy: record.source === "files" && !sets.has(record.data) };
  const word = (/** @type {unknown} */ value) => (typeof value === "string" ? value : "");
  const number = (/** @type {unknown} */ value) => (Number.isFinite(value) ? Number(value) : 0);
  return {
    ...{
      id: word(record?.id),
      format: number(record?.format),
      name: word(record?.name),
      recipe: "",
      seed: 0,
    },
    ...{
      knobs: {},
      build: "",
      step: number(record?.step),
      digest: "",
      elapsed: 0,
      source: "drawn",
      data: "",
    },
    ...{ date: number(record?.date), size: number(record?.size), picture: new Uint8Array(0), writer: "" },
    broken: true,
  };
}

/** The nameless runs that are too many: all but the newest. @param {{ id: string, name: string, date: number }[]} runs @param {string} present stays in any case */
export const tooMany = (runs, present) =>
  runs
    .filter(({ id, name }) => !name && id !== present)
    .sort((a, b) => b.date - a.date)
    .slice(MOST_NAMELESS - 1)
    .map(({ id }) => id);

/** The pieces of a run's snapshot. @param {string} id */
const piecesOf = (id) => IDBKeyRange.bound([id], [id, Infinity]);

/**
 * Writes a run, a request at a time. Snapshots are plain buffers: some browsers store no Blob in a private window.
 * @param {Get} get @param {Kept} record @param {Scene} scene @param {Uint8Array<ArrayBuffer>} bytes @returns {Generator<IDBRequest>}
 */
function* writing(get, record, scene, bytes) {
  yield get("runs").put(record);
  yield get("snapshots").put({ id: record.id, scene });
  yield get("pieces").delete(piecesOf(record.id));
  for (let at = 0; at < bytes.length; at += PIECE)
    yield get("pieces").put(bytes.slice(at, at + PIECE).buffer, [record.id, at / PIECE]);
}

/**
 * @param {IDBFactory | undefined} factory @param {string} writer this page's own name
 * @param {(why: "left" | "evicted") => void} [hear] that the store was closed from outside
 */
export function createStore(factory, writer, hear) {
  const { transact, writeAtOnce } = createDatabase(factory, hear);

  return {
    /** Opens the store, or says why there is none. */
    open: () => transact(["runs"], "readonly", async () => {}),
    /** Every kept run, newest first. @returns {Promise<Kept[]>} */
    list: () =>
      transact(["runs", "sets"], "readonly", async (get) => {
        const [records, sets] = await Promise.all([
          answer(get("runs").getAll()),
          answer(get("sets").getAllKeys()),
        ]);
        return records.map((record) => listed(record, new Set(sets))).sort((a, b) => b.date - a.date);
      }),
    /**
     * Stores a run as it stands in the place of what was stored of it, unless another page stored that since.
     * @param {Kept} kept @param {Scene} scene @param {Uint8Array<ArrayBuffer>} bytes @param {{ owner?: string, set?: KeptSet | null }} [how] `owner`: who had stored what this page went on from
     * @returns {Promise<{ kept: Kept, gone: string[], cost: number }>} what went to make room, and milliseconds of the page's own work
     */
    save: (kept, scene, bytes, { owner = writer, set = null } = {}) =>
      transact(ALL, "readwrite", async (get) => {
        const old = await answer(get("runs").get(kept.id));
        if (old && old.writer !== writer && old.writer !== owner) throw new Unkept("taken");
        const record = { ...kept, writer, name: old?.name ?? kept.name };
        let cost = 0;
        let start = performance.now();
        for (const request of writing(get, record, scene, bytes)) {
          cost += performance.now() - start;
          await answer(request);
          start = performance.now();
        }
        if (set) await answer(get("sets").put(set, kept.data));
        const gone = old ? [] : tooMany(await answer(get("runs").getAll()), kept.id);
        if (gone.length) await drop(get, gone);
        return { kept: record, gone, cost };
      }),
    /** Stores a run that no other page can have stored, without waiting for an answer: for a page that goes. @param {Kept} kept @param {Scene} scene @param {Uint8Array<ArrayBuffer>} bytes */
    saveAtOnce: (kept, scene, bytes) =>
      writeAtOnce(RUN, (get) => void [...writing(get, { ...kept, writer }, scene, bytes)]),
    /** Takes in a run that was kept elsewhere, as it is; one of the same name that stands otherwise stays, too. @param {Kept} kept @param {Scene} scene @param {Uint8Array<ArrayBuffer>} bytes @param {KeptSet | null} set @param {string} spare the name to give it then */
    takeIn: (kept, scene, bytes, set, spare) =>
      transact(ALL, "readwrite", async (get) => {
        const old = await answer(get("runs").get(kept.id));
        if (old && old.digest === kept.digest && old.step === kept.step) return;
        for (const request of writing(get, old ? { ...kept, id: spare } : kept, scene, bytes))
          await answer(request);
        if (set && !(await answer(get("sets").count(kept.data))))
          await answer(get("sets").put(set, kept.data));
      }),
    /** All of a run. @param {string} id @returns {Promise<{ kept: Kept, scene: Scene, bytes: Uint8Array<ArrayBuffer>, set: KeptSet | null }>} */
    async load(id) {
      const [record, snapshot, pieces, set] = await transact(ALL, "readonly", async (get) => {
        const found = await Promise.all([
          answer(get("runs").get(id)),
          answer(get("snapshots").get(id)),
          answer(get("pieces").getAll(piecesOf(id))),
        ]);
        return [...found, found[0] ? await answer(get("sets").get(found[0].data ?? "")) : null];
      });
      if (!record) throw new Unkept("gone");
      const bytes = sound(record) && snapshot?.scene ? await bytesOf(snapshot, pieces, record.size) : null;
      if (!bytes) throw new Unkept("corrupt");
      return { kept: record, scene: snapshot.scene, bytes, set: set ?? null };
    },
    /** Whether a visitor's own data set is kept. @param {string} data its fingerprint @returns {Promise<boolean>} */
    hasSet: (data) =>
      transact(["sets"], "readonly", async (get) => (await answer(get("sets").count(data))) > 0),
    /** @param {string} id @param {string} name "": it becomes one of those that go */
    rename: (id, name) =>
      transact(["runs"], "readwrite", async (get) => {
        const record = await answer(get("runs").get(id));
        if (!record) throw new Unkept("gone");
        get("runs").put({ ...record, name });
      }),
    /** @param {string[]} ids */
    remove: (ids) => transact(ALL, "readwrite", (get) => drop(get, ids)),
  };
}

/**
 * A snapshot's bytes, of which earlier versions made a Blob; null where they are not as many as there should be.
 * @param {{ bytes?: unknown }} snapshot @param {ArrayBuffer[]} pieces @param {number} size @returns {Promise<Uint8Array<ArrayBuffer> | null>}
 */
export async function bytesOf({ bytes: whole }, pieces, size) {
  const parts = whole === undefined ? pieces : [whole];
  const bytes = new Uint8Array(size);
  let at = 0;
  for (const part of parts) {
    const buffer = part instanceof Blob ? await part.arrayBuffer().catch(() => null) : part;
    if (!(buffer instanceof ArrayBuffer) || at + buffer.byteLength > size) return null;
    bytes.set(new Uint8Array(buffer), at);
    at += buffer.byteLength;
  }
  return at === size ? bytes : null;
}

/** Deletes runs, and the data sets that no other run is on. @param {Get} get @param {string[]} ids */
async function drop(get, ids) {
  for (const id of ids) {
    for (const store of /** @type {const} */ (["runs", "snapshots"])) get(store).delete(id);
    get("pieces").delete(piecesOf(id));
  }
  const [runs, sets] = await Promise.all([answer(get("runs").getAll()), answer(get("sets").getAllKeys())]);
  for (const data of sets) if (!runs.some((run) => run.data === data)) get("sets").delete(data);
}

/** Bytes of storage in use and to be had; null where the browser does not say. @returns {Promise<{ usage: number, quota: number } | null>} */
export async function roomNow(storage = navigator.storage) {
  try {
    const { usage, quota } = await storage.estimate();
    return usage === undefined || !quota ? null : { usage, quota };
  } catch {
    return null;
  }
}
