// Brings a part of the page into view and keeps it there while what is around it takes its height: near parts glide, far ones are there at once.

/** Farther than this many screens nobody can follow. */
const FAR = 2;
/** By when a glide has arrived, where the browser does not say so. */
const ARRIVED_MS = 900;
/** Frames by which what came into view has its height. */
const FRAMES = 6;

/** @param {Element} element @param {{ block?: "start" | "center", then?: () => void }} [options] `then` once it is there */
export function bring(element, { block = "start", then } = {}) {
  const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const far = Math.abs(element.getBoundingClientRect().top) > FAR * innerHeight;
  let done = false;
  const arrived = () => {
    if (done) return;
    done = true;
    settle(() => element.scrollIntoView({ behavior: "instant", block }));
    then?.();
  };
  if (still || far) return arrived();
  element.scrollIntoView({ behavior: "smooth", block });
  addEventListener("scrollend", arrived, { once: true });
  setTimeout(arrived, ARRIVED_MS);
}

/** Puts the page right now and for some frames more. @param {() => void} put */
export function settle(put) {
  const { style } = document.documentElement;
  // The browser has a way of its own to keep a place, which would be added to ours.
  style.setProperty("overflow-anchor", "none");
  let left = FRAMES;
  const frame = () => {
    put();
    left -= 1;
    if (left > 0) requestAnimationFrame(frame);
    else style.removeProperty("overflow-anchor");
  };
  frame();
}
