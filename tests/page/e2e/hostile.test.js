// Files that cannot be opened: one clear sentence at once, and the run untouched.
import assert from "node:assert/strict";
import { test } from "node:test";
import { file, images } from "./idx.js";
import { noted, ready, root, stepTo, visit } from "./site.js";

/** @typedef {import("playwright-core").Page} Page */

/** @param {Page} page @param {...{ name: string, bytes: Buffer }} files */
const open = (page, ...files) =>
  page
    .locator("#files")
    .setInputFiles(files.map(({ name, bytes }) => ({ name, mimeType: "", buffer: bytes })));

/** A safetensors file of a header, and what is said of its data. @param {object} header @param {number} [data] @param {bigint} [declared] */
function tensors(header, data = 0, declared) {
  const text = Buffer.from(JSON.stringify(header));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(declared ?? BigInt(text.length));
  return Buffer.concat([length, text, Buffer.alloc(data, 0xff)]);
}
const metadata = (format = "ganvas 1", recipe = "gan") => ({
  __metadata__: { format, recipe, seed: "1", steps: "1", knobs: "{}", numbers: "{}" },
});
const tensor = (/** @type {number} */ bytes) => ({
  dtype: "F32",
  shape: [bytes / 4],
  data_offsets: [0, bytes],
});

/** Files: what is wrong, the bytes, and what the sentence must say. @type {[string, Buffer, RegExp][]} */
const HOSTILE = [
  ["text", Buffer.from("these are not the digits you look for"), /“x”.*IDX/],
  ["nothing", Buffer.alloc(0), /“x” is empty/],
  ["a header beyond the file", tensors({}, 0, 1n << 40n), /1,099,511,627,776/],
  ["a header beyond all numbers", tensors({}, 0, (1n << 64n) - 1n), /cut off or damaged/],
  ["a header of no JSON", Buffer.concat([tensors({}).subarray(0, 8), Buffer.from("{{")]), /JSON/],
  ["a path for a name", tensors({ ...metadata(), "../../x": tensor(4) }, 4), /“\.\.\/\.\.\/x”/],
  ["a newer format", tensors(metadata("ganvas 2")), /newer.*“ganvas 2”/],
  ["another program's tensors", tensors({ weight: tensor(4) }, 4), /no run or generator/],
  ["less than it says", tensors({ ...metadata(), "g.0": tensor(400) }, 4), /cut off.*bytes/],
  ["more than a run can have", tensors({ ...metadata(), "g.0": tensor(4e9) }, 4), /cut off.*4,000,000/],
  [
    "weights that are no numbers",
    tensors({ ...metadata(), "g.0": tensor(4) }, 4),
    /no checkpoint|cannot be read/,
  ],
  ["an unknown GAN", tensors(metadata("ganvas generator 1", "nonsense")), /nonsense/],
  ["a generator of no weights", tensors(metadata("ganvas generator 1")), /checkpoint|cannot be read/],
  [
    "a generator of weights that are no numbers",
    tensors({ ...metadata("ganvas generator 1"), "average.0.weight": tensor(4) }, 4),
    /checkpoint|cannot be read/,
  ],
  ["a table of something else", Buffer.from("branch,step,second_thoughts\n1,2,3"), /line 1/],
  ["a zip", Buffer.from("PK\x03\x04 and so on and on"), /packed/],
];

test("each file that cannot be opened has one sentence at once, and the run stays as it is", async () => {
  await visit({ hash: "#recipe=gan&seed=5&batch=16" }, async ({ page }) => {
    await ready(page);
    const before = await stepTo(page, 2);
    for (const [what, bytes, pattern] of HOSTILE) {
      await open(page, { name: "x", bytes });
      await noted(page, pattern);
      const { step, digest, recipe } = await root(page);
      assert.deepEqual([step, digest, recipe], [before.step, before.digest, before.recipe], what);
    }
    const mixed = [file("a.idx", images(3)), file("b.safetensors", tensors(metadata()))];
    await page.locator("#files").setInputFiles(mixed);
    await noted(page, /“a\.idx” is an IDX file, but “b\.safetensors” is a run or a generator/);
    // Four gigabytes of text, and as many behind a sound header: made of one megabyte, again and again.
    for (const [head, pattern] of /** @type {[string, RegExp][]} */ ([
      ["", /“big”.*IDX/],
      [tensors({ ...metadata(), "g.0": tensor(4096 * 2 ** 20) }).toString("latin1"), /“big” has 4,294/],
    ])) {
      const spent = await page.evaluate((head) => {
        const part = new Blob([new Uint8Array(1 << 20).fill(97)]);
        const start = Uint8Array.from(head, (letter) => letter.charCodeAt(0));
        const big = new File([start, ...Array(4096).fill(part)], "big");
        const transfer = new DataTransfer();
        transfer.items.add(big);
        const now = performance.now();
        document.body.dispatchEvent(new DragEvent("drop", { dataTransfer: transfer, bubbles: true }));
        return performance.now() - now;
      }, head);
      assert.ok(spent < 1000);
      await noted(page, pattern);
    }
    assert.equal((await root(page)).digest, before.digest);
    await stepTo(page, 3);
  });
});
