// The worker's owner: nothing sent too early, nothing stale let in, one decode at a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { connect, PROTOCOL } from "../../../www/client.js";

function setup() {
  const events = [];
  const workers = [];
  const make = () => {
    const worker = {
      sent: [],
      terminated: false,
      postMessage: (m) => worker.sent.push(m),
      terminate: () => (worker.terminated = true),
    };
    workers.push(worker);
    return worker;
  };
  const client = connect(make, (event) => events.push(event));
  const hear = (data) => workers.at(-1).onmessage({ data });
  const ready = () => hear({ type: "ready", protocol: PROTOCOL, build: "simd128", recipes: [] });
  const decodes = () =>
    workers
      .at(-1)
      .sent.filter(({ type }) => type === "decode")
      .map(({ latent }) => latent[0]);
  return { client, events, workers, hear, ready, decodes };
}

test("commands wait for ready and keep their order", () => {
  const { client, workers, ready } = setup();
  client.send({ type: "open", source: "drawn", transposed: false });
  assert.equal(client.start("gan", "", {}), 1);
  assert.equal(workers[0].sent.length, 0);
  ready();
  assert.deepEqual(
    workers[0].sent.map(({ type }) => type),
    ["open", "start"],
  );
  assert.ok(!("seed" in workers[0].sent[1]));
});

test("events of stale runs are dropped; refusals are not", () => {
  const { client, events, hear, ready } = setup();
  ready();
  client.start("gan", "7", {});
  client.start("gan", "8", {});
  hear({ type: "started", run: 2 });
  hear({ type: "progress", run: 1, step: 99 });
  hear({ type: "progress", run: 2, step: 1 });
  hear({ type: "refused", command: "start", run: 3, code: "seed" });
  assert.deepEqual(
    events.map(({ type, run }) => `${type} ${run}`),
    ["ready undefined", "started 2", "progress 2", "refused 3"],
  );
});

test("the worker's own first run is never shown", () => {
  const { events, hear, ready } = setup();
  ready();
  hear({ type: "started", run: 0 });
  hear({ type: "progress", run: 0, step: 0 });
  hear({ type: "data", images: 9 });
  assert.deepEqual(
    events.map(({ type }) => type),
    ["ready", "data"],
  );
});

test("of many decodes one is under way and the newest follows", () => {
  const { client, hear, ready, decodes } = setup();
  ready();
  hear({ type: "started", run: 1 });
  for (const value of [1, 2, 3, 4]) client.decode([value]);
  assert.deepEqual(decodes(), [1]);
  hear({ type: "decoded", run: 1, pixels: new Uint8Array(784) });
  assert.deepEqual(decodes(), [1, 4]);
  hear({ type: "decoded", run: 1, pixels: new Uint8Array(784) });
  assert.deepEqual(decodes(), [1, 4]);
});

test("a decode that is refused, or lost with its run, does not block the next", () => {
  const { client, hear, ready, decodes } = setup();
  ready();
  client.decode([1]);
  client.decode([2]);
  hear({ type: "refused", command: "decode", code: "latent-size", args: {} });
  assert.deepEqual(decodes(), [1, 2]);
  hear({ type: "started", run: 2 });
  client.decode([3]);
  assert.deepEqual(decodes(), [1, 2, 3]);
});

test("a run that begins forgets latents of the run before, also those that wait", () => {
  const { client, hear, ready, decodes } = setup();
  ready();
  hear({ type: "started", run: 1 });
  client.decode([1]);
  client.decode([2]);
  // This one translates digits: nothing is asked of it.
  hear({ type: "started", run: 2 });
  hear({ type: "decoded", run: 1, pixels: new Uint8Array(784) });
  hear({ type: "refused", command: "decode", code: "internal", args: {} });
  assert.deepEqual(decodes(), [1]);
});

test("what is meant for the run that is there says so; what begins, moves or stops one does not", () => {
  const { client, workers, hear, ready } = setup();
  ready();
  hear({ type: "started", run: 1 });
  client.start("gan", "8", {});
  client.decode([1]);
  for (const type of ["filters", "directions", "run", "step", "pause", "ping"]) client.send({ type });
  client.send({ type: "tune", key: "g_rate", value: "1" });
  assert.deepEqual(
    workers[0].sent.map(({ type, of }) => `${type} ${of ?? "-"}`),
    ["start -", "decode 1", "filters 1", "directions 1", "run -", "step -", "pause -", "ping -", "tune 1"],
  );
});

test("another protocol asks for a reload and sends nothing", () => {
  const { client, events, workers, hear } = setup();
  client.send({ type: "run" });
  hear({ type: "ready", protocol: PROTOCOL + 1, build: "", recipes: [] });
  assert.deepEqual(events, [{ type: "outdated" }]);
  assert.equal(workers[0].sent.length, 0);
});

test("a crash is told once, and a restart begins with a fresh worker", () => {
  const { client, events, workers, ready } = setup();
  ready();
  workers[0].onerror({ message: "boom", preventDefault() {} });
  assert.ok(workers[0].terminated, "what it says later counts no more");
  workers[0].onmessage({ data: { type: "data" } });
  client.restart();
  workers[0].onerror({ message: "late", preventDefault() {} });
  workers[0].onmessage({ data: { type: "data" } });
  client.send({ type: "run" });
  assert.equal(workers[1].sent.length, 0);
  ready();
  assert.deepEqual(workers[1].sent, [{ type: "run" }]);
  assert.deepEqual(
    events.map(({ type }) => type),
    ["ready", "crashed", "ready"],
  );
});

test("a worker that fails before it is ready has not started; the browser may give none at all", async () => {
  const { events, workers, ready } = setup();
  workers[0].onerror({});
  workers[0].onerror({ message: "SyntaxError: import", preventDefault() {} });
  assert.deepEqual(events, [
    { type: "unstarted", message: "", frame: false },
    { type: "unstarted", message: "SyntaxError: import", frame: false },
  ]);
  ready();
  workers[0].onerror({ message: "unreachable" });
  assert.equal(events.at(-1).type, "crashed");

  const heard = [];
  const refuse = () => {
    throw new Error("Access is denied");
  };
  const client = connect(refuse, (event) => heard.push(event));
  assert.deepEqual(heard, [], "who connects is not ready to hear yet");
  client.start("gan", "7", {});
  client.decode([1]);
  await Promise.resolve();
  assert.deepEqual(heard, [{ type: "unstarted", message: "Access is denied", frame: false }]);
  client.restart();
  client.close();
});
