// Drawing digits for the nets to look at, and data sets of one's own: what it asks of the worker, and when.
import { databases } from "./database.js";
import { createImporter } from "./sketching-import.js";
import { createPictures } from "./sketching-kept.js";
import { createShelf, toFiles } from "./sketching-own.js";
import {
  allLabelled,
  canFind,
  countOf,
  hasLearnt,
  MOST_DIGITS,
  reduce,
  sketchingOf,
} from "./sketching-state.js";
import { bring } from "./view/bring.js";
import { byId } from "./view/dom.js";
import { sketchViews } from "./view/sketch.js";

/** How long the pen rests before the search for a latent vector begins by itself. */
const REST_MS = 350;
/** Between two readings of the same digit, while the nets that read it are trained. */
const AGAIN_MS = 400;

/** @param {import("./types.js").Page} page @returns {import("./types.js").Part} */
export function createSketching(page) {
  const { act, now, client, feed, sight } = page;
  const section = byId("sketching");
  const views = sketchViews(page);
  const shelf = createShelf((own) => act({ type: "own-digits", own }));
  const pictures = createPictures(databases(), () => void recallImages());
  const importer = createImporter({
    progress: (done, total) => act({ type: "images-read", done, total }),
    taken: (set) => act({ type: "images-taken", set }),
    said: (sentence) => act({ type: "note", note: { tone: "error", ...sentence } }),
    word: (key, args) => page.text().t(key, args),
    room: () => MOST_DIGITS - countOf(sketchingOf(now())),
  });
  /** The drawing that is being read. @type {Uint8Array | null} */
  let asked = null;
  let askedAt = -Infinity;
  let again = 0;
  let resting = 0;
  /** Digits of the set that is to be trained on once it is in. */
  let awaited = 0;

  /** Has the drawing read; while one is under way only the newest waits. */
  function read() {
    clearTimeout(again);
    const { pixels } = sketchingOf(now());
    if (asked || !pixels || !now().run) return;
    asked = pixels;
    askedAt = performance.now();
    const bytes = pixels.slice();
    client.send({ type: "assess", pixels: bytes }, [bytes.buffer]);
  }

  /** Has it read anew where the nets have learnt since, not too often and only where it is seen. */
  function readAgain() {
    const { reading, pixels } = sketchingOf(now());
    if (!pixels || !sight.sees(section) || (reading && reading.step === now().step)) return;
    clearTimeout(again);
    again = setTimeout(read, Math.max(0, askedAt + AGAIN_MS - performance.now()));
  }

  /** Whether nets have changed under the drawing. */
  function anew() {
    asked = null;
    read();
  }

  /** The drawing is another one. @param {import("./types.js").AnyEvent} _ @param {import("./types.js").State} before */
  function changed(_, before) {
    if (sketchingOf(now()).pixels === sketchingOf(before).pixels) return;
    clearTimeout(resting);
    if (sketchingOf(before).search === "going") client.send({ type: "stop-inverting" });
    read();
  }

  /** The pen rests: where nothing else is computed, the search begins by itself. @param {import("./types.js").AnyEvent} event @param {import("./types.js").State} before */
  function rests(event, before) {
    changed(event, before);
    clearTimeout(resting);
    resting = setTimeout(() => {
      const state = now();
      const { pixels, down, search } = sketchingOf(state);
      const idle = state.phase === "ready" || state.phase === "paused";
      if (
        pixels &&
        !down &&
        search !== "going" &&
        idle &&
        hasLearnt(state) &&
        canFind(state) &&
        sight.sees(section)
      )
        act({ type: "find-latent" });
    }, REST_MS);
  }

  /** @param {import("./types.js").AnyEvent} _ @param {import("./types.js").State} before */
  function keep(_, before) {
    const { own } = sketchingOf(now());
    if (own !== sketchingOf(before).own) act({ type: "own-kept", kept: shelf.write(own) });
  }

  async function recallImages() {
    const images = await pictures.read();
    if (images.length || sketchingOf(now()).images.length) act({ type: "images-recalled", images });
  }

  /** @param {number | undefined} id of a set that is new or has changed */
  async function keepImages(id) {
    const set = sketchingOf(now()).images.find((set) => set.id === id);
    if (!set) return;
    const kept = await pictures.write(set);
    if (kept === sketchingOf(now()).unkept.includes(set.id)) act({ type: "images-kept", id: set.id, kept });
  }

  async function train() {
    const { own, images } = sketchingOf(now());
    const sketching = sketchingOf(now());
    const count = countOf(sketching);
    if (count === 0) return;
    // The new run is of the GAN that is chosen.
    const same = now().run?.recipe === now().config.recipe;
    if (same && (now().run?.classes ?? 0) > 0 && !allLabelled(sketching))
      return act({ type: "note", note: { tone: "error", key: "sketch.own.unlabelled", args: {} } });
    awaited = count;
    await feed.take(await toFiles(own, images), false);
  }

  /** @type {import("./drive.js").Effects} */
  const effects = {
    "pen-down": changed,
    "pen-move": changed,
    "clear-sketch": changed,
    "pen-up": rests,
    "undo-sketch": rests,
    "take-digit": rests,
    assessment() {
      const { pixels } = sketchingOf(now());
      const other = asked !== pixels;
      asked = null;
      if (other) read();
    },
    refused({ command }) {
      if (command === "assess") asked = null;
      if (command === "open" || command === "images") awaited = 0;
    },
    started: anew,
    returned: anew,
    pretrained: anew,
    progress: readAgain,
    "judge-is": read,
    "find-latent"() {
      const { pixels, search, told } = sketchingOf(now());
      if (search !== "going" || !pixels) return;
      const bytes = pixels.slice();
      const kind = now().run?.classes ? { class: told } : {};
      client.send({ type: "invert", pixels: bytes, ...kind }, [bytes.buffer]);
    },
    "stop-finding": (_, before) =>
      sketchingOf(before).search === "going" && client.send({ type: "stop-inverting" }),
    "use-found"() {
      const { found, told } = sketchingOf(now());
      if (!found || found.latent.length !== now().latent.length) return;
      if (now().run?.classes) act({ type: "kind", kind: told });
      act({ type: "latents", values: Array.from(found.latent) });
      const studio = byId("morphing");
      bring(studio.hidden ? byId("latent") : studio);
    },
    "add-sketch"(event, before) {
      changed(event, before);
      keep(event, before);
    },
    "remove-sketch": keep,
    "take-images"({ files, passed }) {
      bring(byId("sketch-own"), { block: "center" });
      importer.take(files, passed);
    },
    "cancel-images": importer.cancel,
    "images-taken": ({ set }) => void keepImages(set?.id),
    "turn-images": ({ id }) => void keepImages(id),
    "remove-images": ({ id }) => void pictures.remove(id),
    "train-own": () => void train(),
    data({ source, usable, complete, total }) {
      if (!awaited || source !== "files" || !usable || !complete || total !== awaited) return;
      awaited = 0;
      if (now().phase !== "training") act({ type: "train" });
    },
  };
  sight.onChange(section, readAgain);
  // The page's state hears of nothing before this part stands.
  queueMicrotask(() => act({ type: "own-digits", own: shelf.read() }));
  void recallImages();
  return { views, reduce, effects };
}
