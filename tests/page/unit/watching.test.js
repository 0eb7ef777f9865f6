// What is asked of the worker while one watches: what to measure, going back before turning knobs, pausing where nothing gets better.
import assert from "node:assert/strict";
import { test } from "node:test";
import { initial } from "../../../www/state.js";
import { createWatching } from "../../../www/watching.js";

const moments = [0, 40, 80].map((step, id) => ({ id, step, branch: 0 }));
const run = { run: 1, recipe: "gan", seed: 7, knobs: { g_rate: "0.002" } };
const config = { recipe: "gan", seed: "7", data: "drawn", knobs: {} };

/** A worker that writes down what it is asked, and a page that writes down what it is told. */
function stage(more = {}) {
  const state = { ...initial(), run, config, moments, phase: "training", ...more };
  const [sent, told] = [[], []];
  const client = { send: (command) => sent.push(command), isReady: () => true };
  const { effects, greet } = createWatching(
    client,
    () => state,
    (event) => told.push(event),
  );
  return { state, sent, told, effects, greet };
}

test("quality is measured while it is seen or decides when to pause, also by a new worker", () => {
  const { state, sent, effects, greet } = stage();
  effects.watch({ type: "watch", scores: true, quality: false });
  state.untilPlateau = true;
  effects["until-plateau"]({ type: "until-plateau", on: true });
  greet();
  state.untilPlateau = false;
  effects["until-plateau"]({ type: "until-plateau", on: false });
  assert.deepEqual(
    sent.map(({ scores, quality }) => [scores, quality]),
    [
      [true, false],
      [true, true],
      [true, true],
      [true, false],
    ],
  );
});

test("a run that gets no better pauses where that is wanted, and at once where it is so already", () => {
  const { state, told, effects } = stage();
  effects.plateau({ type: "plateau", run: 1, best: 40, step: 80 });
  assert.deepEqual(told, []);
  state.untilPlateau = true;
  effects.plateau({ type: "plateau", run: 1, best: 40, step: 80 });
  assert.deepEqual(
    told.map(({ type, note }) => note?.key ?? type),
    ["pause", "plateau.paused"],
  );
  state.plateau = { best: 40, step: 80 };
  effects["until-plateau"]({ type: "until-plateau", on: true });
  assert.equal(told.length, 4);
  state.phase = "paused";
  effects["until-plateau"]({ type: "until-plateau", on: true });
  assert.equal(told.length, 4, "it stands still as it is");
});

test("it goes back to where it was best, and says so", () => {
  const { told, effects } = stage({ untilPlateau: true, step: 80, best: { moment: 1, step: 40 } });
  effects.plateau({ type: "plateau", run: 1, best: 30, step: 80 });
  assert.deepEqual(told, [
    { type: "pause" },
    { type: "go-back", moment: 1 },
    { type: "note", note: { tone: "info", key: "plateau.returned", args: { best: 40 } } },
  ]);
});

test("a remedy that goes back turns its knobs there, not before, and trains", () => {
  const { sent, told, effects } = stage();
  const remedy = { name: "go-back-slower", knobs: { g_rate: "0.001" }, fresh: false, snapshot: 1, step: 40 };
  effects.remedy({ type: "remedy", remedy });
  assert.deepEqual(sent, [{ type: "return", snapshot: 1 }]);
  assert.deepEqual(told, [{ type: "pause" }]);
  effects.returned({ type: "returned" });
  assert.deepEqual(told.slice(1), [{ type: "knob", key: "g_rate", value: "0.001" }, { type: "train" }]);
  effects.returned({ type: "returned" });
  assert.equal(told.length, 3, "once");
});

test("a remedy whose way back is refused turns nothing", () => {
  const { told, effects } = stage();
  effects.remedy({
    type: "remedy",
    remedy: { name: "go-back-slower", knobs: { g_rate: "1" }, snapshot: 1, step: 40 },
  });
  effects.refused({ type: "refused", command: "return" });
  effects.returned({ type: "returned" });
  assert.deepEqual(told, [{ type: "pause" }]);
});

test("a remedy that shapes the nets begins a new run, of the GAN that trains", () => {
  const { state, sent, told, effects } = stage();
  const remedy = { name: "pairs", knobs: { pack: "2" }, fresh: true };
  effects.remedy({ type: "remedy", remedy });
  assert.deepEqual(
    told.map(({ type }) => type),
    ["knob", "new-run", "train"],
  );
  state.config = { ...config, recipe: "wgan" };
  effects.remedy({ type: "remedy", remedy });
  assert.deepEqual([told[3].type, told[3].config.recipe], ["address", "gan"]);
  assert.deepEqual(sent, []);
});
