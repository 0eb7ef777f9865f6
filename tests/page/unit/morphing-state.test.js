// The studio's state: directions, the pad, pins and their path, walks, and what of it is kept.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createText, LANGUAGES } from "../../../www/i18n.js";
import { pinsIn, withPins } from "../../../www/morphing-kept.js";
import * as space from "../../../www/morphing-space.js";
import { ageOf, MOST_PINS, reduceMorphing, spotAt } from "../../../www/morphing-state.js";
import { initial, reduce } from "../../../www/state.js";
import { nameOf, signed } from "../../../www/view/morph-make.js";

const length = (a) => Math.hypot(...a);
const near = (a, b, told) => {
  assert.equal(a.length, b.length, told);
  a.forEach((value, i) => assert.ok(Math.abs(value - b[i]) < 1e-9, `${told ?? ""} ${a} is not ${b}`));
};

const SIZE = 4;
const started = (extra = {}) => ({
  type: "started",
  run: 1,
  recipe: "gan",
  seed: 7,
  knobs: { noise: "normal" },
  latent: SIZE,
  classes: 0,
  ...extra,
});
const directions = {
  type: "directions",
  run: 1,
  step: 0,
  count: 2,
  vectors: [1, 0, 0, 0, 0, 0.6, 0.8, 0],
  shares: [0.5, 0.2],
  effects: [3, 0, 0, 0, 0, 0, 0, 0],
};
const both = (state, event) => reduceMorphing(reduce(state, event), event);
const from = (state, ...events) => events.reduce(both, state);
const begin = (extra) =>
  from(initial(), started(extra), { type: "latents", values: [0.1, 0.2, 0.3, 0.4] }, directions);

test("directions move the point, and the point's own sliders move it too", () => {
  const moved = from(begin(), { type: "morph-along", axis: "d1", value: 2 });
  near(moved.latent, [0.1, 1.4, 1.9, 0.4]);
  const other = from(moved, { type: "latent", index: 1, value: 0.4 });
  near(other.latent, [0.1, 0.4, 1.9, 0.4]);
  assert.equal(other.morphing.along.d1, 2, "the direction's slider stays");
  const back = from(other, { type: "morph-along", axis: "d1", value: 0 });
  near(back.latent, [0.1, -0.8, 0.3, 0.4]);
  const anew = from(moved, { type: "latents", values: [1, 1, 1, 1] });
  assert.deepEqual(anew.morphing.along, {});
  const found = from(moved, directions);
  near(found.latent, moved.latent, "new directions move nothing");
  assert.deepEqual(found.morphing.along, {});
});

test("the pad moves along both its axes, and a single latent's place is its value", () => {
  const pad = from(begin(), { type: "morph-pad", x: -1, y: 1 });
  near(pad.latent, [-0.9, 0.8, 1.1, 0.4]);
  const keys = from(pad, { type: "morph-pad-by", x: 0.1, y: 0 }, { type: "morph-pad-by", x: 0, y: 9 });
  assert.deepEqual(keys.morphing.along, { d0: -0.9, d1: 3 }, "two keys between two frames, and an end");
  const single = from(pad, { type: "morph-axis", which: 1, axis: "z3" });
  near(single.latent, pad.latent);
  near([single.morphing.along.z3], [0.4]);
  near(space.pointOf(single.morphing), pad.latent);
  near(from(single, { type: "morph-pad", x: 0, y: -2 }).latent, [0.1, 0.8, 1.1, -2]);
  const slid = from(single, { type: "latent", index: 3, value: 1.5 });
  near([slid.morphing.along.z3], [1.5]);
  near(space.pointOf(slid.morphing), slid.latent);
  assert.deepEqual(
    from(single, { type: "morph-axis", which: 0, axis: "z3" }).morphing.axes,
    ["z3", "d0"],
    "they change places",
  );
});

test("directions grow old by steps, and at once where the generator is another", () => {
  const state = begin();
  assert.equal(ageOf({ ...state, step: 300 }), 300);
  assert.equal(ageOf({ ...state, lent: { run: 1 } }), Infinity);
  assert.equal(from(state, { type: "morph-find" }).morphing.finding, true);
  const refused = from(
    state,
    { type: "morph-find" },
    { type: "refused", command: "directions", code: "x", args: {}, message: "" },
  );
  assert.deepEqual([refused.morphing.finding, refused.morphing.refused], [false, true]);
});

