// Pictures as people have them: any format, any polarity, photographs, sheets, folders with other things in them; and browsers that scramble.
import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { test } from "node:test";
import { zip } from "../../../www/taking-zip.js";
import { gifEnd, gifFrame, gifHead, GREYS } from "../../../www/taking-gif.js";
import { AVIF } from "./avif.js";
import { png, stroke } from "./png.js";
import { button, eventually, root, until, visit } from "./site.js";
import { drop, open, untilPanel } from "./sketch.js";

/** @typedef {import("playwright-core").Page} Page */

/** Chooses a folder by its button. @param {Page} page @param {string} folder */
async function choose(page, folder) {
  const chooser = page.waitForEvent("filechooser");
  await button(page, "Folder…").click();
  await (await chooser).setFiles(folder);
}

/** A folder of these files, for as long as `act` takes. @param {Record<string, string | Uint8Array>} files @param {(folder: string) => Promise<void>} act */
async function inFolder(files, act) {
  const folder = mkdtempSync(join(tmpdir(), "ganvas-"));
  try {
    for (const [name, bytes] of Object.entries(files)) {
      mkdirSync(dirname(join(folder, name)), { recursive: true });
      writeFileSync(join(folder, name), bytes);
    }
    await act(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** What is said of the sets that were taken. @param {Page} page */
const said = (page) => page.locator(".own-set").innerText();

/** The first digit of the sets, 784 greys. @param {Page} page @returns {Promise<number[]>} */
const firstDigit = (page) =>
  page.locator('canvas[data-view="images"]').evaluate((canvas) => {
    const context = /** @type {HTMLCanvasElement} */ (canvas).getContext("2d");
    const { data } = context?.getImageData(0, 0, 28, 28) ?? { data: [] };
    return Array.from({ length: 784 }, (_, i) => data[4 * i]);
  });

/** A light stroke on dark. @param {number} side */
const light = (side) =>
  png(side, (x, y) => (Math.abs(x - side / 2) < side / 14 && y > side / 5 && y < (4 * side) / 5 ? 250 : 0));

/** A one with two frames: a digit first, nothing then. */
function gif() {
  const frame = (/** @type {number} */ ink) =>
    Uint8Array.from({ length: 40 * 40 }, (_, i) =>
      Math.abs((i % 40) - 20) < 3 && i > 320 && i < 1280 ? ink : 0,
    );
  const frames = [GREYS - 1, 0].map((ink) => gifFrame(40, 40, frame(ink), 20));
  return Buffer.concat([gifHead(40, 40), ...frames, gifEnd()]);
}

test("a folder as people have them: each picture light on dark, classes by name, all else counted or named", async () => {
  /** @type {Record<string, string | Uint8Array>} */
  const files = {};
  for (let i = 0; i < 70; i += 1) files[`annotations/${i}.xml`] = "<annotation><object/></annotation>\n";
  for (const [i, name] of ["zero", "01", "digit_2", "[3]", "4 copy", "Class 5"].entries())
    files[`images/${name}/${i}.png`] = i % 2 ? stroke(28, 3) : light(28);
  files["images/zero/._0.png"] = "\0\x05\x16\x07\0\x02\0\0Mac OS X";
  files["images/zero/0.txt"] = "0 0.5 0.5 1 1";
  files["images/zero/empty.png"] = "";
  files["images/zero/cut.png"] = stroke(28, 3).subarray(0, 60);
  files["images/IMG_1.HEIC"] = "\0\0\0\x24ftypheic\0\0\0\0mif1MiHEheic".padEnd(200);
  await inFolder(files, (folder) =>
    visit({ hash: "#seed=7" }, async ({ page }) => {
      await open(page);
      await choose(page, folder);
      await untilPanel(page, (data) => data.images === "6");
      const text = await said(page);
      assert.match(text, /6 pictures\. All have a class by their folder's name \(6 in all\)/);
      assert.match(text, /Dark ink on light in 3 of them/);
      assert.match(text, /3 files could not be read as pictures: /);
      for (const name of [
        /\bcut\.png[,.]/,
        /empty\.png \(empty\)/,
        /IMG_1\.HEIC \(HEIC, which this browser does not decode/,
      ])
        assert.match(text, name);
      assert.match(text, /Other files beside them, passed over: 7[12]\./);
      const digit = await firstDigit(page);
      assert.ok(digit[0] < 10 && digit[14 * 28 + 14] > 200, "light on dark");
    }),
  );
});

test("a zip of pictures in class folders is its pictures, each with the class of its folder", async () => {
  const files = Array.from({ length: 12 }, (_, i) => ({
    name: `mine/${i % 4}/${i}.png`,
    bytes: new Uint8Array(i % 2 ? stroke(28, 3) : light(28)),
  }));
  files.push({ name: "mine/readme.txt", bytes: new TextEncoder().encode("Twelve digits.") });
  const archive = Buffer.concat(zip(files, new Date()));
  await visit({ hash: "#seed=7" }, async ({ page }) => {
    await open(page);
    await drop(page, { name: "mine.zip", type: "application/zip", base64: archive.toString("base64") });
    await untilPanel(page, (data) => data.images === "12");
    const text = await said(page);
    assert.match(text, /12 pictures\. All have a class by their folder's name \(4 in all\)/);
    assert.match(text, /Dark ink on light in 6 of them/);
    assert.match(text, /Other files beside them, passed over: 1\./);
    const digit = await firstDigit(page);
    assert.ok(digit[0] < 10 && digit[14 * 28 + 14] > 200, "light on dark");
  });
});

test("GIF, AVIF and SVG come by drop as by button, of an animation the first frame", async () => {
  await visit({ hash: "#seed=7" }, async ({ page }) => {
    await open(page);
    await drop(page, { name: "count.gif", type: "image/gif", base64: gif().toString("base64") });
    await untilPanel(page, (data) => data.images === "1");
    const digit = await firstDigit(page);
    assert.ok(digit[0] === 0 && digit.some((value) => value > 200), "the first frame has the digit");
    await drop(page, { name: "five.avif", type: "image/avif", base64: AVIF });
    await untilPanel(page, (data) => data.images === "2");
    const svg =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 28 28"><path d="M6 5h16l-9 19" stroke="#000" stroke-width="3" fill="none"/></svg>';
    await drop(page, { name: "seven.svg", type: "image/svg+xml", text: svg });
    await untilPanel(page, (data) => data.images === "3");
    await drop(page, { name: "nothing.png", type: "image/png", text: "" });
    await page.locator(".note p", { hasText: /“nothing\.png” is empty/ }).waitFor();
  });
});

test("a photographed digit on uneven paper is cropped, levelled and centred", async () => {
  const [wide, high] = [450, 600];
  const line = (/** @type {number} */ x, /** @type {number} */ y) =>
    Math.abs(x - 150) < 3 && y > 120 && y < 300;
  const photo = png(wide, (x, y) => (line(x, y) ? 45 : 120 + (70 * y) / high + ((7 * x + 13 * y) % 5)), high);
  await visit({ hash: "#seed=7" }, async ({ page }) => {
    await open(page);
    await drop(page, { name: "IMG_0001.png", type: "image/png", base64: photo.toString("base64") });
    await untilPanel(page, (data) => data.images === "1");
    const rows = (await firstDigit(page)).reduce(
      (rows, value, i) => (value > 127 ? rows.add(Math.floor(i / 28)) : rows),
      new Set(),
    );
    assert.ok(rows.size >= 18 && rows.size <= 21, `${rows.size} rows high`);
    assert.ok([...rows].every((row) => row > 2 && row < 26));
  });
});

test("a sprite of digits is cut into all of them, and a picture too large to decode is named by its size", async () => {
  const sprite = png(784, (x) => (x % 28 > 12 && x % 28 < 16 && x > 140 && x < 640 ? 255 : 0), 6000);
  const huge = Buffer.from(stroke(28, 3));
  huge.writeUInt32BE(12_000, 16);
  huge.writeUInt32BE(9_000, 20);
  await visit({ hash: "#seed=7" }, async ({ page }) => {
    await open(page);
    await drop(page, { name: "sprite.png", type: "image/png", base64: sprite.toString("base64") });
    await untilPanel(page, (data) => data.images === "6000");
    assert.match(await said(page), /Sheets of digits, cut into single ones: 1\./);
    await drop(page, { name: "phone.png", type: "image/png", base64: huge.toString("base64") });
    const named = /phone\.png \(12,000 × 9,000 pixels; at most 64 million are decoded/;
    await page.locator(".note p", { hasText: named }).waitFor();
  });
});

for (const [what, films] of /** @type {const} */ ([
  ["by another way where there is one", true],
  ["or not at all, and says so", false],
])) {
  test(`where the browser scrambles what a canvas gives back, pictures are read ${what}`, async () => {
    await visit({ hash: "#seed=7" }, async ({ page }) => {
      await open(page);
      await page.evaluate((films) => {
        const honest = CanvasRenderingContext2D.prototype.getImageData;
        CanvasRenderingContext2D.prototype.getImageData = function (/** @type {any[]} */ ...place) {
          const image = honest.apply(this, /** @type {any} */ (place));
          // The test itself looks at a canvas of 28 rows.
          if (this.canvas.dataset.view !== "images")
            for (let i = 0; i < image.data.length; i += 1) image.data[i] = (i * 2654435761) >>> 24;
          return image;
        };
        if (!films) Reflect.deleteProperty(window, "VideoFrame");
      }, films);
      const base64 = light(28).toString("base64");
      await drop(page, { name: "a.png", type: "image/png", base64 });
      if (films) {
        await untilPanel(page, (data) => data.images === "1");
        const digit = await firstDigit(page);
        assert.ok(digit[0] < 10 && digit[14 * 28 + 14] > 240);
      } else {
        await page.locator(".note p", { hasText: /scrambles the pixels/ }).waitFor();
        await untilPanel(page, (data) => data.images === "0" && data.taking === "");
      }
    });
  });
}

test("a link with escaped ampersands and unknown settings begins its run and names them; too long ones do no harm", async () => {
  await visit({ hash: "#recipe=gan&amp;seed=7&amp;batch=16&amp;nonsense=3&amp;more=4" }, async ({ page }) => {
    const data = await until(page, (data) => data.whole === "true" && data.phase === "ready");
    assert.equal(data.recipe, "gan");
    await page.locator(".note p", { hasText: /nonsense, more/ }).waitFor();
    assert.match(page.url(), /#recipe=gan&seed=7&batch=16$/);
    for (const hash of [
      `seed=${"9".repeat(400)}`,
      `recipe=gan&${"k=1&x".repeat(800)}`,
      `recipe=${"g".repeat(4000)}`,
    ]) {
      await page.evaluate((hash) => (location.hash = hash), hash);
      await eventually(
        async () => (await page.locator(".note.error").count()) > 0,
        async () => `a word on ${hash.slice(0, 20)}`,
      );
    }
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) > 0);
    assert.equal((await root(page)).recipe, "gan");
  });
});
