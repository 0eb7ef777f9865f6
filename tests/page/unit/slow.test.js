// Slow motion's arithmetic: losses by their definitions, formulas with today's values, and how events change what is told.
import assert from "node:assert/strict";
import { test } from "node:test";
import { iterationOf, phasesOf, seenIn } from "../../../www/amid.js";
import { evaluate } from "../../../www/losses.js";
import { initial, reduce } from "../../../www/state.js";
import { moveOf, penaltiesOf, rulesOf, short, termsOf } from "../../../www/view/slow-formula.js";
import { linesOf } from "../../../www/view/slow-lines.js";
import { catalogue } from "./catalogue.js";

const { losses: FACTS } = catalogue;
const LOSSES = Object.keys(FACTS);
const [DUEL, CYCLE] = ["duel", "cycle"].map((trainer) => phasesOf({ catalogue }, { trainer }));
const write = (value, digits = 0) => value.toFixed(digits);
const GAME = { cycle: false, told: false };
const rules = (knobs, game = GAME) =>
  rulesOf(
    { batch: "64", optimizer: "adam", d_rate: "0.002", ...knobs },
    FACTS[knobs.loss ?? "non-saturating"],
    game,
  );

/** A formula as text, to read in a test. */
const read = ({ tag, kids }) => {
  const [a, b, c] = kids.map((kid) => (typeof kid === "string" ? kid : read(kid)));
  if (tag === "mfrac") return `(${a})/(${b})`;
  if (tag === "msub") return `${a}_${b}`;
  if (tag === "msup") return `${a}^(${b})`;
  if (tag === "munderover") return `${a}[${b}..${c}]`;
  if (tag === "mspace") return " ";
  return kids.map((kid) => (typeof kid === "string" ? kid : read(kid))).join("");
};
const texts = (lines) => lines.map(({ pieces }) => pieces.map(read).join(" "));

const mean = (values, term) => values.reduce((sum, value) => sum + term(value), 0) / values.length;
const sigmoid = (x) => 1 / (1 + Math.exp(-x));
const near = (got, want) => assert.ok(Math.abs(got - want) < 1e-9, `${got}, not ${want}`);

test("each loss of some scores is the mean that its paper defines", () => {
  const real = [-2, 0.5, 3, 1.25];
  const fake = [0.75, -1.5, 2, -0.25];
  const t = { real: 0.9, fake: -0.5, generator: 0.25 };
  const log = Math.log;
  const pairs = real.map((x, i) => [x, fake[i]]);
  const middle = (scores) => mean(scores, (x) => x);
  const definitions = {
    "non-saturating": [
      -mean(real, (x) => 0.9 * log(sigmoid(x)) + 0.1 * log(1 - sigmoid(x))),
      -mean(fake, (x) => log(1 - sigmoid(x))),
      -mean(fake, (x) => log(sigmoid(x))),
    ],
    minimax: [
      -mean(real, (x) => 0.9 * log(sigmoid(x)) + 0.1 * log(1 - sigmoid(x))),
      -mean(fake, (x) => log(1 - sigmoid(x))),
      mean(fake, (x) => log(1 - sigmoid(x))),
    ],
    "least-squares": [
      mean(real, (x) => 0.5 * (x - 0.9) ** 2),
      mean(fake, (x) => 0.5 * (x + 0.5) ** 2),
      mean(fake, (x) => 0.5 * (x - 0.25) ** 2),
    ],
    wasserstein: [-mean(real, (x) => x), mean(fake, (x) => x), -mean(fake, (x) => x)],
    hinge: [
      mean(real, (x) => Math.max(0, 1 - x)),
      mean(fake, (x) => Math.max(0, 1 + x)),
      -mean(fake, (x) => x),
    ],
    relativistic: [
      mean(pairs, ([x, f]) => log(1 + Math.exp(f - x))) / 2,
      mean(pairs, ([x, f]) => log(1 + Math.exp(f - x))) / 2,
      mean(pairs, ([x, f]) => log(1 + Math.exp(x - f))),
    ],
    "relativistic-average": [
      mean(real, (x) => log(1 + Math.exp(middle(fake) - x))),
      mean(fake, (x) => log(1 + Math.exp(x - middle(real)))),
      mean(real, (x) => log(1 + Math.exp(x - middle(fake)))) +
        mean(fake, (x) => log(1 + Math.exp(middle(real) - x))),
    ],
  };
  for (const loss of LOSSES) {
    const got = evaluate({ facts: FACTS[loss], targets: t }, real, fake);
    [got.real, got.fake, got.g].forEach((value, i) => near(value, definitions[loss][i]));
  }
});

