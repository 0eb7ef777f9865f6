// Runs that outlive the page: saved by themselves, gone on with bit for bit, by one tab at a time.
import assert from "node:assert/strict";
import { test } from "node:test";
import { file, images, labels } from "./idx.js";
import { again, anotherTab, goOn, HASH, keepAt, offer, openList, rows, told } from "./kept.js";
import { button, dataOf, eventually, ready, root, stepTo, until, visit } from "./site.js";

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

test("a worker that dies without a word is missed, and its run goes on after a restart", async () => {
  await visit({ hash: HASH }, async ({ page }) => {
    await ready(page);
    const there = await keepAt(page, 2);
    await page.workers()[0].evaluate(() => self.close());
    await page.locator("#status-text", { hasText: "has not answered for 12 seconds" }).waitFor();
    await button(page, "Restart").click();
    await goOn(page, there.step);
    const last = await stepTo(page, 3);
    const other = await anotherTab(page);
    assert.equal((await stepTo(other, 3)).digest, last.digest);
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
