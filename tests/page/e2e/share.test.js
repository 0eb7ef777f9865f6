// Sharing: a link is the whole run, on builds whose bits differ it says so, and a frame holds the page on another.
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, eventually, ready, root, stepTo, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

const context = { permissions: ["clipboard-read", "clipboard-write"] };

/** What a button copies. @param {Page} page @param {string} name */
async function copied(page, name) {
  await button(page, name).click();
  await page.locator("#notes .note", { hasText: "copied" }).waitFor();
  return page.evaluate(() => navigator.clipboard.readText());
}

/** @param {string} link */
const hashOf = (link) => new URL(link).hash;

for (const query of ["?lang=en", "?lang=en&build=simd128"]) {
  test(`a copied link is the same run, bit for bit, in a fresh page at ${query}`, async () => {
    let link = "";
    let digest = "";
    await visit({ query, hash: "#recipe=gan&batch=16&d_rate=0.001", context }, async ({ page }) => {
      await ready(page);
      const { build } = await root(page);
      digest = (await stepTo(page, 4)).digest ?? "";
      link = await copied(page, "Copy link");
      const params = new URLSearchParams(hashOf(link).slice(1));
      assert.equal(params.get("build"), build);
      assert.match(params.get("seed") ?? "", /^\d+$/, "the seed that was drawn");
      assert.equal(link, page.url(), "the address bar holds the same");
    });
    await visit({ query, hash: hashOf(link) }, async ({ page }) => {
      await ready(page);
      assert.ok(await page.locator("#other-build").isHidden());
      assert.equal((await stepTo(page, 4)).digest, digest);
    });
  });
}

test("a link of simd128 is offered simd128, and then says no more", async () => {
  await visit({ hash: "#recipe=gan&seed=7&batch=16&build=simd128" }, async ({ page }) => {
    await ready(page);
    assert.match((await root(page)).build ?? "", /^relaxed/, "this test needs a browser with relaxed SIMD");
    const notice = page.locator("#other-build");
    await notice.getByText("This link was copied from a run on the build simd128.").waitFor();
    await notice.getByRole("button", { name: "Use simd128" }).click();
    await page.waitForURL(/\?lang=en&build=simd128#recipe=gan&seed=7&batch=16&build=simd128$/);
    await until(page, (data) => data.build === "simd128" && data.whole === "true" && data.recipe === "gan");
    assert.ok(await notice.isHidden());
  });
});

test("a link of another relaxed kind says that its bits cannot be had, and what can", async () => {
  await visit({ hash: "#recipe=gan&seed=7" }, async ({ page, server }) => {
    await ready(page);
    const { build } = await root(page);
    const other = build === "relaxed-fused" ? "relaxed-plain" : "relaxed-fused";
    await page.goto(`${server.url}?lang=en#recipe=gan&seed=7&build=${other}`);
    await page.reload();
    await ready(page);
    const notice = page.locator("#other-build");
    await notice.getByText(`${other}. This browser runs ${build} and cannot repeat those bits`).waitFor();
    assert.ok(await notice.getByRole("button", { name: "Use simd128" }).isVisible());
    // Another seed is another run: the link's promise is over.
    await page.getByRole("textbox", { name: "Seed" }).fill("8");
    await page.getByRole("textbox", { name: "Seed" }).press("Enter");
    await notice.waitFor({ state: "hidden" });
    assert.ok(!page.url().includes("build="));
  });
  await visit(
    { query: "?lang=en&build=simd128", hash: "#recipe=gan&seed=7&build=relaxed-fused" },
    async ({ page }) => {
      await ready(page);
      await button(page, "Use the browser's own build").waitFor();
      await page.locator("#other-build").getByRole("button", { name: "Dismiss" }).click();
      await page.locator("#other-build").waitFor({ state: "hidden" });
    },
  );
});

test("where the browser does not let copy, the code of the frame is there to be copied by hand", async () => {
  await visit({ hash: "#recipe=gan&seed=7" }, async ({ page }) => {
    await ready(page);
    await page.evaluate(() =>
      Object.defineProperty(navigator, "clipboard", {
        value: { writeText: () => Promise.reject(new Error()) },
      }),
    );
    await page.locator("#taking > summary").click();
    await button(page, "Copy embed code").click();
    const code = page.getByRole("textbox", { name: "Embed code" });
    assert.match(
      await code.inputValue(),
      /^<iframe src="http.*embed=1#recipe=gan&amp;seed=7&amp;build=.*<\/iframe>$/,
    );
  });
});

for (const width of [480, 320]) {
  test(`in a frame ${width} pixels wide the grid, Train and the sliders are all there is, and they work`, async () => {
    await visit({ hash: "#recipe=gan&seed=7&batch=16", context }, async ({ page, server }) => {
      await ready(page);
      await page.locator("#taking > summary").click();
      const code = (await copied(page, "Copy embed code")).replace('width="480"', `width="${width}"`);
      await page.route("**/frame.html", (route) =>
        route.fulfill({ contentType: "text/html", body: `<!doctype html><title>Mine</title>${code}` }),
      );
      await page.goto(`${server.url}frame.html`);
      const frame = page.frameLocator("iframe[title=GANvas]");
      const html = frame.locator("html");
      const data = () => html.evaluate((element) => ({ ...element.dataset }));
      await eventually(
        async () => (await data()).phase === "ready" && (await data()).whole === "true",
        async () => `the frame to be ready: ${JSON.stringify(await data())}`,
      );
      const seen = await html.evaluate((element) =>
        [...element.querySelectorAll("h1, h2, h3, button, input, canvas, select, textarea, a, summary")]
          .filter((one) => one.checkVisibility() && one.getBoundingClientRect().width > 1)
          .map((one) => one.getAttribute("aria-label") ?? one.textContent?.trim() ?? ""),
      );
      const wanted =
        /^(Generated|Grid of 64|Train|Step|Reset|Latent( \d+)?$|The digit that|Randomise|Zero|All \d+)/;
      assert.deepEqual(
        seen.filter((name) => !wanted.test(name)),
        [],
      );
      assert.ok(seen.filter((name) => /^Latent \d/.test(name)).length >= 8);
      assert.equal(await html.evaluate(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth), false);
      const before = await frame.locator("canvas[data-view=latent]").evaluate(drawn);
      await frame.getByRole("button", { name: "Train", exact: true }).click();
      await eventually(
        async () => Number((await data()).step) > 2,
        async () => "steps in the frame",
      );
      await frame.getByRole("button", { name: "Pause", exact: true }).click();
      await frame.getByRole("slider", { name: "Latent 1", exact: true }).fill("2");
      await eventually(
        async () => (await frame.locator("canvas[data-view=latent]").evaluate(drawn)) !== before,
        async () => "another digit",
      );
    });
  });
}

/** @param {Element} canvas */
const drawn = (canvas) => /** @type {HTMLCanvasElement} */ (canvas).toDataURL();