test("they are the numbers of the engine's own tests, and finite for huge scores", () => {
  const x = [-2, 0.5, 3];
  const plain = { real: 1, fake: 0, generator: 1 };
  const got = evaluate({ facts: FACTS["non-saturating"], targets: plain }, x, x);
  assert.deepEqual(
    [got.real, got.fake, got.g].map((value) => value.toFixed(6)),
    ["0.883197", "1.383197", "0.883197"],
  );
  for (const loss of LOSSES) {
    const huge = evaluate({ facts: FACTS[loss], targets: plain }, [1e3, -1e3], [-1e3, 1e3]);
    assert.ok(Object.values(huge).every(Number.isFinite), loss);
    assert.deepEqual(evaluate({ facts: FACTS[loss], targets: plain }, [], []), {
      real: null,
      fake: null,
      g: null,
    });
  }
});

test("each loss is written as it is defined", () => {
  const n = { tag: "mi", kids: ["m"] };
  const written = Object.fromEntries(
    LOSSES.map((loss) => {
      const { real, fake, g } = termsOf(rules({ loss }), n, write);
      return [loss, [real && read(real), read(fake), ...g.map(read)]];
    }),
  );
  const sum = "(1)/(m)∑[i=1..m]";
  assert.deepEqual(written["non-saturating"], [
    `−${sum}log D(x_i)`,
    `−${sum}log (1−D(G(z_i)))`,
    `−${sum}log D(G(z_i))`,
  ]);
  assert.equal(written.minimax[2], `${sum}log (1−D(G(z_i)))`);
  assert.deepEqual(written["least-squares"], [
    "(1)/(2m)∑[i=1..m](D(x_i)−1)^(2)",
    "(1)/(2m)∑[i=1..m]D(G(z_i))^(2)",
    "(1)/(2m)∑[i=1..m](D(G(z_i))−1)^(2)",
  ]);
  assert.deepEqual(written.wasserstein, [`−${sum}D(x_i)`, `${sum}D(G(z_i))`, `−${sum}D(G(z_i))`]);
  assert.deepEqual(written.hinge.slice(0, 2), [`${sum}max(0,1−D(x_i))`, `${sum}max(0,1+D(G(z_i)))`]);
  assert.deepEqual(written.relativistic, [
    null,
    `${sum}log(1+e^(D(G(z_i))−D(x_i)))`,
    `${sum}log(1+e^(D(x_i)−D(G(z_i))))`,
  ]);
  const smooth = termsOf(rules({ loss: "minimax", real_target: "0.9" }), n, write);
  assert.equal(read(smooth.real), `−${sum}(0.9log D(x_i)+0.1log (1−D(x_i)))`);
  const squares = rules({ loss: "least-squares", fake_target: "-1", g_target: "0" });
  assert.equal(read(termsOf(squares, n, write).fake), "(1)/(2m)∑[i=1..m](D(G(z_i))+1)^(2)");
  // CycleGAN's translators see whole squares.
  const cycle = rules({ loss: "least-squares" }, { cycle: true, told: false });
  assert.equal(read(termsOf(cycle, n, write).g[0]), `${sum}(D_B(G(a_i))−1)^(2)`);
  const told = rules({ loss: "wasserstein" }, { cycle: false, told: true });
  assert.equal(read(termsOf(told, n, write).fake), `${sum}D(G(z_i|y_i)|y_i)`);
});

test("a term against the mean of the other kind is written and has a value once both are scored", () => {
  const score = (of, is = "score") => ({ is, of });
  const behind = (a, b) => ({ weight: 1, each: { is: "softplus", a: { is: "difference", a, b } } });
  const facts = {
    ...{ probability: false, compares: true, targets: false },
    real: behind(score("fake", "mean-score"), score("real")),
    fake: behind(score("fake"), score("real", "mean-score")),
    generator: [
      behind(score("real"), score("fake", "mean-score")),
      behind(score("real", "mean-score"), score("fake")),
    ],
  };
  const [x, y] = [
    [2, -1, 0.5],
    [0.25, 1, -2],
  ];
  const [high, low] = [x, y].map((scores) => mean(scores, (value) => value));
  const soft = (value) => Math.log(1 + Math.exp(value));
  const got = evaluate({ facts, targets: {} }, x, y);
  near(
    got.real,
    mean(x, (value) => soft(low - value)),
  );
  near(
    got.fake,
    mean(y, (value) => soft(value - high)),
  );
  near(got.g, mean(x, (value) => soft(value - low)) + mean(y, (value) => soft(high - value)));
  assert.deepEqual(evaluate({ facts, targets: {} }, x, []), { real: null, fake: null, g: null });
  const against = { ...rules({}), facts };
  const n = { tag: "mi", kids: ["m"] };
  assert.equal(read(termsOf(against, n, write).real), "(1)/(m)∑[i=1..m]log(1+e^(D(G(z_j))‾−D(x_i)))");
  const amid = { ...told("d-fake", "d-update"), knobs: {}, moved: true };
  const lines = linesOf(amid, against, write, 1);
  assert.equal(lines.length, 3, "the scores, and both terms, of which neither had a value before");
  assert.equal(linesOf({ ...amid, phase: "d-real" }, against, write, 1).length, 1);
});

