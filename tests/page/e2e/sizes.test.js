// Text at twice its size, the page at four times, and on paper: nothing is cut, nothing lies on anything else, nothing scrolls sideways.
import assert from "node:assert/strict";
import { test } from "node:test";
import { letters, misfits } from "./misfits.js";
import { button, ready, root, sideways, stepTo, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** Windows, sizes of letters, languages: at 16 pixels a letter, 320 x 256 is 1280 x 1024 at four times the size. @type {[number, number, number, ...string[]][]} */
const SIZES = [
  [1280, 800, 16, "en"],
  [1280, 800, 24, "en", "zh"],
  [1280, 800, 32, "en", "zh"],
  [1920, 1080, 32, "en"],
  [390, 844, 24, "en", "zh"],
  [390, 844, 32, "en"],
  [320, 256, 16, "en", "zh"],
  [640, 512, 16, "en"],
  [844, 390, 16, "en"],
];

/** How much of the window's height is under what floats across it. @param {Page} page */
const covered = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll("body *")]
      .filter((element) => getComputedStyle(element).position === "fixed" && element.checkVisibility())
      .map((element) => element.getBoundingClientRect())
      .filter(({ width, bottom, top }) => width > innerWidth / 2 && bottom > 0 && top < innerHeight)
      .reduce((sum, { height }) => sum + height, 0),
  );

for (const [width, height, size, ...langs] of SIZES) {
  for (const lang of langs) {
    test(`${lang}, ${width} x ${height} with letters of ${size} pixels: nothing cut, nothing overlaps`, async () => {
      const context = { viewport: { width, height }, reducedMotion: /** @type {const} */ ("reduce") };
      await visit({ query: "none", context }, async ({ page, server }) => {
        await letters(page, size);
        await page.goto(`${server.url}?lang=${lang}`);
        await ready(page);
        assert.deepEqual(await misfits(page), [], "as it comes");
        assert.equal(await sideways(page), false);
        assert.ok((await covered(page)) < height / 3, `${await covered(page)} of ${height} pixels`);
        await page.locator("#step").click();
        await until(page, (data) => data.step === "1" && data.phase === "paused");
        for (const open of [true, false]) {
          await page.evaluate(
            (open) => document.querySelectorAll("details").forEach((group) => (group.open = open)),
            open,
          );
          // What unfolds paints in the next frames.
          await page.waitForTimeout(300);
          assert.deepEqual(await misfits(page), [], `panels ${open ? "open" : "folded"}`);
          assert.equal(await sideways(page), false);
        }
      });
    });
  }
}

test("twice the size of letters is twice the size of all text", async () => {
  const sizes = async (/** @type {number} */ pixels, /** @type {number} */ times) => {
    /** @type {Record<string, number>} */
    let found = {};
    const context = { viewport: { width: 1280 * times, height: 800 * times } };
    await visit({ query: "none", context }, async ({ page, server }) => {
      await letters(page, pixels);
      await page.goto(`${server.url}?lang=en`);
      await ready(page);
      found = await page.evaluate(() =>
        Object.fromEntries(
          [...document.querySelectorAll("body *")]
            .filter((element) =>
              [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim()),
            )
            .filter((element) => element.id)
            .map((element) => [element.id, parseFloat(getComputedStyle(element).fontSize)]),
        ),
      );
    });
    return found;
  };
  // In a window of twice the size the arrangement is the same.
  const [usual, twice] = [await sizes(16, 1), await sizes(32, 2)];
  const both = Object.keys(usual).filter((id) => id in twice);
  assert.ok(both.length > 30);
  for (const id of both)
    assert.ok(Math.abs(twice[id] / usual[id] - 2) < 0.02, `#${id}: ${usual[id]} became ${twice[id]}`);
});

test("on paper the lesson is the lesson, and without it the first screen", async () => {
  for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
    await visit({ context: { colorScheme, reducedMotion: "reduce" } }, async ({ page }) => {
      await ready(page);
      await stepTo(page, 1);
      const shown = () =>
        page.evaluate(() =>
          [
            ...document.querySelectorAll(
              "#digits, #settings, #losses-title, #timeline, #quality, #slow, #compare, #train, #lesson-text, #lesson-list, .about, .top",
            ),
          ]
            .filter((element) => element.checkVisibility())
            .map((element) => element.id || element.className),
        );
      await page.emulateMedia({ media: "print" });
      const first = await shown();
      assert.ok(first.includes("digits") && first.includes("losses-title"), `${first}`);
      for (const id of ["lesson-text", "timeline", "train", "top"]) assert.ok(!first.includes(id), id);
      await page.emulateMedia({ media: "screen" });
      await button(page, "Lesson").click();
      await page.locator("#lesson-text h3").first().waitFor();
      await until(page, (data) => "reading" in data);
      await page.emulateMedia({ media: "print" });
      assert.deepEqual(await shown(), ["lesson-text"]);
      const last = page.locator("#lesson-text section").last();
      const { height: end } = await last.evaluate((e) => e.getBoundingClientRect().toJSON());
      assert.ok(end > 60, `to its end: ${end}`);
      const ink = await page
        .locator("#lesson-text p:not(.part)")
        .first()
        .evaluate((p) => getComputedStyle(p).color);
      assert.equal(ink, "rgb(0, 0, 0)");
      const pdf = (await page.pdf()).toString("latin1");
      const pages = (pdf.match(/\/Type\s*\/Page\b(?!s)/g) ?? []).length;
      const { height, width } = await page
        .locator("#lesson")
        .evaluate((e) => e.getBoundingClientRect().toJSON());
      assert.ok(pages > 3 && pages < 40, `${pages} pages of ${width} x ${height}`);
      assert.equal((await root(page)).phase, "paused");
    });
  }
});
