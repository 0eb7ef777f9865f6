// Side by side: a second run in a worker of its own, from the same seed and digits.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DRAWN,
  SITE,
  noMnist,
  button,
  dataOf,
  eventually,
  pixels,
  ready,
  repainted,
  root,
  sideways,
  stepTo,
  until,
  visit,
} from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** What the panel says of itself. @param {Page} page */
const panel = (page) => dataOf(page, "compare");

/** @param {Page} page @param {(data: Record<string, string | undefined>) => unknown} holds */
const untilB = (page, holds) => until(page, holds, "compare");

/** Opens the panel and waits for B. @param {Page} page */
async function open(page) {
  await ready(page);
  await button(page, "Compare with another run").click();
  await untilB(page, (data) => data.phase === "ready" && /^[0-9a-f]{16}$/.test(data.digest ?? ""));
}

/** The table of differences, a line a row. @param {Page} page */
const table = (page) =>
  page
    .getByRole("table", { name: "What differs" })
    .locator("tbody tr")
    .evaluateAll((rows) =>
      rows.map((row) => [...row.children].map((cell) => cell.textContent?.trim()).join(" | ")),
    );

/** Waits until so many workers are alive. @param {Page} page @param {number} count */
const workers = (page, count) =>
  eventually(
    async () => page.workers().length === count,
    async () => `${count} workers; there are ${page.workers().length}`,
  );

test("another GAN beside the page's own: both train, what differs is listed, Close ends it", async () => {
  await visit({ hash: "#recipe=gan&seed=7" }, async ({ page }) => {
    await ready(page);
    assert.equal(page.workers().length, 1);
    assert.equal(await page.locator("canvas[data-view^=compare]").count(), 0);
    await open(page);
    await workers(page, 2);
    assert.deepEqual([(await panel(page)).recipe, (await panel(page)).seed], ["gan", "7"]);
    await page.getByText("Nothing yet: same GAN").waitFor();

    await page.getByRole("combobox", { name: "GAN of B" }).selectOption("lsgan");
    await untilB(page, (data) => data.recipe === "lsgan" && data.phase === "ready");
    const rows = await table(page);
    assert.ok(rows.includes("GAN | GAN: the original | LSGAN: least squares"), `${rows}`);
    assert.ok(rows.includes("Loss | Non-saturating | Least squares"), `${rows}`);

    const before = await pixels(page, "compare-b");
    await button(page, "Train both").click();
    const a = await until(page, (data) => data.phase === "training" && Number(data.step) > 20);
    const b = await untilB(page, (data) => data.phase === "training" && Number(data.step) > 20);
    await repainted(page, "compare-b", before);
    await until(page, (data) => Number(data.step) > Number(a.step));
    await untilB(page, (data) => Number(data.step) > Number(b.step));
    for (const view of ["compare-a", "compare-b"]) {
      const size = await page.locator(`canvas[data-view="${view}"]`).evaluate((element) => {
        const { width, height, dataset } = /** @type {HTMLCanvasElement} */ (element);
        return [width / Number(dataset.columns), height / Number(dataset.rows)];
      });
      assert.deepEqual(size, [28, 28], view);
    }

    await button(page, "Pause both").click();
    await until(page, (data) => data.phase === "paused");
    await untilB(page, (data) => data.phase === "paused");
    await button(page, "Reset both").click();
    await until(page, (data) => data.phase === "ready" && data.step === "0");
    await untilB(page, (data) => data.phase === "ready" && data.step === "0");

    await button(page, "Close").click();
    await workers(page, 1);
    assert.deepEqual(await panel(page), {});
    assert.equal(await page.locator("canvas[data-view^=compare]").count(), 0);
    assert.equal((await root(page)).recipe, "gan");
  });
});

/** Which share of a few seconds the page's own thread works, by its own clock: other load on the machine does not count. @param {Page} page */
async function busy(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Performance.enable", { timeDomain: "threadTicks" });
  const look = async () => {
    const { metrics } = await session.send("Performance.getMetrics");
    return [performance.now() / 1000, metrics.find(({ name }) => name === "TaskDuration")?.value ?? NaN];
  };
  const [from, before] = await look();
  const { step } = await panel(page);
  await untilB(page, (data) => Number(data.step) > Number(step) && performance.now() / 1000 > from + 3);
  const [to, after] = await look();
  return (after - before) / (to - from);
}

test("the page's sliders answer while both train", async () => {
  await visit({ hash: "#seed=1" }, async ({ page }) => {
    await open(page);
    await button(page, "Train both").click();
    await until(page, (data) => Number(data.step) > 20);
    await untilB(page, (data) => Number(data.step) > 20);
    const slider = page.getByRole("slider", { name: "Latent 1", exact: true });
    for (const value of ["2", "-2"]) {
      const before = await pixels(page, "latent");
      await slider.fill(value);
      await repainted(page, "latent", before);
    }
    const share = await busy(page);
    assert.ok(share < 0.5, `the page's own thread is busy for ${share} of the time`);
  });
});

