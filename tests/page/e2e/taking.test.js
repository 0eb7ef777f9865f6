// What is taken away comes back: runs bit for bit, generators digit for digit; and what cannot come back is refused with a sentence.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { HEADER } from "../../../www/taking-csv.js";
import { BufferSource, Input, WEBM } from "mediabunny";
import {
  button,
  dataOf,
  eventually,
  noted,
  pixels,
  ready,
  root,
  sideways,
  stepTo,
  until,
  visit,
} from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Opens the menu of files. @param {Page} page */
async function menu(page) {
  await page.locator("#taking > summary").click();
  await button(page, "Open a file…").waitFor();
}

/** What a button of the menu gives. @param {Page} page @param {string} name */
async function take(page, name) {
  const coming = page.waitForEvent("download");
  await button(page, name).click();
  const download = await coming;
  return { name: download.suggestedFilename(), bytes: readFileSync(await download.path()) };
}

/** @param {Page} page @param {...{ name: string, bytes: Buffer }} files */
const open = (page, ...files) =>
  page
    .locator("#files")
    .setInputFiles(files.map(({ name, bytes }) => ({ name, mimeType: "", buffer: bytes })));

/** Drops files on the page, as a hand would. @param {Page} page @param {{ name: string, bytes: Buffer }} file */
const drop = (page, { name, bytes }) =>
  page.evaluate(
    async ([name, text]) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const transfer = new DataTransfer();
      transfer.items.add(new File([bytes], name));
      for (const type of ["dragover", "drop"])
        document.body.dispatchEvent(
          new DragEvent(type, { dataTransfer: transfer, bubbles: true, cancelable: true }),
        );
    },
    [name, bytes.toString("base64")],
  );

test("a whole run is taken away, dropped back after a reset, and goes on bit for bit", async () => {
  await visit({ hash: "#recipe=gan&seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    const third = await stepTo(page, 3);
    await menu(page);
    const run = await take(page, "Whole run");
    assert.equal(run.name, "gan-7-3.safetensors");
    const fourth = await stepTo(page, 4);
    await button(page, "Reset").click();
    await until(page, (data) => data.step === "0" && data.digest);
    await drop(page, run);
    const back = await until(page, (data) => data.step === "3" && data.digest);
    assert.equal(back.digest, third.digest);
    assert.equal((await stepTo(page, 4)).digest, fourth.digest);
    assert.match(page.url(), /seed=7/);
  });
});

test("a run is opened by button in a fresh page, whatever that page has been doing", async () => {
  /** @type {{ name: string, bytes: Buffer } | null} */
  let run = null;
  let digest = "";
  await visit({ hash: "#recipe=lsgan&net=mlp&seed=9&batch=16" }, async ({ page }) => {
    await ready(page);
    digest = (await stepTo(page, 2)).digest ?? "";
    await menu(page);
    run = await take(page, "Whole run");
  });
  await visit({ hash: "#recipe=gan&seed=1" }, async ({ page }) => {
    await ready(page);
    await button(page, "Train").click();
    await until(page, (data) => Number(data.step) > 0);
    await menu(page);
    const chooser = page.waitForEvent("filechooser");
    await button(page, "Open a file…").click();
    assert.ok(run);
    await (await chooser).setFiles([{ name: run.name, mimeType: "", buffer: run.bytes }]);
    const back = await until(page, (data) => data.recipe === "lsgan" && data.step === "2" && data.digest);
    assert.equal(back.digest, digest);
    assert.match(page.url(), /recipe=lsgan&seed=9/);
  });
});

test("a generator makes the same digit of the same latents where it is opened", async () => {
  /** @type {{ name: string, bytes: Buffer } | null} */
  let generator = null;
  let digit = "";
  await visit({ hash: "#recipe=gan&seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 3);
    await menu(page);
    generator = await take(page, "Generator alone");
    assert.equal(generator.name, "gan-7-3-generator.safetensors");
    await page.getByRole("slider", { name: "Latent 1", exact: true }).fill("1.5");
    const before = await pixels(page, "latent");
    await page.getByRole("slider", { name: "Latent 1", exact: true }).fill("-1.5");
    await eventually(
      async () => (digit = await pixels(page, "latent")) !== before,
      async () => "another digit",
    );
  });
  await visit({ hash: "#recipe=dcgan&seed=1" }, async ({ page }) => {
    await ready(page);
    assert.ok(generator);
    await open(page, generator);
    await until(page, (data) => data.recipe === "gan" && data.step === "0");
    await page.getByText("By the generator of “gan-7-3-generator.safetensors”, after 3 steps.").waitFor();
    assert.match(page.url(), /recipe=gan&seed=7&batch=16/);
    await page.getByRole("slider", { name: "Latent 1", exact: true }).fill("-1.5");
    await eventually(
      async () => (await pixels(page, "latent")) === digit,
      async () => "the same digit",
    );
    // Its own run begins where every run does.
    assert.equal((await stepTo(page, 1)).step, "1");
  });
});

