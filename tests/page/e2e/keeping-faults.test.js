// Everything that can go wrong with kept runs: storage that is full, forbidden, damaged, newer or cleared. Nothing that was saved is lost.
import assert from "node:assert/strict";
import { test } from "node:test";
import { again, goOn, HASH, keepAt, offer, told } from "./kept.js";
import { button, dataOf, eventually, ready, root, stepTo, until, visit } from "./site.js";

test("storage is full: what was saved stays, and after a deletion the run is saved", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    const session = await page.context().newCDPSession(page);
    const { origin } = new URL(page.url());
    // Room for two or three snapshots.
    await session.send("Storage.overrideQuotaForOrigin", { origin, quotaSize: 4e6 });
    await ready(page);
    await keepAt(page, 1);
    await button(page, "Reset").click();
    await until(page, (data) => data.step === "0");
    await keepAt(page, 1);
    let step = 1;
    const full = async () => (await dataOf(page, "keeping")).full === "true";
    while (!(await full()) && step < 20) {
      step += 1;
      await stepTo(page, step);
      await eventually(
        async () => (await full()) || (await root(page)).saved === `${step}`,
        async () => `step ${step} to be saved or not`,
      );
    }
    const { saved } = await root(page);
    assert.ok(Number(saved) > 0 && Number(saved) < step, `saved at ${saved} of ${step}`);
    await told(page, new RegExp(`Storage is full\\. The run stays kept as it was at step ${saved}\\.`));
    await stepTo(page, step + 1);
    assert.equal(await page.locator("#notes .note", { hasText: "Storage is full" }).count(), 0, "said once");
    assert.ok(await page.locator("#keeping .keeping-trouble").isVisible());

    await session.send("Storage.overrideQuotaForOrigin", { origin });
    const old = page.locator("#keeping li:not([data-present])");
    await old.getByRole("button", { name: /^Delete/ }).click();
    await old.getByRole("button", { name: /^Delete for good/ }).click();
    await until(page, (data) => data.saved === `${step + 1}`);
    await until(page, (data) => data.full === undefined && data.runs === "1", "keeping");
    await again(page);
    await goOn(page, `${step + 1}`);
  });
});

for (const [how, forbid] of /** @type {[string, () => void][]} */ ([
  [
    "fails",
    () => {
      IDBFactory.prototype.open = function () {
        const request = /** @type {any} */ ({ error: new DOMException("no", "InvalidStateError") });
        setTimeout(() => request.onerror?.());
        return request;
      };
    },
  ],
  [
    "throws",
    () => {
      IDBFactory.prototype.open = () => {
        throw new DOMException("no", "SecurityError");
      };
    },
  ],
  ["is not there", () => Object.defineProperty(globalThis, "indexedDB", { get: () => undefined })],
])) {
  test(`where storage ${how}, that is said once, and it trains`, async () => {
    await visit({ hash: HASH }, async ({ page }) => {
      await page.addInitScript(forbid);
      await page.reload();
      await ready(page);
      await page.getByText("No run can be kept here.").waitFor();
      await button(page, "Train").click();
      await told(page, /does not let the page store anything/);
      await until(page, (data) => Number(data.step) > 3);
      await button(page, "Pause").click();
      await until(page, (data) => data.phase === "paused");
      await button(page, "Step").click();
      assert.equal((await root(page)).saved, "");
      assert.equal(await page.locator("#notes .note").count(), 0);
    });
  });
}

test("storage that does not answer is said, and once it does the run is saved", async () => {
  await visit({ query: "none" }, async ({ page, server }) => {
    // A tab that holds the store open while it is to be deleted: whoever opens it then gets no answer.
    const holder = await page.context().newPage();
    await holder.goto(`${server.url}files.json`);
    await holder.evaluate(
      (name) =>
        new Promise((done) => {
          const request = indexedDB.open(name, 1);
          request.onsuccess = () => {
            indexedDB.deleteDatabase(name).onblocked = done;
            Object.assign(globalThis, { held: request.result });
          };
        }),
      `ganvas ${new URL(server.url).pathname} kept`,
    );
    await page.goto(`${server.url}?lang=en${HASH}`);
    await ready(page);
    await button(page, "Train").click();
    await told(page, /storage does not answer, so nothing is kept yet/);
    await page.getByText("No run can be kept here.").waitFor();
    await holder.evaluate(() => /** @type {any} */ (globalThis).held.close());
    await until(page, (data) => Number(data.saved) > 0);
    await page.getByText("No run can be kept here.").waitFor({ state: "detached" });
  });
});

