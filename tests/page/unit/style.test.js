// Text grows with the size that the reader has set in the browser.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";

const www = new URL("../../../www/", import.meta.url);
const sheets = readdirSync(www)
  .filter((name) => name.endsWith(".css"))
  .map((name) => ({ name, css: readFileSync(new URL(name, www), "utf8") }));
const markup = readFileSync(new URL("index.html", www), "utf8");
const below = readFileSync(new URL("below.js", www), "utf8");

test("no size of text and no height of a line is in pixels", () => {
  for (const { name, css } of sheets) {
    for (const [line] of css.matchAll(/^\s*(?:font|font-size|line-height):[^;]*;/gm))
      assert.doesNotMatch(line, /\dpx/, `${name}: ${line.trim()}`);
  }
});

test("the root keeps the reader's size: there, a rem is what the browser says", () => {
  for (const { name, css } of sheets) {
    for (const [, selector, rules] of css.matchAll(/([^{}]+)\{([^{}]*)\}/g)) {
      if (/(?:^|,)\s*(?:html|:root)\s*(?:,|$)/.test(selector.replace(/\/\*.*?\*\//gs, "")))
        assert.doesNotMatch(rules, /(?:^|;)\s*font(?:-size)?:/, `${name}: ${selector.trim()}`);
    }
  }
});

test("the window is measured in the reader's letters, in style sheets and scripts", () => {
  for (const { name, css } of sheets) {
    for (const [query] of css.matchAll(/@media[^{]*/g))
      assert.doesNotMatch(query, /\dpx/, `${name}: ${query}`);
  }
  for (const file of readdirSync(www, { recursive: true }).map(String)) {
    if (!file.endsWith(".js")) continue;
    const code = readFileSync(new URL(file, www), "utf8");
    for (const [query] of code.matchAll(/\((?:min|max)-(?:width|height): [^)]*\)/g))
      assert.doesNotMatch(query, /px/, `${file}: ${query}`);
  }
});

test("every style sheet is loaded, at first or with the lower panels", () => {
  for (const { name } of sheets)
    assert.ok(markup.includes(`href="${name}"`) || below.includes(`"${name}"`), `${name} is loaded nowhere`);
});
