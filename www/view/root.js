// What the root element says of the state: the page's contract with its tests and with its style sheet.
import { mark } from "./dom.js";

/** @type {import("../types.js").View} */
export function paintRoot(state) {
  const root = document.documentElement;
  const { phase, step, digest, losses, build, run, data } = state;
  // Paused is what the worker has confirmed: until its digest is here, the iteration under way still counts.
  mark(root, "data-phase", phase === "paused" && !digest ? "training" : phase);
  mark(root, "data-step", `${step}`);
  mark(root, "data-images", `${data?.images ?? 0}`);
  mark(root, "data-recipe", run?.recipe ?? "");
  mark(root, "data-source", data?.source ?? "");
  mark(root, "data-build", build);
  mark(root, "data-losses", losses ? losses.join(",") : "");
  mark(root, "data-saved", "");
  mark(root, "data-digest", digest ?? null);
}
