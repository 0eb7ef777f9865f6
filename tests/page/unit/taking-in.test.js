// What is brought is known by its first bytes and its header, however hostile; curves come back as the numbers they were.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { deflateRawSync, gzipSync } from "node:zlib";
import { extend, noCurves, upTo } from "../../../www/curves.js";
import { BadFile, headOf } from "../../../www/files.js";
import { initial } from "../../../www/state.js";
import { HEADER, fromCsv, toCsv } from "../../../www/taking-csv.js";
import { headerBytes, isSafetensors, MOST_FILE, readHeader, shown } from "../../../www/taking-header.js";
import { decide, kindOf } from "../../../www/taking-kind.js";
import { reduce as reduceTaking } from "../../../www/taking.js";

const bytesOf = (text) => new TextEncoder().encode(text);

/** The key of the sentence that refuses, with what it names. */
function refusal(act) {
  try {
    act();
  } catch (error) {
    assert.ok(error instanceof BadFile, error);
    return [error.key.replace("taking.bad.", ""), error.args];
  }
  assert.fail("taken");
}

/** Curves of a point a step. */
const curves = (from, to, onto = noCurves()) =>
  extend(
    onto,
    Array.from({ length: to - from }, (_, i) => [from + i + 1, 0.5, 0.25, 1 / 3, 0, 2, 3]).flat(),
    from * 10,
    to * 10,
  );

test("the table of curves has each point once, on its branch, and is read back to the same numbers", () => {
  // To step 5, back to 2, to 4, back to 1, to 3.
  const first = curves(0, 5);
  const second = curves(2, 4, upTo(first, 2));
  const third = curves(1, 3, upTo(second, 1));
  const forks = [
    { parent: 0, step: 2 },
    { parent: 1, step: 1 },
  ];
  const left = [
    { branch: 0, from: 2, curves: first },
    { branch: 1, from: 1, curves: second },
    { branch: -1, from: -1, curves: curves(0, 9) },
  ];
  const text = toCsv({ branch: 2, forks, curves: third, left });
  const [header, ...rows] = text.trimEnd().split("\r\n");
  assert.equal(header, HEADER);
  const places = rows.map((row) => row.split(",").slice(0, 2).join(":"));
  assert.deepEqual(places, ["1:1", "1:2", "1:3", "1:4", "1:5", "2:3", "2:4", "3:2", "3:3"]);
  assert.equal(rows[0], `1,1,0.01,0.5,0.25,${Math.fround(1 / 3) === 1 / 3 ? "" : 1 / 3},0,2,3`);
  const back = fromCsv(text, "x.csv");
  assert.deepEqual(
    back.map(({ branch, curves }) => [branch, curves.steps]),
    [
      [1, [1, 2, 3, 4, 5]],
      [2, [3, 4]],
      [3, [2, 3]],
    ],
  );
  assert.deepEqual(back[0].curves.g, first.g);
  assert.deepEqual(back[0].curves.times, first.times);
});

test("a table that is not ours is refused by its line", () => {
  const row = "1,1,0.01,0.5,0.25,0.3,0,2,3";
  const line = (...rows) => refusal(() => fromCsv([HEADER, ...rows].join("\n"), "x.csv"))[1].line;
  assert.deepEqual(
    refusal(() => fromCsv("a,b\n1,2", "x.csv")),
    ["csv", { name: "x.csv", line: 1 }],
  );
  assert.equal(line(), 1);
  assert.equal(line(row, "1,2,0.02,0.5"), 3);
  assert.equal(line(row, row), 3, "steps go up");
  assert.equal(line("1,x,0,1,1,1,1,1,1"), 2);
  assert.equal(line("1,,0,1,1,1,1,1,1"), 2);
  assert.equal(fromCsv(`${HEADER}\n${row}\n1,2,0.02,0.5,NaN,0.3,0,2,3`, "x.csv")[0].curves.steps.length, 2);
});