/** Does something bad to the file of the kept run. @param {import("playwright-core").Page} page @param {"cut" | "overwritten"} how */
const damage = (page, how) =>
  page.evaluate(async (how) => {
    const { createStore } = await import(new URL("store.js", document.baseURI).href);
    const store = createStore(indexedDB, "test");
    const [{ needy: _, ...kept }] = await store.list();
    const { scene, bytes } = await store.load(kept.id);
    const bad = how === "cut" ? bytes.slice(0, 1000) : bytes.fill(7);
    await store.save({ ...kept, size: bytes.length }, scene, bad, { owner: kept.writer });
  }, how);

test("a damaged record says so and takes nothing with it", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    await keepAt(page, 2);
    await again(page);
    await damage(page, "cut");
    await offer(page).click();
    await told(page, /What is kept of DCGAN, seed 7 is damaged/);
    await stepTo(page, 1);
    assert.equal((await root(page)).phase, "paused");
  });
});

test("a snapshot with other bytes in it is refused, and the present run stays", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    await keepAt(page, 2);
    await again(page);
    await damage(page, "overwritten");
    await offer(page).click();
    await page.locator("#notes .error").waitFor();
    assert.equal((await root(page)).step, "0");
    await offer(page).waitFor();
    await stepTo(page, 1);
  });
});

test("a newer page takes the store over; an older one says so, and so does its successor", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    await keepAt(page, 1);
    await page.evaluate(async () => {
      const { NAME } = await import(new URL("database.js", document.baseURI).href);
      await new Promise((resolve, reject) => {
        const request = indexedDB.open(NAME, 99);
        request.onsuccess = () => resolve(request.result.close());
        request.onerror = () => reject(request.error);
      });
    });
    await told(page, /A newer copy of this page has taken over/);
    await stepTo(page, 2);
    assert.equal((await root(page)).saved, "1");
    await page.reload();
    await ready(page);
    await until(page, (data) => data.store === "newer", "keeping");
    await button(page, "Train").click();
    await told(page, /A newer copy of this page keeps runs/);
    await until(page, (data) => Number(data.step) > 1);
  });
});

test("a save that fails at rest is tried again by itself, and what was said goes", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    await keepAt(page, 1);
    await page.evaluate(() => {
      const { put } = IDBObjectStore.prototype;
      document.body.dataset.broken = "true";
      IDBObjectStore.prototype.put = function (/** @type {[any, any?]} */ ...given) {
        if (document.body.dataset.broken) throw new DOMException("disk on fire", "UnknownError");
        return put.apply(this, given);
      };
    });
    await stepTo(page, 2);
    const note = page.locator("#notes .note", { hasText: "could not be saved (disk on fire)" });
    await note.waitFor();
    await until(page, (data) => data.failing === "true", "keeping");
    assert.equal((await root(page)).saved, "1");
    await page.evaluate(() => void delete document.body.dataset.broken);
    await until(page, (data) => data.saved === "2");
    await note.waitFor({ state: "detached" });
    await until(page, (data) => data.failing === undefined, "keeping");
  });
});

test("a browser that stores no Blob keeps runs, as WebKit in a private window", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await page.addInitScript(() => {
      const { put } = IDBObjectStore.prototype;
      const has = (/** @type {unknown} */ value) =>
        value instanceof Blob ||
        (value !== null &&
          typeof value === "object" &&
          !ArrayBuffer.isView(value) &&
          Object.values(value).some(has));
      IDBObjectStore.prototype.put = function (/** @type {[any, any?]} */ ...given) {
        if (has(given[0])) throw new DOMException("Error preparing Blob/File data", "UnknownError");
        return put.apply(this, given);
      };
    });
    await page.reload();
    await ready(page);
    const there = await keepAt(page, 2);
    await again(page);
    assert.equal((await goOn(page, "2")).digest, there.digest);
  });
});

test("a run too large for what storage is left says so before it is trained", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await page.addInitScript(() => {
      StorageManager.prototype.estimate = async () => ({ usage: 1e6, quota: 1.1e6 });
    });
    await page.reload();
    await ready(page);
    await told(page, /^Each snapshot of this run takes .* may not be saved here/);
    assert.equal((await root(page)).step, "0");
  });
});

test("storage that the browser clears under a run: it is said, and the run is saved anew", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    await keepAt(page, 1);
    const session = await page.context().newCDPSession(page);
    const { origin } = new URL(page.url());
    await session.send("Storage.clearDataForOrigin", { origin, storageTypes: "indexeddb" });
    await told(page, /has cleared the kept runs/);
    await keepAt(page, 2);
    await again(page);
    await goOn(page, "2");
  });
});
