// The first minutes of a visitor: what is chosen is what trains, or Train asks; what is pressed early is done; nothing red without a cause.
import assert from "node:assert/strict";
import { test } from "node:test";
import { file, images, labels } from "./idx.js";
import { SITE, button, eventually, noMnist, ready, root, stepTo, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page */
const menu = (page) => page.getByRole("combobox", { name: "GAN", exact: true });

/** Sentences of errors that the page shows. @param {Page} page */
const errors = (page) => page.locator("#notes .note.error p").allInnerTexts();

/** @param {Page} page @param {string} id */
const running = (page, id) => until(page, ({ recipe }) => recipe === id);

/** @param {Page} page @param {string} name */
const choice = (page, name) => page.locator("#choice").getByRole("button", { name, exact: true });

test("choose WGAN, press Train: WGAN trains, and its name stands beside its digits", async () => {
  await visit({ hash: "#seed=7" }, async ({ page }) => {
    await ready(page);
    assert.equal(await page.locator("#samples-by").innerText(), "DCGAN");
    await menu(page).selectOption("wgan");
    await button(page, "Train").click();
    const data = await until(page, ({ step }) => Number(step) > 0);
    assert.equal(data.recipe, "wgan");
    await page.locator("#samples-by", { hasText: /^WGAN$/ }).waitFor();
    assert.match(page.url(), /recipe=wgan&seed=7$/);
    assert.ok(await page.locator("#pending").isHidden());
  });
});

test("what is chosen while another trains waits; Train offers both by their names", async () => {
  await visit({ hash: "#seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    await button(page, "Train").click();
    await until(page, ({ step }) => Number(step) > 0);
    await menu(page).selectOption("wgan");
    assert.equal(await page.locator("#samples-by").innerText(), "DCGAN");
    await button(page, "Pause").click();
    const paused = await until(page, ({ phase, digest }) => phase === "paused" && digest);
    assert.match(page.url(), /recipe=dcgan/, "the address is that of the run that is there");
    await button(page, "Train").click();
    await page.locator("#choice-says", { hasText: `WGAN is chosen, but DCGAN is what runs.` }).waitFor();
    assert.equal((await root(page)).step, paused.step, "nothing trains unasked");
    await choice(page, "Go on with DCGAN").click();
    await until(page, ({ step }) => Number(step) > Number(paused.step));
    assert.equal((await root(page)).recipe, "dcgan");
    await button(page, "Pause").click();
    await until(page, ({ phase, digest }) => phase === "paused" && digest);
    await button(page, "Train").click();
    await choice(page, "Start WGAN").click();
    await until(
      page,
      ({ recipe, step, phase }) => recipe === "wgan" && Number(step) > 0 && phase === "training",
    );
    assert.match(page.url(), /recipe=wgan&seed=7$/);
    assert.deepEqual(await errors(page), []);
  });
});

test("another data set waits while something would be lost", { skip: noMnist }, async () => {
  await visit({ site: SITE, hash: "#seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    await until(page, ({ source, images }) => source === "mnist" && images === "60000");
    await button(page, "Train").click();
    await until(page, ({ step }) => Number(step) > 0);
    await button(page, "Drawn").click();
    await page.locator("#data-text", { hasText: "Drawn digits are chosen and wait" }).waitFor();
    assert.ok(!page.url().includes("drawn"));
    await button(page, "Pause").click();
    await until(page, ({ phase, digest }) => phase === "paused" && digest);
    await button(page, "Train").click();
    await choice(page, "Go on with DCGAN (on MNIST)").waitFor();
    await choice(page, "Start DCGAN (on drawn digits)").click();
    await until(
      page,
      ({ source, phase, step }) => source === "drawn" && phase === "training" && Number(step) > 0,
    );
    assert.match(page.url(), /data=drawn/);
    await button(page, "Reset").click();
    await until(page, ({ phase, step }) => phase === "ready" && step === "0");
    // At step 0 it is taken at once.
    await button(page, "MNIST").click();
    await until(page, ({ source }) => source === "mnist");
    assert.ok(await page.locator("#pending").isHidden());
  });
});

test("a knob that shapes the nets and a seed wait the same way, and Escape leaves all as it is", async () => {
  await visit({ hash: "#recipe=gan&seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    await button(page, "Train").click();
    await until(page, ({ step }) => Number(step) > 0);
    await page.getByRole("textbox", { name: "Seed" }).fill("8");
    await page.getByRole("textbox", { name: "Seed" }).press("Enter");
    await page.locator("details", { hasText: "Networks" }).first().locator("summary").click();
    const latent = page.getByRole("textbox", { name: "Latent numbers: exact value" });
    await latent.fill("32");
    await latent.press("Enter");
    await button(page, "Pause").click();
    const { step } = await until(page, ({ phase, digest }) => phase === "paused" && digest);
    await button(page, "Train").click();
    await choice(page, "Go on with GAN (Latent numbers: 100, seed 7)").waitFor();
    await page.keyboard.press("Escape");
    await page.locator("#choice").waitFor({ state: "hidden" });
    assert.equal((await root(page)).step, step);
    await button(page, "Step").click();
    await choice(page, "Start GAN (Latent numbers: 32, seed 8)").click();
    await eventually(
      async () => /seed=8.*latent=32|latent=32.*seed=8/.test(page.url()),
      async () => page.url(),
    );
    await until(page, (data) => data.step === "1" && data.digest);
  });
});

test("a refused seed leaves the field and the address, and its error goes with a right one", async () => {
  await visit({ hash: "#recipe=gan&seed=5" }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 1);
    const seed = page.getByRole("textbox", { name: "Seed" });
    await seed.fill("banana");
    await seed.press("Enter");
    await page.locator("#notes .note.error", { hasText: "banana" }).waitFor();
    assert.ok(!page.url().includes("banana"), page.url());
    assert.match(page.url(), /seed=5/);
    await eventually(
      async () => (await seed.inputValue()) === "5",
      async () => `the run's seed: ${await seed.inputValue()}`,
    );
    await seed.fill("6");
    await seed.press("Enter");
    await page.locator("#notes .note.error").waitFor({ state: "detached" });
    await eventually(
      async () => page.url().includes("seed=6"),
      async () => `seed 6: ${page.url()}`,
    );
  });
});

