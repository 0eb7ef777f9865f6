// How to read the losses: by the loss in force; and the numbers of an axis.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createText } from "../../../www/i18n.js";
import { sided } from "../../../www/view/chart.js";
import { howToRead } from "../../../www/view/reading.js";
import { catalogue, losses } from "./catalogue.js";
import { sentences } from "./sentences.js";

const text = createText("en", sentences.en, ["en"]);

const read = (knobs, cycle = false) => howToRead(knobs, catalogue.losses[knobs.loss] ?? null, cycle, text);

test("losses are read by the loss in force, with the values that they have while D only guesses", () => {
  assert.match(read({ loss: "non-saturating" }), /about 0\.693/);
  assert.match(read({ loss: "minimax", real_target: "0.9" }), /about 0\.693/);
  assert.match(read({ loss: "wasserstein" }), /no probabilities/);
  assert.match(read({ loss: "hinge" }), /about 1\.000/);
  assert.match(read({ loss: "relativistic" }), /about 0\.347 each/);
  const squares = { loss: "least-squares", real_target: "1", fake_target: "-1" };
  assert.match(read({ loss: "least-squares" }), /about 0\.125/);
  assert.match(read(squares), /about 0\.500/, "with the targets in force");
  assert.match(read({ loss: "least-squares" }, true), /both directions.*about 0\.250.*there and back/);
  assert.equal(read({ loss: "one-to-come" }), "");
});

test("every loss has its reading", () => {
  assert.ok(losses.length > 5);
  for (const known of Object.values(sentences))
    for (const loss of losses) assert.ok(known[`reading.${loss}`], loss);
});

test("the numbers of an axis have the decimals that tell them apart", () => {
  assert.deepEqual(sided([0, 0.25, 0.5], text), ["0.00", "0.25", "0.50"]);
  assert.deepEqual(sided([0, 0.5, 1], text), ["0.0", "0.5", "1.0"]);
  assert.deepEqual(sided([-20000, 0, 20000], text), ["-20,000", "0", "20,000"]);
  assert.deepEqual(sided([0, 0.02, 0.04], text), ["0.00", "0.02", "0.04"]);
});
