// What the root element says of the state: the page's contract with its tests and with its style sheet.
import { mark } from "./dom.js";

/** Paused is what the worker has confirmed: until its digest is here, the iteration under way still counts. @param {import("../types.js").State} state */
export const shownPhase = ({ phase, digest, standing }) =>
  phase === "paused" && !digest && !standing ? "training" : phase;

/** @type {import("../types.js").View} */
export function paintRoot(state) {
  const root = document.documentElement;
  const { step, digest, losses, build, run, data, alarms, keeping } = state;
  mark(root, "data-phase", shownPhase(state));
  mark(root, "data-step", `${step}`);
  mark(root, "data-images", `${data?.images ?? 0}`);
  mark(root, "data-recipe", run?.recipe ?? "");
  mark(root, "data-source", data?.source ?? "");
  mark(root, "data-build", build);
  mark(root, "data-losses", losses ? losses.join(",") : "");
  mark(root, "data-alarms", alarms.map(({ alarm }) => alarm).join(" "));
  mark(root, "data-saved", `${keeping?.saved ?? ""}`);
  mark(root, "data-digest", digest ?? null);
}
