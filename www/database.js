// This copy's database: opened when it is needed, and again where the connection was lost. A transaction is stored whole or not at all.
import { placed } from "./place.js";

/** @typedef {"forbidden" | "newer" | "left" | "full" | "gone" | "corrupt" | "taken" | "failed"} Code */
/** @typedef {"runs" | "snapshots" | "pieces" | "sets" | "pictures"} Place */
/** @typedef {(store: Place) => IDBObjectStore} Get */
/** @typedef {ReturnType<typeof createDatabase>} Database */

export const NAME = placed("kept");
/** Raised with every change of the stores below. */
const VERSION = 1;

/** How often, and after how long, a database that was open before is opened again. */
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

/** A request's answer. @template T @param {IDBRequest<T>} request @returns {Promise<T>} */
export const answer = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** The browser's databases; some throw where they forbid even to look. */
export function databases() {
  try {
    return globalThis.indexedDB;
  } catch {
    return undefined;
  }
}

/**
 * @param {IDBFactory | undefined} factory @param {(why: "left" | "evicted") => void} lost hears that the connection ended by itself
 * @returns {Promise<IDBDatabase>}
 */
async function open(factory, lost) {
  if (!factory) throw new Unkept("forbidden");
  try {
    const request = factory.open(NAME, VERSION);
    request.onupgradeneeded = () => {
      for (const store of ["runs", "snapshots", "pictures"])
        request.result.createObjectStore(store, { keyPath: "id" });
      for (const store of ["pieces", "sets"]) request.result.createObjectStore(store);
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

/** @param {IDBFactory | undefined} factory @param {(why: "left" | "evicted") => void} [hear] that it was closed from outside */
export function createDatabase(factory, hear = () => {}) {
  /** @type {Promise<IDBDatabase> | null} */
  let opened = null;
  /** The same, once it is open. @type {IDBDatabase | null} */
  let live = null;
  let left = false;
  /** Whether it was open before: then what hinders it now passes. */
  let known = false;

  const forget = () => void (opened = live = null);

  /** @param {"left" | "evicted"} why */
  function lost(why) {
    forget();
    left ||= why === "left";
    hear(why);
  }

  /** Opens it again and again where the browser is only busy clearing it. @param {number} [tries] @returns {Promise<IDBDatabase>} */
  async function reach(tries = known ? TRIES : 1) {
    try {
      live = await open(factory, lost);
      known = true;
      return live;
    } catch (error) {
      if (faultOf(error).code !== "forbidden" || !known) throw error;
      if (tries <= 1) throw new Unkept("failed", /** @type {Unkept} */ (error).cause);
      await new Promise((resolve) => setTimeout(resolve, BUSY_MS));
      return reach(tries - 1);
    }
  }

  /**
   * Does `work` in one transaction; what it returns counts once all of it is on the disk.
   * @template T @param {Place[]} stores @param {IDBTransactionMode} mode
   * @param {(get: Get) => Promise<T>} work @param {boolean} [again] @returns {Promise<T>}
   */
  async function transact(stores, mode, work, again = true) {
    if (left) throw new Unkept("left");
    try {
      const database = await (opened ??= reach().catch((error) => {
        forget();
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
      forget();
      if (!again) throw fault;
      return transact(stores, mode, work, false);
    }
  }

  return {
    transact,
    /** Writes without waiting for an answer, which a page that is unloaded does not live to hear; whether that could be asked. @param {Place[]} stores @param {(get: Get) => void} work */
    writeAtOnce(stores, work) {
      if (!live || left) return false;
      try {
        const transaction = live.transaction(stores, "readwrite");
        work((store) => transaction.objectStore(store));
        transaction.commit?.();
        return true;
      } catch {
        return false;
      }
    },
  };
}

/** @param {IDBTransaction} transaction */
function tryAbort(transaction) {
  try {
    transaction.abort();
  } catch {
    // It has ended already.
  }
}
