// Time travel: kept moments are looked at, played, and gone on from, and what is gone on from is the run as it was, bit for bit.
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, eventually, pixels, ready, root, stepTo, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** What the time line says of itself. @param {Page} page @returns {Promise<Record<string, string | undefined>>} */
const line = (page) =>
  page.locator("#timeline").evaluate((element) => ({ .../** @type {HTMLElement} */ (element).dataset }));

/** @param {Page} page */
const slider = (page) => page.getByRole("slider", { name: "Moment", exact: true });

/** The banner over the grid. @param {Page} page */
const banner = (page) => page.locator("#looking");

/** The step that the banner tells. @param {Page} page */
const lookedAt = async (page) => Number((await banner(page).innerText()).replace(/\D/g, ""));

/** Whether the grid's first digits are those of a picture on the strip. @param {Page} page @param {string} moment */
const shows = (page, moment) =>
  page.evaluate((id) => {
    const part = (/** @type {string} */ which) => {
      const canvas = /** @type {HTMLCanvasElement} */ (document.querySelector(which));
      return [...(canvas.getContext("2d")?.getImageData(0, 0, 112, 112).data ?? [])];
    };
    const [grid, thumbnail] = [`canvas[data-view="samples"]`, `canvas[data-moment="${id}"]`].map(part);
    return thumbnail.some((value) => value > 0 && value < 255) && grid.join() === thumbnail.join();
  }, moment);

/** Looks at a stop of the line. @param {Page} page @param {number} stop */
async function lookAt(page, stop) {
  await slider(page).scrollIntoViewIfNeeded();
  await slider(page).fill(`${stop}`);
  await banner(page).waitFor();
}

test("moments come by themselves; one looks at them while the present waits", async () => {
  // Without fades, amid one of which a picture would be compared.
  await visit({ hash: "#seed=7", context: { reducedMotion: "reduce" } }, async ({ page }) => {
    await ready(page);
    await button(page, "Train").click();
    await eventually(
      async () => Number((await line(page)).moments) >= 4,
      async () => `a fourth moment: ${JSON.stringify(await line(page))}`,
    );
    await button(page, "Pause").click();
    const paused = await until(page, (data) => data.phase === "paused" && data.digest);
    const present = await pixels(page, "samples");
    await lookAt(page, 1);
    assert.ok((await lookedAt(page)) > 0 && (await lookedAt(page)) < Number(paused.step));
    assert.match(await banner(page).innerText(), /^Looking at step [\d,]+\s+back to now$/);
    assert.match((await slider(page).getAttribute("aria-valuetext")) ?? "", /^Step \d/);
    assert.notEqual(await pixels(page, "samples"), present);
    await eventually(
      () => shows(page, "1"),
      async () => "the grid to show what the strip shows",
    );
    const { step, digest } = await root(page);
    assert.deepEqual([step, digest], [paused.step, paused.digest], "looking changes nothing");

    await slider(page).press("ArrowLeft");
    await eventually(
      async () => (await lookedAt(page)) === 0,
      async () => `the beginning, not step ${await lookedAt(page)}`,
    );
    await button(page, "back to now").click();
    await eventually(
      async () => (await pixels(page, "samples")) === present,
      async () => "the present",
    );
    assert.ok(await banner(page).isHidden());
    assert.ok(await button(page, "Continue from here").isDisabled());
  });
});

test("going on from a moment is the same run from there, bit for bit, on a branch of its own", async () => {
  await visit({ hash: "#seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    const third = await stepTo(page, 3);
    const sixth = await stepTo(page, 6);
    const { moments } = await line(page);
    assert.equal(moments, "7", "each rest is kept, and the beginning");
    /** @param {number} branch */
    async function goBack(branch) {
      await lookAt(page, 3);
      await eventually(
        async () => (await lookedAt(page)) === 3,
        async () => `step 3, not ${await lookedAt(page)}`,
      );
      const looked = await pixels(page, "samples");
      await button(page, "Continue from here").click();
      const there = await until(page, (data) => data.step === "3" && data.digest);
      assert.equal(there.digest, third.digest);
      await eventually(
        async () => (await line(page)).branch === `${branch}` && (await banner(page).isHidden()),
        async () => `branch ${branch}`,
      );
      assert.equal(await pixels(page, "samples"), looked, "the grid is that moment's, now as the present");
    }
    await goBack(1);
    // Panels off the screen are not painted.
    await page.locator("#charts").scrollIntoViewIfNeeded();
    await page.getByText("before going back", { exact: true }).waitFor();
    assert.equal((await stepTo(page, 6)).digest, sixth.digest);
    await slider(page).scrollIntoViewIfNeeded();
    await page.getByText("branch 2", { exact: true }).waitFor();
    await goBack(2);
    assert.equal((await stepTo(page, 6)).digest, sixth.digest);
  });
});

test("settings go back with the run", async () => {
  await visit({ hash: "#seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 2);
    await page.locator("details", { hasText: "Rates" }).locator("summary").click();
    const rate = page.getByRole("textbox", { name: "Learning rate D: exact value" });
    const before = await rate.inputValue();
    await rate.fill("0.05");
    await rate.press("Enter");
    assert.match(page.url(), /d_rate=0\.05/);
    await stepTo(page, 3);
    await lookAt(page, 1);
    await button(page, "Continue from here").click();
    await until(page, (data) => data.step === "1" && data.digest);
    await eventually(
      async () => (await rate.inputValue()) === before && !page.url().includes("d_rate"),
      async () => `the rate of then: ${await rate.inputValue()}`,
    );
    assert.ok(await page.locator("#pending").isHidden(), "nothing waits for a new run");
  });
});

test("a time-lapse plays the moments in order and ends in the present", async () => {
  await visit({ hash: "#seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 5);
    await page.evaluate(() => {
      const said = /** @type {HTMLElement} */ (document.getElementById("looking-text"));
      new MutationObserver(() => {
        const html = document.documentElement;
        html.dataset.testSaid = `${html.dataset.testSaid ?? ""}${said.textContent?.replace(/\D/g, "")} `;
      }).observe(said, { childList: true, characterData: true, subtree: true });
    });
    await button(page, "Play time-lapse").click();
    await banner(page).waitFor();
    await banner(page).waitFor({ state: "hidden" });
    assert.equal((await root(page)).testSaid, "0 1 2 3 4 5 ");
    await button(page, "Play time-lapse").waitFor();
  });
});

test("under reduced motion, the time-lapse goes by clicks", async () => {
  await visit({ hash: "#seed=7&batch=16", context: { reducedMotion: "reduce" } }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 2);
    for (const step of [0, 1, 2]) {
      await button(page, "Next moment").click();
      await eventually(
        async () => (await banner(page).isVisible()) && (await lookedAt(page)) === step,
        async () => `step ${step}`,
      );
    }
    await button(page, "Next moment").click();
    await banner(page).waitFor({ state: "hidden" });
  });
});
