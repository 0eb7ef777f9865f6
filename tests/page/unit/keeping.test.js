// Kept runs: how snapshots are stored, and how one goes on.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nothingKept } from "../../../www/keeping-state.js";
import { Unkept } from "../../../www/database.js";
import { data, kept, run, snapshot } from "./kept.js";
import { sentences } from "./sentences.js";
import { scene, stage, settle } from "./stage.js";

test("a snapshot is stored with all that shows the run as it was; a new run has none", async () => {
  const { saving, stored, now, page } = stage({
    latent: [0.5, 1],
    samples: new Uint8Array(64 * 784).fill(9),
  });
  saving.take(snapshot());
  await settle();
  const [record, shown, bytes] = stored[0];
  assert.deepEqual(
    [record.recipe, record.seed, record.step, record.digest, record.size],
    ["gan", 7, 9, "d", 3],
  );
  assert.equal(record.picture.length, 16 * 784);
  assert.deepEqual([shown.latent, bytes.length], [[0.5, 1], 3]);
  assert.deepEqual([now().keeping.saved, now().keeping.runs.length], [9, 1]);
  page.act({ type: "started", ...run, run: 5 });
  assert.deepEqual([now().keeping.saved, now().keeping.id, now().keeping.runs.length], [null, null, 1]);
});

test("of snapshots that come while one is stored, the newest is next; step 0 is none", async () => {
  let free;
  const held = new Promise((resolve) => (free = resolve));
  const steps = [];
  const { saving } = stage(
    {},
    { save: async (record) => (steps.push(record.step), await held, { kept: record, gone: [], cost: 0 }) },
  );
  for (const step of [0, 1, 2, 3]) saving.take(snapshot({ step }));
  await settle();
  free();
  await settle();
  assert.deepEqual(steps, [1, 3]);
});

test("full storage is said once; what is waiting is stored when there is room", async () => {
  let full = true;
  const steps = [];
  const save = async (record) => {
    steps.push(record.step);
    if (full) throw new Unkept("full");
    return { kept: record, gone: [], cost: 0 };
  };
  const { saving, said, now } = stage({}, { save });
  const timers = globalThis.setTimeout;
  globalThis.setTimeout = (work, ms) => (ms > 1000 ? 0 : timers(work, ms));
  try {
    saving.take(snapshot({ step: 1 }));
    await settle();
    saving.take(snapshot({ step: 2 }));
    await settle();
    assert.deepEqual([steps, said.map(({ code }) => code), now().keeping.saved], [[1], ["full"], null]);
    full = false;
    saving.retry();
    await settle();
    assert.deepEqual([steps, now().keeping.saved], [[1, 2], 2]);
  } finally {
    globalThis.setTimeout = timers;
  }
});

test("what another page stored since is not stored over", async () => {
  const ids = [];
  const save = async (record) => {
    ids.push(record.id);
    if (record.id === "a") throw new Unkept("taken");
    return { kept: record, gone: [], cost: 0 };
  };
  const { saving, now, told } = stage(
    { keeping: { ...nothingKept(), store: "open", id: "a", saved: 3 } },
    { save },
  );
  saving.take(snapshot());
  await settle();
  assert.equal(ids.length, 2);
  assert.deepEqual([now().keeping.id, now().keeping.saved], [ids[1], 9]);
  assert.ok(told.some(({ note }) => note?.key === "keeping.forked"));
});

test("a run goes on: resumed on its digits, its curves and latents as they were", async () => {
  const { page, sent, now, told } = stage({
    keeping: { ...nothingKept(), store: "open", runs: [kept()], offer: "a" },
  });
  page.act({ type: "continue-run", id: "a" });
  await settle();
  assert.deepEqual(
    sent.map(({ type, elapsed }) => [type, elapsed]),
    [["resume", 50]],
  );
  page.act({ type: "started", ...run, run: 5 });
  page.act({ type: "resumed", run: 5, step: 9, same_data: true, build: "" });
  const { keeping, curves, losses, latent } = now();
  assert.deepEqual([keeping.id, keeping.saved, keeping.going, keeping.offer], ["a", 9, null, null]);
  assert.deepEqual(
    [curves.steps, losses, latent],
    [
      [1, 9],
      [1, 2, 3],
      [0.5, 1],
    ],
  );
  assert.deepEqual(
    told.flatMap(({ note }) => note?.key ?? []),
    ["keeping.went-on"],
  );
});

test("other digits or other arithmetic are said, and on other digits it is another run", async () => {
  const { page, now, told } = stage({
    build: "simd128",
    keeping: { ...nothingKept(), store: "open", runs: [kept()] },
  });
  page.act({ type: "continue-run", id: "a" });
  await settle();
  page.act({ type: "started", ...run, run: 5 });
  page.act({ type: "resumed", run: 5, step: 9, same_data: false, build: "relaxed-fused" });
  assert.deepEqual([now().keeping.id, now().keeping.saved, now().curves.steps], [null, null, [1, 9]]);
  const keys = told.flatMap(({ note }) => note?.key ?? []);
  assert.deepEqual(keys, ["keeping.went-on", "keeping.other-data.images", "keeping.other-build"]);
});

