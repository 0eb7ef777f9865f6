// For everyone: what each key asks for, what a screen reader is told, what a hidden tab says, when the screen is kept awake.
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { createAwake } from "../../../www/awake.js";
import { createAway } from "../../../www/away.js";
import { createText } from "../../../www/i18n.js";
import { folderOf, partsOf } from "../../../www/offline.js";
import { KEYS, meaning } from "../../../www/shortcuts.js";
import { initial } from "../../../www/state.js";
import { createTeller } from "../../../www/view/announce.js";
import { sentences as all } from "./sentences.js";

const read = (path) => readFileSync(new URL(`../../../www/${path}`, import.meta.url), "utf8");
const sentences = all.en;
const text = createText("en", sentences);

test("each key has its deed, its sentence, and its place in the page", () => {
  for (const { key, deed } of KEYS) {
    assert.equal(meaning({ key }, null), deed);
    assert.ok(sentences[`keys.${deed}`], deed);
  }
  assert.equal(meaning({ key: "S", shiftKey: true }, null), "step", "with caps lock");
  assert.equal(meaning({ key: "？", shiftKey: true }, null), "list", "on a Chinese keyboard");
  assert.equal(meaning({ key: "x" }, null), null);
  for (const id of ["train", "step", "reset", "digits", "charts", "latent", "settings"])
    assert.ok(read("index.html").includes(`id="${id}"`), id);
});

test("keys have their deeds on keyboards of other alphabets too, and a letter is what it writes", () => {
  assert.equal(meaning({ key: "ы", code: "KeyS" }, null), "step", "Russian");
  assert.equal(meaning({ key: "Ы", code: "KeyS", shiftKey: true }, null), "step", "Russian with caps lock");
  assert.equal(meaning({ key: "λ", code: "KeyL" }, null), "lesson", "Greek");
  assert.equal(meaning({ key: "ㄱ", code: "KeyR" }, null), "reset", "Korean");
  assert.equal(meaning({ key: "&", code: "Digit1" }, null), "digits", "French, where 1 needs Shift");
  assert.equal(meaning({ key: "é", code: "Digit2" }, null), "charts", "French");
  // Dvorak, AZERTY and Turkish: the letter that is written counts, not the place.
  assert.equal(meaning({ key: "o", code: "KeyS" }, null), null, "Dvorak's O");
  assert.equal(meaning({ key: "s", code: "Semicolon" }, null), "step", "Dvorak's S");
  assert.equal(meaning({ key: "ß", code: "KeyS" }, null), null, "a Latin letter");
  assert.equal(meaning({ key: "?", code: "Digit7", shiftKey: true }, null), "list", "Russian and German");
  assert.equal(meaning({ key: "!", code: "Digit1", shiftKey: true }, null), null);
  assert.equal(meaning({ key: "ы", code: "KeyS" }, { tag: "input" }), null, "while one types");
  assert.equal(meaning({ key: "Process", code: "KeyS" }, null), null, "an input method at work");
});

test("keys belong to the browser with a modifier, and to the field one types in", () => {
  for (const held of ["ctrlKey", "metaKey", "altKey", "isComposing", "defaultPrevented"])
    assert.equal(meaning({ key: "r", [held]: true }, null), null, held);
  for (const focus of [
    { tag: "input", type: "text" },
    { tag: "input" },
    { tag: "input", type: "number" },
    { tag: "select" },
    { tag: "textarea" },
    { tag: "div", editable: true },
    { tag: "div", role: "textbox" },
  ]) {
    for (const { key } of KEYS) assert.equal(meaning({ key }, focus), null, JSON.stringify(focus));
  }
});

