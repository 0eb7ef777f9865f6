// Says that digits come from a ready-made generator, and how it was made, until the run has a step of its own.
import { byId, write } from "./dom.js";

/** @returns {import("../types.js").View} */
export function lentView() {
  const line = byId("lent");
  return ({ lent, taking }, text) => {
    line.hidden = lent === null;
    // Of one that the visitor brought, the menu of files says more.
    if (!lent || lent.run === taking?.generator?.run) return;
    const command = `cargo ganvas train --recipe ${lent.recipe} --seed ${lent.seed} --steps ${lent.steps}`;
    write(line, text.t("latent.lent", { command }));
  };
}
