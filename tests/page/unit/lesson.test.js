// The lesson says the same in both languages, and what its figures point at is there.
import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { LANGUAGES } from "../../../www/i18n.js";
import { fromHash } from "../../../www/state.js";
import { mosaic } from "../../../www/view/lesson-figures.js";
import { catalogue } from "./catalogue.js";

const root = new URL("../../../", import.meta.url);
const read = (path) => readFileSync(new URL(path, root), "utf8");
const lessons = Object.fromEntries(LANGUAGES.map((lang) => [lang, read(`www/lesson/${lang}.html`)]));
const all = (text, pattern) => [...text.matchAll(pattern)].map(([, found]) => found);
/** What every language has, in the same order. */
const both = (what) => {
  const [first, ...others] = Object.values(lessons).map(what);
  for (const other of others) assert.deepEqual(other, first);
  return first;
};

const titles = (text) => all(text, /<h3 id="([\w-]+)">/g);
const shows = (text) => all(text, /data-show="([^"]*)"/g);
const tries = (text) => all(text, /data-try="([^"]*)"/g).map((hash) => hash.replaceAll("&amp;", "&"));
/** Formulas without what only spaces them, and without their words. */
const formulas = (text) =>
  all(text, /(<math[\s>].*?<\/math\s*>)/gs).map((math) =>
    math.replace(/<mtext>.*?<\/mtext\s*>/gs, "<mtext></mtext>").replace(/\s+/g, ""),
  );
const set = (math) => math.includes('<mathdisplay="block">');
const sections = (text) => text.split(/<section>/).slice(1);

test("both languages have the same sections, figures and buttons, in one order", () => {
  const ids = both(titles);
  assert.ok(ids.length > 20 && new Set(ids).size === ids.length);
  assert.ok(ids.every((id) => id.startsWith("lesson-")));
  assert.equal(
    both((text) => sections(text).length),
    ids.length,
    "one title a section",
  );
  both((text) => all(text, /data-(?:show|try|figure|figure-text)="([^"]*)"/g));
  both((text) => all(text, /href="([^"]*)"/g));
  for (const element of ["figure", "p", "li", "part", "formula"])
    both((text) => all(text, new RegExp(`(<${element}[ >]|class="${element}")`, "g")).length);
});

test("both languages have the same formulas", () => {
  // Those between paragraphs in one order; those inside a sentence as the language's words come.
  assert.ok(both((text) => formulas(text).filter(set)).length > 40);
  assert.ok(both((text) => formulas(text).sort()).length > 150);
});

test("nothing in it needs more than the page's policy allows", () => {
  for (const text of Object.values(lessons)) {
    assert.doesNotMatch(text, /\sstyle=|\son\w+=|<(?:script|style|link|iframe|img|base|form|meta)\b/i);
    for (const tag of all(text, /(<a [^>]*>)/g)) assert.match(tag, /rel="noreferrer noopener"/);
  }
});

test("every panel that it shows is on the page", () => {
  const ids = all(read("www/index.html"), /\bid="([\w-]+)"/g);
  for (const id of both(shows)) assert.ok(ids.includes(id), id);
});

