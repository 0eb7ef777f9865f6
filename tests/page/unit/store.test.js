// The store's rules: what a browser's errors mean, which records can be read, which runs go to make room. The store itself is tried in a browser.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  createStore,
  faultOf,
  FORMAT,
  listed,
  MOST_NAMELESS,
  roomNow,
  sound,
  tooMany,
  Unkept,
} from "../../../www/store.js";

const record = (more = {}) => ({
  ...{
    id: "a",
    format: FORMAT,
    name: "",
    recipe: "gan",
    seed: 7,
    knobs: {},
    build: "simd128",
    step: 3,
    digest: "",
  },
  ...{
    elapsed: 5,
    date: 9,
    source: "mnist",
    data: "f",
    size: 4,
    picture: new Uint8Array(0),
    writer: "w",
    ...more,
  },
});

test("errors of browsers by what they mean", () => {
  const code = (name, otherwise) => faultOf(new DOMException("", name), otherwise).code;
  assert.equal(code("QuotaExceededError"), "full");
  assert.equal(code("VersionError"), "newer");
  assert.equal(code("InvalidStateError"), "gone");
  assert.equal(code("NotReadableError"), "corrupt");
  assert.equal(code("UnknownError"), "failed");
  assert.equal(code("SecurityError", "forbidden"), "forbidden");
  assert.equal(faultOf(null).code, "failed");
  const own = new Unkept("taken");
  assert.equal(faultOf(own), own);
});

test("a record that is damaged or newer is listed as such, and breaks nothing", () => {
  assert.ok(sound(record()));
  for (const bad of [
    null,
    {},
    7,
    record({ format: FORMAT + 1 }),
    record({ step: NaN }),
    record({ picture: [] }),
  ]) {
    assert.ok(!sound(bad));
    const shown = listed(bad, new Set());
    assert.equal(shown.broken, true);
    assert.ok(Number.isFinite(shown.date) && Number.isFinite(shown.size));
  }
  assert.equal(listed(record(), new Set()).broken, undefined);
});

test("a run on files needs them again where they are not kept", () => {
  assert.equal(listed(record({ source: "files" }), new Set(["f"])).needy, false);
  assert.equal(listed(record({ source: "files" }), new Set(["g"])).needy, true);
  assert.equal(listed(record(), new Set()).needy, false);
});

test("of nameless runs the oldest go, never the present one nor one with a name", () => {
  const runs = [1, 2, 3, 4, 5, 6, 7].map((date) => ({ id: `${date}`, name: date === 1 ? "mine" : "", date }));
  assert.deepEqual(tooMany(runs, "7").sort(), ["2"]);
  assert.deepEqual(tooMany(runs, "2").sort(), ["3"]);
  assert.deepEqual(tooMany(runs.slice(0, MOST_NAMELESS), "5"), []);
});

test("a browser that forbids storage says so, however it does", async () => {
  const failing = () => {
    const request = { error: new DOMException("", "UnknownError") };
    queueMicrotask(() => request.onerror());
    return request;
  };
  const throwing = () => {
    throw new DOMException("", "SecurityError");
  };
  for (const factory of [undefined, { open: failing }, { open: throwing }])
    await assert.rejects(createStore(factory, "me").open(), { code: "forbidden" });
  const newer = () => {
    const request = { error: new DOMException("", "VersionError") };
    queueMicrotask(() => request.onerror());
    return request;
  };
  await assert.rejects(createStore({ open: newer }, "me").list(), { code: "newer" });
});

test("room, where the browser tells it", async () => {
  const says = (estimate) => roomNow({ estimate: async () => estimate });
  assert.deepEqual(await says({ usage: 1, quota: 2 }), { usage: 1, quota: 2 });
  assert.equal(await says({}), null);
  assert.equal(await roomNow(null), null);
});
