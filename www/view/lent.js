// Says that digits come from a ready-made generator, and how it was made, until the run has a step of its own.
import { byId, write } from "./dom.js";

/** @returns {import("../types.js").View} */
export function lentView() {
  const line = byId("lent");
  return ({ lent }, text) => {
    line.hidden = lent === null;
    if (!lent) return;
    const command = `cargo ganvas train --recipe ${lent.recipe} --seed ${lent.seed} --steps ${lent.steps}`;
    write(line, text.t("latent.lent", { command }));
  };
}