for (const [source, site, skip] of /** @type {const} */ ([
  ["drawn", DRAWN, false],
  ["mnist", SITE, noMnist],
])) {
  test(`equal settings and seed give equal digests after the same steps, ${source}`, { skip }, async () => {
    await visit({ site, hash: "#recipe=gan&seed=12345&batch=1024" }, async ({ page }) => {
      await until(page, (data) => data.source === source && Number(data.images) === 60000);
      await open(page);
      assert.equal((await panel(page)).digest, (await root(page)).digest);
      // B trains a while by itself; then A walks to the very step where B came to rest.
      await button(page, "Train both").click();
      await untilB(page, (data) => Number(data.step) > 0);
      await button(page, "Pause both").click();
      const b = await untilB(page, (data) => data.phase === "paused" && data.digest);
      await until(page, (data) => data.phase === "paused");
      await button(page, "Reset").click();
      await until(page, (data) => data.phase === "ready" && data.step === "0");
      assert.equal((await stepTo(page, Number(b.step))).digest, b.digest);
    });
  });
}

test("B has knobs and a seed of its own, and takes what waits with its next run", async () => {
  await visit({ hash: "#recipe=gan&seed=7" }, async ({ page }) => {
    await open(page);
    const before = (await panel(page)).digest;
    const settings = page.getByRole("group", { name: "Settings of B" });
    await settings.locator("summary", { hasText: "Rates" }).click();
    const rate = settings.getByRole("textbox", { name: "Learning rate G: exact value" });
    await rate.fill("0.005");
    await rate.press("Tab");
    await eventually(
      async () => (await table(page)).some((row) => /^Learning rate G \| .* \| 0\.005$/.test(row)),
      async () => `the rate in ${await table(page)}`,
    );
    assert.equal(new URL(page.url()).hash.includes("g_rate"), false, "B's knob is in A's address");

    const seed = page.getByRole("textbox", { name: "Seed of B" });
    await seed.fill("99");
    await seed.press("Enter");
    const other = await untilB(page, (data) => data.seed === "99" && data.digest);
    assert.notEqual(other.digest, before);
    await seed.fill("");
    await seed.press("Enter");
    await untilB(page, (data) => data.seed === "7");

    await button(page, "Train both").click();
    await untilB(page, (data) => Number(data.step) > 0);
    await seed.fill("5");
    await seed.press("Enter");
    await page.getByText("Seed: takes effect with a new run.").waitFor();
    await button(page, "New run of B").click();
    await untilB(page, (data) => data.seed === "5" && data.phase === "training" && Number(data.step) > 0);

    await seed.fill("nonsense");
    await seed.press("Enter");
    await button(page, "Reset both").click();
    await page.getByText(/seed must be a whole number.*nonsense/).waitFor();
    assert.equal((await panel(page)).seed, "5");
  });
});

test("both use the same digits, after a change of data too", async () => {
  await visit({ hash: "#recipe=gan&seed=7&batch=1024" }, async ({ page }) => {
    const { file, images, labels } = await import("./idx.js");
    await open(page);
    const drawn = (await panel(page)).digest;
    const sound = [file("x-idx3-ubyte", images(3000)), file("y-idx1-ubyte", labels(3000))];
    await page.locator("input[type=file]").setInputFiles(sound);
    await until(page, (data) => data.source === "files" && Number(data.images) === 3000);
    await button(page, "Train both").click();
    await untilB(page, (data) => Number(data.step) > 2);
    await button(page, "Pause both").click();
    const b = await untilB(page, (data) => data.phase === "paused" && data.digest);
    assert.notEqual(b.digest, drawn);
    await until(page, (data) => data.phase === "paused");
    await button(page, "Reset").click();
    await until(page, (data) => data.step === "0" && data.phase === "ready");
    assert.equal((await stepTo(page, Number(b.step))).digest, b.digest);
  });
});

test("on a phone the grids stand one above the other, and nothing scrolls sideways", async () => {
  for (const [width, height] of [
    [390, 844],
    [320, 568],
  ]) {
    const context = { viewport: { width, height }, hasTouch: true, isMobile: true };
    await visit({ context }, async ({ page }) => {
      await open(page);
      const [a, b] = await Promise.all(
        ["a", "b"].map((run) => page.locator(`canvas[data-view="compare-${run}"]`).boundingBox()),
      );
      assert.ok(a && b && b.y >= a.y + a.height, "side by side");
      assert.equal(a.width, b.width);
      assert.equal(await sideways(page), false);
    });
  }
});

test("B's worker that dies without a word is missed too, and a restart brings B back", async () => {
  await visit({ hash: "#recipe=gan&seed=7" }, async ({ page }) => {
    await open(page);
    await button(page, "Train both").click();
    await untilB(page, (data) => Number(data.step) > 5);
    await page.workers()[1].evaluate(() => self.close());
    const says = page.locator("#b-status");
    await says.getByText("has not answered for 12 seconds").waitFor();
    await until(page, (data) => data.phase === "training");
    await says.getByRole("button", { name: "Restart" }).click();
    await untilB(page, (data) => data.phase === "ready" && data.step === "0");
    await says.waitFor({ state: "hidden" });
  });
});

test("the keyboard opens and closes it, and the focus is never lost", async () => {
  await visit({}, async ({ page }) => {
    await ready(page);
    await button(page, "Compare with another run").focus();
    await page.keyboard.press("Enter");
    await untilB(page, (data) => data.phase === "ready");
    const focused = (/** @type {string} */ id) =>
      eventually(
        () => page.evaluate((id) => document.activeElement?.id === id, id),
        async () => `the focus on ${id}`,
      );
    await focused("b-recipe");
    await button(page, "Close").focus();
    await page.keyboard.press("Enter");
    await focused("compare-open");
    await workers(page, 1);
  });
});