test("fewer directions than axes leave single latents on the pad", () => {
  const one = { ...directions, count: 1, vectors: [1, 0, 0, 0], shares: [1], effects: [0, 0, 0, 0] };
  assert.deepEqual(from(begin(), one).morphing.axes, ["d0", "z1"]);
});

const pinned = (state, ...latents) =>
  latents.reduce((so, latent) => from(so, { type: "morph-pin", latent }), state);
const three = (extra) => pinned(begin(extra), [1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0]);

test("pins keep the digit, in an order that can be changed", () => {
  const state = from(begin(), { type: "morph-pin" });
  assert.deepEqual(state.morphing.pins[0].latent, state.latent);
  const ids = (so) => so.morphing.pins.map(({ id }) => id);
  const some = three();
  assert.deepEqual(ids(some), [1, 2, 3]);
  assert.deepEqual(ids(from(some, { type: "morph-move", id: 3, by: -1 })), [1, 3, 2]);
  assert.equal(from(some, { type: "morph-move", id: 1, by: -1 }), some, "there is nothing before the first");
  const less = from(some, { type: "morph-remove", id: 3 });
  assert.deepEqual([ids(less), less.morphing.chosen], [[1, 2], 2]);
  assert.deepEqual(ids(pinned(less, [0, 0, 0, 1])), [1, 2, 4], "no number comes twice");
  const full = pinned(begin(), ...Array(MOST_PINS + 3).fill([0, 0, 0, 1]));
  assert.equal(full.morphing.pins.length, MOST_PINS);
  near(from(some, { type: "morph-choose", id: 2 }).latent, [0, 1, 0, 0]);
});

test("a path plays from pin to pin, in a loop or to its end, at its pace", () => {
  const play = { type: "morph-play", what: "path", seed: 0 };
  assert.equal(from(begin(), play).morphing.playing, null, "no pins, no path");
  const tick = { type: "morph-tick", ms: 1000 };
  const playing = from(three(), { type: "morph-speed", speed: 0.5 }, play);
  near(playing.latent, [1, 0, 0, 0]);
  near(from(playing, tick).latent, [Math.SQRT1_2, Math.SQRT1_2, 0, 0]);
  near(from(playing, tick, tick).latent, [0, 1, 0, 0]);
  assert.equal(from(playing, ...Array(7).fill(tick)).morphing.at, 0.5, "round");
  const once = from(playing, { type: "morph-loop", on: false }, ...Array(7).fill(tick));
  assert.deepEqual([once.morphing.at, once.morphing.playing], [2, null]);
  near(once.latent, [0, 0, 1, 0]);
  assert.equal(from(once, play).morphing.at, 0, "from the start again");
  const taken = from(playing, tick, { type: "latent", index: 0, value: 2 });
  assert.deepEqual([taken.morphing.playing, taken.morphing.at], [null, null], "the visitor takes over");
  near(from(three(), { type: "morph-seek", at: 1.5 }).latent, [0, Math.SQRT1_2, Math.SQRT1_2, 0]);
});

test("clicks go along the path where nothing may move by itself", () => {
  const nudge = { type: "morph-nudge", what: "path", seed: 0 };
  const state = from(three(), nudge, nudge);
  assert.deepEqual([state.morphing.at, state.morphing.playing], [0.125, null]);
  const walked = from(begin(), { type: "morph-nudge", what: "walk", seed: 5 });
  assert.ok(walked.latent.some((value, i) => value !== [0.1, 0.2, 0.3, 0.4][i]));
  assert.equal(walked.morphing.walk.part, 0.125);
});

test("a walk begins where one stands, goes on without a jump, and is the same for the same seed", () => {
  const walk = from(begin(), { type: "morph-play", what: "walk", seed: 9 });
  near(walk.latent, [0.1, 0.2, 0.3, 0.4]);
  let state = walk;
  for (let i = 0; i < 200; i += 1) {
    const next = from(state, { type: "morph-tick", ms: 33 });
    assert.ok(length(next.latent.map((value, j) => value - state.latent[j])) < 0.35, `step ${i}`);
    state = next;
  }
  assert.equal(state.morphing.walk.seed, 12);
  near(from(walk, ...Array(200).fill({ type: "morph-tick", ms: 33 })).latent, state.latent);
});

