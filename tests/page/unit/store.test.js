// The store's rules: what a browser's errors mean, which records can be read, which runs go to make room; and what lies in the database.
import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory, IDBKeyRange, IDBObjectStore } from "fake-indexeddb";
import { faultOf, NAME, Unkept } from "../../../www/database.js";
import { takeOver } from "../../../www/keeping-former.js";
import { createPictures } from "../../../www/sketching-kept.js";
import {
  bytesOf,
  createStore,
  FORMAT,
  listed,
  MOST_NAMELESS,
  roomNow,
  sound,
  tooMany,
} from "../../../www/store.js";

globalThis.IDBKeyRange = IDBKeyRange;

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

const scene = { curves: {}, slow: {}, losses: null, latent: [0.5], kind: 0 };
const bytesLike = (size) => Uint8Array.from({ length: size }, (_, at) => (at * 7) % 251);
const settled = (request) =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Whether a Blob is anywhere in a value. */
const holdsBlob = (value) =>
  value instanceof Blob ||
  (value !== null &&
    typeof value === "object" &&
    !ArrayBuffer.isView(value) &&
    Object.values(value).some(holdsBlob));

/** Does `act` in a browser that stores no Blob, as WebKit in a private window. */
async function withoutBlobs(act) {
  const { put } = IDBObjectStore.prototype;
  IDBObjectStore.prototype.put = function (value, ...key) {
    if (holdsBlob(value)) throw new DOMException("Error preparing Blob/File data", "UnknownError");
    return put.call(this, value, ...key);
  };
  try {
    await act();
  } finally {
    IDBObjectStore.prototype.put = put;
  }
}

test("runs and data sets are stored where the browser stores no Blob, great ones in pieces", async () => {
  await withoutBlobs(async () => {
    const store = createStore(new IDBFactory(), "me");
    for (const size of [1, 4 << 20, (9 << 20) + 5, 3]) {
      const bytes = bytesLike(size);
      const set = { files: [{ name: "x", bytes: bytesLike(40).buffer }], transposed: true };
      await store.save(record({ size, source: "files" }), scene, bytes, { set });
      const loaded = await store.load("a");
      assert.ok(Buffer.from(loaded.bytes).equals(Buffer.from(bytes)), `${size} bytes`);
      assert.deepEqual([loaded.set.files[0].bytes.byteLength, loaded.scene], [40, scene]);
    }
    await store.remove(["a"]);
    await assert.rejects(store.load("a"), { code: "gone" });
    assert.equal(await store.hasSet("f"), false);
  });
});

test("a snapshot that earlier versions stored as a Blob is read; one that is cut is not", async () => {
  const bytes = bytesLike(1000);
  const read = await bytesOf({ bytes: new Blob([bytes]) }, [], 1000);
  assert.deepEqual(read, bytes);
  assert.deepEqual(await bytesOf({}, [bytes.buffer.slice(0, 600), bytes.buffer.slice(600)], 1000), bytes);
  for (const [whole, pieces] of [
    [new Blob([bytes.slice(1)]), []],
    [undefined, [bytes.buffer.slice(0, 600)]],
    [undefined, [bytes.buffer, bytes.buffer]],
    [undefined, ["text"]],
    [7, []],
  ])
    assert.equal(await bytesOf({ bytes: whole }, pieces, 1000), null);
});

test("a page that goes stores without waiting for an answer", async () => {
  const factory = new IDBFactory();
  const store = createStore(factory, "me");
  assert.equal(store.saveAtOnce(record(), scene, bytesLike(4)), false, "it is not open yet");
  await store.save(record({ size: 9 << 20 }), scene, bytesLike(9 << 20));
  assert.equal(store.saveAtOnce(record({ step: 4 }), scene, bytesLike(4)), true);
  const { kept, bytes } = await createStore(factory, "next").load("a");
  assert.deepEqual([kept.step, kept.writer, bytes.length], [4, "me", 4]);
});

/** What a page of an earlier version kept, in the place that all copies of the page shared. */
async function former(factory, records, { blobs = true, more = [] } = {}) {
  const request = factory.open("ganvas", 1);
  request.onupgradeneeded = () => {
    for (const store of ["runs", "snapshots"]) request.result.createObjectStore(store, { keyPath: "id" });
    request.result.createObjectStore("sets");
  };
  const database = await settled(request);
  const transaction = database.transaction(["runs", "snapshots", "sets"], "readwrite");
  for (const each of [...records, ...more]) transaction.objectStore("runs").put(each);
  for (const { id, size } of records)
    transaction
      .objectStore("snapshots")
      .put({ id, scene, bytes: blobs ? new Blob([bytesLike(size)]) : bytesLike(size).buffer });
  const files = [{ name: "x", blob: new Blob([bytesLike(30)]) }];
  transaction.objectStore("sets").put({ files, transposed: true }, "f");
  await new Promise((done) => (transaction.oncomplete = done));
  return {
    left: async (store = "runs") =>
      settled(database.transaction(store).objectStore(store).getAllKeys()).then((keys) => keys.sort()),
  };
}

