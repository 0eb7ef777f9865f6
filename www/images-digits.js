// Pictures become digits in an engine of their own, so that the run that trains meanwhile is neither held up nor at risk.
import { connect } from "./client.js";

/** @typedef {import("./protocol.js").Picture} Picture */
/** @typedef {import("./protocol.js").Classes} Classes */

/** The engine that makes digits has stopped: that says nothing of a picture. */
export class Stopped extends Error {}

/** @param {() => Worker} [make] starts a worker */
export function createDigitiser(
  make = () => new Worker(new URL("./worker.js", import.meta.url), { type: "module" }),
) {
  let asked = 0;
  let over = false;
  /** Who waits for an answer. @type {Map<number, { done(answer: any): void, failed(error: Error): void }>} */
  const waiting = new Map();
  const client = connect(make, (event) => {
    if (event.type === "picture" || event.type === "classes") {
      waiting.get(event.id)?.done(event);
      waiting.delete(event.id);
    } else if (["refused", "crashed", "unsupported", "outdated"].includes(event.type)) end();
  });

  /** Nobody waits in vain. */
  function end() {
    over = true;
    client.close();
    for (const { failed } of waiting.values()) failed(new Stopped());
    waiting.clear();
  }

  /** @param {(id: number) => void} send */
  const ask = (send) =>
    new Promise((done, failed) => {
      if (over) return void failed(new Stopped());
      asked += 1;
      waiting.set(asked, { done, failed });
      send(asked);
    });

  return {
    /** The digits of a picture; its bytes are handed over. @param {Uint8Array<ArrayBuffer>} bytes red, green, blue and opacity @param {number} width @param {number} height @returns {Promise<Picture>} */
    digits: (bytes, width, height) =>
      ask((id) => client.send({ type: "picture", id, width, height, bytes }, [bytes.buffer])),
    /** The classes of pictures by their folders. @param {string[]} paths @returns {Promise<Classes>} */
    classes: (paths) => ask((id) => client.send({ type: "classes", id, paths })),
    close: end,
  };
}
