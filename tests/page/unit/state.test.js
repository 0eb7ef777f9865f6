// The reducer's promises, and the address as a save file that no text can break.
import assert from "node:assert/strict";
import { test } from "node:test";
import { fromHash, initial, isStuck, matters, pending, reduce, toHash } from "../../../www/state.js";
import { knob, progress } from "./told.js";

const recipes = [
  { id: "gan", paper: "", knobs: [knob("rate", true, "0.001"), knob("latent", false, "100")] },
];
const run = (number, extra = {}) => ({
  type: "started",
  run: number,
  recipe: "gan",
  seed: 7,
  knobs: { rate: "0.001", latent: "100" },
  latent: 100,
  generator: [],
  discriminator: [],
  generator_weights: 1,
  discriminator_weights: 1,
  ...extra,
});
const after = (...events) =>
  [{ type: "ready", protocol: 1, build: "simd128", recipes }, ...events].reduce(reduce, {
    ...initial(),
    config: { recipe: "gan", seed: "", data: "mnist", knobs: {} },
  });

test("a run passes through its phases", () => {
  assert.equal(initial().phase, "loading");
  assert.equal(after().phase, "loading");
  assert.equal(after(run(1)).phase, "ready");
  const training = after(run(1), { type: "train" }, progress({ training: true, step: 3 }));
  assert.equal(training.phase, "training");
  const paused = reduce(reduce(training, { type: "pause" }), progress({ step: 4, digest: "ab" }));
  assert.deepEqual([paused.phase, paused.step, paused.digest], ["paused", 4, "ab"]);
});

test("progress sent before the worker heard of Train or Pause does not turn the button back", () => {
  const asked = after(run(1), { type: "train" }, progress({ training: false, digest: "ab" }));
  assert.deepEqual([asked.phase, asked.digest], ["training", undefined]);
  const training = reduce(asked, progress({ training: true, step: 9 }));
  const stopping = reduce(reduce(training, { type: "pause" }), progress({ training: true, step: 10 }));
  assert.equal(stopping.phase, "paused");
});

test("Train pressed before the worker is up counts", () => {
  const early = reduce(initial(), { type: "train" });
  assert.equal(early.phase, "training");
  assert.equal(reduce(early, run(1)).phase, "training");
});

test("a digest is only there for a run that stands still at that step", () => {
  const still = after(run(1), progress({ step: 5, digest: "ab" }));
  assert.equal(still.digest, "ab");
  assert.equal(reduce(still, { type: "step" }).digest, undefined);
  assert.equal(reduce(still, run(2)).digest, undefined);
});

test("new data restarts the same run and goes on training", () => {
  const training = after(
    run(1),
    { type: "train" },
    progress({ training: true, step: 30, points: [30, 1, 2, 3, 0] }),
  );
  const again = reduce(training, run(1));
  assert.deepEqual([again.phase, again.step, again.curves.steps.length], ["training", 0, 0]);
});

test("a fault stops training until the next run", () => {
  const fault = { type: "fault", run: 1, code: "not-finite", args: { what: "G", step: "3" }, message: "" };
  const stopped = after(run(1), { type: "train" }, progress({ training: true, step: 3 }), fault);
  assert.deepEqual([stopped.phase, stopped.trouble.key], ["fault", "error.not-finite"]);
  assert.equal(reduce(stopped, progress({ step: 3, digest: "ab" })).phase, "fault");
  assert.deepEqual([reduce(stopped, run(2)).phase, reduce(stopped, run(2)).trouble], ["ready", null]);
});

test("the seed that was drawn is kept in the configuration", () => {
  assert.equal(after(run(1)).config.seed, "7");
});

test("what needs a new run is listed until it has one, also through a reset", () => {
  const turned = after(run(1), { type: "knob", key: "latent", value: "64" });
  assert.deepEqual(pending(turned), ["latent"]);
  const reset = reduce(reduce(turned, { type: "reset" }), run(2));
  assert.deepEqual(pending(reset), ["latent"]);
  const renewed = reduce(turned, run(2, { knobs: { rate: "0.001", latent: "64" }, latent: 64 }));
  assert.deepEqual([pending(renewed), renewed.config.knobs], [[], { latent: "64" }]);
});

