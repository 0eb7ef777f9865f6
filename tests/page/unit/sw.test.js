// The service worker's decisions, in a world of its own: what it keeps, when it changes over, and that no page gets files of two editions.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createContext, runInContext } from "node:vm";
import { fakeCaches } from "./caches.js";

const SCOPE = "https://host/some/where/";
const source = readFileSync(new URL("../../../www/sw.js", import.meta.url), "utf8");

/** An edition of the site: every file says which it is of. @param {string} version */
function edition(version, { sums = false, more = {} } = {}) {
  const names = ["index.html", "main.js", "i18n/zh.json", "worker.js", "ready/gan.safetensors"];
  const builds = ["simd128", "relaxed"].flatMap((build) => [
    `wasm/${build}/web.js`,
    `wasm/${build}/web.wasm`,
  ]);
  const files = Object.fromEntries([...names, ...builds].map((name) => [name, `${name} of ${version}`]));
  const all = { ...files, ...more };
  const list = { version, files: Object.keys(all) };
  const hash = (text) => createHash("sha256").update(text).digest("hex");
  if (sums) list.sums = Object.fromEntries(Object.entries(all).map(([name, text]) => [name, hash(text)]));
  return { ...all, "files.json": JSON.stringify(list) };
}

/** A site, a browser, and the service worker in it. */
function world(first) {
  const site = { files: first, online: true, asked: [], now: 1e12, status: {} };
  async function get(request, { method = "GET" } = {}) {
    const url = typeof request === "string" ? request : request.url;
    if (!site.online) throw new TypeError("no network");
    const name = url.slice(SCOPE.length).replace(/\?.*/, "") || "index.html";
    site.asked.push(method === "GET" ? name : `${method} ${name}`);
    await site.before?.(name);
    const text = site.files[name];
    if (site.status[name]) return new Response("in between", { status: site.status[name] });
    if (text === undefined) return new Response("", { status: 404 });
    return new Response(method === "HEAD" ? null : text, { headers: { "content-length": `${text.length}` } });
  }
  const caches = fakeCaches(get);
  let open = [];
  let listeners = {};

  /** Starts the worker, as a browser does again and again: what it had in memory is gone. */
  function start() {
    listeners = {};
    const self = {
      registration: { scope: SCOPE },
      clients: { matchAll: async () => open.map((id) => ({ id })) },
      addEventListener: (type, listener) => (listeners[type] = listener),
      skipWaiting() {},
    };
    runInContext(
      source,
      createContext({
        self,
        caches,
        fetch: get,
        Response,
        Request,
        Headers,
        URL,
        TypeError,
        crypto,
        Date: { now: () => site.now },
        Uint8Array,
        Array,
        JSON,
        TextDecoder,
      }),
    );
  }
  start();

  /** Fires an event and waits for all it set going; returns what it answered, null where it left that to the browser. */
  async function fire(type, event) {
    const going = [];
    let answer = null;
    listeners[type]({
      ...event,
      waitUntil: (promise) => going.push(promise),
      respondWith: (promise) => (answer = promise),
    });
    const text = answer && (await answer.then((response) => response.text()));
    for (const promise of going) await promise;
    return text;
  }
  const request = (file, mode) => ({ url: SCOPE + file, method: "GET", mode });
  return {
    site,
    caches,
    start,
    close: (id) => (open = open.filter((other) => other !== id)),
    install: () => fire("install", {}),
    async keep(...paths) {
      const said = [];
      await fire("message", { data: { keep: paths }, ports: [{ postMessage: (word) => said.push(word) }] });
      return said[0];
    },
    /** Opens a page. */
    async visit(id, file = "") {
      const text = await fire("fetch", {
        request: request(file, "navigate"),
        clientId: "",
        resultingClientId: id,
      });
      open.push(id);
      return text;
    },
    /** Fetches a file for an open page, or begins one of its workers. */
    get: (id, file, workerId = "") =>
      fire("fetch", { request: request(file, "cors"), clientId: id, resultingClientId: workerId }),
  };
}

/** A site that has been visited once, with its engine and one ready-made generator. */
async function visited(first = edition("one")) {
  const made = world(first);
  await made.install();
  assert.equal(await made.keep("wasm/relaxed/", "ready/gan.safetensors"), true);
  return made;
}

