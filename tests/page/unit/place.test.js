// What is kept under the page's folder: two copies on one origin do not share it, and what an earlier version kept is taken over.
import assert from "node:assert/strict";
import { test } from "node:test";
import { FOLDER, keep, placed, recall } from "../../../www/place.js";
import { createShelf } from "../../../www/sketching-own.js";

/** A browser's storage. @param {Record<string, string>} first @param {number} most characters */
function storage(first = {}, most = Infinity) {
  const all = new Map(Object.entries(first));
  globalThis.localStorage = {
    getItem: (key) => all.get(key) ?? null,
    setItem(key, value) {
      if (value.length > most) throw new DOMException("", "QuotaExceededError");
      all.set(key, value);
    },
    removeItem: (key) => all.delete(key),
  };
  return all;
}

test("names hold the page's folder", () => {
  assert.match(FOLDER, /\/www\/$/);
  for (const what of ["lang", "pins", "run "]) assert.ok(placed(what).includes(` ${FOLDER} `));
});

test("what an earlier version kept is read once, and stays there for other copies", () => {
  const all = storage({ "ganvas.lang": "zh" });
  assert.equal(recall("lang"), "zh");
  assert.equal(keep("lang", "en"), true);
  assert.equal(recall("lang"), "en");
  assert.equal(all.get("ganvas.lang"), "zh");
  assert.equal(recall("keys"), null);
});

test("drawings that were taken out do not come back from where an earlier version kept them", () => {
  globalThis.addEventListener ??= () => {};
  const digit = { id: 1, kind: 3, pixels: new Uint8Array(784).fill(9) };
  storage();
  const shelf = createShelf(() => {});
  shelf.write([digit]);
  const text = localStorage.getItem(placed("digits"));
  storage({ "ganvas.digits": text });
  assert.deepEqual(shelf.read(), [digit]);
  assert.equal(shelf.write([]), true);
  assert.deepEqual(shelf.read(), []);
});

test("where nothing can be stored, what an earlier version kept is read all the same", () => {
  storage({ "ganvas.keys": "off" }, 1);
  assert.equal(recall("keys"), "off");
  assert.equal(keep("lang", "en"), false);
  globalThis.localStorage = undefined;
  assert.equal(recall("keys"), null);
});
