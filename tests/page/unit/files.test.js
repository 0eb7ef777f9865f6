// The visitor's own files: recognised by what they hold, and refused with one clear sentence.
import assert from "node:assert/strict";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { BadFile, pick } from "../../../www/files.js";

function images(count, size = 28, extra = 0) {
  const file = Buffer.alloc(16 + count * size * size + extra);
  [2051, count, size, size].forEach((word, i) => file.writeUInt32BE(word, 4 * i));
  return file;
}
function labels(count, value = 7) {
  const file = Buffer.alloc(8 + count, value);
  [2049, count].forEach((word, i) => file.writeUInt32BE(word, 4 * i));
  return file;
}
const blobs = (...files) => files.map((file) => new Blob([file]));
const refusal = (...files) =>
  pick(blobs(...files)).then(
    () => assert.fail("taken"),
    (error) => (assert.ok(error instanceof BadFile), error.key),
  );

test("images and labels are told apart by content, packed or not, in any order", async () => {
  const [l, i] = blobs(gzipSync(labels(40)), images(40));
  assert.deepEqual(await pick([l, i]), { images: i, labels: l, count: 40 });
  const [alone] = blobs(gzipSync(images(3)));
  assert.deepEqual(await pick([alone]), { images: alone, labels: null, count: 3 });
});

test("of training and test files the larger images go with their own labels", async () => {
  const [t10kLabels, trainImages, t10kImages, trainLabels] = blobs(
    labels(10),
    images(60),
    images(10),
    labels(60),
  );
  const found = await pick([t10kLabels, trainImages, t10kImages, trainLabels]);
  assert.deepEqual(found, { images: trainImages, labels: trainLabels, count: 60 });
});

test("each bad file has its sentence", async () => {
  assert.equal(await refusal(Buffer.from("hello, I am no IDX file")), "error.idx-magic");
  assert.equal(await refusal(Buffer.alloc(0)), "error.idx-magic");
  assert.equal(await refusal(labels(5)), "files.only-labels");
  assert.equal(await refusal(images(5, 32)), "error.idx-size");
  assert.equal(await refusal(images(0)), "error.idx-empty");
  assert.equal(await refusal(images(5).subarray(0, -1)), "error.idx-truncated");
  assert.equal(await refusal(gzipSync(images(5)).subarray(0, -12)), "error.idx-truncated");
  assert.equal(await refusal(images(5, 28, 1)), "error.idx-trailing");
  assert.equal(await refusal(images(5), labels(4)), "error.label-count");
  assert.equal(await refusal(images(5), labels(5, 10)), "error.label-value");
});

test("a gzip bomb is left as soon as it goes past its header", async () => {
  const bomb = gzipSync(Buffer.concat([images(2), Buffer.alloc(64 << 20)]));
  assert.equal(await refusal(bomb), "error.idx-trailing");
});
