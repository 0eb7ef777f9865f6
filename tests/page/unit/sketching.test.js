// Drawing: MNIST's preparation, what each event changes, and one's own digits as files.
import assert from "node:assert/strict";
import { test } from "node:test";
import { begun, EMPTY, goneOn, prepared, RADIUS, radiusOf } from "../../../www/sketching-drawing.js";
import { setIn } from "../../../www/sketching-kept.js";
import { fromText, mixed, toFiles, toText } from "../../../www/sketching-own.js";
import { fleeting, guessOf, kindToTell, reduce, sketchingOf } from "../../../www/sketching-state.js";

import { initial } from "../../../www/state.js";

/** @param {number[][]} places */
const line = (...places) =>
  places.map(([x, y, r = RADIUS]) => /** @type {[number, number, number]} */ ([x, y, r]));
const drawing = (/** @type {[number, number, number][][]} */ ...lines) => ({ lines, taken: null });

/** Where the ink of 28 x 28 pixels is. @param {Uint8Array | null} pixels */
function ink(pixels) {
  assert.ok(pixels);
  let [mass, x, y, left, top, right, bottom] = [0, 0, 0, 28, 28, -1, -1];
  pixels.forEach((value, i) => {
    if (!value) return;
    const [column, row] = [i % 28, Math.floor(i / 28)];
    [mass, x, y] = [mass + value, x + value * column, y + value * row];
    [left, right] = [Math.min(left, column), Math.max(right, column)];
    [top, bottom] = [Math.min(top, row), Math.max(bottom, row)];
  });
  return { mass, x: x / mass, y: y / mass, width: right - left + 1, height: bottom - top + 1 };
}

/** A seven, anywhere and of any size. @param {number} left @param {number} top @param {number} size */
const seven = (left, top, size) =>
  drawing(
    line([left, top], [left + 0.6 * size, top], [left + 0.2 * size, top + size]).map(
      ([x, y]) => /** @type {[number, number, number]} */ ([x, y, 0.08 * size]),
    ),
  );

test("a drawing comes to MNIST's size and place, wherever and however large it is drawn", () => {
  const digits = [seven(0.2, 0.1, 0.7), seven(0.5, 0.4, 0.4), seven(0.01, 0.6, 0.3)].map(prepared);
  for (const digit of digits) {
    const { x, y, width, height } = ink(digit);
    assert.equal(height, 20, "fits 20 pixels");
    assert.ok(width < 16, "keeps its proportions");
    assert.ok(Math.abs(x - 14) <= 0.5 && Math.abs(y - 14) <= 0.5, `${x} ${y}`);
  }
  // The same shape gives the same digit, but for rounding.
  const [first, ...others] = digits;
  for (const other of others) assert.ok(first?.every((value, i) => Math.abs(value - (other?.[i] ?? 0)) <= 1));
});

test("edges are smooth, and the inside of a line is full", () => {
  const pixels = prepared(drawing(line([0.2, 0.2], [0.8, 0.9]))) ?? [];
  assert.ok(pixels.some((value) => value > 20 && value < 235));
  assert.ok(pixels.includes(255));
});

test("wide drawings fit in width, and a dot stays a dot", () => {
  const wide = ink(prepared(drawing(line([0.1, 0.5], [0.9, 0.5]))));
  assert.ok(wide.width === 20 && wide.height <= 4, `${wide.width} x ${wide.height}`);
  const dot = ink(prepared(drawing(line([0.9, 0.9]))));
  assert.ok(dot.width <= 6 && dot.height <= 6, `${dot.width} x ${dot.height}`);
});

test("ink is never lost where the centre of mass is far off the middle", () => {
  // A long thin tail to the right of a heavy blot.
  const blot = Array.from({ length: 9 }, (_, i) => line([0.05, 0.3 + i * 0.05, 0.05]));
  const tail = line([0.1, 0.5, 0.004], [0.98, 0.5, 0.004]);
  const { width, x } = ink(prepared(drawing(...blot, tail)));
  assert.ok(width >= 19 && x < 14);
});

