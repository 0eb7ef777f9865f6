// The page in Firefox and in WebKit: it trains, pauses, goes on after a reload, morphs, takes and gives files, and needs no network.
import assert from "node:assert/strict";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { after, describe, test } from "node:test";
import { pathToFileURL } from "node:url";
import { images, labels } from "../e2e/idx.js";
import { serve } from "../e2e/serving.js";
import { DRAWN } from "../e2e/site.js";
import { ready, root, shown, stepTo, until, visit } from "./engine.js";
import { FIREFOX, firefox } from "./firefox.js";
import { DRIVER, MINI_BROWSER, webkit, XVFB } from "./webkit.js";

/** @typedef {import("./engine.js").Engine} Engine */

/** @param {string} path @param {string} name */
const missing = (path, name) =>
  existsSync(path) ? false : `${name} is missing: run cargo ganvas test --setup`;
const ENGINES = [
  { name: "Firefox", start: firefox, skip: missing(FIREFOX, "Firefox") },
  {
    name: "WebKit",
    start: webkit,
    skip: missing(DRIVER, "WebKitWebDriver") || missing(MINI_BROWSER, "MiniBrowser") || missing(XVFB, "Xvfb"),
  },
];

const folder = mkdtempSync(join(tmpdir(), "ganvas-engines-"));
after(() => rmSync(folder, { recursive: true, force: true }));

/** A file to choose. @param {string} name @param {Buffer} bytes */
function file(name, bytes) {
  const path = join(folder, name);
  writeFileSync(path, bytes);
  return path;
}

/** Keeps what the page gives away. @param {Engine} engine */
const keepGiven = (engine) =>
  engine.run(() => {
    const { createObjectURL } = URL;
    Object.assign(window, { given: null });
    URL.createObjectURL = (blob) => {
      Object.assign(window, { given: blob });
      return createObjectURL.call(URL, blob);
    };
  });

/** What the page has given away. @param {Engine} engine */
async function given(engine) {
  const text = await engine.run(async () => {
    /** @type {() => Blob | null} */
    const last = () => /** @type {any} */ (window).given;
    for (let tries = 0; !last() && tries < 200; tries += 1)
      await new Promise((done) => setTimeout(done, 100));
    const bytes = new Uint8Array((await last()?.arrayBuffer()) ?? []);
    Object.assign(window, { given: null });
    let letters = "";
    for (const byte of bytes) letters += String.fromCharCode(byte);
    return btoa(letters);
  });
  return Buffer.from(text, "base64");
}

/** The pixels of a view's canvas, as text to compare. @param {Engine} engine @param {string} view */
const pixels = (engine, view) =>
  engine.run(
    (view) =>
      /** @type {HTMLCanvasElement} */ (document.querySelector(`canvas[data-view="${view}"]`)).toDataURL(),
    view,
  );

/** The digest that each engine came to. @type {Map<string, string | undefined>} */
const digests = new Map();

