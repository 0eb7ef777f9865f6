// Pictures of one's own: what they are, which class they have, and how they become 28 x 28 greys.
import assert from "node:assert/strict";
import { test } from "node:test";
import { cellsOf, digitsOf } from "../../../www/images-grid.js";
import { classOf, entriesOf, grey28, isImage, sizeOf } from "../../../www/images.js";

/** @param {number} width @param {number} height @param {(x: number, y: number) => number[]} paint red, green, blue, alpha */
function picture(width, height, paint) {
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let y = 0; y < height; y += 1)
    for (let x = 0; x < width; x += 1) rgba.set(paint(x, y), 4 * (y * width + x));
  return rgba;
}

const grey = (/** @type {number} */ value) => [value, value, value, 255];
const file = (/** @type {string} */ name, type = "") => new File([], name, { type });

test("pictures are known by their kind or, without one, by their name", () => {
  assert.ok(
    isImage(file("a.png", "image/png")) && isImage(file("a", "image/jpeg")) && isImage(file("b.WebP")),
  );
  for (const other of [file("a.txt", "text/plain"), file("a"), file("a.svg", "image/svg+xml"), file("png")])
    assert.ok(!isImage(other), other.name);
  assert.ok(!isImage(file("a.png", "text/plain")));
});

test("the class is what the folder's name is or ends in", () => {
  const found = ["3/a.png", "set/train/7/b.png", "set/class_0/c.png", "digit9/d.png"].map(classOf);
  assert.deepEqual(found, [3, 7, 0, 9]);
  for (const path of ["a.png", "7.png", "cats/a.png", "28/a.png", "set10/a.png", "3/left/a.png"])
    assert.equal(classOf(path), -1, path);
});

test("a picture of 28 x 28 is kept as it is", () => {
  const value = (/** @type {number} */ x, /** @type {number} */ y) => (31 * x + 17 * y) % 256;
  const { pixels, border } = grey28(
    picture(28, 28, (x, y) => grey(value(x, y))),
    28,
    28,
  );
  let sum = 0;
  for (let y = 0; y < 28; y += 1)
    for (let x = 0; x < 28; x += 1) {
      assert.equal(pixels[28 * y + x], value(x, y));
      if (x % 27 === 0 || y % 27 === 0) sum += value(x, y);
    }
  assert.ok(Math.abs(border - sum / 108) < 1e-9);
});

test("colours become their luma", () => {
  const pixel = (/** @type {number[]} */ color) =>
    grey28(
      picture(28, 28, () => [...color, 255]),
      28,
      28,
    ).pixels[0];
  assert.deepEqual([pixel([255, 0, 0]), pixel([0, 255, 0]), pixel([0, 0, 255])], [76, 150, 29]);
  assert.equal(pixel([255, 255, 255]), 255);
});

test("larger pictures are averaged, proportions kept, and what is beside them is like their border", () => {
  const halves = grey28(
    picture(56, 56, (x) => grey(x < 28 ? 40 : 200)),
    56,
    56,
  ).pixels;
  assert.deepEqual([halves[0], halves[13], halves[14], halves[27]], [40, 40, 200, 200]);
  const mixed = grey28(
    picture(56, 56, (x, y) => grey((x + y) % 2 ? 255 : 0)),
    56,
    56,
  ).pixels;
  assert.ok(mixed.every((value) => value === 128));
  // Twice as high as wide: 14 columns in the middle.
  const high = grey28(
    picture(50, 100, (x, y) => grey(x > 0 && x < 49 && y > 0 && y < 99 ? 255 : 10)),
    50,
    100,
  ).pixels;
  assert.deepEqual([high[14 * 28 + 6], high[14 * 28 + 14], high[14 * 28 + 21]], [10, 255, 10]);
});

test("smaller pictures grow without a seam", () => {
  const { pixels } = grey28(
    picture(8, 8, () => grey(77)),
    8,
    8,
  );
  assert.ok(pixels.every((value) => value === 77));
  assert.equal(
    grey28(
      picture(1, 1, () => grey(9)),
      1,
      1,
    ).pixels[783],
    9,
  );
  assert.equal(
    grey28(
      picture(1000, 1, () => grey(9)),
      1000,
      1,
    ).pixels[0],
    9,
  );
});