test("after the first visit all of the page is there without a network", async () => {
  const { site, visit, get } = await visited();
  site.online = false;
  assert.equal(await visit("page", "?lang=zh"), "index.html of one");
  assert.equal(await get("page", "main.js"), "main.js of one");
  assert.equal(await get("page", "worker.js?build=", "engine"), "worker.js of one");
  assert.equal(await get("engine", "wasm/relaxed/web.wasm"), "wasm/relaxed/web.wasm of one");
  assert.equal(await get("page", "ready/gan.safetensors"), "ready/gan.safetensors of one");
  await assert.rejects(get("engine", "wasm/simd128/web.js"), "what no visit has used is not kept");
});

test("a worker of which nothing is known has the network's files, and without one the newest that are kept", async () => {
  const { site, visit, get } = await visited();
  await visit("page");
  site.files["wasm/relaxed/web.js"] = "the network's";
  assert.equal(await get("stranger", "wasm/relaxed/web.js"), "the network's");
  site.online = false;
  assert.equal(await get("stranger", "wasm/relaxed/web.js"), "wasm/relaxed/web.js of one");
});

test("before the engine is kept, visits are the network's", async () => {
  const { site, install, visit, get } = world(edition("one"));
  await install();
  assert.ok(!site.asked.some((name) => name.startsWith("wasm/")), "of two builds a visit uses one");
  assert.equal(await visit("page"), "index.html of one");
  site.files = edition("two");
  assert.equal(await get("page", "main.js"), "main.js of two", "as without any worker");
  site.online = false;
  await assert.rejects(get("page", "main.js"));
});

test("a new edition is installed whole behind the old one and serves the next visit", async () => {
  const { site, visit, get, start } = await visited();
  site.files = edition("two");
  assert.equal(await visit("old"), "index.html of one");
  assert.equal(await get("old", "i18n/zh.json"), "i18n/zh.json of one");
  start();
  assert.equal(await get("old", "main.js"), "main.js of one", "after the worker was stopped too");
  assert.equal(await get("old", "worker.js", "engine"), "worker.js of one");
  start();
  assert.equal(await get("engine", "wasm/relaxed/web.js"), "wasm/relaxed/web.js of one");

  site.online = false;
  assert.equal(await visit("new"), "index.html of two");
  assert.equal(await get("new", "main.js"), "main.js of two");
  assert.equal(await get("new", "wasm/relaxed/web.js"), "wasm/relaxed/web.js of two");
  assert.equal(await get("new", "ready/gan.safetensors"), "ready/gan.safetensors of two");
  assert.equal(await get("old", "i18n/zh.json"), "i18n/zh.json of one", "beside the new one");
});

test("what an old edition lacks is not taken from a new one", async () => {
  const { site, visit, get } = await visited();
  await visit("page");
  assert.equal(await get("page", "wasm/simd128/web.js"), "wasm/simd128/web.js of one");
  site.files = edition("two");
  await assert.rejects(get("page", "wasm/simd128/web.wasm"));
});

test("a site that changes while it is installed leaves the old edition in use", async () => {
  const { site, visit } = await visited();
  site.files = edition("two");
  site.before = (name) => {
    if (name === "main.js") site.files = edition("three");
  };
  assert.equal(await visit("first"), "index.html of one");
  assert.equal(await visit("second"), "index.html of one");
  assert.equal(await visit("third"), "index.html of three");
});

test("with sums, a file of another edition is found out", async () => {
  const { site, visit, get } = await visited(edition("one", { sums: true }));
  site.files = { ...edition("two", { sums: true }), "main.js": "main.js of one" };
  await visit("first");
  assert.equal(await visit("second"), "index.html of one");
  site.files = edition("two", { sums: true });
  assert.equal(await visit("third"), "index.html of one");
  assert.equal(await visit("fourth"), "index.html of two");
  assert.equal(await get("fourth", "main.js"), "main.js of two");
});

test("back to an earlier edition is a change like any other", async () => {
  const { site, visit, get } = await visited();
  for (const version of ["two", "one"]) {
    site.files = edition(version);
    await visit(`before ${version}`);
  }
  assert.equal(await visit("page"), "index.html of one");
  assert.equal(await get("page", "wasm/relaxed/web.js"), "wasm/relaxed/web.js of one");
});

const DAY = 24 * 60 * 60 * 1000;

test("a site without a list is left alone, and one that has dropped it for more than a day is let go", async () => {
  const { "files.json": _, ...files } = edition("one");
  await assert.rejects(world(files).install());
  const { site, visit, get } = await visited();
  site.files = { "index.html": "another page" };
  assert.equal(await visit("first"), "index.html of one");
  site.now += DAY + 1;
  assert.equal(await visit("last"), "index.html of one");
  assert.equal(await visit("next"), "another page");
  assert.equal(await get("last", "main.js"), "main.js of one");
});

