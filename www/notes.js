// The short messages of the page: at most three, equal ones joined, each gone once what it is about has changed. Pure.

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").Note} Note */

const MOST = 3;

/** @param {Note} a @param {Note} b */
const same = (a, b) => a.key === b.key && JSON.stringify(a.args) === JSON.stringify(b.args);

/** Adds a note, in the place of an equal one or of an older one about the same. @param {State} state @param {Note} note @returns {State} */
export function noted(state, note) {
  const equal = state.notes.find((other) => same(other, note));
  const joined = equal ? { ...note, count: (equal.count ?? 1) + 1 } : note;
  const replaced = (/** @type {Note} */ other) =>
    other === equal || (note.about !== undefined && other.about === note.about && other.key === note.key);
  return { ...state, notes: [...state.notes.filter((other) => !replaced(other)), joined].slice(-MOST) };
}

/** @param {State} state @param {{ key: string, note?: Note }} which of this key, or this one alone @returns {State} */
export function dismissed(state, { key, note }) {
  const gone = (/** @type {Note} */ other) => (note ? other === note : other.key === key);
  return { ...state, notes: state.notes.filter((other) => !gone(other)) };
}

/** Topics that are no settings. */
const OTHERS = ["data", "data.part", "files"];

/** Takes away the errors about these: they hold no more. @param {State} state @param {string[]} [topics] without: all settings @returns {State} */
export function silenced(state, topics) {
  const over = (/** @type {string} */ topic) => (topics ? topics.includes(topic) : !OTHERS.includes(topic));
  const kept = state.notes.filter(({ about }) => about === undefined || !over(about));
  return kept.length === state.notes.length ? state : { ...state, notes: kept };
}

/** What a refusal is about: a knob by its key, the seed, settings that do not go together, or files. @param {string} command @param {import("./protocol.js").Setting | undefined} setting @param {Record<string, string>} args */
export function about(command, setting, args) {
  if (["images", "labels", "open", "close"].includes(command)) return "files";
  if (!["start", "next", "tune"].includes(command)) return undefined;
  return setting === "seed" ? "seed" : (args.key ?? "settings");
}