test("an empty pad gives nothing, and a digit of the data is shown as it is", () => {
  assert.equal(prepared(EMPTY), null);
  const taken = new Uint8Array(784).fill(3);
  assert.equal(prepared({ lines: [], taken }), taken);
  assert.equal(begun({ lines: [], taken }, [0.5, 0.5, 0.1]).taken, null);
});

test("only pens that feel pressure draw thicker and thinner", () => {
  assert.equal(radiusOf("mouse", 0.5), RADIUS);
  assert.equal(radiusOf("touch", 1), RADIUS);
  assert.equal(radiusOf("pen", 0), RADIUS);
  assert.ok(radiusOf("pen", 0.1) < RADIUS && radiusOf("pen", 1) > RADIUS);
});

test("a pen that rests adds no points, and a scribble without end stays bounded", () => {
  const start = begun(EMPTY, [0.5, 0.5, 0.1]);
  assert.equal(goneOn(start, line([0.5, 0.5])), start);
  let scribble = start;
  for (let i = 0; i < 300; i += 1)
    scribble = goneOn(
      scribble,
      Array.from(
        { length: 100 },
        (_, j) => /** @type {[number, number, number]} */ ([(j % 2) * 0.9, i / 300, 0.03]),
      ),
    );
  assert.ok(scribble.lines[0].length <= 20_200);
});

const run = /** @type {any} */ ({ run: 1, latent: 100, classes: 0, columns: [], knobs: {} });
const reading = /** @type {any} */ ({
  type: "assessment",
  run: 1,
  step: 5,
  score: 1,
  probability: 0.7,
  probabilities: [],
  pixels: new Uint8Array(),
});
const found = /** @type {any} */ ({
  type: "inverting",
  run: 1,
  latent: [],
  pixels: new Uint8Array(784),
  error: 0.1,
  iterations: 5,
  done: false,
});
/** @param {any[]} events */
const after = (...events) => events.reduce(reduce, { ...initial(), run });
const stroke = (/** @type {number} */ x) => [
  { type: "pen-down", point: [x, 0.2, RADIUS] },
  { type: "pen-move", points: [[x, 0.8, RADIUS]] },
  { type: "pen-up" },
];

test("undoing goes back stroke by stroke, and over clearing too", () => {
  let state = after(...stroke(0.3), ...stroke(0.6));
  assert.equal(sketchingOf(state).drawing.lines.length, 2);
  state = reduce(state, { type: "clear-sketch" });
  assert.equal(sketchingOf(state).pixels, null);
  for (const lines of [2, 1, 0]) {
    state = reduce(state, { type: "undo-sketch" });
    assert.equal(sketchingOf(state).drawing.lines.length, lines);
  }
  assert.equal(reduce(state, { type: "undo-sketch" }), state);
});

test("a pen that is up draws nothing", () => {
  const state = after(...stroke(0.3));
  assert.equal(reduce(state, { type: "pen-move", points: [[0.9, 0.9, RADIUS]] }), state);
});

test("a reading counts while something is drawn and its nets are there", () => {
  assert.equal(sketchingOf(after(reading)).reading, null);
  const read = after(...stroke(0.5), reading);
  assert.equal(sketchingOf(read).reading?.probability, 0.7);
  assert.equal(sketchingOf(reduce(read, { type: "clear-sketch" })).reading, null);
  assert.equal(sketchingOf(reduce(read, /** @type {any} */ ({ type: "started" }))).reading, null);
});

test("what a search finds belongs to the drawing it was for", () => {
  const going = after(...stroke(0.5), { type: "find-latent" });
  assert.equal(sketchingOf(going).search, "going");
  const done = [found, { ...found, done: true }].reduce(reduce, going);
  assert.deepEqual([sketchingOf(done).search, sketchingOf(done).found?.iterations], ["done", 5]);
  const stopped = [{ type: "stop-finding" }, found].reduce(/** @type {any} */ (reduce), going);
  assert.deepEqual([sketchingOf(stopped).search, sketchingOf(stopped).found?.error], ["stopped", 0.1]);
  const changed = [...stroke(0.7), found].reduce(/** @type {any} */ (reduce), going);
  assert.deepEqual([sketchingOf(changed).search, sketchingOf(changed).found], ["old", null]);
  assert.equal(sketchingOf(after({ type: "find-latent" })).search, "none", "nothing is drawn");
});

