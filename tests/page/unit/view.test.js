// The panels' arithmetic: sliders' scales, layers in words, latents in reach, digits as a file.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createText } from "../../../www/i18n.js";
import { drawLatent, latentReach } from "../../../www/latent.js";
import { scaleOf, typed } from "../../../www/view/knob.js";
import { stops } from "../../../www/view/nets.js";
import { toIdx } from "../../../www/view/save.js";

test("a slider's ends are its range, and its values find their place again", () => {
  const kinds = [
    { is: "number", min: 1e-6, max: 1, log: true },
    { is: "number", min: 0, max: 0.9999, log: false },
    { is: "number", min: 0.5, max: 1, log: false },
    { is: "integer", min: 1, max: 1024 },
    { is: "integer", min: 1, max: 10 },
  ];
  for (const kind of kinds) {
    const { value, part } = scaleOf(kind);
    assert.equal(Number(value(0)), kind.min);
    assert.equal(Number(value(1)), kind.max);
    for (let i = 0; i <= 20; i += 1) {
      const text = value(i / 20);
      assert.ok(Number(text) >= kind.min && Number(text) <= kind.max, text);
      assert.equal(value(part(Number(text))), text);
    }
    assert.ok(Number.isFinite(part(NaN)) && part(1e9) === 1 && part(-1) === 0);
  }
});

test("a number may be typed with the comma, the point or the wide digits of one's own keyboard", () => {
  for (const [text, number] of [
    ["0,0003", "0.0003"],
    ["0．0004", "0.0004"],
    ["０，０００５", "0.0005"],
    ["0。0006", "0.0006"],
    [" 1e-3 ", "1e-3"],
    [",5", ".5"],
    ["6４", "64"],
    // What could be meant in two ways is not guessed.
    ["1,000,000", "1,000,000"],
    ["1.000,5", "1.000,5"],
    ["", ""],
  ])
    assert.equal(typed(text, true), number, text);
  assert.equal(typed(" １，０２４ "), "1,024", "of a whole number no fraction is made");
});

test("layers gather at the widths they belong to", () => {
  const text = createText("en", {
    "layer.relu": "ReLU",
    "layer.batch-norm": "batch norm",
    "layer.dropout": "dropout {units}",
    "layer.label": "with the label",
    "layer.maxout": "greatest of {units}",
  });
  const found = stops(["dense 100 identity", "batch-norm relu", "dropout 0.3", "dense 784 swish"], text);
  assert.deepEqual(found, [
    { units: "100", lines: ["batch norm", "ReLU", "dropout 0.3"] },
    { units: "784", lines: ["swish"] },
  ]);
  const told = stops(["label 1", "dense 9 relu", "maxout 3"], text, { units: "64", lines: [] });
  assert.deepEqual(told, [
    { units: "64", lines: ["with the label"] },
    { units: "9", lines: ["ReLU", "greatest of 3"] },
  ]);
});

test("convolutions show the images that leave them", () => {
  const text = createText("en", { "layer.conv": "conv {kernel}", "layer.deconv": "deconv {kernel}" });
  const generator = [
    "dense 1176 identity",
    "reshape 7x7x24",
    "batch-norm relu",
    "deconv 12 kernel 4 stride 2 padding 1 identity",
  ];
  assert.deepEqual(stops(generator, text), [
    { units: "7×7×24", lines: ["batch-norm", "relu"] },
    { units: "14×14×12", lines: ["deconv 4"] },
  ]);
  const discriminator = [
    "conv 12 kernel 4 stride 2 padding 1 leaky-relu",
    "conv 24 kernel 5 stride 2 padding 2 identity",
    "dense 1 identity",
  ];
  assert.deepEqual(stops(discriminator, text), [
    { units: "14×14×12", lines: ["conv 4", "leaky-relu"] },
    { units: "7×7×24", lines: ["conv 5"] },
    { units: "1", lines: [] },
  ]);
});

test("latents are fixed by their seed and within the sliders' reach", () => {
  for (const noise of ["normal", "uniform"]) {
    const values = drawLatent({ size: 512, noise, modes: 0 }, 1);
    assert.deepEqual(values, drawLatent({ size: 512, noise, modes: 0 }, 1));
    assert.notDeepEqual(values, drawLatent({ size: 512, noise, modes: 0 }, 2));
    assert.ok(values.every((value) => Math.abs(value) <= latentReach(noise)));
    const mean = values.reduce((sum, value) => sum + value, 0) / 512;
    const spread = Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / 512);
    assert.ok(Math.abs(mean) < 0.15 && Math.abs(spread - 1) < 0.1, `${noise} ${mean} ${spread}`);
  }
});

test("digits are saved as MNIST's own format", () => {
  const file = toIdx(new Uint8Array(2 * 784).fill(9));
  assert.equal(file.length, 16 + 2 * 784);
  assert.deepEqual([...file.subarray(0, 16)], [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 28, 0, 0, 0, 28]);
});
