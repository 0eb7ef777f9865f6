// Runs that outlive the page: saved by themselves, gone on with bit for bit, by one tab at a time; and everything that can go wrong with storage.
import assert from "node:assert/strict";
import { test } from "node:test";
import { file, images, labels } from "./idx.js";
import { button, dataOf, eventually, ready, root, stepTo, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

const HASH = "#seed=7&batch=16&data=drawn";

/** @param {Page} page */
const offer = (page) => button(page, "Continue");
/** @param {Page} page */
const rows = (page) => page.locator("#keeping li");

/** @param {Page} page */
async function openList(page) {
  if (!(await page.locator("#keeping details").evaluate((e) => /** @type {HTMLDetailsElement} */ (e).open)))
    await page.locator("#keeping summary").click();
}

/** Waits for a message and dismisses it. @param {Page} page @param {RegExp} pattern */
async function told(page, pattern) {
  const note = page.locator("#notes .note", { hasText: pattern }).first();
  await note.waitFor();
  await note.getByRole("button").click();
}

/** Makes steps up to `count` and waits until the last of them is stored. @param {Page} page @param {number} count */
async function keepAt(page, count) {
  const at = await stepTo(page, count);
  await until(page, (data) => Number(data.saved) === Number(data.step));
  return at;
}

/** Loads the page anew, until a run is offered. @param {Page} page */
async function again(page) {
  await page.reload();
  await ready(page);
  await offer(page).waitFor();
}

/** Goes on with the run offered. @param {Page} page @param {string | undefined} step */
async function goOn(page, step) {
  await offer(page).click();
  return until(page, (data) => data.step === step && data.digest);
}

/** Another page of the same browser. @param {Page} page @param {string} [hash] */
async function anotherTab(page, hash = HASH) {
  const tab = await page.context().newPage();
  await tab.goto(page.url().replace(/#.*/, hash));
  await ready(tab);
  return tab;
}

test("a run saves itself while it trains; after a reload it goes on, bit for bit", async () => {
  await visit({ hash: `${HASH}&g_rate=0.003` }, async ({ page }) => {
    await ready(page);
    assert.equal((await root(page)).saved, "");
    await button(page, "Train").click();
    await until(page, (data) => Number(data.saved) > 0 && data.phase === "training");
    await button(page, "Pause").click();
    const there = await until(page, (data) => data.digest && data.saved === data.step);
    const latent = page.getByRole("slider", { name: "Latent 2", exact: true });
    await latent.fill("1.5");
    // Steps after the sliders were moved: they are kept with the next snapshot.
    const next = await keepAt(page, Number(there.step) + 1);
    await page.goto(page.url().replace(/#.*/, "#data=drawn"));
    await again(page);
    assert.equal((await root(page)).saved, "", "the run on the screen is another one");
    const back = await goOn(page, next.step);
    assert.deepEqual([back.digest, back.saved, back.losses], [next.digest, next.step, next.losses]);
    assert.match(page.url(), /seed=7&.*g_rate=0\.003/);
    assert.equal(await latent.inputValue(), "1.5");
    assert.ok((await page.locator("[data-n=elapsed]").first().innerText()) !== "");
    assert.ok(await offer(page).isHidden());
    const last = await stepTo(page, Number(next.step) + 3);

    // The same run without a break.
    const other = await anotherTab(page, `${HASH}&g_rate=0.003`);
    const whole = await stepTo(other, Number(last.step));
    assert.deepEqual([last.digest, last.losses], [whole.digest, whole.losses]);
  });
});

test("a worker that dies amid a step: restarted, the run goes on from its last snapshot", async () => {
  await visit({ hash: HASH, loud: true }, async ({ page }) => {
    await ready(page);
    const there = await keepAt(page, 3);
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) > 5);
    await page.workers()[0].evaluate(
      () =>
        void setTimeout(() => {
          throw new Error("killed");
        }),
    );
    await until(page, (data) => data.phase === "fault");
    await button(page, "Restart").click();
    await offer(page).waitFor();
    const facts = await page.locator("#offer-facts").innerText();
    const step = facts.match(/\d+/)?.[0];
    assert.ok(Number(step) >= Number(there.step), facts);
    await goOn(page, step);
    const last = await stepTo(page, Number(step) + 2);
    const other = await anotherTab(page);
    assert.equal((await stepTo(other, Number(last.step))).digest, last.digest);
  });
});

test("a page that dies while it trains: the next one offers the run", async () => {
  await visit({ hash: HASH, loud: true }, async ({ page }) => {
    await ready(page);
    await button(page, "Train").click();
    const { saved } = await until(page, (data) => Number(data.saved) > 0);
    const session = await page.context().newCDPSession(page);
    const crashed = page.waitForEvent("crash");
    session.send("Page.crash").catch(() => {});
    await crashed;
    const tab = await anotherTab(page);
    await offer(tab).waitFor();
    const step = (await tab.locator("#offer-facts").innerText()).match(/\d+/)?.[0];
    assert.ok(Number(step) >= Number(saved));
    await goOn(tab, step);
  });
});

test("pressing Train instead starts afresh and keeps the saved run", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    await keepAt(page, 2);
    await again(page);
    await button(page, "Train").click();
    await offer(page).waitFor({ state: "hidden" });
    await until(page, (data) => Number(data.saved) > 0);
    await button(page, "Pause").click();
    await openList(page);
    await eventually(
      async () => (await rows(page).count()) === 2,
      async () => "two runs in the list",
    );
    assert.equal(await page.locator("#keeping li[data-step='2']").count(), 1);
  });
});

