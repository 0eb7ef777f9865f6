// The lesson: it comes when it is wanted, in the reader's language, and its figures are the page's own panels.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { button, eventually, ready, root, sideways, until, visit } from "./site.js";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Presses the header's button and waits for the text. @param {import("playwright-core").Page} page @param {string} name */
async function open(page, name = "Lesson") {
  await button(page, name).click();
  await page.locator("#lesson-text section").first().waitFor();
}

/** @param {import("playwright-core").Page} page @param {string} selector */
const top = (page, selector) =>
  page.locator(selector).evaluate((element) => Math.round(element.getBoundingClientRect().top));

/** Waits until the page has settled: longer than www/view/bring.js puts it right. @param {import("playwright-core").Page} page */
const settled = (page) =>
  page.evaluate(async () => {
    for (let frame = 0; frame < 12; frame += 1) await new Promise(requestAnimationFrame);
  });

/** Who scrolls at once, so that no test waits for the page to stand still. */
const still = { reducedMotion: /** @type {const} */ ("reduce") };

test("it is fetched when wanted, and a change of language keeps the reader's place", async () => {
  await visit({ context: still }, async ({ page, server }) => {
    await ready(page);
    const fetched = () => server.asked.filter((path) => path.includes("/lesson/"));
    assert.deepEqual(fetched(), [], "nothing before anyone comes near it");
    await open(page);
    assert.equal(fetched().length, 1);
    await page.locator("#lesson-list").getByRole("button", { name: "Mode collapse" }).click();
    await settled(page);
    const before = await top(page, "#lesson-collapse");
    assert.ok(before >= 0 && before < 200, `${before}`);
    await page.evaluate(() => document.getElementById("language")?.click());
    await page.locator("#lesson-text").getByText("模式坍塌", { exact: true }).waitFor();
    await settled(page);
    const after = await top(page, "#lesson-collapse");
    assert.ok(Math.abs(after - before) <= 2, `${before}, ${after}`);
    assert.equal(await page.locator("#lesson-list [aria-current]").innerText(), "模式坍塌");
  });
});

test("coming near it is enough, and a failed fetch can be tried again", async () => {
  await visit({ loud: true }, async ({ page }) => {
    await page.route("**/lesson/en.html", (route) => route.abort(), { times: 1 });
    await ready(page);
    await page.locator("#lesson").scrollIntoViewIfNeeded();
    await button(page, "Try again").click();
    await page.locator("#lesson-text section").first().waitFor();
    assert.ok(await page.locator("#lesson-note").isHidden());
  });
});

test("a figure tries its run and shows its panel, and one press leads back", async () => {
  await visit({ hash: "#recipe=dcgan&data=drawn", context: still }, async ({ page }) => {
    await ready(page);
    await open(page);
    await button(page, "Try the quarter turn").click();
    const { recipe } = await until(page, (data) => data.recipe === "cyclegan" && Number(data.step) > 0);
    assert.equal(recipe, "cyclegan");
    const hash = new URLSearchParams((await page.evaluate(() => location.hash)).slice(1));
    assert.equal(hash.get("domains"), "quarter-turn");
    assert.equal(hash.get("data"), "drawn", "the digits in use stay");
    assert.ok((await top(page, "#digits")) < 400);
    await button(page, "Back to the lesson").click();
    const focused = await page.evaluate(() => document.activeElement?.textContent?.trim());
    assert.equal(focused, "Try the quarter turn");
    assert.ok(await page.locator("#lesson-back").isHidden());

    await button(page, "Pause").click();
    await until(page, (data) => data.phase === "paused");
    await page.locator("#lesson-loss ~ figure").getByRole("button", { name: "The losses" }).click();
    assert.equal(await page.evaluate(() => document.activeElement?.id), "charts");
    assert.ok((await top(page, "#charts")) < 400);
  });
});

test("D's first layer is there, and changes as D learns", async () => {
  await visit({}, async ({ page }) => {
    await ready(page);
    await open(page);
    const figure = page.locator("canvas[data-figure=filters]");
    const picture = () => figure.evaluate((canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL());
    const line = page.locator("[data-figure-text=filters]");
    await line.scrollIntoViewIfNeeded();
    await line.getByText("Step 0: 12 squares").waitFor();
    const before = await picture();
    // The button is far above; the figure is in view.
    await page.evaluate(() => document.getElementById("train")?.click());
    await until(page, (data) => Number(data.step) > 20);
    await eventually(
      async () => (await picture()) !== before,
      async () => "the filters stay as they were",
    );
    assert.match((await figure.getAttribute("aria-label")) ?? "", /12 squares, 4 × 4 each/);
  });
});

test("on the smallest phone every formula fits, in both languages", async () => {
  const context = { viewport: { width: 320, height: 568 }, hasTouch: true, isMobile: true };
  for (const [query, name] of [
    ["?lang=en", "Lesson"],
    ["?lang=zh", "教程"],
  ]) {
    await visit({ query, context }, async ({ page }) => {
      await ready(page);
      await open(page, name);
      assert.equal(await sideways(page), false);
      const wide = await page
        .locator("#lesson-text .formula")
        .evaluateAll((all) =>
          all.filter((one) => one.scrollWidth > one.clientWidth).map((one) => one.textContent),
        );
      assert.deepEqual(wide, []);
    });
  }
});

for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
  test(`axe finds nothing serious in it, ${colorScheme}`, async () => {
    await visit({ context: { colorScheme, bypassCSP: true } }, async ({ page }) => {
      await ready(page);
      await open(page);
      await page.addScriptTag({ content: axe });
      const grave = await page.evaluate(async () => {
        const { violations } = await /** @type {any} */ (window).axe.run("#lesson");
        return violations.map(
          (/** @type {any} */ found) =>
            `${found.id}: ${found.nodes.map((/** @type {any} */ n) => n.target).join(" ")}`,
        );
      });
      assert.deepEqual(grave, []);
    });
  });
}

test("embedded, the page has no lesson", async () => {
  await visit({ query: "?lang=en&embed=1" }, async ({ page }) => {
    await ready(page);
    assert.ok(await page.locator("#lesson").isHidden());
    assert.equal((await root(page)).recipe, "dcgan");
  });
});
