// Presses before the handlers stand: each is done again once, by the part whose handlers it waited for.
import assert from "node:assert/strict";
import { test } from "node:test";

/** @type {Map<string, (event: object) => void>} */
const listeners = new Map();
const done = [];

/** An element that lies in what these selectors name. */
class Fake {
  constructor(name, within) {
    Object.assign(this, { name, within });
  }
  closest(selectors) {
    return selectors.split(", ").some((selector) => this.within.includes(selector)) ? this : null;
  }
  dispatchEvent(event) {
    done.push(`${event.type} ${this.name}${this.value === undefined ? "" : ` ${this.value}`}`);
  }
}
class FakeEvent {
  constructor(type, init) {
    Object.assign(this, init, { type });
  }
}
Object.assign(globalThis, {
  Element: Fake,
  MouseEvent: FakeEvent,
  Event: FakeEvent,
  addEventListener: (type, listener) => listeners.set(type, listener),
});
const { again, keep } = await import("../../../www/early.js");
const click = (target, type = "click") => listeners.get(type)?.({ type, target, clientX: 1, clientY: 1 });

test("what is pressed early is done again in its order, by the part that it waits for, and once", () => {
  const train = new Fake("train", ["button"]);
  const lesson = new Fake("lesson", ["button", "#to-lesson"]);
  const grid = new Fake("grid", [".grid"]);
  const fold = new Fake("fold", ["summary", "#below"]);
  const seed = Object.assign(new Fake("seed", []), { value: "5", type: "text" });
  for (const target of [train, lesson, grid, fold]) click(target);
  click(seed, "change");
  seed.value = "painted over";
  assert.deepEqual(done, []);
  again("main");
  assert.deepEqual(done.splice(0), ["click train", "change seed 5"]);
  // Its handlers stand: it is done by them alone.
  click(train);
  click(lesson);
  again("below");
  assert.deepEqual(done.splice(0), ["click lesson", "click grid", "click lesson"]);
  click(lesson);
  again("below");
  assert.deepEqual(done, []);
});

test("a drop can be read when it has long been handled", () => {
  const entry = { name: "folder" };
  const item = { kind: "file", webkitGetAsEntry: () => entry, getAsFile: () => null };
  const transfer = { items: [item] };
  const kept = keep(transfer);
  item.webkitGetAsEntry = () => null;
  assert.deepEqual(
    [...kept.items].map((one) => one.webkitGetAsEntry()),
    [entry],
  );
  assert.equal(keep(null), null);
});
