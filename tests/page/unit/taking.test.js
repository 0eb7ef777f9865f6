// What is taken away is what its format says, byte by byte; links hold what they promise.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { fromHash, initial, reduce, toHash } from "../../../www/state.js";
import { framesOf, shades, sizeOf } from "../../../www/taking-frames.js";
import { gifEnd, gifFrame, gifHead } from "../../../www/taking-gif.js";
import { embedCode, otherBuild, withBuild } from "../../../www/taking-link.js";
import { crc32, zip } from "../../../www/taking-zip.js";
import { reduce as reduceTaking } from "../../../www/taking.js";

const bytesOf = (text) => new TextEncoder().encode(text);

/** What a reader of GIF does, by the letter of the format. */
function readGif(bytes) {
  const word = (at) => bytes[at] | (bytes[at + 1] << 8);
  assert.equal(String.fromCharCode(...bytes.subarray(0, 6)), "GIF89a");
  const [width, height, flags] = [word(6), word(8), bytes[10]];
  assert.equal(flags & 0x80, 0x80, "a table of colours for all");
  const colours = 2 ** ((flags & 7) + 1);
  const table = bytes.subarray(13, 13 + 3 * colours);
  let at = 13 + 3 * colours;
  const blocks = () => {
    const parts = [];
    for (; bytes[at]; at += bytes[at] + 1) parts.push(...bytes.subarray(at + 1, at + 1 + bytes[at]));
    at += 1;
    return parts;
  };
  const frames = [];
  let [loops, stays] = [null, 0];
  while (bytes[at] !== 0x3b) {
    if (bytes[at] === 0x21) {
      const label = bytes[at + 1];
      at += 2;
      const inside = blocks();
      if (label === 0xff) loops = String.fromCharCode(...inside.slice(0, 11)) + inside.slice(11).join();
      if (label === 0xf9) stays = inside[1] | (inside[2] << 8);
    } else {
      assert.equal(bytes[at], 0x2c);
      assert.deepEqual([word(at + 1), word(at + 3), word(at + 5), word(at + 7)], [0, 0, width, height]);
      assert.equal(bytes[at + 9], 0);
      const depth = bytes[at + 10];
      at += 11;
      frames.push({ stays, pixels: unlzw(blocks(), depth) });
    }
  }
  assert.equal(at, bytes.length - 1);
  return { width, height, table, loops, frames };
}

function unlzw(bytes, depth) {
  const [clear, end] = [2 ** depth, 2 ** depth + 1];
  let [held, bits, at] = [0, 0, 0];
  let [strings, size, last] = [[], depth + 1, null];
  const pixels = [];
  for (;;) {
    for (; bits < size; bits += 8) held |= bytes[at++] << bits;
    const code = held & (2 ** size - 1);
    held >>>= size;
    bits -= size;
    if (code === end) break;
    if (code === clear) {
      strings = Array.from({ length: end + 1 }, (_, i) => [i]);
      [size, last] = [depth + 1, null];
      continue;
    }
    const string = strings[code] ?? (assert.equal(code, strings.length), [...last, last[0]]);
    pixels.push(...string);
    if (last && strings.length < 4096) strings.push([...last, string[0]]);
    if (strings.length === 2 ** size && size < 12) size += 1;
    last = string;
  }
  assert.equal(at, bytes.length, "nothing after the end");
  return Uint8Array.from(pixels);
}

test("a GIF holds its frames, how long they stay, and plays for ever", () => {
  let chance = 1;
  const random = () => (chance = (chance * 48271) % 2147483647) % 16;
  const [width, height] = [224, 150];
  const pictures = [
    Uint8Array.from({ length: width * height }, random),
    new Uint8Array(width * height).fill(15),
    Uint8Array.from({ length: width * height }, (_, i) => (i >> 5) & 15),
  ];
  const frames = pictures.map((picture, i) => gifFrame(width, height, picture, i === 2 ? 200 : 12));
  const gif = readGif(Buffer.concat([gifHead(width, height), ...frames, gifEnd()]));
  assert.deepEqual([gif.width, gif.height, gif.loops], [width, height, "NETSCAPE2.01,0,0"]);
  assert.deepEqual(
    [...gif.table],
    Array.from({ length: 48 }, (_, i) => 17 * Math.floor(i / 3)),
  );
  assert.deepEqual(
    gif.frames.map(({ stays }) => stays),
    [12, 12, 200],
  );
  gif.frames.forEach(({ pixels }, i) => assert.deepEqual(Buffer.from(pixels), Buffer.from(pictures[i])));
  assert.ok(frames[1].length < 1000, "what is even packs");
});

