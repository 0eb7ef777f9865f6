// The dataset stream: what counts as gzip, what happens when it breaks, and how far it runs ahead.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { createGate, declaredBytes, Final, fromUrl, pour } from "../../../www/data.js";

/** An IDX file of `count` images of noise, which hardly packs. */
function idx(count) {
  const file = Buffer.alloc(16 + count * 784);
  [2051, count, 28, 28].forEach((word, i) => file.writeUInt32BE(word, 4 * i));
  let word = 1;
  for (let i = 16; i < file.length; i += 1) {
    word = (Math.imul(word, 1664525) + 1013904223) >>> 0;
    file[i] = word >>> 24;
  }
  return file;
}

/** A body that comes in pieces and breaks after `until` bytes. */
function body(bytes, until = Infinity, piece = 1000) {
  let at = 0;
  return new ReadableStream({
    pull(controller) {
      if (at >= until) return controller.error(new TypeError("network error"));
      if (at >= bytes.length) return controller.close();
      const end = Math.min(at + piece, until, bytes.length);
      controller.enqueue(new Uint8Array(bytes.subarray(at, end)));
      at = end;
    },
  });
}

const opener = (bytes, ...breaks) => {
  const open = async () => ({ body: body(bytes, breaks[open.times++] ?? Infinity), total: bytes.length });
  open.times = 0;
  return open;
};
const wait = async () => {};
async function collect(open, options = {}) {
  const parts = [];
  const done = pour(open, (bytes) => void parts.push(bytes), { wait, ...options });
  const error = await done.then(
    () => null,
    (reason) => reason,
  );
  return { bytes: Buffer.concat(parts), error };
}

test("the first two bytes decide whether it is gzip", async () => {
  const file = idx(700);
  for (const bytes of [file, gzipSync(file)]) {
    const { bytes: got, error } = await collect(opener(bytes));
    assert.equal(error, null);
    assert.ok(got.equals(file));
  }
});

test("one byte at a time is as good as any other cut", async () => {
  const file = idx(3);
  const { bytes } = await collect(async () => ({ body: body(gzipSync(file), Infinity, 1), total: 0 }));
  assert.ok(bytes.equals(file));
});

test("a broken stream is opened again and loses and repeats nothing", async () => {
  const file = idx(2000);
  for (const packed of [file, gzipSync(file)]) {
    const open = opener(packed, packed.length * 0.3, packed.length * 0.2, packed.length * 0.7);
    const told = [];
    const { bytes, error } = await collect(open, { progress: (...what) => told.push(what) });
    assert.equal(error, null);
    assert.ok(bytes.equals(file));
    assert.equal(open.times, 4);
    assert.equal(told.filter(([, , retrying]) => retrying).length, 3);
  }
});

test("tries are counted from the last progress", async () => {
  const file = idx(2000);
  const open = opener(file, 0, 0, 0, 600_000, 0, 0);
  const { bytes, error } = await collect(open);
  assert.equal(error, null);
  assert.ok(bytes.equals(file));
  const never = opener(file, 0, 0, 0, 0, 0);
  assert.ok((await collect(never)).error);
  assert.equal(never.times, 4);
});

test("a file cut short is tried again, then what is there is kept", async () => {
  const whole = idx(1000);
  for (const cut of [whole.subarray(0, 500_000), gzipSync(whole).subarray(0, 300_000)]) {
    const { bytes, error } = await collect(opener(cut));
    assert.ok(error);
    assert.ok(bytes.length > 200_000 && bytes.length < whole.length);
    assert.ok(whole.subarray(0, bytes.length).equals(bytes));
  }
});

test("what the server denies is not asked for again", async () => {
  let asked = 0;
  const get = async () => (asked++, new Response("", { status: 404 }));
  const { error } = await collect(fromUrl("http://site/x", new AbortController().signal, get));
  assert.ok(error instanceof Final);
  assert.equal(asked, 1);
});

test("an abort stops reading: a gzip bomb ends where the worker refuses it", async () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  const stop = new AbortController();
  let taken = 0;
  const sink = (bytes) => {
    taken += bytes.length;
    if (taken > 1 << 20) stop.abort();
  };
  await assert.rejects(pour(opener(bomb), sink, { signal: stop.signal, wait }));
  assert.ok(taken < 4 << 20);
});

test("the header says how long a file is", () => {
  assert.equal(declaredBytes(idx(5)), 16 + 5 * 784);
  assert.equal(declaredBytes(new Uint8Array([1, 2, 3])), 0);
  assert.equal(declaredBytes(new Uint8Array([0, 0, 8, 1, 0, 0, 0, 9])), 17);
});

test("a sender waits while too much is under way", async () => {
  const gate = createGate(100, 60_000);
  gate.sent(100);
  await gate.room();
  gate.sent(1);
  let through = false;
  const room = gate.room().then(() => (through = true));
  gate.taken(0);
  await Promise.resolve();
  assert.equal(through, false);
  gate.taken(1);
  await room;
});
