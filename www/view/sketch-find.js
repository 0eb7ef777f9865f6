// The search for the latent vector of a drawing: G's digit getting closer, and what is done with it.
import { canFind, hasLearnt, sketchingOf } from "../sketching-state.js";
import { drawDigits, make, write } from "./dom.js";
import { digitCanvas } from "./sketch-read.js";

/** @param {HTMLElement} table @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function findView(table, act) {
  const canvas = digitCanvas("inverted", "sketch.find.alt");
  const error = make("dd", { id: "sketch-error" }, "–");
  const iterations = make("dd", { id: "sketch-iterations" }, "–");
  const numbers = make(
    "dl",
    { class: "sketch-numbers" },
    make("div", {}, error, make("dt", { "data-t": "sketch.find.error" })),
    make("div", {}, iterations, make("dt", { "data-t": "sketch.find.iterations" })),
  );
  const says = make("p", { class: "says", "aria-live": "polite" });
  const find = make("button", { type: "button" });
  const use = make("button", { type: "button", "data-t": "sketch.find.use" });
  const panel = make(
    "div",
    { class: "sketch-find" },
    make("h3", { "data-t": "sketch.find.title" }),
    make(
      "div",
      { class: "sketch-says" },
      make("figure", { class: "sketch-seen" }, canvas),
      make("div", {}, says, numbers, make("div", { class: "sketch-tools" }, find, use)),
    ),
    make("p", { class: "why", "data-t": "sketch.find.why" }),
  );
  table.append(panel);
  /** @type {Uint8Array | null} */
  let shown = null;
  let going = false;
  find.addEventListener("click", () => act({ type: going ? "stop-finding" : "find-latent" }));
  use.addEventListener("click", () => act({ type: "use-found" }));

  return (state, text) => {
    const { pixels, search, found, told } = sketchingOf(state);
    panel.hidden = !canFind(state);
    going = search === "going";
    write(find, text.t(going ? "sketch.find.stop" : "sketch.find"));
    find.disabled = !pixels;
    use.disabled = !found || found.latent.length !== state.latent.length;
    write(error, found ? text.number(found.error, 4) : "–");
    write(iterations, found ? text.number(found.iterations) : "–");
    if ((found?.pixels ?? null) !== shown) drawDigits(canvas, found?.pixels ?? new Uint8Array(784));
    shown = found?.pixels ?? null;
    const key = pixels && !hasLearnt(state) && search === "none" ? "untrained" : pixels ? search : "empty";
    const kind = state.run?.classes && search !== "none" ? text.t("sketch.find.told", { kind: told }) : "";
    write(says, `${text.t(`sketch.find.says.${key}`)}${kind}`);
  };
}
