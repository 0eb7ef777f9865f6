// Runs that are left: another run takes the place, the page is left by a link, other copies of the page share the origin. None is lost.
import assert from "node:assert/strict";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { file, images } from "./idx.js";
import { again, goOn, HASH, keepAt, offer, openList, rows } from "./kept.js";
import { stroke } from "./png.js";
import { button, DRAWN, eventually, ready, root, stepTo, until, visit } from "./site.js";
import { open as openPad, untilPanel } from "./sketch.js";

/** @typedef {import("playwright-core").Page} Page */

/** Trains until something was stored and more was trained since. @param {Page} page */
async function trainOn(page) {
  await button(page, "Train").click();
  const { saved } = await until(page, (data) => Number(data.saved) > 0);
  return until(page, (data) => Number(data.step) > Number(saved) + 2);
}

/** The steps of the kept runs, newest first. @param {Page} page */
const steps = (page) => rows(page).evaluateAll((all) => all.map((row) => Number(row.dataset.step)));

for (const [way, leave] of /** @type {[string, (page: Page) => Promise<unknown>][]} */ ([
  [
    "New run",
    async (page) => {
      await page.locator("#seed").fill("8");
      await page.locator("#seed").press("Enter");
      await page.locator("#new-run").click();
    },
  ],
  ["another address", (page) => page.evaluate(() => void (location.hash = "#seed=9&batch=16&data=drawn"))],
  [
    "another data set",
    (page) =>
      page
        .locator("input[type=file]")
        .first()
        .setInputFiles([file("x-idx3-ubyte", images(3000))]),
  ],
]))
  test(`${way}: what was trained is kept first, to its last step`, async () => {
    await visit({ hash: HASH }, async ({ page }) => {
      await ready(page);
      await openList(page);
      await trainOn(page);
      const numbers = page.evaluate(
        () =>
          new Promise((resolve) => {
            let last = 0;
            const look = () => {
              const step = Number(document.documentElement.dataset.step);
              if (step < last) return resolve(last);
              last = step;
              requestAnimationFrame(look);
            };
            look();
          }),
      );
      await leave(page);
      const last = Number(await numbers);
      await eventually(
        async () => (await steps(page)).some((step) => step >= last),
        async () => `a kept run at step ${last} or more; they are at ${await steps(page)}`,
      );
    });
  });

test("left by a link, a run that trains is offered where it was on the way back", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    for (let time = 0; time < 3; time += 1) {
      const before = await trainOn(page);
      // As far as a near server is: a page that is left has that time.
      await page.route(/favicon\.svg$/, async (route) => {
        await new Promise((done) => setTimeout(done, 1000));
        await route.continue();
      });
      await page.evaluate(() => {
        const link = document.createElement("a");
        link.href = "favicon.svg";
        document.body.append(link);
        link.click();
      });
      await page.waitForURL(/favicon\.svg$/);
      await page.goBack();
      await ready(page);
      await offer(page).waitFor();
      const step = (await page.locator("#offer-facts").innerText()).match(/[\d,]+/)?.[0].replace(",", "");
      assert.ok(Number(step) >= Number(before.step), `kept at ${step}, left after ${before.step}`);
      await goOn(page, step);
    }
  });
});

test("two copies of the page on one origin keep their own", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ganvas-copies-"));
  try {
    cpSync(DRAWN, folder, { recursive: true });
    cpSync(DRAWN, join(folder, "dev"), { recursive: true });
    await visit({ site: folder, hash: HASH }, async ({ page, server }) => {
      await ready(page);
      const there = await keepAt(page, 2);
      const dev = await page.context().newPage();
      await dev.goto(`${server.url}dev/index.html?lang=en${HASH}`);
      await ready(dev);
      await until(dev, (data) => data.store === "open" && data.runs === "0", "keeping");
      assert.ok(await offer(dev).isHidden());
      for (let run = 0; run < 6; run += 1) {
        await keepAt(dev, 1);
        await button(dev, "Reset").click();
        await until(dev, (data) => data.step === "0" && data.saved === "");
      }
      await until(dev, (data) => data.runs === "5", "keeping");
      await button(dev, "中文").click();
      await page.reload();
      await ready(page);
      await until(page, (data) => data.runs === "1", "keeping");
      assert.equal((await goOn(page, "2")).digest, there.digest);
      const names = await page.evaluate(() =>
        Object.keys(localStorage).filter((key) => key.includes("lang")),
      );
      assert.deepEqual(names, [`ganvas ${new URL(server.url).pathname}dev/ lang`]);
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("a run that an earlier version kept for all copies is taken over, and goes on bit for bit", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    const there = await keepAt(page, 2);
    await page.evaluate(async () => {
      const { createStore } = await import(new URL("store.js", document.baseURI).href);
      const store = createStore(indexedDB, "test");
      const [{ needy: _, ...kept }] = await store.list();
      const { scene, bytes } = await store.load(kept.id);
      const request = indexedDB.open("ganvas", 1);
      request.onupgradeneeded = () => {
        for (const name of ["runs", "snapshots"]) request.result.createObjectStore(name, { keyPath: "id" });
        request.result.createObjectStore("sets");
      };
      await new Promise((done) => (request.onsuccess = done));
      const transaction = request.result.transaction(["runs", "snapshots"], "readwrite");
      transaction.objectStore("runs").put(kept);
      transaction.objectStore("snapshots").put({ id: kept.id, scene, bytes: new Blob([bytes]) });
      await new Promise((done) => (transaction.oncomplete = done));
      request.result.close();
      await store.remove([kept.id]);
      localStorage.setItem("ganvas.keys", "off");
    });
    await again(page);
    assert.equal((await goOn(page, "2")).digest, there.digest);
    await until(page, (data) => data.runs === "1", "keeping");
    await button(page, "Step").focus();
    await page.keyboard.press("s");
    assert.equal((await root(page)).step, "2", "shortcuts stay off");
    assert.equal(await page.locator("#notes .error").count(), 0);
    await stepTo(page, 3);
  });
});

test("pictures of one's own are there after a reload, as they were", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await openPad(page);
    const chooser = page.waitForEvent("filechooser");
    await button(page, "Pictures…").click();
    const pictures = Array.from({ length: 20 }, (_, i) => ({
      name: `${i}.png`,
      mimeType: "image/png",
      buffer: stroke(40, i),
    }));
    await (await chooser).setFiles(pictures);
    const count = page.locator("#own-count", { hasText: /^20 digits, only in this browser$/ });
    await count.waitFor();
    await button(page, "Swap black and white").click();
    const shown = () =>
      page
        .locator('canvas[data-view="images"]')
        .evaluate((c) => /** @type {HTMLCanvasElement} */ (c).toDataURL());
    const before = await shown();
    await page.reload();
    await openPad(page);
    await count.waitFor();
    await eventually(
      async () => (await shown()) === before,
      async () => "the pictures as they were",
    );
    await button(page, "Train on my digits").click();
    await until(page, (data) => data.source === "files" && data.images === "20" && Number(data.step) > 0);
    await button(page, "Pause").click();
    const other = await page.context().newPage();
    await other.goto(page.url());
    await openPad(other);
    await untilPanel(other, (data) => data.images === "20");
    await page
      .locator("#sketch-own")
      .getByRole("button", { name: /^Remove/ })
      .first()
      .click();
    await untilPanel(other, (data) => data.images === "0");
    await page.reload();
    await openPad(page);
    await untilPanel(page, (data) => data.images === "0");
  });
});
