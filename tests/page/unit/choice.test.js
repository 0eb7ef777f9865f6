// What is chosen and what runs: when a choice takes effect, what the address says, and what a copied link promises.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createChoosing } from "../../../www/choosing.js";
import { connect, PROTOCOL } from "../../../www/client.js";
import { createDriver } from "../../../www/drive.js";
import { createText } from "../../../www/i18n.js";
import { linked, promise } from "../../../www/sharing.js";
import * as choices from "../../../www/choice.js";
import { initial, reduce, toHash } from "../../../www/state.js";
import { named } from "../../../www/view/choice.js";
import { sentences } from "./sentences.js";
import { knob, recipes, DEFAULTS, started, progress, refused, fresh, after } from "./told.js";
import { catalogue } from "./catalogue.js";

const { inForce, isLive, losesNothing, pending, waitingFor } = choices;

const chosen = { type: "recipe", id: "wgan" };
const trained = [started(1), { type: "train" }, progress({ training: true, step: 500 })];
const mnist = {
  type: "data",
  source: "mnist",
  images: 60000,
  total: 60000,
  labels: 60000,
  usable: true,
  complete: true,
};

/** A driver with what is chosen, a worker that only writes down, and the state that both share. */
function page() {
  const sent = [];
  let worker;
  const make = () => (worker = { postMessage: (message) => sent.push(message), terminate() {} });
  let state = fresh();
  const dispatch = (event) => {
    const before = state;
    state = reduce(state, event);
    for (const effects of [driver.effects, choosing.effects]) effects[event.type]?.(event, before);
  };
  const client = connect(make, dispatch);
  const feed = { resume() {}, hear() {}, forget() {} };
  const driver = createDriver(client, feed, () => state, dispatch);
  const choosing = createChoosing(driver, () => state, dispatch);
  const hear = (data) => worker.onmessage({ data });
  hear({ type: "ready", protocol: PROTOCOL, build: "simd128", recipes, catalogue });
  driver.startRun();
  hear(started(1));
  return {
    act: dispatch,
    hear,
    state: () => state,
    keep: (saved) => (state = { ...state, keeping: { store: "open", id: "x", saved } }),
    sent: () => sent.splice(0).map(({ type, recipe }) => (recipe ? `${type} ${recipe}` : type)),
  };
}

test("at step 0 Train begins with the GAN that is chosen", () => {
  const { act, hear, sent, state } = page();
  sent();
  act(chosen);
  act({ type: "press", what: "train" });
  assert.deepEqual(sent(), ["start wgan"], "the old run does not train in its place");
  hear(started(2, { recipe: "wgan", knobs: { ...DEFAULTS, latent: "100" }, latent: 100 }));
  assert.deepEqual(sent(), ["run"]);
  assert.deepEqual([state().phase, state().run.recipe, pending(state())], ["training", "wgan", []]);
});

test("what is refused at step 0 leaves nothing that trains in its place", () => {
  const { act, hear, sent, state } = page();
  sent();
  act({ type: "seed", value: "banana" });
  act({ type: "press", what: "train" });
  hear(refused("start", "seed", { got: "banana" }, { run: 2 }));
  assert.deepEqual(sent(), ["start dcgan"]);
  assert.deepEqual([state().phase, state().wanted, state().config.seed], ["ready", null, "7"]);
  assert.equal(toHash(inForce(state())), "#recipe=dcgan&seed=7");
});

test("choices made faster than runs begin: the last one counts", () => {
  const { act, hear, sent, state } = page();
  sent();
  act(chosen);
  act({ type: "press", what: "step" });
  act({ type: "recipe", id: "dcgan" });
  act({ type: "knob", key: "latent", value: "9" });
  hear(started(2, { recipe: "wgan", knobs: { ...DEFAULTS, latent: "100" }, latent: 100 }));
  assert.equal(state().config.knobs.latent, "9", "the choice of meanwhile stays");
  assert.deepEqual(sent(), ["start wgan", "step", "start dcgan"]);
  hear(started(3, { knobs: { ...DEFAULTS, latent: "9" }, latent: 9 }));
  assert.deepEqual([state().run.run, pending(state())], [3, []]);
});

