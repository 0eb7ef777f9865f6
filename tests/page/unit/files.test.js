// The visitor's own files as bytes: unpacked whatever way they were packed, as far as they are whole, and never beyond bounds.
import assert from "node:assert/strict";
import { test } from "node:test";
import { crc32, deflateRawSync, gzipSync } from "node:zlib";
import * as fflate from "fflate";
import { pour, fromBlob } from "../../../www/data.js";
import { BadFile, contentsOf, headOf, leaves } from "../../../www/files.js";
import { createReading } from "../../../www/reading.js";
import { library } from "../../../www/unpacking.js";

library.load = async () => /** @type {any} */ (fflate);

const noise = (length) => Buffer.from(Uint8Array.from({ length }, (_, i) => (i * i * 31 + (i >> 5)) & 255));
const MANY = 1e9;
const unpacked = async (bytes, most = MANY) => Buffer.from(await contentsOf(new Blob([bytes]), most));

/** As samtools' bgzip writes: members of at most 64 KiB with an extra field, and an empty one at the end. */
function bgzip(data) {
  const parts = [];
  for (let at = 0; at < data.length; at += 65280) {
    const part = data.subarray(at, at + 65280);
    const body = deflateRawSync(part);
    const head = Buffer.from("1f8b08040000000000ff0600424302000000", "hex");
    head.writeUInt16LE(body.length + 25, 16);
    const tail = Buffer.alloc(8);
    tail.writeUInt32LE(crc32(part), 0);
    tail.writeUInt32LE(part.length, 4);
    parts.push(head, body, tail);
  }
  const end = Buffer.from("1f8b08040000000000ff0600424302001b0003000000000000000000", "hex");
  return Buffer.concat([...parts, end]);
}

test("gzip of one member or many gives the same bytes", async () => {
  const data = noise(200_000);
  const three = [data.subarray(0, 16), data.subarray(16, 70_000), data.subarray(70_000)];
  assert.deepEqual(await unpacked(data), data);
  assert.deepEqual(await unpacked(gzipSync(data)), data);
  assert.deepEqual(await unpacked(Buffer.concat(three.map((part) => gzipSync(part)))), data);
  assert.deepEqual(await unpacked(bgzip(data)), data);
  assert.deepEqual(Buffer.from(await headOf(new Blob([bgzip(data)]))), data.subarray(0, 1024));
  const short = Buffer.concat(three.map((part) => gzipSync(part)));
  assert.deepEqual(Buffer.from(await headOf(new Blob([short]))), data.subarray(0, 1024));
});

test("of gzip that is cut or damaged the bytes before that are given", async () => {
  const data = noise(200_000);
  const packed = gzipSync(data);
  for (const broken of [packed.subarray(0, -12), packed.subarray(0, packed.length >> 1)]) {
    const some = await unpacked(broken);
    assert.ok(some.length > 0 && some.length <= data.length);
    assert.deepEqual(some, data.subarray(0, some.length));
  }
  assert.equal((await unpacked(packed.subarray(0, 5))).length, 0);
  assert.deepEqual(await unpacked(Buffer.concat([packed, Buffer.alloc(9)])), data, "zeros after it");
});

test("no more is unpacked than is asked for", async () => {
  const bomb = gzipSync(Buffer.alloc(64 << 20));
  assert.equal((await unpacked(bomb, 1000)).length, 1000);
  assert.equal((await unpacked(noise(5000), 1000)).length, 1000);
});

test("a stream of several members arrives whole, each byte once", async () => {
  const data = noise(900_000);
  const packed = Buffer.concat([gzipSync(data.subarray(0, 300_001)), gzipSync(data.subarray(300_001))]);
  for (const bytes of [packed, bgzip(data)]) {
    const got = [];
    const sent = await pour(fromBlob(new Blob([bytes])), (part) => void got.push(part), {
      wait: async () => {},
    });
    assert.equal(sent, data.length);
    assert.deepEqual(Buffer.concat(got), data);
  }
});

