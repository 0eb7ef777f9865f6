// Digits as people have them, opened in the page: each is taken, or refused with one sentence, and the run stays as it was.
import assert from "node:assert/strict";
import { test } from "node:test";
import { deflateRawSync, gzipSync } from "node:zlib";
import { crc32, zip } from "../../../www/taking-zip.js";
import { file, images, labels } from "./idx.js";
import { noted, ready, root, stepTo, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */
/** @typedef {ReturnType<typeof file>} Brought */

/** @param {Page} page @param {Brought[]} files */
const open = (page, files) => page.locator("#files").setInputFiles(files);

/** A zip of files. @param {Record<string, Buffer>} files */
const zipped = (files) =>
  Buffer.concat(
    zip(
      Object.entries(files).map(([name, bytes]) => ({ name, bytes: new Uint8Array(bytes) })),
      new Date(),
    ),
  );

/** @param {string} shape @param {Buffer} body */
function npy(shape, body) {
  const head = `{'descr': '|u1', 'fortran_order': False, 'shape': ${shape}, }`.padEnd(117) + "\n";
  return Buffer.concat([Buffer.from("\x93NUMPY\x01\0\x76\0", "latin1"), Buffer.from(head), body]);
}

/** As bgzip packs: a member with an extra field, and an empty one at the end. @param {Buffer} data */
function bgzip(data) {
  const body = deflateRawSync(data);
  const head = Buffer.from("1f8b08040000000000ff0600424302000000", "hex");
  const tail = Buffer.alloc(8);
  tail.writeUInt32LE(crc32(data), 0);
  tail.writeUInt32LE(data.length, 4);
  const end = Buffer.from("1f8b08040000000000ff0600424302001b0003000000000000000000", "hex");
  return Buffer.concat([head, body, tail, end]);
}

/** @param {number} count */
const body = (count) => images(count).subarray(16);

/** @param {number} count */
const table = (count) =>
  Array.from({ length: count }, (_, i) =>
    [i % 10, ...body(count).subarray(i * 784, (i + 1) * 784)].join(","),
  ).join("\n");

/** Files, how many digits they give, and whether with labels; each another number, so that each is seen to arrive. @type {[string, Brought[], number, boolean][]} */
const TAKEN = [
  [
    "gzip of two members",
    [
      file(
        "a.gz",
        Buffer.concat([gzipSync(images(41).subarray(0, 999)), gzipSync(images(41).subarray(999))]),
      ),
    ],
    41,
    false,
  ],
  ["bgzip", [file("a-images.gz", bgzip(images(42))), file("a-labels.gz", bgzip(labels(42)))], 42, true],
  [
    "names with dots and copies",
    [file("train-images.idx3-ubyte", images(43)), file("train-labels.idx1-ubyte (1)", labels(43))],
    43,
    true,
  ],
  [
    "a zip of IDX",
    [
      file(
        "archive.zip",
        zipped({ "m/train-images.idx3-ubyte": images(44), "m/train-labels.idx1-ubyte": labels(44) }),
      ),
    ],
    44,
    true,
  ],
  ["rows of NumPy", [file("cat.npy", npy("(45, 784)", body(45)))], 45, false],
  ["an .npz", [file("kmnist.npz", zipped({ "arr_0.npy": npy("(46, 28, 28)", body(46)) }))], 46, false],
  ["a table", [file("train.csv", Buffer.from(table(47)))], 47, true],
  [
    "a read-me beside",
    [
      file("README.md", Buffer.from("# digits")),
      file("i-idx3-ubyte", images(48)),
      file("l-idx1-ubyte", labels(48)),
    ],
    48,
    true,
  ],
  [
    "an empty twin beside",
    [file("i-idx3-ubyte.gz", Buffer.alloc(0)), file("i-idx3-ubyte", images(49))],
    49,
    false,
  ],
];

test("data sets of every habit are taken", async () => {
  await visit({ hash: "#recipe=gan&seed=5&batch=16" }, async ({ page }) => {
    await ready(page);
    for (const [what, files, count, labelled] of TAKEN) {
      await open(page, files);
      const data = await until(page, (data) => data.source === "files" && Number(data.images) === count);
      assert.equal(Number(data.step), 0, what);
      const says = page.locator("#data-text");
      assert.equal(/label/.test((await says.textContent()) ?? ""), labelled, what);
      assert.equal(await page.locator("#notes .note.error").count(), 0, what);
    }
    await stepTo(page, 1);
  });
});

test("EMNIST's letters come without labels, and the page says how they are turned", async () => {
  await visit({ hash: "#recipe=gan&seed=5&batch=16" }, async ({ page }) => {
    await ready(page);
    const marks = labels(50).map((byte, i) => (i < 8 ? byte : 1 + (i % 26)));
    await open(page, [
      file("emnist-letters-mapping.txt", Buffer.from("1 65 97\n")),
      file("emnist-letters-train-images-idx3-ubyte.gz", gzipSync(images(50))),
      file("emnist-letters-train-labels-idx1-ubyte.gz", gzipSync(marks)),
    ]);
    await page.locator("#notes p", { hasText: /go from 1 to 26/ }).waitFor();
    await page.locator("#notes p", { hasText: /Turn upright/ }).waitFor();
    await until(page, (data) => Number(data.images) === 50);
    const turn = page.getByLabel("Turn upright (EMNIST)");
    assert.ok(await turn.isVisible());
    await turn.check();
    await until(page, (data) => Number(data.images) === 50 && data.phase === "ready");
  });
});

/** Files that are refused, and what the sentence must say. @type {[string, Buffer, RegExp][]} */
const REFUSED = [
  ["x.gz", Buffer.from("<!DOCTYPE html><html>503"), /web page/],
  ["x.parquet", Buffer.from("PAR1....PAR1"), /Parquet/],
  ["x.mat", Buffer.from("MATLAB 5.0 MAT-file, Platform"), /MATLAB/],
  ["x.bz2", Buffer.from("BZh91AY&SY"), /bzip2/],
  ["x.heic", Buffer.from("\0\0\0\x24ftypheic\0\0\0\0mif1", "latin1"), /HEIC/],
  ["little", images(5, { magic: 0x03080000 }), /little-endian/],
  ["wrapped", images(5, { declared: 3 }), /holds 5/],
  ["labels", labels(5), /labels only/],
];

test("what cannot be taken is named with what to do", async () => {
  await visit({ hash: "#recipe=gan&seed=5&batch=16" }, async ({ page }) => {
    await ready(page);
    const before = await stepTo(page, 2);
    for (const [name, bytes, pattern] of REFUSED) {
      await open(page, [file(name, bytes)]);
      await noted(page, pattern);
      const { step, digest, source } = await root(page);
      assert.deepEqual([step, digest, source], [before.step, before.digest, before.source], name);
    }
    await stepTo(page, 3);
  });
});
