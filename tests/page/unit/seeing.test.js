// What is seen of a run: alarms, kept moments, branches, the plateau; and the sentences that tell them.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createText, LANGUAGES } from "../../../www/i18n.js";
import { corner, ledHere, lookedAt, spread } from "../../../www/moments.js";
import { initial, pending, reduce } from "../../../www/state.js";
import { alarmSentence, cure, done, gravest } from "../../../www/view/alarm.js";
import { epochLeft } from "../../../www/view/numbers.js";
import { catalogue } from "./catalogue.js";
import { sentences } from "./sentences.js";

const read = (path) => readFileSync(new URL(`../../../${path}`, import.meta.url), "utf8");
const texts = LANGUAGES.map((lang) => createText(lang, sentences[lang]));
const [text] = texts;

const knob = (key, live, usual) => ({ key, group: "g", kind: { is: "number" }, default: usual, live });
const recipes = [
  { id: "gan", paper: "", knobs: [knob("g_rate", true, "0.002"), knob("latent", false, "64")] },
];
const begun = {
  ...initial(),
  recipes,
  catalogue,
  run: { run: 1, recipe: "gan", seed: 7, knobs: { g_rate: "0.002", latent: "64" } },
  config: { recipe: "gan", seed: "7", data: "drawn", knobs: {} },
};
const after = (...events) => events.reduce(reduce, begun);
const moment = (id, step, branch = 0) => ({
  type: "snapshot",
  run: 1,
  id,
  step,
  branch,
  bytes: 1000 * (id + 1),
  most: 1e6,
  pixels: new Uint8Array([id]),
});
const returned = (id, step, branch, knobs = { g_rate: "0.002", latent: "64" }) => ({
  type: "returned",
  run: 1,
  snapshot: id,
  step,
  branch,
  knobs,
});
const points = (from, to) =>
  Array.from({ length: to - from }, (_, i) => [from + i + 1, 1, 1, 1, 0, 1, 1]).flat();
const progress = (step, more = {}) => ({
  type: "progress",
  run: 1,
  step,
  training: false,
  points: [],
  ...more,
});
const alarm = (name, more = {}) => ({
  type: "alarm",
  run: 1,
  step: 9,
  alarm: name,
  args: {},
  remedies: [],
  ...more,
});

test("an alarm that rises again takes its own place; a calm one goes; a new run has none", () => {
  const both = after(alarm("d-wins"), alarm("oscillation"), alarm("d-wins", { step: 12 }));
  assert.deepEqual(
    both.alarms.map(({ alarm, step }) => [alarm, step]),
    [
      ["oscillation", 9],
      ["d-wins", 12],
    ],
  );
  const calm = reduce(both, { type: "alarm-cleared", run: 1, alarm: "d-wins" });
  assert.deepEqual(
    calm.alarms.map(({ alarm }) => alarm),
    ["oscillation"],
  );
  assert.deepEqual(reduce(both, { type: "started", run: 2, recipe: "gan", seed: 1, knobs: {} }).alarms, []);
});

test("the gravest alarm is told first", () => {
  const named = (...names) =>
    gravest({ alarms: names.map((alarm) => ({ alarm })), catalogue })?.alarm ?? null;
  assert.equal(named(), null);
  assert.equal(named("oscillation", "mode-collapse"), "mode-collapse");
  assert.equal(named("mode-collapse", "divergence", "d-wins"), "divergence");
  assert.equal(named("unheard-of"), "unheard-of");
});

test("the page keeps the moments that the worker keeps", () => {
  const kept = after(moment(0, 0), moment(1, 40), moment(2, 80), {
    type: "snapshots-dropped",
    run: 1,
    ids: [1],
  });
  assert.deepEqual(
    kept.moments.map(({ id }) => id),
    [0, 2],
  );
  assert.deepEqual([kept.momentBytes, kept.momentMost], [3000, 1e6]);
});