test("the last five runs stay, and those with a name; renamed and deleted by keyboard", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    await keepAt(page, 1);
    await openList(page);
    const name = page.getByRole("textbox", { name: "Name of the run DCGAN, seed 7" });
    await name.focus();
    await page.keyboard.type("My first");
    await page.keyboard.press("Enter");
    await page.getByRole("textbox", { name: "Name of the run My first" }).waitFor();
    for (let run = 2; run <= 7; run += 1) {
      await button(page, "Reset").click();
      await until(page, (data) => data.step === "0" && data.saved === "");
      await keepAt(page, 1);
    }
    const count = async () => (await dataOf(page, "keeping")).runs;
    await eventually(
      async () => (await count()) === "6",
      async () => `six runs, not ${await count()}`,
    );

    await page.reload();
    await ready(page);
    await offer(page).waitFor();
    await openList(page);
    const first = button(page, "Delete My first");
    await first.focus();
    await page.keyboard.press("Enter");
    const keep = page.locator("#keeping .kept-asks:not([hidden]) button").nth(1);
    assert.equal(await keep.evaluate((e) => e === document.activeElement), true, "the focus is on Keep it");
    await page.keyboard.press("Escape");
    assert.equal(await first.evaluate((e) => e === document.activeElement), true);
    await page.keyboard.press("Enter");
    await page.keyboard.press("Shift+Tab");
    await page.keyboard.press("Enter");
    await eventually(
      async () => (await count()) === "5",
      async () => `five runs, not ${await count()}`,
    );
    assert.equal(await page.evaluate(() => document.activeElement?.closest("#keeping") !== null), true);
    await page.reload();
    await ready(page);
    await until(page, (data) => data.runs === "5", "keeping");
  });
});

test("another tab's run is not offered; from the list it goes on as a copy, and neither stores over the other", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    const there = await keepAt(page, 2);
    const tab = await anotherTab(page);
    await until(tab, (data) => data.runs === "1", "keeping");
    assert.ok(await offer(tab).isHidden());
    await openList(tab);
    await tab.getByText("Another tab has this run.").waitFor();
    await button(tab, "Continue a copy of DCGAN, seed 7").click();
    const copy = await until(tab, (data) => data.step === "2" && data.digest);
    assert.deepEqual([copy.digest, copy.saved], [there.digest, ""]);
    await told(tab, /Another tab has this run/);
    await keepAt(tab, 4);
    await keepAt(page, 3);
    await until(tab, (data) => data.runs === "2", "keeping");
    await page.close();
    await tab.reload();
    await ready(tab);
    await openList(tab);
    const steps = () =>
      rows(tab).evaluateAll((all) => all.map((row) => row.getAttribute("data-step")).sort());
    await eventually(
      async () => `${await steps()}` === "3,4",
      async () => `runs at 3 and 4: ${await steps()}`,
    );
  });
});

