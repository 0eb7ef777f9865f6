// Views are called when what they read has changed, and only then.
import assert from "node:assert/strict";
import { test } from "node:test";
import { initial } from "../../../www/state.js";
import { createText } from "../../../www/i18n.js";
import { heeding } from "../../../www/view/heed.js";

const text = createText("en", {});

test("a view is called again when a field that it read has changed", () => {
  /** @type {number[]} */
  const said = [];
  const view = heeding(({ step }) => void said.push(step));
  const state = initial();
  view(state, text);
  view({ ...state, kind: 3 }, text);
  view({ ...state, step: 5 }, text);
  view({ ...state, step: 5, kind: 4 }, text);
  assert.deepEqual(said, [0, 5]);
});

test("fields count from when they are first read, within a call or after it", () => {
  /** @type {string[]} */
  const said = [];
  /** @type {import("../../../www/types.js").State | null} */
  let kept = null;
  const view = heeding((state) => {
    kept = state;
    said.push(state.step > 1 ? `${state.step} ${state.kind}` : `${state.step}`);
  });
  const state = initial();
  view(state, text);
  view({ ...state, kind: 1 }, text);
  view({ ...state, step: 2, kind: 1 }, text);
  view({ ...state, step: 2, kind: 2 }, text);
  // Asked for by a click, say.
  assert.equal(/** @type {any} */ (kept).epoch, 0);
  view({ ...state, step: 2, kind: 2, epoch: 1 }, text);
  assert.deepEqual(said, ["0", "2 1", "2 2", "2 2"]);
});

test("what a view keeps of the state is the newest one, called or not", () => {
  /** @type {any} */
  let kept = null;
  const view = heeding((state) => {
    kept = state;
    void state.step;
  });
  const state = initial();
  view(state, text);
  view({ ...state, kind: 7 }, text);
  assert.equal(kept.kind, 7);
});

test("another language calls every view", () => {
  let calls = 0;
  const view = heeding(() => void (calls += 1));
  const state = initial();
  view(state, text);
  view(state, text);
  view(state, createText("zh", {}));
  assert.equal(calls, 2);
});