test("a live knob takes effect at once, and a refusal takes it back", () => {
  const turned = after(run(1), { type: "knob", key: "rate", value: "0.01" });
  assert.deepEqual(
    [pending(turned), turned.run.knobs.rate, turned.config.knobs],
    [[], "0.01", { rate: "0.01" }],
  );
  const bad = reduce(turned, { type: "knob", key: "rate", value: "-1" });
  const refused = {
    type: "refused",
    command: "tune",
    code: "knob-number",
    args: { key: "rate", got: "-1" },
    message: "no",
  };
  const back = reduce(bad, refused);
  assert.deepEqual([back.run.knobs.rate, back.config.knobs.rate, back.notes.length], ["0.01", "0.01", 1]);
});

test("a knob set back to its default leaves the address", () => {
  const turned = after(
    run(1),
    { type: "knob", key: "rate", value: "0.01" },
    { type: "knob", key: "rate", value: "1e-3" },
  );
  assert.deepEqual(turned.config.knobs, {});
});

test("a refused start leaves the old run as it was", () => {
  const before = after(run(1), progress({ step: 5, digest: "ab" }));
  const refused = {
    type: "refused",
    command: "start",
    run: 2,
    code: "seed",
    args: { got: "x" },
    message: "no",
  };
  const next = reduce(before, refused);
  assert.deepEqual([next.phase, next.step, next.digest, next.run], [before.phase, 5, "ab", before.run]);
});

test("a data set that arrives does not hide the one in use before it is usable", () => {
  const set = (source, images, usable) => ({
    type: "data",
    source,
    images,
    total: 60000,
    labels: 0,
    usable,
    complete: false,
  });
  const using = after(set("mnist", 3000, true), set("files", 10, false));
  assert.deepEqual([using.data.source, using.incoming.source], ["mnist", "files"]);
  const swapped = reduce(using, set("files", 2048, true));
  assert.deepEqual([swapped.data.source, swapped.incoming], ["files", null]);
});

test("a data set that the worker gave up does not stay on the page", () => {
  const set = {
    type: "data",
    source: "files",
    images: 10,
    total: 60000,
    labels: 0,
    usable: false,
    complete: false,
  };
  const mnist = { ...set, source: "mnist", images: 3000, usable: true };
  const refused = { type: "refused", command: "images", code: "idx-size", args: {}, message: "no" };
  const given = after(mnist, { type: "opening" }, set, refused, set);
  assert.deepEqual([given.incoming, given.data.source], [null, "mnist"]);
  const again = [{ type: "opening" }, set].reduce(reduce, given);
  assert.equal(again.incoming.source, "files");
});

test("a knob matters while the one it waits for has its value, or is not there", () => {
  const form = { ...knob("net", false, "conv"), when: undefined };
  const sizes = { ...knob("g_hidden", false, "100"), when: ["net", ["mlp"]] };
  const state = after();
  assert.ok(matters(state, form) && matters(state, sizes));
  state.recipes = [{ id: "gan", paper: "", knobs: [form, sizes] }];
  assert.ok(!matters(state, sizes));
  state.config = { ...state.config, knobs: { net: "mlp" } };
  assert.ok(matters(state, sizes));
});

test("an address round trip changes nothing", () => {
  const config = { recipe: "gan", seed: "12345", data: "drawn", knobs: { batch: "64", g_hidden: "100-100" } };
  assert.deepEqual(fromHash(toHash(config)), config);
  assert.equal(
    toHash({ ...config, data: "mnist", knobs: { batch: "64" } }),
    "#recipe=gan&seed=12345&batch=64",
  );
  assert.equal(toHash(fromHash("")), "");
});