test("a search tells G the judge's class, or the sliders' without one", () => {
  const drawn = { ...after(...stroke(0.5)), kind: 4 };
  assert.equal(kindToTell(drawn), 4);
  assert.equal(
    kindToTell(reduce(drawn, { ...reading, probabilities: [0, 0.2, 0.8, 0, 0, 0, 0, 0, 0, 0] })),
    2,
  );
});

test("the judge is sure, wavers, or sees no digit", () => {
  const probabilities = (/** @type {number[]} */ ...first) => [...first, ...Array(10 - first.length).fill(0)];
  assert.equal(guessOf([]), null);
  assert.equal(guessOf(probabilities(0.05, 0.95))?.word, "sure");
  assert.deepEqual(
    guessOf(probabilities(0.05, 0.95))?.first.map(({ kind }) => kind),
    [1, 0, 2],
  );
  assert.equal(guessOf(probabilities(0.45, 0.45, 0.1))?.word, "wavers");
  assert.equal(guessOf(probabilities(0.6, 0.1, 0.1, 0.1, 0.1))?.word, "wavers");
  assert.equal(guessOf(probabilities(0.3, 0.25, 0.25, 0.2))?.word, "none");
});

test("adding a drawing frees the pad, and undoing brings it back", () => {
  const state = after(...stroke(0.5), { type: "add-sketch", kind: 1 }, ...stroke(0.2), {
    type: "add-sketch",
    kind: 7,
  });
  const { own, pixels } = sketchingOf(state);
  assert.deepEqual([own.map(({ kind }) => kind), pixels], [[1, 7], null]);
  assert.equal(sketchingOf(reduce(state, { type: "undo-sketch" })).drawing.lines.length, 1);
  const left = sketchingOf(reduce(state, { type: "remove-sketch", id: own[0].id })).own;
  assert.deepEqual(left, [own[1]]);
  assert.equal(reduce(state, { type: "add-sketch", kind: 1 }), state, "an empty pad");
});

test("own digits come upright, whatever files before them needed", () => {
  const state = { ...after(...stroke(0.5)), upright: true };
  assert.equal(reduce(state, { type: "train-own" }).upright, false);
  assert.equal(reduce(state, { type: "pen-up" }), state);
});

const own = [4, 9].map((kind, i) => ({
  id: i + 1,
  kind,
  pixels: new Uint8Array(784).map((_, j) => (j * (i + 3)) % 256),
}));
const set = (/** @type {number[]} */ kinds, turned = false) =>
  /** @type {any} */ ({
    id: 1,
    kinds: Int8Array.from(kinds),
    pixels: new Uint8Array(784 * kinds.length).map((_, j) => j % 251),
    turned,
  });

test("own digits become MNIST's two files, which the page takes", async () => {
  const files = await toFiles(own, [set([0, 3], true)]);
  const [images, labels] = files;
  const bytes = new Uint8Array(await images.arrayBuffer());
  assert.deepEqual(
    [0, 4, 8, 12].map((at) => new DataView(bytes.buffer).getUint32(at)),
    [2051, 4, 28, 28],
  );
  assert.equal(bytes.length, 16 + 4 * 784);
  assert.deepEqual(bytes.subarray(16 + 784, 16 + 2 * 784), own[1].pixels);
  assert.equal(bytes[16 + 2 * 784 + 5], 250, "black and white changed places");
  assert.deepEqual(
    [...new Uint8Array((await labels?.arrayBuffer()) ?? new ArrayBuffer(0))].slice(8),
    [4, 9, 0, 3],
  );
});

