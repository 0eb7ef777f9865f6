// The numbers under the grids: where training stands, how fast it goes, how far it has come in a word, and when it may stop.
import { byId, mark, write } from "./dom.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */

/** @param {Element} [box] whose cells it fills, any of these @returns {import("../types.js").View} */
export function numbersView(box = byId("numbers")) {
  const cells = [...box.querySelectorAll("[data-n]")].map((cell) => /** @type {HTMLElement} */ (cell));
  return (state, text) => {
    const rate = (/** @type {number} */ value) => (value > 0 ? text.number(value, value < 10 ? 1 : 0) : "–");
    /** @type {Record<string, string>} */
    const said = {
      step: text.number(state.step),
      epoch: text.number(state.epoch, 1),
      images: rate(state.imagesPerS),
      rate: rate(state.stepsPerS),
      elapsed: text.time(state.elapsed),
    };
    for (const cell of cells) write(cell, said[cell.dataset.n ?? ""]);
  };
}

/** The stage among all stages, when the epoch ends, and the switch that pauses where nothing gets better. @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function whereView(act) {
  const stages = [...byId("stages").children].map((item) => /** @type {HTMLElement} */ (item));
  const pause = /** @type {HTMLInputElement} */ (byId("until-plateau"));
  pause.addEventListener("change", () => act({ type: "until-plateau", on: pause.checked }));
  const toBest = byId("to-best");
  /** @type {State["best"]} */
  let best = null;
  toBest.addEventListener("click", () => best && act({ type: "go-back", moment: best.moment }));
  return (state, text) => {
    const order = (state.catalogue?.stages ?? []).map(({ stage }) => `${stage}`);
    const now = order.indexOf(state.glance?.stage ?? "");
    for (const item of stages) {
      const place = order.indexOf(item.dataset.stage ?? "");
      mark(item, "aria-current", now >= 0 && place === now ? "step" : null);
      item.classList.toggle("reached", place >= 0 && place <= now);
    }
    write(byId("epoch-left"), epochLeft(state, text));
    write(byId("plateau"), state.plateau ? text.t("plateau", { step: state.plateau.best }) : "");
    pause.checked = state.untilPlateau;
    best = state.best;
    // While it gets better with every look, the best is the present or just before it.
    toBest.hidden = !best || (state.phase === "training" ? !state.plateau : best.step === state.step);
    if (best) write(toBest, text.t("best.go-back", { step: best.step }));
  };
}

/** When the epoch ends; "" where nobody can know. @param {Pick<State, "epochLeft" | "stepsPerS" | "phase">} state @param {Text} text */
export function epochLeft({ epochLeft, stepsPerS, phase }, text) {
  if (phase !== "training" || stepsPerS <= 0 || epochLeft <= 0) return "";
  const seconds = Math.ceil(epochLeft / stepsPerS);
  const [key, time] =
    seconds < 100 ? ["epoch.seconds", seconds] : ["epoch.minutes", Math.round(seconds / 60)];
  return text.t(key, { time });
}