test("a zip is its files, each with its path", async () => {
  const bytes = fflate.zipSync({
    "mnist/0/a.png": noise(30),
    "mnist/b.txt": [noise(70_000), { level: 0 }],
    "__MACOSX/mnist/0/._a.png": noise(4),
    "mnist/.DS_Store": noise(4),
  });
  const other = new File([noise(9)], "c.idx");
  const hidden = { count: 0 };
  const brought = [
    { file: new File([bytes], "x.zip"), path: "in/x.zip" },
    { file: other, path: "c.idx" },
  ];
  const found = await leaves(brought, hidden);
  assert.equal(hidden.count, 2, "what a system hides is passed over and counted");
  assert.deepEqual(
    found.map(({ path, file }) => [path, file.name, file.size]),
    [
      ["in/x.zip/mnist/0/a.png", "a.png", 30],
      ["in/x.zip/mnist/b.txt", "b.txt", 70_000],
      ["c.idx", "c.idx", 9],
    ],
  );
  assert.deepEqual(Buffer.from(await found[1].file.arrayBuffer()), noise(70_000));
});

test("a zip with the separators of Windows has the same folders", async () => {
  const bytes = fflate.zipSync({
    "mnist\\3\\a.png": Buffer.from("a"),
    "mnist\\3\\": new Uint8Array(0),
    "__MACOSX\\mnist\\._a.png": Buffer.from("b"),
  });
  const found = await leaves([{ file: new File([bytes], "x.zip"), path: "x.zip" }]);
  assert.deepEqual(
    found.map(({ file, path }) => [path, file.name]),
    [["x.zip/mnist/3/a.png", "a.png"]],
  );
});

test("a zip that is damaged stays as it is, and one that declares too much is refused", async () => {
  const one = { file: new File(["PK\x03\x04 and so on"], "x.zip"), path: "x.zip" };
  assert.deepEqual(await leaves([one]), [one]);
  const large = Buffer.from(fflate.zipSync({ a: noise(30) }));
  const list = large.indexOf(Buffer.from("PK\x01\x02"));
  large.writeUInt32LE(0x7fffffff, list + 24);
  await assert.rejects(leaves([{ file: new File([large], "x.zip"), path: "x.zip" }]), BadFile);
});

/** A worker that wants each file in turn, and then has read it all. */
function conversation(answers) {
  const sent = [];
  const reading = createReading({
    send: (command) => {
      sent.push(command);
      queueMicrotask(() => {
        const event = answers[sent.length - 1];
        if (event) reading.hear({ id: command.id, ...event });
      });
    },
  });
  return { reading, sent };
}

test("the worker is shown each file's first bytes, and given what it wants", async () => {
  const { reading, sent } = conversation([
    { type: "wanted", file: 1, most: 2000 },
    {
      type: "identified",
      images: 1,
      labels: 0,
      said: [{ code: "scaled", args: { side: "16" }, message: "" }],
    },
  ]);
  const [labels, images] = [new File([gzipSync(noise(10))], "l.gz"), new File([noise(5000)], "i")];
  const read = await reading.read([labels, { file: images, path: "raw/i" }], true);
  assert.deepEqual([read?.files, read?.said[0].code], [[images, labels], "scaled"]);
  assert.deepEqual(
    [sent[0].type, sent[0].upright, sent[0].files.map(({ path, bytes }) => [path, bytes.length])],
    [
      "identify",
      true,
      [
        ["l.gz", 10],
        ["raw/i", 1024],
      ],
    ],
  );
  assert.deepEqual([sent[1].type, sent[1].file, sent[1].bytes.length], ["whole-file", 1, 2000]);
});

test("what cannot be read is the worker's sentence; what others took the place of is nothing", async () => {
  const refused = conversation([
    { type: "unreadable", code: "file-empty", args: { name: "x" }, message: "" },
  ]);
  await assert.rejects(refused.reading.read([new File([], "x")], false), (error) => {
    assert.ok(error instanceof BadFile);
    return error.key === "error.file-empty" && error.args.name === "x";
  });
  const { reading } = conversation([null, { type: "identified", images: 0, labels: null, said: [] }]);
  const first = reading.read([new File(["a"], "a")], false);
  await new Promise((done) => setTimeout(done, 20));
  const second = reading.read([new File(["b"], "b")], false);
  assert.equal(await first, null);
  assert.equal((await second)?.files[0].name, "b");
});
