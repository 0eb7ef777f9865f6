// A first visit over a slow line: the page shows that bytes come, and of how many.
import assert from "node:assert/strict";
import { statSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { serve } from "./serving.js";
import { DRAWN, PATIENCE, browser, ready, root, visit } from "./site.js";

/** Bytes of a built file. @param {string} file */
const size = (file) => statSync(join(DRAWN, file)).size;

test("a slow first visit shows how far it has come, and of how much", async () => {
  const server = await serve(DRAWN, { slow: 250_000 });
  const context = await (await browser()).newContext({ serviceWorkers: "block" });
  try {
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    await page.addInitScript(() => {
      const seen = /** @type {any} */ (window);
      /** @type {string[]} */
      const said = [];
      seen.said = said;
      new MutationObserver(() => {
        const text = document.getElementById("status-text")?.textContent ?? "";
        if (text !== said.at(-1)) said.push(text);
      }).observe(document, { childList: true, characterData: true, subtree: true });
    });
    await page.goto(`${server.url}?lang=en`);
    await ready(page);
    const { build } = await root(page);
    const [said, meta] = await page.evaluate(() => [
      /** @type {string[]} */ (/** @type {any} */ (window).said),
      document.querySelector('meta[name="bytes"]')?.getAttribute("content") ?? "",
    ]);
    const sizes = new URLSearchParams(meta);
    const folder = `wasm/${`${build}`.split("-")[0]}`;
    const [module, engine] = [size(`${folder}/ganvas_web.js`), size(`${folder}/ganvas_web_bg.wasm`)];
    assert.equal(sizes.get(`${folder.slice(5)}.js`), `${module}`);
    assert.equal(sizes.get(`${folder.slice(5)}.wasm`), `${engine}`);
    const total = Math.round((Number(sizes.get("page")) + module + engine) / 1000);

    /** @param {RegExp} pattern */
    const counts = (pattern) =>
      said.flatMap((text) => {
        const [, received, of] = pattern.exec(text) ?? [];
        return received ? [[received, of].map((number) => Number(number.replaceAll(",", "")))] : [];
      });
    const early = counts(/^Starting… (\d+) \/ (\d+) kB$/);
    const late = counts(/^Starting the training engine: ([\d,]+) of ([\d,]+) kB\.$/);
    const story = said.join(" | ");
    assert.ok(early.length > 3, `scripts are counted: ${story}`);
    assert.ok(late.length > 5, `the engine is counted: ${story}`);
    for (const list of [early, late]) {
      assert.deepEqual(
        list.map(([received]) => received),
        list.map(([received]) => received).sort((a, b) => a - b),
        "it only grows",
      );
      assert.ok(
        list.every(([received, of]) => received <= of),
        story,
      );
    }
    assert.ok(late.every(([, of]) => of === total));
    assert.ok(Math.abs(early[0][1] - total) <= 0.05 * total, `nearly the same total: ${early[0]}, ${total}`);
    assert.ok(late[0][0] < total - 0.5 * (engine / 1000), "from early on");
    assert.ok(late[late.length - 1][0] > total - 0.1 * (engine / 1000), "to nearly the end");
  } finally {
    await context.close();
    await server.close();
  }
});

test("the count of scripts is that of the files that are asked for", async () => {
  await visit({}, async ({ page, server }) => {
    await ready(page);
    const meta = await page.locator('meta[name="bytes"]').getAttribute("content");
    const under = new URL(server.url).pathname;
    const scripts = new Set(server.asked.filter((path) => path.endsWith(".js") && !path.includes("/wasm/")));
    const first = [...scripts].map((path) => path.slice(under.length));
    const all = first.reduce((sum, file) => sum + size(file), 0);
    const page0 = Number(new URLSearchParams(meta ?? "").get("page"));
    // Parts below the first screen come on top.
    assert.ok(page0 > 0.3 * all && page0 <= all, `${page0} of ${all}`);
  });
});
