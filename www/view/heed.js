// Views that are called only when they have something to paint: most events change a field or two of the state, and no view reads many.

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").View} View */

/**
 * Makes of a view one that is called when any field of the state that it has ever read has changed, or the language; what it takes from elsewhere,
 * such as the time, calls nothing. What it keeps of the state for its handlers is always the present one, painted or not.
 * @param {() => State} now the state as it is
 * @returns {(view: View) => View}
 */
export const heeding = (now) => (view) => {
  /** Each field that was read, as it was when the view was last called. @type {Map<keyof State, unknown>} */
  const read = new Map();
  /** @type {import("../types.js").Text | null} */
  let words = null;
  const present = new Proxy(/** @type {State} */ ({}), {
    get(_, name) {
      const key = /** @type {keyof State} */ (name);
      const value = now()[key];
      if (!read.has(key)) read.set(key, value);
      return value;
    },
  });
  return (state, text) => {
    if (text === words && [...read].every(([key, value]) => state[key] === value)) return;
    for (const key of read.keys()) read.set(key, state[key]);
    words = text;
    view(present, text);
  };
};
