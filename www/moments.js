// The kept moments of a run: which of them led here, which is looked at, which have room on a strip. Pure.

/** @typedef {import("./types.js").Moment} Moment */
/** @typedef {import("./types.js").Seeing} Seeing */

/** The moment that is looked at in place of the present. @param {Pick<Seeing, "moments" | "looking">} seen @returns {Moment | null} */
export const lookedAt = ({ moments, looking }) =>
  looking === null ? null : (moments.find(({ id }) => id === looking) ?? null);

/** Whether the run passed through `moment` on its way to where it is. @param {Pick<Seeing, "branch" | "forks">} seen @param {Moment} moment */
export function ledHere({ branch, forks }, moment) {
  let [at, until] = [branch, Infinity];
  while (at !== moment.branch) {
    const fork = forks[at - 1];
    if (!fork) return false;
    [at, until] = [fork.parent, Math.min(until, fork.step)];
  }
  return moment.step <= until;
}

/** The moment that one looks at once `id` may be gone: itself, or the next that is still kept, or the last. @param {Moment[]} before @param {Moment[]} kept @param {number} id */
export function nearestKept(before, kept, id) {
  const later = before
    .slice(before.findIndex((moment) => moment.id === id))
    .find((moment) => kept.includes(moment));
  return (later ?? kept.at(-1))?.id ?? null;
}

/** Which of `stops` have a place on a strip of `room` places: the first, the last, and others evenly between. @param {number} stops @param {number} room */
export function spread(stops, room) {
  const places = Math.min(stops, Math.max(2, room));
  return Array.from({ length: places }, (_, place) =>
    Math.round((place * (stops - 1)) / Math.max(1, places - 1)),
  );
}

/** The digits at the top left of a grid: a quarter of its columns and rows. @param {Uint8Array} pixels 784 bytes a digit, 8 digits a row */
export function corner(pixels) {
  const part = new Uint8Array(16 * 784);
  for (let row = 0; row < 4; row += 1)
    part.set(pixels.subarray(row * 8 * 784, (row * 8 + 4) * 784), row * 4 * 784);
  return part;
}
