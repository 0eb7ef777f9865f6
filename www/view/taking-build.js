// Says that a link was copied on a build whose bits differ from this one's, and offers the way to the same bits.
import { inForce, toHash } from "../state.js";
import { otherBuild, withBuild } from "../taking-link.js";
import { byId, make, write } from "./dom.js";

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function buildView(act) {
  const says = make("p");
  const go = make("button", { type: "button", class: "pill" });
  const close = make("button", { type: "button", class: "close", "data-t-label": "dismiss" }, "×");
  const dot = make("span", { class: "dot", "aria-hidden": "true" });
  const box = make(
    "div",
    { id: "other-build", class: "status other-build", "data-tone": "wait", role: "status", hidden: "" },
    ...[dot, says, close, go],
  );
  byId("status").after(box);
  /** @type {import("../types.js").State | null} */
  let latest = null;

  close.addEventListener("click", () => {
    if (!latest) return;
    const { build: _, ...config } = latest.config;
    act({ type: "address", config });
  });
  go.addEventListener("click", () => {
    const wanted = latest && otherBuild(latest.config.build, latest.build, location.search);
    if (!latest || wanted?.build === undefined) return;
    const { build, ...config } = inForce(latest);
    // By a build of another kind the run is another: the link is then this run's own.
    const hash = toHash(wanted.key === "other" ? config : { ...config, build });
    location.assign(withBuild(location.href, wanted.build, hash));
  });

  return (state, text) => {
    latest = state;
    const link = state.config.build;
    const found = otherBuild(link, state.build, location.search);
    box.hidden = !found;
    if (!found) return;
    write(says, text.t(`taking.build.${found.key}`, { link: link ?? "", here: state.build }));
    go.hidden = found.build === undefined;
    write(go, text.t(found.build ? "taking.build.go" : "taking.build.free"));
  };
}
