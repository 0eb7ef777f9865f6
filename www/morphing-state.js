// The studio's state: what it is at first, and how what visitors do there and what the worker answers changes it.
import { drawLatent, latentsOf, sameLatents } from "./latent.js";
import { mixOf, reshare, sharesBetween, sharesOf } from "./morphing-mix.js";
import { between, eased, effectOf, latentOf, legOf, lengthOf, pointOf, reachOf } from "./morphing-space.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */
/** @typedef {import("./morphing-types.js").Morphing} Morphing */
/** @typedef {import("./morphing-types.js").Axis} Axis */
/** @typedef {import("./morphing-types.js").Spot} Spot */
/** @typedef {Partial<Morphing> & Partial<Spot>} Change what an event changes; `latent` and `kind` are the page's own */

export const MOST_PINS = 12;
/** Steps after which directions may no longer be those of the generator. */
export const OLD = 200;
/** Part of the way to the next digit that a click goes where nothing moves by itself. */
const NUDGE = 0.125;

/** @returns {Morphing} */
export const blank = () => ({
  size: 0,
  noise: undefined,
  modes: 0,
  base: [],
  along: {},
  directions: null,
  finding: false,
  refused: false,
  axes: ["d0", "d1"],
  plane: null,
  pins: [],
  pinned: 0,
  chosen: null,
  film: null,
  at: null,
  loop: true,
  playing: null,
  speed: 0.5,
  walk: null,
  mix: [],
  mixed: [0, 1],
  seeking: null,
  near: null,
});

/** What the studio is at; it may have come when a run stood already. @param {State} state @returns {Morphing} */
export function morphingOf({ morphing, run, latent }) {
  return morphing ?? { ...blank(), ...latentsOf(run), base: latent };
}

/** Takes what latents among the pad's axes have out of the base, so that the pad shows their values. @param {number[]} base @param {Record<Axis, number>} along @param {readonly Axis[]} axes */
function absorbed(base, along, axes) {
  const own = { base: [...base], along: { ...along } };
  for (const axis of axes) {
    const index = latentOf(axis);
    if (index < 0) continue;
    own.along[axis] = (own.along[axis] ?? 0) + own.base[index];
    own.base[index] = 0;
  }
  return own;
}

/** Stands at a point, from which all axes begin anew. @param {Morphing} morphing @param {number[]} latent */
const stand = ({ axes }, latent) => absorbed(latent, {}, axes);

/** Stopped, and off the path. */
const off = { at: null, playing: null, walk: null };

/** Moves along axes. @param {Morphing} morphing @param {Record<Axis, number>} moves @returns {Change} */
function moved(morphing, moves) {
  const along = { ...morphing.along, ...moves };
  return { ...off, along, latent: pointOf({ ...morphing, along }) };
}

/** What is at a place on the path. @param {Morphing} morphing @param {State} state @param {number} at @returns {Spot} */
export function spotAt({ pins, loop, ...space }, { run }, at) {
  const { from, to, part } = legOf(at, pins.length, loop);
  const [a, b] = [pins[from], pins[to]];
  const latent = between(space, a.latent, b.latent, part);
  const count = run?.classes ?? 0;
  if (count === 0) return { latent, kind: a.kind, mix: [] };
  return { latent, ...sharesBetween(sharesOf(a, count), sharesOf(b, count), part) };
}

/** @param {Morphing} morphing @param {State} state @param {number} at @returns {Change} */
function onPath(morphing, state, at) {
  if (lengthOf(morphing.pins.length, morphing.loop) === 0) return off;
  const spot = spotAt(morphing, state, at);
  return { ...spot, ...stand(morphing, spot.latent), at, walk: null };
}

/** @param {Morphing} morphing @param {State} state @param {number} by pins @returns {Change} */
function alongPath(morphing, state, by) {
  const length = lengthOf(morphing.pins.length, morphing.loop);
  const next = (morphing.at ?? 0) + by;
  if (next < length || length === 0) return onPath(morphing, state, next);
  if (morphing.loop) return onPath(morphing, state, next % length);
  return { ...onPath(morphing, state, length), playing: null };
}

/** @param {Morphing} morphing @param {State} state @param {number} seed @returns {import("./morphing-types.js").Walk} */
const setOut = (morphing, { latent }, seed) => ({
  seed,
  from: latent,
  to: drawLatent(morphing, seed),
  part: 0,
});

/** @param {Morphing} morphing @param {import("./morphing-types.js").Walk} walk @param {number} by draws @returns {Change} */
function alongWalk(morphing, walk, by) {
  let { seed, from, to, part } = walk;
  for (part += by; part >= 1; part -= 1) {
    seed += 1;
    [from, to] = [to, drawLatent(morphing, seed)];
  }
  const latent = between(morphing, from, to, eased(part));
  return { latent, ...stand(morphing, latent), at: null, walk: { seed, from, to, part } };
}