test("amid training a choice waits, and Train then asks which run is meant", () => {
  const { act, hear, sent, state } = page();
  act({ type: "press", what: "train" });
  hear(progress({ training: true, step: 500 }));
  act(chosen);
  act({ type: "pause" });
  hear(progress({ step: 501, digest: "ab" }));
  sent();
  act({ type: "press", what: "train" });
  assert.deepEqual([sent(), state().choosing, state().phase], [[], "train", "paused"]);
  const text = createText("en", sentences.en);
  assert.deepEqual(named(state(), text), { now: "DCGAN", next: "WGAN" });
  act({ type: "train" });
  assert.deepEqual([sent(), state().choosing], [["run"], null], "go on with the one that is there");
  act({ type: "pause" });
  hear(progress({ step: 502, digest: "ab" }));
  act({ type: "press", what: "train" });
  sent();
  act({ type: "new-run", then: state().choosing });
  assert.deepEqual([sent(), state().choosing], [["start wgan"], null]);
  hear(started(2, { recipe: "wgan", knobs: { ...DEFAULTS, latent: "100" }, latent: 100 }));
  assert.deepEqual(sent(), ["run"]);
});

test("after a reset what waited takes effect", () => {
  const { act, hear, sent } = page();
  act({ type: "press", what: "train" });
  hear(progress({ training: true, step: 500 }));
  act(chosen);
  sent();
  act({ type: "reset" });
  assert.deepEqual(sent(), ["pause", "start dcgan"]);
  hear(started(2));
  assert.deepEqual(sent(), ["start wgan"]);
});

test("what is chosen is named with what differs", () => {
  const text = createText("en", sentences.en);
  const state = after(mnist, ...trained, { type: "knob", key: "latent", value: "32" });
  assert.deepEqual(named(state, text), {
    now: "DCGAN (Latent numbers: 64)",
    next: "DCGAN (Latent numbers: 32)",
  });
  const both = reduce(state, { type: "seed", value: "8" });
  assert.equal(named(both, text).next, "DCGAN (Latent numbers: 32, seed 8)");
  const more = reduce(both, { type: "source", source: "drawn" });
  assert.deepEqual(named(more, text), { now: "DCGAN (as it is)", next: "DCGAN (3 settings changed)" });
});

test("nothing is lost at step 0, and where the run rests as it is kept", () => {
  assert.ok(losesNothing(after(started(1))));
  assert.ok(!losesNothing(after(...trained)));
  const paused = after(...trained, { type: "pause" }, progress({ step: 501, digest: "ab" }));
  assert.ok(!losesNothing(paused));
  const keeping = (saved, store = "open") => ({ ...paused, keeping: { store, id: "x", saved } });
  assert.ok(losesNothing(keeping(501)));
  assert.ok(!losesNothing(keeping(500)));
  assert.ok(!losesNothing(keeping(501, "forbidden")));
});

test("a run that rests as it is kept gives way to a choice at once, and the page says where it is", async () => {
  const { act, hear, keep, sent, state } = page();
  act({ type: "press", what: "train" });
  hear(progress({ training: true, step: 500 }));
  act({ type: "pause" });
  hear(progress({ step: 501, digest: "ab" }));
  keep(501);
  sent();
  act(chosen);
  await new Promise((done) => setTimeout(done, 250));
  assert.deepEqual(sent(), ["start wgan"]);
  hear(started(2, { recipe: "wgan", knobs: { ...DEFAULTS, latent: "100" }, latent: 100 }));
  assert.deepEqual(state().notes.at(-1).args, { gan: "dcgan", step: 501 });
});

test("a choice made at rest takes effect once the run is kept", async () => {
  const { act, hear, keep, sent } = page();
  act({ type: "press", what: "train" });
  hear(progress({ training: true, step: 500 }));
  act({ type: "pause" });
  hear(progress({ step: 501, digest: "ab" }));
  act(chosen);
  await new Promise((done) => setTimeout(done, 250));
  sent();
  keep(501);
  act({ type: "stored" });
  assert.deepEqual(sent(), ["start wgan"]);
});

test("after a refusal at rest the next choice takes effect", async () => {
  const { act, hear, keep, sent, state } = page();
  const rest = () => new Promise((done) => setTimeout(done, 250));
  act({ type: "press", what: "train" });
  hear(progress({ training: true, step: 500 }));
  act({ type: "pause" });
  hear(progress({ step: 501, digest: "ab" }));
  keep(501);
  sent();
  act({ type: "seed", value: "banana" });
  await rest();
  hear(refused("start", "seed", { got: "banana" }, { run: 2 }));
  assert.deepEqual([sent(), state().phase, state().config.seed], [["start dcgan"], "paused", "7"]);
  act({ type: "seed", value: "8" });
  await rest();
  assert.deepEqual([sent(), state().notes], [["start dcgan"], []]);
  hear(started(3, { seed: 8 }));
  assert.deepEqual(
    state().notes.map(({ key }) => key),
    ["choice.kept"],
  );
});

