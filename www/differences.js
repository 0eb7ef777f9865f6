// In what two runs differ: recipe, seed, data, and every knob that does something in at least one of them. Pure.

/** @typedef {import("./types.js").Run} Run */
/** @typedef {import("./types.js").KnobInfo} KnobInfo */
/** @typedef {import("./types.js").RecipeInfo} RecipeInfo */
/** @typedef {{ key: string, a: string | null, b: string | null, info?: KnobInfo }} Difference null: that run has no such thing */

/** Values that switch a knob off: a run that has no such knob does the same. */
const OFF = ["0", "false"];

/**
 * @param {Run} a @param {Run} b @param {RecipeInfo[]} recipes
 * @param {(a: string, b: string) => boolean} same whether two spellings of a value are the same
 * @returns {Difference[]}
 */
export function differences(a, b, recipes, same) {
  const infos = [a, b].flatMap((run) => recipes.find(({ id }) => id === run.recipe)?.knobs ?? []);
  const keys = [...new Set(infos.map(({ key }) => key))];
  /** @type {Difference[]} */
  const found = [
    { key: "recipe", a: a.recipe, b: b.recipe },
    { key: "seed", a: `${a.seed}`, b: `${b.seed}` },
    ...keys.map((key) => {
      const info = infos.find((other) => other.key === key);
      return { key, a: valueIn(a, key, recipes), b: valueIn(b, key, recipes), info };
    }),
  ];
  return found.filter(({ a, b }) => {
    if (a === null || b === null) return !OFF.includes(a ?? b ?? OFF[0]);
    return !same(a, b);
  });
}

/**
 * A knob's value, where it does something as the others stand. A recipe of one form has no knob for the form, but others that go with it.
 * @param {Run} run @param {string} key @param {RecipeInfo[]} recipes
 */
function valueIn(run, key, recipes) {
  const knobs = recipes.find(({ id }) => id === run.recipe)?.knobs ?? [];
  const info = knobs.find((knob) => knob.key === key);
  if (!info || !(key in run.knobs)) return knobs.find(({ when }) => when?.[0] === key)?.when?.[1][0] ?? null;
  const [master, wanted = []] = info.when ?? [];
  const idle = master !== undefined && master in run.knobs && !wanted.includes(run.knobs[master]);
  return idle ? null : run.knobs[key];
}

/** Whether their losses measure the same, so that one curve's height says something beside the other's. @param {Run} a @param {Run} b */
export const comparable = (a, b) => a.knobs.loss === b.knobs.loss && a.trainer === b.trainer;