/** @type {{ [T in AnyEvent["type"]]?: (morphing: Morphing, event: Extract<AnyEvent, { type: T }>, state: State) => Change | null }} */
const on = {
  started(morphing, run, { latent }) {
    const space = latentsOf(run);
    const fits = sameLatents(morphing, space);
    const { loop, speed, mixed, pinned } = morphing;
    const kept = fits ? morphing : { ...blank(), loop, speed, mixed, pinned };
    return {
      ...kept,
      ...off,
      ...space,
      ...stand(kept, latent),
      ...{ directions: null, finding: false, refused: false, plane: null, seeking: null, near: null },
      mix: run.classes ? kept.mix : [],
    };
  },
  directions(morphing, { step, count, vectors, shares, effects }, { latent, lent }) {
    const size = latent.length;
    const numbers = size - morphing.modes;
    const rows = Array.from({ length: count }, (_, i) => Array.from(vectors.slice(i * size, (i + 1) * size)));
    const directions = {
      step,
      lent: lent !== null,
      vectors: rows,
      shares: Array.from(shares),
      effects: rows.map((_, i) => effectOf(effects.slice(i * 4, i * 4 + 4))),
    };
    // Where there are not two directions, single latents take their place.
    const axes = /** @type {[Axis, Axis]} */ (
      morphing.axes.map((axis, i) =>
        latentOf(axis) < 0 && !rows[Number(axis.slice(1))] ? `z${i % numbers}` : axis,
      )
    );
    return { directions, finding: false, refused: false, axes, ...stand({ ...morphing, axes }, latent) };
  },
  refused(_, { command }) {
    if (command === "directions") return { finding: false, refused: true };
    return command === "nearest" ? { seeking: null } : null;
  },
  nearest({ seeking }, { classes, distances, sibling, pixels }) {
    if (!seeking) return null;
    const near = {
      of: seeking,
      classes: Array.from(classes),
      distances: Array.from(distances),
      sibling,
      pixels,
    };
    return { seeking: null, near };
  },

  latents(morphing, { values }) {
    return { ...stand(morphing, values), ...off };
  },
  latent(morphing, { index }, { latent }) {
    const by = latent[index] - (pointOf(morphing)[index] ?? 0);
    const axis = `z${index}`;
    if (morphing.axes.includes(axis)) {
      return { ...off, along: { ...morphing.along, [axis]: (morphing.along[axis] ?? 0) + by } };
    }
    const base = morphing.base.map((value, i) => (i === index ? value + by : value));
    return { ...off, base };
  },
  kind({ mixed: [a, b], playing }, { kind }) {
    const mixed = /** @type {[number, number]} */ (kind === a || kind === b ? [a, b] : [kind, b]);
    return { mix: [], mixed, ...(playing === "path" ? off : {}) };
  },
  "new-run": () => off,

  "morph-find": () => ({ finding: true, refused: false }),
  "morph-along": (morphing, { axis, value }) => moved(morphing, { [axis]: value }),
  "morph-pad": (morphing, { x, y }) => moved(morphing, { [morphing.axes[0]]: x, [morphing.axes[1]]: y }),
  "morph-pad-by"(morphing, { x, y }) {
    const to = (/** @type {Axis} */ axis, /** @type {number} */ by) => {
      const reach = reachOf(axis, morphing.noise);
      return Math.round(Math.max(-reach, Math.min(reach, (morphing.along[axis] ?? 0) + by)) * 100) / 100;
    };
    const [across, up] = morphing.axes;
    return moved(morphing, { [across]: to(across, x), [up]: to(up, y) });
  },
  "morph-axis"({ base, along, axes: [x, y] }, { which, axis }) {
    const other = which === 0 ? y : x;
    /** @type {[Axis, Axis]} */
    const axes = axis === other ? [y, x] : which === 0 ? [axis, y] : [x, axis];
    return { axes, ...absorbed(base, along, axes), plane: null };
  },
  "morph-plane": (_, { pixels }) => ({ plane: pixels }),

  "morph-pin"({ pins, pinned, mix }, { latent, kind }, state) {
    if (pins.length >= MOST_PINS || !state.latent.length) return null;
    const id = pinned + 1;
    // One from the grid is of a class, whatever is mixed meanwhile.
    const told = kind === undefined ? { kind: state.kind, mix } : { kind, mix: [] };
    const pin = { id, latent: latent ?? state.latent, ...told, pixels: latent ? null : state.decoded };
    return { pins: [...pins, pin], pinned: id, chosen: id };
  },
  "morph-restore"({ pins, pinned }, { pins: kept }) {
    const added = kept.slice(0, MOST_PINS - pins.length);
    const brought = added.map((spot, i) => ({ ...spot, id: pinned + 1 + i, pixels: null }));
    return { pins: [...pins, ...brought], pinned: pinned + brought.length };
  },
  "morph-choose"(morphing, { id }) {
    const index = morphing.pins.findIndex((pin) => pin.id === id);
    if (index < 0) return null;
    const { latent, kind, mix } = morphing.pins[index];
    return { ...off, ...stand(morphing, latent), latent, kind, mix, chosen: id, at: index };
  },
  "morph-move"({ pins }, { id, by }) {
    const from = pins.findIndex((pin) => pin.id === id);
    const to = from + by;
    if (from < 0 || to < 0 || to >= pins.length) return null;
    const order = pins.filter((pin) => pin.id !== id);
    order.splice(to, 0, pins[from]);
    return { ...off, pins: order };
  },
  "morph-remove"({ pins, chosen }, { id }) {
    const index = pins.findIndex((pin) => pin.id === id);
    const left = pins.filter((pin) => pin.id !== id);
    const next = left[Math.min(index, left.length - 1)]?.id ?? null;
    const film = left.length > 1 ? {} : { film: null };
    return { ...off, ...film, pins: left, chosen: chosen === id ? next : chosen };
  },
  "morph-film"({ pins }, { pins: drawn, pixels }) {
    const picture = (/** @type {number} */ place) => pixels.slice(place * 784, (place + 1) * 784);
    const shown = pins.map((pin) => {
      const place = drawn.indexOf(pin.id);
      return place < 0 ? pin : { ...pin, pixels: picture(place) };
    });
    const film = pixels.slice(drawn.length * 784);
    return { pins: shown, film: film.length && pins.length > 1 ? film : null };
  },
  "morph-seek": (morphing, { at }, state) => onPath(morphing, state, at),
  "morph-loop"({ at, pins, playing }, { on: loop }) {
    const beyond = at !== null && at > lengthOf(pins.length, loop);
    return { loop, at: beyond ? null : at, playing: beyond ? null : playing };
  },
  "morph-speed": (_, { speed }) => ({ speed }),
  "morph-play"(morphing, { what, seed }, state) {
    if (what === null) return { playing: null };
    if (what === "walk") return { ...off, playing: what, walk: setOut(morphing, state, seed) };
    const length = lengthOf(morphing.pins.length, morphing.loop);
    if (length === 0) return null;
    const from = morphing.at !== null && morphing.at < length ? morphing.at : 0;
    return { ...onPath(morphing, state, from), playing: what };
  },
  "morph-tick"(morphing, { ms }, state) {
    const by = (morphing.speed * ms) / 1000;
    if (morphing.playing === "path") return alongPath(morphing, state, by);
    return morphing.playing && morphing.walk ? alongWalk(morphing, morphing.walk, by) : null;
  },
  "morph-nudge"(morphing, { what, seed }, state) {
    if (what === "walk") return alongWalk(morphing, morphing.walk ?? setOut(morphing, state, seed), NUDGE);
    const atEnd = morphing.at === lengthOf(morphing.pins.length, morphing.loop);
    if (morphing.at === null || atEnd) return onPath(morphing, state, 0);
    return alongPath(morphing, state, NUDGE);
  },

  "morph-between"({ playing }, { a, b, part }, { run }) {
    const stopped = playing === "path" ? off : {};
    return { ...mixOf(a, b, part, run?.classes ?? 0), mixed: [a, b], ...stopped };
  },
  "morph-share"({ mix, playing }, { kind, share }, state) {
    const shares = sharesOf({ kind: state.kind, mix }, state.run?.classes ?? 0);
    return { ...reshare(shares, kind, share), ...(playing === "path" ? off : {}) };
  },
  "morph-nearest": (_, { pixels }) => ({ seeking: pixels }),
};

/** The state after `event`; the same object where it does not concern the studio. @param {State} state @param {AnyEvent} event @returns {State} */
export function reduceMorphing(state, event) {
  const handler =
    /** @type {((morphing: Morphing, event: AnyEvent, state: State) => Change | null) | undefined} */ (
      on[event.type]
    );
  const morphing = morphingOf(state);
  const change = handler?.(morphing, event, state);
  if (!change) return state;
  const { latent = state.latent, kind = state.kind, ...own } = change;
  return { ...state, latent, kind, morphing: { ...morphing, ...own } };
}

/** By how many steps the directions are older than the generator; infinite where they are another's. @param {State} state */
export function ageOf(state) {
  const { directions } = morphingOf(state);
  if (!directions) return 0;
  return directions.lent === (state.lent !== null) ? Math.abs(state.step - directions.step) : Infinity;
}