test("without locks, whoever stores second stores a run of its own", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    const init = () => Object.defineProperty(Navigator.prototype, "locks", { get: () => undefined });
    await page.context().addInitScript(init);
    await page.reload();
    await ready(page);
    await keepAt(page, 2);
    const tab = await anotherTab(page);
    await offer(tab).waitFor();
    await goOn(tab, "2");
    await keepAt(tab, 3);
    await stepTo(page, 4);
    await told(page, /stored the same run/);
    await until(page, (data) => data.saved === "4");
    await openList(page);
    await page.reload();
    await until(page, (data) => data.runs === "2", "keeping");
  });
});

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

test("a damaged record says so and takes nothing with it", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    await keepAt(page, 2);
    await again(page);
    await page.evaluate(async () => {
      const { createStore } = await import(new URL("store.js", document.baseURI).href);
      const store = createStore(indexedDB, "test");
      const [kept] = await store.list();
      const { scene, bytes } = await store.load(kept.id);
      const { needy: _, ...record } = kept;
      await store.save({ ...record, size: bytes.length }, scene, bytes.slice(0, 1000), {
        owner: kept.writer,
      });
    });
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
    await page.evaluate(async () => {
      const { createStore } = await import(new URL("store.js", document.baseURI).href);
      const store = createStore(indexedDB, "test");
      const [{ needy: _, ...kept }] = await store.list();
      const { scene, bytes } = await store.load(kept.id);
      await store.save(kept, scene, bytes.fill(7), { owner: kept.writer });
    });
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
    await page.evaluate(
      () =>
        new Promise((resolve, reject) => {
          const request = indexedDB.open("ganvas", 99);
          request.onsuccess = () => resolve(request.result.close());
          request.onerror = () => reject(request.error);
        }),
    );
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

test("a run on files of one's own brings them back by itself", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    const sound = [file("x-idx3-ubyte", images(3000)), file("y-idx1-ubyte", labels(3000))];
    await page.locator("input[type=file]").first().setInputFiles(sound);
    await until(page, (data) => data.source === "files" && data.images === "3000");
    const there = await keepAt(page, 2);
    const further = await stepTo(page, 3);
    await until(page, (data) => data.saved === "3");
    await again(page);
    assert.equal((await root(page)).source, "drawn");
    const back = await goOn(page, "3");
    assert.deepEqual([back.source, back.digest, back.saved], ["files", further.digest, "3"]);
    assert.notEqual(there.digest, further.digest);
    await told(page, /stands again at step 3/);
    assert.equal(await page.locator("#notes .error").count(), 0, "they are the same digits");
  });
});

test("a run from outside on other digits: it goes on, and it is said that it will differ", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    await keepAt(page, 2);
    await page.evaluate(async () => {
      const { createStore } = await import(new URL("store.js", document.baseURI).href);
      const store = createStore(indexedDB, "test");
      const [{ needy: _, ...kept }] = await store.list();
      const { scene, bytes } = await store.load(kept.id);
      await store.save({ ...kept, id: "another", source: "files", data: "elsewhere" }, scene, bytes);
      await store.remove([kept.id]);
    });
    await page.reload();
    await ready(page);
    await offer(page).click();
    await page.getByText(/files of yours that are not kept here/).waitFor();
    await page
      .locator("input[type=file]")
      .first()
      .setInputFiles([file("x-idx3-ubyte", images(3000))]);
    await until(page, (data) => data.step === "2" && data.digest && data.source === "files");
    await told(page, /These are not the digits/);
    await keepAt(page, 3);
    await until(page, (data) => data.runs === "2", "keeping");
  });
});
