// The controls: Train and its neighbours, the menu of GANs, the knobs by group, the seed, and what waits for a new run.
import { isLive, matters, pending, recipeOf, valueOf } from "../state.js";
import { byId, make, mark, write } from "./dom.js";
import { knobControl, summarise } from "./knob.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../types.js").RecipeInfo} RecipeInfo */
/** @typedef {{ info: RecipeInfo["knobs"][0], element: HTMLElement, show: (value: string) => void }} Shown */
/** @typedef {{ summary: HTMLElement, knobs: RecipeInfo["knobs"] }} Group */

/** A window this high has room for the first group beside everything else. */
const ROOMY = "(min-width: 1100px) and (min-height: 1040px)";

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function controlsView(act) {
  const train = byId("train");
  const menu = /** @type {HTMLSelectElement} */ (byId("recipe"));
  const seed = /** @type {HTMLInputElement} */ (byId("seed"));
  let training = false;
  let built = "";
  /** @type {Shown[]} */
  let controls = [];
  /** @type {Group[]} */
  let groups = [];

  train.addEventListener("click", () => act({ type: training ? "pause" : "train" }));
  byId("step").addEventListener("click", () => act({ type: "step" }));
  byId("reset").addEventListener("click", () => act({ type: "reset" }));
  byId("new-run").addEventListener("click", () => act({ type: "new-run" }));
  byId("dice").addEventListener("click", () => act({ type: "dice" }));
  menu.addEventListener("change", () => act({ type: "recipe", id: menu.value }));
  seed.addEventListener("change", () => act({ type: "seed", value: seed.value }));
  // Enter means "this one": a field that changed starts nothing by itself.
  seed.addEventListener("keydown", (event) => event.key === "Enter" && seed.blur());

  /** @param {State} state @param {Text} text */
  function build(state, text) {
    const recipe = recipeOf(state);
    menu.replaceChildren(
      ...state.recipes.map(({ id }) =>
        make("option", { value: id }, text.has(`recipe.${id}.name`) ? text.t(`recipe.${id}.name`) : id),
      ),
    );
    if (!recipe) return;
    byId("recipe-about").replaceChildren(...about(recipe, text));
    controls = [];
    groups = [];
    const names = [...new Set(recipe.knobs.map((knob) => knob.group))];
    byId("knobs").replaceChildren(...names.map((name, index) => group(name, index === 0, recipe, text)));
  }

  /** @param {string} name @param {boolean} first @param {RecipeInfo} recipe @param {Text} text */
  function group(name, first, recipe, text) {
    const knobs = recipe.knobs.filter((knob) => knob.group === name);
    const summary = make("small");
    groups.push({ summary, knobs });
    const rows = knobs.map((info) => {
      const { element, show } = knobControl(info, text, (value) =>
        act({ type: "knob", key: info.key, value }),
      );
      controls.push({ info, element, show });
      return element;
    });
    const title = make(
      "summary",
      {},
      make("span", {}, text.has(`group.${name}`) ? text.t(`group.${name}`) : name),
      summary,
    );
    const details = make("details", { class: "group" }, title, make("div", { class: "knobs" }, ...rows));
    details.open = first && matchMedia(ROOMY).matches;
    return details;
  }

  return (state, text) => {
    training = state.phase === "training";
    write(train, text.t(training ? "pause" : "train"));
    mark(byId("step"), "title", text.t("step.why"));
    mark(byId("reset"), "title", text.t("reset.why"));
    const wanted = `${state.config.recipe} ${state.recipes.length} ${text.lang}`;
    if (wanted !== built) build(state, text);
    built = wanted;
    menu.value = state.config.recipe;
    if (document.activeElement !== seed) seed.value = state.config.seed;
    const value = (/** @type {string} */ key) => valueOf(state, key);
    for (const { info, element, show } of controls) {
      show(value(info.key));
      element.hidden = !matters(state, info);
    }
    for (const { summary, knobs } of groups)
      summarise(
        summary,
        knobs.filter((info) => matters(state, info)),
        value,
        text,
      );
    paintPending(state, text);
  };
}

/** Says what was set and is not yet in use. @param {State} state @param {Text} text */
function paintPending(state, text) {
  const keys = pending(state).filter((key) => !isLive(state, key));
  byId("pending").hidden = keys.length === 0;
  const name = (/** @type {string} */ key) =>
    key === "seed"
      ? text.t("seed.label")
      : key === "recipe"
        ? text.t("pending.recipe")
        : text.t(`knob.${key}.name`);
  const sentence =
    keys.length > 2
      ? text.t("pending.many", { count: keys.length })
      : text.t("pending", { names: keys.map(name).join(", ") });
  write(byId("pending-text"), keys.length ? sentence : "");
}

/** @param {RecipeInfo} recipe @param {Text} text */
function about({ id, paper }, text) {
  const [, words, link] = /^(.*?)[,\s]*(https:\/\/\S+)?$/.exec(paper) ?? [null, paper, ""];
  const sentence = text.has(`recipe.${id}.about`) ? `${text.t(`recipe.${id}.about`)} ` : "";
  if (!link) return [sentence, words ?? ""];
  return [
    sentence,
    make("a", { href: link, target: "_blank", rel: "noreferrer noopener" }, words || text.t("recipe.paper")),
  ];
}
