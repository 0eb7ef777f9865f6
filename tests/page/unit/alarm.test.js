// Alarms and health in words, and what counts as done of a remedy.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createText } from "../../../www/i18n.js";
import { done, gravest } from "../../../www/view/alarm.js";
import { health } from "../../../www/view/status.js";
import { catalogue } from "./catalogue.js";
import { sentences } from "./sentences.js";

const text = createText("en", sentences.en);

test("a remedy's words, switches and sizes are compared as what they are", () => {
  const run = {
    run: { knobs: { loss: "minimax", spectral: "true", g_hidden: "100-100", g_rate: "1e-3" } },
  };
  const turns = (knobs) => done({ name: "usual", knobs, fresh: false }, run);
  assert.equal(turns({ loss: "minimax" }), true);
  assert.equal(turns({ loss: "non-saturating" }), false);
  assert.equal(turns({ spectral: "true", g_hidden: "100-100" }), true);
  assert.equal(turns({ spectral: "false" }), false);
  assert.equal(turns({ g_hidden: "100" }), false);
  assert.equal(turns({ g_rate: "0.001", loss: "minimax" }), true, "numbers by their size");
  assert.equal(turns({ g_rate: "0.001", loss: "hinge" }), false);
  assert.equal(turns({ d_steps: "0" }), false, "what the run does not have is not so");
});

test("the cause is shown before what comes of it", () => {
  const all = ["oscillation", "mode-collapse", "g-wins", "d-wins"].map((alarm) => ({ alarm }));
  const shown = (alarms) => gravest({ alarms, catalogue }).alarm;
  assert.equal(shown(all), "d-wins");
  assert.equal(shown(all.slice(0, 3)), "g-wins");
  assert.equal(shown(all.slice(0, 2)), "mode-collapse");
});

test("every alarm, remedy and stage of the engine has its sentence", () => {
  for (const known of Object.values(sentences)) {
    for (const { alarm, remedies } of catalogue.alarms) {
      const keys = [`alarm.${alarm}`, `alarm.${alarm}.why`, ...remedies.map((name) => `cure.${name}`)];
      for (const key of keys) assert.ok(known[key], key);
    }
    for (const { stage } of catalogue.stages) assert.ok(known[`stage.${stage}`], stage);
  }
});

test("health is one true sentence", () => {
  const equal = Array(10).fill(0.1);
  const glance = (stage, classes, own = equal) => ({
    step: 1,
    stage,
    confidence: 1,
    digits: 260,
    classes,
    own,
  });
  const said = (seen) => {
    const found = health({ glance: null, scores: null, data: { source: "drawn" }, catalogue, ...seen });
    return found && text.t(...found);
  };
  const all = Array(10).fill(26);
  assert.equal(said({}), null);
  assert.match(said({ glance: glance("noise", all) }), /^Noise/);
  assert.equal(said({ glance: glance("crisp", all) }), "Healthy: all ten digits appear.");
  assert.equal(
    said({ glance: glance("crisp", all), scores: { right: 0.712 } }),
    "Healthy: all ten digits appear, and D is right 71 % of the time.",
  );
  assert.equal(
    said({ glance: glance("digits", Array(10).fill(13)) }),
    "The judge can read 50 % of the digits so far; 10 of 10 kinds appear.",
    "half-made digits are not called healthy",
  );
  assert.equal(
    said({ glance: glance("crisp", [0, 0, ...all.slice(2)]) }),
    "8 of 10 kinds of digits appear so far.",
  );
  const three = [1 / 3, 1 / 3, 1 / 3, 0, 0, 0, 0, 0, 0, 0];
  assert.equal(
    said({ glance: glance("crisp", [80, 80, 80, 0, 0, 0, 0, 0, 0, 0], three) }),
    "Healthy: all 3 kinds of digits in the data appear.",
  );
  assert.equal(said({ glance: glance("digits", all), data: { source: "files" } }), null);
});