test("one looks at kept moments only, and a step asked for brings the present back", () => {
  const moments = [moment(0, 0), moment(1, 40), moment(2, 80)];
  const looking = after(...moments, { type: "look-at", moment: 1 });
  assert.equal(lookedAt(looking).step, 40);
  assert.equal(after(...moments, { type: "look-at", moment: 9 }).looking, null);
  assert.equal(lookedAt(reduce(looking, { type: "look-at", moment: null })), null);
  for (const type of ["train", "step", "reset"]) assert.equal(reduce(looking, { type }).looking, null, type);
  assert.equal(reduce(looking, progress(90)).looking, 1, "training in the background takes nothing away");
  const gone = reduce(looking, { type: "snapshots-dropped", run: 1, ids: [1] });
  assert.equal(lookedAt(gone).step, 80, "the next one takes its place");
  assert.equal(reduce(gone, { type: "snapshots-dropped", run: 1, ids: [2, 0] }).looking, null);
});

test("going back begins a branch, and the curves keep what was left", () => {
  const far = after(moment(0, 0), moment(1, 40), progress(100, { points: points(0, 100), elapsed_ms: 1000 }));
  const late = { ...far, samples: new Uint8Array([9]), alarms: [alarm("d-wins")], looking: 1 };
  const back = reduce(late, returned(1, 40, 1));
  assert.deepEqual(back.samples, new Uint8Array([1]), "the moment's digits stay in sight");
  assert.deepEqual([back.step, back.branch, back.looking, back.alarms], [40, 1, null, []]);
  assert.deepEqual([back.curves.steps.at(-1), back.curves.real.length], [40, 40]);
  assert.deepEqual([back.left[0].from, back.left[0].curves.steps.at(-1)], [40, 100]);
  assert.deepEqual(back.forks, [{ parent: 0, step: 40 }]);
  const again = reduce(back, returned(1, 40, 2));
  assert.equal(again.left.length, 1, "nothing was left on the way");
  let many = far;
  for (let branch = 1; branch < 9; branch += 1)
    many = reduce(reduce(many, progress(100, { points: points(40, 100) })), returned(1, 40, branch));
  assert.ok(many.left.length <= 4 && many.forks.length === 8);
});

test("going back takes live knobs back, and leaves what waits for a new run", () => {
  const turned = after(
    moment(1, 40),
    { type: "knob", key: "g_rate", value: "0.001" },
    { type: "knob", key: "latent", value: "100" },
  );
  const back = reduce(turned, returned(1, 40, 1));
  assert.deepEqual([back.config.knobs, pending(back)], [{ latent: "100" }, ["latent"]]);
  const slower = reduce(back, returned(1, 40, 2, { g_rate: "0.0005", latent: "64" }));
  assert.deepEqual(slower.config.knobs, { latent: "100", g_rate: "0.0005" });
});

test("going back mends a run that stopped by itself", () => {
  const knobs = { g_rate: "0.01", d_rate: "0.00015" };
  const way = { name: "go-back-slower", knobs, fresh: false, snapshot: 1, step: 40 };
  const args = { what: "G", step: "45" };
  const fault = { type: "fault", run: 1, code: "not-finite", args, message: "", remedies: [way] };
  const stopped = after(moment(0, 0), moment(1, 40), fault);
  assert.deepEqual([stopped.phase, stopped.trouble.remedies], ["fault", [way]]);
  assert.equal(cure(way, text), "Go back to step 40 and halve both rates");
  const back = reduce(stopped, returned(1, 40, 1));
  assert.deepEqual([back.phase, back.trouble], ["paused", null]);
});

test("a moment led to the present where the run passed through it", () => {
  const moments = [moment(0, 0), moment(1, 40), moment(2, 80), moment(3, 60, 1)];
  const there = after(...moments.slice(0, 3), returned(1, 40, 1), moments[3]);
  assert.deepEqual(
    there.moments.map((kept) => ledHere(there, kept)),
    [true, true, false, true],
  );
});

