// The keyboard: which key does what, where the element in focus has the first word, and the list that tells of them.
import { byId, make } from "./view/dom.js";

/** @typedef {"train" | "step" | "reset" | "lesson" | "list" | "digits" | "charts" | "latent" | "settings"} Deed */
/** @typedef {{ tag: string, type?: string, role?: string | null, editable?: boolean }} Focus */
/** @typedef {{ key: string, code?: string, ctrlKey?: boolean, metaKey?: boolean, altKey?: boolean, shiftKey?: boolean, repeat?: boolean, isComposing?: boolean, defaultPrevented?: boolean }} Press */

/** Every shortcut in the order of the list; its sentence is `keys.<deed>`. @type {readonly { key: string, deed: Deed }[]} */
export const KEYS = [
  { key: " ", deed: "train" },
  { key: "s", deed: "step" },
  { key: "r", deed: "reset" },
  { key: "1", deed: "digits" },
  { key: "2", deed: "charts" },
  { key: "3", deed: "latent" },
  { key: "4", deed: "settings" },
  { key: "l", deed: "lesson" },
  { key: "?", deed: "list" },
];

/** Inputs that take no text, so that letters mean nothing to them. */
const NO_TEXT = ["button", "checkbox", "color", "file", "radio", "range", "reset", "submit"];
const TAKES_TEXT = /^(textbox|searchbox|combobox|listbox|spinbutton)$/;
/** What the space bar presses, opens or moves by itself. */
const TAKES_SPACE =
  /^(a|button|summary|input|audio|video|link|checkbox|menuitem|option|radio|slider|switch|tab)$/;

/** What a key asks for; null where it is the browser's, or the focused element's own. @param {Press} press @param {Focus | null} focus @returns {Deed | null} */
export function meaning(press, focus) {
  if (press.ctrlKey || press.metaKey || press.altKey || press.isComposing || press.defaultPrevented)
    return null;
  const key = sign(press);
  const deed = KEYS.find((known) => known.key === key)?.deed ?? null;
  // Held down, a key may only make steps.
  if (!deed || (press.repeat && deed !== "step")) return null;
  if (focus && takesText(focus)) return null;
  const taken = focus && (TAKES_SPACE.test(focus.tag) || TAKES_SPACE.test(focus.role ?? ""));
  return key === " " && (press.shiftKey || taken) ? null : deed;
}

/**
 * What a key writes; where that is no letter of the Latin alphabet, such as on a Russian or a Greek keyboard, what stands there on an English
 * one. French keyboards write digits with Shift alone.
 * @param {Press} press
 */
function sign({ key, code = "", shiftKey }) {
  // A Chinese keyboard writes the wide question mark.
  if (key === "？") return "?";
  const [, letter, digit] = /^(?:Key([A-Z])|Digit([0-9]))$/.exec(code) ?? [];
  if (letter && key.length === 1 && key > "\x7f" && !/\p{Script=Latin}/u.test(key))
    return letter.toLowerCase();
  if (digit && !shiftKey && !/^[\w?]$/.test(key) && key.length === 1) return digit;
  return key.toLowerCase();
}

/** @param {Focus} focus */
const takesText = ({ tag, type = "text", role, editable }) =>
  editable === true ||
  TAKES_TEXT.test(role ?? "") ||
  ["select", "textarea"].includes(tag) ||
  (tag === "input" && !NO_TEXT.includes(type));

/** @param {Element | null} element @returns {Focus | null} */
const focusOn = (element) =>
  element && {
    tag: element.localName,
    type: element.getAttribute("type") ?? "text",
    role: element.getAttribute("role"),
    editable: /** @type {HTMLElement} */ (element).isContentEditable,
  };

/** Brings a part of the page into view and puts the focus there, so that Tab goes on from it. @param {string} id */
function jump(id) {
  const part = document.getElementById(id);
  if (!part) return;
  if (part.tabIndex < 0) part.tabIndex = -1;
  part.focus({ preventScroll: true });
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  part.scrollIntoView({ behavior: still ? "auto" : "smooth", block: "start" });
}

/** Does what the button says, as if it had been pressed. @param {string} id */
const press = (id) => document.getElementById(id)?.click();

/** Listens to the keys and builds their list; `saved` and `save` keep the visitor's choice to have none. @param {(key: string) => string | null} saved @param {(key: string, value: string) => void} save */
export function shortcuts(saved, save) {
  const { dialog, wanted } = list();
  wanted.checked = saved("keys") !== "off";
  wanted.addEventListener("change", () => save("keys", wanted.checked ? "on" : "off"));
  byId("keys").addEventListener("click", () => dialog.showModal());
  byId("skip").addEventListener("click", (event) => {
    // The address after # is the run's.
    event.preventDefault();
    jump("digits");
  });
  addEventListener("keydown", (event) => {
    if (!wanted.checked || document.querySelector("dialog[open]")) return;
    const deed = meaning(event, focusOn(document.activeElement));
    if (!deed) return;
    event.preventDefault();
    if (deed === "list") dialog.showModal();
    else if (deed === "lesson") document.getElementById("to-lesson") ? press("to-lesson") : jump("lesson");
    else if (["train", "step", "reset"].includes(deed)) press(deed);
    else jump(deed);
  });
}

/** The list of shortcuts, as a dialog that is not open yet. */
function list() {
  const close = make("button", { type: "button", class: "close", "data-t-label": "keys.close" }, "×");
  const wanted = make("input", { type: "checkbox" });
  const rows = KEYS.filter(({ deed }) => deed !== "lesson" || document.getElementById("lesson")).map(
    ({ key, deed }) =>
      make(
        "div",
        {},
        make("dt", {}, make("kbd", key === " " ? { "data-t": "keys.space" } : {}, key.toUpperCase())),
        make("dd", { "data-t": `keys.${deed}` }),
      ),
  );
  const dialog = make(
    "dialog",
    { id: "key-list", class: "key-list", "aria-labelledby": "keys-title" },
    make("div", { class: "heading" }, make("h2", { id: "keys-title", "data-t": "keys.title" }), close),
    make("dl", {}, ...rows),
    make("label", { class: "switch" }, wanted, make("span", { "data-t": "keys.wanted" })),
    make("p", { class: "why", "data-t": "keys.hint" }),
  );
  close.addEventListener("click", () => dialog.close());
  // What is beside the list is the dialog itself.
  dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
  document.body.append(dialog);
  return { dialog, wanted };
}
