// Short messages that come up, are read aloud, and can be dismissed.
import { byId, make } from "./dom.js";

const LINGER_MS = 6000;

/** @param {import("../types.js").Note} note @param {import("../types.js").Text} text */
function said(note, text) {
  const sentence = text.say(note);
  return (note.count ?? 1) > 1 ? text.t("note.times", { sentence, count: note.count ?? 1 }) : sentence;
}

/** @param {import("../types.js").Act} act @returns {import("../types.js").View} */
export function notesView(act) {
  const box = byId("notes");
  /** @type {Map<import("../types.js").Note, HTMLElement>} */
  const shown = new Map();
  return (state, text) => {
    for (const [note, element] of shown) {
      if (state.notes.includes(note)) continue;
      element.remove();
      shown.delete(note);
    }
    for (const note of state.notes) {
      if (shown.has(note)) continue;
      const close = make("button", { type: "button", class: "close", "aria-label": text.t("dismiss") }, "×");
      close.addEventListener("click", () => act({ type: "dismiss", key: note.key, note }));
      const element = make("div", { class: `note ${note.tone}` }, make("p", {}, said(note, text)), close);
      shown.set(note, element);
      box.append(element);
      if (note.tone === "info")
        setTimeout(() => shown.has(note) && act({ type: "dismiss", key: note.key, note }), LINGER_MS);
    }
  };
}
