// Phases at a pace: none is asked for before the last one has been answered.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createPacer } from "../../../www/pace.js";

test("phases are asked for at the pace, and none before the last one has been answered", (t) => {
  t.mock.timers.enable({ apis: ["setTimeout"] });
  let clock = 0;
  t.mock.method(performance, "now", () => clock);
  let state = { pace: /** @type {number | null} */ (4), amid: /** @type {unknown} */ (null), owed: 0 };
  let asked = 0;
  const pacer = createPacer(
    () => /** @type {any} */ (state),
    () => {
      asked += 1;
      state = { ...state, owed: 1 };
    },
  );
  const pass = (ms) => {
    for (let gone = 0; gone < ms; gone += 5) {
      clock += 5;
      t.mock.timers.tick(5);
    }
  };
  const report = (owed = 0) => {
    state = { ...state, owed };
    pacer.effects.progress?.(/** @type {any} */ ({}), /** @type {any} */ (state));
  };
  const answer = () => {
    state = { ...state, amid: {} };
    report();
  };
  pacer.effects.pace?.({ type: "pace", pace: 4 }, /** @type {any} */ (state));
  assert.equal(asked, 1);
  report(1);
  pass(5000);
  assert.equal(asked, 1, "it asked again before the answer");
  answer();
  assert.equal(asked, 2, "a late answer brings the next at once");
  answer();
  pass(240);
  assert.equal(asked, 2, "it is too fast");
  pass(20);
  assert.equal(asked, 3);
  // Nothing could be played: it waits for digits.
  report();
  pass(900);
  assert.equal(asked, 3);
  pass(200);
  assert.equal(asked, 4);
  answer();
  state = { ...state, pace: null };
  pass(3000);
  report();
  assert.equal(asked, 4, "it went on after the end");
});
