// The main job: press Train, and it learns; Pause, Step and Reset do what they say.
import assert from "node:assert/strict";
import { test } from "node:test";
import {
  DRAWN,
  SITE,
  button,
  noMnist,
  pixels,
  ready,
  repainted,
  root,
  stepTo,
  until,
  visit,
} from "./site.js";

/** From the click on Train to the first step, in milliseconds, as the page's own clock saw it. @param {import("playwright-core").Page} page */
async function firstStepAfterClick(page) {
  await page.evaluate(() => {
    const html = document.documentElement;
    addEventListener("click", () => (html.dataset.testClicked = `${performance.now()}`), {
      capture: true,
      once: true,
    });
    const watch = new MutationObserver(() => {
      if (Number(html.dataset.step) < 1) return;
      html.dataset.testStepped = `${performance.now()}`;
      watch.disconnect();
    });
    watch.observe(html, { attributeFilter: ["data-step"] });
  });
  await button(page, "Train").click();
  const data = await until(page, (data) => data.testStepped !== undefined);
  return Number(data.testStepped) - Number(data.testClicked);
}

/** @param {string | undefined} losses */
function assertFinite(losses) {
  const numbers = (losses ?? "").split(",").map((text) => (text.trim() === "" ? NaN : Number(text)));
  assert.equal(numbers.length, 3, `losses are ${losses}`);
  assert.ok(numbers.every(Number.isFinite), `losses are ${losses}`);
}

/** @param {import("./site.js").Visit} visit */
async function trainsPausesAndResumes({ page }) {
  await ready(page);
  const before = await pixels(page, "samples");
  const took = await firstStepAfterClick(page);
  assert.ok(took < 3000, `the first step came after ${took} ms`);
  await repainted(page, "samples", before);
  const trained = await until(page, (data) => Number(data.step) >= 50);
  assert.equal(trained.phase, "training");
  assertFinite(trained.losses);

  await button(page, "Pause").click();
  const paused = await until(page, (data) => data.phase === "paused" && data.digest);
  await page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 300))));
  const later = await root(page);
  assert.deepEqual([later.step, later.digest], [paused.step, paused.digest], "it trained while paused");
  await button(page, "Train").click();
  const resumed = await until(page, (data) => Number(data.step) > Number(paused.step));
  assertFinite(resumed.losses);
}

test("it trains on MNIST, pauses and resumes", { skip: noMnist }, async () => {
  await visit({ site: SITE }, async (visit) => {
    await trainsPausesAndResumes(visit);
    const data = await until(visit.page, (data) => Number(data.images) === 60000);
    assert.equal(data.source, "mnist");
    assert.equal(data.recipe, "dcgan");
    assert.match(data.build ?? "", /^relaxed-(fused|plain)$/);
  });
});

test("?build=simd128 trains in the other build, every recipe in each", async () => {
  for (const [query, build] of /** @type {const} */ ([
    ["", /^relaxed-/],
    ["&build=simd128", /^simd128$/],
  ])) {
    /** @type {string[]} */
    let recipes = [];
    await visit({ query: `?lang=en${query}` }, async ({ page }) => {
      await ready(page);
      const menu = page.getByRole("combobox", { name: "GAN", exact: true }).getByRole("option");
      recipes = await menu.evaluateAll((all) => all.map((option) => option.getAttribute("value") ?? ""));
      assert.ok(recipes.length > 1 && recipes.every((recipe) => recipe));
    });
    for (const recipe of recipes) {
      await visit({ query: `?lang=en${query}`, hash: `#seed=7&recipe=${recipe}` }, async ({ page }) => {
        await ready(page);
        assertFinite((await stepTo(page, 3)).losses);
        const data = await root(page);
        assert.match(data.build ?? "", build);
        assert.equal(data.recipe, recipe);
      });
    }
  }
});

test("without MNIST it trains on drawn digits, and says so and how to get MNIST", async () => {
  await visit({ site: DRAWN }, async (visit) => {
    await trainsPausesAndResumes(visit);
    assert.equal((await root(visit.page)).source, "drawn");
    assert.match(await visit.page.getByRole("main").innerText(), /not MNIST/);
    assert.match(await visit.page.getByRole("main").innerText(), /MNIST_DIR|cargo ganvas fetch/);
    assert.ok(
      !visit.server.asked.some((path) => path.endsWith(".gz")),
      "it probed for files that are not there",
    );
  });
});

test("Reset with the same seed gives the same digest after the same steps", async () => {
  await visit({ hash: "#seed=12345" }, async ({ page }) => {
    await ready(page);
    const first = await stepTo(page, 3);
    const further = await stepTo(page, 4);
    assert.notEqual(further.digest, first.digest);
    await button(page, "Reset").click();
    await until(page, (data) => data.phase === "ready" && Number(data.step) === 0);
    assert.equal((await stepTo(page, 3)).digest, first.digest);
  });
});

test("another seed is another run; the same address is the same run", async () => {
  /** @type {(string | undefined)[]} */
  const digests = [];
  for (const seed of [7, 7, 8]) {
    await visit({ hash: `#seed=${seed}&batch=16` }, async ({ page }) => {
      await ready(page);
      digests.push((await stepTo(page, 2)).digest);
    });
  }
  assert.equal(digests[0], digests[1]);
  assert.notEqual(digests[0], digests[2]);
});

test(
  "a connection that breaks amid the images is taken up again and loses nothing",
  { skip: noMnist },
  async () => {
    const cut = { path: "train-images-idx3-ubyte.gz", after: 3_000_000 };
    /** @type {(string | undefined)[]} */
    const digests = [];
    for (const broken of [undefined, cut]) {
      // The browser logs the broken answer itself.
      await visit(
        { site: SITE, cut: broken, loud: broken !== undefined, hash: "#seed=3" },
        async ({ page, server }) => {
          const data = await until(page, (data) => Number(data.images) === 60000);
          assert.equal(data.source, "mnist");
          assert.equal(server.wasCut(), broken !== undefined);
          digests.push((await stepTo(page, 2)).digest);
        },
      );
    }
    assert.equal(digests[0], digests[1]);
  },
);

test("knobs of the form that is not chosen are not shown", async () => {
  await visit({ hash: "#recipe=lsgan&net=mlp" }, async ({ page }) => {
    await ready(page);
    await page.locator("details", { hasText: "Networks" }).locator("summary").click();
    const row = (/** @type {string} */ key) => page.locator(`#why-${key}`);
    assert.ok((await row("g_hidden").isVisible()) && (await row("g_channels").isHidden()));
    await page
      .locator("fieldset", { has: page.locator("#why-net") })
      .locator("label", { hasText: "Convolutional" })
      .click();
    await row("g_channels").waitFor({ state: "visible" });
    assert.ok(await row("g_hidden").isHidden());
  });
});
