// The controls: Train and its neighbours, the menu of GANs, the knobs by group, the seed, and what waits for a new run.
import { recipeOf, waitingFor } from "../state.js";
import { named } from "./choice.js";
import { byId, make, mark, write } from "./dom.js";
import { typed } from "./knob.js";
import { fillMenu, knobGroups } from "./knobs.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../types.js").RecipeInfo} RecipeInfo */

/** A window this high has room for the first group beside everything else. */
const ROOMY = "(min-width: 68.75em) and (min-height: 65em)";

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function controlsView(act) {
  const train = byId("train");
  const menu = /** @type {HTMLSelectElement} */ (byId("recipe"));
  const seed = /** @type {HTMLInputElement} */ (byId("seed"));
  let training = false;
  const knobs = knobGroups(byId("knobs"), (key, value) => act({ type: "knob", key, value }), {
    open: () => matchMedia(ROOMY).matches,
  });
  let built = "";

  train.addEventListener("click", () => act(training ? { type: "pause" } : { type: "press", what: "train" }));
  byId("step").addEventListener("click", () => act({ type: "press", what: "step" }));
  byId("reset").addEventListener("click", () => act({ type: "reset" }));
  byId("new-run").addEventListener("click", () => act({ type: "new-run" }));
  byId("dice").addEventListener("click", () => act({ type: "dice" }));
  menu.addEventListener("change", () => act({ type: "recipe", id: menu.value }));
  /** @type {RecipeInfo | null} */
  let recipe = null;
  for (const preset of /** @type {const} */ (["fast", "fine"]))
    byId(`preset-${preset}`).addEventListener("click", () => {
      if (recipe) act({ type: "recipe", id: recipe.id, knobs: preset === "fine" ? recipe.fine : {} });
    });

  /** Which of the recipe's two presets the settings are, if any, and what it reaches. @param {State} state @param {Text} text */
  function paintPresets(state, text) {
    recipe = recipeOf(state) ?? null;
    const fine = recipe?.fine ?? {};
    const both = Object.keys(fine).length > 0;
    const chosen = presetOf(state.config.knobs, fine);
    byId("presets").hidden = !both;
    for (const preset of ["fast", "fine"])
      mark(byId(`preset-${preset}`), "aria-pressed", `${preset === chosen}`);
    byId("preset-why").hidden = !both || !chosen;
    if (!both || !chosen) return;
    const own = `preset.${recipe?.id}.${chosen}`;
    write(byId("preset-why"), text.t(text.has(own) ? own : `preset.${chosen}.why`));
  }
  seed.addEventListener("change", () => act({ type: "seed", value: typed(seed.value) }));
  // Enter means "this one": a field that changed starts nothing by itself.
  seed.addEventListener("keydown", (event) => event.key === "Enter" && seed.blur());

  /** @param {State} state @param {Text} text */
  function build(state, text) {
    const recipe = recipeOf(state);
    fillMenu(menu, state, text);
    if (recipe) byId("recipe-about").replaceChildren(...about(recipe, text));
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
    paintPresets(state, text);
    // What is being typed stays, unless the seed itself is another one.
    if (document.activeElement !== seed || seed.dataset.value !== state.config.seed)
      seed.value = seed.dataset.value = state.config.seed;
    knobs(state, text);
    const waits = waitingFor(state).length > 0;
    byId("pending").hidden = !waits || state.choosing !== null;
    if (!waits) return;
    const { now, next } = named(state, text);
    write(byId("pending-text"), text.t("choice.says", { now, next, step: state.step }));
    write(byId("new-run"), text.t("choice.start", { name: next }));
  };
}

/** @param {Record<string, string>} knobs what differs from the defaults @param {Record<string, string>} fine */
function presetOf(knobs, fine) {
  const keys = Object.keys(knobs);
  if (keys.length === 0) return "fast";
  const same = keys.length === Object.keys(fine).length && keys.every((key) => knobs[key] === fine[key]);
  return same ? "fine" : null;
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
