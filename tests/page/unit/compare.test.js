// Side by side: what differs between two runs, where two curves meet, and the second run's own life.
import assert from "node:assert/strict";
import { test } from "node:test";
import { PROTOCOL } from "../../../www/client.js";
import { calm, nearest } from "../../../www/curves.js";
import { comparable, differences } from "../../../www/differences.js";
import { openSecond } from "../../../www/second.js";
import { initial, sameValue } from "../../../www/state.js";
import { catalogue } from "./catalogue.js";

const knob = (key, value, more = {}) => ({
  key,
  group: "g",
  kind: { is: "number", min: 0, max: 1, log: false },
  default: value,
  live: false,
  ...more,
});
const recipes = [
  {
    id: "gan",
    paper: "",
    knobs: [
      knob("loss", "minimax", { live: true }),
      knob("target", "1", { when: ["loss", ["least-squares"]] }),
      knob("rate", "0.001", { live: true }),
      knob("latent", "100"),
    ],
  },
  { id: "wgan", paper: "", knobs: [knob("rate", "0.001", { live: true }), knob("clip", "0.01")] },
];
const runOf = (recipe, knobs = {}, more = {}) => {
  const defaults = recipes.find(({ id }) => id === recipe).knobs.map((info) => [info.key, info.default]);
  return {
    recipe,
    seed: 7,
    knobs: { ...Object.fromEntries(defaults), ...knobs },
    trainer: "duel",
    columns: [],
    ...more,
  };
};
const rows = (a, b) => differences(a, b, recipes, sameValue).map(({ key, a, b }) => [key, a, b]);

test("equal runs differ in nothing, however their values are spelt", () => {
  assert.deepEqual(rows(runOf("gan"), runOf("gan", { rate: "1e-3" })), []);
});

test("knobs that differ are listed in the recipe's order, seeds too", () => {
  assert.deepEqual(rows(runOf("gan"), runOf("gan", { latent: "2", rate: "0.1" }, { seed: 8 })), [
    ["seed", "7", "8"],
    ["rate", "0.001", "0.1"],
    ["latent", "100", "2"],
  ]);
});

test("a knob that does nothing in a run is none there, and one that is off is as good as none", () => {
  assert.deepEqual(rows(runOf("gan"), runOf("gan", { target: "0" })), []);
  assert.deepEqual(rows(runOf("gan"), runOf("gan", { loss: "least-squares" })), [
    ["loss", "minimax", "least-squares"],
    ["target", null, "1"],
  ]);
  assert.deepEqual(rows(runOf("gan"), runOf("wgan", { clip: "0" })), [
    ["recipe", "gan", "wgan"],
    ["loss", "minimax", null],
    ["latent", "100", null],
  ]);
});

test("a recipe of one form has the form that its knobs go with", () => {
  const channels = knob("channels", "12", { when: ["net", ["conv"]] });
  const forms = [
    { id: "dcgan", paper: "", knobs: [channels] },
    { id: "lsgan", paper: "", knobs: [knob("net", "conv"), channels] },
  ];
  const runs = (net) => [
    { ...runOf("gan"), recipe: "dcgan", knobs: { channels: "12" } },
    { ...runOf("gan"), recipe: "lsgan", knobs: { net, channels: "12" } },
  ];
  const found = (net) => differences(...runs(net), forms, sameValue).map(({ key, a, b }) => [key, a, b]);
  assert.deepEqual(found("conv"), [["recipe", "dcgan", "lsgan"]]);
  assert.deepEqual(found("mlp"), [
    ["recipe", "dcgan", "lsgan"],
    ["channels", "12", null],
    ["net", "conv", "mlp"],
  ]);
});

test("losses of different games are not comparable", () => {
  assert.ok(comparable(runOf("gan"), runOf("gan", { rate: "1" })));
  assert.ok(!comparable(runOf("gan"), runOf("gan", { loss: "least-squares" })));
  assert.ok(!comparable(runOf("gan"), runOf("gan", {}, { trainer: "cycle" })));
});

test("a curve is read at its nearest point, and not beyond its end", () => {
  const xs = [1, 2, 4, 8];
  assert.deepEqual(
    [0, 1, 1.6, 3, 3.1, 8].map((x) => nearest(xs, x)),
    [0, 0, 1, 1, 2, 3],
  );
  assert.deepEqual([nearest(xs, 8.1), nearest([], 1)], [-1, -1]);
});

test("a calm curve is short and keeps its mean", () => {
  const xs = Array.from({ length: 1000 }, (_, i) => i + 1);
  const [steps, values] = calm(
    xs,
    xs.map((x) => x % 2),
    100,
  );
  assert.ok(steps.length === 100 && values.every((value) => value === 0.5));
  assert.equal(steps[0], 5.5);
  assert.deepEqual(calm([1, 2], [3, 4], 100), [
    [1, 2],
    [3, 4],
  ]);
  assert.deepEqual(calm([], [], 100), [[], []]);
});

