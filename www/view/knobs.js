// The settings of a run: the menu of GANs, the knobs by group, and what waits for a new run. The page's run and the one beside it share them.
import { matters, recipeOf, valueOf, waitingFor } from "../state.js";
import { make } from "./dom.js";
import { knobControl, knobName, summarise } from "./knob.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../types.js").RecipeInfo} RecipeInfo */
/** @typedef {{ info: RecipeInfo["knobs"][0], element: HTMLElement, show: (value: string) => void }} Shown */
/** @typedef {{ summary: HTMLElement, knobs: RecipeInfo["knobs"] }} Group */

/** @param {string} id @param {Text} text */
export const recipeName = (id, text) => (text.has(`recipe.${id}.name`) ? text.t(`recipe.${id}.name`) : id);

/** @param {HTMLSelectElement} menu @param {State} state @param {Text} text */
export function fillMenu(menu, state, text) {
  menu.replaceChildren(...state.recipes.map(({ id }) => make("option", { value: id }, recipeName(id, text))));
  menu.value = state.config.recipe;
}

/**
 * @param {HTMLElement} box @param {(key: string, value: string) => void} turn
 * @param {{ scope?: string, open?: () => boolean }} [options]
 *   `scope`: goes before ids and names where a page has several runs' knobs; `open`: whether the first group stands open
 * @returns {import("../types.js").View}
 */
export function knobGroups(box, turn, { scope = "", open = () => false } = {}) {
  let built = "";
  /** @type {Shown[]} */
  let controls = [];
  /** @type {Group[]} */
  let groups = [];

  /** @param {RecipeInfo | undefined} recipe @param {Text} text */
  function build(recipe, text) {
    controls = [];
    groups = [];
    const names = [...new Set(recipe?.knobs.map((knob) => knob.group))];
    box.replaceChildren(
      ...names.map((name, index) => group(name, index === 0 && open(), recipe?.knobs ?? [], text)),
    );
  }

  /** @param {string} name @param {boolean} unfolded @param {RecipeInfo["knobs"]} all @param {Text} text */
  function group(name, unfolded, all, text) {
    const knobs = all.filter((knob) => knob.group === name);
    const summary = make("small");
    groups.push({ summary, knobs });
    const rows = knobs.map((info) => {
      const { element, show } = knobControl(info, text, (value) => turn(info.key, value), scope);
      controls.push({ info, element, show });
      return element;
    });
    const title = make(
      "summary",
      {},
      make("span", {}, text.has(`group.${name}`) ? text.t(`group.${name}`) : name),
      summary,
    );
    const details = make("details", { class: "group fold" }, title, make("div", { class: "knobs" }, ...rows));
    details.open = unfolded;
    return details;
  }

  return (state, text) => {
    const wanted = `${state.config.recipe} ${state.recipes.length} ${text.lang}`;
    if (wanted !== built) build(recipeOf(state), text);
    built = wanted;
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
  };
}

/** What was set and is not yet in use, as a sentence; nothing waits where it is empty. @param {State} state @param {Text} text */
export function waiting(state, text) {
  const keys = waitingFor(state);
  const name = (/** @type {string} */ key) => {
    if (key === "seed") return text.t("seed.label");
    return key === "recipe" || key === "data" ? text.t(`pending.${key}`) : knobName(key, text);
  };
  if (keys.length === 0) return "";
  return keys.length > 2
    ? text.t("pending.many", { count: keys.length })
    : text.t("pending", { names: keys.map(name).join(", ") });
}