/** A file in the format, and what may be wrong with it. */
function tensors({ header, metadata, data = 24, declared, end = 0 } = {}) {
  const text = bytesOf(
    JSON.stringify(
      header ?? {
        __metadata__: {
          format: "ganvas 1",
          recipe: "gan",
          seed: "7",
          knobs: '{"batch":"16"}',
          ...metadata,
        },
        "g.0.weight": { dtype: "F32", shape: [2, 2], data_offsets: [0, 16] },
        "g.0.bias": { dtype: "F16", shape: [4], data_offsets: [16, 24] },
      },
    ),
  );
  const bytes = new Uint8Array(8 + text.length + data + end);
  new DataView(bytes.buffer).setBigUint64(0, BigInt(declared ?? text.length), true);
  bytes.set(text, 8);
  return bytes;
}

/** Reads a file as the page does: its first bytes, then its header. */
function open(bytes, size = bytes.length) {
  const head = bytes.subarray(0, 16);
  assert.equal(kindOf(head), "tensors");
  const length = headerBytes(head, size, "x");
  return readHeader(bytes.subarray(8, 8 + length), size, "x");
}

test("the header says what a file is", () => {
  const knobs = { batch: "16" };
  assert.deepEqual(open(tensors()), { what: "run", recipe: "gan", seed: "7", knobs, steps: 0 });
  const generator = tensors({ metadata: { format: "ganvas generator 1", steps: "300" } });
  assert.deepEqual(open(generator), { what: "generator", recipe: "gan", seed: "7", knobs, steps: 300 });
});

test("the ready-made generators are read", () => {
  for (const recipe of ["dcgan", "gan", "cyclegan"]) {
    const kept = open(readFileSync(new URL(`../../../www/ready/${recipe}.safetensors`, import.meta.url)));
    assert.deepEqual([kept.what, kept.recipe], ["generator", recipe]);
    assert.ok(kept.steps > 0);
  }
});

test("tensors of other types may lie beside ours", () => {
  const beside = (dtype, bytes, shape) => {
    const header = {
      __metadata__: { format: "ganvas 1", recipe: "gan", seed: "7", knobs: "{}" },
      "g.0": { dtype: "F32", shape: [1], data_offsets: [0, 4] },
      extra: { dtype, shape, data_offsets: [4, 4 + bytes] },
    };
    return open(tensors({ header, data: 4 + bytes })).what;
  };
  for (const [dtype, bytes] of [
    ["BOOL", 6],
    ["U16", 12],
    ["F8_E4M3", 6],
    ["F8_E5M2", 6],
    ["C64", 48],
    ["F4", 3],
  ])
    assert.equal(beside(dtype, bytes, [2, 3]), "run", dtype);
});