test("the space bar does what the focused element does; letters still work there", () => {
  for (const focus of [
    { tag: "button" },
    { tag: "a" },
    { tag: "summary" },
    { tag: "input", type: "range" },
    { tag: "input", type: "checkbox" },
    { tag: "input", type: "radio" },
    { tag: "div", role: "slider" },
  ]) {
    assert.equal(meaning({ key: " " }, focus), null, JSON.stringify(focus));
    assert.equal(meaning({ key: "s" }, focus), "step", JSON.stringify(focus));
  }
  for (const focus of [{ tag: "body" }, { tag: "section" }, { tag: "canvas" }])
    assert.equal(meaning({ key: " " }, focus), "train");
  assert.equal(meaning({ key: " ", shiftKey: true }, null), null, "it scrolls up");
});

test("a key held down makes steps and nothing else", () => {
  assert.equal(meaning({ key: "s", repeat: true }, null), "step");
  for (const key of [" ", "r", "?"]) assert.equal(meaning({ key, repeat: true }, null), null);
});

/** @param {object} more */
const at = (more) => ({ ...initial(), run: { run: 1 }, ...more });

test("a screen reader hears what was pressed at once, and the step every 15 seconds", () => {
  const tell = createTeller();
  const said = (more, now) => tell(at(more), now).map((sentence) => text.say(sentence));
  assert.deepEqual(said({ phase: "loading", run: null }, 0), []);
  assert.deepEqual(said({ phase: "ready" }, 10), ["Ready. Press Train and watch the left grid."]);
  assert.deepEqual(said({ phase: "ready" }, 20_000), []);
  assert.deepEqual(said({ phase: "training" }, 20_000), ["Training from step 0."]);
  for (let ms = 100; ms < 15_000; ms += 100)
    assert.deepEqual(said({ phase: "training", step: ms }, 20_000 + ms), []);
  assert.deepEqual(said({ phase: "training", step: 1234 }, 35_000), ["Training, step 1,234."]);
  assert.deepEqual(said({ phase: "training", step: 1300 }, 36_000), []);
  assert.deepEqual(said({ phase: "paused", step: 1310 }, 36_100), [], "not before the worker has confirmed");
  assert.deepEqual(said({ phase: "paused", step: 1312, digest: "d" }, 36_200), ["Paused at step 1,312."]);
  assert.deepEqual(said({ phase: "paused", step: 1312, digest: "d" }, 90_000), []);
  assert.deepEqual(said({ phase: "paused", step: 1313, digest: "d" }, 90_100), ["Paused at step 1,313."]);
  assert.deepEqual(said({ phase: "ready", run: { run: 2 } }, 91_000), ["Back at step 0. Ready."]);
  const trouble = { key: "error.not-finite", args: { what: "loss", step: 7 }, remedy: "reset" };
  const [sentence] = said({ phase: "fault", trouble }, 91_100);
  assert.match(sentence, /step 7/);
  assert.deepEqual(said({ phase: "fault", trouble }, 191_100), []);
});

test("each new alarm is said once, and again when it comes back", () => {
  const tell = createTeller();
  const [alarm, other] = ["collapse", "divergence"].map((alarm) => ({ alarm, args: { class: "1" } }));
  const said = (alarms) =>
    tell(at({ phase: "ready", alarms }), 0)
      .map(({ key }) => key)
      .filter((key) => key !== "status.ready");
  assert.deepEqual(said([alarm]), ["alarm.collapse", "alarm.collapse.why"]);
  assert.deepEqual(said([{ ...alarm }]), []);
  assert.deepEqual(said([alarm, other]), ["alarm.divergence", "alarm.divergence.why"]);
  assert.deepEqual(said([]), []);
  assert.equal(said([alarm]).length, 2);
});

test("how far the run is, is said with the step", () => {
  const tell = createTeller();
  const seen = { phase: "training", step: 9, glance: { stage: "strokes" } };
  tell(at(seen), 0);
  const keys = tell(at(seen), 15_000).map(({ key }) => key);
  assert.deepEqual(keys, ["said.step", "stage.strokes"]);
});