test("every beginning of own digits has each class's share, as folders in order have not", async () => {
  const kinds = Int8Array.from({ length: 500 }, (_, i) => (i < 300 ? 0 : i < 400 ? 1 : 2));
  const order = mixed(kinds);
  assert.deepEqual(
    Array.from(order).sort((a, b) => a - b),
    [...kinds.keys()],
  );
  for (const beginning of [50, 125, 250]) {
    const zeros = order.subarray(0, beginning).filter((i) => kinds[i] === 0).length;
    assert.ok(Math.abs(zeros - 0.6 * beginning) <= 2, `${zeros} of ${beginning}`);
  }
  assert.deepEqual([...mixed([-1, -1, -1])], [0, 1, 2], "without classes they stay as they came");
  // Each picture goes with its class.
  const many = { ...set(Array.from({ length: 5000 }, (_, i) => Math.floor(i / 500))), turned: false };
  many.pixels = new Uint8Array(5000 * 784);
  many.kinds.forEach((kind, i) => many.pixels.fill(10 + kind, i * 784, (i + 1) * 784));
  const [images, labels] = await toFiles([], [many]);
  const [pixels, told] = await Promise.all(
    [images, labels].map(async (file) => new Uint8Array((await file?.arrayBuffer()) ?? new ArrayBuffer(0))),
  );
  for (let i = 0; i < 5000; i += 1) assert.equal(pixels[16 + i * 784 + 783], 10 + told[8 + i]);
  assert.deepEqual([...told.subarray(8, 18)].sort(), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});

test("where one has no class, none is told", async () => {
  const [images, labels] = await toFiles(own, [set([1, -1])]);
  assert.deepEqual([labels, images.size], [undefined, 16 + 4 * 784]);
});

test("own digits are kept as text; what is no such text counts for nothing", () => {
  assert.deepEqual(fromText(toText(own)), own);
  assert.deepEqual(fromText(toText([])), []);
  for (const bad of [null, "", "%%%", "AAAA", btoa("\x0b".repeat(785)), btoa("\x01".repeat(784))])
    assert.deepEqual(fromText(bad), [], `${bad}`);
});

/** A set of one picture. @param {number} id @returns {import("../../../www/sketching-types.js").ImageSet} */
const pictures = (id) => ({
  ...{ id, name: "", pixels: new Uint8Array(784), kinds: Int8Array.from([3]), turned: false },
  ...{ swapped: 0, cut: 0, beyond: 0, others: 0, skipped: 0, bad: [], left: 0 },
});

test("a set of pictures is read back as it was kept, and nothing else is", () => {
  assert.deepEqual(setIn({ ...pictures(7), date: 1 }), pictures(7));
  for (const bad of [null, {}, { ...pictures(7), pixels: new Uint8Array(783) }, { ...pictures(7), bad: 3 }])
    assert.equal(setIn(bad), null);
});

test("pictures count as kept once the browser has them; what it does not take is told and stays here", () => {
  const after = (/** @type {any[]} */ ...events) => sketchingOf(events.reduce(reduce, initial()));
  const taken = [
    { type: "images-taken", set: pictures(1) },
    { type: "images-taken", set: pictures(2) },
  ];
  assert.equal(fleeting(after(...taken)), 2);
  const kept = [
    ...taken,
    { type: "images-kept", id: 1, kept: true },
    { type: "own-digits", own: [{ id: 1, kind: 3, pixels: new Uint8Array(784) }] },
  ];
  assert.equal(fleeting(after(...kept)), 1);
  assert.equal(fleeting(after(...kept, { type: "own-kept", kept: false })), 2);
  // Another tab took out the first set and brought a third.
  const recalled = after(...kept, { type: "images-recalled", images: [pictures(3)] });
  assert.deepEqual(
    recalled.images.map(({ id }) => id),
    [3, 2],
  );
  const without = after(...kept, { type: "remove-images", id: 2 });
  assert.deepEqual([without.images.length, fleeting(without)], [1, 0]);
});
