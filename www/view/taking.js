// The menu of files in the card of the two nets: what can be taken away, opened, and put on a page of one's own.
import { lookedAt } from "../moments.js";
import { canFilm } from "../taking-film.js";
import { byId, make, mark, write } from "./dom.js";

/** @typedef {import("../taking-types.js").Away} Away */
/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */

/** Rows of what to take away: the buttons, and the sentence beside them. @type {[about: string, Away[]][]} */
const ROWS = [
  ["run", ["run"]],
  ["generator", ["generator"]],
  ["pytorch", ["pytorch"]],
  ["pictures", ["samples", "real", "moment"]],
  ["lapse", ["gif", "webm"]],
  ["curves", ["curves"]],
];

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function takingView(act) {
  const says = make("p", { id: "taking-says", class: "why", role: "status" });
  const code = make("textarea", { "data-t-label": "taking.embed.code", readonly: "", rows: "4", hidden: "" });
  const open = make("button", { type: "button", "data-t": "taking.open" });
  open.addEventListener("click", () => byId("files").click());
  const box = make(
    "details",
    { id: "taking", class: "taking fold" },
    make(
      "summary",
      {},
      make("h3", { "data-t": "taking.title" }),
      make("small", { "data-t": "taking.about" }),
    ),
    group("away", ...ROWS.map(([about, all]) => row(about, ...all.map(button))), says),
    group("in", row("open", open)),
    group("share", row("embed", button("embed")), code),
  );
  byId("nets").append(box);
  code.addEventListener("focus", () => code.select());

  /** @param {Away} what */
  function button(what) {
    const made = make("button", { type: "button", "data-take": what, "data-t": `taking.${what}` });
    made.addEventListener("click", () => made.ariaDisabled === "true" || act({ type: "take-away", what }));
    return made;
  }

  return (state, text) => {
    const busy = state.taking?.busy ?? null;
    const moment = lookedAt(state);
    for (const element of box.querySelectorAll("[data-take]")) {
      const made = /** @type {HTMLElement} */ (element);
      const what = /** @type {Away} */ (made.dataset.take);
      made.hidden = (what === "moment" && !moment) || (what === "webm" && !canFilm());
      // Disabled for good, it would lose the focus of whoever pressed it.
      mark(made, "aria-disabled", busy || !possible(what, state) ? "true" : null);
    }
    write(says, busy ? text.t(`taking.busy.${busy.what}`, { part: Math.round(100 * busy.done) }) : "");
    const embed = state.taking?.embed ?? "";
    code.hidden = !embed;
    if (code.value !== embed) code.value = embed;
    brought(state, text);
  };
}

/** @param {Away} what @param {State} state */
function possible(what, { run, samples, real, curves, moments }) {
  if (what === "samples") return samples !== null;
  if (what === "real") return real !== null;
  if (what === "curves") return curves.steps.length > 0;
  return run !== null && (!["gif", "webm"].includes(what) || samples !== null || moments.length > 0);
}

/** Says where digits and curves come from that the visitor brought. @param {State} state @param {Text} text */
function brought({ left, lent, taking }, text) {
  const own = left.some(({ branch }) => branch >= 0);
  const others = left.some(({ branch }) => branch < 0);
  const key = !others ? "losses.left" : own ? "taking.left.both" : "taking.left";
  mark(byId("left"), "data-t", key);
  write(byId("left"), text.t(key));
  const generator = taking?.generator;
  if (lent && lent.run === generator?.run)
    write(byId("lent"), text.t("taking.lent", { name: generator.name, step: lent.steps }));
}

/** @param {string} name @param {...HTMLElement} rows */
function group(name, ...rows) {
  const title = make("h4", { id: `taking-${name}`, "data-t": `taking.${name}` });
  return make("div", { role: "group", "aria-labelledby": title.id }, title, ...rows);
}

/** @param {string} about @param {...HTMLElement} buttons */
function row(about, ...buttons) {
  const why = make("p", { id: `taking-why-${about}`, class: "why", "data-t": `taking.${about}.why` });
  for (const button of buttons) button.setAttribute("aria-describedby", why.id);
  return make("div", { class: "taking-row" }, make("div", { class: "taking-buttons" }, ...buttons), why);
}
