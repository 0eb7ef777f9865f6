// The school test of a run whose digits have classes: a button, how far it is, what came of it.
import { byId, mark, write } from "./dom.js";
import { percent } from "./scores.js";

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function schoolView(act) {
  const box = byId("school");
  const button = /** @type {HTMLButtonElement} */ (byId("school-test"));
  let on = false;
  button.addEventListener("click", () => act({ type: "school-test", on: !on }));
  return ({ run, step, school }, text) => {
    box.hidden = !run?.classes;
    if (box.hidden) return;
    on = school !== null && school.part < 1;
    const right = school?.right ?? null;
    mark(box, "data-right", right === null ? null : `${right}`);
    write(button, text.t(on ? "school.stop" : "school.start"));
    button.disabled = !on && step === 0;
    const said = on
      ? text.t("school.under-way", { part: percent(school?.part ?? 0, text), step: school?.step ?? 0 })
      : school && right !== null
        ? text.t("school.says", {
            right: text.number(right * 100, 1),
            taught: school.taught,
            tested: school.tested ?? 0,
            step: school.step,
          })
        : text.t(step === 0 ? "school.early" : "school.about");
    write(byId("school-says"), said);
  };
}