test("a new run trains on where the old one did, though that one reports meanwhile", () => {
  const { act, hear, sent, state } = page();
  act({ type: "press", what: "train" });
  hear(progress({ training: true, step: 500 }));
  act(chosen);
  act({ type: "new-run" });
  hear(progress({ training: true, step: 510 }));
  sent();
  hear(started(2, { recipe: "wgan", knobs: { ...DEFAULTS, latent: "100" }, latent: 100 }));
  assert.deepEqual([sent(), state().phase], [["run"], "training"]);
});

test("another data set waits where something would be lost, and the address stays that of the run", () => {
  const waits = after(mnist, ...trained, { type: "source", source: "drawn" });
  assert.deepEqual([waits.config.data, waits.nextData, waitingFor(waits)], ["mnist", "drawn", ["data"]]);
  assert.equal(toHash(inForce(waits)), "#recipe=dcgan&seed=7");
  assert.equal(reduce(waits, { type: "source", source: "mnist" }).nextData, null, "chosen back");
  const sure = reduce(waits, { type: "source", source: "drawn", sure: true });
  assert.deepEqual([sure.config.data, sure.nextData], ["drawn", null]);
  const early = after(mnist, started(1), { type: "source", source: "drawn" });
  assert.deepEqual([early.config.data, early.nextData], ["drawn", null]);
});

test("the address is that of the run, whatever is chosen", () => {
  const state = after(...trained, chosen, { type: "seed", value: "banana" });
  assert.equal(toHash(inForce(state)), "#recipe=dcgan&seed=7");
  assert.equal(linked(state).recipe, "dcgan");
  const live = after(...trained, { type: "knob", key: "g_rate", value: "0.01" });
  assert.equal(toHash(inForce(live)), "#recipe=dcgan&seed=7&g_rate=0.01");
});

test("a refused value gives way to the run's, and live knobs stay true", () => {
  const state = after(...trained, { type: "knob", key: "latent", value: "0" });
  const back = reduce(state, refused("start", "knob-integer", { key: "latent", got: "0" }));
  assert.deepEqual([pending(back), back.config.knobs], [[], {}]);
  // Values that do not go together: what can wait waits on.
  const config = { recipe: "dcgan", seed: "7", data: "mnist", knobs: { latent: "9", g_rate: "0.5" } };
  const typed = after(...trained, { type: "address", config });
  const kept = reduce(typed, refused("start", "too-large", { got: "9", most: "1" }));
  assert.deepEqual([kept.config.knobs, kept.run.knobs.g_rate], [{ latent: "9" }, "0.001"]);
  assert.deepEqual(
    pending(kept).filter((key) => isLive(kept, key)),
    [],
  );
});

test("a copied link says what it promises", () => {
  const key = (...events) => promise(after(...events)).key;
  assert.equal(key(...trained), "share.done");
  const rate = (value) => ({ type: "knob", key: "g_rate", value });
  assert.equal(
    key(started(1), rate("0.01"), { type: "train" }),
    "share.done",
    "turned before the first step",
  );
  const turned = after(...trained, rate("0.01"));
  assert.deepEqual([promise(turned).key, promise(turned).args], ["share.turned", { step: 500 }]);
  const paused = [...trained, { type: "pause" }, progress({ step: 501, digest: "ab" })];
  assert.equal(key(...paused, rate("0.01"), rate("0.001")), "share.done", "turned and turned back at rest");
  assert.equal(key(...paused, rate("0.01"), progress({ step: 502 }), rate("0.001")), "share.turned");
  assert.equal(key(...paused, { type: "advance", by: "d" }), "share.turned", "D moved alone");
  assert.equal(key(...paused, { type: "advance", by: "phase" }), "share.done");
  const moment = { type: "returned", snapshot: 0, step: 400, branch: 1, knobs: DEFAULTS };
  assert.equal(key(...paused, rate("0.01"), moment), "share.done", "back before the turn");
  assert.equal(key(...paused, rate("0.01"), { ...moment, step: 501.5 }), "share.turned", "back after it");
  const resumed = { type: "resumed", run: 1, step: 9, same_data: true, build: "simd128" };
  assert.equal(key(started(1), resumed), "share.unknown");
  assert.equal(key(started(1), { ...resumed, same_data: false }), "share.turned");
  assert.equal(key({ ...mnist, source: "files" }, ...trained), "share.done.files");
  for (const known of Object.values(sentences))
    for (const said of ["done", "turned", "unknown"])
      assert.ok(known[`share.${said}`] && known[`share.${said}.files`]);
});
