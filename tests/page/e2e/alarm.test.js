// Alarms: a run that collapses says so, with the evidence, and each remedy does what its button says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, eventually, ready, root, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** With this seed, D is far ahead at once: G is pulled nowhere and makes one and the same digit. */
const COLLAPSING = "#recipe=gan&seed=1&loss=minimax&d_rate=0.01&g_rate=0.0001";

/** @param {Page} page @param {string} alarm */
const rings = (page, alarm) => until(page, (data) => data.alarms?.split(" ").includes(alarm));

/** @param {Page} page */
async function collapse(page) {
  await ready(page);
  await button(page, "Train").click();
  await rings(page, "mode-collapse");
}

/** Whether the address has all of these settings. @param {Page} page @param {Record<string, string>} knobs */
function addressed(page, knobs) {
  const params = new URLSearchParams(new URL(page.url()).hash.slice(1));
  return Object.entries(knobs).every(([key, value]) => Number(params.get(key)) === Number(value));
}

test("mode collapse is told in words and read aloud; it folds to one line", async () => {
  await visit({ hash: COLLAPSING }, async ({ page }) => {
    await collapse(page);
    const status = page.locator("#status");
    const sentence = /^Mode collapse: (of|among) the last 512 digits/;
    await eventually(
      async () => sentence.test(await page.locator("#status-text").innerText()),
      () => page.locator("#status-text").innerText(),
    );
    assert.match(await status.innerText(), /nothing in its loss asks for variety/);
    await eventually(
      async () => /Mode collapse/.test(await page.locator("#announce").innerText()),
      () => page.locator("#announce").innerText(),
    );

    await button(page, "Hide").click();
    assert.equal(await page.locator("#status-text").innerText(), "Mode collapse");
    assert.equal(await page.locator("#cures").isVisible(), false);
    await button(page, "Show").click();
    const cures = await page.locator("#cures button").allInnerTexts();
    assert.deepEqual(cures.slice(1), [
      "Judge digits in pairs (new run)",
      "Blur what D sees with noise (new run)",
    ]);
    assert.equal((await root(page)).phase, "training", "telling of it stops nothing");
  });
});

test("a remedy goes back to before the collapse with both rates halved", async () => {
  await visit({ hash: COLLAPSING }, async ({ page }) => {
    await collapse(page);
    const remedy = page.getByRole("button", { name: /^Go back to step [\d,]+ and halve both rates$/ });
    const step = Number((await remedy.innerText()).replace(/\D/g, ""));
    await remedy.click();
    await eventually(
      async () => (await page.locator("#timeline").getAttribute("data-branch")) === "1",
      async () => "a branch",
    );
    await eventually(
      async () => addressed(page, { d_rate: "0.005", g_rate: "0.00005" }),
      async () => `halved rates in ${page.url()}`,
    );
    const going = await until(page, (data) => data.phase === "training" && Number(data.step) > step);
    assert.ok(Number(going.step) < step + 1000, `it went on from step ${going.step}`);
  });
});

test("a remedy that shapes the nets begins a new run with the same seed", async () => {
  await visit({ hash: COLLAPSING }, async ({ page }) => {
    await collapse(page);
    await button(page, "Judge digits in pairs (new run)").click();
    await eventually(
      async () => addressed(page, { pack: "2", seed: "1", d_rate: "0.01" }),
      async () => `pairs in ${page.url()}`,
    );
    // Until the new run stands, the old one trains and the setting waits.
    await page.locator("#pending").waitFor({ state: "hidden" });
    await until(page, (data) => data.phase === "training" && Number(data.step) > 0);
    assert.equal(await page.locator("#timeline").getAttribute("data-branch"), "0");
  });
});

test("a run that stopped at a number without bounds can go back and on, with both rates halved", async () => {
  await visit({ hash: "#recipe=wgan_gp&seed=1&optimizer=sgd&d_rate=1&g_rate=1" }, async ({ page }) => {
    await ready(page);
    await button(page, "Train").click();
    await until(page, (data) => data.phase === "fault");
    assert.match(await page.locator("#status-text").innerText(), /no finite number/);
    await button(page, "Back to step 0").waitFor();
    await page.getByRole("button", { name: /^Go back to step \d+ and halve both rates$/ }).click();
    await eventually(
      async () => (await page.locator("#timeline").getAttribute("data-branch")) === "1",
      async () => "a branch",
    );
    await eventually(
      async () => addressed(page, { d_rate: "0.5", g_rate: "0.5" }),
      async () => `halved rates in ${page.url()}`,
    );
  });
});

test("a run that stops getting better pauses by itself, where that was asked for", async () => {
  // Players that hardly learn.
  await visit({ hash: "#recipe=gan&seed=1&batch=8&g_rate=1e-6&d_rate=1e-6&data=drawn" }, async ({ page }) => {
    await ready(page);
    await page.getByLabel("Pause when it stops getting better").check();
    // Surveys of a run at rest are free, one a step; the twentieth settles it.
    for (let step = 1; step < 20; step += 1) {
      await button(page, "Step").click();
      await until(page, ({ surveys }) => Number(surveys) === step, "quality");
    }
    assert.equal(await page.locator("#plateau").innerText(), "");
    await button(page, "Train").click();
    const { step } = await until(page, (data) => data.phase === "paused" && Number(data.step) > 19);
    await page.locator("#notes", { hasText: /Paused: no better since step \d+/ }).waitFor();
    assert.match(await page.locator("#plateau").innerText(), /No better since step \d+/);
    await button(page, "Train").click();
    await until(page, (data) => data.phase === "training" && Number(data.step) > Number(step));
  });
});
