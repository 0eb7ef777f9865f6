// Which data set the worker has open, and the stream that fills it: the site's MNIST, the mirror's, own files, or drawn digits.
import { createGate, fromBlob, fromUrl, pour } from "./data.js";
import { BadFile } from "./files.js";
import { fetchChecked } from "./mirror.js";
import { createReading } from "./reading.js";

/** @typedef {import("./types.js").AnyEvent} AnyEvent */
/** @typedef {import("./data.js").Opener} Opener */
/** @typedef {{ images: Opener, labels: Opener | null, bytes: number, mirror: boolean, unchecked?: boolean }} Feed */
/** @typedef {import("./mirror.js").Mirror} Mirror */
/** @typedef {{ images: string, labels: string, bytes: number }} Mnist */
/** @typedef {{ mnist: Mnist | null, mirror: Mirror | null }} Sources */
/** @typedef {{ source: import("./types.js").Source, mirror: boolean, files: File[], transposed: boolean }} Use enough to open the same digits again */

/** Unpacked bytes that may be on their way to the worker. */
const AHEAD = 4 << 20;

/** What the site offers and where else MNIST is: `data/sources.json` beside the page. @returns {Promise<Sources>} */
async function sources() {
  const none = { mnist: null, mirror: null };
  try {
    const response = await fetch(new URL("data/sources.json", import.meta.url));
    return response.ok ? { ...none, ...(await response.json()) } : none;
  } catch {
    return none;
  }
}

/**
 * @param {ReturnType<typeof import("./client.js").connect>} client
 * @param {(event: import("./types.js").PageEvent) => void} dispatch
 * @param {() => void} opens is called before a data set is opened
 */
