// The page starts in every browser, or says in one sentence why it does not; no button is left that does nothing.
import assert from "node:assert/strict";
import { join } from "node:path";
import { test } from "node:test";
import { pathToFileURL } from "node:url";
import { chromium } from "playwright-core";
import { button, DRAWN, eventually, ready, root, stepTo, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** What a browser under LANG=C calls its languages, and other names that are no tags. @type {[string, string[]][]} */
const LANGUAGES = [
  ["en-US@posix", ["en-US@posix"]],
  ["C", ["C"]],
  ["", []],
  ["zh_CN.UTF-8", ["zh_CN.UTF-8", "C"]],
];

for (const [language, languages] of LANGUAGES) {
  test(`a browser whose language is “${language}” trains`, async () => {
    await visit({ query: "none" }, async ({ page, server }) => {
      await page.addInitScript(([language, languages]) => {
        Object.defineProperty(navigator, "language", { get: () => language });
        Object.defineProperty(navigator, "languages", { get: () => languages });
      }, /** @type {const} */ ([language, languages]));
      await page.goto(server.url);
      await ready(page);
      assert.equal(
        await page.locator("html").getAttribute("lang"),
        language.startsWith("zh") ? "zh-CN" : "en",
      );
      await page.locator("#step").click();
      await until(page, (data) => data.step === "1" && data.phase === "paused");
      await page.locator("#quality summary").first().click();
      await page.locator("#quality .u-wrap").first().waitFor();
      assert.equal(await page.locator("#notes .error").count(), 0);
    });
  });
}

test("Chromium started under LANG=C trains", async () => {
  const env = /** @type {Record<string, string>} */ ({
    ...process.env,
    LANG: "C",
    LC_ALL: "C",
    LANGUAGE: "C",
  });
  const browser = await chromium.launch({
    executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium",
    args: ["--no-sandbox", "--disable-gpu", "--lang=C"],
    env,
  });
  try {
    await visit({ browser, context: {} }, async ({ page }) => {
      await ready(page);
      await stepTo(page, 1);
    });
  } finally {
    await browser.close();
  }
});

/** The one sentence, of startup or of the status, with all that cannot be pressed. @param {Page} page @param {RegExp} pattern */
async function stopped(page, pattern) {
  const sentence = page.locator("#not-started:visible, #status-text:visible", { hasText: pattern });
  await sentence.waitFor();
  assert.equal(await page.locator("#not-started:visible, #status-text:visible").count(), 1, "one sentence");
  for (const id of ["train", "step", "reset", "recipe", "seed", "dice"])
    assert.equal(await page.locator(`#${id}`).isDisabled(), true, id);
  // Nor by a key.
  await page.keyboard.press(" ");
  await page.keyboard.press("s");
  assert.notEqual((await root(page)).phase, "training");
}

const script = (/** @type {string} */ body) => ({ contentType: "application/javascript", body });

/** What fails, and what is said: a path, an answer (none: the network fails), the sentence. @type {[string, string, { status?: number, contentType?: string, body?: string } | null, RegExp][]} */
const FAILURES = [
  [
    "a part that throws while it is loaded",
    "**/view/curves.js",
    script("export function curvesView() {} throw new Error('it broke')"),
    /it broke/,
  ],
  [
    "a part that throws while it is built",
    "**/view/curves.js",
    script("export function curvesView() { throw new Error('it broke') }"),
    /it broke/,
  ],
  ["a part of another edition", "**/view/curves.js", script("export const other = 1;"), /curvesView/],
  ["a part that is no script", "**/view/nets.js", script("<!doctype html>"), /could not start: /],
  ["a part that is blocked", "**/vendor/uplot/uPlot.esm.js", null, /did not arrive.*Reload/],
  ["a part that is missing", "**/state.js", { status: 404, body: "" }, /did not arrive/],
  ["a first script that is blocked", "**/main.js", null, /did not arrive/],
  ["sentences that are missing", "**/i18n/en.json", { status: 404, body: "" }, /could not start: /],
  ["sentences that are blocked", "**/i18n/en.json", null, /could not start: /],
  ["a worker that is missing", "**/worker.js*", { status: 404, body: "" }, /engine could not start/],
  ["a worker that is blocked", "**/worker.js*", null, /engine could not start/],
  [
    "a worker that throws",
    "**/worker.js*",
    script("throw new Error('it broke')"),
    /could not start.*it broke/,
  ],
  ["an engine that is missing", "**/ganvas_web_bg.wasm", { status: 404, body: "" }, /engine could not start/],
  ["an engine that is blocked", "**/ganvas_web.js", null, /engine could not start/],
  [
    "an engine that is no WebAssembly",
    "**/ganvas_web_bg.wasm",
    { contentType: "application/wasm", body: "no wasm at all" },
    /engine could not start.*Chrome or Edge 96, Firefox 114 or Safari 16\.4/,
  ],
];

for (const [what, path, answer, pattern] of FAILURES) {
  test(`${what} is said, and nothing can be pressed`, async () => {
    await visit({ query: "none", loud: true }, async ({ page, server }) => {
      await page.route(path, (route) => (answer ? route.fulfill(answer) : route.abort()));
      await page.goto(`${server.url}?lang=en`);
      await stopped(page, pattern);
      assert.equal(
        await page.locator("#to-lesson").isDisabled(),
        !/engine/.test(what) && !/worker/.test(what),
      );
    });
  });
}

test("the reason is said in Chinese too, and a reload mends what is mended", async () => {
  await visit({ query: "none", loud: true }, async ({ page, server }) => {
    await page.route("**/view/nets.js", (route) => route.abort());
    await page.goto(`${server.url}?lang=zh`);
    await stopped(page, /没有加载成功/);
    await page.unroute("**/view/nets.js");
    await page.reload();
    await ready(page);
    assert.equal(await page.locator("#not-started").count(), 0);
  });
});

test("opened as a file it says what to do", async () => {
  await visit({ loud: true }, async ({ page }) => {
    await page.goto(pathToFileURL(join(DRAWN, "index.html")).href);
    await stopped(page, /opened as a file.*cargo ganvas serve/);
  });
});

test("without scripts it says so in both languages", async () => {
  await visit({ context: { javaScriptEnabled: false } }, async ({ page }) => {
    await page
      .locator("noscript p:visible, .not-started:visible", { hasText: /JavaScript/ })
      .first()
      .waitFor();
    assert.match(await page.locator("body").innerText(), /needs JavaScript[\s\S]*需要启用 JavaScript/);
  });
});

test("in a sandboxed frame it says that it cannot train there", async () => {
  await visit({ loud: true }, async ({ page, url }) => {
    await page.route("**/frame.html", (route) =>
      route.fulfill({
        contentType: "text/html",
        body: `<iframe sandbox="allow-scripts" src="${url}&embed=1" width="700" height="500"></iframe>`,
      }),
    );
    await page.goto(new URL("frame.html", url).href);
    const inside = page.frameLocator("iframe");
    await inside.locator("#not-started:visible, #status-text:visible", { hasText: /frame.*tab/ }).waitFor();
    assert.equal(await inside.locator("#train").isDisabled(), true);
  });
});

/** What the worker finds, and what is said. @type {[string, string, RegExp][]} */
const LACKS = [
  ["SIMD", "WebAssembly.validate = () => false;", /no WebAssembly SIMD.*96.*114.*16\.4/],
  ["WebAssembly", "delete self.WebAssembly;", /WebAssembly.*switched off.*Lockdown Mode/],
];

for (const [what, before, pattern] of LACKS) {
  test(`without ${what} that is said, Train cannot be pressed, and the lesson can be read`, async () => {
    await visit({ query: "none" }, async ({ page, server }) => {
      await page.route("**/worker.js*", async (route) => {
        const answer = await route.fetch();
        await route.fulfill({ response: answer, body: `${before}${await answer.text()}` });
      });
      await page.goto(`${server.url}?lang=en`);
      await stopped(page, pattern);
      assert.equal((await root(page)).phase, "fault");
      await until(page, (data) => data.whole === "true");
      await button(page, "Lesson").click();
      await page.locator("#lesson-text h3").first().waitFor();
    });
  });
}

test("an engine that crashes leaves nothing that does nothing, and a restart trains again", async () => {
  await visit({ query: "none", loud: true }, async ({ page, server }) => {
    await page.route("**/worker.js*", async (route) => {
      const answer = await route.fetch();
      const crash =
        "addEventListener('message', ({ data }) => { if (data.type === 'step') throw new Error('it broke') });";
      await route.fulfill({ response: answer, body: `${crash}${await answer.text()}` });
    });
    await page.goto(`${server.url}?lang=en`);
    await ready(page);
    await button(page, "Step").click();
    await stopped(page, /stopped unexpectedly.*it broke/);
    await page.unroute("**/worker.js*");
    await page.locator("#remedy").click();
    await ready(page);
    await stepTo(page, 1);
  });
});

test("lower panels that cannot be built are said, and the rest goes on", async () => {
  await visit({ query: "none", loud: true }, async ({ page, server }) => {
    await page.route("**/view/timeline.js", (route) =>
      route.fulfill(script("export function timelineView() { throw new Error('it broke') }")),
    );
    await page.goto(`${server.url}?lang=en`);
    await page.locator("#notes .note.error", { hasText: /it broke/ }).waitFor();
    await page.locator("#step").click();
    await until(page, (data) => data.step === "1" && data.phase === "paused");
    assert.equal(await page.locator("#to-lesson").isDisabled(), true);
  });
});

test("lower panels that stay away are said, and come when they can", async () => {
  await visit({ query: "none", loud: true }, async ({ page, server }) => {
    await page.route("**/keeping.css", (route) => route.abort());
    await page.goto(`${server.url}?lang=en`);
    const note = page.locator("#notes .note.error", { hasText: /lower panels/ });
    await note.waitFor();
    await page.unroute("**/keeping.css");
    await ready(page);
    await eventually(
      async () => (await note.count()) === 0,
      async () => "the note to go",
    );
  });
});

test("a view that fails while it paints is said, and the others paint", async () => {
  await visit({ query: "none", loud: true }, async ({ page, server }) => {
    await page.route("**/view/nets.js", (route) =>
      route.fulfill(
        script(
          "export function netsView() { return (state) => { if (state.step) throw new Error('it broke') } }",
        ),
      ),
    );
    await page.goto(`${server.url}?lang=en`);
    await ready(page);
    await page.locator("#step").click();
    await until(page, (data) => data.step === "1" && data.phase === "paused");
    await page.locator("#notes .note.error", { hasText: /it broke/ }).waitFor();
  });
});
