// What one does beside the page's run: train both, choose what B is, and see what keeps it from training.
import { alarmSentence, gravest } from "./alarm.js";
import { byId, mark, write } from "./dom.js";
import { typed } from "./knob.js";
import { fillMenu, knobGroups, waiting } from "./knobs.js";
import { now, trouble } from "./status.js";

/** @typedef {import("../types.js").Act} Act */
/** @typedef {import("./compare.js").Part} Part */

/** @param {Act} act @returns {Part} */
export function actionsPart(act) {
  const train = byId("train-both");
  const reset = byId("reset-both");
  let training = false;
  /** @param {"train" | "pause" | "reset"} type */
  const both = (type) => {
    act(type === "train" ? { type: "press", what: type } : { type });
    act({ type: "second", event: { type } });
  };
  train.addEventListener("click", () => both(training ? "pause" : "train"));
  reset.addEventListener("click", () => both("reset"));
  return (_, b, text) => {
    // By B alone, for A has a button of its own: so each can also run without the other.
    training = b.phase === "training";
    write(train, text.t(training ? "compare.pause" : "compare.train"));
    mark(reset, "title", text.t("compare.reset.why"));
  };
}

/** B's GAN, knobs and seed. @param {Act} act @returns {Part} */
export function settingsPart(act) {
  const menu = /** @type {HTMLSelectElement} */ (byId("b-recipe"));
  const seed = /** @type {HTMLInputElement} */ (byId("b-seed"));
  const pending = byId("b-pending");
  /** @param {import("../types.js").PageEvent} event */
  const tell = (event) => act({ type: "second", event });
  const knobs = knobGroups(byId("b-knobs"), (key, value) => tell({ type: "knob", key, value }), {
    scope: "b-",
  });
  let built = "";
  menu.addEventListener("change", () => tell({ type: "recipe", id: menu.value }));
  seed.addEventListener("change", () => tell({ type: "seed", value: typed(seed.value) }));
  seed.addEventListener("keydown", (event) => event.key === "Enter" && seed.blur());
  byId("b-new-run").addEventListener("click", () => tell({ type: "new-run" }));

  return (_, b, text) => {
    const wanted = `${b.recipes.length} ${text.lang}`;
    if (wanted !== built) fillMenu(menu, b, text);
    built = wanted;
    menu.value = b.config.recipe;
    if (document.activeElement !== seed) seed.value = b.config.seed;
    knobs(b, text);
    // At step 0 it starts over by itself.
    const waits = b.step > 0 || b.phase === "training" ? waiting(b, text) : "";
    pending.hidden = waits === "";
    write(byId("b-pending-text"), waits);
  };
}

/** What is wrong with B or keeps it from training, in the page's own sentences, and the way out. @param {Act} act @returns {Part} */
export function troublePart(act) {
  const box = byId("b-status");
  const sentence = byId("b-status-text");
  const button = byId("b-remedy");
  let remedy = "none";
  button.addEventListener("click", () => {
    if (remedy === "reload") location.reload();
    else if (remedy === "restart" || remedy === "reset") act({ type: "second", event: { type: remedy } });
  });
  return (_, b, text) => {
    const error = b.notes.filter(({ tone }) => tone === "error").at(-1);
    const alarm = gravest(b);
    const wrong = b.trouble
      ? trouble(b.trouble, text)
      : error
        ? text.say(error)
        : alarm && alarmSentence(alarm, text);
    const waits = !b.run || (b.phase === "training" && b.waiting);
    const said = wrong ?? (waits ? text.t(...now(b)) : "");
    box.hidden = said === "";
    mark(box, "data-tone", wrong ? "bad" : "wait");
    write(sentence, said);
    remedy = b.trouble?.remedy ?? "none";
    button.hidden = remedy === "none";
    if (remedy !== "none") write(button, text.t(`remedy.${remedy}`));
  };
}
