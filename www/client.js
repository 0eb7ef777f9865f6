// The worker's only owner: commands go out once it is ready, events of stale runs stay out, one decode is under way at a time.

/** @typedef {import("./protocol.js").Command} Command */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */

/** The protocol this page speaks: `PROTOCOL` in crate/web/src/protocol.rs. */
export const PROTOCOL = 11;

/** What is meant for the run that is there: it carries the run's number, and the worker drops it once another run has begun. @type {Command["type"][]} */
const OF_RUN = [
  "advance",
  "assess",
  "decode",
  "decode-many",
  "directions",
  "filters",
  "inspect",
  "invert",
  "pretrained",
  "nearest",
  "return",
  "sample",
  "save",
  "school",
  "stop-inverting",
  "tune",
];

/** A worker of the build that the address asks for. */
export function summon() {
  const url = new URL("./worker.js", import.meta.url);
  const build = new URLSearchParams(location.search).get("build");
  if (build) url.searchParams.set("build", build);
  const bytes = document.querySelector('meta[name="bytes"]')?.getAttribute("content");
  if (bytes) url.searchParams.set("bytes", bytes);
  return new Worker(url, { type: "module" });
}

/**
 * @param {() => Worker} make starts a worker
 * @param {(event: AnyEvent) => void} emit hears everything that concerns the page
 */
export function connect(make, emit) {
  let ready = false;
  let worker = begin();
  /** @type {[Command, Transferable[]][]} */
  let queue = [];
  let asked = 0;
  // The worker's own first run, numbered 0, is never shown.
  let current = -1;
  let decoding = false;
  /** @type {{ latent: number[], class: number, mix: number[] } | null} */
  let newest = null;

  /** A new worker; null where the browser gives none. @returns {Worker | null} */
  function begin() {
    try {
      const made = make();
      made.onmessage = ({ data }) => made === worker && hear(data);
      made.onerror = (event) => {
        event.preventDefault?.();
        if (made === worker) broke(event.message);
      };
      made.onmessageerror = () => made === worker && broke();
      return made;
    } catch (error) {
      // Who called hears of it when it is ready to.
      queueMicrotask(() => broke(error instanceof Error ? error.message : `${error}`));
      return null;
    }
  }

  /** @param {string} [message] */
  function broke(message = "") {
    if (ready) {
      // One that threw may still train: the page would say so, over the error.
      worker?.terminate();
      worker = null;
      emit({ type: "crashed", message });
    } else emit({ type: "unstarted", message, frame: globalThis.origin === "null" });
  }

  /** @param {AnyEvent} event */
  function hear(event) {
    if (event.type === "ready") return greet(event);
    if (event.type === "started") {
      if (event.run === 0) return;
      current = event.run;
      // Latents of the run before mean nothing to this one.
      decoding = false;
      newest = null;
    } else if (event.type === "decoded" || (event.type === "refused" && event.command === "decode")) {
      decoding = false;
      decodeNewest();
    }
    const stale = "run" in event && event.type !== "refused" && event.run !== current;
    if (!stale) emit(event);
  }

  /** @param {Extract<AnyEvent, { type: "ready" }>} event */
  function greet(event) {
    if (event.protocol !== PROTOCOL) return emit({ type: "outdated" });
    ready = true;
    emit(event);
    const waiting = queue;
    queue = [];
    for (const [command, transfer] of waiting) worker?.postMessage(command, transfer);
  }

  /** @param {Command} command @param {Transferable[]} [transfer] */
  function send(command, transfer = []) {
    const message = OF_RUN.includes(command.type) && current > 0 ? { ...command, of: current } : command;
    if (ready) worker?.postMessage(message, transfer);
    else queue.push([message, transfer]);
  }

  function decodeNewest() {
    if (decoding || !newest) return;
    const wanted = newest;
    newest = null;
    decoding = true;
    send({ type: "decode", ...wanted });
  }

  return {
    send,
    /** Whether the worker is up. */
    isReady: () => ready,
    /** Whether a digit that was asked for is under way. */
    isDecoding: () => decoding,
    /** Asks for a new run and returns its number. @param {string} recipe @param {string} seed @param {Record<string, string>} knobs */
    start(recipe, seed, knobs) {
      asked += 1;
      send({ type: "start", run: asked, recipe, ...(seed ? { seed } : {}), knobs });
      return asked;
    },
    /** Says what the data set that is opened next begins with, and returns that run's number. @param {string} recipe @param {string} seed @param {Record<string, string>} knobs */
    next(recipe, seed, knobs) {
      asked += 1;
      send({ type: "next", run: asked, recipe, ...(seed ? { seed } : {}), knobs });
      return asked;
    },
    /** Goes on from a saved run, on the present data, and returns the new run's number. @param {Uint8Array<ArrayBuffer>} bytes theirs are handed over @param {number} elapsed milliseconds it had trained */
    resume(bytes, elapsed) {
      asked += 1;
      send({ type: "resume", run: asked, bytes, elapsed_ms: elapsed }, [bytes.buffer]);
      return asked;
    },
    /** Asks for the digit of `latent`; of several while one is under way only the last is sent. @param {number[]} latent @param {number} [kind] its class @param {number[]} [mix] in its place, the share of each class */
    decode(latent, kind = 0, mix = []) {
      newest = { latent, class: kind, mix };
      decodeNewest();
    },
    /** Ends the worker, and with it all that it holds. */
    close() {
      ready = false;
      worker?.terminate();
      worker = null;
    },
    /** Puts a fresh worker in the place of a broken one. */
    restart() {
      worker?.terminate();
      ready = false;
      queue = [];
      decoding = false;
      newest = null;
      current = -1;
      worker = begin();
    },
  };
}
