// Pictures that were brought: choosing them, how far their reading is, and each set with what was made of it.
import { named } from "../sketching-import.js";
import { sketchingOf } from "../sketching-state.js";
import { drawDigits, make, mark, write } from "./dom.js";

/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("../sketching-types.js").ImageSet} ImageSet */

/** Pictures of a set that are shown. */
const SHOWN = 32;

/** @param {HTMLElement} box @param {Act} act @returns {import("../types.js").View} */
export function imagesView(box, act) {
  const choose = chooser({ accept: "image/*", multiple: "" }, act);
  const folder = chooser({ webkitdirectory: "" }, act);
  const some = make("button", { type: "button", "data-t": "sketch.images.choose" });
  const whole = make("button", { type: "button", "data-t": "sketch.images.folder" });
  some.addEventListener("click", choose);
  whole.addEventListener("click", folder);
  const bar = make("div", {
    class: "bar",
    role: "progressbar",
    "aria-valuemin": "0",
    "data-t-label": "sketch.images.bar",
  });
  const part = make("span");
  bar.append(part);
  const far = make("p", { class: "says" });
  const cancel = make("button", { type: "button", class: "pill", "data-t": "sketch.images.cancel" });
  cancel.addEventListener("click", () => act({ type: "cancel-images" }));
  const taking = make("div", { class: "own-taking", hidden: "" }, far, cancel, bar);
  const sets = make("div", { role: "status" });
  box.append(
    make(
      "div",
      { class: "own-choose" },
      some,
      whole,
      make("p", { class: "why", "data-t": "sketch.images.why" }),
    ),
    taking,
    sets,
  );
  /** @type {ImageSet[] | null} */
  let shown = null;
  let shownIn = "";

  return (state, text) => {
    const { images, taking: now } = sketchingOf(state);
    taking.hidden = !now;
    if (now) {
      write(far, text.t("sketch.images.going", { done: now.done, total: now.total }));
      mark(bar, "aria-valuenow", `${now.done}`);
      mark(bar, "aria-valuemax", `${now.total}`);
      part.style.setProperty("--part", `${now.done / (now.total || 1)}`);
    }
    if (images !== shown || text.lang !== shownIn) {
      const focused = sets.contains(document.activeElement) ? document.activeElement?.id : "";
      sets.replaceChildren(...images.map((set) => row(set, text, act)));
      if (focused) document.getElementById(focused)?.focus();
    }
    shown = images;
    shownIn = text.lang;
  };
}

/** Opens the browser's window for files. Its field is in no document: the page's own one for files stays the only one there. @param {Record<string, string>} attributes @param {Act} act */
function chooser(attributes, act) {
  const input = make("input", { type: "file", ...attributes });
  input.addEventListener("change", () => {
    const files = Array.from(input.files ?? [], (file) => ({
      file,
      path: file.webkitRelativePath || file.name,
    }));
    input.value = "";
    act({ type: "take-images", files });
  });
  return () => input.click();
}

/** @param {ImageSet} set @param {Text} text @param {Act} act */
function row(set, text, act) {
  const count = set.kinds.length;
  const some = set.pixels.subarray(0, SHOWN * 784);
  const canvas = make("canvas", {
    width: `${28 * Math.min(SHOWN / 2, count)}`,
    height: "28",
    role: "img",
    "aria-label": text.t("sketch.images.alt", { name: calledBy(set, text) }),
  });
  Object.assign(canvas.dataset, { view: "images", columns: `${Math.min(SHOWN / 2, count)}` });
  drawDigits(canvas, set.turned ? some.map((value) => 255 - value) : some);
  const turn = make(
    "button",
    { type: "button", class: "pill", id: `turn-${set.id}` },
    text.t("sketch.images.turn"),
  );
  const away = make(
    "button",
    { type: "button", class: "pill", id: `remove-${set.id}` },
    text.t("sketch.images.remove"),
  );
  mark(away, "aria-label", text.t("sketch.images.remove.name", { name: calledBy(set, text) }));
  turn.addEventListener("click", () => act({ type: "turn-images", id: set.id }));
  away.addEventListener("click", () => act({ type: "remove-images", id: set.id }));
  const made = make(
    "div",
    { class: "own-set" },
    canvas,
    make(
      "div",
      {},
      make("p", { class: "says" }, says(set, text)),
      make("div", { class: "sketch-tools" }, turn, away),
    ),
  );
  made.dataset.turned = `${set.turned}`;
  made.dataset.skipped = `${set.skipped}`;
  return made;
}

/** @param {ImageSet} set @param {Text} text */
const calledBy = ({ name }, text) => name || text.t("sketch.images.loose");

/** All that is to be said of a set. @param {ImageSet} set @param {Text} text */
function says(set, text) {
  const { kinds, turned, swapped, cut, beyond, others, skipped, bad, left } = set;
  const classes = new Set(kinds);
  const labels = !classes.has(-1) ? "all" : classes.size > 1 ? "some" : "none";
  const ink = swapped === 0 ? "light" : swapped === kinds.length ? "dark" : "mixed";
  const sentences = [
    text.t("sketch.images.in", { name: calledBy(set, text), count: kinds.length }),
    text.t(`sketch.images.labels.${labels}`, { classes: classes.size }),
    text.t(`sketch.images.${ink}`, { count: swapped }),
  ];
  if (turned) sentences.push(text.t("sketch.images.turned"));
  if (beyond) sentences.push(text.t("sketch.images.beyond", { count: beyond }));
  if (cut) sentences.push(text.t("sketch.images.cut", { count: cut }));
  if (skipped) {
    const names = bad.map((one) => named(one, text.t)).join(", ");
    const more = skipped > bad.length ? text.t("sketch.images.more", { count: skipped - bad.length }) : "";
    sentences.push(text.t("sketch.images.skipped", { count: skipped, names: names + more }));
  }
  if (others) sentences.push(text.t("sketch.images.others", { count: others }));
  if (left) sentences.push(text.t("sketch.images.left", { count: left }));
  return sentences.join(text.lang === "zh" ? "" : " ");
}
