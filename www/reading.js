// Asks the worker which of the visitor's files make a data set, and hands over those that it wants, before any run is touched.
import { BadFile, contentsOf, headOf } from "./files.js";

/** @typedef {import("./files.js").Found} Found */
/** @typedef {Extract<import("./protocol.js").Event, { type: "identified" }>} Identified */

/** @param {Pick<ReturnType<typeof import("./client.js").connect>, "send">} client */
export function createReading(client) {
  let last = 0;
  /** @type {{ id: number, found: Found[], end(read: Identified | null): void, fail(error: unknown): void } | null} */
  let present = null;

  return {
    /**
     * The files that hold pictures and labels, and what is to be said of them; nothing where others were brought meanwhile. Throws the sentence on
     * why none can be used.
     * @param {(File | Found)[]} chosen @param {boolean} upright whether pictures that lie on their side will be turned
     */
    async read(chosen, upright) {
      const found = chosen.map((one) =>
        "path" in one ? one : { file: one, path: one.webkitRelativePath || one.name },
      );
      last += 1;
      const id = last;
      present?.end(null);
      present = null;
      const files = await Promise.all(
        found.map(async ({ file, path }) => ({ path, bytes: await headOf(file), size: file.size })),
      );
      if (id !== last) return null;
      /** @type {Identified | null} */
      const read = await new Promise((end, fail) => {
        present = { id, found, end, fail };
        client.send({ type: "identify", id, files, upright });
      });
      if (!read) return null;
      const places = [read.images, read.labels ?? []].flat();
      return { files: places.map((place) => found[place].file), said: read.said };
    },
    /** @param {import("./types.js").AnyEvent} event from the worker */
    hear(event) {
      const asked = present;
      if (!asked || !("id" in event) || event.id !== asked.id) return;
      if (event.type === "wanted") {
        contentsOf(asked.found[event.file].file, event.most).then(
          (bytes) =>
            client.send({ type: "whole-file", id: asked.id, file: event.file, bytes }, [bytes.buffer]),
          asked.fail,
        );
      } else if (event.type === "identified") {
        present = null;
        asked.end(event);
      } else if (event.type === "unreadable") {
        present = null;
        asked.fail(new BadFile(`error.${event.code}`, event.args));
      }
    },
  };
}
