// Where something else is chosen than what runs: Train says so and offers both, each by its name.
import { inForce, waitingFor } from "../state.js";
import { byId, mark, write } from "./dom.js";
import { knobName } from "./knob.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../types.js").Config} Config */

/** Settings that are named one by one. */
const NAMED = 2;

/** What runs and what is chosen, each by the name of its GAN and by that in which they differ. @param {State} state @param {Text} text */
export function named(state, text) {
  const keys = waitingFor(state).filter((key) => key !== "recipe");
  const recipe = state.recipes.find(({ id }) => id === state.config.recipe);
  /** @param {Config} config @param {State["nextData"] | "files" | undefined} data @param {string} key */
  const detail = ({ seed, knobs }, data, key) => {
    if (key === "seed") return seed ? text.t("choice.seed", { value: seed }) : text.t("choice.seed.any");
    if (key === "data") return text.t(`choice.data.${data}`);
    const info = recipe?.knobs.find((knob) => knob.key === key);
    const value = knobs[key] ?? info?.default ?? "";
    return text.t("choice.knob", { key: knobName(key, text), value: info ? text.knob(info, value) : value });
  };
  /** @param {Config} config @param {State["nextData"] | "files" | undefined} data @param {string} many */
  const name = (config, data, many) => {
    const gan = text.gan(config.recipe);
    if (keys.length === 0) return gan;
    const all = keys.map((key) => detail(config, data, key));
    return text.t("choice.with", {
      gan,
      details: keys.length > NAMED ? many : all.join(text.t("choice.and")),
    });
  };
  return {
    now: name(inForce(state), state.data?.source, text.t("choice.as-is")),
    next: name(state.config, state.nextData, text.t("choice.many", { count: keys.length })),
  };
}

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function choiceView(act) {
  const box = byId("choice");
  const [goOn, start, close] = ["go-on", "start", "close"].map((name) => byId(`choice-${name}`));
  /** @type {State["choosing"]} */
  let what = null;
  const leave = () => act({ type: "choose", what: null });
  goOn.addEventListener("click", () => what && act({ type: what }));
  start.addEventListener("click", () => act({ type: "new-run", ...(what && { then: what }) }));
  close.addEventListener("click", leave);
  box.addEventListener("keydown", (event) => event.key === "Escape" && leave());

  return (state, text) => {
    const asks = state.choosing !== null && waitingFor(state).length > 0;
    what = state.choosing;
    const appears = asks && box.hidden;
    // The focus does not vanish with the button that was pressed.
    if (!asks && box.contains(document.activeElement)) byId("train").focus();
    box.hidden = !asks;
    mark(byId("train"), "aria-expanded", asks ? "true" : null);
    if (!asks) return;
    const { now, next } = named(state, text);
    write(byId("choice-says"), text.t("choice.says", { now, next, step: state.step }));
    write(goOn, text.t("choice.go-on", { name: now }));
    write(start, text.t("choice.start", { name: next }));
    mark(close, "aria-label", text.t("choice.close"));
    if (appears) start.focus();
  };
}