test("what is transparent is the opposite of the ink", () => {
  const ink = (/** @type {number} */ value) =>
    grey28(
      picture(28, 28, (x) => (x === 14 ? grey(value) : [value, value, value, 0])),
      28,
      28,
    );
  const dark = ink(0);
  assert.deepEqual([dark.pixels[0], dark.pixels[14], dark.border > 200], [255, 0, true]);
  const light = ink(255);
  assert.deepEqual([light.pixels[0], light.pixels[14], light.border < 55], [0, 255, true]);
});

const bytes = (/** @type {(number | string)[]} */ ...parts) =>
  Uint8Array.from(
    parts.flatMap((part) => (typeof part === "string" ? [...Buffer.from(part, "latin1")] : [part])),
  );
const zeros = (/** @type {number} */ count) => Array.from({ length: count }, () => 0);

test("the size that a picture declares is read from its first bytes", () => {
  const png = (/** @type {number[]} */ ...size) =>
    bytes("\x89PNG\r\n\x1a\n", 0, 0, 0, 13, "IHDR", ...size, ...zeros(8));
  assert.deepEqual(sizeOf(png(0, 0, 0, 28, 0, 0, 1, 0)), [28, 256]);
  assert.equal(sizeOf(png(0, 0, 0, 0, 0, 0, 1, 0)), null, "nothing wide");
  assert.equal(sizeOf(png(0, 0, 0x40, 0, 0, 0, 0x40, 0)), null, "268 million pixels");
  assert.equal(sizeOf(png(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1)), null);
  assert.deepEqual(sizeOf(bytes("GIF89a", 3, 1, 2, 0, ...zeros(20))), [259, 2]);
  assert.deepEqual(sizeOf(bytes("BM", ...zeros(16), 5, 0, 0, 0, 0xf9, 0xff, 0xff, 0xff, 0)), [5, 7]);
  const jpeg = bytes(
    0xff,
    0xd8,
    0xff,
    0xe0,
    0,
    4,
    1,
    2,
    0xff,
    0xc4,
    0,
    2,
    0xff,
    0xc2,
    0,
    17,
    8,
    0,
    9,
    1,
    0,
    ...zeros(9),
  );
  assert.deepEqual(sizeOf(jpeg), [256, 9]);
  const webp = (/** @type {string} */ kind, /** @type {number[]} */ ...rest) =>
    bytes("RIFF", ...zeros(4), "WEBP", kind, ...zeros(4), ...rest, ...zeros(4));
  assert.deepEqual(sizeOf(webp("VP8 ", ...zeros(6), 30, 0x40, 40, 0)), [30, 40]);
  assert.deepEqual(sizeOf(webp("VP8L", 0x2f, 27, 0xc0, 6, 0, ...zeros(5))), [28, 28]);
  assert.deepEqual(sizeOf(webp("VP8X", ...zeros(4), 9, 1, 0, 2, 0, 0)), [266, 3]);
});

test("whatever the bytes, they declare a size within bounds or none", () => {
  const heads = [
    "\x89PNG\r\n\x1a\n",
    "GIF89a",
    "BM",
    "\xff\xd8\xff",
    "RIFF....WEBPVP8X",
    "these are no pictures",
  ];
  let word = 1;
  const chance = () => (word = (Math.imul(word, 1664525) + 1013904223) >>> 0) >>> 24;
  for (let round = 0; round < 20_000; round += 1) {
    const some = Uint8Array.from({ length: chance() >> 1 }, chance);
    some.set(Buffer.from(heads[round % heads.length], "latin1").subarray(0, some.length));
    const size = sizeOf(some);
    assert.ok(size === null || (size[0] > 0 && size[1] > 0 && size[0] * size[1] <= 64e6));
  }
});

/** A folder as browsers show it in a drop, a hundred entries at a time. @param {string} path @param {any[]} inner */
const folder = (path, inner) => ({
  isFile: false,
  isDirectory: true,
  name: path.split("/").at(-1),
  fullPath: path,
  createReader() {
    const left = [...inner];
    return {
      readEntries: (/** @type {(some: any[]) => void} */ done) => setTimeout(() => done(left.splice(0, 100))),
    };
  },
});
const inFolder = (/** @type {string} */ path, opens = true) => ({
  isFile: true,
  isDirectory: false,
  name: path.split("/").at(-1),
  fullPath: path,
  file: (/** @type {(file: File) => void} */ done, /** @type {() => void} */ failed) =>
    opens ? done(new File(["x"], path.split("/").at(-1) ?? "")) : failed(),
});
const drop = (/** @type {any[]} */ ...roots) =>
  /** @type {any} */ ({
    items: [
      { kind: "string" },
      ...roots.map((root) => ({
        kind: "file",
        webkitGetAsEntry: () => (root instanceof File ? null : root),
        getAsFile: () => root,
      })),
    ],
  });

