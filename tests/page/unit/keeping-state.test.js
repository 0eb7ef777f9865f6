// What the page knows of kept runs, and which of them are a tab's own.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createOwning, newName } from "../../../www/keeping-owning.js";
import { newest, nothingKept, recordOf, reduceKeeping, sceneOf } from "../../../www/keeping-state.js";
import { initial } from "../../../www/state.js";
import { data, kept, run, snapshot } from "./kept.js";

const settle = () => new Promise((resolve) => setTimeout(resolve));

test("going back in time leaves what is stored beyond as it is", () => {
  const state = { ...initial(), keeping: { ...nothingKept(), id: "a", saved: 9 } };
  const back = (step) =>
    reduceKeeping(state, { type: "returned", run: 4, snapshot: 1, step, branch: 1, knobs: {} }).keeping;
  assert.deepEqual([back(5).id, back(5).saved], [null, null]);
  assert.deepEqual([back(9).id, back(9).saved], ["a", 9]);
});

test("the newest readable run that no other tab has is offered, until one trains or declines", () => {
  const runs = [kept({ id: "broken", broken: true }), kept({ id: "theirs" }), kept({ id: "mine" })];
  const keeping = { ...nothingKept(), runs, elsewhere: ["theirs"], offer: "mine" };
  assert.equal(newest(keeping), "mine");
  assert.equal(newest(nothingKept()), null);
  for (const type of ["train", "step", "decline-run"])
    assert.equal(reduceKeeping({ ...initial(), keeping }, { type }).keeping.offer, null);
});

test("after the worker died, the run it trained is offered", () => {
  const state = { ...initial(), keeping: { ...nothingKept(), runs: [kept()], id: "a", saved: 9 } };
  const { offer, id, saved } = reduceKeeping(state, { type: "restart" }).keeping;
  assert.deepEqual([offer, id, saved], ["a", null, null]);
});

test("a lock makes a run one tab's; without locks nobody is kept out", async () => {
  const held = new Set();
  const locks = {
    async request(name, _, use) {
      if (held.has(name)) return use(null);
      held.add(name);
      await use({ name });
      held.delete(name);
    },
    query: async () => ({ held: [...held].map((name) => ({ name })) }),
  };
  const [one, two] = [createOwning(locks), createOwning(locks)];
  assert.equal(await one.take("a"), true);
  assert.equal(await one.take("a"), true, "it is its own already");
  assert.equal(await two.take("a"), false);
  assert.deepEqual([await one.elsewhere(), await two.elsewhere()], [[], ["a"]]);
  one.keepOnly(["b"]);
  await settle();
  assert.equal(await two.take("a"), true);
  assert.equal(await createOwning(undefined).take("a"), true);
  assert.notEqual(newName(), newName());
});

test("a record holds what the run was; the visitor's name stays", () => {
  const state = {
    ...initial(),
    run,
    data,
    build: "simd128",
    keeping: { ...nothingKept(), runs: [kept({ name: "mine" })] },
  };
  const record = recordOf(state, snapshot(), { id: "a", writer: "me", date: 5, format: 1 });
  assert.deepEqual(
    [record.name, record.build, record.source, record.knobs],
    ["mine", "simd128", "drawn", { batch: "16" }],
  );
  assert.deepEqual(Object.keys(sceneOf(state)), ["curves", "slow", "losses", "latent", "kind", "turned"]);
});
