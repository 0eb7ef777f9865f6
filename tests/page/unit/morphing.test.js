// The studio's arithmetic: ways between points, mixtures, names of directions, pictures asked for in time.
import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { drawLatent, modeIn, withMode } from "../../../www/latent.js";
import { createDrawing, createPicture, groupsOf } from "../../../www/morphing-draw.js";
import { mixOf, partOf, reshare, sharesBetween, sharesOf, told } from "../../../www/morphing-mix.js";
import * as space from "../../../www/morphing-space.js";
import { verdict } from "../../../www/view/morph-near.js";

const length = (a) => Math.hypot(...a);
const near = (a, b, told) => {
  assert.equal(a.length, b.length, told);
  a.forEach((value, i) => assert.ok(Math.abs(value - b[i]) < 1e-9, `${told ?? ""} ${a} is not ${b}`));
};

const plain = (size, noise) => ({ size, noise, modes: 0 });

test("an arc between normal draws begins and ends at them, and keeps their length on the way", () => {
  const [a, b] = [drawLatent(plain(100, "normal"), 1), drawLatent(plain(100, "normal"), 2)];
  near(space.between(plain(100, "normal"), a, b, 0), a);
  near(space.between(plain(100, "normal"), a, b, 1), b);
  const [low, high] = [Math.min(length(a), length(b)), Math.max(length(a), length(b))];
  for (let i = 1; i < 10; i += 1) {
    const size = length(space.slerp(a, b, i / 10));
    assert.ok(size > 0.9 * low && size < 1.1 * high, `${size}`);
  }
  assert.ok(length(space.lerp(a, b, 0.5)) < 0.85 * low, "a straight line cuts the corner");
  near(space.slerp([1, 0], [0, 1], 0.5), [Math.SQRT1_2, Math.SQRT1_2]);
});

test("arcs between equal, opposite and empty points are finite and end where they should", () => {
  const a = [3, 4, 0];
  near(space.slerp(a, a, 0.3), a);
  near(space.slerp([0, 0, 0], a, 0.5), [1.5, 2, 0]);
  for (const part of [0.1, 0.5, 0.9])
    assert.ok(Math.abs(length(space.slerp(a, [-3, -4, 0], part)) - 5) < 1e-9);
  near(space.slerp(a, [-3, -4, 0], 1), [-3, -4, 0]);
});

test("between uniform draws it goes straight and never leaves their cube", () => {
  const [a, b] = [drawLatent(plain(64, "uniform"), 3), drawLatent(plain(64, "uniform"), 4)];
  for (let i = 0; i <= 20; i += 1)
    for (const value of space.between(plain(64, "uniform"), a, b, i / 20))
      assert.ok(Math.abs(value) <= 1.7321);
  near(space.between(plain(64, "uniform"), [1, 1], [-1, 1], 0.25), [0.5, 1]);
});

test("numbers go along an arc and modes straight; a mode that both have stays", () => {
  const latents = { size: 2 + 3, noise: "normal", modes: 3 };
  near(space.between(latents, [1, 0, 3, 0, 0], [0, 1, 0, 0, 3], 0.5), [
    Math.SQRT1_2,
    Math.SQRT1_2,
    1.5,
    0,
    1.5,
  ]);
  near(space.between(latents, [1, 0, 0, 3, 0], [0, 1, 0, 3, 0], 0.5).slice(2), [0, 3, 0]);
});

test("a drawn vector has one mode, which the keys change", () => {
  const latents = { size: 64 + 16, noise: "normal", modes: 16 };
  const seen = new Set(Array.from({ length: 300 }, (_, seed) => modeIn(drawLatent(latents, seed), 16)));
  assert.equal(seen.size, 16);
  const drawn = drawLatent(latents, 1);
  assert.deepEqual(drawn.slice(64).toSorted().slice(-2), [0, 3]);
  assert.deepEqual(
    drawn.slice(0, 64),
    drawLatent(plain(64, "normal"), 1),
    "the numbers are those without modes",
  );
  const other = withMode(drawn, 16, 4);
  assert.equal(modeIn(other, 16), 4);
  assert.deepEqual(other.slice(0, 64), drawn.slice(0, 64));
  assert.deepEqual(withMode([1, 2], 0, 0), [1, 2]);
  assert.equal(modeIn([1, 2], 0), -1);
});

test("a path's legs follow its pins, and a loop comes home", () => {
  assert.equal(space.lengthOf(1, true), 0);
  assert.equal(space.lengthOf(4, false), 3);
  assert.equal(space.lengthOf(4, true), 4);
  assert.deepEqual(space.legOf(1.25, 4, false), { from: 1, to: 2, part: 0.25 });
  assert.deepEqual(space.legOf(3, 4, false), { from: 2, to: 3, part: 1 });
  assert.deepEqual(space.legOf(3.5, 4, true), { from: 3, to: 0, part: 0.5 });
  assert.deepEqual(space.legOf(99, 4, true), { from: 3, to: 0, part: 1 });
});

