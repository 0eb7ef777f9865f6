// Firefox over WebDriver BiDi, which puppeteer speaks: no driver is needed.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import puppeteer from "puppeteer-core";

export const FIREFOX = process.env.FIREFOX || "/usr/bin/firefox-esr";

/** @param {Record<string, unknown>} [settings] as about:config has them @returns {Promise<import("./engine.js").Engine>} */
export async function firefox(settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), "ganvas-firefox-"));
  const browser = await puppeteer.launch({
    browser: "firefox",
    executablePath: FIREFOX,
    defaultViewport: { width: 1280, height: 900 },
    extraPrefsFirefox: {
      "browser.download.folderList": 2,
      "browser.download.dir": folder,
      // As visitors have it; puppeteer lets one file read others.
      "security.fileuri.strict_origin_policy": true,
      ...settings,
    },
  });
  const page = await browser.newPage();
  /** @type {string[]} */
  let errors = [];
  page.on("console", (message) => message.type() === "error" && errors.push(message.text()));
  page.on("pageerror", (error) => errors.push(error instanceof Error ? error.message : `${error}`));
  return {
    async go(url) {
      errors = [];
      await page.goto(url);
    },
    async reload() {
      await page.reload();
    },
    run: (act, ...args) => /** @type {Promise<any>} */ (page.evaluate(act, ...args)),
    press: (selector) => page.locator(selector).click(),
    async attach(selector, ...paths) {
      const input = /** @type {import("puppeteer-core").ElementHandle<HTMLInputElement>} */ (
        await page.$(selector)
      );
      await input.uploadFile(...paths);
    },
    errors: async () => errors,
    async close() {
      await browser.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
