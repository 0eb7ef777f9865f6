// Which panels are on the screen: only those are painted, and only for those does the worker measure.
import { byId } from "./dom.js";

/** @typedef {import("../types.js").View} View */

export function createSight() {
  /** @type {Map<Element, { seen: boolean, changed: (() => void)[] }>} */
  const panels = new Map();
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) {
      const panel = panels.get(target);
      if (!panel || panel.seen === isIntersecting) continue;
      panel.seen = isIntersecting;
      panel.changed.forEach((hear) => hear());
    }
  });
  // A hidden tab shows nothing, whatever stands where one would look.
  document.addEventListener("visibilitychange", () => {
    for (const { changed } of panels.values()) changed.forEach((hear) => hear());
  });

  /** @param {Element} element */
  const sees = (element) => !document.hidden && panels.get(element)?.seen === true;

  /** @param {Element} element @param {() => void} hear that it came on the screen or went */
  function onChange(element, hear) {
    const panel = panels.get(element) ?? { seen: false, changed: [] };
    panel.changed.push(hear);
    panels.set(element, panel);
    observer.observe(element);
  }

  /** A view that paints only while its panel is on the screen, and once when it comes there. @param {Element} element @param {View} view @returns {View} */
  function only(element, view) {
    /** @type {Parameters<View> | null} */
    let latest = null;
    onChange(element, () => sees(element) && latest && view(...latest));
    return (...now) => {
      latest = now;
      if (sees(element)) view(...now);
    };
  }

  /** The same, and unseen once a run: a panel that grows as one comes to it pushes away what one reaches for. @param {Element} element @param {View} view @returns {View} */
  function settled(element, view) {
    const seen = only(element, view);
    let shape = "";
    return (state, text) => {
      const wanted = `${state.run?.run} ${state.latent.length} ${text.lang} ${text.has("slow.title")}`;
      if (wanted !== shape) view(state, text);
      shape = wanted;
      seen(state, text);
    };
  }

  return { sees, onChange, only, settled };
}

/** Says what is on the screen whenever that changes; www/watching.js tells each new worker. @param {ReturnType<typeof createSight>} sight @param {import("../types.js").Act} act */
export function watchPanels(sight, act) {
  const scores = byId("scores");
  const quality = /** @type {HTMLDetailsElement} */ (byId("quality"));
  let told = "";
  function tell() {
    const wanted = { scores: sight.sees(scores), quality: quality.open && sight.sees(quality) };
    const key = JSON.stringify(wanted);
    if (key === told) return;
    told = key;
    act({ type: "watch", ...wanted });
  }
  sight.onChange(scores, tell);
  sight.onChange(quality, tell);
  quality.addEventListener("toggle", tell);
}
