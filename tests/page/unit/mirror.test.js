// MNIST from its mirror: nothing of it is used before its sums are right.
import assert from "node:assert/strict";
import { createHash, webcrypto } from "node:crypto";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { createFeed } from "../../../www/feed.js";
import { fetchChecked } from "../../../www/mirror.js";
import { initial, reduce } from "../../../www/state.js";
import { now as said } from "../../../www/view/status.js";

/** An IDX file of digits. @param {number} count @param {number} kind */
function idx(count, kind) {
  const size = kind === 2051 ? 784 : 1;
  const words = kind === 2051 ? [kind, count, 28, 28] : [kind, count];
  const file = Buffer.alloc(4 * words.length + count * size, 7);
  words.forEach((word, i) => file.writeUInt32BE(word, 4 * i));
  return file;
}
const FILES = { "images.gz": idx(40, 2051), "labels.gz": idx(40, 2049) };
const base = "https://mirror.test/at@commit/";
const published = (name) => ({
  name,
  sha256: createHash("sha256").update(FILES[name]).digest("hex"),
  size: FILES[name].length,
});
const mirror = { base, images: published("images.gz"), labels: published("labels.gz") };

/** A network on which some files are others. @param {Record<string, Buffer>} [other] */
const network = (other = {}) => {
  const asked = [];
  const get = async (url) => {
    asked.push(`${url}`);
    if (`${url}`.endsWith("data/sources.json")) return Response.json({ mnist: null, mirror });
    return new Response(gzipSync({ ...FILES, ...other }[`${url}`.slice(base.length)]));
  };
  return { get, asked };
};
const bring = (other, subtle = webcrypto.subtle) =>
  fetchChecked(mirror, new AbortController().signal, () => {}, {
    get: network(other).get,
    subtle,
    wait: async () => {},
  });

test("what the sums say is MNIST is brought whole", async () => {
  const { images, labels, unchecked } = await bring();
  assert.deepEqual([images.size, labels.size, unchecked], [FILES["images.gz"].length, 48, false]);
});

test("one other byte, in pictures or labels, is found out", async () => {
  for (const name of ["images.gz", "labels.gz"]) {
    const other = Buffer.from(FILES[name]);
    other[other.length - 1] ^= 1;
    const { got, expected, ...wrong } = await bring({ [name]: other });
    assert.deepEqual([wrong, expected], [{ name }, published(name).sha256]);
    assert.notEqual(got, expected);
  }
});

test("a file of another length is none, and one without end is not taken in", async () => {
  assert.ok("got" in (await bring({ "labels.gz": idx(39, 2049) })));
  await assert.rejects(bring({ "images.gz": idx(90, 2051) }), /too long/);
});

test("where the browser has no sums, it is brought as what nobody has checked", async () => {
  const { unchecked } = await fetchChecked(mirror, new AbortController().signal, () => {}, {
    get: network().get,
  });
  assert.equal(unchecked, true);
});

/** A page whose visitor asks for the mirror: what its worker is sent and what it says. @param {Record<string, Buffer>} [other] */
async function asks(other) {
  const { get, asked } = network(other);
  const fetch = globalThis.fetch;
  globalThis.fetch = get;
  const [sent, told] = [[], []];
  try {
    let done;
    const ended = new Promise((resolve) => (done = resolve));
    const client = {
      send(command) {
        sent.push(command);
        if (command.type === "close" || command.source === "drawn") setTimeout(done);
      },
    };
    const feed = createFeed(
      client,
      (event) => told.push(event),
      () => {},
    );
    feed.mirror();
    await ended;
  } finally {
    globalThis.fetch = fetch;
  }
  return { sent, told, asked };
}

test("the page hands on what is MNIST, and asks the commit that the site names", async () => {
  const { sent, asked, told } = await asks();
  assert.deepEqual(
    sent.map(({ type }) => type),
    ["open", "labels", "images", "close"],
  );
  assert.ok(asked.includes(`${base}images.gz`));
  assert.equal(told.at(-1).download.state, "done");
});

test("of what is not MNIST nothing reaches the worker, and a sentence says so", async () => {
  const other = idx(40, 2051).fill(9, 100);
  const { sent, told } = await asks({ "images.gz": other });
  assert.deepEqual(
    sent.map(({ type, source }) => [type, source]),
    [
      ["open", "mnist"],
      ["open", "drawn"],
    ],
  );
  const { note } = told.find(({ type }) => type === "note");
  assert.deepEqual([note.key, note.args.name], ["data.wrong", "images.gz"]);
});

test("what nobody could check is called so while it is trained on", () => {
  const set = { source: "mnist", images: 9, total: 9, labels: 9, usable: true, complete: true };
  const download = { received: 9, total: 9, state: "done", mirror: true, unchecked: true };
  let state = { ...initial(), run: { run: 1 }, phase: "training" };
  state = reduce(state, { type: "data", ...set });
  assert.deepEqual(said(state), ["status.training.mnist"]);
  state = reduce(reduce(state, { type: "download", download }), { type: "data", ...set });
  assert.deepEqual(said(state), ["status.training.unchecked"]);
  state = reduce(reduce(state, { type: "opening" }), { type: "download", download: null });
  assert.equal(state.unchecked, true, "until another set is in");
  assert.equal(reduce(state, { type: "data", ...set, source: "drawn" }).unchecked, false);
});
