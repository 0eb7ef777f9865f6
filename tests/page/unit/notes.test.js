// Short messages: at most three, equal ones joined, each gone once what it is about has changed; and what stays to be read at rest.
import assert from "node:assert/strict";
import { test } from "node:test";
import { initial, reduce } from "../../../www/state.js";
import { knob, started, progress, refused, after } from "./told.js";

const mnist = {
  type: "data",
  source: "mnist",
  images: 60000,
  total: 60000,
  labels: 60000,
  usable: true,
  complete: true,
};

test("an error goes when what it is about is set anew", () => {
  const about = (...events) => after(started(1), ...events).notes.map((note) => note.key);
  const seed = refused("start", "seed", { got: "banana" });
  assert.deepEqual(about(seed), ["error.seed"]);
  assert.deepEqual(about(seed, { type: "seed", value: "8" }), []);
  const rate = refused("tune", "knob-number", { key: "g_rate", got: "9" });
  assert.deepEqual(about(rate, { type: "knob", key: "latent", value: "9" }), ["error.knob-number"]);
  assert.deepEqual(about(rate, { type: "knob", key: "g_rate", value: "0.1" }), []);
  assert.deepEqual(about(refused("start", "too-large", {}), { type: "knob", key: "latent", value: "9" }), []);
  const failed = { type: "note", note: { tone: "error", key: "data.failed", args: {}, about: "data" } };
  const drawn = { ...mnist, source: "drawn" };
  assert.deepEqual(about(failed, drawn), ["data.failed"]);
  assert.deepEqual(about(failed, drawn, mnist), []);
  const broken = { type: "note", note: { tone: "error", key: "data.broken", args: {}, about: "data.part" } };
  assert.deepEqual(about(broken, { ...mnist, total: 70000 }), ["data.broken"]);
  assert.deepEqual(about(broken, mnist), []);
  const file = refused("images", "idx-magic", {});
  assert.deepEqual(about(file, { type: "files", files: [] }), []);
});

test("at most three notes, equal ones joined with their count", () => {
  const note = (name) => ({ type: "note", note: { tone: "info", key: "taking.done", args: { name } } });
  const told = (...names) =>
    after(...names.map(note)).notes.map(({ args, count }) => `${args.name} ${count ?? 1}`);
  assert.deepEqual(told("a", "b", "a", "a"), ["b 1", "a 3"]);
  assert.deepEqual(told("a", "b", "c", "d"), ["b 1", "c 1", "d 1"]);
  const state = after(note("a"), note("b"));
  const left = reduce(state, { type: "dismiss", key: "taking.done", note: state.notes[0] });
  assert.deepEqual(
    left.notes.map(({ args }) => args.name),
    ["b"],
  );
});

test("at rest the last rates stay to be read", () => {
  const training = progress({ training: true, step: 9, steps_per_s: 120, images_per_s: 1920 });
  const paused = after(started(1), { type: "train" }, training, { type: "pause" }, progress({ step: 10 }));
  assert.deepEqual([paused.stepsPerS, paused.imagesPerS], [120, 1920]);
  assert.equal(reduce(paused, started(2)).stepsPerS, 0);
});
