// Saving: what failed is tried again, what waits is stored, and nothing is written blindly.
import assert from "node:assert/strict";
import { test } from "node:test";
import { nothingKept } from "../../../www/keeping-state.js";
import { Unkept } from "../../../www/database.js";
import { kept, run, snapshot } from "./kept.js";
import { stage, settle } from "./stage.js";

test("a save that failed is tried again, with growing pauses, and what was said is taken back", async () => {
  const asked = [];
  let failing = true;
  const steps = [];
  const save = async (record) => {
    steps.push(record.step);
    if (failing) throw new Unkept("failed", new Error("disk on fire"));
    return { kept: record, gone: [], cost: 0 };
  };
  const { saving, said, now, told } = stage({}, { save });
  const timers = globalThis.setTimeout;
  let run = null;
  globalThis.setTimeout = (work, ms, ...more) => {
    if (!ms || ms < 500) return timers(work, ms, ...more);
    asked.push(ms);
    run = work;
    return 0;
  };
  const clock = performance.now;
  let ahead = 0;
  performance.now = () => clock.call(performance) + ahead;
  try {
    saving.take(snapshot({ step: 7 }));
    await settle();
    for (let i = 0; i < 8; i += 1) {
      ahead += asked.at(-1) + 1;
      run();
      await settle();
    }
    assert.deepEqual(steps, Array(9).fill(7), "with no new snapshot at all");
    assert.deepEqual(
      asked.map((ms) => Math.round(ms / 1000)),
      [1, 2, 4, 8, 16, 32, 60, 60, 60],
    );
    assert.deepEqual(
      said.map(({ code }) => code),
      ["failed"],
      "said once",
    );
    failing = false;
    saving.hurry();
    await settle();
    assert.equal(now().keeping.saved, 7, "at once where the page is about to go");
    assert.ok(told.some(({ type, key }) => type === "dismiss" && key === "keeping.failed.none"));
  } finally {
    globalThis.setTimeout = timers;
    performance.now = clock;
  }
});

test("what another run left unsaved is not lost to the next one's snapshots", async () => {
  let failing = true;
  const stored = [];
  const save = async (record) => {
    if (failing) throw new Unkept("failed");
    stored.push([record.seed, record.step]);
    return { kept: record, gone: [], cost: 0 };
  };
  const { saving, page } = stage({}, { save });
  saving.take(snapshot({ step: 7 }));
  await settle();
  page.act({ type: "started", ...run, run: 5, seed: 8 });
  saving.take(snapshot({ run: 5, step: 1 }));
  saving.take(snapshot({ run: 5, step: 2 }));
  failing = false;
  saving.hurry();
  await settle();
  assert.deepEqual(stored, [
    [7, 7],
    [8, 2],
  ]);
});

test("while it trains a run is stored every few seconds; as the page goes, what came since", async () => {
  const atOnce = [];
  const steps = [];
  const { saving, page } = stage(
    { phase: "training" },
    {
      save: async (record) => (steps.push(record.step), { kept: record, gone: [], cost: 0 }),
      saveAtOnce: (record) => void atOnce.push(record.step),
    },
  );
  saving.take(snapshot({ step: 1 }));
  await settle();
  for (const step of [2, 3, 4]) saving.take(snapshot({ step }));
  await settle();
  assert.deepEqual(steps, [1]);
  saving.leave();
  assert.deepEqual(atOnce, [4], "the newest alone");
  saving.hurry();
  await settle();
  assert.deepEqual(steps, [1, 4], "where the page stays after all");
  page.act({ type: "pause" });
  saving.take(snapshot({ step: 5 }));
  await settle();
  assert.deepEqual(steps, [1, 4, 5], "at rest at once");
});

test("of a run that another page may have stored since, nothing is written blindly", async () => {
  const atOnce = [];
  const { saving } = stage(
    { phase: "training", keeping: { ...nothingKept(), store: "open", id: "a", saved: 3 } },
    {
      save: () => new Promise(() => {}),
      saveAtOnce: (record) => void atOnce.push(record.id),
    },
  );
  saving.take(snapshot());
  saving.leave();
  assert.deepEqual(atOnce, []);
});