test("between pins of two classes the class changes too", () => {
  const at = (kind) => [
    { type: "kind", kind },
    { type: "morph-pin", latent: [kind, 1, 0, 0] },
  ];
  const state = from(begin({ classes: 10 }), ...at(3), ...at(7), { type: "morph-seek", at: 0.25 });
  near(state.morphing.mix, [0, 0, 0, 0.75, 0, 0, 0, 0.25, 0, 0]);
  assert.equal(state.kind, 3);
  assert.deepEqual(from(state, { type: "kind", kind: 9 }).morphing.mix, [], "a class key makes one class");
  assert.deepEqual(spotAt(state.morphing, state, 1).mix, []);
});

test("a new run keeps the pins where its latents are alike, a restarted worker too", () => {
  const some = three();
  const again = from(some, started({ run: 2, seed: 8 }));
  assert.equal(again.morphing.pins.length, 3);
  assert.equal(again.morphing.directions, null);
  assert.equal(from(some, { type: "restart" }, started({ run: 2 })).morphing.pins.length, 3);
  const other = from(some, started({ run: 2, latent: 8 }));
  assert.deepEqual([other.morphing.pins, other.morphing.size], [[], 8]);
});

test("what was kept of pins comes back for the same run, and anything else is no pin", () => {
  const spot = (first) => ({ latent: [first, 0.123456], kind: 2, mix: [] });
  const text = withPins(withPins(null, "a", [spot(1), spot(2)]), "b", [spot(3)]);
  assert.deepEqual(
    pinsIn(text, "a", 2).map(({ latent }) => latent),
    [
      [1, 0.1235],
      [2, 0.1235],
    ],
  );
  assert.deepEqual(pinsIn(withPins(text, "a", []), "a", 2), []);
  assert.equal(pinsIn(withPins(text, "a", []), "b", 2).length, 1);
  for (const bad of [
    null,
    "",
    "{",
    "7",
    "[null]",
    '[{"whose":"a"}]',
    '[{"whose":"a","pins":[7]}]',
    '[{"whose":"a","pins":[{"latent":["x",1],"kind":0,"mix":[]}]}]',
  ])
    assert.deepEqual(pinsIn(bad, "a", 2), [], `${bad}`);
  assert.deepEqual(pinsIn(text, "a", 3), [], "another size");
  const brought = from(begin(), {
    type: "morph-restore",
    pins: Array(20).fill({ latent: [1, 2, 3, 4], kind: 0, mix: [] }),
  });
  assert.equal(brought.morphing.pins.length, MOST_PINS);
});

const read = (path) =>
  JSON.parse(readFileSync(new URL(`../../../www/i18n/${path}.json`, import.meta.url), "utf8"));

test("axes have their names in both languages", () => {
  for (const lang of LANGUAGES) {
    const text = createText(lang, { ...read(lang), ...read(`more/${lang}`) });
    const { morphing } = begin();
    for (const axis of ["d0", "d1", "z7"]) assert.ok(!nameOf(axis, morphing, text).includes("morph."), axis);
    if (lang === "en") {
      assert.equal(nameOf("d0", morphing, text), "Direction 1: thicker");
      assert.equal(nameOf("d1", morphing, text), "Direction 2");
      assert.equal(nameOf("z7", morphing, text), "Latent 8");
    }
    assert.deepEqual(
      [0.8, -1.25, 0.01].map((value) => signed(value, text)),
      ["+0.8", "−1.3", "0.0"],
    );
  }
});

test("the studio has each of its sentences", () => {
  const known = read("more/en");
  for (const file of ["", "-directions", "-make", "-mix", "-near", "-pad", "-path"]) {
    const code = readFileSync(new URL(`../../../www/view/morph${file}.js`, import.meta.url), "utf8");
    for (const [, key] of code.matchAll(/"(morph\.[\w.-]+)"/g))
      assert.ok(known[key], `morph${file}.js: ${key}`);
  }
});