test("a hostile header has its own sentence", () => {
  const bad = (options, size) => refusal(() => open(tensors(options), size))[0];
  const header = (tensors, metadata = { format: "ganvas 1", recipe: "gan", seed: "7", knobs: "{}" }) => ({
    header: { __metadata__: metadata, ...tensors },
    data: 0,
  });
  assert.equal(bad({ declared: 2 ** 40 }), "beyond");
  assert.equal(bad({ declared: 2n ** 63n - 1n }), "beyond");
  assert.equal(bad({ declared: 2 ** 40 }, 2 ** 42), "long");
  assert.equal(bad({ declared: (1 << 20) + 1 }, 4e9), "long");
  assert.equal(bad({ declared: 40 }), "json");
  assert.equal(bad({ declared: 0 }), "json");
  assert.equal(bad(header({}, null)), "foreign");
  assert.equal(bad(header({}, [])), "foreign");
  assert.equal(bad(header({}, { format: 1 })), "foreign");
  assert.equal(bad({ header: { weight: { dtype: "F32", shape: [6], data_offsets: [0, 24] } } }), "foreign");
  assert.equal(bad({ metadata: { format: "ganvas 2" } }), "newer");
  assert.equal(bad({ metadata: { format: "ganvas generator 12" } }), "newer");
  assert.equal(bad({ metadata: { format: "pt" } }), "format");
  assert.equal(bad({ metadata: { format: "ganvas 1 " } }), "format");
  assert.equal(bad({ metadata: { knobs: "{" } }), "metadata");
  assert.equal(bad({ metadata: { knobs: "[1]" } }), "metadata");
  assert.equal(bad({ metadata: { knobs: '{"batch":16}' } }), "metadata");
  assert.equal(bad({ metadata: { recipe: "x".repeat(1000) } }), "metadata");
  assert.equal(bad({ metadata: { seed: 7 } }), "metadata");
  assert.equal(bad({}, tensors().length - 1), "short");
  assert.equal(bad({ end: 1 }), "trailing");
  for (const name of ["../../etc/passwd", "/g.0.weight", "C:\\g", "g..weight", "a\0b", "", "g/0", "模型"])
    assert.equal(bad(header({ [name]: { dtype: "F32", shape: [0], data_offsets: [0, 0] } })), "tensor", name);
  for (const info of [
    null,
    7,
    {},
    { dtype: "F32", shape: [1], data_offsets: [0, 8] },
    { dtype: "F32", shape: [-1, -1], data_offsets: [0, 4] },
    { dtype: "F32", shape: [1], data_offsets: [4, 0] },
    { dtype: "F32", shape: [1], data_offsets: [4, 8] },
    { dtype: "F32", shape: [1], data_offsets: [0, 4, 8] },
    { dtype: "F32", shape: ["1"], data_offsets: [0, 4] },
    { dtype: "F32", shape: [1.5, 2], data_offsets: [0, 12] },
    { dtype: "F32", shape: [2 ** 32, 2 ** 32], data_offsets: [0, 4] },
    { dtype: "constructor", shape: [1], data_offsets: [0, 4] },
    { dtype: ["F32"], shape: [1], data_offsets: [0, null] },
  ])
    assert.equal(bad({ ...header({ "g.0": info }), data: 4 }), "tensor", JSON.stringify(info));
  const overlapping = { dtype: "F32", shape: [1], data_offsets: [0, 4] };
  assert.equal(bad({ ...header({ "g.0": overlapping, "g.1": overlapping }), data: 4 }), "tensor");
  const huge = { dtype: "F32", shape: [125e6], data_offsets: [0, 500e6] };
  const { length } = tensors(header({ "g.0": huge }));
  assert.equal(bad(header({ "g.0": huge })), "short");
  assert.equal(bad(header({ "g.0": huge }), length + 500e6), "large");
});

test("the largest run that the engine allows is opened", () => {
  const source = readFileSync(new URL("../../../crate/engine/src/recipe.rs", import.meta.url), "utf8");
  const most = Number(/MOST_WEIGHTS: u64 = ([\d_]+);/.exec(source)?.[1].replaceAll("_", ""));
  // Of each weight itself, Adam's two moments and an average, four bytes each.
  const length = 16 * most;
  const header = {
    __metadata__: { format: "ganvas 1", recipe: "gan", seed: "7", knobs: "{}" },
    "g.0.weight": { dtype: "F32", shape: [4 * most], data_offsets: [0, length] },
  };
  const bytes = bytesOf(JSON.stringify(header));
  assert.equal(readHeader(bytes, 8 + bytes.length + length, "x").what, "run");
  assert.ok(MOST_FILE > 1.1 * length, "beside weights it holds statistics");
});

test("a proto in the header pollutes nothing", () => {
  const text = `{"__proto__":{"format":"ganvas 1"},"__metadata__":{"format":"ganvas 1"}}`;
  assert.equal(refusal(() => readHeader(bytesOf(text), 8 + text.length, "x"))[0], "metadata");
  assert.equal({}.format, undefined);
});

test("what a sentence names of a file is short and of one line", () => {
  assert.equal(shown("a\n\u202eb\0  c "), "a b c");
  assert.equal(shown("x".repeat(500)).length, 60);
});

