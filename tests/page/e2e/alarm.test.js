// Alarms: a run that collapses says so, with the evidence, and each remedy does what its button says.
import assert from "node:assert/strict";
import { test } from "node:test";
import { button, dataOf, eventually, ready, root, until, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** With this seed, D is far ahead at once: G is pulled nowhere, and makes one and the same picture. */
const D_WINS = "#recipe=gan&seed=1&data=drawn&loss=minimax&d_rate=0.01&g_rate=0.0001";
/** Rates ten times too high for small nets: kinds of digits go missing soon after there are any. */
const COLLAPSING =
  "#recipe=gan&seed=1&data=drawn&g_hidden=32&d_hidden=32&batch=16&g_rate=0.02&d_rate=0.02&ema=0";

/** @param {Page} page @param {string} alarm */
const rings = (page, alarm) => until(page, (data) => data.alarms?.split(" ").includes(alarm));

/** @param {Page} page @param {string} alarm */
async function trainUntil(page, alarm) {
  await ready(page);
  await button(page, "Train").click();
  await rings(page, alarm);
}

/** Whether the address leaves out all of these settings: they are the usual ones. @param {Page} page @param {string[]} gone */
function usual(page, gone) {
  const params = new URLSearchParams(new URL(page.url()).hash.slice(1));
  return gone.every((key) => !params.has(key));
}

test("mode collapse is told in words, of digits that can be read", async () => {
  await visit({ hash: COLLAPSING }, async ({ page }) => {
    await trainUntil(page, "mode-collapse");
    const sentence =
      /^Mode collapse: ((of|among) the last \d+ digits that can be read|the last 512 pictures)/;
    await eventually(
      async () => sentence.test(await page.locator("#status-text").innerText()),
      () => page.locator("#status-text").innerText(),
    );
    assert.match(await page.locator("#status").innerText(), /nothing in its loss asks for variety/);
  });
});

test("a D that wins is told in words and read aloud, before what comes of it; it folds to one line", async () => {
  await visit({ hash: D_WINS }, async ({ page }) => {
    await trainUntil(page, "d-wins");
    const sentence = /^D wins: it is right on (99|100)/;
    await eventually(
      async () => sentence.test(await page.locator("#status-text").innerText()),
      () => page.locator("#status-text").innerText(),
    );
    assert.match(await page.locator("#status").innerText(), /Where D is certain/);
    await eventually(
      async () => /D wins/.test(await page.locator("#announce").innerText()),
      () => page.locator("#announce").innerText(),
    );

    await button(page, "Hide").click();
    assert.equal(await page.locator("#status-text").innerText(), "D wins");
    assert.equal(await page.locator("#cures").isVisible(), false);
    await button(page, "Show").click();
    const cures = await page.locator("#cures button").allInnerTexts();
    assert.match(cures[0], /^Go back to step [\d,]+ with this GAN's usual rates and loss$/);
    assert.deepEqual(cures.slice(1), ["Start again with this GAN's usual settings (new run)"]);
    assert.equal((await root(page)).phase, "training", "telling of it stops nothing");
  });
});

test("a remedy goes back to before D won with the usual rates and loss, and the alarm is over", async () => {
  await visit({ hash: D_WINS }, async ({ page }) => {
    await trainUntil(page, "d-wins");
    const remedy = page.getByRole("button", { name: /^Go back to step [\d,]+ with this GAN's usual/ });
    const step = Number((await remedy.innerText()).replace(/\D/g, ""));
    await remedy.click();
    await eventually(
      async () => (await page.locator("#timeline").getAttribute("data-branch")) === "1",
      async () => "a branch",
    );
    await eventually(
      async () => usual(page, ["loss", "d_rate", "g_rate"]),
      async () => `the usual rates and loss in ${page.url()}`,
    );
    const going = await until(page, (data) => data.phase === "training" && Number(data.step) > step + 300);
    assert.equal(going.alarms, "");
  });
});

test("a remedy that begins a new run takes the usual settings and the same seed", async () => {
  await visit({ hash: D_WINS }, async ({ page }) => {
    await trainUntil(page, "d-wins");
    await button(page, "Start again with this GAN's usual settings (new run)").click();
    await eventually(
      async () => usual(page, ["loss", "d_rate", "g_rate"]) && page.url().includes("seed=1"),
      async () => `the usual settings in ${page.url()}`,
    );
    // Until the new run stands, the old one trains and the setting waits.
    await page.locator("#pending").waitFor({ state: "hidden" });
    await until(page, (data) => data.phase === "training" && Number(data.step) > 0);
    assert.equal(await page.locator("#timeline").getAttribute("data-branch"), "0");
  });
});

test("a run that stopped at a number without bounds starts again with the usual settings, and trains", async () => {
  const hash = "#recipe=gan&seed=1&data=drawn&batch=16&loss=wasserstein&optimizer=sgd&d_rate=0.1&g_rate=0.1";
  await visit({ hash }, async ({ page }) => {
    await ready(page);
    await button(page, "Train").click();
    await until(page, (data) => data.phase === "fault");
    assert.match(await page.locator("#status-text").innerText(), /no finite number/);
    await button(page, "Back to step 0").waitFor();
    const [again, ...others] = await page.locator("#cures button").allInnerTexts();
    assert.deepEqual([again, others], ["Start again with this GAN's usual settings (new run)", []]);
    await button(page, again).click();
    await eventually(
      async () => usual(page, ["loss", "optimizer", "d_rate", "g_rate"]) && page.url().includes("seed=1"),
      async () => `the usual settings in ${page.url()}`,
    );
    await until(page, (data) => data.phase === "training" && Number(data.step) > 100);
  });
});

test("a run that stops getting better pauses by itself, where that was asked for", async () => {
  // Players that hardly learn.
  await visit({ hash: "#recipe=gan&seed=1&batch=8&g_rate=1e-6&d_rate=1e-6&data=drawn" }, async ({ page }) => {
    await ready(page);
    await page.getByLabel("Pause when it stops getting better").check();
    // Surveys of a run at rest are free, one a step, but say nothing new of it.
    for (let step = 1; step < 20; step += 1) {
      await button(page, "Step").click();
      await until(page, ({ surveys }) => Number(surveys) === step, "quality");
    }
    assert.equal(await page.locator("#plateau").innerText(), "");
    // Those that are 50 steps apart do; at rest they take nothing of the time that training leaves for them. Nineteen settle it.
    for (let rest = 1; rest < 17; rest += 1) {
      const [{ step }, { surveys }] = [await root(page), await dataOf(page, "quality")];
      await button(page, "Train").click();
      await until(page, (data) => Number(data.step) >= Number(step) + 50);
      await button(page, "Pause").click();
      await until(page, ({ phase, digest }) => phase === "paused" && digest);
      await until(page, (data) => Number(data.surveys) > Number(surveys), "quality");
    }
    await button(page, "Train").click();
    // It ends on the best moment, and says so.
    const note = page.locator("#notes .note", {
      hasText: /no better since step [\d,]+, and the run is back there/,
    });
    await note.waitFor();
    const best = /since step ([\d,]+)/.exec(await note.innerText())?.[1].replaceAll(",", "");
    await until(page, (data) => data.phase === "paused" && data.step === best);
    await button(page, "Train").click();
    await until(page, (data) => data.phase === "training" && Number(data.step) > Number(best));
  });
});