test("a list that is missing for a while drops nothing, whatever the site answers in its place", async () => {
  const { site, visit, get, keep, install, start, caches } = await visited();
  for (const status of [404, 410, 500, 502, 503, 403, 200]) {
    site.status["files.json"] = status;
    for (const time of ["first", "again"]) {
      const id = `${status} ${time}`;
      assert.equal(await visit(id), "index.html of one", id);
      assert.equal(await get(id, "main.js"), "main.js of one", id);
      await keep("wasm/relaxed/");
      // A browser that finds a new sw.js installs it, and keeps the old one where that fails.
      await assert.rejects(install(), id);
      site.now += DAY / 3;
      start();
    }
    site.status = {};
    await visit(`after ${status}`);
  }
  site.online = false;
  assert.equal(await visit("offline"), "index.html of one");
  assert.equal(await get("offline", "wasm/relaxed/web.wasm"), "wasm/relaxed/web.wasm of one");
  assert.ok(caches.all.has(`ganvas ${SCOPE} page one`));

  // The day is one without a single list: it begins anew after each that came.
  [site.online, site.status["files.json"]] = [true, 404];
  await visit("missing");
  site.now += DAY - 1;
  assert.equal(await visit("still missing"), "index.html of one");
  site.status = {};
  site.files = edition("two");
  await visit("back");
  assert.equal(await visit("after"), "index.html of two");
});

test("editions that no page uses are forgotten, and no other site's caches", async () => {
  const { site, visit, close, start, caches } = await visited();
  await caches.open("ganvas https://host/some/ page one");
  await caches.open("somebody else's");
  for (const version of ["two", "three", "four"]) {
    await visit(version);
    site.files = edition(version);
    close(version);
    start();
  }
  await visit("last");
  const versions = [...caches.all.keys()].filter((name) => name.startsWith(`ganvas ${SCOPE} page `));
  assert.deepEqual(versions.map((name) => name.split(" ").at(-1)).filter(Boolean), ["three", "four"]);
  assert.ok(caches.all.has("somebody else's") && caches.all.has("ganvas https://host/some/ page one"));
});

test("data outlives editions, and is brought anew where its size is another", async () => {
  const data = { "data/sources.json": "{}", "data/mnist/images.gz": "digits" };
  const { site, visit, get, keep } = await visited({ ...edition("one"), ...data });
  assert.equal(await keep("data/mnist/images.gz"), true);
  site.files = { ...edition("two"), ...data };
  await visit("first");
  site.online = false;
  await visit("second");
  assert.equal(await get("second", "data/mnist/images.gz"), "digits");
  await assert.rejects(get("second", "data/sources.json"), "never fetched, never kept");

  site.online = true;
  site.asked = [];
  assert.equal(await get("second", "data/mnist/images.gz"), "digits");
  assert.deepEqual(site.asked, ["HEAD data/mnist/images.gz"]);
  site.files["data/mnist/images.gz"] = "other digits";
  assert.equal(await get("second", "data/mnist/images.gz"), "digits", "at once, as kept");
  assert.equal(await get("second", "data/mnist/images.gz"), "other digits");
  assert.equal(await get("second", "data/sources.json"), "{}");
  site.online = false;
  assert.equal(await get("second", "data/sources.json"), "{}");
});

test("a file of data that is not what the site says is given once, and not kept", async () => {
  const good = createHash("sha256").update("digits").digest("hex");
  const data = {
    "data/sources.json": JSON.stringify({ sums: { "data/mnist/images.gz": ["another", good] } }),
    "data/mnist/images.gz": "a hotel's page to sign in",
  };
  const { site, visit, get, keep } = await visited({ ...edition("one"), ...data });
  await visit("page");
  assert.equal(await get("page", "data/mnist/images.gz"), "a hotel's page to sign in");
  await keep("data/mnist/images.gz");
  site.files["data/mnist/images.gz"] = "digits";
  assert.equal(await get("page", "data/mnist/images.gz"), "digits");
  site.files["data/sources.json"] = "a hotel's page to sign in";
  assert.equal(await get("page", "data/mnist/images.gz"), "digits");
  await get("page", "data/sources.json");
  site.online = false;
  assert.equal(await get("page", "data/mnist/images.gz"), "digits", "the good one is kept");
  await assert.rejects(get("page", "data/sources.json"), "no list of data is kept that is none");
});

test("other requests are left to the browser", async () => {
  const { visit, get } = await visited();
  assert.equal(await visit("elsewhere", "other.html"), null);
  assert.equal(await get("page", "sw.js"), null);
  assert.equal(await get("page", "files.json"), null);
});