test("what of the digits differs is said, where the worker says it", async () => {
  for (const differs of ["images", "labels", "labels-missing", "labels-added", null]) {
    const { page, now, told } = stage({ keeping: { ...nothingKept(), store: "open", runs: [kept()] } });
    page.act({ type: "continue-run", id: "a" });
    await settle();
    page.act({ type: "started", ...run, run: 5 });
    page.act({ type: "resumed", run: 5, step: 9, same_data: differs === null, differs, build: "" });
    const said = told.flatMap(({ note }) => (note?.tone === "error" ? note.key : []));
    assert.deepEqual(said, differs ? [`keeping.other-data.${differs}`] : []);
    assert.equal(now().keeping.id, differs ? null : "a", "on other digits it is a run of its own");
    for (const [lang, known] of Object.entries(sentences))
      for (const key of said) assert.ok(known[key], `${lang}: ${key}`);
  }
});

test("a data set of one's own is kept under the fingerprint of all of it, as bytes", async () => {
  const file = new File(["digits"], "x");
  const all = async (complete) => {
    const { saving, stored, page } = stage({ data: { ...data, source: "files", complete } });
    page.feed.inUse = () => ({ source: "files", files: [file], transposed: true, mirror: false });
    saving.take(snapshot({ data: "f" }));
    await settle();
    await settle();
    return stored[0][3].set;
  };
  assert.equal(await all(false), null, "until all is in");
  const { files, transposed } = await all(true);
  assert.ok(files[0].bytes instanceof ArrayBuffer);
  assert.deepEqual([files[0].name, files[0].bytes.byteLength, transposed], ["x", 6, true]);
});

test("a run that trains is paused first, so that its last steps are kept", async () => {
  const { page, sent } = stage({
    phase: "training",
    keeping: { ...nothingKept(), store: "open", runs: [kept()] },
  });
  page.act({ type: "continue-run", id: "a" });
  await settle();
  assert.deepEqual(
    sent.map(({ type }) => type),
    ["pause", "resume"],
  );
});

test("its digits come back first: MNIST from the site, own files from the store, else from the visitor", async () => {
  const going = async (more, set = null, site = "has") => {
    const load = async () => ({ kept: kept(more), scene, bytes: new Uint8Array(3), set });
    const all = stage({ site, keeping: { ...nothingKept(), store: "open", runs: [kept(more)] } }, { load });
    all.page.act({ type: "continue-run", id: "a" });
    await settle();
    return all;
  };
  const mnist = await going({ source: "mnist" });
  assert.ok(mnist.told.some(({ type, source }) => type === "source" && source === "mnist"));
  assert.deepEqual(mnist.sent, []);
  mnist.opens({ ...data, source: "mnist" });
  assert.equal(mnist.sent[0].type, "resume");

  const files = await going(
    { source: "files" },
    { files: [{ name: "x", bytes: new Uint8Array(1).buffer }], transposed: true },
  );
  assert.deepEqual([files.opened[0].files[0].name, files.opened[0].transposed], ["x", true]);
  files.opens({ ...data, source: "files" });
  assert.equal(files.sent[0].type, "resume");

  const lost = await going({ source: "files" });
  assert.equal(lost.now().keeping.going.needs, "files");
  lost.opens({ ...data, source: "mnist" });
  assert.deepEqual(lost.sent, [], "these are others");
  lost.opens({ ...data, source: "files" });
  assert.equal(lost.sent[0].type, "resume");

  const none = await going({ source: "mnist" }, null, "none");
  assert.equal(none.now().keeping.going.needs, "mnist");
  none.page.act({ type: "train" });
  assert.equal(none.now().keeping.going, null, "whoever trains does not wait");
});

test("what cannot be read changes nothing but what is said", async () => {
  const load = async () => {
    throw new Unkept("corrupt");
  };
  const { page, said, sent, now } = stage(
    { keeping: { ...nothingKept(), store: "open", runs: [kept()] } },
    { load },
  );
  page.act({ type: "continue-run", id: "a" });
  await settle();
  assert.deepEqual([said[0].code, sent, now().keeping.going, now().step], ["corrupt", [], null, 9]);
});

test("a file from outside goes on as a run of its own; refused, all is as before", async () => {
  const { page, sent, now, told } = stage({
    keeping: { ...nothingKept(), store: "open", id: "a", saved: 9 },
  });
  page.act({ type: "take-run", bytes: new Uint8Array(3), name: "mine.safetensors" });
  assert.deepEqual([sent[0].type, sent[0].elapsed], ["resume", 0]);
  page.act({ type: "refused", command: "resume", run: 5, code: "checkpoint", args: {}, message: "no" });
  assert.deepEqual([now().keeping.going, now().keeping.id, now().keeping.saved], [null, "a", 9]);
  page.act({ type: "take-run", bytes: new Uint8Array(3), name: "mine.safetensors" });
  page.act({ type: "started", ...run, run: 5 });
  page.act({ type: "resumed", run: 5, step: 9, same_data: true });
  assert.deepEqual([now().keeping.going, now().keeping.id], [null, null]);
  assert.equal(told.at(-1).note.args.name, "mine.safetensors");
});
