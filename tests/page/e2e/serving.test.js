// `cargo ganvas serve` under a page: it loads on a busy machine beside connections that are kept open, and on a phone.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { connect } from "node:net";
import { availableParallelism, networkInterfaces } from "node:os";
import { test } from "node:test";
import { serve } from "./serving.js";
import { DRAWN, PATIENCE, browser, button, ready, until } from "./site.js";

const STARTS = 10;
const KEPT = 6;
const FIREFOX = process.env.FIREFOX ?? "/usr/bin/firefox-esr";

/** Keeps every core busy for as long as `act` takes. @param {() => Promise<void>} act */
async function beside(act) {
  // They end by themselves where this test is killed.
  const loop = `for (const end = Date.now() + ${10 * PATIENCE}; Date.now() < end; );`;
  const loops = Array.from({ length: Math.max(2, availableParallelism()) }, () =>
    spawn(process.execPath, ["-e", loop], { stdio: "ignore" }),
  );
  try {
    await act();
  } finally {
    for (const one of loops) one.kill("SIGKILL");
  }
}

/** Connections that have got an answer and stay open, as a browser's do. @param {string} url */
async function keptOpen(url) {
  const { hostname, port, pathname } = new URL(url);
  return Promise.all(
    Array.from({ length: KEPT }, async () => {
      const socket = connect(Number(port), hostname);
      socket.write(`GET ${pathname} HTTP/1.1\r\nHost: ${hostname}:${port}\r\n\r\n`);
      const first = await new Promise((done, failed) => socket.once("data", done).once("error", failed));
      assert.match(`${first}`, /^HTTP\/1\.1 200/);
      socket.on("data", () => {});
      return socket;
    }),
  );
}

/** Starts the server afresh again and again; each time the page must load. @param {(url: string) => Promise<void>} load */
const starts = (load) =>
  beside(async () => {
    for (let start = 0; start < STARTS; start += 1) {
      const server = await serve(DRAWN);
      /** @type {import("node:net").Socket[]} */
      let kept = [];
      try {
        kept = await keptOpen(server.url);
        await load(`${server.url}?lang=en`);
      } finally {
        for (const socket of kept) socket.destroy();
        await server.close();
      }
    }
  });

test("each of ten fresh starts gives a page that is ready, in Chromium", async () => {
  const chromium = await browser();
  await starts(async (url) => {
    const context = await chromium.newContext({ serviceWorkers: "block" });
    try {
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE);
      await page.goto(url);
      await ready(page);
      const missing = await page.evaluate(() =>
        [...document.querySelectorAll("link[rel=stylesheet]")]
          .filter((link) => !(/** @type {HTMLLinkElement} */ (link).sheet))
          .map((link) => link.getAttribute("href")),
      );
      assert.deepEqual(missing, [], "style sheets that never came");
    } finally {
      await context.close();
    }
  });
});

/** Its name is no literal, so that types are checked where it is not installed. */
const PUPPETEER = "puppeteer-core";
const puppeteer = await import(PUPPETEER).catch(() => null);
const noFirefox =
  (!existsSync(FIREFOX) && `no Firefox at ${FIREFOX}: apt-get install firefox-esr, or set FIREFOX`) ||
  (!puppeteer && "puppeteer-core is not installed");

test("each of ten fresh starts gives a page that is ready, in Firefox", { skip: noFirefox }, async () => {
  const firefox = await puppeteer.launch({ browser: "firefox", executablePath: FIREFOX, headless: true });
  try {
    await starts(async (url) => {
      const page = await firefox.newPage();
      await page.goto(url, { timeout: PATIENCE });
      await page.waitForSelector('html[data-whole="true"][data-phase="ready"]', { timeout: PATIENCE });
      await page.close();
    });
  } finally {
    await firefox.close();
  }
});

const lan = Object.values(networkInterfaces())
  .flat()
  .find((one) => one && one.family === "IPv4" && !one.internal && !one.address.startsWith("169.254."));

test(
  "with --host 0.0.0.0 the page trains at the address that is printed, without a word in the console",
  { skip: lan ? false : "this machine is in no network" },
  async () => {
    const server = await serve(DRAWN, { host: "0.0.0.0" });
    const context = await (await browser()).newContext();
    try {
      const printed = server.said.join("\n");
      const [, address] = /(http:\/\/(?!127)[\d.]+:\d+\/some\/where\/)/.exec(printed) ?? [];
      assert.ok(address && /everyone in that network/.test(printed), printed);
      const page = await context.newPage();
      page.setDefaultTimeout(PATIENCE);
      /** @type {string[]} */
      const errors = [];
      page.on("pageerror", (error) => errors.push(error.message));
      page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
      await page.goto(`${address}?lang=en`);
      await ready(page);
      await button(page, "Train").click();
      await until(page, (data) => Number(data.step) > 0);
      await button(page, "Pause").click();
      await until(page, (data) => data.phase === "paused" && Number(data.saved) === Number(data.step));
      assert.equal(await page.evaluate(() => window.isSecureContext), false);
      assert.deepEqual(errors, []);
    } finally {
      await context.close();
      await server.close();
    }
  },
);