test("other digits begin with the GAN that is chosen", async () => {
  await visit({ hash: "#seed=5&batch=16" }, async ({ page }) => {
    await ready(page);
    await button(page, "Train").click();
    await until(page, ({ step }) => Number(step) > 0);
    await menu(page).selectOption("cgan");
    await page
      .locator("#files")
      .setInputFiles([file("x-idx3-ubyte", images(2500)), file("y-idx1-ubyte", labels(2500))]);
    const data = await until(page, ({ source, recipe }) => source === "files" && recipe === "cgan");
    assert.equal(data.recipe, "cgan");
    await until(page, ({ step, phase }) => phase === "training" && Number(step) > 0);
    assert.deepEqual(await errors(page), []);
  });
});

test("going from GAN to GAN while it trains, and through the lesson's runs, says nothing red", async () => {
  await visit({ hash: "#seed=7" }, async ({ page }) => {
    await ready(page);
    await button(page, "Train").click();
    await until(page, ({ step }) => Number(step) > 0);
    for (const id of ["gan", "cyclegan", "cgan", "wgan", "cyclegan", "dcgan"]) {
      await menu(page).selectOption(id);
      // The digit of the sliders is asked for up to the last moment.
      const slider = page.getByRole("slider", { name: "Latent 1", exact: true });
      if (await slider.isVisible()) await slider.fill("1.5");
      await page.locator("#new-run").click();
      await running(page, id);
      await until(page, ({ step, phase }) => phase === "training" && Number(step) > 0);
      assert.deepEqual(await errors(page), [], id);
    }
    await button(page, "Lesson").click();
    const runs = page.locator("#lesson-text button[data-try]");
    await runs.first().waitFor();
    for (let i = 0; i < (await runs.count()); i += 1) {
      await runs.nth(i).evaluate((one) => /** @type {HTMLElement} */ (one).click());
      await until(page, ({ step, phase }) => phase === "training" && Number(step) > 0);
      assert.deepEqual(await errors(page), [], `button ${i}`);
    }
  });
});

/** Visits while the lower modules are still on their way, and lets them come when told. @param {(page: Page, come: () => void) => Promise<void>} act */
async function early(act) {
  await visit({ hash: "" }, async ({ page, url }) => {
    /** @type {() => void} */
    let come = () => {};
    const coming = new Promise((done) => (come = () => done(null)));
    await page.route("**/below.js", async (route) => {
      await coming;
      await route.continue();
    });
    await page.goto("about:blank");
    await page.goto(`${url}#recipe=gan&seed=7&batch=16`);
    await until(page, ({ phase }) => phase === "ready" || phase === "paused");
    await act(page, come);
  });
}

