// Stores snapshots as the worker sends them: one at a time, of each run the newest, and again later where that failed.
import { newName } from "./keeping-owning.js";
import { recordOf, sceneOf } from "./keeping-state.js";
import { faultOf } from "./database.js";
import { FORMAT, MOST_SET } from "./store.js";

/** @typedef {import("./keeping-types.js").Kept} Kept */
/** @typedef {import("./keeping-types.js").KeptSet} KeptSet */
/** @typedef {ReturnType<typeof import("./store.js").createStore>} Store */
/** @typedef {{ kept: Kept, scene: import("./keeping-types.js").Scene, bytes: Uint8Array<ArrayBuffer>, cost: number, use: import("./feed.js").Use | null, owner: string }} Job */

/** How often a run is stored while it trains: what came since is at hand for when the page goes. */
const EVERY_MS = 5000;
/** How long a full storage is left alone, unless runs are deleted. */
const FULL_MS = 30_000;
/** Pause after any other failure: each time twice as long. */
const AGAIN_MS = 1000;
const LONGEST_MS = 60_000;
/** How long snapshots are stored as soon as they come, once the page is about to go. */
const HURRY_MS = 3000;
/** Runs whose snapshots wait at most. */
const MOST_WAITING = 3;

/** There is no store any more, or another page's word counts: trying again cannot mend it. */
const FINAL = ["left", "newer", "forbidden"];

/**
 * @param {import("./types.js").Page} page @param {Store} store @param {ReturnType<typeof import("./keeping-owning.js").createOwning>} owning
 * @param {string} writer this page's own name @param {(fault: import("./database.js").Unkept, args?: Record<string, string | number>) => void} say
 */
