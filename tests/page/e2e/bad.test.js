// Bad input, each tried: one clear message, and the old run untouched.
import assert from "node:assert/strict";
import { test } from "node:test";
import { bomb, file, images, labels } from "./idx.js";
import { button, ready, root, stepTo, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** The sentences that the page says now, in its live regions. @param {Page} page @returns {Promise<string[]>} */
const said = (page) =>
  page
    .locator("[role=status], [role=alert], [aria-live]")
    .evaluateAll((regions) =>
      regions.flatMap((region) =>
        [.../** @type {HTMLElement} */ (region).querySelectorAll("p")]
          .map((p) => p.innerText.trim())
          .filter(Boolean),
      ),
    );

/** Waits for the one sentence that matches. @param {Page} page @param {RegExp} pattern */
async function oneMessage(page, pattern) {
  await page
    .locator("[role=status] p, [role=alert] p, [aria-live] p", { hasText: pattern })
    .first()
    .waitFor();
  const matching = (await said(page)).filter((sentence) => pattern.test(sentence));
  assert.equal(matching.length, 1, `said ${JSON.stringify(await said(page))}`);
}

/** In the address: what is wrong, and what the message must name. @type {[string, RegExp][]} */
const ADDRESSES = [
  ["recipe=nonsense", /nonsense/],
  ["seed=abc", /seed.*abc|abc.*seed/i],
  ["seed=4294967296", /4294967296/],
  ["batch=0", /batch.*0/i],
  ["batch=100000", /batch.*100000/i],
  ["g_rate=0", /rate/i],
  ["g_rate=NaN", /NaN/],
  ["d_rate=-1", /-1|−1/],
  ["g_rate=1e9", /1e9/],
  ["recipe=gan&g_hidden=0", /from 1 to/],
  ["recipe=gan&g_hidden=10000000", /10000000|weights/],
  ["recipe=gan&d_hidden=", /sizes/],
  ["g_channels=0", /channels.*0/i],
];

for (const [hash, pattern] of ADDRESSES) {
  test(`opened at #${hash}: one message, and it still trains`, async () => {
    await visit({ hash: `#${hash}` }, async ({ page }) => {
      await ready(page);
      await oneMessage(page, pattern);
      await button(page, "Train").click();
      await until(page, (data) => Number(data.step) > 0);
    });
  });
}

test("a wrong address typed into a running page leaves the run as it is", async () => {
  await visit({ hash: "#seed=5" }, async ({ page }) => {
    await ready(page);
    const before = await stepTo(page, 2);
    for (const [hash, pattern] of ADDRESSES) {
      await page.evaluate(
        (hash) => (location.hash = hash),
        hash.startsWith("seed") ? hash : `seed=5&${hash}`,
      );
      await page.locator("[role=status] p, [aria-live] p", { hasText: pattern }).first().waitFor();
      const { step, digest } = await root(page);
      assert.deepEqual([step, digest], [before.step, before.digest], `#${hash} touched the run`);
      // The next message must be its own.
      const dismiss = button(page, "Dismiss");
      await dismiss.evaluateAll((all) => all.forEach((one) => /** @type {HTMLElement} */ (one).click()));
      await dismiss.first().waitFor({ state: "detached" });
    }
  });
});

/** Files: what is wrong, and what the message must say. @type {[string, () => ReturnType<typeof file>[], RegExp][]} */
const FILES = [
  ["a wrong magic", () => [file("x-idx3-ubyte", images(100, { magic: 1234 }))], /IDX/],
  ["no IDX at all", () => [file("notes.txt", Buffer.from("these are not the digits you look for"))], /IDX/],
  ["images of 27 rows", () => [file("x-idx3-ubyte", images(100, { rows: 27 }))], /27.*28/],
  ["a missing byte", () => [file("x-idx3-ubyte", images(3000).subarray(0, -1))], /2,?999.*3,?000/],
  ["no images", () => [file("x-idx3-ubyte", images(0))], /no items/],
  ["other labels", () => [file("x-idx3-ubyte", images(100)), file("y-idx1-ubyte", labels(99))], /99.*100/],
  ["a gzip bomb", () => [file("x-idx3-ubyte.gz", bomb())], /goes on after|more than/],
  ["too many images", () => [file("x-idx3-ubyte", images(1, { declared: 4_000_000_000 }))], /more than|hold/],
];

for (const [what, make, pattern] of FILES) {
  test(`files with ${what}: one message, the old run untouched`, async () => {
    await visit({ hash: "#seed=5" }, async ({ page }) => {
      await ready(page);
      const before = await stepTo(page, 2);
      await page.locator("input[type=file]").setInputFiles(make());
      await oneMessage(page, pattern);
      const after = await root(page);
      assert.deepEqual([after.step, after.digest, after.source], [before.step, before.digest, before.source]);
      await stepTo(page, 3);
    });
  });
}

test("sound files of one's own are trained on", async () => {
  await visit({}, async ({ page }) => {
    await ready(page);
    const sound = [file("x-idx3-ubyte", images(3000)), file("y-idx1-ubyte", labels(3000))];
    await page.locator("input[type=file]").setInputFiles(sound);
    const data = await until(page, (data) => data.source === "files" && Number(data.images) === 3000);
    assert.equal(Number(data.step), 0, "other data is a new run");
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) > 0);
  });
});
