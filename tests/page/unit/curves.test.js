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

test("each point knows how long training had taken, however often the worker reports", () => {
  let curves = extend(noCurves(), block(1, 4), 0, 400);
  assert.deepEqual(curves.times, [100, 200, 300, 400]);
  curves = extend(curves, block(5, 2), 400, 1000);
  assert.deepEqual(curves.times.slice(-2), [700, 1000]);
  for (let step = 7; step < 5 * MOST_POINTS; step += 100)
    curves = extend(curves, block(step, 100), 10 * step + 930, 10 * step + 1930);
  assert.ok(curves.times.length === curves.steps.length);
  assert.ok(curves.times.every((time, i) => i === 0 || time > curves.times[i - 1]));
});

const block = (from, count) =>
  Array.from({ length: count }, (_, i) => [from + i, (from + i) % 2, 1, 2, 3, 4, 5]).flat();
