// Without a network: all that one visit has used is there for the next, and a changed site changes over as a whole.
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import {
  appendFileSync,
  cpSync,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { DRAWN, SITE, button, eventually, noMnist, ready, root, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

const context = /** @type {const} */ ({ serviceWorkers: "allow" });
const skip = existsSync(join(DRAWN, "files.json")) ? false : "the site has no list of its files";

/** @param {Page} page */
const kept = (page) => until(page, (data) => data.offline === "ready");

/** Takes the network away for good: no server, and nothing in the browser's own cache. @param {import("./site.js").Visit} visit */
async function unplug({ page, server }) {
  await server.close();
  await (await page.context().newCDPSession(page)).send("Network.clearBrowserCache");
}

/** @param {Page} page */
async function trains(page) {
  await ready(page);
  await button(page, "Train").click();
  await until(page, (data) => Number(data.step) > 0);
}

test("after one visit it trains without a network", { skip }, async () => {
  await visit({ context }, async (visit) => {
    const { page } = visit;
    await kept(page);
    assert.equal(
      await page.evaluate(() => navigator.serviceWorker.controller),
      null,
      "the first visit is the network's",
    );
    await unplug(visit);
    await page.reload();
    await trains(page);
    assert.equal((await root(page)).source, "drawn");
    await button(page, "中文").click();
    await page.getByRole("button", { name: "暂停", exact: true }).waitFor();
    await kept(page);
    await page.goto(`${visit.server.url}?lang=zh#recipe=gan`);
    await ready(page);
  });
});

test(
  "MNIST that the first visit has loaded is there without a network",
  { skip: skip || noMnist },
  async () => {
    await visit({ site: SITE, context }, async (visit) => {
      const { page } = visit;
      await until(page, (data) => Number(data.images) === 60000);
      const names = ["images-idx3", "labels-idx1"].map((name) => `data/mnist/train-${name}-ubyte.gz`);
      const has = (/** @type {string[]} */ names) =>
        Promise.all(names.map(async (name) => Boolean(await caches.match(new URL(name, document.baseURI)))));
      await eventually(
        async () => (await page.evaluate(has, names)).every(Boolean),
        async () => `the data being kept: ${await page.evaluate(has, names)}`,
      );
      await kept(page);
      await unplug(visit);
      await page.reload();
      const data = await until(page, (data) => Number(data.images) === 60000);
      assert.equal(data.source, "mnist");
      await trains(page);
    });
  },
);

/** A copy of the site that a test may change. @param {(folder: string) => Promise<void>} act */
async function withCopy(act) {
  const folder = mkdtempSync(join(tmpdir(), "ganvas-site-"));
  try {
    cpSync(DRAWN, folder, { recursive: true });
    await act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Publishes a version whose markup, first module and Chinese sentences say its name. @param {string} folder @param {string} version */
function publish(folder, version) {
  const file = (/** @type {string} */ name) => join(folder, name);
  const html = readFileSync(file("index.html"), "utf8").replace(
    /<html( data-html="\w*")?/,
    `<html data-html="${version}"`,
  );
  writeFileSync(file("index.html"), html);
  appendFileSync(file("main.js"), `\ndocument.documentElement.dataset.script = "${version}";\n`);
  const zh = JSON.parse(readFileSync(file("i18n/zh.json"), "utf8"));
  writeFileSync(file("i18n/zh.json"), JSON.stringify({ ...zh, step: `单步 ${version}` }));
  const list = JSON.parse(readFileSync(file("files.json"), "utf8"));
  for (const name of list.sums ? ["index.html", "main.js", "i18n/zh.json"] : [])
    list.sums[name] = createHash("sha256")
      .update(readFileSync(file(name)))
      .digest("hex");
  writeFileSync(file("files.json"), JSON.stringify({ ...list, version }));
}

/** The version that the next visit will be of. @param {Page} page */
const next = (page) =>
  page.evaluate(async () => (await (await caches.match(new URL("current", document.baseURI)))?.text()) ?? "");

test("a changed site is picked up by the load after next, as a whole", { skip }, async () => {
  await withCopy(async (folder) => {
    publish(folder, "one");
    await visit({ site: folder, context }, async (visit) => {
      const { page } = visit;
      const shows = async (/** @type {string} */ version) => {
        await ready(page);
        const { html, script } = await root(page);
        assert.deepEqual([html, script], [version, version]);
        await button(page, "中文").click();
        await page.getByRole("button", { name: `单步 ${version}`, exact: true }).waitFor();
        await button(page, "English").click();
        await button(page, "Train").waitFor();
      };
      await shows("one");
      await kept(page);

      publish(folder, "two");
      await page.reload();
      await ready(page);
      await eventually(
        async () => (await next(page)) === "two",
        async () => `the new version; the next visit is of ${await next(page)}`,
      );
      await shows("one");
      await page.reload();
      await shows("two");
      await trains(page);
      await kept(page);

      await unplug(visit);
      await page.reload();
      await shows("two");
      await trains(page);
    });
  });
});

test("a site without a list of its files works as ever, online only", async () => {
  await withCopy(async (folder) => {
    rmSync(join(folder, "files.json"), { force: true });
    await visit({ site: folder, context }, async ({ page, server }) => {
      await ready(page);
      await eventually(
        async () => (await root(page)) && server.asked.some((path) => path.endsWith("/files.json")),
        async () => "the service worker to look for the list",
      );
      await page.reload();
      await trains(page);
      const { offline } = await root(page);
      assert.equal(offline, undefined);
      assert.equal(await page.evaluate(() => navigator.serviceWorker.controller), null);
    });
  });
});

test("the page can be installed", async () => {
  await visit({ context }, async ({ page }) => {
    const cdp = await page.context().newCDPSession(page);
    const { errors, data } = await cdp.send("Page.getAppManifest");
    assert.deepEqual(errors, []);
    const manifest = JSON.parse(data ?? "");
    for (const { src, type } of manifest.icons) {
      const answer = await page.request.get(new URL(src, page.url()).href);
      assert.equal(answer.status(), 200, src);
      assert.equal(answer.headers()["content-type"], type, src);
    }
    const { installabilityErrors } = await cdp.send("Page.getInstallabilityErrors");
    // Which every test's browser is.
    const others = installabilityErrors.filter(({ errorId }) => errorId !== "in-incognito");
    assert.deepEqual(others, []);
  });
});

test("a network that goes before the lower panels are here: they come when it is back, and the run is saved", async () => {
  await visit({ hash: "#data=drawn&batch=16", loud: true }, async ({ page, url }) => {
    for (const path of ["**/below.js", "**/i18n/more/en.json", "**/keeping.css", "**/view/morph.js"]) {
      await page.route(path, (route) => route.abort(), { times: 1 });
      await page.goto("about:blank");
      await page.goto(url);
      await ready(page);
    }
    await button(page, "Step").click();
    await until(page, ({ saved }) => saved === "1");
  });
});
