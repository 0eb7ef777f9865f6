// Saved runs: IndexedDB, one transaction a snapshot. What is stored of a run is replaced whole or stays as it was.

/** @typedef {import("./keeping-types.js").Kept} Kept */
/** @typedef {import("./keeping-types.js").Scene} Scene */
/** @typedef {import("./keeping-types.js").KeptSet} KeptSet */
/** @typedef {"forbidden" | "newer" | "left" | "full" | "gone" | "corrupt" | "taken" | "failed"} Code */

const NAME = "ganvas";
/** Raised with every change of the stores below. */
const VERSION = 1;
/** Raised with every change of what a record says. */
export const FORMAT = 1;
/** Runs without a name that are kept. */
export const MOST_NAMELESS = 5;
/** The greatest data set of a visitor's own that is kept along. */
export const MOST_SET = 64 << 20;
/** Bytes handed to the browser at a time, so that no frame waits for a great snapshot. */
const PIECE = 4 << 20;

/** How often, and after how long, a store that was open before is opened again. */
const TRIES = 12;
const BUSY_MS = 250;

/** Why something could not be kept or found. */
export class Unkept extends Error {
  /** @param {Code} code @param {unknown} [cause] */
  constructor(code, cause) {
    super(code, { cause });
    this.code = code;
  }
}

/** What a browser's error means for what is kept. @param {unknown} error @param {Code} [otherwise] @returns {Unkept} */
export function faultOf(error, otherwise = "failed") {
  if (error instanceof Unkept) return error;
  const name = /** @type {{ name?: string } | null} */ (error)?.name ?? "";
  /** @type {Record<string, Code>} */
  const codes = {
    QuotaExceededError: "full",
    VersionError: "newer",
    // The connection is closed, or the browser has thrown away what lay behind it.
    InvalidStateError: "gone",
    NotFoundError: "gone",
    NotReadableError: "corrupt",
    DataError: "corrupt",
  };
  return new Unkept(codes[name] ?? otherwise, error);
}

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

/** A request's answer. @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/**
 * Opens the database.
 * @param {IDBFactory | undefined} factory @param {(why: "left" | "evicted") => void} lost hears that the connection ended by itself
 * @returns {Promise<IDBDatabase>}
 */
async function open(factory, lost) {
  if (!factory) throw new Unkept("forbidden");
  try {
    const request = factory.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const store of ["runs", "snapshots"]) request.result.createObjectStore(store, { keyPath: "id" });
      request.result.createObjectStore("sets");
    };
    const database = await answer(request);
    // A newer page wants to change the stores: holding on would stop it.
    database.onversionchange = () => (database.close(), lost("left"));
    database.onclose = () => lost("evicted");
    return database;
  } catch (error) {
    const fault = faultOf(error, "forbidden");
    throw fault.code === "newer" ? fault : new Unkept("forbidden", error);
  }
}

/**
 * @param {IDBFactory | undefined} factory @param {string} writer this page's own name
 * @param {(why: "left" | "evicted") => void} [hear] that the store was closed from outside
 */
