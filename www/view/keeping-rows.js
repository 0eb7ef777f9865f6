// The rows of the list of kept runs: a row stays the same element while its run is there, so that nothing that is typed is lost.
import { dateOf, drawPlate, plate, recipeName, titleOf, usualName } from "./keeping-words.js";
import { make, mark, write } from "./dom.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../keeping-types.js").Kept} Kept */
/** @typedef {import("../keeping-types.js").Keeping} Keeping */

const LONGEST = 60;

/** @param {HTMLElement} list @param {import("../types.js").Act} act */
export function rowsView(list, act) {
  /** @type {Map<string, ReturnType<typeof createRow>>} */
  const rows = new Map();

  /** The focus goes where the next run is, or the list. @param {HTMLElement} gone */
  function leave(gone) {
    const next = gone.nextElementSibling ?? gone.previousElementSibling;
    const target = next?.querySelector("input") ?? list.closest("details")?.querySelector("summary");
    /** @type {HTMLElement | null | undefined} */ (target)?.focus();
  }

  /** @param {State} state @param {Keeping} keeping @param {Text} text */
  return (state, keeping, text) => {
    for (const [id, row] of rows) {
      if (keeping.runs.some((run) => run.id === id)) continue;
      if (row.element.contains(document.activeElement)) leave(row.element);
      row.element.remove();
      rows.delete(id);
    }
    keeping.runs.forEach((kept, place) => {
      const row = rows.get(kept.id) ?? createRow(kept.id, act);
      rows.set(kept.id, row);
      row.paint(kept, keeping, text);
      // Moving an element takes the focus from it: only where it has to be.
      if (list.children[place] !== row.element && !row.element.contains(document.activeElement))
        list.insertBefore(row.element, list.children[place] ?? null);
    });
  };
}

/** @param {string} id @param {import("../types.js").Act} act */
function createRow(id, act) {
  const picture = plate();
  const name = make("input", {
    type: "text",
    class: "kept-name",
    maxlength: `${LONGEST}`,
    autocomplete: "off",
    spellcheck: "false",
  });
  const facts = make("p");
  const more = make("p", { class: "why" });
  const [go, drop, sure, keep] = ["", "", "sure", ""].map((kind) =>
    make("button", { type: "button", class: kind }),
  );
  const asking = make("span", { class: "kept-asks", role: "group", hidden: "" }, sure, keep);
  const does = make("div", { class: "kept-does" }, go, drop, asking);
  const element = make("li", {}, picture, make("div", { class: "kept-words" }, name, facts, more), does);
  /** @type {Kept | null} */
  let shown = null;
  let sureOf = false;

  name.addEventListener("change", () => {
    const value = name.value.trim();
    if (shown && value !== shown.name) act({ type: "rename-run", id, name: value });
  });
  name.addEventListener("keydown", ({ key }) => {
    if (key === "Escape") name.value = shown?.name ?? "";
    if (key === "Enter" || key === "Escape") name.blur();
    if (key === "Enter" || key === "Escape") name.focus();
  });
  go.addEventListener("click", () => act({ type: "continue-run", id }));
  drop.addEventListener("click", () => ask(true));
  keep.addEventListener("click", () => ask(false));
  asking.addEventListener("keydown", ({ key }) => key === "Escape" && ask(false));
  sure.addEventListener("click", () => act({ type: "delete-run", id }));

  /** @param {boolean} on whether to ask if it is to be deleted */
  function ask(on) {
    sureOf = on;
    asking.hidden = !on;
    go.hidden = drop.hidden = on;
    (on ? keep : drop).focus();
  }

  /** @param {Kept} kept @param {Keeping} keeping @param {Text} text */
  function paint(kept, keeping, text) {
    const present = keeping.id === id;
    const away = keeping.elsewhere.includes(id);
    const title = titleOf(kept, text);
    if (kept.picture !== shown?.picture) drawPlate(picture, kept.picture);
    if (kept.name !== shown?.name && document.activeElement !== name) name.value = kept.name;
    shown = kept;
    name.placeholder = usualName(kept, text);
    mark(name, "aria-label", text.t("keeping.name", { name: title }));
    name.disabled = kept.broken === true;
    write(facts, kept.broken ? "" : factsOf(kept, text));
    write(more, remark(kept, present, away, text));
    mark(element, "data-present", present ? "true" : null);
    mark(element, "data-step", `${kept.step}`);

    const label = away ? "keeping.copy" : "keeping.go-on";
    write(go, text.t(label));
    mark(go, "aria-label", text.t(`${label}.of`, { name: title }));
    go.hidden = sureOf || present || kept.broken === true;
    go.disabled = keeping.going !== null;
    write(drop, text.t("keeping.delete"));
    mark(drop, "aria-label", text.t("keeping.delete.of", { name: title }));
    drop.hidden = sureOf || present || away;
    write(sure, text.t("keeping.delete.sure"));
    mark(sure, "aria-label", text.t("keeping.delete.sure.of", { name: title }));
    write(keep, text.t("keeping.delete.keep"));
    mark(asking, "aria-label", text.t("keeping.delete.of", { name: title }));
  }
  return { element, paint };
}

/** @param {Kept} kept @param {Text} text */
const factsOf = (kept, text) =>
  text.t("keeping.facts", {
    recipe: recipeName(kept.recipe, text),
    step: kept.step,
    time: text.time(kept.elapsed),
    data: text.t(`keeping.on.${kept.source}`),
    date: dateOf(kept.date, text),
    size: text.bytes(kept.size),
  });

/** What is to be known before one goes on with a run. @param {Kept} kept @param {boolean} present @param {boolean} away @param {Text} text */
function remark(kept, present, away, text) {
  if (kept.broken) return text.t("keeping.unreadable.why");
  if (present) return text.t("keeping.present");
  if (away) return text.t("keeping.elsewhere");
  return kept.needy ? text.t("keeping.needy") : "";
}
