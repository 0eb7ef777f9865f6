// What stands before all modules: it runs in any browser, in both languages, and agrees with the rest of the page.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { runInNewContext } from "node:vm";
import { transform } from "esbuild";
import { BROWSERS } from "../../../www/browsers.js";
import { sentences } from "./sentences.js";

const www = new URL("../../../www/", import.meta.url);
const source = readFileSync(new URL("startup.js", www), "utf8");
const markup = readFileSync(new URL("index.html", www), "utf8");

/** A page that has nothing but its root, its body and three controls. @param {{ search?: string, protocol?: string, origin?: string, languages?: unknown, phase?: string, noModule?: boolean }} [how] */
function page({ search = "", protocol = "https:", origin = "https://a", languages = ["en"], ...how } = {}) {
  /** @type {Record<string, string>} */
  const attributes = { "data-phase": "loading" };
  /** @type {Record<string, (event: any) => void>} */
  const hears = {};
  /** @type {any[]} */
  const said = [];
  /** @type {any[]} */
  const controls = [false, true, false].map((disabled) => {
    const control = {
      disabled,
      stopped: "",
      setAttribute: (/** @type {string} */ _, /** @type {string} */ who) => (control.stopped = who),
      removeAttribute: () => (control.stopped = ""),
    };
    return control;
  });
  let changed = () => {};
  const window = {
    origin,
    addEventListener: (/** @type {string} */ type, /** @type {any} */ hear) => (hears[type] = hear),
    MutationObserver: true,
  };
  const make = () => {
    const made = {
      parentNode: { removeChild: () => said.pop() },
      setAttribute: () => {},
      ...(how.noModule === false ? {} : { noModule: false }),
    };
    return made;
  };
  runInNewContext(source, {
    window,
    location: { search, protocol },
    navigator: { languages, language: "" },
    get localStorage() {
      throw new Error("forbidden");
    },
    MutationObserver: function (/** @type {() => void} */ hear) {
      changed = hear;
      return { observe: () => {} };
    },
    document: {
      documentElement: {
        getAttribute: (/** @type {string} */ name) => attributes[name] ?? null,
        setAttribute: (/** @type {string} */ name, /** @type {string} */ value) => (attributes[name] = value),
        removeAttribute: (/** @type {string} */ name) => delete attributes[name],
      },
      body: { firstChild: null, insertBefore: (/** @type {any} */ element) => said.push(element) },
      createElement: make,
      querySelectorAll: (/** @type {string} */ selector) =>
        selector.includes("data-stopped")
          ? controls.filter(({ stopped }) => stopped === "startup")
          : controls,
    },
  });
  return {
    attributes,
    controls,
    said: () => said.map(({ textContent }) => textContent),
    throws: (message = "boom") => hears.error({ target: window, error: { message }, message }),
    misses: (tagName = "SCRIPT") => hears.error({ target: { tagName } }),
    rejects: (/** @type {unknown} */ reason) => hears.unhandledrejection({ reason }),
    loads: () => hears.load({}),
    is(/** @type {string} */ phase) {
      attributes["data-phase"] = phase;
      changed();
    },
  };
}

test("a script that throws, is missing or rejects is said once, and no control can be pressed", () => {
  for (const fail of [
    (/** @type {ReturnType<typeof page>} */ { throws }) => throws("no such thing."),
    (/** @type {ReturnType<typeof page>} */ { misses }) => misses(),
    (/** @type {ReturnType<typeof page>} */ { rejects }) => rejects(new Error("no such thing")),
    (/** @type {ReturnType<typeof page>} */ { rejects }) => rejects("no such thing"),
  ]) {
    const it = page();
    fail(it);
    it.throws("and another");
    assert.equal(it.said().length, 1);
    assert.match(it.said()[0], /no such thing\. |did not arrive/);
    assert.ok(it.controls.every(({ disabled }) => disabled));
  }
});

test("a picture or a style sheet that is missing, and a late layout, stop nothing", () => {
  const it = page();
  it.misses("IMG");
  it.misses("LINK");
  it.throws("ResizeObserver loop completed with undelivered notifications.");
  it.loads();
  assert.deepEqual(it.said(), []);
});

test("a page that comes up after all takes the sentence back, and enables what it had disabled", () => {
  const it = page();
  it.throws();
  assert.equal(it.said().length, 1);
  // www/view/stuck.js has taken this one over.
  it.controls[2].setAttribute("data-stopped", "engine");
  it.is("ready");
  assert.deepEqual(it.said(), []);
  assert.deepEqual(
    it.controls.map(({ disabled }) => disabled),
    [false, true, true],
  );
  it.throws();
  assert.deepEqual(it.said(), [], "once it is up, the page speaks for itself");
});

test("the reason fits: a file, a frame, an old browser", () => {
  const file = page({ protocol: "file:", origin: "null" });
  file.misses();
  assert.match(file.said()[0], /opened as a file.*cargo ganvas serve/);
  const frame = page({ origin: "null" });
  frame.misses();
  assert.match(frame.said()[0], /frame.*tab/);
  const old = page({ noModule: false });
  old.loads();
  assert.match(old.said()[0], /version 96.*114.*16\.4/);
});

test("both languages, chosen as the page chooses", () => {
  for (const how of [{ search: "?lang=zh" }, { languages: ["zh-TW"] }, { languages: ["C", "zh_CN.UTF-8"] }]) {
    const it = page(how);
    it.throws("boom");
    assert.match(it.said()[0], /页面无法启动：boom。/);
  }
  for (const how of [{ search: "?lang=en", languages: ["zh"] }, { languages: null }, { languages: ["C"] }]) {
    const it = page(how);
    it.throws("boom");
    assert.match(it.said()[0], /could not start: boom\. /);
  }
});

test("it is written in words that every browser knows, and keeps them", async () => {
  const { code, warnings } = await transform(source, { target: "es5", minify: true });
  assert.deepEqual(warnings, []);
  assert.doesNotMatch(code.replace(/"(?:[^"\\]|\\.)*"/g, '""'), /=>|`|\?\.|\?\?|\b(const|let|class|async)\b/);
});

test("it stands before every other script and style sheet, and is no module", () => {
  const tags = [...markup.matchAll(/<(script|link rel="stylesheet")[^>]*>/g)].map(([tag]) => tag);
  assert.equal(tags[0], '<script src="startup.js">');
});

test("all sentences on browsers name the same versions", () => {
  const { chrome, firefox, safari } = BROWSERS;
  assert.match(source, new RegExp(`from version ${chrome}, Firefox from ${firefox}, Safari from ${safari}"`));
  assert.match(source, new RegExp(`Edge ${chrome}、Firefox ${firefox}、Safari ${safari} `));
  for (const known of Object.values(sentences)) {
    for (const key of ["trouble.no-simd", "trouble.unstarted"])
      for (const name of Object.keys(BROWSERS)) assert.ok(known[key].includes(`{${name}}`), key);
  }
});