export function createStore(factory, writer, hear = () => {}) {
  /** @type {Promise<IDBDatabase> | null} */
  let opened = null;
  let left = false;
  /** Whether it was open before: then what hinders it now passes. */
  let known = false;

  /** @param {"left" | "evicted"} why */
  function lost(why) {
    opened = null;
    left ||= why === "left";
    hear(why);
  }

  /** Opens it again and again where the browser is only busy clearing it. @param {number} [tries] @returns {Promise<IDBDatabase>} */
  async function reach(tries = known ? TRIES : 1) {
    try {
      const database = await open(factory, lost);
      known = true;
      return database;
    } catch (error) {
      if (faultOf(error).code !== "forbidden" || !known) throw error;
      if (tries <= 1) throw new Unkept("failed", /** @type {Unkept} */ (error).cause);
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
      return reach(tries - 1);
    }
  }

  /**
   * Does `work` in one transaction; what it returns counts once all of it is on the disk.
   * @template T @param {("runs" | "snapshots" | "sets")[]} stores @param {IDBTransactionMode} mode
   * @param {(get: (store: "runs" | "snapshots" | "sets") => IDBObjectStore) => Promise<T>} work @param {boolean} [again] @returns {Promise<T>}
   */
  async function transact(stores, mode, work, again = true) {
    if (left) throw new Unkept("left");
    try {
      const database = await (opened ??= reach().catch((error) => {
        opened = null;
        throw error;
      }));
      const transaction = database.transaction(stores, mode);
      const ended = new Promise((resolve, reject) => {
        transaction.oncomplete = () => resolve(null);
        transaction.onabort = () => reject(transaction.error);
      });
      // What ends it is told by `work`, too.
      ended.catch(() => {});
      const result = await work((store) => transaction.objectStore(store)).catch(async (error) => {
        tryAbort(transaction);
        // Of several requests that failed, the transaction knows the one that began it.
        const why = await ended.catch((reason) => reason);
        throw error instanceof Unkept ? error : (why ?? error);
      });
      await ended;
      return result;
    } catch (error) {
      const fault = faultOf(error);
      if (fault === error || fault.code !== "gone") throw fault;
      // The connection has ended since the last time.
      opened = null;
      if (!again) throw fault;
      return transact(stores, mode, work, false);
    }
  }

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
    async save(kept, scene, bytes, { owner = writer, set = null } = {}) {
      const pieces = await inPieces(bytes);
      const start = performance.now();
      let cost = pieces.cost;
      const stored = await transact(["runs", "snapshots", "sets"], "readwrite", async (get) => {
        const old = await answer(get("runs").get(kept.id));
        if (old && old.writer !== writer && old.writer !== owner) throw new Unkept("taken");
        const record = { ...kept, writer, name: old?.name ?? kept.name };
        const before = performance.now();
        get("runs").put(record);
        get("snapshots").put({ id: kept.id, scene, bytes: pieces.blob });
        if (set) get("sets").put(set, kept.data);
        cost += performance.now() - before;
        const gone = old ? [] : tooMany(await answer(get("runs").getAll()), kept.id);
        if (gone.length) await drop(get, gone);
        return { kept: record, gone };
      });
      return { ...stored, cost: Math.min(cost, performance.now() - start + pieces.cost) };
    },
    /** All of a run. @param {string} id @returns {Promise<{ kept: Kept, scene: Scene, bytes: Uint8Array<ArrayBuffer>, set: KeptSet | null }>} */
    async load(id) {
      const [record, snapshot, set] = await transact(
        ["runs", "snapshots", "sets"],
        "readonly",
        async (get) => {
          const found = await Promise.all([answer(get("runs").get(id)), answer(get("snapshots").get(id))]);
          return [...found, found[0] ? await answer(get("sets").get(found[0].data ?? "")) : null];
        },
      );
      if (!record) throw new Unkept("gone");
      if (!sound(record) || !snapshot?.scene || !(snapshot.bytes instanceof Blob))
        throw new Unkept("corrupt");
      const buffer = await snapshot.bytes.arrayBuffer().catch((/** @type {unknown} */ error) => {
        throw new Unkept("corrupt", error);
      });
      if (buffer.byteLength !== record.size) throw new Unkept("corrupt");
      return { kept: record, scene: snapshot.scene, bytes: new Uint8Array(buffer), set: set ?? null };
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
    remove: (ids) => transact(["runs", "snapshots", "sets"], "readwrite", (get) => drop(get, ids)),
  };
}

/** Deletes runs, and the data sets that no other run is on. @param {(store: "runs" | "snapshots" | "sets") => IDBObjectStore} get @param {string[]} ids */
async function drop(get, ids) {
  for (const id of ids)
    for (const store of /** @type {const} */ (["runs", "snapshots"])) get(store).delete(id);
  const [runs, sets] = await Promise.all([answer(get("runs").getAll()), answer(get("sets").getAllKeys())]);
  for (const data of sets) if (!runs.some((run) => run.data === data)) get("sets").delete(data);
}

/** @param {IDBTransaction} transaction */
function tryAbort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}

/** Bytes as the browser's own, which costs the page least, a few at a time. @param {Uint8Array<ArrayBuffer>} bytes */
async function inPieces(bytes) {
  const parts = [];
  let cost = 0;
  for (let at = 0; at < bytes.length; at += PIECE) {
    const start = performance.now();
    parts.push(new Blob([bytes.subarray(at, at + PIECE)]));
    cost += performance.now() - start;
    await breathe();
  }
  return { blob: new Blob(parts), cost };
}

/** Lets the page do other things; unlike a timer's, its turn comes soon in a hidden tab, too. @returns {Promise<void>} */
const breathe = () =>
  new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (port1.close(), resolve());
    port2.postMessage(null);
  });

/** Bytes of storage in use and to be had; null where the browser does not say. @returns {Promise<{ usage: number, quota: number } | null>} */
export async function roomNow(storage = navigator.storage) {
  try {
    const { usage, quota } = await storage.estimate();
    return usage === undefined || !quota ? null : { usage, quota };
  } catch {
    return null;
  }
}
