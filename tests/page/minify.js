// Makes a built site's scripts and style sheets small, file by file: every visitor waits for them. Imports and names of files stay.
import { readdir, readFile, writeFile } from "node:fs/promises";
import { basename, extname, join } from "node:path";
import { transform } from "esbuild";

/** What runs before it is known what the browser can do keeps the words it is written in. */
const OLDEST = "startup.js";
const LOADERS = /** @type {const} */ ({ ".js": "js", ".css": "css" });

/** @param {string} path */
async function minify(path) {
  const loader = LOADERS[/** @type {keyof typeof LOADERS} */ (extname(path))];
  const source = await readFile(path, "utf8");
  const target = basename(path) === OLDEST ? "es5" : "es2022";
  const { code } = await transform(source, { loader, minify: true, target, legalComments: "none" });
  await writeFile(path, code);
}

const site = process.argv[2];
if (!site) throw new Error("usage: node minify.js <site>");
const entries = await readdir(site, { recursive: true });
await Promise.all(
  entries.filter((entry) => extname(entry) in LOADERS).map((entry) => minify(join(site, entry))),
);
