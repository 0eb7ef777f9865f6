// `cargo ganvas serve` as the tests use it: under a sub-path, with a log of what was asked for; it can cut one answer short, as a bad network
// does, or send slowly.
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const NEWEST = fileURLToPath(new URL("../../../target/release/ganvas-cli", import.meta.url));
const PROGRAM = process.env.GANVAS_BIN ?? NEWEST;

/**
 * @param {string} folder
 * @param {{ cut?: { path: string, after: number }, slow?: number, host?: string }} [options]
 *   `cut`: the first answer of that path breaks after so many bytes; `slow`: bytes a second
 */
export async function serve(folder, { cut, slow, host } = {}) {
  if (!existsSync(PROGRAM))
    throw new Error(
      `no server at ${PROGRAM}: \`cargo build --release --package ganvas-cli\`, or set GANVAS_BIN`,
    );
  // Tied to its input, it ends with the tests even where they are killed.
  const args = ["serve", "--port", "0", "--dir", folder, "--under", "/some/where/", "--log", "--tied"];
  if (cut) args.push("--cut", `${cut.path}:${cut.after}`);
  if (slow) args.push("--slow", `${slow}`);
  if (host) args.push("--host", host);
  const child = spawn(PROGRAM, args, { stdio: ["pipe", "pipe", "inherit"] });
  const ended = new Promise((done) => child.once("close", done));
  /** What it prints before the first request. @type {string[]} */
  const said = [];
  /** @type {string[]} */
  const asked = [];
  let wasCut = false;
  /** @type {(url: string) => void} */
  let up = () => {};
  const url = new Promise((resolve) => (up = resolve));
  createInterface({ input: child.stdout }).on("line", (line) => {
    const [, word, path] = /^(asked|cut) (.*)$/.exec(line) ?? [];
    if (!word) return void (said.push(line), up(said[0]));
    asked.push(path);
    wasCut ||= word === "cut";
  });
  const failed = ended.then(() => Promise.reject(new Error(`the server has ended: ${args.join(" ")}`)));
  failed.catch(() => {});
  return {
    url: /** @type {string} */ (await Promise.race([url, failed])),
    said,
    /** Paths that were asked for, in order. */
    asked,
    /** Whether the answer to be cut was asked for. */
    wasCut: () => wasCut,
    /** Ends it with all its connections; resolves when it is gone. */
    async close() {
      child.kill("SIGKILL");
      await ended;
    },
  };
}
