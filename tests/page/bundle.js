// Puts into a built site what the page uses of libraries that have far more: one script a library, with its licence.
import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";

/** What the page imports of each. */
const USED = {
  fflate: ["Gunzip", "unzipSync"],
  mediabunny: ["BufferTarget", "CanvasSource", "Output", "WebMOutputFormat", "getFirstEncodableVideoCodec"],
};

const site = process.argv[2];
if (!site) throw new Error("usage: node bundle.js <site>");
for (const [library, names] of Object.entries(USED)) {
  const folder = join(site, "vendor", library);
  await build({
    stdin: {
      contents: `export { ${names.join(", ")} } from "${library}";`,
      resolveDir: fileURLToPath(new URL(".", import.meta.url)),
    },
    bundle: true,
    format: "esm",
    target: "es2022",
    platform: "browser",
    outfile: join(folder, `${library}.js`),
    logLevel: "error",
  });
  const licence = fileURLToPath(new URL(`../node_modules/${library}/LICENSE`, import.meta.url));
  await copyFile(licence, join(folder, "LICENSE"));
}
