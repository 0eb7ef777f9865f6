// Names for what this copy of the page keeps in the browser. Other copies may live on the same origin, so every name holds the page's folder, as the
// names of the service worker's caches do.

/** The page's folder on its origin. */
export const FOLDER = new URL(".", import.meta.url).pathname;

/** The name of a database, a lock, a channel or a value of this copy. @param {string} what */
export const placed = (what) => `ganvas ${FOLDER} ${what}`;

/** The name that copies of earlier versions shared. @param {string} what */
const former = (what) => `ganvas.${what}`;

/** A small value that was kept; null where there is none, or the browser forbids to look. What an earlier version kept is taken over once. @param {string} what */
export function recall(what) {
  try {
    const value = localStorage.getItem(placed(what));
    if (value !== null) return value;
    const earlier = localStorage.getItem(former(what));
    if (earlier !== null) keep(what, earlier);
    return earlier;
  } catch {
    return null;
  }
}

/** Keeps a small value, "" in the place of none; whether the browser lets it. @param {string} what @param {string} value */
export function keep(what, value) {
  try {
    localStorage.setItem(placed(what), value);
    return true;
  } catch {
    return false;
  }
}
