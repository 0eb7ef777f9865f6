// A part of the page that fails is said, and takes no other with it.
import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {Record<string, (event: any) => void>} */
const hears = {};
Object.assign(globalThis, {
  addEventListener: (/** @type {string} */ type, /** @type {any} */ hear) => (hears[type] = hear),
});
const { callAll, hearFailures } = await import("../../../www/failing.js");
const here = new URL("../../../www/", import.meta.url).href;

test("an error of the page's own scripts is said, one of another's is not", () => {
  /** @type {any[]} */
  const notes = [];
  hearFailures((event) => notes.push(event));
  const error = new Error("no such thing");
  hears.error({ error, message: "", filename: `${here}view/slow.js` });
  hears.error({ error: null, message: "a word", filename: `${here}main.js` });
  hears.error({ error, message: "", filename: "chrome-extension://abc/content.js" });
  hears.error({ error: null, message: "ResizeObserver loop completed", filename: here });
  error.stack = `Error: no such thing\n    at ${here}below.js:1:1`;
  hears.unhandledrejection({ reason: error });
  hears.unhandledrejection({ reason: new DOMException("gone", "AbortError") });
  hears.unhandledrejection({ reason: "a word" });
  assert.deepEqual(
    notes.map(({ note }) => [note.tone, note.key, note.args.message]),
    [
      ["error", "trouble.part", "no such thing"],
      ["error", "trouble.part", "a word"],
      ["error", "trouble.part", "no such thing"],
    ],
  );
});

test("what throws is reported, and the others are called", () => {
  /** @type {unknown[]} */
  const reported = [];
  Object.assign(globalThis, { reportError: (/** @type {unknown} */ error) => reported.push(error) });
  const called = [];
  const boom = new Error("boom");
  callAll([
    () => called.push(1),
    () => {
      throw boom;
    },
    () => called.push(2),
  ]);
  assert.deepEqual([called, reported], [[1, 2], [boom]]);
});
