// One's own digits and pictures: added, kept, read from files and folders, trained on; and what is no picture.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { stroke } from "./png.js";
import { button, eventually, pixels, repainted, root, until, visit } from "./site.js";
import { draw, drop, open, panel, THREE, untilPanel } from "./sketch.js";

/** @typedef {import("playwright-core").Page} Page */

/** The one sentence of that kind on the screen. @param {Page} page @param {RegExp} pattern */
async function oneNote(page, pattern) {
  const notes = page.locator(".note p", { hasText: pattern });
  await notes.first().waitFor();
  assert.equal(await notes.count(), 1);
}

/** Chooses files or a folder by a button. @param {Page} page @param {string} name @param {Parameters<import("playwright-core").FileChooser["setFiles"]>[0]} files */
async function choose(page, name, files) {
  const chooser = page.waitForEvent("filechooser");
  await button(page, name).click();
  await (await chooser).setFiles(files);
}

test("one's own digits are added, kept over a reload, taken out, and trained on", async () => {
  await visit({ hash: "#seed=7&batch=16" }, async ({ page, url }) => {
    await open(page);
    for (let i = 0; i < 4; i += 1) {
      await draw(page, i % 2 ? THREE : THREE.slice(0, 4));
      await button(page, new RegExp(`^Add as ${i % 2 ? 3 : 7}`)).click();
      await untilPanel(page, (data) => data.own === `${i + 1}` && data.ink === "0");
    }
    await page.locator("#own-count", { hasText: /^4 digits, only in this browser$/ }).waitFor();
    await page.goto("about:blank");
    await page.goto(url);
    await open(page);
    await untilPanel(page, (data) => data.own === "4");
    await button(page, "Remove this 7").first().click();
    await untilPanel(page, (data) => data.own === "3");
    await button(page, "Train on my digits").click();
    await until(page, (data) => data.source === "files" && data.images === "3" && Number(data.step) > 0);
    await page.evaluate(() => document.getElementById("train")?.click());
    await until(page, (data) => data.phase === "paused");
    assert.match(await page.locator("#data-text").innerText(), /labels/);
  });
});

test("a folder of pictures becomes digits with classes, white on black, and is trained on", async () => {
  const folder = mkdtempSync(join(tmpdir(), "ganvas-"));
  try {
    for (const kind of [3, 7]) {
      mkdirSync(join(folder, `${kind}`));
      for (let i = 0; i < 20; i += 1)
        writeFileSync(join(folder, `${kind}`, `${i}.png`), stroke(i % 2 ? 28 : 60, i + kind));
    }
    writeFileSync(join(folder, "3", "notes.txt"), "these are not the digits you look for");
    writeFileSync(join(folder, "7", "broken.png"), stroke(28, 3).subarray(0, 60));
    await visit({ hash: "#recipe=cgan&seed=7&batch=16" }, async ({ page }) => {
      await open(page);
      await choose(page, "Folder…", folder);
      await untilPanel(page, (data) => data.images === "40");
      const said = await page.locator(".own-set").innerText();
      assert.match(said, /40 pictures\. All have a class by their folder's name \(2 in all\)/);
      assert.match(said, /black and white were swapped/);
      assert.match(said, /1 file could not be read as pictures: broken\.png\./);
      assert.match(said, /Other files beside them, passed over: 1\./);
      const swapped = await pixels(page, "images");
      await button(page, "Swap black and white").click();
      await repainted(page, "images", swapped);
      await button(page, "Swap black and white").click();
      await eventually(
        async () => (await pixels(page, "images")) === swapped,
        async () => "the pictures as they were",
      );
      await button(page, "Train on my digits").click();
      await until(page, (data) => data.source === "files" && data.images === "40" && Number(data.step) > 0);
      await page.evaluate(() => document.getElementById("train")?.click());
      await until(page, (data) => data.phase === "paused");
    });
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test("pictures of one's own without a class are no set for a GAN that is told classes", async () => {
  await visit({ hash: "#recipe=cgan&seed=7" }, async ({ page }) => {
    await open(page);
    await choose(page, "Pictures…", [{ name: "a.png", mimeType: "image/png", buffer: stroke(40, 4) }]);
    await untilPanel(page, (data) => data.images === "1");
    await button(page, "Train on my digits").click();
    await oneNote(page, /some of yours have no class/);
    assert.notEqual((await root(page)).source, "files");
  });
});

test("what is no picture, or too large a one, gives one sentence and changes nothing", async () => {
  await visit({ hash: "#seed=7" }, async ({ page }) => {
    await open(page);
    await draw(page, THREE);
    await button(page, /^Add as 3/).click();
    const before = await untilPanel(page, (data) => data.own === "1");
    const run = await root(page);
    await choose(page, "Pictures…", [
      { name: "notes.txt", mimeType: "text/plain", buffer: Buffer.from("hello") },
    ]);
    await oneNote(page, /^notes\.txt is no picture that can be read/);
    await choose(page, "Pictures…", [
      { name: "a.png", mimeType: "image/png", buffer: Buffer.from("no png") },
      { name: "b.txt", mimeType: "text/plain", buffer: Buffer.from("hello") },
    ]);
    await oneNote(page, /^None of the 2 files is a picture that can be read: a\.png, b\.txt/);
    const empty = mkdtempSync(join(tmpdir(), "ganvas-"));
    await choose(page, "Folder…", empty);
    rmSync(empty, { recursive: true });
    const base64 = stroke(28, 5).toString("base64");
    await drop(page, { name: "huge.png", type: "image/png", base64, megabytes: 4096 });
    await oneNote(page, /^huge\.png has 4,295 MB; a picture may have at most 32 MB\.$/);
    const after = await panel(page);
    assert.deepEqual([after.own, after.images], [before.own, "0"]);
    const { source, digest, step } = await root(page);
    assert.deepEqual([source, digest, step], [run.source, run.digest, run.step]);
  });
});

test("10,000 pictures dropped at once leave the page at hand, and can be cancelled", async () => {
  await visit({ hash: "#seed=7" }, async ({ page }) => {
    await open(page);
    const base64 = stroke(28, 5).toString("base64");
    await drop(page, { name: ".png", type: "image/png", base64, times: 10_000 });
    await untilPanel(page, (data) => /^[1-9]\d*\/10000$/.test(data.taking ?? ""));
    await page.locator("#sketching").getByRole("button", { name: "Cancel", exact: true }).click();
    await oneNote(page, /^Cancelled/);
    const { images, taking } = await panel(page);
    assert.deepEqual([images, taking], ["0", ""]);
    await drop(page, { name: ".png", type: "image/png", base64, times: 300 });
    await untilPanel(page, (data) => data.images === "300");
  });
});
