// Stores snapshots as the worker sends them: one at a time, the newest first, and again later where storage is full.
import { newName } from "./keeping-owning.js";
import { recordOf, sceneOf } from "./keeping-state.js";
import { faultOf, FORMAT, MOST_SET } from "./store.js";

/** @typedef {import("./keeping-types.js").Kept} Kept */
/** @typedef {import("./keeping-types.js").KeptSet} KeptSet */
/** @typedef {ReturnType<typeof import("./store.js").createStore>} Store */
/** @typedef {{ kept: Kept, scene: import("./keeping-types.js").Scene, bytes: Uint8Array<ArrayBuffer>, cost: number, use: import("./feed.js").Use | null }} Job */

/** How long a full storage is left alone, unless runs are deleted. */
const RETRY_MS = 30_000;

/**
 * @param {import("./types.js").Page} page @param {Store} store @param {ReturnType<typeof import("./keeping-owning.js").createOwning>} owning
 * @param {string} writer this page's own name @param {(fault: import("./store.js").Unkept, args?: Record<string, string | number>) => void} say
 */
export function createSaving(page, store, owning, writer, say) {
  const { act, now } = page;
  /** @type {Job | null} */
  let waiting = null;
  let busy = false;
  let due = 0;
  /** Whether the last try failed, and has been told. */
  let failing = false;
  /** Who had stored what the present run went on from. */
  let owner = writer;
  /** The data set that is kept already, or cannot be. */
  let settled = "";

  async function work() {
    if (busy) return;
    busy = true;
    while (waiting && performance.now() >= due) {
      const job = waiting;
      waiting = null;
      await write(job);
    }
    busy = false;
  }

  /** @param {Job} job */
  async function write(job) {
    try {
      const { kept, gone, cost } = await put(job);
      [due, failing] = [0, false];
      // What is saved at rest costs no training.
      act({ type: "stored", kept, gone, cost: cost + job.cost || 0 });
    } catch (error) {
      const fault = faultOf(error);
      if (fault.code === "taken") return fork(job);
      if (fault.code === "full") {
        due = performance.now() + RETRY_MS;
        waiting ??= job;
        setTimeout(work, RETRY_MS);
      }
      if (!failing) say(fault, { step: now().keeping?.saved ?? 0 });
      failing = true;
    }
  }

  /** @param {Job} job */
  async function put({ kept, scene, bytes, use }) {
    const set = await setOf(kept, use).catch(() => null);
    try {
      const stored = await store.save(kept, scene, bytes, { owner, set });
      settled = kept.data;
      return stored;
    } catch (error) {
      const { code } = faultOf(error);
      if (!set || ["taken", "left", "newer", "forbidden"].includes(code)) throw error;
      // Rather the run without its digits than nothing.
      const stored = await store.save(kept, scene, bytes, { owner });
      settled = kept.data;
      return stored;
    }
  }

  /** A visitor's own data set, where it is to be kept along and is not yet. @param {Kept} kept @param {import("./feed.js").Use | null} use @returns {Promise<KeptSet | null>} */
  async function setOf({ source, data }, use) {
    if (source !== "files" || data === settled || use?.source !== "files") return null;
    const size = use.files.reduce((sum, file) => sum + file.size, 0);
    if (size > MOST_SET || (await store.hasSet(data))) return null;
    return { files: use.files.map((file) => ({ name: file.name, blob: file })), transposed: use.transposed };
  }

  /** Another tab stored this run since: here it becomes one of its own. @param {Job} job */
  async function fork(job) {
    const id = newName();
    await owning.take(id);
    if (now().keeping?.id === job.kept.id) act({ type: "keeping", change: { id, saved: null } });
    act({ type: "note", note: { tone: "info", key: "keeping.forked", args: {} } });
    waiting ??= { ...job, kept: { ...job.kept, id, name: "" } };
  }

  return {
    /** @param {Extract<import("./types.js").AnyEvent, { type: "snapshot" }>} snapshot */
    take(snapshot) {
      const { keeping } = now();
      if (keeping?.store !== "open" || snapshot.step === 0 || keeping.going?.run === snapshot.run) return;
      const id = keeping.id ?? newName();
      if (!keeping.id) {
        owner = writer;
        act({ type: "keeping", change: { id } });
        void owning.take(id);
      }
      const kept = recordOf(now(), snapshot, { id, writer, date: Date.now(), format: FORMAT });
      const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (snapshot.bytes);
      const cost = now().phase === "training" ? snapshot.cost_ms : NaN;
      waiting = { kept, scene: sceneOf(now()), bytes, cost, use: page.feed.inUse() };
      void work();
    },
    /** The present run goes on from what that page stored. @param {string} other */
    follow(other) {
      owner = other;
    },
    /** There may be room again. */
    retry() {
      due = 0;
      void work();
    },
  };
}
