// Runs that an earlier version kept where all copies of the page on this origin did: the first copy that comes takes them over. Each is stored here before it is deleted there.
import { answer } from "./database.js";
import { bytesOf, sound } from "./store.js";

/** @typedef {import("./keeping-types.js").KeptSet} KeptSet */

const FORMER = "ganvas";
const LOCK = "ganvas.run.";
/** What no two copies do at once. */
const TAKING = "ganvas.former";

/** The former database; null where there is none, and none is made. @param {IDBFactory} factory @returns {Promise<IDBDatabase | null>} */
const openFormer = (factory) =>
  new Promise((resolve) => {
    const request = factory.open(FORMER);
    request.onupgradeneeded = ({ oldVersion }) => oldVersion === 0 && request.transaction?.abort();
    request.onsuccess = () => resolve(request.result);
    request.onerror = (event) => {
      event.preventDefault?.();
      resolve(null);
    };
  });

/** A data set whose files are Blobs, with bytes in their place. @param {any} set @returns {Promise<KeptSet | null>} */
async function withBytes(set) {
  if (!Array.isArray(set?.files)) return null;
  /** @type {KeptSet["files"]} */
  const files = [];
  for (const { name, blob, bytes } of set.files)
    files.push({ name, bytes: bytes ?? (await blob.arrayBuffer()) });
  return { files, transposed: set.transposed === true };
}

/** The runs that pages of an earlier version train now. @param {LockManager | undefined} locks @returns {Promise<string[]>} */
async function inUse(locks) {
  const { held = [] } = (await locks?.query().catch(() => undefined)) ?? {};
  return held.flatMap(({ name }) => (name?.startsWith(LOCK) ? [name.slice(LOCK.length)] : []));
}

/**
 * Takes over what can be read and no page uses; the rest stays where it is, for another visit.
 * @param {IDBFactory | undefined} factory @param {LockManager | undefined} locks
 * @param {Pick<ReturnType<typeof import("./store.js").createStore>, "takeIn">} store @param {() => string} newName
 */
export async function takeOver(factory, locks, store, newName) {
  const database = factory ? await openFormer(factory) : null;
  if (!database) return;
  const known = ["runs", "snapshots", "sets"].every((name) => database.objectStoreNames.contains(name));
  const work = async () => known && moveAll(database, locks, store, newName);
  try {
    // Where another page is at it, this one need not wait.
    await (locks ? locks.request(TAKING, { ifAvailable: true }, async (lock) => lock && work()) : work());
  } finally {
    database.close();
  }
}

/** @param {IDBDatabase} database @param {LockManager | undefined} locks @param {Pick<ReturnType<typeof import("./store.js").createStore>, "takeIn">} store @param {() => string} newName */
async function moveAll(database, locks, store, newName) {
  const read = (/** @type {string} */ name) => database.transaction(name).objectStore(name);
  const used = await inUse(locks);
  for (const record of await answer(read("runs").getAll())) {
    if (!sound(record) || used.includes(record.id)) continue;
    const snapshot = await answer(read("snapshots").get(record.id));
    const bytes = snapshot?.scene ? await bytesOf(snapshot, [], record.size) : null;
    if (!bytes) continue;
    const set = await answer(read("sets").get(record.data ?? "")).then(withBytes, () => null);
    await store.takeIn(record, snapshot.scene, bytes, set, newName());
    await forget(database, record.id);
  }
}

/** Deletes a run where it was, and the data sets that no other run there is on. @param {IDBDatabase} database @param {string} id @returns {Promise<void>} */
function forget(database, id) {
  const transaction = database.transaction(["runs", "snapshots", "sets"], "readwrite");
  const [runs, snapshots, sets] = ["runs", "snapshots", "sets"].map((name) => transaction.objectStore(name));
  runs.delete(id);
  snapshots.delete(id);
  runs.getAll().onsuccess = ({ target }) => {
    const left = /** @type {IDBRequest} */ (target).result;
    sets.getAllKeys().onsuccess = ({ target }) => {
      for (const data of /** @type {IDBRequest} */ (target).result)
        if (!left.some((/** @type {{ data: string }} */ run) => run.data === data)) sets.delete(data);
    };
  };
  return new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onabort = () => reject(transaction.error);
  });
}
