// The strip of a time line: small pictures of kept moments side by side, the present at its end, a mark where a branch begins.
import { corner, spread } from "../moments.js";
import { drawDigits, make, mark, write } from "./dom.js";

/** @typedef {import("../types.js").State} State */
/** @typedef {import("../types.js").Text} Text */
/** @typedef {{ box: HTMLElement, canvas: HTMLCanvasElement, step: HTMLElement, fork: HTMLElement, drawn: Uint8Array | null, stop: number }} Place */

/** Room that a picture takes, in pixels of the page. */
const ROOM = 62;

/** @param {HTMLElement} box @param {(stop: number) => void} point hears at which stop the pointer points: an index of moments, or their count for the present */
export function stripView(box, point) {
  /** @type {Place[]} */
  let places = [];
  /** @type {[State, Text] | null} */
  let latest = null;

  box.addEventListener("pointerdown", (event) => {
    // A finger that scrolls the page does not scrub.
    if (event.pointerType === "mouse") box.setPointerCapture(event.pointerId);
    tell(event);
  });
  box.addEventListener(
    "pointermove",
    (event) => event.buttons === 1 && event.pointerType === "mouse" && tell(event),
  );
  new ResizeObserver(() => latest && paint(...latest)).observe(box);

  /** @param {PointerEvent} event */
  function tell({ clientX }) {
    const { left, width } = box.getBoundingClientRect();
    const index = Math.floor(((clientX - left) / width) * places.length);
    const place = places[Math.max(0, Math.min(places.length - 1, index))];
    if (place) point(place.stop);
  }

  /** As many places as wanted. @param {number} count */
  function build(count) {
    while (places.length > count) places.pop()?.box.remove();
    while (places.length < count) {
      const canvas = make("canvas", { width: "112", height: "112" });
      Object.assign(canvas.dataset, { view: "thumbnail", columns: "4", rows: "4" });
      const [step, fork] = [make("span"), make("b")];
      const made = make("div", {}, canvas, step, fork);
      places.push({ box: made, canvas, step, fork, drawn: null, stop: -1 });
      box.append(made);
    }
    // On what holds the slider, too, whose ends stand below the outer pictures.
    box.parentElement?.style.setProperty("--places", `${count}`);
  }

  /** @param {State} state @param {Text} text */
  function paint(state, text) {
    latest = [state, text];
    const { moments } = state;
    const stops = spread(moments.length + 1, Math.floor(box.clientWidth / ROOM));
    if (stops.length !== places.length) build(stops.length);
    const looking = moments.findIndex(({ id }) => id === state.looking);
    const chosen = looking < 0 ? stops.length - 1 : closest(stops.slice(0, -1), looking);
    // What is looked at has a place, if need be that of its neighbour.
    if (looking >= 0) stops[chosen] = looking;
    places.forEach((place, index) => {
      const stop = (place.stop = stops[index]);
      const moment = moments[stop];
      const pixels = moment?.pixels ?? state.samples;
      if (pixels && pixels !== place.drawn) drawDigits(place.canvas, corner(pixels));
      place.drawn = pixels;
      mark(place.canvas, "data-moment", moment ? `${moment.id}` : null);
      write(place.step, moment ? text.number(moment.step) : text.t("timeline.now"));
      const branch = moment?.branch ?? state.branch;
      const before = index > 0 ? moments[stops[index - 1]].branch : 0;
      place.box.classList.toggle("fork", branch !== before);
      write(place.fork, branch !== before ? text.t("timeline.branch", { branch: branch + 1 }) : "");
      place.box.classList.toggle("chosen", index === chosen);
    });
  }
  return paint;
}

/** The place nearest to a stop. @param {number[]} stops @param {number} wanted */
function closest(stops, wanted) {
  const away = stops.map((stop) => Math.abs(stop - wanted));
  return away.indexOf(Math.min(...away));
}
