// Runs that outlive the page: saved by themselves, gone on with, named, deleted.
import { databases, faultOf } from "./database.js";
import { takeOver } from "./keeping-former.js";
import { createGoing } from "./keeping-going.js";
import { createOwning, newName } from "./keeping-owning.js";
import { createSaving } from "./keeping-saving.js";
import { newest, reduceKeeping } from "./keeping-state.js";
import { createStore, roomNow } from "./store.js";
import { heeding } from "./view/heed.js";
import { keepingView } from "./view/keeping.js";
import { offerView } from "./view/keeping-offer.js";
import { failedKey, fullKey, titleOf } from "./view/keeping-words.js";

/** @typedef {import("./keeping-types.js").Keeping} Keeping */

/** How often, and how many times, the worker is asked for its newest while the page may be about to go. */
const ASK_MS = 150;
const ASKS = 10;
/** How long the browser's storage may take to open before that is said, and how often it is asked again then. */
const SILENT_MS = 10_000;
/** How long a page that is left waits for an iteration to end: a next page that is near takes no time of its own. */
const STAY_MS = 120;

/** @param {import("./types.js").Page} page @returns {import("./types.js").Part} */
export function createKeeping(page) {
  // A page within another shows a run; it keeps none.
  if (document.documentElement.hasAttribute("data-embed")) return { views: [] };
  const { act, now, client } = page;
  const writer = newName();
  const store = createStore(databases(), writer, (why) => void lost(why));
  const owning = createOwning(navigator.locks);
  const saving = createSaving(page, store, owning, writer, (fault, args) => say(fault, args, true));
  const going = createGoing(page, store, owning, saving, say);
  let told = false;

  const keeping = () => /** @type {Keeping} */ (now().keeping);
  /** @param {Partial<Keeping>} part */
  const change = (part) => act({ type: "keeping", change: part });
  /** @param {"info" | "error"} tone @param {string} key @param {Record<string, string | number>} [args] */
  const note = (tone, key, args = {}) => act({ type: "note", note: { tone, key, args } });

  /** A worker saves nothing before it is told; told again, it sends at once what it has not sent. */
  function wish() {
    if (client.isReady() && keeping()?.store === "open") client.send({ type: "autosave", on: true });
  }

  /** Says what went wrong, and what that means for what is kept. @param {import("./database.js").Unkept} fault @param {Record<string, string | number>} [args] @param {boolean} [saving] whether a snapshot could not be stored */
  function say({ code, cause }, args = {}, saving = false) {
    if (!args.name && (code === "gone" || code === "corrupt")) code = "failed";
    if (code === "forbidden" || code === "newer" || code === "left") {
      if (keeping().store === "open") client.send({ type: "autosave", on: false });
      change({ store: code });
      told = true;
    }
    if (code === "full") change({ full: true });
    const reason =
      cause instanceof Error || cause instanceof DOMException ? cause.message || cause.name : code;
    const failed = code === "failed" || (saving && code !== "full" && keeping().store === "open");
    if (saving && failed) change({ failing: reason });
    const key = code === "full" ? fullKey(keeping()) : `keeping.${code}`;
    note("error", failed ? (saving ? failedKey(keeping()) : "keeping.unread") : key, { reason, ...args });
  }

  /** The store was closed from outside. @param {"left" | "evicted"} why */
  async function lost(why) {
    if (why === "left") return say(faultOf({ name: "" }, "left"));
    await refresh();
    const { id, saved, runs } = keeping();
    if (saved === null || runs.some((run) => run.id === id)) return;
    change({ saved: null });
    note("error", "keeping.evicted");
  }

  /** Reads the list anew: other tabs change it, too. */
  async function refresh() {
    try {
      const [runs, elsewhere, room] = await Promise.all([store.list(), owning.elsewhere(), roomNow()]);
      change({ runs, elsewhere, room });
    } catch (error) {
      say(faultOf(error));
    }
  }

  /** Some browsers leave a request for a database unanswered, until another one wakes them or another tab lets go of it. */
  function wake() {
    change({ store: "silent" });
    if (now().phase === "training") warn();
    void databases()
      ?.databases?.()
      .catch(() => {});
  }

  async function begin() {
    const waking = setInterval(wake, SILENT_MS);
    try {
      await store.open();
    } catch (error) {
      // There is nothing to be lost yet: it is said where the panel is, and once training begins.
      const { code } = faultOf(error, "forbidden");
      return change({ store: code === "newer" ? "newer" : "forbidden" });
    } finally {
      clearInterval(waking);
      act({ type: "dismiss", key: "keeping.silent" });
      told = false;
    }
    change({ store: "open" });
    wish();
    await takeOver(databases(), navigator.locks, store, newName).catch((error) => {
      // What could not be stored here is still there.
      note("error", "keeping.former", { reason: faultOf(error).code });
    });
    await refresh();
    void measure();
    const { phase, step } = now();
    if (step === 0 && phase !== "training") change({ offer: newest(keeping()) });
  }

  /** Says once, when it matters, that nothing is kept. */
  function warn() {
    const why = keeping()?.store;
    if (told || !why || why === "open" || why === "opening") return;
    told = true;
    note("error", `keeping.${why}`);
  }

  /** @param {string} id */
  async function remove(id) {
    const { runs, elsewhere, id: present, offer } = keeping();
    if (id === present || elsewhere.includes(id)) return;
    try {
      await store.remove([id]);
      change({ runs: runs.filter((run) => run.id !== id), ...(offer === id && { offer: null }) });
      saving.retry();
    } catch (error) {
      say(faultOf(error));
    }
    await refresh();
  }

  /** @param {string} id @param {string} name */
  async function rename(id, name) {
    try {
      await store.rename(id, name);
    } catch (error) {
      const kept = keeping().runs.find((run) => run.id === id);
      say(faultOf(error), { name: kept ? titleOf(kept, page.text()) : "" });
      await refresh();
    }
  }

  async function promise() {
    const lasting = await navigator.storage?.persist?.().catch(() => false);
    change({ lasting: lasting ?? null });
    note("info", lasting ? "keeping.lasting.yes" : "keeping.lasting.no");
  }

  async function look() {
    await refresh();
    const lasting = await navigator.storage?.persisted?.().catch(() => null);
    change({ lasting: lasting ?? null });
  }

  /** Says before anything is trained that a run is too large to be saved: a snapshot is stored beside the one whose place it takes. */
  async function measure() {
    const size = now().run?.autosave_bytes;
    const room = size && keeping()?.store === "open" ? await roomNow() : null;
    if (!size || !room || 2 * size <= room.quota - room.usage) return;
    const { bytes } = page.text();
    note("error", "keeping.too-large", { size: bytes(size), room: bytes(room.quota - room.usage) });
  }

  /** Asks the worker for the run as it stands, again and again for a moment: what it trains until the page is gone counts, too. */
  function askOften(left = ASKS) {
    wish();
    saving.hurry();
    if (left > 1) setTimeout(askOften, ASK_MS, left - 1);
  }
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) {
      wish();
      saving.hurry();
    } else if (keeping()?.store === "open") void refresh();
  });
  // From here to the page's end the worker has the time that the next page takes to answer, and at least this. What it sends meanwhile is
  // heard before the page ends.
  addEventListener("beforeunload", () => {
    askOften();
    const end = now().phase === "training" && keeping()?.store === "open" ? performance.now() + STAY_MS : 0;
    while (performance.now() < end);
  });
  addEventListener("pagehide", saving.leave);
  // Back from the browser's cache of pages: the worker was only stopped.
  addEventListener("pageshow", ({ persisted }) => persisted && askOften(1));
  void begin();

  /** @type {import("./drive.js").Effects} */
  const own = {
    ready: wish,
    autosaved: saving.take,
    started() {
      // What comes of the run before does not wait for this one's pace.
      saving.hurry();
      void measure();
    },
    train: warn,
    step: warn,
    "delete-run": ({ id }) => void remove(id),
    "rename-run": ({ id, name }) => void rename(id, name),
    "look-at-runs": () => void look(),
    "keep-lasting": () => void promise(),
  };
  return {
    views: [keepingView(act), offerView(act)].map(heeding(now)),
    reduce: reduceKeeping,
    effects: both(own, going),
  };
}

/** The effects of two parts as those of one. @param {import("./drive.js").Effects} first @param {import("./drive.js").Effects} second @returns {import("./drive.js").Effects} */
function both(first, second) {
  /** @type {Record<string, (...given: any[]) => void>} */
  const all = { .../** @type {any} */ (first) };
  for (const [type, effect] of Object.entries(
    /** @type {Record<string, (...given: any[]) => void>} */ (second),
  )) {
    const other = all[type];
    all[type] = other ? (...given) => (other(...given), effect(...given)) : effect;
  }
  return all;
}