for (const { name, start, skip } of ENGINES) {
  describe(name, { skip }, () => {
    /** @type {Promise<Engine> | null} */
    let started = null;
    const engine = () => (started ??= start());
    after(async () => (await started)?.close());

    test("trains, pauses and goes on", async () => {
      const it = await engine();
      await visit(it, {}, async () => {
        await it.press("#train");
        await until(it, ({ phase, step }) => phase === "training" && Number(step) > 5);
        await it.press("#train");
        const { step } = await until(it, ({ phase, digest }) => phase === "paused" && digest);
        await it.press("#train");
        await until(it, (data) => data.phase === "training" && Number(data.step) > Number(step) + 5);
        await it.press("#train");
        await until(it, ({ phase }) => phase === "paused");
      });
    });

    test("the build that is the same in every browser comes to the same bits", async () => {
      const it = await engine();
      await visit(it, { query: "?lang=zh&build=simd128" }, async () => {
        const { digest, build } = await stepTo(it, 3);
        assert.match(build ?? "", /^simd128/);
        for (const [other, theirs] of digests) assert.equal(digest, theirs, `${name} and ${other}`);
        digests.set(name, digest);
      });
    });

    test("a slider moves the digit", async () => {
      const it = await engine();
      await visit(it, {}, async () => {
        await stepTo(it, 1);
        const before = await pixels(it, "latent");
        await it.run(() => {
          const slider = /** @type {HTMLInputElement} */ (
            document.querySelector("#sliders input[type=range]")
          );
          slider.value = slider.max;
          slider.dispatchEvent(new Event("input", { bubbles: true }));
        });
        for (let tries = 0; (await pixels(it, "latent")) === before; tries += 1) {
          assert.ok(tries < 300, "the digit stays as it was");
          await new Promise((resolve) => setTimeout(resolve, 100));
        }
      });
    });

    test("after a reload, Continue goes on with the run to the bit", async () => {
      const it = await engine();
      await visit(it, {}, async () => {
        const there = await stepTo(it, 3);
        await until(it, ({ saved }) => saved === there.step);
        await it.reload();
        await ready(it);
        await shown(it, "#continue");
        await it.press("#continue");
        const back = await until(it, ({ step, digest }) => step === there.step && digest);
        assert.equal(back.digest, there.digest);
      });
    });

    test("files are taken and given", async () => {
      const it = await engine();
      await visit(it, {}, async () => {
        const chosen = [file("own-idx3-ubyte", images(300)), file("own-idx1-ubyte", labels(300))];
        await it.attach("#files", ...chosen);
        await until(it, ({ source, images }) => source === "files" && images === "300");
        const there = await stepTo(it, 2);

        await keepGiven(it);
        await it.press("#download");
        const digits = await given(it);
        assert.deepEqual([digits.readUInt32BE(0), digits.length], [2051, 16 + 1000 * 784]);

        await it.press("#taking > summary");
        await it.press("#taking [data-take=run]");
        const run = await given(it);
        await it.press("#reset");
        await until(it, ({ step, digest }) => step === "0" && digest);
        await it.attach("#files", file("run.safetensors", run));
        const back = await until(it, ({ step, digest }) => step === "2" && digest);
        assert.equal(back.digest, there.digest);
      });
    });

    test("opened as a file it says what to do", async () => {
      const it = await engine();
      await it.go(pathToFileURL(join(DRAWN, "index.html")).href);
      await shown(it, "#not-started");
      const [said, disabled] = await it.run(() => [
        document.querySelector("#not-started")?.textContent ?? "",
        document.querySelectorAll("button:not(:disabled)").length,
      ]);
      assert.match(`${said}`, /cargo ganvas serve/);
      assert.equal(disabled, 0);
    });

    test("after one visit it trains without a network", async (context) => {
      const it = await engine();
      await visit(it, {}, async (server) => {
        // Debian's builds of both have them.
        if (!(await it.run(() => "serviceWorker" in navigator)))
          return context.skip("this build of the engine has no service workers");
        await until(it, ({ offline }) => offline === "ready");
        server.close();
        await it.reload();
        await ready(it);
        await stepTo(it, 1);
        assert.equal((await root(it)).source, "drawn");
      });
    });
  });
}

test("Firefox with WebAssembly switched off says so", { skip: ENGINES[0].skip }, async () => {
  const it = await firefox({ "javascript.options.wasm": false });
  const server = await serve(DRAWN);
  try {
    await it.go(`${server.url}?lang=en`);
    await until(it, ({ phase }) => phase === "fault");
    const said = await it.run(() => document.querySelector("#status-text")?.textContent ?? "");
    assert.match(said, /WebAssembly.*switched off/);
    assert.equal(await it.run(() => document.querySelector("#train:disabled") !== null), true);
  } finally {
    await it.close();
    server.close();
  }
});