test("the Lesson pressed before it is there opens once it is", async () => {
  await early(async (page, come) => {
    await button(page, "Lesson").click();
    come();
    await ready(page);
    await page.locator("#lesson-text h3").first().waitFor();
    await eventually(
      async () =>
        page.locator("#lesson").evaluate((lesson) => lesson.getBoundingClientRect().top < innerHeight / 2),
      async () => "the lesson in view",
    );
  });
});

test("a run opened before the part that opens it is opened once that is there", async () => {
  /** @type {Buffer | null} */
  let saved = null;
  await visit({ hash: "#recipe=gan&seed=3&batch=16" }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 2);
    await page.locator("#taking > summary").click();
    const [download] = await Promise.all([page.waitForEvent("download"), button(page, "Whole run").click()]);
    const parts = [];
    for await (const part of await download.createReadStream()) parts.push(part);
    saved = Buffer.concat(parts);
  });
  await early(async (page, come) => {
    await page
      .locator("#files")
      .setInputFiles([{ name: "run.safetensors", mimeType: "", buffer: /** @type {Buffer} */ (saved) }]);
    await page.locator("#notes .note", { hasText: "still on its way" }).waitFor();
    assert.deepEqual(await errors(page), []);
    come();
    await ready(page);
    const data = await until(page, ({ step }) => step === "2");
    assert.equal(data.recipe, "gan");
    assert.deepEqual(await errors(page), []);
  });
});

test("a digit clicked early is looked into once D can be asked", async () => {
  await early(async (page, come) => {
    await page.locator("[data-grid=real]").click({ position: { x: 60, y: 60 } });
    come();
    await ready(page);
    await page.locator("#inspect").waitFor();
  });
});

for (const [what, script] of /** @type {const} */ ([
  ["the page's own script", "**/main.js"],
  ["the worker", "**/worker.js"],
])) {
  test(`Step pressed before ${what} is there is one step, and Train trains`, async () => {
    await visit({ hash: "" }, async ({ page, url }) => {
      for (const press of ["Step", "Train"]) {
        /** @type {() => void} */
        let come = () => {};
        const coming = new Promise((done) => (come = () => done(null)));
        await page.goto("about:blank");
        await page.unroute(script);
        await page.route(script, async (route) => {
          await coming;
          await route.continue();
        });
        await page.goto(`${url}&n=${press}#recipe=gan&seed=7&batch=16`, { waitUntil: "commit" });
        await button(page, press).waitFor();
        const recording = () =>
          page.evaluate(() => {
            const [early] = performance
              .getEntriesByType("resource")
              .filter(({ name }) => name.endsWith("early.js"));
            return document.readyState !== "loading" && early !== undefined;
          });
        await eventually(recording, async () => "what records presses");
        await button(page, press).click();
        come();
        if (press === "Step") await until(page, ({ step, phase }) => step === "1" && phase === "paused");
        else await until(page, ({ step, phase }) => phase === "training" && Number(step) > 1);
        assert.deepEqual(await errors(page), []);
      }
    });
  });
}

test("a copied link says where the run is no longer the one it gives", async () => {
  const context = { permissions: ["clipboard-read", "clipboard-write"] };
  await visit({ hash: "#recipe=gan&seed=7&batch=16", context }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 2);
    await button(page, "Copy link").click();
    await page.locator("#notes .note", { hasText: "same GAN, settings and seed" }).waitFor();
    await page.locator("details", { hasText: "Rates" }).first().locator("summary").click();
    const rate = page.getByRole("textbox", { name: "Learning rate D: exact value" });
    await rate.fill("0.01");
    await rate.press("Enter");
    await button(page, "Copy link").click();
    await page.locator("#notes .note", { hasText: "changed on its way, at step 2" }).waitFor();
  });
});

test("sizes that are being typed stay while the page paints", async () => {
  await visit({ hash: "#recipe=gan&seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    await page.locator("details", { hasText: "Networks" }).first().locator("summary").click();
    await button(page, "Train").click();
    await until(page, ({ step }) => Number(step) > 0);
    const field = page.getByRole("textbox", { name: "G's hidden layers" });
    await field.click();
    await field.press("End");
    await field.pressSequentially("-64", { delay: 120 });
    const { step } = await root(page);
    await until(page, (data) => Number(data.step) > Number(step));
    assert.match(await field.inputValue(), /-64$/);
    // At rest the rates stay.
    await button(page, "Pause").click();
    await until(page, ({ phase, digest }) => phase === "paused" && digest);
    assert.match(await page.locator("#numbers [data-n=rate]").innerText(), /\d/);
  });
});
