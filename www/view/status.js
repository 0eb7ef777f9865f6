// The one sentence on what is happening, and the way out where something stopped.
import { byId, mark, write } from "./dom.js";

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function statusView(act) {
  const box = byId("status");
  const sentence = byId("status-text");
  const button = byId("remedy");
  /** @type {string} */
  let remedy = "none";
  button.addEventListener("click", () => {
    if (remedy === "reload") location.reload();
    else if (remedy === "restart" || remedy === "reset") act({ type: remedy });
  });
  return (state, text) => {
    remedy = state.trouble?.remedy ?? "none";
    write(sentence, state.trouble ? trouble(state.trouble, text) : text.t(...now(state)));
    mark(
      box,
      "data-tone",
      state.trouble ? "bad" : state.waiting || state.phase === "loading" ? "wait" : "good",
    );
    button.hidden = remedy === "none";
    if (remedy !== "none") write(button, text.t(`remedy.${remedy}`));
  };
}

/** @param {import("../types.js").Trouble} trouble @param {import("../types.js").Text} text */
function trouble(trouble, text) {
  const advice = trouble.key === "error.not-finite" ? ` ${text.t("fault.advice")}` : "";
  return text.say(trouble) + advice;
}

/** @param {import("../types.js").State} state @returns {[string, Record<string, number>?]} */
function now({ phase, run, data, waiting, step }) {
  if (!run) return [phase === "training" ? "status.loading.wanted" : "status.loading"];
  if (phase === "training" && waiting)
    return [data?.usable && step > 0 ? "status.waiting.more" : "status.waiting"];
  if (phase === "training") return [`status.training.${data?.source ?? "mnist"}`];
  if (phase === "paused") return ["status.paused", { step }];
  return [data?.usable ? "status.ready" : "status.ready.waiting"];
}
