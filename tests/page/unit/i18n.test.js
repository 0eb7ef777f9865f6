// Both languages say the same things, and can say everything that can go wrong.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { chooseLanguage, createText, LANGUAGES } from "../../../www/i18n.js";
import { catalogue } from "./catalogue.js";
import { first, more, sentences } from "./sentences.js";

const root = new URL("../../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const holes = (sentence) => [...sentence.matchAll(/\{(\w+)\}/g)].map(([, name]) => name).sort();

test("the same keys with the same placeholders in every language", () => {
  const [first, ...others] = Object.values(sentences);
  for (const other of others) {
    assert.deepEqual(Object.keys(other).sort(), Object.keys(first).sort());
    for (const key of Object.keys(first)) {
      assert.deepEqual([...new Set(holes(other[key]))], [...new Set(holes(first[key]))], key);
      assert.ok(other[key].trim(), key);
    }
  }
});

test("a sentence comes once: with the first screen or with the rest", () => {
  for (const lang of LANGUAGES)
    assert.deepEqual(
      Object.keys(first[lang]).filter((key) => key in more[lang]),
      [],
    );
});

test("every error of the engine has its sentence, with its values", () => {
  const errors = Object.entries(catalogue.errors);
  assert.ok(errors.length > 10);
  for (const [code, { values }] of errors) {
    for (const [lang, known] of Object.entries(sentences)) {
      assert.ok(known[`error.${code}`], `${lang}: error.${code}`);
      for (const hole of holes(known[`error.${code}`]))
        assert.ok(values.includes(hole), `${lang}: ${code} has no ${hole}`);
    }
  }
});

test("every recipe has its sentences", () => {
  const ids = readdirSync(new URL("crate/engine/src/recipe/", root)).flatMap((file) => [
    ...read(`crate/engine/src/recipe/${file}`).matchAll(/RECIPE: Recipe = Recipe \{\s*id: "(\w+)"/g),
  ]);
  assert.ok(ids.length > 5);
  for (const known of Object.values(sentences))
    for (const [, id] of ids) assert.ok(known[`recipe.${id}.name`] && known[`recipe.${id}.about`], id);
});

test("every knob, group and option of a recipe has its sentence", () => {
  const knobs = readdirSync(new URL("crate/engine/src/recipe/", root)).flatMap((file) => [
    ...read(`crate/engine/src/recipe/${file}`).matchAll(/\b(?:live|shape)\(\s*"(\w+)",\s*"(\w+)"/g),
  ]);
  assert.ok(knobs.length > 40, `${knobs.length} knobs are found`);
  for (const known of Object.values(sentences)) {
    for (const [, key, group] of knobs) {
      for (const name of [`knob.${key}.name`, `knob.${key}.why`, `group.${group}`])
        assert.ok(known[name], name);
    }
  }
});

test("every sentence that the page asks for by name exists", () => {
  const scripts = (folder) =>
    readdirSync(new URL(folder, root))
      .filter((file) => file.endsWith(".js"))
      .map((file) => `${folder}${file}`);
  const files = ["www/index.html", ...scripts("www/"), ...scripts("www/view/")];
  for (const file of files) {
    const text = read(file);
    const asked = [
      ...text.matchAll(/\bt\("([\w.-]+)"|key: "([\w.-]+)", args|data-t(?:-label)?"?[=:] ?"([\w.-]+)"/g),
    ].map((found) => found[1] ?? found[2] ?? found[3]);
    for (const key of asked) assert.ok(sentences.en[key], `${file}: ${key}`);
  }
});

test("a word goes with its number, and no sentence counts one of several", () => {
  const text = createText("en", sentences.en, ["en"]);
  assert.equal(text.t("status.paused", { step: 1 }), "Paused after 1 step. Train goes on from here.");
  assert.equal(text.t("status.paused", { step: 1000 }), "Paused after 1,000 steps. Train goes on from here.");
  assert.equal(text.t("error.too-large", { got: "1", most: "2" }).match(/1 weights?/)[0], "1 weight");
  const several =
    "bytes channels digits files images items labels layers moments numbers patches phases pictures pieces pins rows runs seconds " +
    "settings sizes squares steps weights";
  const counted = new RegExp(`(?:^|[^\\d.,:×–-] ?)\\b1 (?:${several.replaceAll(" ", "|")})\\b`, "i");
  assert.match("Paused after 1 steps.", counted);
  // A look at one digit alone raises no alarm, and a square has weights along both sides.
  const others = ["alarm.mode-collapse.alike", "lesson.filters"];
  for (const [key, sentence] of Object.entries(sentences.en)) {
    if (others.includes(key)) continue;
    const args = Object.fromEntries([...sentence.matchAll(/\{(\w+)/g)].map(([, name]) => [name, 1]));
    assert.doesNotMatch(text.t(key, args), counted, key);
  }
  const chinese = createText("zh", sentences.zh, ["zh"]);
  assert.match(chinese.t("status.paused", { step: 1 }), /停在第 1 步/);
  assert.ok(Object.values(sentences.zh).every((sentence) => !sentence.includes("|")));
});

test("placeholders are filled, and numbers written as the reader writes them", () => {
  const text = createText("en", sentences.en, ["de-DE", "en-GB"]);
  assert.equal(text.t("data.complete", { images: 60000 }), "All 60,000 digits are in.");
  assert.equal(text.t("no.such.key"), "no.such.key");
  assert.equal(text.say({ key: "error.new-one", args: {}, message: "in English" }), "in English");
  const args = { key: "g_rate", got: "-1", min: "1e-6", max: "1" };
  assert.equal(
    text.t("error.knob-number", args),
    "Learning rate G must be a number from 1e-6 to 1; got “-1”.",
  );
  assert.equal(text.time(3_725_000), "1:02:05");
});

test("the address, then the saved switch, then the browser choose the language", () => {
  assert.equal(chooseLanguage("?lang=zh", "en", ["en"]), "zh");
  assert.equal(chooseLanguage("?lang=xx", "zh", ["en"]), "zh");
  assert.equal(chooseLanguage("", null, ["fr-FR", "zh-TW", "en"]), "zh");
  assert.equal(chooseLanguage("", null, ["fr"]), "en");
});