test("a plateau ends when it gets better after all", () => {
  const survey = (step, distance) => ({
    type: "survey",
    run: 1,
    cost_ms: 1,
    survey: { step, distance, floor: 1 },
  });
  const flat = [...Array(20)].map((_, i) => survey(i, 5));
  const found = after(...flat, { type: "plateau", run: 1, best: 4, step: 19 });
  assert.deepEqual(found.plateau, { best: 4, step: 19 });
  const same = reduce(found, survey(20, 4.9));
  assert.deepEqual(same.plateau, found.plateau);
  const better = [21, 22, 23, 24, 25].reduce((state, step) => reduce(state, survey(step, 3)), same);
  assert.equal(better.plateau, null);
});

test("rates that the engine lets fall are a turn of the run's settings, and its link says so", () => {
  const schedule = { ...knob("schedule", true, "constant"), kind: { is: "choice", options: [] } };
  const hold = { ...knob("hold", true, "4000"), kind: { is: "integer", min: 1, max: 1e6 } };
  const knobs = { schedule: "auto", hold: "4000" };
  const before = {
    ...begun,
    recipes: [{ id: "gan", paper: "", knobs: [schedule, hold] }],
    run: { ...begun.run, knobs },
    config: { ...begun.config, knobs: { schedule: "auto" } },
  };
  const fallen = { schedule: "root", hold: "700" };
  const state = reduce(before, { type: "rates-fall", run: 1, step: 700, knobs: fallen });
  assert.deepEqual([state.run.knobs, state.config.knobs], [fallen, fallen]);
  assert.deepEqual(state.turned, { step: 700, knobs });
  assert.deepEqual(pending(state), []);
});

test("a school test is shown as far as it is, and forgotten when it is stopped or the run is another", () => {
  const school = { type: "school", run: 1, step: 40, part: 0.5, taught: 100 };
  const state = after(school);
  assert.deepEqual(state.school, { step: 40, part: 0.5, taught: 100 });
  assert.equal(reduce(state, { type: "school-test", on: false }).school, null);
  assert.deepEqual(reduce(state, returned(0, 0, 1)).school, null);
});

test("a strip holds the first, the last and what fits between", () => {
  assert.deepEqual(spread(1, 9), [0]);
  assert.deepEqual(spread(3, 9), [0, 1, 2]);
  assert.deepEqual(spread(101, 5), [0, 25, 50, 75, 100]);
  assert.deepEqual(spread(5, 0), [0, 4]);
});

test("the corner of a grid is its first four columns and rows", () => {
  const grid = Uint8Array.from({ length: 64 * 784 }, (_, i) => Math.floor(i / 784));
  const digits = Array.from({ length: 16 }, (_, i) => corner(grid)[i * 784 + 783]);
  assert.deepEqual(digits, [0, 1, 2, 3, 8, 9, 10, 11, 16, 17, 18, 19, 24, 25, 26, 27]);
});

test("alarms are told in words, with the evidence", () => {
  const said = (alarm, args) => alarmSentence({ alarm, args }, text);
  assert.equal(
    said("mode-collapse", { says: "one", share: "93", class: "1", digits: "512" }),
    "Mode collapse: of the last 512 digits that can be read, 93 % are ones.",
  );
  assert.match(
    said("mode-collapse", { says: "missing", classes: "2, 5, 8", digits: "512" }),
    /hardly any 2, 5,? or 8\.$/,
  );
  assert.match(
    said("divergence", { says: "bounds", signal: "d_norm", times: "12345" }),
    /D's gradient is 12,345 times/,
  );
  assert.match(said("divergence", { says: "bounds", signal: "g", times: "NaN" }), /no finite number/);
  for (const times of ["1000001", "412345678901", "1e30"])
    assert.equal(
      said("divergence", { says: "bounds", signal: "g", times }),
      "Out of bounds: G's loss is over a million times its usual size.",
    );
  assert.match(
    said("copies", { says: "copied", side: "b", changed: "4" }),
    /translator into B leaves digits of A .* 4 %/,
  );
});