test("files are known by their first bytes", async () => {
  const idx = Uint8Array.of(0, 0, 8, 3, 0, 0, 0, 9, 0, 0, 0, 28, 0, 0, 0, 28);
  const kind = async (bytes) => kindOf(await headOf(new Blob([bytes])));
  assert.equal(await kind(new Uint8Array()), "empty");
  assert.equal(await kind(idx), "idx");
  assert.equal(await kind(gzipSync(idx)), "idx");
  assert.equal(await kind(gzipSync(Buffer.alloc(0))), "empty");
  assert.equal(await kind(Buffer.concat([Buffer.of(0x1f, 0x8b), deflateRawSync(idx)])), "empty");
  assert.equal(await kind(Uint8Array.of(0x89, 80, 78, 71, 13, 10, 26, 10, 0)), "picture");
  assert.equal(await kind(Uint8Array.of(0xff, 0xd8, 0xff, 0xe0)), "picture");
  assert.equal(await kind(bytesOf("BM\x10\x20\0\0\0\0\0\0\x36")), "picture");
  assert.equal(await kind(bytesOf("BMW is a maker of cars")), "unknown");
  assert.equal(await kind(bytesOf("RIFF\0\0\0\0WEBPVP8 ")), "picture");
  assert.equal(await kind(bytesOf("these are not the digits you look for")), "unknown");
  assert.equal(await kind(bytesOf('{"a": 1, "b": {}}')), "unknown");
  assert.equal(await kind(bytesOf("GIF89a......")), "picture");
  assert.equal(await kind(bytesOf("\0\0\0\x1cftypavif")), "picture");
  assert.equal(await kind(Uint8Array.of(0, 0, 1, 0, 1, 0)), "picture");
  assert.equal(await kind(Uint8Array.of(0x1a, 0x45, 0xdf, 0xa3)), "film");
  assert.equal(await kind(Buffer.from("\x93NUMPY\x01\0v\0{", "latin1")), "idx");
  assert.equal(await kind(gzipSync(tensors())), "tensors");
  assert.equal(await kind(bytesOf("PK\x03\x04....")), "packed");
  assert.equal(await kind(bytesOf(HEADER)), "curves");
  assert.equal(await kind(tensors()), "tensors");
  assert.equal(isSafetensors(Uint8Array.of(1, 0, 0, 0, 0, 0, 0, 0)), false);
});

test("files that cannot go together have a sentence that names them", () => {
  const say = (kind) => `<${kind}>`;
  const brought = (...kinds) => kinds.map((kind, i) => ({ name: `f${i}`, kind }));
  for (const kinds of [["idx", "idx"], ["tensors"], ["curves"], ["idx"]])
    assert.equal(decide(brought(...kinds), say), kinds[0]);
  assert.equal(decide(brought("picture", "unknown", "picture", "film"), say), "picture");
  assert.deepEqual(refusal(() => decide([], say))[0], "none");
  // What is of no use beside them is passed over; what nobody knows is for the worker to name.
  assert.equal(decide(brought("unknown", "idx", "empty", "packed"), say), "idx");
  assert.equal(decide(brought("unknown", "tensors"), say), "tensors");
  assert.equal(decide(brought("unknown"), say), "idx");
  assert.deepEqual(
    refusal(() => decide(brought("empty"), say)),
    ["empty", { name: "f0" }],
  );
  assert.deepEqual(
    refusal(() => decide(brought("idx", "idx", "tensors"), say)),
    ["mixed", { name: "f0", other: "f2", what: "<idx>", else: "<tensors>" }],
  );
  assert.deepEqual(
    refusal(() => decide(brought("picture", "idx"), say)),
    ["mixed", { name: "f0", other: "f1", what: "<picture>", else: "<idx>" }],
  );
  assert.deepEqual(
    refusal(() => decide(brought("tensors", "tensors"), say)),
    ["several", { name: "f0", other: "f1" }],
  );
});

test("brought curves stand behind the run's own, and in place of those brought before", () => {
  const own = { branch: 0, from: 3, curves: curves(0, 5) };
  const bring = (state, ...all) => reduceTaking(state, { type: "take-curves", curves: all });
  const once = bring({ ...initial(), left: [own] }, curves(0, 2));
  const twice = bring(once, curves(0, 3), curves(0, 4));
  assert.deepEqual(
    twice.left.map(({ branch, from, curves }) => [branch, from, curves.steps.length]),
    [
      [0, 3, 5],
      [-1, -1, 3],
      [-1, -1, 4],
    ],
  );
});