test("a run and a generator are opened packed by gzip, too", async () => {
  await visit({ hash: "#recipe=gan&seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    const second = await stepTo(page, 2);
    await menu(page);
    const [run, generator] = [await take(page, "Whole run"), await take(page, "Generator alone")];
    const packed = ({ name = "", bytes = Buffer.alloc(0) }) => ({
      name: `${name}.gz`,
      bytes: gzipSync(bytes),
    });
    await button(page, "Reset").click();
    await until(page, (data) => data.step === "0" && data.digest);
    await open(page, packed(run));
    const back = await until(page, (data) => data.step === "2" && data.digest);
    assert.equal(back.digest, second.digest);
    await open(page, packed(generator));
    await page.getByText("By the generator of “gan-7-2-generator.safetensors.gz”, after 2 steps.").waitFor();
    assert.equal((await root(page)).step, "0");
  });
});

test("in a fresh page the curves of a file are drawn within the axes", async () => {
  await visit({ hash: "#recipe=gan&seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    // Far over the heights of losses that an empty chart has room for.
    const rows = Array.from(
      { length: 200 },
      (_, i) => `1,${i + 1},${i / 10},40,30,${50 + 10 * (i % 2)},0,1,1`,
    );
    await open(page, { name: "curves.csv", bytes: Buffer.from([HEADER, ...rows].join("\r\n")) });
    await page.locator("#charts").scrollIntoViewIfNeeded();
    await page.locator("#left", { hasText: "from a file" }).waitFor();
    const inked = () =>
      page.locator("#chart").evaluate((box) => {
        const canvas = /** @type {HTMLCanvasElement} */ (box.querySelector("canvas"));
        const [plot, whole] = [box.querySelector(".u-over"), canvas].map((of) =>
          /** @type {Element} */ (of).getBoundingClientRect(),
        );
        const scale = canvas.width / whole.width;
        const place = [plot.left - whole.left, plot.top - whole.top, plot.width, plot.height];
        const [x, y, width, height] = place.map((value) => Math.round(value * scale));
        const { data } = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d")).getImageData(
          x,
          y,
          width,
          height,
        );
        const style = getComputedStyle(document.documentElement);
        return ["--real", "--d", "--g"].map((name) => {
          const color = parseInt(style.getPropertyValue(name).trim().slice(1), 16);
          const near = (/** @type {number} */ at) =>
            [16, 8, 0].every((shift, i) => Math.abs(data[at + i] - ((color >> shift) & 255)) < 8);
          let ink = 0;
          for (let at = 0; at < data.length; at += 4) if (data[at + 3] > 40 && near(at)) ink += 1;
          return ink;
        });
      });
    await eventually(
      async () => (await inked()).every((count) => count > 30),
      async () => `three lines; pixels of their colours: ${await inked()}`,
    );
  });
});

test("grids, the time-lapse and the curves are files that others read", async () => {
  await visit({ hash: "#recipe=gan&seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    await menu(page);
    assert.equal(await button(page, "Curves").getAttribute("aria-disabled"), "true");
    await stepTo(page, 3);

    for (const name of ["Generated digits", "Real digits"]) {
      const { bytes, name: called } = await take(page, name);
      assert.match(called, name === "Real digits" ? /^drawn\.png$/ : /^gan-7-3\.png$/);
      assert.equal(bytes.toString("latin1", 1, 4), "PNG");
      assert.deepEqual([bytes.readUInt32BE(16), bytes.readUInt32BE(20)], [896, 896]);
    }
    assert.ok(await button(page, "Moment looked at").isHidden());
    await page.getByRole("slider", { name: "Moment", exact: true }).fill("1");
    assert.equal((await take(page, "Moment looked at")).name, "gan-7-1.png");
    await button(page, "back to now").click();

    const gif = await take(page, "Time-lapse GIF");
    assert.deepEqual([gif.name, gif.bytes.toString("latin1", 0, 6)], ["gan-7-3.gif", "GIF89a"]);
    assert.deepEqual([gif.bytes.readUInt16LE(6), gif.bytes.readUInt16LE(8)], [448, 448]);
    const size = await page.evaluate(async (text) => {
      const bytes = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
      const picture = await createImageBitmap(new Blob([bytes], { type: "image/gif" }));
      return [picture.width, picture.height];
    }, gif.bytes.toString("base64"));
    assert.deepEqual(size, [448, 448]);
    // As in a hidden page, whose timers go once a second.
    await page.evaluate(() => {
      const later = window.setTimeout;
      window.setTimeout = /** @type {any} */ ((/** @type {() => void} */ act) => later(act, 1000));
    });
    const webm = await take(page, "Time-lapse WebM");
    assert.equal(webm.bytes.readUInt32BE(0), 0x1a45dfa3);
    const film = new Input({ source: new BufferSource(webm.bytes), formats: [WEBM] });
    const track = await film.getPrimaryVideoTrack();
    // Four moments and the last of them ten times more, an eighth of a second each.
    assert.equal(await film.getDurationFromMetadata(), 14 / 8);
    assert.equal((await track?.computePacketStats())?.packetCount, 14);
    assert.ok(webm.bytes.includes(Buffer.of(0x1c, 0x53, 0xbb, 0x6b)), "places to seek to");

    const csv = await take(page, "Curves");
    const [header, ...rows] = csv.bytes.toString().trim().split("\r\n");
    assert.deepEqual([csv.name, header.split(",").length, rows.length], ["gan-7-3-curves.csv", 9, 3]);
    assert.deepEqual(
      rows.map((row) => row.split(",").slice(0, 2)),
      [
        ["1", "1"],
        ["1", "2"],
        ["1", "3"],
      ],
    );
    const { losses } = await root(page);
    assert.deepEqual(rows[2].split(",").slice(3, 6).join(), losses);

    await button(page, "Reset").click();
    await until(page, (data) => data.step === "0" && data.digest);
    await open(page, csv);
    await page.locator("#charts").scrollIntoViewIfNeeded();
    await page.locator("#left", { hasText: "from a file" }).waitFor();
  });
});

