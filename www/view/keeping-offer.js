// The saved run that waits to go on, beside the controls; and, once it is asked for, what it waits for.
import { ago, drawPlate, plate, recipeName, titleOf } from "./keeping-words.js";
import { byId, make, mark, write } from "./dom.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function offerView(act) {
  const picture = plate();
  const title = make("b", { id: "offer-title" });
  const facts = make("small", { id: "offer-facts" });
  const go = make("button", {
    id: "continue",
    type: "button",
    class: "go",
    "aria-describedby": "offer-title offer-facts",
  });
  const no = make("button", { type: "button", class: "offer-no", "aria-describedby": "offer-title" }, "×");
  const box = make("div", { class: "offer", role: "group", hidden: "", "data-t-label": "keeping.offer" });
  box.append(picture, make("p", {}, title, facts), go, no);
  byId("train").closest(".dock")?.append(box);
  let offered = "";
  /** @type {Uint8Array | null} */
  let drawn = null;

  go.addEventListener("click", () => act({ type: "continue-run", id: offered }));
  no.addEventListener("click", () => act({ type: box.dataset.going ? "stop-continuing" : "decline-run" }));

  /** @param {boolean} shown */
  function show(shown) {
    if (!shown && box.contains(document.activeElement)) byId("train").focus({ preventScroll: true });
    box.hidden = !shown;
  }

  return (state, text) => {
    const { keeping } = state;
    const going = keeping?.going ?? null;
    const kept = keeping?.runs.find(({ id }) => id === (going ? going.id : keeping.offer));
    const fresh = state.step === 0 && state.phase !== "training" && state.run !== null;
    if (!going && !(kept && fresh)) return show(false);
    offered = kept?.id ?? "";
    mark(box, "data-going", going ? "true" : null);
    write(title, kept ? titleOf(kept, text) : (going?.name ?? ""));
    write(facts, going ? waitsFor(going, text) : kept ? factsOf(kept, text) : "");
    write(go, text.t("keeping.continue"));
    go.hidden = going !== null;
    mark(no, "aria-label", text.t(going ? "keeping.stop" : "keeping.decline"));
    no.title = no.getAttribute("aria-label") ?? "";
    if (kept && kept.picture !== drawn) drawPlate(picture, (drawn = kept.picture));
    picture.hidden = !kept;
    show(true);
  };
}

/** @param {import("../keeping-types.js").Kept} kept @param {Text} text */
function factsOf(kept, text) {
  const args = { recipe: recipeName(kept.recipe, text), step: kept.step, when: ago(kept.date, text) };
  return text.t(kept.name ? "keeping.offered.named" : "keeping.offered", args);
}

/** What a run on its way waits for. @param {import("../keeping-types.js").Going} going @param {Text} text */
function waitsFor({ needs, run }, text) {
  if (needs) return text.t(`keeping.needs.${needs}`);
  return text.t(run === null ? "keeping.bringing" : "keeping.starting");
}