/** A second run beside a main one of `gan`, its worker a list of what it was told. @param {Record<string, string>} knobs of the main run */
function beside(knobs = {}) {
  const main = { ...initial(), recipes, run: runOf("gan", knobs), config: { ...initial().config } };
  const workers = [];
  let changes = 0;
  const second = openSecond(
    () => {
      const worker = {
        sent: [],
        postMessage: (command) => worker.sent.push(command),
        terminate: () => (worker.terminated = true),
      };
      workers.push(worker);
      return worker;
    },
    main,
    () => (changes += 1),
  );
  const hear = (data) => workers.at(-1).onmessage?.({ data });
  const told = (type) => workers.at(-1).sent.filter((command) => command.type === type);
  /** The worker does as the last `start` says. */
  const begins = () => {
    const { run, recipe, seed, knobs } = told("start").at(-1);
    hear({
      type: "started",
      ...runOf(recipe, knobs, { seed: Number(seed) }),
      run,
      latent: 100,
      generator: [],
      discriminator: [],
    });
  };
  const progress = (more) =>
    hear({ type: "progress", run: told("start").at(-1).run, step: 0, points: [], training: false, ...more });
  hear({ type: "ready", protocol: PROTOCOL, build: "simd128", recipes, catalogue });
  return { second, main, workers, hear, told, begins, progress, changes: () => changes };
}

test("it begins as a copy of the page's run", () => {
  const { second, told, begins } = beside({ rate: "0.5" });
  const [start] = told("start");
  assert.deepEqual([start.recipe, start.seed, start.knobs.rate], ["gan", "7", "0.5"]);
  begins();
  assert.equal(second.state().phase, "ready");
  assert.deepEqual(second.state().config.knobs, { rate: "0.5" });
  second.close();
});

test("settings changed before its first step are in the run that Train starts", () => {
  const { second, told, begins } = beside();
  begins();
  second.act({ type: "recipe", id: "wgan" });
  second.act({ type: "knob", key: "clip", value: "0.5" });
  second.act({ type: "train" });
  const commands = told("start");
  assert.equal(commands.length, 2);
  assert.deepEqual([commands[1].recipe, commands[1].knobs], ["wgan", { clip: "0.5" }]);
  begins();
  assert.equal(told("run").length, 1);
  assert.equal(second.state().phase, "training");
  second.close();
});

test("settings changed later wait for a reset, which takes them along", () => {
  const { second, told, begins, progress } = beside();
  begins();
  progress({ step: 5, digest: "ab" });
  second.act({ type: "knob", key: "latent", value: "3" });
  second.act({ type: "train" });
  assert.equal(told("start").length, 1);
  second.act({ type: "reset" });
  assert.equal(told("start")[1].knobs.latent, "3");
  begins();
  assert.equal(second.state().phase, "ready");
  second.close();
});

test("live knobs are tuned at once", () => {
  const { second, told, begins } = beside();
  begins();
  second.act({ type: "knob", key: "rate", value: "0.2" });
  assert.deepEqual(told("tune"), [{ type: "tune", key: "rate", value: "0.2", of: 1 }]);
  second.close();
});

test("it keeps to the page's seed until another is typed, and again when that is taken out", () => {
  const { second, main, begins } = beside();
  begins();
  const reseeded = (seed) => ({ ...main, run: { ...main.run, seed } });
  second.follow(reseeded(8), null);
  assert.equal(second.state().config.seed, "8");
  second.act({ type: "seed", value: "99" });
  second.follow(reseeded(9), null);
  assert.equal(second.state().config.seed, "99");
  second.act({ type: "seed", value: " " });
  assert.equal(second.state().config.seed, "9");
  second.close();
});

test("it opens the digits that the page's run has in use, and opens them again after a crash", async () => {
  const { second, main, workers, told, hear, begins } = beside();
  begins();
  const drawn = { source: "drawn", mirror: false, files: [], transposed: false };
  second.follow(main, drawn);
  second.follow(main, drawn);
  assert.deepEqual(
    told("open").map(({ source }) => source),
    ["drawn"],
  );
  workers[0].onerror({ message: "boom", preventDefault() {} });
  assert.equal(second.state().trouble.key, "trouble.crashed");
  second.act({ type: "train" });
  assert.equal(told("run").length, 0, "a broken worker was told to train");
  second.act({ type: "restart" });
  hear({ type: "ready", protocol: PROTOCOL, build: "simd128", recipes, catalogue });
  assert.deepEqual([workers.length, told("start").length, told("open").length], [2, 1, 1]);
  second.close();
});

test("a refusal is kept until the visitor acts again", () => {
  const { second, hear, begins } = beside();
  begins();
  hear({ type: "refused", command: "start", run: 9, code: "seed", args: { got: "x" }, message: "no" });
  assert.equal(second.state().notes.length, 1);
  second.act({ type: "seed", value: "5" });
  assert.equal(second.state().notes.length, 0);
  second.close();
});

test("closed, its worker is gone and nothing is heard of it any more", () => {
  const { second, workers, hear, changes, begins } = beside();
  begins();
  second.close();
  const before = changes();
  hear({ type: "progress", run: 1, step: 9, points: [], training: false });
  second.act({ type: "recipe", id: "wgan" });
  assert.ok(workers[0].terminated);
  assert.equal(changes(), before);
});
