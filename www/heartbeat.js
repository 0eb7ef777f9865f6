// Whether the worker still answers: one can die without a word, and then nothing else would say so.

/** How often it is asked for a sign of life. */
const EVERY_MS = 3000;
/** After how long without one the reader is told: a step of a very large net takes seconds, too. */
const LIMIT_MS = 12_000;
const KEY = "trouble.silent";

/** @param {Pick<import("./types.js").Page, "act" | "now" | "client">} run */
export function createHeartbeat({ act, now, client }) {
  /** When the sign of life was asked for that has not come. @type {number | null} */
  let asked = null;
  let last = performance.now();

  function beat() {
    const time = performance.now();
    // A hidden page's clock is slowed, a sleeping machine's stands still: that says nothing of the worker.
    const away = document.hidden || time - last > 2 * EVERY_MS;
    last = time;
    const { trouble } = now();
    if (away || !client.isReady() || (trouble && trouble.key !== KEY)) asked = null;
    else if (asked === null) {
      asked = time;
      client.send({ type: "ping" });
    } else if (time - asked >= LIMIT_MS && !trouble) act({ type: "silent", seconds: LIMIT_MS / 1000 });
  }
  const timer = setInterval(beat, EVERY_MS);

  const answered = () => void (asked = null);
  return {
    views: [],
    reduce: reduceHeartbeat,
    effects: { pong: answered, restart: answered },
    /** Asks no more. */
    end: () => clearInterval(timer),
  };
}

/** The run is left as it is: the worker may yet answer. @param {import("./types.js").State} state @param {import("./types.js").AnyEvent} event */
export function reduceHeartbeat(state, event) {
  if (event.type === "silent")
    return {
      ...state,
      trouble: { key: KEY, args: { seconds: event.seconds }, remedy: /** @type {const} */ ("restart") },
    };
  return event.type === "pong" && state.trouble?.key === KEY ? { ...state, trouble: null } : state;
}
