// Goes on with a saved run: reads it, brings its digits back, hands it to the worker, and says where it will not be the same.
import { titleOf } from "./view/keeping-words.js";
import { faultOf } from "./database.js";

/** @typedef {import("./keeping-types.js").Kept} Kept */
/** @typedef {import("./keeping-types.js").Going} Going */
/** @typedef {{ kept: Kept | null, scene: import("./keeping-types.js").Scene | null, bytes: Uint8Array<ArrayBuffer>, set: import("./keeping-types.js").KeptSet | null }} Held */

/** In what the present digits differ from those that a run was trained on; null where they do not, or nobody knows. @param {{ same_data?: boolean | null, differs?: string | null }} resumed `differs`: what, where the worker says so @returns {string | null} */
const differenceOf = ({ same_data: same, differs }) => differs ?? (same === false ? "images" : null);

/**
 * @param {import("./types.js").Page} page @param {ReturnType<typeof import("./store.js").createStore>} store
 * @param {ReturnType<typeof import("./keeping-owning.js").createOwning>} owning @param {ReturnType<typeof import("./keeping-saving.js").createSaving>} saving
 * @param {(fault: import("./database.js").Unkept, args?: Record<string, string | number>) => void} say
 */
export function createGoing(page, store, owning, saving, say) {
  const { act, now, client, feed } = page;
  /** @type {Held | null} */
  let held = null;
  /** Whether its digits were opened, and what was in use before. */
  let asked = false;
  /** @type {import("./feed.js").Use | null} */
  let before = null;

  const going = () => now().keeping?.going ?? null;
  /** @param {Partial<Going> | null} part */
  const change = (part) => {
    const present = going();
    act({ type: "keeping", change: { going: part && present ? { ...present, ...part } : null } });
  };

  /** @param {string} id */
  async function goOn(id) {
    const kept = now().keeping?.runs.find((run) => run.id === id);
    if (!kept || kept.broken || going() || now().keeping?.id === id) return;
    const name = titleOf(kept, page.text());
    /** @type {Going} */
    const mine = { id, name, source: kept.source, copy: false, run: null, needs: null };
    act({ type: "keeping", change: { going: mine } });
    try {
      const own = await owning.take(id);
      const loaded = await store.load(id);
      // Meanwhile the visitor may have thought better of it.
      if (going() !== mine) return letGo();
      hold(loaded);
      change({ copy: !own });
      proceed();
    } catch (error) {
      if (going() === mine) change(null);
      letGo();
      say(faultOf(error), { name });
      act({ type: "look-at-runs" });
    }
  }

  /** @param {Held} what */
  function hold(what) {
    [held, asked, before] = [what, false, null];
  }

  /** What was on its way is not any more. */
  function letGo() {
    if (!going()) held = null;
    const { id, offer } = now().keeping ?? {};
    const ids = [id, offer, going()?.id];
    owning.keepOnly(ids.filter((id) => typeof id === "string"));
  }

  /** A step further, as far as its digits are there. */
  function proceed() {
    const present = going();
    if (!held || !present || present.run !== null || !client.isReady()) return;
    if (!fits(present)) return void (asked || now().site === "unknown" || ask(present));
    // What was trained since its last snapshot is kept at this rest.
    if (now().phase === "training") client.send({ type: "pause" });
    change({ run: client.resume(held.bytes, held.kept?.elapsed ?? 0), needs: null });
  }

  /** Whether the digits in use are those it was trained on, as far as one sees from here. @param {Going} present */
  function fits({ source, needs }) {
    const { data } = now();
    if (!data?.usable) return false;
    if (source === null) return true;
    const fresh = asked && feed.inUse() !== before;
    // MNIST as the visitor's own files is MNIST, too.
    if (needs) return fresh && (data.source === "files" || data.source === needs);
    if (source !== "files") return data.source === source;
    return data.source === "files" && (fresh || (!asked && !held?.set));
  }

  /** @param {Going} present */
  function ask({ source }) {
    [asked, before] = [true, feed.inUse()];
    const { site, data } = now();
    if (source === "files" && held?.set) {
      const files = held.set.files.map(({ name, bytes }) => new File([bytes], name));
      void feed.take(files, held.set.transposed);
    } else if (source === "files") change({ needs: "files" });
    else if (source === "mnist" && site === "none") change({ needs: "mnist" });
    else if (source) {
      if (data?.source !== source) act({ type: "source", source, sure: true });
      feed.resume();
    }
  }

  /** @param {Extract<import("./types.js").AnyEvent, { type: "resumed" }>} resumed */
  function arrive(resumed) {
    const { run, step, build } = resumed;
    const present = going();
    if (!held || present?.run !== run) return;
    const { kept, scene } = held;
    const differs = differenceOf(resumed);
    act({ type: "brought", run, kept, same: !differs && !present.copy, scene });
    held = null;
    if (kept) saving.follow(kept.writer);
    if (scene && scene.latent.length === now().run?.latent) act({ type: "latents", values: scene.latent });
    if (scene && scene.kind < (now().run?.classes ?? 0)) act({ type: "kind", kind: scene.kind });
    letGo();
    const key = present.copy ? "keeping.copied" : "keeping.went-on";
    act({ type: "note", note: { tone: "info", key, args: { name: present.name, step } } });
    if (differs)
      act({ type: "note", note: { tone: "error", key: `keeping.other-data.${differs}`, args: { step } } });
    const { build: here } = now();
    if (build && build !== here)
      act({ type: "note", note: { tone: "error", key: "keeping.other-build", args: { build, here, step } } });
  }

  /** @type {import("./drive.js").Effects} */
  const effects = {
    "continue-run": ({ id }) => void goOn(id),
    "take-run"({ bytes, name }) {
      if (going()?.run) return;
      act({
        type: "keeping",
        change: { going: { id: null, name, source: null, copy: false, run: null, needs: null } },
      });
      hold({ kept: null, scene: null, bytes, set: null });
      proceed();
    },
    data: proceed,
    site: proceed,
    ready: proceed,
    resumed: arrive,
    started: letGo,
    returned: letGo,
    refused: ({ command }) => command === "resume" && letGo(),
    "stop-continuing": letGo,
    train: letGo,
    restart: letGo,
  };
  return effects;
}
