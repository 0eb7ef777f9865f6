// The worker's signs of life: asked for, missed, come after all.
import assert from "node:assert/strict";
import { test } from "node:test";
import { createHeartbeat, reduceHeartbeat } from "../../../www/heartbeat.js";
import { initial } from "../../../www/state.js";

/** A page whose clock the test turns. */
function setup(context) {
  context.mock.timers.enable({ apis: ["setInterval"] });
  let time = 0;
  context.mock.method(performance, "now", () => time);
  globalThis.document = /** @type {any} */ ({ hidden: false });
  let state = initial();
  const sent = [];
  let up = true;
  const part = createHeartbeat(
    /** @type {any} */ ({
      act: (event) => (state = reduceHeartbeat(state, event)),
      now: () => state,
      client: { isReady: () => up, send: ({ type }) => sent.push(type) },
    }),
  );
  const hear = (type) => {
    state = reduceHeartbeat(state, { type });
    part.effects[type]?.({ type }, state);
  };
  const pass = (seconds, all = 3) => {
    for (let at = 0; at < seconds; at += all) {
      time += 1000 * all;
      context.mock.timers.tick(3000);
    }
  };
  return {
    sent,
    hear,
    pass,
    key: () => state.trouble?.key,
    up: (is) => (up = is),
    trouble: (it) => (state = { ...state, trouble: it }),
  };
}

test("a worker that answers is asked again and again, and nothing is said", (context) => {
  const { sent, hear, pass, key } = setup(context);
  for (let i = 0; i < 9; i += 1) {
    pass(3);
    hear("pong");
  }
  assert.equal(sent.length, 9);
  pass(12);
  assert.equal(key(), undefined, "asked for 9 seconds ago");
});

test("silence is said once it has lasted, and taken back with the first answer", (context) => {
  const { sent, hear, pass, key } = setup(context);
  pass(15);
  assert.equal(key(), "trouble.silent");
  assert.equal(sent.length, 1, "a queue of questions would help nobody");
  hear("pong");
  assert.equal(key(), undefined);
  pass(15);
  assert.equal(key(), "trouble.silent");
  hear("restart");
  pass(3);
  assert.equal(sent.length, 3);
});

test("a slowed clock, a worker on its way and known trouble say nothing", (context) => {
  const { hear, pass, key, up, trouble } = setup(context);
  pass(120, 20);
  assert.equal(key(), undefined, "the machine slept");
  document.hidden = true;
  pass(60);
  document.hidden = false;
  up(false);
  pass(60);
  assert.equal(key(), undefined);
  up(true);
  trouble({ key: "trouble.crashed", args: {}, remedy: "restart" });
  pass(60);
  hear("pong");
  assert.equal(key(), "trouble.crashed");
});