test("GIFs of every small length end where their codes change their size", () => {
  for (let length = 1; length < 700; length += 1) {
    const picture = Uint8Array.from({ length }, (_, i) => (i * i + (i >> 3)) & 15);
    const gif = readGif(Buffer.concat([gifHead(length, 1), gifFrame(length, 1, picture, 1), gifEnd()]));
    assert.deepEqual([...gif.frames[0].pixels], [...picture], `${length}`);
  }
});

test("a time-lapse goes the way that led here, and ends in the present", () => {
  const moment = (id, step, branch) => ({ id, step, branch, pixels: new Uint8Array(784).fill(step) });
  const moments = [moment(0, 0, 0), moment(1, 10, 0), moment(2, 20, 0), moment(3, 15, 1)];
  const state = {
    moments,
    branch: 1,
    forks: [{ parent: 0, step: 10 }],
    step: 15,
    samples: new Uint8Array(784),
  };
  const steps = (all) => all.map(({ step }) => step);
  assert.deepEqual(steps(framesOf(state)), [0, 10, 15]);
  assert.deepEqual(framesOf(state).at(-1), { step: 15, pixels: state.samples, hundredths: 200 });
  assert.deepEqual(steps(framesOf({ ...state, step: 17 })), [0, 10, 15, 17]);
  assert.deepEqual(steps(framesOf({ ...state, samples: null })), [0, 10, 15]);
  const long = Array.from({ length: 500 }, (_, i) => moment(i, i, 0));
  const chosen = steps(framesOf({ ...state, moments: long, branch: 0, forks: [], step: 600 }));
  assert.deepEqual([chosen.length, chosen[0], chosen.at(-1)], [120, 0, 600]);
});

test("a grid becomes a picture digit by digit, its pixels squares", () => {
  const digits = new Uint8Array(9 * 784);
  digits[0] = 255;
  digits[8 * 784 + 28 + 2] = 128;
  assert.deepEqual(sizeOf(digits.length, 2), { width: 448, height: 112 });
  const picture = shades(digits, 2);
  const at = (x, y) => picture[y * 448 + x];
  assert.deepEqual([at(0, 0), at(1, 1), at(2, 0), at(0, 2)], [15, 15, 0, 0]);
  assert.deepEqual([at(4, 58), at(5, 59), at(6, 58), at(4, 60)], [8, 8, 0, 0]);
  assert.equal(picture.length, 448 * 112);
});

test("a zip holds its files, in order, with their sums, names and times", () => {
  const files = [
    { name: "run/README.txt", bytes: bytesOf("a few words\n") },
    { name: "run/模型.safetensors", bytes: Uint8Array.from({ length: 1000 }, (_, i) => i * 7) },
    { name: "run/empty.py", bytes: new Uint8Array() },
  ];
  const archive = Buffer.concat(zip(files, new Date(2026, 10, 25, 13, 37, 42)));
  const end = archive.length - 22;
  assert.equal(archive.readUInt32LE(end), 0x06054b50);
  assert.deepEqual([archive.readUInt16LE(end + 8), archive.readUInt16LE(end + 10)], [3, 3]);
  let at = archive.readUInt32LE(end + 16);
  assert.equal(at + archive.readUInt32LE(end + 12), end, "the list stands right before the end");
  let next = 0;
  for (const { name, bytes } of files) {
    assert.equal(archive.readUInt32LE(at), 0x02014b50);
    const place = archive.readUInt32LE(at + 42);
    assert.equal(place, next);
    assert.equal(archive.readUInt32LE(place), 0x04034b50);
    // What the list says from its seventh byte on, the file's own header says from its fifth.
    assert.deepEqual(archive.subarray(at + 6, at + 32), archive.subarray(place + 4, place + 30));
    const [flags, method, time, day] = [8, 10, 12, 14].map((field) => archive.readUInt16LE(at + field));
    assert.deepEqual([flags, method], [0x800, 0]);
    assert.deepEqual([time >> 11, (time >> 5) & 63, (time & 31) * 2], [13, 37, 42]);
    assert.deepEqual([(day >> 9) + 1980, (day >> 5) & 15, day & 31], [2026, 11, 25]);
    assert.equal(archive.readUInt32LE(at + 16), crc32(bytes));
    assert.deepEqual(
      [archive.readUInt32LE(at + 20), archive.readUInt32LE(at + 24)],
      [bytes.length, bytes.length],
    );
    const path = Buffer.from(name);
    assert.deepEqual(archive.subarray(at + 46, at + 46 + path.length), path);
    assert.deepEqual(archive.subarray(place + 30, place + 30 + path.length), path);
    next = place + 30 + path.length + bytes.length;
    assert.deepEqual(archive.subarray(place + 30 + path.length, next), Buffer.from(bytes));
    at += 46 + path.length;
  }
  assert.equal(at, end);
});

