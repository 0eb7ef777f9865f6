// A static server like GitHub Pages, under a sub-path; it can cut one answer short, as a bad network does.
import { createReadStream } from "node:fs";
import { readFile, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";

const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "application/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json; charset=utf-8",
  ".svg": "image/svg+xml",
  ".png": "image/png",
  ".webmanifest": "application/manifest+json",
  ".wasm": "application/wasm",
  ".gz": "application/gzip",
};
const COMPRESSED = new Set([".html", ".js", ".css", ".json", ".svg", ".wasm"]);

/**
 * @param {string} folder
 * @param {{ cut?: { path: string, after: number } }} [options] `cut`: the first answer of that path breaks after so many bytes
 */
export async function serve(folder, { cut } = {}) {
  const under = "/some/where/";
  let toCut = cut;
  /** @type {string[]} */
  const asked = [];
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url ?? "/", "http://host").pathname);
    asked.push(path);
    const inside = path.startsWith(under) && normalize(path) === path ? path.slice(under.length) : null;
    const file = inside === null ? "" : join(folder, inside || "index.html");
    const found = file && (await stat(file).catch(() => null));
    if (!found || !found.isFile()) return response.writeHead(404).end();
    const ending = extname(file);
    /** @type {Record<string, string>} */
    const headers = {
      "content-type": TYPES[/** @type {keyof typeof TYPES} */ (ending)] ?? "application/octet-stream",
      "cache-control": "max-age=600",
      "access-control-allow-origin": "*",
    };
    if (toCut && path.endsWith(toCut.path)) {
      const { after } = toCut;
      toCut = undefined;
      response.writeHead(200, { ...headers, "content-length": found.size });
      createReadStream(file, { end: after - 1 })
        .on("end", () => setImmediate(() => response.destroy()))
        .pipe(response, { end: false });
      return;
    }
    if (!COMPRESSED.has(ending)) {
      response.writeHead(200, { ...headers, "content-length": found.size });
      return createReadStream(file).pipe(response);
    }
    const body = gzipSync(await readFile(file));
    response.writeHead(200, { ...headers, "content-encoding": "gzip", "content-length": body.length });
    response.end(body);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", () => done(undefined)));
  const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
  return {
    url: `http://127.0.0.1:${port}${under}`,
    asked,
    /** Whether the answer to be cut was asked for. */
    wasCut: () => cut !== undefined && toCut === undefined,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
