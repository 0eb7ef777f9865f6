import assert from "node:assert/strict";
import { test } from "node:test";
import { extend, MOST_POINTS, noCurves } from "../../../www/curves.js";

test("curves stay bounded, keep their mean and reach the newest step", () => {
  let curves = noCurves();
  const count = 10 * MOST_POINTS;
  for (let step = 1; step <= count; step += 1)
    curves = step % 500 ? curves : extend(curves, block(step - 499, 500));
  assert.ok(curves.steps.length <= MOST_POINTS && curves.steps.length >= MOST_POINTS / 4);
  assert.ok(curves.steps.every((step, i) => i === 0 || step > curves.steps[i - 1]));
  assert.ok(curves.steps.at(-1) > count - 2 * curves.every);
  const mean = curves.real.reduce((sum, value) => sum + value, 0) / curves.real.length;
  assert.ok(Math.abs(mean - 0.5) < 0.01);
  assert.ok(curves.held.length === curves.steps.length && curves.held.every((value) => value === 3));
});
const block = (from, count) =>
  Array.from({ length: count }, (_, i) => [from + i, (from + i) % 2, 1, 2, 3]).flat();