test("a hidden tab's title says the step, at most every 5 seconds, and a note says the rest", () => {
  const page = { hidden: false, title: "GANvas" };
  const events = [];
  let now = 0;
  const away = createAway(
    (event) => events.push(event),
    page,
    () => now,
  );
  const training = (step) => at({ phase: "training", step });
  away.hear(training(5), text);
  assert.equal(page.title, "GANvas", "in view it stays as it is");
  page.hidden = true;
  away.turn(training(10), text);
  assert.equal(page.title, "▶ step 10 · GANvas");
  for (now = 100; now < 5000; now += 100) away.hear(training(10 + now), text);
  assert.equal(page.title, "▶ step 10 · GANvas");
  now = 5000;
  away.hear(training(1234), text);
  assert.equal(page.title, "▶ step 1,234 · GANvas");
  now = 5100;
  away.hear(at({ phase: "paused", step: 1240 }), text);
  assert.equal(page.title, "⏸ step 1,240 · GANvas", "that it stopped is said at once");
  page.hidden = false;
  away.turn(at({ phase: "paused", step: 1240 }), text);
  assert.equal(page.title, "GANvas");
  const [{ note }] = events;
  assert.match(text.say(note), /1,230 steps, to step 1,240/);

  page.hidden = true;
  away.turn(at({ phase: "paused", step: 1240 }), text);
  page.hidden = false;
  away.turn(at({ phase: "paused", step: 1240 }), text);
  assert.equal(page.title, "GANvas");
  assert.equal(events.length, 1, "nothing went on, so there is nothing to say");
});

/** A browser's lock on the screen whose requests end when told to. */
function screen() {
  const made = [];
  const open = [];
  const request = () =>
    new Promise((resolve, reject) => {
      const lock = new EventTarget();
      lock.released = false;
      lock.release = async () => {
        lock.released = true;
        lock.dispatchEvent(new Event("release"));
      };
      open.push({ grant: () => (made.push(lock), resolve(lock)), refuse: () => reject(new Error("no")) });
    });
  const rest = () => new Promise((done) => setImmediate(done));
  return {
    request,
    /** Ends the oldest request. */
    async answer(how) {
      open.shift()[how]();
      await rest();
    },
    asked: () => open.length,
    held: () => made.filter((lock) => !lock.released),
  };
}

test("the screen is kept awake while wanted, whatever the order of wishes and answers", async () => {
  const locks = screen();
  const keep = createAwake(locks, () => assert.fail("refused"));
  keep(false);
  assert.equal(locks.asked(), 0);
  keep(true);
  keep(true);
  assert.equal(locks.asked(), 1);
  await locks.answer("grant");
  assert.equal(locks.held().length, 1);
  keep(false);
  await new Promise((done) => setImmediate(done));
  assert.equal(locks.held().length, 0);

  keep(true);
  keep(false);
  await locks.answer("grant");
  assert.deepEqual([locks.held().length, locks.asked()], [0, 0], "what was wanted last holds");

  keep(true);
  await locks.answer("grant");
  await locks.held()[0].release();
  assert.equal(locks.asked(), 1, "asked for again when the browser let go");
});

test("a refusal is said once", async () => {
  const locks = screen();
  let refusals = 0;
  const keep = createAwake(locks, () => (refusals += 1));
  keep(true);
  await locks.answer("refuse");
  assert.deepEqual([refusals, locks.asked()], [1, 0]);
});

test("the worker is told of engines, generators and data, by their paths below the page", () => {
  const here = "https://host/some/where/";
  const urls = ["wasm/relaxed/web.js", "main.js", "data/a.gz?x=1#y", "data/a.gz", "data/"].map(
    (path) => here + path,
  );
  const found = partsOf([...urls, "https://else/some/where/data/b", "https://host/data/c"], here);
  assert.deepEqual(found, ["wasm/relaxed/web.js", "data/a.gz"]);
  assert.equal(folderOf("relaxed-fused"), "wasm/relaxed/");
  assert.equal(folderOf("simd128"), "wasm/simd128/");
});