export function createFeed(client, dispatch, opens) {
  const listed = sources();
  const site = listed.then(({ mnist }) => mnist);
  const reading = createReading(client);
  site.then((mnist) => dispatch({ type: "site", has: mnist !== null }));
  let stop = new AbortController();
  let stopLabels = new AbortController();
  let gate = createGate(AHEAD);
  /** @type {import("./types.js").Source | ""} */
  let opened = "";
  // Whether any data set is in use, and whether it is the one opened last.
  let usable = false;
  let own = false;
  /** @type {File[]} */
  let files = [];
  /** @type {(() => void) | null} */
  let held = null;
  /** @type {Use | null} */
  let opening = null;
  /** @type {Use | null} */
  let inUse = null;

  function halt() {
    stop.abort();
    stopLabels.abort();
    gate.open();
  }

  /** Leaves the present stream and opens another data set. @param {Use["source"]} source @param {{ transposed?: boolean, mirror?: boolean }} [how] */
  function open(source, { transposed = false, mirror = false } = {}) {
    halt();
    stop = new AbortController();
    gate = createGate(AHEAD);
    held = null;
    opened = source;
    opening = { source, mirror, files, transposed };
    own = false;
    dispatch({ type: "opening" });
    dispatch({ type: "download", download: null });
    opens();
    client.send({ type: "open", source, transposed });
    return stop.signal;
  }

  /** @param {"images" | "labels"} type @param {AbortSignal} signal */
  const sinkFor = (type, signal) => {
    const own = gate;
    return async (/** @type {Uint8Array} */ bytes) => {
      if (type === "images") await own.room();
      if (signal.aborted) return;
      if (type === "images") own.sent(bytes.length);
      client.send({ type, bytes }, [bytes.buffer]);
    };
  };

  /** Labels first, for they are small; without them the images still teach. @param {Feed} feed @param {AbortSignal} signal */
  async function deliver({ images, labels, bytes, mirror, unchecked }, signal) {
    /** @param {"fetching" | "retrying" | "done" | "broken"} state @param {number} received @param {number} total */
    const tell = (state, received, total) =>
      signal.aborted ||
      dispatch({ type: "download", download: { received, total, state, mirror, unchecked } });
    let last = [0, bytes];
    const progress = (
      /** @type {number} */ received,
      /** @type {number} */ total,
      /** @type {boolean} */ retrying,
    ) => {
      if (!retrying) last = [received, bytes || total];
      tell(retrying ? "retrying" : "fetching", last[0], last[1]);
    };
    tell("fetching", 0, bytes);
    stopLabels = new AbortController();
    if (labels) await pour(labels, sinkFor("labels", signal), { signal: stopLabels.signal }).catch(() => {});
    if (signal.aborted) return;
    let broken = false;
    try {
      await pour(images, sinkFor("images", signal), { signal, progress });
    } catch {
      broken = true;
    }
    if (signal.aborted) return;
    tell(broken ? "broken" : "done", last[0], last[1]);
    const key = own ? "data.broken" : usable ? "data.failed.kept" : "data.failed";
    if (broken) fail(key, {}, own ? "data.part" : "data");
    else client.send({ type: "close" });
  }

  /** Says why no more digits come, and goes on with what there is. @param {string} key @param {Record<string, string>} [args] @param {string} [about] */
  function fail(key, args = {}, about = "data") {
    dispatch({ type: "note", note: { tone: "error", key, args, about } });
    if (usable) client.send({ type: "close" });
    else open("drawn");
  }

  /** Brings MNIST from the mirror and hands it on once its sums are right: what is trained on before that would be called MNIST, and nobody knew. @param {AbortSignal} signal */
  async function bringMirror(signal) {
    /** @param {"fetching" | "retrying" | "done" | "broken"} state @param {number} [received] @param {number} [total] */
    const tell = (state, received = 0, total = 0) =>
      signal.aborted || dispatch({ type: "download", download: { received, total, state, mirror: true } });
    tell("fetching");
    const { mirror } = await listed.then((list) => (list.mirror ? list : sources()));
    const brought = mirror && (await fetchChecked(mirror, signal, tell).catch(() => null));
    if (signal.aborted) return;
    if (brought && !("got" in brought)) {
      const { images, labels, unchecked } = brought;
      const feed = { images: fromBlob(images), labels: fromBlob(labels), bytes: images.size };
      return deliver({ ...feed, mirror: true, unchecked }, signal);
    }
    tell("broken");
    if (brought) fail("data.wrong", brought);
    else fail(usable ? "data.failed.kept" : "data.failed");
  }

  /** @param {Mnist} list @param {AbortSignal} signal @returns {Feed} */
  const fromSite = (list, signal) => ({
    images: fromUrl(new URL(list.images, import.meta.url).href, signal),
    labels: fromUrl(new URL(list.labels, import.meta.url).href, signal),
    bytes: list.bytes,
    mirror: false,
  });

  return {
    /** Opens MNIST or drawn digits. @param {import("./types.js").Config["data"]} source @param {boolean} [patient] whether to wait for `resume` before fetching */
    async choose(source, patient = false) {
      const list = source === "mnist" ? await site : null;
      if (!list) return void (opened === "drawn" || open("drawn"));
      const signal = open("mnist");
      const go = () => void deliver(fromSite(list, signal), signal);
      if (patient) held = go;
      else go();
    },
    /** Fetches what was held back to save data. */
    resume() {
      held?.();
      held = null;
    },
    /** Fetches MNIST from the mirror: only after the visitor's click. */
    mirror: () => void bringMirror(open("mnist", { mirror: true })),
    /** Takes the visitor's files; bad ones change nothing. @param {(File | import("./files.js").Found)[]} chosen @param {boolean} transposed */
    async take(chosen, transposed) {
      try {
        const read = await reading.read(chosen, transposed);
        if (!read) return;
        files = read.files;
        open("files", { transposed });
        for (const { code, args } of read.said)
          dispatch({ type: "note", note: { tone: "info", key: `error.${code}`, args } });
      } catch (error) {
        const { key, args } = error instanceof BadFile ? error : { key: "files.unreadable", args: {} };
        dispatch({ type: "note", note: { tone: "error", key, args, about: "files" } });
      }
    },
    /** Takes the same files again, turned the other way. @param {boolean} transposed */
    turn(transposed) {
      if (opened === "files" && files.length) void this.take(files, transposed);
    },
    /** What the worker trains on, once it does. */
    inUse: () => inUse,
    /** Opens the same digits as another feed has in use. @param {Use} use */
    follow({ source, mirror, files, transposed }) {
      if (source === "files") void this.take(files, transposed);
      else if (mirror) this.mirror();
      else void this.choose(source);
    },
    /** Forgets the worker's data set, which a restart has lost. */
    forget() {
      halt();
      opened = "";
      usable = false;
    },
    /** @param {AnyEvent} event from the worker */
    hear(event) {
      reading.hear(event);
      if (event.type === "data" && event.source === opened) {
        gate.taken(event.images * 784);
        usable ||= event.usable;
        own ||= event.usable;
        if (event.usable) inUse = opening;
      } else if (event.type === "refused" && event.command === "labels") {
        stopLabels.abort();
      } else if (event.type === "refused" && ["images", "open"].includes(event.command)) {
        // Reading on would only unpack what nobody takes: this is what bounds a gzip bomb.
        halt();
        dispatch({ type: "download", download: null });
        if (!usable && opened !== "drawn") open("drawn");
      }
    },
  };
}
