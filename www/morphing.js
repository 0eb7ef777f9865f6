// The studio: moving through the generator's latent space, by directions, over a plane, along a path, at random.
import { digitAt } from "./asking.js";
import { createDrawing, createPicture } from "./morphing-draw.js";
import { createKept } from "./morphing-kept.js";
import { FRAMES, lengthOf, planeOf, pointOf, reachOf, vectorOf } from "./morphing-space.js";
import { ageOf, morphingOf, OLD, reduceMorphing, spotAt } from "./morphing-state.js";
import { byId } from "./view/dom.js";
import { heeding } from "./view/heed.js";
import { morphView } from "./view/morph.js";

/** @typedef {import("./types.js").State} State */

/** A frame that comes later than this moves no further: the page was away. */
const LONGEST_MS = 100;

/** @param {import("./types.js").Page} page @returns {import("./types.js").Part} */
export function createMorphing(page) {
  const { act, now, decode, client, sight } = page;
  const section = byId("morphing");
  section.hidden = false;
  const view = morphView(section, act);
  const drawing = createDrawing(client);
  const seen = () => sight.sees(section) && now().latent.length > 0;
  const plane = createPicture(drawing, () => (seen() ? planeWanted(now(), act) : null));
  const film = createPicture(drawing, () => (seen() ? filmWanted(now(), act) : null));
  const keep = createKept(act);
  let running = false;
  let last = 0;

  function look() {
    keep(now());
    plane.look();
    film.look();
    findOnce();
  }

  /** Asks for directions where none are known, and for new ones where training came to rest far from them. */
  function findOnce() {
    const state = now();
    const { directions, finding, refused } = morphingOf(state);
    const old = state.phase !== "training" && ageOf(state) > OLD;
    if (seen() && !finding && !refused && (!directions || old)) act({ type: "morph-find" });
  }

  function forget() {
    drawing.forget();
    plane.forget();
    film.forget();
  }

  /** Lets time pass, picture by picture, while something plays. @param {number} time */
  function frame(time) {
    running = morphingOf(now()).playing !== null;
    if (!running) return;
    const ms = Math.max(0, Math.min(LONGEST_MS, time - last));
    last = time;
    act({ type: "morph-tick", ms });
    requestAnimationFrame(frame);
  }

  sight.onChange(section, look);
  return {
    views: [heeding(now)(sight.settled(section, view.paint)), look],
    reduce: reduceMorphing,
    effects: {
      started: forget,
      refused: ({ command }) => command === "decode-many" && forget(),
      inspected: pinsFromGrid(page),
      "decoded-many": drawing.hear,
      // Not with the next frame: the digit is on the canvas as soon as it is here.
      decoded: ({ pixels }) => seen() && view.show(pixels),
      "morph-find": () => client.send({ type: "directions" }),
      "morph-nearest": ({ pixels }) => client.send({ type: "nearest", pixels }),
      "morph-along": decode,
      "morph-pad": decode,
      "morph-pad-by": decode,
      "morph-choose": decode,
      "morph-seek": decode,
      "morph-tick": decode,
      "morph-nudge": decode,
      "morph-between": decode,
      "morph-share": decode,
      "morph-play"() {
        decode();
        if (running || !morphingOf(now()).playing) return;
        running = true;
        last = performance.now();
        requestAnimationFrame(frame);
      },
    },
  };
}

/** Pins digits of the grid of samples: by a double click, or by Enter on the one that is looked at. @param {import("./types.js").Page} page */
function pinsFromGrid({ act, now }) {
  const frame = /** @type {HTMLElement} */ (document.querySelector('.grid[data-grid="samples"]'));
  const canvas = /** @type {HTMLCanvasElement} */ (frame.querySelector("canvas"));
  let wished = -1;
  /** @param {number} index */
  function wish(index) {
    wished = index;
    if (!taken()) act({ type: "inspect", grid: "samples", index });
  }
  /** The digit wished for, once its latents are known. */
  function taken() {
    const { inspected, run, looking } = now();
    if (wished < 0 || looking !== null || inspected?.grid !== "samples" || inspected.index !== wished)
      return false;
    wished = -1;
    if (!inspected.latent.length) return true;
    const kind = run?.classes ? inspected.class : now().kind;
    act({ type: "morph-pin", latent: [...inspected.latent], kind });
    act({ type: "note", note: { tone: "info", key: "morph.pinned", args: { n: inspected.index + 1 } } });
    return true;
  }
  frame.addEventListener("dblclick", ({ clientX, clientY }) => {
    const box = canvas.getBoundingClientRect();
    const x = (clientX - box.left - canvas.clientLeft) / canvas.clientWidth;
    const y = (clientY - box.top - canvas.clientTop) / canvas.clientHeight;
    wish(digitAt(x, y, Number(canvas.dataset.columns), Number(canvas.dataset.rows)));
  });
  frame.addEventListener("keydown", ({ key }) => {
    const { inspected } = now();
    if (key === "Enter" && inspected?.grid === "samples") wish(inspected.index);
  });
  return taken;
}

/** Which generator makes the digits. @param {State} state */
const maker = ({ run, step, lent }) => `${run?.run} ${step} ${lent?.seed ?? ""}`;

/** The plane behind the pad; it waits while something plays. @param {State} state @param {import("./types.js").Act} act @returns {import("./morphing-draw.js").Wanted | null} */
export function planeWanted(state, act) {
  const morphing = morphingOf(state);
  if (morphing.playing) return null;
  const middle = pointOf(morphing, morphing.axes);
  const [u, v] = morphing.axes.map((axis) => vectorOf(axis, morphing, middle.length));
  if (!u.length || !v.length) return null;
  const [x, y] = morphing.axes.map((axis) => reachOf(axis, morphing.noise));
  const { kind } = state;
  const { mix } = morphing;
  return {
    key: [middle, morphing.axes, morphing.directions?.step, kind, mix].join(";"),
    step: maker(state),
    digits: () => planeOf(middle, u, v, [x, y]).map((latent) => ({ latent, kind, mix })),
    done: (pixels) => act({ type: "morph-plane", pixels }),
  };
}

/** The pins, and digits along the path through them. @param {State} state @param {import("./types.js").Act} act @returns {import("./morphing-draw.js").Wanted | null} */
export function filmWanted(state, act) {
  const morphing = morphingOf(state);
  const { pins, loop } = morphing;
  if (pins.length === 0) return null;
  const length = lengthOf(pins.length, loop);
  const places = length ? Array.from({ length: FRAMES }, (_, i) => (i / (FRAMES - 1)) * length) : [];
  const ids = pins.map(({ id }) => id);
  return {
    key: `${ids} ${loop}`,
    step: maker(state),
    digits: () => [...pins, ...places.map((at) => spotAt(morphing, state, at))],
    done: (pixels) => act({ type: "morph-film", pins: ids, pixels }),
  };
}
