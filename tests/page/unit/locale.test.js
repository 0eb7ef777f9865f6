// What a browser calls its language may be no valid tag: `Intl` never sees such a name.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { chooseLanguage, createText } from "../../../www/i18n.js";
import { languageOf, localeOf, tagOf } from "../../../www/locale.js";
import { ago, dateOf } from "../../../www/view/keeping-words.js";
import { sentences } from "./sentences.js";

/** Names as browsers and systems give them, and their tags. @type {[unknown, string | null][]} */
const NAMES = [
  ["en-US", "en-US"],
  ["zh-Hans-CN", "zh-Hans-CN"],
  ["en-US@posix", "en-US"],
  ["en_US.UTF-8", "en-US"],
  ["de_DE@euro", "de-DE"],
  ["zh_CN.UTF-8", "zh-CN"],
  ["en-US-u-va-posix", "en-US"],
  ["C", null],
  ["C.UTF-8", null],
  ["", null],
  ["*", null],
  ["en-", null],
  ["x", null],
  ["en US", null],
  ["../../en", null],
  [undefined, null],
  [null, null],
  [7, null],
];

test("a name becomes a valid tag or none", () => {
  for (const [name, tag] of NAMES) assert.equal(tagOf(name), tag, `${name}`);
  assert.equal(languageOf("zh_TW.Big5"), "zh");
  assert.equal(languageOf("C"), "");
});

test("the reader's own form of the language is taken where it is valid", () => {
  assert.equal(localeOf("en", ["C", "en-GB"]), "en-GB");
  assert.equal(localeOf("en", ["en-US@posix"]), "en-US");
  assert.equal(localeOf("zh", ["C", "en-GB"]), "zh");
  assert.equal(localeOf("en", []), "en");
});

test("numbers, lists and times are written whatever the browser calls its language", () => {
  for (const [name] of NAMES) {
    for (const lang of ["en", "zh"]) {
      const text = createText(lang, sentences[lang], [name, `${lang}@posix`]);
      assert.equal(text.number(1234.5, 1), "1,234.5", `${name}`);
      assert.ok(text.either(["2", "5"]).includes("5"));
      assert.ok(ago(0, text, 7_200_000).includes("2"));
      assert.ok(dateOf(0, text).length > 5);
    }
    assert.ok(["en", "zh"].includes(chooseLanguage("", null, [name])));
  }
  assert.equal(chooseLanguage("", null, ["C", "zh_CN.UTF-8"]), "zh");
  assert.equal(chooseLanguage("", "C", ["en-US@posix"]), "en");
});

test("every call of Intl and its kin is given a tag that was looked at", () => {
  const www = new URL("../../../www/", import.meta.url);
  const files = readdirSync(www, { recursive: true }).map(String);
  let calls = 0;
  for (const file of files.filter((name) => name.endsWith(".js"))) {
    const code = readFileSync(new URL(file, www), "utf8").replace(/^\s*(\/\/|\/?\*).*$/gm, "");
    for (const [call, first] of code.matchAll(/new Intl\.\w+\(\s*([^,)]*)/g)) {
      assert.match(first, /^(text\.)?locale$/, `${file}: ${call}`);
      calls += 1;
    }
    assert.doesNotMatch(code, /\.toLocale\w+\(|\.localeCompare\(/, file);
    if (file !== "locale.js") assert.doesNotMatch(code, /navigator\.languages?\b(?! \|\|)/, file);
  }
  assert.ok(calls >= 4);
});
