// Pictures of one's own: which files they are, of which format and size, and what is passed over; what they become is the engine's.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createDigitiser } from "../../../www/images-digits.js";
import {
  HEAD,
  entriesOf,
  formatOf,
  isFit,
  isImage,
  isLitter,
  isWebPage,
  sizeOf,
} from "../../../www/images.js";
import { PROTOCOL } from "../../../www/client.js";
import { headOf } from "../../../www/files.js";
import { kindOf, someOf } from "../../../www/taking-kind.js";

const file = (/** @type {string} */ name, type = "") => new File([], name, { type });

test("pictures are known by their kind or, without one, by their name", () => {
  for (const name of ["a.gif", "a.avif", "a.svg", "IMG_1.HEIC", "a.tif", "a.ico", "a.ppm"])
    assert.ok(isImage(file(name)), name);
  assert.ok(
    isImage(file("a.png", "image/png")) && isImage(file("a", "image/jpeg")) && isImage(file("b.WebP")),
  );
  for (const other of [file("a.txt", "text/plain"), file("a"), file("a.xml"), file("png")])
    assert.ok(!isImage(other), other.name);
  assert.ok(!isImage(file("a.png", "text/plain")));
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
  const fits = (/** @type {number[]} */ ...size) => isFit(sizeOf(png(...size)) ?? [0, 0]);
  assert.ok(!fits(0, 0, 0, 0, 0, 0, 1, 0), "nothing wide");
  assert.ok(!fits(0, 0, 0x40, 0, 0, 0, 0x40, 0), "268 million pixels");
  assert.ok(!fits(0xff, 0xff, 0xff, 0xff, 0, 0, 0, 1));
  assert.ok(!isFit([12_000, 9_000]), "108 million");
  assert.ok(isFit([784, 65_000]) && isFit([16_385, 100]) && isFit([5000, 5000]) && isFit([1, 1]));
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

test("formats are known by their first bytes, those that few browsers decode too", () => {
  const box = (/** @type {string} */ brand) => bytes(0, 0, 0, 36, `ftyp${brand}`, ...zeros(8));
  /** @type {[Uint8Array, string][]} */
  const known = [
    [bytes("\x89PNG\r\n\x1a\n"), "PNG"],
    [bytes("\xff\xd8\xff\xe1"), "JPEG"],
    [bytes("GIF87a"), "GIF"],
    [bytes("RIFF", ...zeros(4), "WEBPVP8 "), "WebP"],
    [bytes("BM", ...zeros(8)), "BMP"],
    [box("avif"), "AVIF"],
    [box("avis"), "AVIF"],
    [box("heic"), "HEIC"],
    [box("mif1"), "HEIC"],
    [bytes("II*\0", ...zeros(12)), "TIFF"],
    [bytes("MM\0*", ...zeros(12)), "TIFF"],
    [bytes(0, 0, 1, 0, 1, 0), "ICO"],
    [bytes("P5\n28 28\n255\n"), "PNM"],
    [bytes("8BPS\0\x01"), "PSD"],
    [bytes("<svg xmlns='x'>"), "SVG"],
    [bytes('\xef\xbb\xbf<?xml version="1.0"?>\n<!-- by hand -->\n<svg>'), "SVG"],
  ];
  for (const [head, format] of known) assert.equal(formatOf(head), format);
  const none = [
    "BMW is a maker",
    "<annotation><object/></annotation>",
    "P5 is a part",
    "<html><svg>",
    "",
    "\r\n\x89PNG",
  ];
  for (const text of none) assert.equal(formatOf(bytes(text)), "", text);
  assert.ok(isWebPage(bytes("\n<!DOCTYPE html><title>404</title>")) && !isWebPage(bytes("<svg>")));
  const avif = bytes(
    0,
    0,
    0,
    28,
    "ftypavif",
    ...zeros(16),
    0,
    0,
    0,
    20,
    "ispe",
    ...zeros(4),
    0,
    0,
    1,
    0,
    0,
    0,
    0,
    200,
  );
  assert.deepEqual(sizeOf(avif), [256, 200]);
});

test("many files of one kind hide none of another", async () => {
  const many = (/** @type {string} */ ending, /** @type {string} */ text, count = 70) =>
    Array.from({ length: count }, (_, i) => new File([text], `${i}.${ending}`));
  const some = someOf([...many("xml", "<annotation/>"), ...many("png", "\x89PNG\r\n\x1a\n", 3)]);
  assert.equal(some.filter(({ name }) => name.endsWith("png")).length, 3);
  assert.equal(some.length, 64 + 3);
  const svg = new File([`<?xml version="1.0"?>${" ".repeat(200)}<svg/>`], "a");
  assert.equal(kindOf(await headOf(svg)), "picture");
  assert.equal(kindOf(await headOf(new File(["<annotation/>".padEnd(HEAD)], "a.xml"))), "unknown");
});

test("pictures become digits in an engine of their own, and nobody waits for one that died", async () => {
  /** @type {any[]} */
  const sent = [];
  /** @type {any} */
  let worker = null;
  const make = () => {
    worker = {
      postMessage: (/** @type {any} */ command) => sent.push(command),
      terminate: () => sent.push("ended"),
    };
    return worker;
  };
  const hear = (/** @type {any} */ data) => worker.onmessage({ data });
  const digitiser = createDigitiser(make);
  const first = digitiser.digits(new Uint8Array(4), 1, 1);
  hear({ type: "ready", protocol: PROTOCOL, build: "", recipes: [] });
  const second = digitiser.classes(["3/a.png"]);
  assert.deepEqual(
    sent.map(({ type, id }) => [type, id]),
    [
      ["picture", 1],
      ["classes", 2],
    ],
  );
  hear({ type: "classes", id: 2, classes: [3], beyond: 0 });
  hear({ type: "picture", id: 1, swapped: 0, cut: false, pixels: new Uint8Array(784) });
  assert.deepEqual([(await second).classes, (await first).pixels.length], [[3], 784]);
  const third = digitiser.digits(new Uint8Array(4), 1, 1);
  worker.onerror({ message: "out of memory" });
  await assert.rejects(third);
  await assert.rejects(digitiser.classes(["3/a.png"]));
  assert.equal(sent.at(-1), "ended");
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
    assert.ok(size === null || !isFit(size) || (size[0] > 0 && size[1] > 0 && size[0] * size[1] <= 64e6));
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
  const hidden = { count: 0 };
  const found = await entriesOf(
    drop(
      folder("/set", [folder("/set/7", many), inFolder("/set/.DS_Store"), folder("/set/__MACOSX", many)]),
      new File(["y"], "alone.txt"),
      inFolder("/two.png"),
    ),
    hidden,
  );
  const paths = found.map(({ path }) => path);
  assert.deepEqual([found.length, hidden.count], [252, 2]);
  assert.ok(isLitter("._a.png") && isLitter("Thumbs.db") && !isLitter("a.png"));
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
