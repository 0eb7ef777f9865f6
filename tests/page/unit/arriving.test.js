// How far a first visit has come: what the worker tells, what the page says of it, and that the engine is still compiled as it comes.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createText } from "../../../www/i18n.js";
import { initial, reduce } from "../../../www/state.js";
import { now } from "../../../www/view/status.js";

const textOf = (lang) =>
  createText(lang, JSON.parse(readFileSync(new URL(`../../../www/i18n/${lang}.json`, import.meta.url))));
const said = (state, lang = "en") => textOf(lang).t(...now(state));
const arrive = (state, received, total) => reduce(state, { type: "arriving", received, total });

test("the sentence counts bytes until the engine is there", () => {
  const first = initial();
  assert.equal(said(first), "Starting the training engine…");
  const amid = arrive(first, 240_400, 1_330_000);
  assert.equal(said(amid), "Starting the training engine: 240 of 1,330 kB.");
  assert.equal(said(amid, "zh"), "正在启动训练引擎：已收到 240 kB，共 1,330 kB。");
  const wanted = reduce(amid, { type: "train" });
  assert.equal(said(wanted), "Starting the training engine: 240 of 1,330 kB; training follows.");
  assert.equal(said(arrive(wanted, 1_330_000, 1_330_000)).includes("1,330 of 1,330"), true);
  const ready = reduce(wanted, { type: "ready", build: "simd128", recipes: [] });
  assert.equal(said(ready), "Starting the training engine; training follows.");
  assert.equal(said(reduce(amid, { type: "restart" })), "Starting the training engine…");
});

test("without a total, or with one that was wrong, it counts what has come", () => {
  assert.equal(said(arrive(initial(), 240_400, 0)), "Starting the training engine: 240 kB so far.");
  assert.equal(said(arrive(initial(), 240_400, 100_000)), "Starting the training engine: 240 kB so far.");
});

const source = readFileSync(new URL("../../../www/worker.js", import.meta.url), "utf8");

/** Runs worker.js where its engine comes in `pieces`; resolves with what it told and what its module was given. @param {string} query */
async function run(query, pieces, { status = 200, headers = { "content-type": "application/wasm" } } = {}) {
  const told = [];
  const given = [];
  const module = {
    async default({ module_or_path }) {
      given.push(await module_or_path);
      given.push(await given[0].arrayBuffer());
    },
    start: () => told.push("started"),
  };
  const body = new ReadableStream({
    start(controller) {
      for (const piece of pieces) controller.enqueue(new Uint8Array(piece));
      controller.close();
    },
  });
  const fetched = [];
  const fetch = async (url) => (fetched.push(url.href), new Response(body, { status, headers }));
  const asFunction = source
    .replaceAll("import(", "load(")
    .replaceAll("import.meta.url", JSON.stringify("https://host/some/where/worker.js"));
  const loads = [];
  new Function("self", "postMessage", "fetch", "load", "WebAssembly", asFunction)(
    { location: { href: `https://host/some/where/worker.js${query}` } },
    (message) => told.push(message),
    fetch,
    async (path) => (loads.push(path), module),
    { validate: () => true },
  );
  for (let turn = 0; turn < 50; turn += 1) await new Promise((done) => setImmediate(done));
  return { told, given, fetched, loads };
}

test("the worker counts the unpacked bytes as they come, on top of the page's", async () => {
  const bytes = encodeURIComponent("page=1000&relaxed.js=50&relaxed.wasm=7&simd128.js=50&simd128.wasm=9");
  const { told, given, fetched, loads } = await run(`?bytes=${bytes}`, [3, 4]);
  assert.deepEqual(fetched, ["https://host/some/where/wasm/relaxed/ganvas_web_bg.wasm"]);
  assert.deepEqual(loads, ["./wasm/relaxed/ganvas_web.js"]);
  const counts = told.filter(({ type }) => type === "arriving");
  assert.ok(counts.every(({ total }) => total === 1057));
  assert.deepEqual(
    counts.map(({ received }) => received).toSorted((a, b) => a - b),
    counts.map(({ received }) => received),
  );
  assert.equal(counts.at(-1).received, 1057);
  assert.equal(told.filter((word) => word === "started").length, 1);
  // The very answer: what is compiled as it comes, and kept compiled by the browser.
  assert.ok(given[0] instanceof Response && given[0].headers.get("content-type") === "application/wasm");
  assert.equal(given[1].byteLength, 7);
});

test("without sizes it tells no total, and a missing engine is left to who takes it", async () => {
  const plain = await run("?build=simd128", [3, 4]);
  assert.deepEqual(plain.fetched, ["https://host/some/where/wasm/simd128/ganvas_web_bg.wasm"]);
  assert.ok(plain.told.filter(({ type }) => type === "arriving").every(({ total }) => total === 0));
  const missing = await run("", [], { status: 404 });
  assert.equal(missing.given[0].status, 404);
});
