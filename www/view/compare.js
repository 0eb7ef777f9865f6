// Side by side: the page's run (A) and a second one (B) from the same seed and digits, their grids, curves, and what differs.
import { actionsPart, settingsPart, troublePart } from "./compare-run.js";
import { curvesPart, differsPart, gridsPart } from "./compare-show.js";
import { byId, mark, translate } from "./dom.js";
import { shownPhase } from "./root.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {import("../types.js").Act} Act */
/** @typedef {(a: State, b: State, text: Text) => void} Part paints its share of both runs */

/**
 * Closed it is a sentence and a button; what is inside stands in the page only while it is open.
 * @param {Act} act @param {ReturnType<typeof import("./seen.js").createSight>} sight @returns {(a: State, b: State | null, text: Text) => void}
 */
export function compareView(act, sight) {
  const section = byId("compare");
  const open = /** @type {HTMLButtonElement} */ (byId("compare-open"));
  const shut = byId("compare-close");
  const template = /** @type {HTMLTemplateElement} */ (byId("compare-inside"));
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  /** @type {ReturnType<typeof fill> | null} */
  let inside = null;
  /** @type {Parameters<Part> | null} */
  let latest = null;
  open.addEventListener("click", () => act({ type: "compare", on: true }));
  shut.addEventListener("click", () => act({ type: "compare", on: false }));

  /** @param {Text} text */
  function unfold(text) {
    section.append(template.content.cloneNode(true));
    inside = fill(section, act);
    translate(text);
    byId("b-recipe").focus({ preventScroll: true });
    section.scrollIntoView({ behavior: still.matches ? "auto" : "smooth", block: "start" });
  }

  function fold() {
    inside?.close();
    inside = null;
    byId("compare-both").remove();
    for (const { name } of [...section.attributes])
      if (name.startsWith("data-")) section.removeAttribute(name);
  }

  function show() {
    if (!inside || !latest) return;
    for (const paint of inside.parts) paint(...latest);
    if (!sight.sees(section)) return;
    for (const paint of inside.pictures) paint(...latest);
  }
  sight.onChange(section, show);

  return (a, b, text) => {
    open.disabled = a.run === null;
    if ((b === null) !== (inside === null)) {
      open.hidden = b !== null;
      shut.hidden = b === null;
      latest = null;
      if (b) unfold(text);
      else {
        fold();
        open.focus({ preventScroll: true });
      }
    }
    if (!b || (latest?.[0] === a && latest[1] === b && latest[2] === text)) return;
    latest = [a, b, text];
    show();
  };
}

/** Brings what is inside to life; `pictures` need painting only where one sees them. @param {HTMLElement} section @param {Act} act */
function fill(section, act) {
  const [curves, close] = curvesPart();
  /** @type {Part[]} */
  const parts = [actionsPart(act), settingsPart(act), troublePart(act), differsPart];
  // Last, so that what the panel says is already on the screen.
  parts.push((_, b) => {
    mark(section, "data-phase", shownPhase(b));
    mark(section, "data-step", `${b.step}`);
    mark(section, "data-recipe", b.run?.recipe ?? "");
    mark(section, "data-seed", `${b.run?.seed ?? ""}`);
    mark(section, "data-digest", b.digest ?? null);
  });
  return { parts, pictures: [gridsPart(section), curves], close };
}