test("penalties and steps are written where they are on, rates as they have fallen", () => {
  const n = { tag: "mi", kids: ["m"] };
  assert.deepEqual(penaltiesOf(rules({}), n, write), []);
  const both = penaltiesOf(rules({ r1: "0.3", penalty: "10" }), n, write).map(read);
  assert.deepEqual(both, ["(0.3)/(2)(1)/(m)∑[i=1..m]‖∇D(x_i)‖^(2)", "10(1)/(m)∑[i=1..m](‖∇D(x^_i)‖−1)^(2)"]);
  const step = (knobs, iterations) => moveOf(rules(knobs), "d", 1.5, iterations, write).map(read).join(" ");
  assert.equal(step({}, 9), "θ_D←Adam(θ_D,∇L_D), η=0.002, ‖∇L_D‖=1.500");
  assert.match(step({ decay: "1.01" }, 100), /η=0.000739,/);
  assert.match(step({ decay: "1.01" }, 1e5), /η=0.000001,/);
  assert.match(step({ clip: "0.01" }, 0), /\|θ_D\|≤0.01$/);
  assert.equal(short(-0.00012345, write), "−0.00012");
});

const EMPTY = new Uint8Array(0);
/** What the worker tells after a phase. */
const told = (phase, next, step = 0, more = {}) => ({
  type: "iteration",
  run: 1,
  step,
  phase,
  next,
  view: {
    latent: 2,
    latents: [0.5, -1.25, 1, 2],
    real: EMPTY,
    fake: EMPTY,
    push: EMPTY,
    real_scores: [2, 1, -0.5, 0.5],
    fake_scores: [-2, -1, 0.25, -0.5],
    ...more,
  },
  losses: [0.25, 0.5, 1.5, 0.125],
  norms: [3, 4],
});

test("each phase's lines hold the values at hand: scores, the loss of those shown, then the worker's own", () => {
  const at = (phase, knobs = {}, more = {}, losses = undefined) => {
    const event = told(phase, "draw", 0, more);
    const amid = { ...event, ...(losses && { losses }), knobs: {}, moved: true };
    return linesOf(amid, rules(knobs), write, 5);
  };
  assert.match(texts(at("draw"))[0], /x_i∼p_data, i=1,…,64/);
  assert.match(texts(at("generate"))[0], /z_1=\(0.50,−1.25\)∈ℝ\^\(2\), ∼N\(0,1\)/);
  const looked = at("d-real");
  assert.match(texts(looked)[0], /D\(x_1\)=0.88, D\(x_2\)=0.73, D\(x_3\)=0.38, …/);
  const loss = evaluate(
    { facts: FACTS.minimax, targets: { real: 1, fake: 0, generator: 1 } },
    [2, 1, -0.5, 0.5],
    [],
  );
  assert.match(texts(looked)[1], new RegExp(`=${loss.real.toFixed(3)}$`));
  assert.deepEqual(looked[1].note, { key: "slow.of-shown", args: { count: 4 } });
  assert.equal(at("d-real", { batch: "4" })[1].note.key, "slow.of-batch");
  assert.match(texts(at("d-update"))[0], /=0.250\+0.500 =0.750$/);
  assert.match(texts(at("d-update", { penalty: "10" }))[0], /=0.250\+0.500\+0.125 =0.875$/);
  assert.match(
    texts(at("d-update", { loss: "wasserstein" }, {}, [-0.5, -0.25, 0, 0]))[0],
    /=−0.500−0.250 =−0.750$/,
  );
  assert.match(texts(at("g-update"))[0], /^L_G= .*=1.500$/);
  assert.match(texts(at("d-update", { loss: "relativistic" }))[0], /=0.750$/);
  // A pair has no loss before both are scored.
  assert.equal(at("d-real", { loss: "relativistic" }).length, 1);
  // Two digits a score: of sixteen shown there are eight.
  const packed = at("d-fake", { pack: "2" }, { fake_scores: Array(16).fill(0) });
  assert.deepEqual(packed[1].note, { key: "slow.of-shown", args: { count: 8 } });
});

test("CycleGAN's lines are of both directions, its scores of patches", () => {
  const cycle = rules({ loss: "least-squares", cycle: "10", identity: "5" }, { cycle: true, told: false });
  const lines = (phase) => linesOf({ ...told(phase, "draw"), knobs: {}, moved: true }, cycle, write, 1);
  assert.match(
    texts(lines("g-update"))[0],
    /10\|F\(G\(a_i\)\)−a_i\| \+5\|G\(b_i\)−b_i\| \+\(A↔B\) =1.500\+0.125 =1.625/,
  );
  assert.equal(lines("d-fake")[0].note.key, "slow.of-patches");
  for (const { phase } of CYCLE) assert.ok(lines(phase).length > 0, phase);
});

