// Plays an iteration phase by phase at a pace: asks for the next one when its time has come and the last one has been shown.

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */

/** After so long it asks again where nothing could be played: digits have not arrived. */
const PATIENCE_MS = 1000;

/** @param {() => State} now the state as it is @param {(event: AnyEvent) => void} dispatch */
export function createPacer(now, dispatch) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  let asked = -Infinity;
  /** @type {State["amid"] | undefined} */
  let before;

  function tick() {
    clearTimeout(timer);
    const { pace, amid, owed } = now();
    // What is owed comes back here by itself.
    if (pace === null || owed > 0) return;
    const due = asked + (amid === before ? PATIENCE_MS : 1000 / pace) - performance.now();
    if (due > 0) {
      timer = setTimeout(tick, due);
      return;
    }
    before = amid;
    asked = performance.now();
    dispatch({ type: "advance", by: "phase", slowly: true });
  }

  /** @type {import("./drive.js").Effects} */
  const effects = {
    pace() {
      before = undefined;
      tick();
    },
    progress: tick,
  };
  return { effects };
}
