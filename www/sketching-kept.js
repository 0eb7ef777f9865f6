// Pictures that were brought outlive the page, as drawings do: each set of them is kept in this browser as it was read.
import { answer, createDatabase } from "./database.js";
import { placed } from "./place.js";

/** @typedef {import("./sketching-types.js").ImageSet} ImageSet */

/** A number that no other set has, in no tab. */
export const newId = () => crypto.getRandomValues(new Uint32Array(1))[0];

/** What is read of a record: nothing but a set as it was kept. @param {any} record @returns {ImageSet | null} */
export function setIn(record) {
  const { date: _, ...set } = record ?? {};
  const { id, pixels, kinds } = set;
  const sound =
    Number.isInteger(id) &&
    pixels instanceof Uint8Array &&
    kinds instanceof Int8Array &&
    kinds.length > 0 &&
    pixels.length === 784 * kinds.length &&
    typeof set.name === "string" &&
    Array.isArray(set.bad);
  return sound ? set : null;
}

/** @param {(Pick<BroadcastChannel, "postMessage"> & { onmessage: any }) | null} channel */
const telling = (channel) => channel?.postMessage(null);

/** @returns {BroadcastChannel | null} */
function open() {
  try {
    return new BroadcastChannel(placed("pictures"));
  } catch {
    return null;
  }
}

/** @param {IDBFactory | undefined} factory @param {() => void} changed hears that another tab has changed what is kept */
export function createPictures(factory, changed, channel = open()) {
  const { transact } = createDatabase(factory);
  if (channel) channel.onmessage = changed;
  /** One after the other, so that the last word on a set counts. @type {Promise<unknown>} */
  let last = Promise.resolve();

  /** @template T @param {() => Promise<T>} work @returns {Promise<T>} */
  function inTurn(work) {
    const done = last.then(work);
    last = done.catch(() => {});
    return done;
  }

  return {
    /** Every set that is kept, oldest first; none where the browser keeps nothing. @returns {Promise<ImageSet[]>} */
    read: () =>
      inTurn(() => transact(["pictures"], "readonly", (get) => answer(get("pictures").getAll()))).then(
        (records) => records.sort((a, b) => a.date - b.date).flatMap((record) => setIn(record) ?? []),
        () => [],
      ),
    /** Keeps a set as it now is; whether the browser took it. @param {ImageSet} set @returns {Promise<boolean>} */
    write: (set) =>
      inTurn(() =>
        transact(["pictures"], "readwrite", async (get) => {
          const old = await answer(get("pictures").get(set.id));
          await answer(get("pictures").put({ ...set, date: old?.date ?? Date.now() }));
        }),
      ).then(
        () => (telling(channel), true),
        () => false,
      ),
    /** @param {number} id */
    remove: (id) =>
      inTurn(() => transact(["pictures"], "readwrite", (get) => answer(get("pictures").delete(id)))).then(
        () => telling(channel),
        () => {},
      ),
  };
}
