// Brings a part of the page into view: near ones glide there, far ones are there at once.

/** Farther than this many screens nobody can follow. */
const FAR = 2;
/** By when a glide has arrived, where the browser does not say so. */
const ARRIVED_MS = 900;
/** Closer to its place than this, a part is where it should be, in pixels. */
const CLOSE = 24;

/** @param {Element} element @param {{ block?: "start" | "center", then?: () => void }} [options] `then` once it is there */
export function bring(element, { block = "start", then } = {}) {
  const far = Math.abs(element.getBoundingClientRect().top) > FAR * innerHeight;
  const still = far || matchMedia("(prefers-reduced-motion: reduce)").matches;
  element.scrollIntoView({ behavior: still ? "instant" : "smooth", block });
  let done = false;
  const arrived = () => {
    if (done) return;
    done = true;
    // What comes into view may have grown on the way.
    if (block === "start" && Math.abs(element.getBoundingClientRect().top) > CLOSE)
      element.scrollIntoView({ behavior: "instant", block });
    then?.();
  };
  if (still) return void requestAnimationFrame(() => requestAnimationFrame(arrived));
  addEventListener("scrollend", arrived, { once: true });
  setTimeout(arrived, ARRIVED_MS);
}
