// What the tests in engines other than Chromium use: the same few verbs in each, a visit, and waiting on the root element's data.
import assert from "node:assert/strict";
import { serve } from "../e2e/serving.js";
import { DRAWN, PATIENCE } from "../e2e/site.js";

/**
 * @typedef {{
 *   go(url: string): Promise<void>,
 *   reload(): Promise<void>,
 *   run<T, A extends any[]>(act: (...args: A) => T | Promise<T>, ...args: A): Promise<T>,
 *   press(selector: string): Promise<void>,
 *   attach(selector: string, ...paths: string[]): Promise<void>,
 *   errors(): Promise<string[]>,
 *   close(): Promise<void>,
 * }} Engine a browser with one tab; `run` runs a function in the page, `attach` chooses files, `errors` are those of the console
 */
/** @typedef {Record<string, string | undefined>} Data */

/** The root element's data. @param {Engine} engine @returns {Promise<Data>} */
export const root = (engine) => engine.run(() => ({ ...document.documentElement.dataset }));

/** Waits until the root's data fulfil a condition, and returns them. @param {Engine} engine @param {(data: Data) => unknown} holds */
export async function until(engine, holds) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    const data = await root(engine);
    if (holds(data)) return data;
    if (Date.now() > end) assert.fail(`waited in vain for ${holds}; the root says ${JSON.stringify(data)}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until an element is there to be seen. @param {Engine} engine @param {string} selector */
export async function shown(engine, selector) {
  const end = Date.now() + PATIENCE;
  const look = () =>
    engine.run((selector) => document.querySelector(selector)?.checkVisibility() ?? false, selector);
  while (!(await look())) {
    if (Date.now() > end) assert.fail(`waited in vain for ${selector}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** Waits until the page can train. @param {Engine} engine */
export const ready = (engine) =>
  until(engine, ({ whole, phase }) => whole === "true" && (phase === "ready" || phase === "paused"));

/** Makes single steps up to `count` and returns the root's data there. @param {Engine} engine @param {number} count */
export async function stepTo(engine, count) {
  for (let step = Number((await root(engine)).step) + 1; step <= count; step += 1) {
    await engine.press("#step");
    await until(engine, (data) => Number(data.step) === step && data.phase === "paused");
  }
  return until(engine, ({ digest }) => /^[0-9a-f]{16}$/.test(digest ?? ""));
}

/**
 * Visits the site at an origin of its own, and so with an empty storage; afterwards the console must be empty and no red note shown.
 * @param {Engine} engine @param {{ query?: string, hash?: string }} how
 * @param {(server: Awaited<ReturnType<typeof serve>>) => Promise<void>} act
 */
export async function visit(engine, { query = "?lang=en", hash = "#seed=7&batch=16&data=drawn" }, act) {
  const server = await serve(DRAWN);
  try {
    await engine.go(`${server.url}${query}${hash}`);
    await ready(engine);
    await act(server);
    const notes = await engine.run(() =>
      [...document.querySelectorAll("#notes .error, #not-started")].map((note) => note.textContent ?? ""),
    );
    assert.deepEqual(notes, [], "red notes");
    assert.deepEqual(await engine.errors(), [], "errors in the console");
  } finally {
    server.close();
  }
}
