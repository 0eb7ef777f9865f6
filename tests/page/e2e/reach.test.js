// For everyone: phones, keyboards, screen readers, Chinese.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { button, ready, root, sideways, until, visit } from "./site.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

for (const [width, height] of [
  [390, 844],
  [320, 568],
]) {
  test(`at ${width} x ${height} nothing scrolls sideways, and it trains`, async () => {
    const context = { viewport: { width, height }, hasTouch: true, isMobile: true };
    await visit({ context }, async ({ page }) => {
      await ready(page);
      assert.equal(await sideways(page), false);
      await button(page, "Train").tap();
      await until(page, (data) => Number(data.step) > 0);
      assert.equal(await sideways(page), false);
      for (const tab of ["Charts", "Latent", "Settings", "Digits"]) {
        await page.getByRole("navigation").getByText(tab, { exact: true }).tap();
        assert.equal(await sideways(page), false, tab);
      }
      await button(page, "Pause").tap();
      await until(page, (data) => data.phase === "paused");
    });
  });
}

/** Presses Tab until the focus is on an element of that name. @param {import("playwright-core").Page} page @param {string} name */
async function tabTo(page, name) {
  for (let presses = 0; presses < 150; presses += 1) {
    await page.keyboard.press("Tab");
    const focused = await page.evaluate(() => {
      const element = /** @type {HTMLElement | null} */ (document.activeElement);
      return element?.getAttribute("aria-label") ?? element?.innerText?.trim() ?? "";
    });
    if (focused === name) return;
  }
  assert.fail(`no Tab leads to ${name}`);
}

test("the keyboard alone trains, pauses, steps and moves a slider", async () => {
  await visit({}, async ({ page }) => {
    await ready(page);
    await tabTo(page, "Train");
    await page.keyboard.press("Enter");
    await until(page, (data) => data.phase === "training" && Number(data.step) > 0);
    await page.keyboard.press("Enter");
    const { step } = await until(page, (data) => data.phase === "paused");
    await tabTo(page, "Step");
    await page.keyboard.press("Space");
    await until(page, (data) => Number(data.step) === Number(step) + 1);
    await tabTo(page, "Latent 1");
    const slider = page.getByRole("slider", { name: "Latent 1", exact: true });
    const before = await slider.inputValue();
    await page.keyboard.press("ArrowRight");
    assert.ok(Number(await slider.inputValue()) > Number(before));
  });
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`axe finds nothing serious, ${colorScheme}`, async () => {
    await visit({ context: { colorScheme, bypassCSP: true } }, async ({ page }) => {
      await ready(page);
      await button(page, "Train").click();
      await until(page, (data) => Number(data.step) > 0);
      await button(page, "Pause").click();
      await until(page, (data) => data.phase === "paused");
      await page.addScriptTag({ content: axe });
      const grave = await page.evaluate(async () => {
        const { violations } = await /** @type {any} */ (window).axe.run();
        return violations
          .filter((/** @type {any} */ found) => ["serious", "critical"].includes(found.impact))
          .map(
            (/** @type {any} */ found) =>
              `${found.id}: ${found.nodes.map((/** @type {any} */ n) => n.target).join(" ")}`,
          );
      });
      assert.deepEqual(grave, []);
    });
  });
}

test("?lang=zh is Chinese throughout, and the browser's language decides otherwise", async () => {
  await visit({ query: "?lang=zh" }, async ({ page }) => {
    await ready(page);
    assert.match((await page.locator("html").getAttribute("lang")) ?? "", /^zh/);
    assert.equal(await button(page, "Train").count(), 0);
    assert.match(await page.getByRole("main").innerText(), /训练/);
  });
  await visit({ query: "", context: { locale: "zh-CN" } }, async ({ page }) => {
    await ready(page);
    assert.match((await page.locator("html").getAttribute("lang")) ?? "", /^zh/);
  });
  await visit({ query: "", context: { locale: "fr-FR" } }, async ({ page }) => {
    await ready(page);
    assert.equal(await page.locator("html").getAttribute("lang"), "en");
    assert.equal((await root(page)).recipe, "dcgan");
  });
});
