// How to read the losses: by the loss in force; and the numbers of an axis.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createText } from "../../../www/i18n.js";
import { sided } from "../../../www/view/chart.js";
import { howToRead } from "../../../www/view/reading.js";
import { sentences } from "./sentences.js";

const text = createText("en", sentences.en, ["en"]);

test("losses are read by the loss in force, with the values that they have while D only guesses", () => {
  assert.match(howToRead({ loss: "non-saturating" }, false, text), /about 0\.693/);
  assert.match(howToRead({}, false, text), /about 0\.693/);
  assert.match(howToRead({ loss: "wasserstein" }, false, text), /no probabilities/);
  assert.match(howToRead({ loss: "hinge" }, false, text), /about 1\.000/);
  assert.match(howToRead({ loss: "relativistic" }, false, text), /about 0\.347 each/);
  const squares = { loss: "least-squares", real_target: "1", fake_target: "-1" };
  assert.match(howToRead({ loss: "least-squares" }, false, text), /about 0\.125/);
  assert.match(howToRead(squares, false, text), /about 0\.500/, "with the targets in force");
  assert.match(
    howToRead({ loss: "least-squares" }, true, text),
    /both directions.*about 0\.250.*there and back/,
  );
  assert.equal(howToRead({ loss: "one-to-come" }, false, text), "");
});

test("every loss has its reading", () => {
  const losses = Object.keys(sentences.en).filter((key) => key.startsWith("scores.hint."));
  assert.ok(losses.length > 3);
  for (const known of Object.values(sentences))
    for (const loss of ["non-saturating", "minimax", "least-squares", "wasserstein", "hinge", "relativistic"])
      assert.ok(known[`reading.${loss}`], loss);
});

test("the numbers of an axis have the decimals that tell them apart", () => {
  assert.deepEqual(sided([0, 0.25, 0.5], text), ["0.00", "0.25", "0.50"]);
  assert.deepEqual(sided([0, 0.5, 1], text), ["0.0", "0.5", "1.0"]);
  assert.deepEqual(sided([-20000, 0, 20000], text), ["-20,000", "0", "20,000"]);
  assert.deepEqual(sided([0, 0.02, 0.04], text), ["0.00", "0.02", "0.04"]);
});
