// The numbers under the grids: where training stands and how fast it goes.
import { byId, write } from "./dom.js";

/** @returns {import("../types.js").View} */
export function numbersView() {
  const cells = [...byId("numbers").querySelectorAll("[data-n]")];
  const cell = Object.fromEntries(
    cells.map((element) => [/** @type {HTMLElement} */ (element).dataset.n, element]),
  );
  return (state, text) => {
    const rate = (/** @type {number} */ value) => (value > 0 ? text.number(value, value < 10 ? 1 : 0) : "–");
    write(cell.step, text.number(state.step));
    write(cell.epoch, text.number(state.epoch, 1));
    write(cell.images, rate(state.imagesPerS));
    write(cell.rate, rate(state.stepsPerS));
    write(cell.elapsed, text.time(state.elapsed));
  };
}