test("every run that it tries is one the page can start", () => {
  const files = readdirSync(new URL("crate/engine/src/recipe/", root)).map((file) =>
    read(`crate/engine/src/recipe/${file}`),
  );
  const recipes = files.flatMap((file) => all(file, /^ {4}id: "(\w+)",/gm));
  const knobs = files.flatMap((file) => all(file, /\b(?:live|shape)\(\s*"(\w+)"/g));
  const options = files.flatMap((file) => all(file, / = "([\w-]+)"/g));
  const found = both(tries);
  assert.ok(found.length > 20);
  for (const hash of found) {
    const config = fromHash(hash);
    assert.ok(recipes.includes(config.recipe), hash);
    assert.match(config.seed, /^\d*$/);
    for (const [key, value] of Object.entries(config.knobs)) {
      assert.ok(knobs.includes(key), `${hash}: ${key}`);
      assert.ok(/^(-?[\d.]+|true|false)$/.test(value) || options.includes(value), `${hash}: ${value}`);
    }
  }
});

test("sections are short", () => {
  for (const [lang, text] of Object.entries(lessons)) {
    for (const section of sections(text)) {
      const words = section.replace(/<math.*?<\/math\s*>/gs, "x").replace(/<[^>]+>/g, " ");
      const count = words.match(lang === "zh" ? /\p{Script=Han}|[\w.]+/gu : /\S+/g)?.length ?? 0;
      const [title] = titles(section);
      assert.ok(count <= (lang === "zh" ? 450 : 260), `${lang} ${title}: ${count}`);
    }
  }
});

test("the worked example and the numbers beside it are right", () => {
  const { log, exp, abs } = Math;
  const close = (got, said, digits) => assert.ok(abs(got - said) < 0.5 * 10 ** -digits, `${got}, ${said}`);
  const [p, q] = [
    [3 / 4, 1 / 4],
    [1 / 4, 3 / 4],
  ];
  const best = p.map((real, i) => real / (real + q[i]));
  assert.deepEqual(best, [3 / 4, 1 / 4]);
  const value = p.reduce((sum, real, i) => sum + real * log(best[i]) + q[i] * log(1 - best[i]), 0);
  close(value, -1.125, 3);
  close((value + log(4)) / 2, 0.131, 3);
  const kl = (a) => a.reduce((sum, share) => sum + share * log(share / 0.5), 0);
  close((kl(p) + kl(q)) / 2, (value + log(4)) / 2, 12);
  close(0.75 * log(1.5), 0.304, 3);
  close(0.25 * log(0.5), -0.173, 3);
  // Squares against logarithms, at D = 0.01.
  close((0.01 - 1) ** 2, 0.98, 2);
  close(-log(0.01), 4.6, 1);
  close(2 * (0.01 - 1) * 0.01 * 0.99, -0.02, 2);
  // One step down the slope of -log sigmoid(w x) from w = 0.5 at x = 2.
  const sigmoid = (s) => 1 / (1 + exp(-s));
  const slope = (sigmoid(1) - 1) * 2;
  close(slope, -0.538, 3);
  close(0.5 - 0.1 * slope, 0.554, 3);
  close(-log(sigmoid(1)), 0.313, 3);
  close(-log(sigmoid(2 * (0.5 - 0.1 * slope))), 0.285, 3);
  for (const text of Object.values(lessons))
    for (const said of ["1.125", "0.131", "0.304", "0.173", "0.538", "0.554", "0.313", "0.285"])
      assert.ok(text.includes(said), said);
});

test("the lesson defines alarms by the engine's numbers", () => {
  const of = (name) => catalogue.alarms.find(({ alarm }) => alarm === name).numbers;
  const [collapse, d, g, swings] = ["mode-collapse", "d-wins", "g-wins", "oscillation"].map(of);
  const percent = (share) => `${Math.round(100 * share)}%`;
  const said = {
    "lesson-instability": [percent(d.right), percent(g.right), `${d.steps}`],
    "lesson-oscillation": [percent(swings.low), percent(swings.high), swings.steps.toLocaleString("en")],
    "lesson-collapse": [percent(collapse.one), percent(collapse.missing)],
  };
  for (const [lang, text] of Object.entries(lessons)) {
    for (const [id, numbers] of Object.entries(said)) {
      const section = sections(text).find((section) => titles(section)[0] === id);
      for (const number of numbers)
        assert.ok(section.replaceAll(" %", "%").includes(number), `${lang} ${id}: ${number}`);
    }
  }
});

test("filters are laid out in rows with a pixel between", () => {
  const pixels = [0, 64, 128, 255, 1, 2, 3, 4, 9, 9, 9, 9];
  const { width, height, words } = mosaic({ side: 2, count: 3, pixels });
  assert.deepEqual([width, height], [8, 2]);
  const grey = (byte) => 0xff000000 + byte * 0x010101;
  const [top, bottom] = [Array.from(words.slice(0, 8)), Array.from(words.slice(8))];
  assert.deepEqual(top, [grey(0), grey(64), 0, grey(1), grey(2), 0, grey(9), grey(9)]);
  assert.deepEqual(bottom, [grey(128), grey(255), 0, grey(3), grey(4), 0, grey(9), grey(9)]);
  assert.equal(mosaic({ side: 4, count: 12, pixels: new Uint8Array(192) }).height, 9);
});
