// Presses on what is not there yet: recorded from the page's first moment on, done again once their handlers stand. It imports nothing.

/** What the panels below the first screen listen to, on the first screen too. */
const LOWER = "#below, #lesson, #to-lesson, .grid";
const PRESSED = "button, .grid";

/** @typedef {"main" | "below"} Part whose handlers are waited for */
/** @typedef {{ part: Part, again: () => void }} Press */

/** @type {Press[]} */
let pressed = [];
/** Parts whose handlers stand. @type {Set<Part>} */
const here = new Set();

/** @param {Event} event */
function record(event) {
  const target = event.target instanceof Element ? event.target : null;
  if (!target || here.has("below")) return;
  /** @type {Part} */
  const part = target.closest(LOWER) ? "below" : "main";
  if (here.has(part)) return;
  if (event.type === "change") changed(part, /** @type {HTMLInputElement} */ (target));
  // What folds does so by itself.
  else if (target.closest(PRESSED) && !target.closest("summary")) {
    const { type, detail, clientX, clientY } = /** @type {MouseEvent} */ (event);
    const init = { bubbles: true, cancelable: true, detail, clientX, clientY };
    pressed.push({ part, again: () => target.dispatchEvent(new MouseEvent(type, init)) });
  }
}

/** What was typed or chosen may be painted over by then. @param {Part} part @param {HTMLInputElement} field */
function changed(part, field) {
  const { value, checked, type } = field;
  if (type === "file") return;
  pressed.push({
    part,
    again() {
      field.value = value;
      field.checked = checked;
      field.dispatchEvent(new Event("change", { bubbles: true }));
    },
  });
}

for (const type of ["click", "dblclick", "change"]) addEventListener(type, record, { capture: true });

/** Does again what was pressed before the handlers of `part` stood. @param {Part} part */
export function again(part) {
  here.add(part);
  const due = pressed.filter((press) => press.part === part);
  pressed = pressed.filter((press) => press.part !== part);
  for (const press of due) press.again();
}

/** A drop as it can still be read later: the browser empties it once it has been handled. @param {DataTransfer | null | undefined} transfer @returns {DataTransfer | null} */
export function keep(transfer) {
  if (!transfer) return null;
  const items = [...transfer.items].map((item) => {
    const [entry, file] = [item.webkitGetAsEntry?.() ?? null, item.getAsFile()];
    return { kind: item.kind, webkitGetAsEntry: () => entry, getAsFile: () => file };
  });
  return /** @type {DataTransfer} */ (/** @type {unknown} */ ({ items }));
}
