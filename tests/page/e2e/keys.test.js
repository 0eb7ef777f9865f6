// The keyboard's shortcuts: each does its deed, none where one types, and the list of them opens and closes as it should.
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, eventually, ready, root, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** The id of the element in focus. @param {Page} page */
const focused = (page) => page.evaluate(() => document.activeElement?.id ?? "");

test("space trains and pauses, s steps, r resets", async () => {
  await visit({}, async ({ page }) => {
    await ready(page);
    await page.keyboard.press("Space");
    await until(page, (data) => data.phase === "training" && Number(data.step) > 0);
    await page.keyboard.press("Space");
    const { step } = await until(page, (data) => data.phase === "paused" && data.digest);
    await page.keyboard.press("s");
    await until(page, (data) => Number(data.step) === Number(step) + 1 && data.digest);
    await page.keyboard.press("r");
    await until(page, (data) => data.phase === "ready" && data.step === "0");
    assert.equal(await page.evaluate(() => scrollY), 0, "space scrolls nothing");
  });
});

test("keys are left alone while one types, with a modifier, and space on what it presses", async () => {
  await visit({ hash: "#seed=1" }, async ({ page }) => {
    await ready(page);
    const seed = page.getByRole("textbox", { name: "Seed", exact: true });
    await seed.focus();
    await page.keyboard.type("s r?");
    assert.equal(await seed.inputValue(), "1s r?");
    await seed.fill("1");
    await page.getByRole("combobox", { name: "GAN", exact: true }).focus();
    await page.keyboard.press("s");
    await page.getByRole("slider", { name: "Latent 1", exact: true }).focus();
    await page.keyboard.press("Space");
    await button(page, "Step").focus();
    await page.keyboard.press("Control+s");
    await page.keyboard.press("Space");
    await until(page, (data) => data.step === "1" && data.digest);
    assert.equal((await root(page)).phase, "paused");
    assert.equal(await page.getByRole("dialog").count(), 0);
  });
});

test("numbers lead to the parts, the skip link to the digits, and the address stays", async () => {
  await visit({ hash: "#seed=5" }, async ({ page }) => {
    await ready(page);
    for (const [key, id] of ["digits", "charts", "latent", "settings"].entries()) {
      await page.keyboard.press(`${key + 1}`);
      assert.equal(await focused(page), id);
    }
    await page.reload();
    await ready(page);
    const url = page.url();
    await page.keyboard.press("Tab");
    const link = page.getByRole("link", { name: "Skip to the digits" });
    assert.ok(await link.evaluate((element) => element === document.activeElement));
    assert.ok(((await link.boundingBox())?.width ?? 0) > 60, "in focus it shows");
    await page.keyboard.press("Enter");
    assert.equal(await focused(page), "digits");
    assert.equal(page.url(), url);
    assert.equal((await root(page)).phase, "ready");
  });
});

test("? opens the list, Esc closes it and gives the focus back, and a switch turns the keys off", async () => {
  await visit({}, async ({ page }) => {
    await ready(page);
    await button(page, "Reset").focus();
    await page.keyboard.press("?");
    const list = page.getByRole("dialog", { name: "Keyboard shortcuts" });
    await list.waitFor();
    await page.keyboard.press("s");
    for (let presses = 0; presses < 6; presses += 1) {
      await page.keyboard.press("Tab");
      assert.ok(
        await page.evaluate(() => {
          const inside = document.activeElement?.closest("dialog");
          // Tab may leave for the browser's own bar, never for the page behind.
          return inside !== null || document.activeElement === document.body;
        }),
      );
    }
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "hidden" });
    assert.equal(await focused(page), "reset");
    assert.equal((await root(page)).step, "0", "the list is no place to step from");

    await button(page, "Keyboard shortcuts").click();
    await list.getByRole("checkbox", { name: "Shortcuts on" }).uncheck();
    await list.getByRole("button", { name: "Close", exact: true }).click();
    assert.equal(await focused(page), "keys");
    for (const again of [false, true]) {
      if (again) await page.reload().then(() => ready(page));
      await page.keyboard.press("s");
      await page.keyboard.press("?");
      assert.ok(await list.isHidden());
      assert.equal((await root(page)).step, "0");
    }
  });
});

test("a live region says what was pressed, and the box of the present state is silent", async () => {
  await visit({}, async ({ page }) => {
    await ready(page);
    const region = page.locator("#announce");
    const says = (/** @type {RegExp} */ pattern) =>
      eventually(
        async () => pattern.test((await region.textContent()) ?? ""),
        async () => `${pattern} in ${await region.textContent()}`,
      );
    assert.equal(await region.getAttribute("aria-live"), "polite");
    assert.equal(await page.getByRole("status").first().getAttribute("aria-live"), "off");
    await says(/^Ready/);
    await button(page, "Train").click();
    await says(/^Training from step 0\.$/);
    await until(page, (data) => Number(data.step) > 0);
    await button(page, "Pause").click();
    await says(/^Paused at step [\d,]+\.$/);
    await button(page, "Reset").click();
    await says(/^Back at step 0/);
  });
});