/** A state after `started` and some events. */
function after(...events) {
  const started = {
    type: "started",
    run: 1,
    recipe: "gan",
    seed: 1,
    latent: 2,
    trainer: "duel",
    columns: [],
    classes: 0,
  };
  const run = { ...started, knobs: { loss: "minimax", d_rate: "0.1" }, generator: [], discriminator: [] };
  return [run, ...events].reduce(reduce, { ...initial(), catalogue });
}
const stands = (step, amid, training = false) => ({
  type: "progress",
  run: 1,
  step,
  epoch: 0,
  images_seen: 0,
  steps_per_s: 0,
  images_per_s: 0,
  elapsed_ms: 0,
  training,
  waiting: false,
  epoch_left: 0,
  mid_iteration: amid,
  points: [],
  digest: undefined,
});

test("D's steps alone are counted until G moves, with what it was right on", () => {
  const twice = after(told("d-update", "g-generate"), stands(0, true), told("d-update", "g-generate"));
  assert.deepEqual(twice.alone, [
    { right: 6, of: 8, loss: 0.75 },
    { right: 6, of: 8, loss: 0.75 },
  ]);
  assert.equal(twice.amid?.moved, true);
  const moved = [told("g-update", "draw", 1), stands(1, false)].reduce(
    reduce,
    reduce(twice, stands(0, true)),
  );
  assert.deepEqual([moved.alone, moved.amid?.moved], [[], true]);
  assert.equal(iterationOf(moved.amid, DUEL), 1);
  assert.equal(iterationOf(twice.amid, DUEL), 1);
});

test("what is turned amid an iteration is written from the next one on", () => {
  let state = after(told("draw", "generate"), stands(0, true));
  state = { ...state, run: { ...state.run, knobs: { loss: "hinge" } } };
  state = reduce(state, told("generate", "d-real"));
  assert.equal(state.amid?.knobs.loss, "minimax");
  state = [told("g-update", "draw", 1), stands(1, false), told("draw", "generate", 1)].reduce(reduce, state);
  assert.equal(state.amid?.knobs.loss, "hinge");
});

test("each part that is asked for is owed until the worker says where the run stands", () => {
  const asked = after({ type: "advance", by: "phase" }, { type: "advance", by: "d" });
  assert.equal(asked.owed, 2);
  assert.equal(reduce(asked, stands(0, false, true)).owed, 2);
  assert.equal([stands(0, true), stands(0, true), stands(0, true)].reduce(reduce, asked).owed, 0);
});

test("what was looked into is forgotten once training goes on, and every takeover ends the play", () => {
  const amid = after(told("d-real", "d-fake"), stands(0, true), { type: "pace", pace: 2 });
  assert.equal(amid.pace, 2);
  assert.equal(reduce(amid, { type: "advance", by: "phase", slowly: true }).pace, 2);
  for (const event of [
    { type: "advance", by: "d" },
    { type: "train" },
    { type: "pause" },
    { type: "step" },
    { type: "reset" },
    { type: "fault", run: 1, code: "internal", args: {}, message: "" },
    { type: "crashed", message: "" },
  ])
    assert.equal(reduce(amid, event).pace, null, event.type);
  assert.equal(reduce(amid, stands(1, false)).amid, null);
  assert.equal(reduce(reduce(amid, { type: "train" }), stands(0, false, true)).amid, null);
  const whole = after({ type: "pace", pace: Infinity }, told("g-score", "g-update"));
  assert.equal(whole.pace, Infinity);
  assert.equal(reduce(whole, told("g-update", "draw", 1)).pace, null);
});

test("a phase shows only what is its own: scores of an earlier batch are not shown", () => {
  const seen = (phase, cycle = false, compares = false) =>
    seenIn(
      { ...told(phase, "draw"), moved: true, knobs: {} },
      { phases: cycle ? CYCLE : DUEL, cycle, compares },
    ).seen;
  assert.ok(!seen("draw").has("real-scores") && !seen("draw").has("fake"));
  assert.ok(seen("d-real").has("real-scores") && !seen("d-real").has("fake-scores"));
  assert.ok(!seen("g-generate").has("fake-scores") && seen("g-generate").has("d-loss"));
  assert.ok(seen("g-update").has("push") && !seen("g-update").has("real-scores"));
  assert.ok(seen("g-update", false, true).has("real-scores"));
  assert.ok(!seen("generate", true).has("z") && !seen("g-update", true).has("d-loss"));
  assert.ok(seen("d-update", true).has("g-loss"));
  const names = (phases) => phases.map(({ phase }) => phase).sort();
  assert.deepEqual(names(CYCLE), names(DUEL));
});
