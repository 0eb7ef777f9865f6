// The screen is kept awake while training runs in view: only where the visitor asks for it and the browser can.
import { byId } from "./view/dom.js";

/**
 * Holds a lock on the screen while told to. What it is told meanwhile holds in the end, however long a request takes.
 * @param {Pick<WakeLock, "request">} locks @param {() => void} refused hears that the browser would not
 */
export function createAwake(locks, refused) {
  let wanted = false;
  let busy = false;
  /** @type {WakeLockSentinel | null} */
  let held = null;

  async function settle() {
    if (busy) return;
    busy = true;
    try {
      while (wanted !== (held !== null)) {
        if (held) {
          const lock = held;
          held = null;
          await lock.release();
        } else {
          const lock = await locks.request("screen");
          held = lock;
          // The browser lets go by itself too, as when the page is hidden or little power is left.
          lock.addEventListener("release", () => {
            if (held !== lock) return;
            held = null;
            void settle();
          });
        }
      }
    } catch {
      if (wanted) refused();
      wanted = false;
    }
    busy = false;
  }

  return (/** @type {boolean} */ on) => {
    wanted = on;
    void settle();
  };
}

/** @param {import("./types.js").Act} act @returns {import("./types.js").View} */
export function awakeView(act) {
  const box = /** @type {HTMLInputElement} */ (byId("awake"));
  if (!navigator.wakeLock) return () => {};
  byId("awake-row").hidden = false;
  const keep = createAwake(navigator.wakeLock, () => {
    if (document.hidden) return;
    box.checked = false;
    act({ type: "note", note: { tone: "error", key: "awake.refused", args: {} } });
  });
  let training = false;
  const update = () => keep(box.checked && training && !document.hidden);
  box.addEventListener("change", update);
  document.addEventListener("visibilitychange", update);
  return (state) => {
    training = state.phase === "training";
    update();
  };
}