test("hostile addresses give a plain configuration", () => {
  for (const hash of [
    "#",
    "#%",
    "#%E0%A4%A",
    "#=&=&&",
    "#__proto__=1&constructor=2",
    "#seed=%00%ff",
    `#${"a=b&".repeat(9999)}`,
    `#batch=${"9".repeat(1e5)}`,
  ]) {
    const config = fromHash(hash);
    assert.equal(Object.getPrototypeOf(config.knobs), Object.prototype, hash);
    assert.ok(
      Object.values(config.knobs).every((value) => typeof value === "string" && value.length <= 200),
      hash,
    );
    assert.ok(["mnist", "drawn"].includes(config.data), hash);
    assert.deepEqual(fromHash(toHash(config)), config, hash);
  }
  assert.deepEqual(fromHash("#recipe=nope&batch=NaN&data=files&seed=x").knobs, { batch: "NaN" });
});

test("without an engine nothing trains, and the reason is said", () => {
  /** @type {[any, string][]} */
  const ways = [
    [{ type: "unsupported", lacks: "simd" }, "trouble.no-simd"],
    [{ type: "unsupported", lacks: "wasm" }, "trouble.no-wasm"],
    [{ type: "unstarted", message: "404", frame: false }, "trouble.unstarted"],
    [{ type: "unstarted", message: "denied", frame: true }, "trouble.frame"],
    [{ type: "crashed", message: "unreachable" }, "trouble.crashed"],
    [{ type: "outdated" }, "trouble.outdated"],
  ];
  for (const [event, key] of ways) {
    for (const before of [initial(), reduce(initial(), { type: "train" })]) {
      const stuck = reduce(before, event);
      assert.deepEqual([stuck.phase, stuck.trouble.key, isStuck(stuck)], ["fault", key, true]);
      for (const type of ["train", "step", "reset", "pause", "new-run", "advance", "pace"])
        assert.equal(reduce(stuck, { type, pace: 1 }), stuck, `${type} after ${key}`);
    }
  }
  const again = reduce(reduce(initial(), { type: "crashed", message: "" }), { type: "restart" });
  assert.equal(isStuck(again), false);
  assert.equal(reduce(again, { type: "train" }).wanted, true, "a restart trains what is pressed meanwhile");
});

test("a link that went through HTML is read as it was meant, as often as its ampersands were escaped", () => {
  const config = { recipe: "gan", seed: "7", data: "drawn", knobs: { batch: "64" } };
  for (const amp of ["&", "&amp;", "&amp;amp;", "&AMP;"])
    assert.deepEqual(fromHash(["#recipe=gan", "seed=7", "data=drawn", "batch=64"].join(amp)), config, amp);
});

test("settings that the GAN does not have are named in one note, and the rest of the address holds", () => {
  const opened = (hash) =>
    reduce(reduce(initial(), { type: "address", config: fromHash(hash) }), {
      type: "ready",
      protocol: 1,
      build: "simd128",
      recipes,
    });
  const one = opened("#recipe=gan&nonsense=1&rate=0.01");
  assert.deepEqual(one.config.knobs, { rate: "0.01" });
  assert.deepEqual(
    one.notes.map(({ key, args }) => [key, args]),
    [["error.unknown-knob", { recipe: "gan", key: "nonsense" }]],
  );
  // Without a GAN's name, it is the first one's.
  assert.deepEqual(opened("#rate=0.01&学习率=2").config.knobs, { rate: "0.01" });
  const many = opened(`#${Array.from({ length: 500 }, (_, i) => `k${i}=1`).join("&")}&`.padEnd(4000, "x"));
  assert.deepEqual(many.config.knobs, {});
  assert.equal(many.notes.length, 1);
  assert.equal(many.notes[0].args.key, "k0, k1, k2, k3, k4, …");
  // Typed into a page that is up.
  const typed = reduce(after(run(1)), { type: "address", config: fromHash("#recipe=gan&a-b=1&latent=64") });
  assert.deepEqual([typed.config.knobs, typed.notes[0].args.key], [{ latent: "64" }, "a-b"]);
});

test("a seed of 400 digits and a value of 4,000 are cut to what a sentence can name", () => {
  assert.equal(fromHash(`#seed=${"9".repeat(400)}`).seed.length, 40);
  assert.equal(fromHash(`#recipe=gan&batch=${"9".repeat(4000)}`).knobs.batch.length, 200);
});
