// Views that are called only when they have something to paint: most events change a field or two of the state, and no view reads many.

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").View} View */

/**
 * A view that is called when any field of the state that it has ever read has changed, or the language; what it keeps of the state goes on to be
 * the newest one. What a view takes from elsewhere, such as the time, calls nothing.
 * @param {View} view @returns {View}
 */
export function heeding(view) {
  /** Each field that was read, as it was when the view was last called. @type {Map<keyof State, unknown>} */
  const read = new Map();
  /** @type {State} */
  let now;
  /** @type {import("../types.js").Text | null} */
  let words = null;
  const seen = new Proxy(/** @type {State} */ ({}), {
    get(_, name) {
      const key = /** @type {keyof State} */ (name);
      if (!read.has(key)) read.set(key, now[key]);
      return now[key];
    },
  });
  return (state, text) => {
    now = state;
    const same = text === words && [...read].every(([key, value]) => state[key] === value);
    if (same) return;
    for (const key of read.keys()) read.set(key, state[key]);
    words = text;
    view(seen, text);
  };
}
