// Tries a brought generator in a worker of its own, so that one that cannot be used costs the page's run nothing.
import { connect } from "./client.js";

/** @typedef {import("./types.js").Note} Note */

/** A worker that says nothing for so long has died without a word. */
const PATIENCE_MS = 30_000;

/**
 * What is wrong with a generator's file, as the worker says it; null: nothing.
 * @param {Uint8Array<ArrayBuffer>} bytes @param {import("./taking-header.js").Kept} kept @returns {Promise<Note | null>}
 */
export function tried(bytes, { recipe, seed, knobs }) {
  return new Promise((resolve) => {
    const client = connect(
      () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }),
      (event) => {
        if (event.type === "refused" && event.command !== "decode") {
          const { code, args, message } = event;
          end({ tone: "error", key: `error.${code}`, args, message });
        } else if (event.type === "pretrained") end(null);
        // What was asked last is answered: it was taken for no generator of this run.
        else if (["decoded", "refused", "crashed"].includes(event.type)) end(failed);
      },
    );
    /** @type {Note} */
    const failed = { tone: "error", key: "taking.bad.lent", args: {} };
    /** @param {Note | null} note */
    const end = (note) => {
      clearTimeout(timer);
      client.close();
      resolve(note);
    };
    const timer = setTimeout(end, PATIENCE_MS, failed);
    client.start(recipe, seed, knobs);
    client.send({ type: "pretrained", bytes });
    client.decode([]);
  });
}