let names = 0;
const fresh = () => `fresh${(names += 1)}`;

test("runs of the place that all copies shared are taken over once, and nothing is lost on the way", async () => {
  const factory = new IDBFactory();
  const runs = ["a", "b", "c"].map((id) => record({ id, size: 50, source: "files", name: `run ${id}` }));
  const { left } = await former(factory, runs, { more: [{ id: "later", format: 9 }] });
  const store = createStore(factory, "me");
  // An old page trains b.
  const locks = {
    query: async () => ({ held: [{ name: "ganvas.run.b" }] }),
    request: (_, __, work) => work({}),
  };
  const busy = { ...locks, request: (_, __, work) => work(null) };
  await takeOver(factory, busy, store, fresh);
  assert.deepEqual(await left(), ["a", "b", "c", "later"], "another page is at it");
  await takeOver(factory, locks, store, fresh);
  assert.deepEqual((await store.list()).map(({ id, name }) => `${id} ${name}`).sort(), [
    "a run a",
    "c run c",
  ]);
  const { bytes, set } = await store.load("a");
  assert.deepEqual([bytes, set.files[0].bytes.byteLength, set.transposed], [bytesLike(50), 30, true]);
  assert.deepEqual(await left(), ["b", "later"]);
  assert.deepEqual(await left("sets"), ["f"], "b is on it, too");
  await takeOver(factory, undefined, store, fresh);
  assert.deepEqual([await left(), await left("sets")], [["later"], []]);
  assert.equal((await store.list()).length, 3);
});

test("a run that stands otherwise in both places is kept twice; the same one once", async () => {
  const factory = new IDBFactory();
  await former(factory, [record({ id: "a", size: 5 }), record({ id: "b", size: 5, step: 7 })]);
  const store = createStore(factory, "me");
  await store.save(record({ id: "a", size: 5 }), scene, bytesLike(5));
  await store.save(record({ id: "b", size: 5, step: 9 }), scene, bytesLike(5));
  await takeOver(factory, undefined, store, () => "other");
  const steps = (await store.list()).map(({ id, step }) => `${id} ${step}`).sort();
  assert.deepEqual(steps, ["a 3", "b 9", "other 7"]);
});

test("what cannot be stored here stays there", async () => {
  const factory = new IDBFactory();
  const { left } = await former(factory, [record({ id: "a", size: 5 }), record({ id: "b", size: 5 })]);
  const store = {
    takeIn: async () => {
      throw new Unkept("full");
    },
  };
  await assert.rejects(takeOver(factory, undefined, store, fresh), { code: "full" });
  assert.deepEqual(await left(), ["a", "b"]);
});

test("where nothing was kept before, looking for it leaves nothing behind", async () => {
  const factory = new IDBFactory();
  await takeOver(factory, undefined, {}, fresh);
  await takeOver(undefined, undefined, {}, fresh);
  assert.deepEqual(await factory.databases(), []);
});

test("the database is named by the page's folder", () => {
  assert.ok(NAME.includes(new URL("../../../www/", import.meta.url).pathname), NAME);
});

const picture = (id, more = {}) => ({
  ...{ id, name: "mine", pixels: new Uint8Array(2 * 784).fill(id), kinds: Int8Array.from([3, -1]) },
  ...{ turned: false, swapped: 0, cut: 0, beyond: 0, others: 0, skipped: 0, bad: [], left: 0, ...more },
});

test("pictures outlive the page as they were, and another tab hears of it", async () => {
  await withoutBlobs(async () => {
    const factory = new IDBFactory();
    let told = 0;
    const channel = { postMessage: () => (told += 1), onmessage: null };
    const pictures = createPictures(factory, () => {}, channel);
    assert.deepEqual(await pictures.read(), []);
    assert.equal(await pictures.write(picture(9)), true);
    await new Promise((done) => setTimeout(done, 2));
    assert.equal(await pictures.write(picture(4)), true);
    await pictures.write(picture(9, { turned: true }));
    const next = createPictures(factory, () => {}, null);
    assert.deepEqual(await next.read(), [picture(9, { turned: true }), picture(4)]);
    await pictures.remove(9);
    assert.deepEqual(await next.read(), [picture(4)]);
    assert.equal(told, 4);
    const store = createStore(factory, "me");
    await store.save(record(), scene, bytesLike(4));
    assert.deepEqual((await next.read()).length, 1, "runs and pictures are in one database");
  });
});

test("pictures that the browser does not take are said to go with the page", async () => {
  const none = createPictures(undefined, () => {}, null);
  assert.deepEqual([await none.read(), await none.write(picture(1))], [[], false]);
  await none.remove(1);
  const factory = new IDBFactory();
  const pictures = createPictures(factory, () => {}, null);
  await pictures.write(picture(1, { kinds: new Int8Array(0) }));
  assert.deepEqual(await pictures.read(), [], "what is no set is not read");
});
