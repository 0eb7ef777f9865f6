// How soon a test digit's latent vector is found on the ready-made generator: the time until its digit is within a mean squared error of 0.02,
// in the page's own worker; and what saving takes of the time of training.
//
//     MNIST_DIR=folder node tests/page/measure/inversion.js [digits=40] [recipe=dcgan]     (after `cargo ganvas build`, with CHROMIUM and GANVAS_SITE_DRAWN as for the tests)
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { button, dataOf, quit, ready, until, visit } from "../e2e/site.js";

const [count, recipe] = [Number(process.argv[2] ?? 40), process.argv[3] ?? "dcgan"];
const NEAR = 0.02;
const TRAIN_MS = 30_000;

const images = gunzipSync(
  readFileSync(join(process.env.MNIST_DIR ?? "data", "t10k-images-idx3-ubyte.gz")),
).subarray(16);
const digits = Array.from({ length: count }, (_, i) => [...images.subarray(i * 784, (i + 1) * 784)]);

/** What becomes of each digit: when it was near enough, in milliseconds, and how near it came. @param {import("playwright-core").Page} page */
const search = (page) =>
  page.evaluate(
    async ({ digits, recipe, near }) => {
      const worker = new Worker("./worker.js", { type: "module" });
      /** @param {(data: any) => any} wanted @returns {Promise<any>} */
      const hear = (wanted) =>
        new Promise((done) =>
          worker.addEventListener("message", function listen({ data }) {
            if (!wanted(data)) return;
            worker.removeEventListener("message", listen);
            done(data);
          }),
        );
      await hear(({ type }) => type === "ready");
      worker.postMessage({ type: "start", run: 1, recipe, seed: "1", knobs: {} });
      const bytes = new Uint8Array(await (await fetch(`./ready/${recipe}.safetensors`)).arrayBuffer());
      worker.postMessage({ type: "pretrained", bytes }, [bytes.buffer]);
      await hear(({ type }) => type === "pretrained");
      const found = [];
      for (const digit of digits) {
        const start = performance.now();
        let reached = Infinity;
        worker.postMessage({ type: "invert", pixels: new Uint8Array(digit) });
        const { error } = await hear((data) => {
          if (data.type === "inverting" && data.error < near)
            reached = Math.min(reached, performance.now() - start);
          return data.type === "inverting" && data.done;
        });
        found.push({ reached, error, took: performance.now() - start });
      }
      worker.terminate();
      return found;
    },
    { digits, recipe, near: NEAR },
  );

/** @param {number[]} list @param {number} part */
const quantile = (list, part) => [...list].sort((a, b) => a - b)[Math.floor(part * (list.length - 1))];

await visit({ hash: `#recipe=${recipe}&seed=1` }, async ({ page }) => {
  await ready(page);
  const found = await search(page);
  const reached = found.map((one) => one.reached);
  const soon = reached.filter((ms) => ms <= 3000).length;
  const at = (/** @type {number} */ part) => `${(quantile(reached, part) / 1000).toFixed(2)} s`;
  console.log(
    `${soon} of ${count} test digits within ${NEAR} in 3 s; median ${at(0.5)}, p90 ${at(0.9)}; at the end of the search (median ` +
      `${(
        quantile(
          found.map(({ took }) => took),
          0.5,
        ) / 1000
      ).toFixed(1)} s) error median ${quantile(
        found.map(({ error }) => error),
        0.5,
      ).toFixed(4)}, at most ${Math.max(...found.map(({ error }) => error)).toFixed(4)}`,
  );
  await button(page, "Train").click();
  await new Promise((done) => setTimeout(done, TRAIN_MS));
  const { step } = await until(page, (data) => Number(data.saved) > 0);
  const { cost } = await dataOf(page, "keeping");
  console.log(`saving takes ${(100 * Number(cost)).toFixed(2)} % of the time of training (to step ${step})`);
});
await quit();