test("the sum of a zip is the one that gzip writes", () => {
  assert.equal(crc32(bytesOf("123456789")), 0xcbf43926);
  for (const length of [0, 1, 4097]) {
    const bytes = Uint8Array.from({ length }, (_, i) => (i * i) >> 3);
    const packed = gzipSync(bytes);
    assert.equal(crc32(bytes), packed.readUInt32LE(packed.length - 8));
  }
});

test("a link names the build, and a page of another says so", () => {
  const config = { recipe: "gan", seed: "7", data: "mnist", knobs: { batch: "16" }, build: "relaxed-fused" };
  const hash = toHash(config);
  assert.equal(hash, "#recipe=gan&seed=7&batch=16&build=relaxed-fused");
  assert.deepEqual(fromHash(hash), config);
  assert.equal("build" in fromHash("#recipe=gan&build="), false);
  assert.equal(otherBuild(undefined, "simd128", ""), null);
  assert.equal(otherBuild("simd128", "simd128", ""), null);
  assert.equal(otherBuild("<img>", "simd128", ""), null);
  assert.equal(otherBuild("simd128", "", ""), null, "before the worker is up");
  assert.deepEqual(otherBuild("simd128", "relaxed-fused", ""), { key: "same", build: "simd128" });
  assert.deepEqual(otherBuild("relaxed-plain", "relaxed-fused", ""), { key: "other", build: "simd128" });
  assert.deepEqual(otherBuild("relaxed-fused", "simd128", "?build=simd128"), { key: "forced", build: null });
  assert.deepEqual(otherBuild("relaxed-fused", "simd128", "?lang=en"), { key: "equal" });
  const page = "https://example.org/gan/?lang=en#x";
  assert.equal(
    withBuild(page, "simd128", "#seed=7"),
    "https://example.org/gan/?lang=en&build=simd128#seed=7",
  );
  assert.equal(withBuild(`https://example.org/?build=simd128`, null, ""), "https://example.org/");
});

test("what a link promised is forgotten once the run is another", () => {
  const linked = { ...initial(), config: fromHash("#recipe=gan&seed=7&build=simd128") };
  const after = (event) => reduceTaking(reduce(linked, event), event).config.build;
  for (const event of [
    { type: "seed", value: "8" },
    { type: "recipe", id: "wgan" },
    { type: "knob", key: "batch", value: "32" },
    { type: "source", source: "drawn" },
  ])
    assert.equal(after(event), undefined, event.type);
  assert.equal(after({ type: "train" }), "simd128");
  assert.equal(after({ type: "taking", change: { busy: null } }), "simd128");
});

test("the code of a frame cannot leave its attribute", () => {
  const code = embedCode('https://example.org/gan/?lang=en&x="><script>#old', '#seed=7&knob="');
  assert.equal(
    code,
    '<iframe src="https://example.org/gan/?lang=en&amp;x=%22%3E%3Cscript%3E&amp;embed=1#seed=7&amp;knob=%22" ' +
      'title="GANvas" width="480" height="640" loading="lazy" style="border: 0"></iframe>',
  );
});

test("both languages say the same of files, with the same values, and all that is asked for", () => {
  const read = (path) => readFileSync(new URL(`../../../www/${path}`, import.meta.url), "utf8");
  const [en, zh] = ["en", "zh"].map((lang) => JSON.parse(read(`i18n/more/${lang}.json`)));
  const holes = (text) => [...new Set(text.match(/\{\w+\}/g))].sort();
  const keys = Object.keys(en).filter((key) => key.startsWith("taking."));
  assert.deepEqual(
    keys,
    Object.keys(zh).filter((key) => key.startsWith("taking.")),
  );
  for (const key of keys) assert.deepEqual(holes(en[key]), holes(zh[key]), key);
  const files = ["bring", "csv", "header", "kind", "save", "try"].map((name) => read(`taking-${name}.js`));
  const asked = files.join().match(/"taking\.[\w.-]+"/g) ?? [];
  assert.ok(asked.length > 15);
  for (const key of asked) assert.ok(en[JSON.parse(key)], key);
});
