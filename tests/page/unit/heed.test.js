// Views are called when what they read has changed, and only then.
import assert from "node:assert/strict";
import { test } from "node:test";
import { initial } from "../../../www/state.js";
import { createText } from "../../../www/i18n.js";
import { heeding } from "../../../www/view/heed.js";

/** @typedef {import("../../../www/types.js").State} State */

const text = createText("en", {});

/** A view, and a page whose state changes with or without a paint. @param {import("../../../www/types.js").View} view */
function page(view) {
  let state = initial();
  const paint = heeding(() => state)(view);
  const change = (/** @type {Partial<State>} */ part) => void (state = { ...state, ...part });
  return {
    change,
    paint(/** @type {Partial<State>} */ part = {}, words = text) {
      change(part);
      paint(state, words);
    },
  };
}

test("a view is called again when a field that it read has changed", () => {
  /** @type {number[]} */
  const said = [];
  const { paint } = page(({ step }) => void said.push(step));
  paint();
  paint({ kind: 3 });
  paint({ step: 5 });
  paint({ kind: 4 });
  assert.deepEqual(said, [0, 5]);
});

test("fields count from when they are first read, within a call or after it", () => {
  /** @type {string[]} */
  const said = [];
  /** @type {any} */
  let kept = null;
  const { paint } = page((state) => {
    kept = state;
    said.push(state.step > 1 ? `${state.step} ${state.kind}` : `${state.step}`);
  });
  paint();
  paint({ kind: 1 });
  paint({ step: 2 });
  paint({ kind: 2 });
  // Asked for by a click, say.
  assert.equal(kept.epoch, 0);
  paint({ epoch: 1 });
  assert.deepEqual(said, ["0", "2 1", "2 2", "2 2"]);
});

test("what a view keeps of the state is the present one, called or not, painted or not", () => {
  /** @type {any} */
  let kept = null;
  const { change, paint } = page((state) => {
    kept = state;
    void state.step;
  });
  paint();
  paint({ kind: 7 });
  assert.equal(kept.kind, 7);
  change({ step: 3, kind: 8 });
  assert.deepEqual([kept.step, kept.kind], [3, 8]);
});

test("a change that a handler has seen before the paint is painted all the same", () => {
  /** @type {any} */
  let kept = null;
  /** @type {number[]} */
  const said = [];
  const { change, paint } = page((state) => {
    kept = state;
    said.push(state.step);
  });
  paint();
  change({ step: 4 });
  assert.equal(kept.step, 4);
  paint();
  assert.deepEqual(said, [0, 4]);
});

test("another language calls every view", () => {
  let calls = 0;
  const { paint } = page(() => void (calls += 1));
  paint();
  paint();
  paint({}, createText("zh", {}));
  assert.equal(calls, 2);
});