test("a drop's folders are gone through, and what systems hide there is passed over", async () => {
  const many = Array.from({ length: 250 }, (_, i) => inFolder(`/set/7/${i}.png`));
  const found = await entriesOf(
    drop(
      folder("/set", [folder("/set/7", many), inFolder("/set/.DS_Store"), folder("/set/__MACOSX", many)]),
      new File(["y"], "alone.txt"),
      inFolder("/two.png"),
    ),
  );
  const paths = found.map(({ path }) => path);
  assert.equal(found.length, 252);
  assert.ok(paths.includes("set/7/249.png") && paths.includes("alone.txt") && paths.includes("two.png"));
  assert.ok(found.every(({ file }) => file instanceof File && file.size === 1));
});

test("what cannot be opened is counted, and an empty drop has no files", async () => {
  const [one] = await entriesOf(drop(folder("/set", [inFolder("/set/a.png", false)])));
  assert.deepEqual([one.path, one.file.name, one.file.size], ["set/a.png", "a.png", 0]);
  assert.deepEqual(await entriesOf(drop(folder("/nothing", []))), []);
  assert.deepEqual(await entriesOf(drop()), []);
});

test("folders within folders without end come to an end", async () => {
  const endless = (/** @type {string} */ path) => {
    /** @type {any} */
    const made = folder(path, []);
    made.createReader = () => {
      let read = false;
      return {
        readEntries(/** @type {(some: any[]) => void} */ done) {
          done(read ? [] : [endless(`${path}/x`), inFolder(`${path}/a.png`)]);
          read = true;
        },
      };
    };
    return made;
  };
  assert.equal((await entriesOf(drop(endless("/e")))).length, 13);
});

/** A grid of digits that are rings in the middle of their cells, enlarged. */
function grid(columns, rows, scale, { count = columns * rows, ground = 0, ink = 255 } = {}) {
  const width = columns * 28 * scale;
  const greys = new Uint8Array(width * rows * 28 * scale).map((_, i) => {
    const [x, y] = [Math.floor((i % width) / scale), Math.floor(i / width / scale)];
    const cell = Math.floor(y / 28) * columns + Math.floor(x / 28);
    const far = Math.hypot((x % 28) - 13.5, (y % 28) - 13.5);
    return cell < count && far > 5 && far < 8 ? ink - cell : ground;
  });
  return [greys, width, rows * 28 * scale];
}

test("a grid of digits is cut into its digits, at any scale and on any ground", () => {
  for (const [columns, rows, scale, more] of [
    [8, 8, 4, {}],
    [8, 8, 1, {}],
    [10, 3, 2, { ground: 255, ink: 100 }],
    [8, 2, 4, { count: 13 }],
  ]) {
    const [greys, width, height] = grid(columns, rows, scale, more);
    const cells = cellsOf(greys, width, height);
    assert.deepEqual(cells, { columns, rows, scale });
    const pixels = digitsOf(greys, width, cells);
    assert.equal(pixels.length, (more.count ?? columns * rows) * 784);
    assert.equal(pixels[784 + 14 * 28 + 7], (more.ink ?? 255) - 1, "the second digit");
  }
});

test("one large digit is no grid, whatever its size", () => {
  // A ring over the whole picture, smooth or of large pixels.
  for (const [side, block] of [
    [280, 1],
    [280, 10],
    [112, 2],
    [56, 1],
    [84, 1],
  ]) {
    const greys = new Uint8Array(side * side).map((_, i) => {
      const [x, y] = [i % side, Math.floor(i / side)].map((at) => at - (at % block));
      const far = Math.hypot(x - side / 2, y - side / 2) / side;
      return far > 0.2 && far < 0.32 ? 255 : 0;
    });
    assert.equal(cellsOf(greys, side, side), null, `${side} ${block}`);
  }
  assert.equal(cellsOf(new Uint8Array(784), 28, 28), null);
  assert.equal(cellsOf(new Uint8Array(224 * 224), 224, 224), null, "an empty picture");
});
