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

test("wherever Tab leads, the focus is seen, in both themes", async () => {
  await visit({ context: { reducedMotion: "reduce" } }, async ({ page }) => {
    await ready(page);
    await page.evaluate(() => document.querySelectorAll("details").forEach((group) => (group.open = true)));
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await page.emulateMedia({ colorScheme });
      const met = new Set();
      for (let presses = 0; presses < 400; presses += 1) {
        await page.keyboard.press("Tab");
        const { name, shown } = await page.evaluate(() => {
          const element = /** @type {HTMLElement} */ (document.activeElement);
          // A choice's own button is hidden behind its words.
          const seen = element.closest(".segments") ? element.nextElementSibling : element;
          const { outlineStyle, outlineWidth } = getComputedStyle(seen ?? element);
          const { width, height } = (seen ?? element).getBoundingClientRect();
          const all = [...document.querySelectorAll("*")];
          const name =
            element === document.body ? "" : `${all.indexOf(element)} ${element.outerHTML.slice(0, 90)}`;
          return {
            name,
            shown: outlineStyle !== "none" && parseFloat(outlineWidth) >= 2 && width * height > 100,
          };
        });
        if (!name || met.has(name)) break;
        met.add(name);
        assert.ok(shown, `no focus to be seen on ${name}`);
      }
      assert.ok(met.size > 25, `Tab led to ${met.size} places only`);
    }
  });
});

/** What axe finds, each with its places. @param {import("playwright-core").Page} page @returns {Promise<string[]>} */
const violations = (page) =>
  page.evaluate(async () => {
    const { violations } = await /** @type {any} */ (window).axe.run();
    return violations.map(
      (/** @type {any} */ found) =>
        `${found.id}: ${found.nodes.map((/** @type {any} */ node) => node.target).join(" ")}`,
    );
  });

/** Looks at the page at both sizes, in both themes. @param {import("playwright-core").Page} page @param {string} state */
async function accessible(page, state) {
  for (const [width, height] of [
    [1280, 800],
    [390, 844],
  ]) {
    for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
      await page.setViewportSize({ width, height });
      await page.emulateMedia({ colorScheme });
      assert.deepEqual(await violations(page), [], `${state}, ${width} x ${height}, ${colorScheme}`);
    }
  }
}

/** @param {import("playwright-core").Page} page @param {boolean} open */
const fold = (page, open) =>
  page.evaluate((open) => document.querySelectorAll("details").forEach((group) => (group.open = open)), open);

for (const lang of ["en", "zh"]) {
  const context = { bypassCSP: true, reducedMotion: /** @type {const} */ ("reduce") };

  test(`axe finds nothing while the engine is on its way, ${lang}`, async () => {
    await visit({ query: "none", context }, async ({ page, server }) => {
      let go = () => {};
      const held = new Promise((done) => (go = () => done(undefined)));
      await page.route("**/ganvas_web_bg.wasm", async (route) => {
        await held;
        await route.continue();
      });
      // A phone from the start: what is below its screen has never been painted.
      await page.setViewportSize({ width: 390, height: 844 });
      await page.goto(`${server.url}?lang=${lang}`);
      await page.addScriptTag({ content: axe });
      await accessible(page, "loading");
      go();
      await ready(page);
    });
  });

  for (const [width, height] of [
    [390, 844],
    [1280, 800],
  ]) {
    test(`axe finds nothing before the first step and after it, panels folded and open, from ${width} x ${height}, ${lang}`, async () => {
      await visit(
        { query: `?lang=${lang}`, context: { ...context, viewport: { width, height } } },
        async ({ page }) => {
          await ready(page);
          await page.addScriptTag({ content: axe });
          assert.deepEqual(await violations(page), [], "as it comes");
          await fold(page, true);
          await accessible(page, "before the first step, open");
          await page.setViewportSize({ width, height });
          await page.locator("#step").click();
          await until(page, (data) => data.step === "1" && data.phase === "paused");
          await accessible(page, "after the first step, open");
          await fold(page, false);
          await accessible(page, "after the first step, folded");
          await page.locator("#keys").click();
          await accessible(page, "the list of keys");
        },
      );
    });
  }
}

test("on a phone, what the thumb presses is at least 44 pixels high", async () => {
  const context = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };
  await visit({ context }, async ({ page }) => {
    await ready(page);
    const buttons = await page.locator(".dock button:visible").all();
    assert.ok(buttons.length >= 7);
    for (const button of buttons) {
      const { width, height } = (await button.boundingBox()) ?? { width: 0, height: 0 };
      assert.ok(width >= 44 && height >= 44, `${await button.textContent()}: ${width} x ${height}`);
    }
  });
});

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