test("the plane has its middle in the middle, the first axis across and the second up", () => {
  const plane = space.planeOf([5, 6], [1, 0], [0, 1]);
  assert.equal(plane.length, space.SIDE ** 2);
  near(plane[40], [5, 6]);
  near(plane[0], [5 - space.REACH, 6 + space.REACH]);
  near(plane.at(-1), [5 + space.REACH, 6 - space.REACH]);
  for (const value of [-3, -1.5, 0, 0.2, 3]) near([space.padValue(space.padPart(value, 3), 3)], [value]);
  assert.equal(space.padValue(-1, 3), -3);
  assert.equal(space.padValue(2, 3), 3);
  assert.equal(space.padPart(99, 1.73), space.padPart(1.73, 1.73));
});

test("a direction is named by an effect that stands out, and by none otherwise", () => {
  assert.deepEqual(space.effectOf([3, 0.5, -1, 1]), { what: 0, more: true });
  assert.deepEqual(space.effectOf([0.1, -2, 0.3, 1]), { what: 1, more: false });
  assert.equal(space.effectOf([2, 1.9, 0, 0]), null, "two alike");
  assert.equal(space.effectOf([0.4, 0, 0, 0]), null, "too weak");
});

test("shares are ten numbers that make 1, and one class alone is no mixture", () => {
  const half = mixOf(3, 8, 0.25, 10);
  assert.equal(half.kind, 3);
  near(half.mix, [0, 0, 0, 0.75, 0, 0, 0, 0, 0.25, 0]);
  assert.deepEqual(mixOf(3, 8, 0, 10), { kind: 3, mix: [] });
  assert.deepEqual(mixOf(3, 8, 1, 10), { kind: 8, mix: [] });
  assert.deepEqual(mixOf(4, 4, 0.3, 10), { kind: 4, mix: [] });
  assert.equal(partOf(half.mix, 3, 8), 0.25);
  assert.equal(partOf(sharesOf({ kind: 5, mix: [] }, 10), 3, 8), 0);
  const more = reshare(half.mix, 8, 0.5);
  near(more.mix, [0, 0, 0, 0.5, 0, 0, 0, 0, 0.5, 0]);
  const spread = reshare(sharesOf({ kind: 0, mix: [] }, 10), 0, 0.1);
  near(spread.mix, Array(10).fill(0.1));
  assert.deepEqual(reshare(half.mix, 8, 1), { kind: 8, mix: [] });
  near(sharesBetween([1, 0, 0], [0, 1, 0], 0.5).mix, [0.5, 0.5, 0]);
  near([told([0.5, 0.3, 0.0001]).mix.reduce((a, b) => a + b)], [1]);
});

test("digits of one class are asked for at once, and come back in their order", () => {
  const digit = (first, kind, mix = []) => ({ latent: [first], kind, mix });
  const digits = [digit(1, 0), digit(2, 5), digit(3, 0), digit(4, 5, [0.5, 0.5])];
  assert.deepEqual(groupsOf(digits), [[0, 2], [1], [3]]);
  const sent = [];
  const drawing = createDrawing({ send: (command) => sent.push(command) });
  let drawn = null;
  drawing.ask(digits, (pixels) => (drawn = pixels));
  assert.deepEqual(
    sent.map(({ latents }) => latents),
    [[1, 3], [2], [4]],
  );
  for (const { id, latents } of [...sent].reverse())
    drawing.hear({ id, pixels: Uint8Array.from(latents.flatMap((value) => Array(784).fill(value))) });
  assert.deepEqual(
    [0, 1, 2, 3].map((place) => drawn[place * 784]),
    [1, 2, 3, 4],
  );
});

test("a picture waits for quiet, follows the generator once a second, and is never asked for twice at once", () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  let clock = 0;
  mock.method(performance, "now", () => clock);
  const pass = (ms) => {
    clock += ms;
    mock.timers.tick(ms);
  };
  try {
    const asked = [];
    const drawing = { ask: (digits, done) => asked.push(done) };
    let want = { key: "a", step: "0", digits: () => [], done: () => {} };
    const picture = createPicture(drawing, () => want);
    picture.look();
    assert.equal(asked.length, 1, "the first at once");
    want = { ...want, key: "b" };
    picture.look();
    pass(500);
    assert.equal(asked.length, 1, "one at a time");
    asked[0]();
    assert.equal(asked.length, 1);
    for (let i = 0; i < 5; i += 1) {
      want = { ...want, key: `c${i}` };
      picture.look();
      pass(100);
    }
    assert.equal(asked.length, 1, "not while it changes");
    pass(100);
    assert.equal(asked.length, 2);
    asked[1]();
    for (let step = 1; step < 20; step += 1) {
      want = { ...want, step: `${step}` };
      picture.look();
      pass(50);
    }
    assert.equal(asked.length, 2, "not more than once a second");
    pass(100);
    assert.equal(asked.length, 3);
    want = null;
    asked[2]();
    pass(5000);
    assert.equal(asked.length, 3, "nothing that is not looked at");
  } finally {
    mock.reset();
    mock.timers.reset();
  }
});

test("nearest digits: a copy, close to one, or G's own", () => {
  assert.equal(verdict({ distances: [0.5], sibling: 4 }), "copy");
  assert.equal(verdict({ distances: [0], sibling: 0 }), "copy");
  assert.equal(verdict({ distances: [3], sibling: 4 }), "close");
  assert.equal(verdict({ distances: [5], sibling: 4 }), "own");
});