test("the PyTorch script comes with the run and a word on how to use both; where it is not there, that is said", async () => {
  await visit({ hash: "#recipe=gan&seed=7&batch=16", loud: true }, async ({ page }) => {
    await ready(page);
    await stepTo(page, 2);
    await menu(page);
    await page.route("**/pytorch/**", (route) => route.fulfill({ status: 404, body: "" }));
    await button(page, "PyTorch script").click();
    await noted(page, /came without it/);
    await page.unroute("**/pytorch/**");
    await page.route("**/pytorch/**", (route) => {
      const name = new URL(route.request().url()).pathname.split("/").at(-1);
      const body = name === "list.json" ? '["go_on.py", "ganvas.py"]' : `# ${name}`;
      return route.fulfill({ status: 200, body });
    });
    const archive = await take(page, "PyTorch script");
    assert.equal(archive.name, "gan-7-2-pytorch.zip");
    const text = archive.bytes.toString("latin1");
    for (const name of ["README.txt", "gan-7-2.safetensors", "go_on.py", "ganvas.py"])
      assert.equal(text.split(`gan-7-2-pytorch/${name}`).length, 3, name);
    assert.match(text, /python go_on\.py sample gan-7-2\.safetensors/);
    assert.ok(text.includes("# ganvas.py") && text.includes('"format":"ganvas 1"'));
  });
});

test("the menu is worked by keyboard alone", async () => {
  await visit({ hash: "#recipe=gan&seed=7&batch=16" }, async ({ page }) => {
    await ready(page);
    await page.locator("#taking > summary").focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement?.textContent), "Whole run");
    const coming = page.waitForEvent("download");
    await page.keyboard.press("Enter");
    assert.equal((await coming).suggestedFilename(), "gan-7-0.safetensors");
    const said = page.locator("#notes p", { hasText: "gan-7-0.safetensors is in your downloads." });
    await said.waitFor();
  });
});

for (const lang of ["en", "zh"]) {
  test(`the menu fits a phone, and axe finds nothing in it, ${lang}`, async () => {
    const context = { bypassCSP: true, reducedMotion: /** @type {const} */ ("reduce") };
    await visit({ query: `?lang=${lang}`, hash: "#seed=7&build=simd128", context }, async ({ page }) => {
      await ready(page);
      await page.locator("#taking > summary").click();
      await page.addScriptTag({ content: axe });
      for (const [width, height] of [
        [1280, 800],
        [390, 844],
        [320, 568],
      ]) {
        for (const colorScheme of /** @type {const} */ (["light", "dark"])) {
          await page.setViewportSize({ width, height });
          await page.emulateMedia({ colorScheme });
          const found = await page.evaluate(async () => {
            const { violations } = await /** @type {any} */ (window).axe.run("#nets, #other-build");
            return violations.map((/** @type {any} */ one) => `${one.id} ${one.nodes[0].target}`);
          });
          assert.deepEqual(found, [], `${width} x ${height}, ${colorScheme}`);
        }
        assert.equal(await sideways(page), false);
      }
      for (const made of await page.locator("#taking button:visible").all())
        assert.ok(((await made.boundingBox())?.height ?? 0) >= 44);
      assert.ok((await dataOf(page, "other-build")).tone);
    });
  });
}