export function createSaving(page, store, owning, writer, say) {
  const { act, now } = page;
  /** The newest snapshot of each run that is not stored. @type {Map<string, Job>} */
  const waiting = new Map();
  /** The one that is being stored. @type {Job | null} */
  let writing = null;
  /** When the next may be stored after a failure, and at the pace of training. */
  let due = 0;
  let paced = 0;
  let hurried = 0;
  let timer = 0;
  /** Failures in a row; the first has been told. */
  let failures = 0;
  /** Who had stored what the present run went on from. */
  let owner = writer;
  /** Runs that no page but this one can have stored since it did. @type {Set<string>} */
  const mine = new Set();
  /** The data set that is kept already, or cannot be. */
  let settled = "";

  /** When the next snapshot may be stored. */
  function next() {
    const pace = now().phase === "training" && performance.now() > hurried ? paced : 0;
    return Math.max(due, pace);
  }

  async function work() {
    clearTimeout(timer);
    if (writing) return;
    while (waiting.size && performance.now() >= next()) {
      const [id, job] = /** @type {[string, Job]} */ (waiting.entries().next().value);
      waiting.delete(id);
      writing = job;
      paced = performance.now() + EVERY_MS;
      await write(job);
      writing = null;
    }
    if (waiting.size) timer = Number(setTimeout(work, Math.max(0, next() - performance.now())));
  }

  /** @param {Job} job */
  async function write(job) {
    try {
      const { kept, gone, cost } = await put(job);
      mine.add(kept.id);
      if (failures) recovered();
      // What is saved at rest costs no training.
      act({ type: "stored", kept, gone, cost: cost + job.cost || 0 });
    } catch (error) {
      const fault = faultOf(error);
      if (fault.code === "taken") return fork(job);
      if (!FINAL.includes(fault.code)) retryLater(job, fault.code);
      if (!failures) say(fault, { step: now().keeping?.saved ?? 0 });
      failures += 1;
    }
  }

  /** @param {Job} job @param {string} code */
  function retryLater(job, code) {
    if (!waiting.has(job.kept.id)) waiting.set(job.kept.id, job);
    const pause = code === "full" ? FULL_MS : Math.min(LONGEST_MS, AGAIN_MS * 2 ** failures);
    due = performance.now() + pause;
  }

  /** What was said of the failure is so no longer. */
  function recovered() {
    [due, failures] = [0, 0];
    for (const key of ["full", "full.none", "failed", "failed.none"])
      act({ type: "dismiss", key: `keeping.${key}` });
  }

  /** @param {Job} job */
  async function put({ kept, scene, bytes, use, owner }) {
    const set = await setOf(kept, use).catch(() => null);
    try {
      const stored = await store.save(kept, scene, bytes, { owner, set });
      settled = kept.data;
      return stored;
    } catch (error) {
      const { code } = faultOf(error);
      if (!set || ["taken", ...FINAL].includes(code)) throw error;
      // Rather the run without its digits than nothing.
      const stored = await store.save(kept, scene, bytes, { owner });
      settled = kept.data;
      return stored;
    }
  }

  /** A visitor's own data set, where it is to be kept along and is not yet. @param {Kept} kept @param {import("./feed.js").Use | null} use @returns {Promise<KeptSet | null>} */
  async function setOf({ source, data }, use) {
    if (source !== "files" || !data || data === settled || use?.source !== "files") return null;
    const size = use.files.reduce((sum, file) => sum + file.size, 0);
    if (size > MOST_SET || (await store.hasSet(data))) return null;
    const files = use.files.map(async (file) => ({ name: file.name, bytes: await file.arrayBuffer() }));
    return { files: await Promise.all(files), transposed: use.transposed };
  }

  /** Another tab stored this run since: here it becomes one of its own. @param {Job} job */
  async function fork(job) {
    const { id: old } = job.kept;
    const id = newName();
    await owning.take(id);
    mine.delete(old);
    mine.add(id);
    if (now().keeping?.id === old) act({ type: "keeping", change: { id, saved: null } });
    act({ type: "note", note: { tone: "info", key: "keeping.forked", args: {} } });
    const newest = waiting.get(old) ?? job;
    waiting.delete(old);
    waiting.set(id, { ...newest, owner: writer, kept: { ...newest.kept, id, name: "" } });
  }

  /** @param {Job} job */
  function enqueue(job) {
    const before = waiting.get(job.kept.id);
    // Snapshots that are not stored took their time, too.
    if (before) job.cost = (job.cost || 0) + (before.cost || 0) || job.cost;
    waiting.delete(job.kept.id);
    waiting.set(job.kept.id, job);
    const [oldest] = waiting.keys();
    if (waiting.size > MOST_WAITING) waiting.delete(oldest);
    void work();
  }

  /** Stores what waits as soon as it comes, for a while: the page may go. */
  function hurry() {
    hurried = performance.now() + HURRY_MS;
    due = 0;
    void work();
  }

  return {
    /** @param {Extract<import("./types.js").AnyEvent, { type: "autosaved" }>} snapshot */
    take(snapshot) {
      const { keeping } = now();
      if (keeping?.store !== "open" || snapshot.step === 0 || keeping.going?.run === snapshot.run) return;
      const id = keeping.id ?? newName();
      if (!keeping.id) {
        owner = writer;
        mine.add(id);
        act({ type: "keeping", change: { id } });
        void owning.take(id);
      }
      const kept = recordOf(now(), snapshot, { id, writer, date: Date.now(), format: FORMAT });
      const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (snapshot.bytes);
      const cost = now().phase === "training" ? snapshot.cost_ms : NaN;
      // Until all of a data set is in, its fingerprint is not its own.
      const use = now().data?.complete ? page.feed.inUse() : null;
      enqueue({ kept, scene: sceneOf(now()), bytes, cost, use, owner });
    },
    /** The present run goes on from what that page stored. @param {string} other */
    follow(other) {
      owner = other;
    },
    hurry,
    /** There may be room again. */
    retry() {
      due = 0;
      void work();
    },
    /** The page goes: what is not stored is written without waiting for an answer. Where the page stays after all, it is stored again. */
    leave() {
      const names = new Map(now().keeping?.runs.map(({ id, name }) => [id, name]));
      for (const { kept, scene, bytes } of [...(writing ? [writing] : []), ...waiting.values()])
        if (mine.has(kept.id))
          store.saveAtOnce({ ...kept, name: names.get(kept.id) ?? kept.name }, scene, bytes);
    },
  };
}
