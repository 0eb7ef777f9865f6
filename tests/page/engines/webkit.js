// WebKit, as Safari has it: WebKitGTK's small browser over WebDriver, on a screen of its own.
import { spawn } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync, existsSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Builder, By, Capabilities } from "selenium-webdriver";

export const DRIVER = process.env.WEBKIT_DRIVER || "/usr/bin/WebKitWebDriver";
export const XVFB = process.env.XVFB || "/usr/bin/Xvfb";
/** Debian and its kin keep it in the folder of the machine's kind. */
export const MINI_BROWSER =
  process.env.MINI_BROWSER ||
  ["/usr/libexec", ...readdirSync("/usr/lib").map((name) => join("/usr/lib", name))]
    .map((folder) => join(folder, "webkit2gtk-4.1/MiniBrowser"))
    .find((path) => existsSync(path)) ||
  "";

/** A port that nobody listens at. @returns {Promise<number>} */
const freePort = () =>
  new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
      server.close(() => resolve(port));
    });
  });

/** WebDriver hears of no console: what goes wrong after the page has loaded is noted in the page. What goes wrong before, www/startup.js says. */
function listen() {
  /** @type {string[]} */
  const heard = [];
  Object.assign(window, { heard });
  addEventListener("error", (event) => {
    heard.push(event.message);
  });
  addEventListener("unhandledrejection", ({ reason }) => {
    heard.push(`${reason}`);
  });
  const { error } = console;
  console.error = (...words) => {
    heard.push(words.join(" "));
    error(...words);
  };
}

/** @returns {Promise<import("./engine.js").Engine>} */
export async function webkit() {
  const home = mkdtempSync(join(tmpdir(), "ganvas-webkit-"));
  const screen = spawn(XVFB, ["-displayfd", "3", "-screen", "0", "1400x1000x24", "-nolisten", "tcp"], {
    stdio: ["ignore", "ignore", "ignore", "pipe"],
  });
  const display = await new Promise((resolve) =>
    /** @type {import("node:stream").Readable} */ (screen.stdio[3]).once("data", (text) =>
      resolve(`:${`${text}`.trim()}`),
    ),
  );
  const port = await freePort();
  // The browser wants a locale of UTF-8; of this one it says that its language is “C”.
  const env = { ...process.env, DISPLAY: display, HOME: home, LC_ALL: "C.UTF-8" };
  const service = spawn(DRIVER, [`--port=${port}`], { env, stdio: "ignore" });
  const stop = () => {
    service.kill();
    screen.kill();
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
  };
  const url = `http://127.0.0.1:${port}`;
  const up = () => fetch(`${url}/status`).then(Boolean, () => false);
  for (let tries = 0; tries < 100 && !(await up()); tries += 1)
    await new Promise((resolve) => setTimeout(resolve, 100));
  const driver = await new Builder()
    .usingServer(url)
    .withCapabilities(
      new Capabilities({
        browserName: "MiniBrowser",
        "webkitgtk:browserOptions": { binary: MINI_BROWSER, args: ["--automation"] },
      }),
    )
    .build()
    .catch((error) => {
      stop();
      throw error;
    });
  await driver.manage().setTimeouts({ script: 60_000, pageLoad: 60_000 });
  await driver.manage().window().setRect({ x: 0, y: 0, width: 1380, height: 980 });

  /** @template T @template {any[]} A @param {(...args: A) => T | Promise<T>} act @param {A} args @returns {Promise<T>} */
  async function run(act, ...args) {
    const script = `const done = arguments[arguments.length - 1];
      Promise.resolve((${act})(...[...arguments].slice(0, -1))).then(
        (value) => done({ value }), (error) => done({ error: String(error) }));`;
    const answer = /** @type {{ value: T, error?: string }} */ (
      await driver.executeAsyncScript(script, ...args)
    );
    if (answer.error) throw new Error(answer.error);
    return answer.value;
  }

  return {
    async go(url) {
      await driver.get(url);
      await run(listen);
    },
    async reload() {
      await driver.navigate().refresh();
      await run(listen);
    },
    run,
    press: (selector) => driver.findElement(By.css(selector)).click(),
    async attach(selector, ...paths) {
      await driver.findElement(By.css(selector)).sendKeys(paths.join("\n"));
    },
    errors: () => run(() => /** @type {any} */ (window).heard),
    async close() {
      await driver.quit().catch(() => {});
      stop();
    },
  };
}