/** What the engine's alarms say, and with which values, as its source has it. */
const EVIDENCE = {
  "mode-collapse": [
    { says: "one", share: "93", class: "1", digits: "512" },
    { says: "missing", classes: "2, 5, 8", digits: "512" },
    { says: "alike", spread: "4.2", digits: "512" },
  ],
  "d-wins": [
    { says: "vanished", right: "99.5", norm: "0.3" },
    { says: "side", right: "99.5", side: "a", wrong: "80" },
  ],
  "g-wins": [
    { says: "guessing", right: "50", readable: "3", spread: "80" },
    { says: "fooled", right: "6", readable: "3", spread: "80" },
    { says: "guessing-alike", right: "50", readable: "60", spread: "4.1" },
    { says: "fooled-alike", right: "6", readable: "60", spread: "4.1" },
    { says: "side", right: "50", side: "b", wrong: "80" },
  ],
  oscillation: [{ says: "swings", class: "4", swings: "3", steps: "2000" }],
  divergence: [
    { says: "bounds", signal: "real", times: "101" },
    { says: "huge", signal: "real" },
  ],
  copies: [{ says: "copied", side: "b", changed: "4" }],
  forgets: [{ says: "kept", side: "a", kept: "31" }],
};

test("every alarm, stage and remedy of the engine has its sentence, with nothing left open", () => {
  const source = (name) => read(`crate/engine/src/watch/${name}.rs`);
  const names = [...source("alarm").matchAll(/=> "([\w-]+)"/g)].map(([, name]) => name);
  assert.deepEqual(names.sort(), Object.keys(EVIDENCE).sort());
  for (const words of texts) {
    const whole = (said) => assert.ok(said && !/[{}]|undefined|^[a-z-]+\.[a-z.-]+$/.test(said), said);
    for (const [alarm, all] of Object.entries(EVIDENCE)) {
      whole(words.t(`alarm.${alarm}`));
      whole(words.t(`alarm.${alarm}.why`));
      for (const args of all) {
        assert.ok(source("alarm").includes(`"${args.says}"`), args.says);
        whole(alarmSentence({ alarm, args }, words));
      }
    }
    const cures = [...source("remedy").matchAll(/name: "([\w-]+)"/g)].map(([, name]) => name);
    assert.ok(cures.length >= 3);
    const knobs = { real_target: "0.9", d_steps: "2" };
    for (const name of cures) whole(cure({ name, knobs, fresh: true, step: 350 }, words));
    const signals = /SIGNALS: \[&str; \d+\] = \[([^\]]+)\]/.exec(source("history"))?.[1].match(/\w+/g);
    for (const signal of signals ?? assert.fail()) whole(words.t(`signal.${signal}`));
    for (const stage of ["noise", "strokes", "digits", "crisp"]) whole(words.t(`stage.${stage}`));
    for (let digit = 0; digit < 10; digit += 1) whole(words.t(`digit.many.${digit}`));
  }
});

test("a remedy that is in force already is marked as done", () => {
  const remedy = { name: "slow-g", knobs: { g_rate: "0.002" }, fresh: false };
  assert.equal(done(remedy, begun), true);
  assert.equal(done({ ...remedy, knobs: { g_rate: "0.001" } }, begun), false);
  assert.equal(done({ ...remedy, fresh: true }, begun), false);
  assert.equal(done({ ...remedy, step: 40 }, begun), false);
});

test("an epoch's end is told while it can be known", () => {
  const said = (epochLeft_, stepsPerS, phase = "training") =>
    epochLeft({ epochLeft: epochLeft_, stepsPerS, phase }, text);
  assert.equal(said(600, 50), "This epoch ends in 12 s");
  assert.equal(said(50_000, 100), "This epoch ends in 8 min");
  assert.equal(said(600, 0), "");
  assert.equal(said(600, 50, "paused"), "");
});
