// What is known of drawings and of one's own digits, and how each event changes it. Pure.
import { begun, EMPTY, goneOn, isEmpty, prepared } from "./sketching-drawing.js";

/** @typedef {import("./types.js").State} State */
/** @typedef {import("./sketching-types.js").Sketching} Sketching */
/** @typedef {import("./sketching-types.js").Drawing} Drawing */
/** @typedef {import("./types.js").AnyEvent} AnyEvent */

/** How far back undoing goes. */
const MOST_PAST = 200;
/** Drawings of one's own that are kept. */
export const MOST_OWN = 2000;
/** Digits that a set holds: as many as MNIST has. */
export const MOST_DIGITS = 70_000;
/** At most this sure of its first guess, the judge takes the drawing for no digit. */
const UNLIKELY = 0.5;
/** Classes that are told of a reading. */
const FIRST = 3;

/** @type {Sketching} */
const BLANK = {
  drawing: EMPTY,
  past: [],
  down: false,
  pixels: null,
  reading: null,
  search: "none",
  found: null,
  told: 0,
  own: [],
  images: [],
  taking: null,
  kept: true,
  unkept: [],
};

/** @param {State} state @returns {Sketching} */
export const sketchingOf = (state) => state.sketching ?? BLANK;

/** Drawings and pictures together. @param {Pick<Sketching, "own" | "images">} sketching */
export const countOf = ({ own, images }) =>
  own.length + images.reduce((sum, { kinds }) => sum + kinds.length, 0);

/** How many of one's own digits go with the page. @param {Sketching} sketching */
export const fleeting = ({ own, images, kept, unkept }) =>
  countOf({ own: kept ? [] : own, images: images.filter(({ id }) => unkept.includes(id)) });

/** Whether each of one's own digits has a class. @param {Sketching} sketching */
export const allLabelled = ({ images }) => images.every(({ kinds }) => !kinds.includes(-1));

/**
 * The judge's likeliest classes, likeliest first, and what they come to: one digit, one of two, or none.
 * @param {ArrayLike<number>} probabilities @returns {{ first: { kind: number, chance: number }[], word: "sure" | "wavers" | "none" } | null}
 */
export function guessOf(probabilities) {
  const all = Array.from(probabilities, (chance, kind) => ({ kind, chance })).sort(
    (a, b) => b.chance - a.chance,
  );
  if (all.length === 0) return null;
  const [best, next] = all;
  const word =
    best.chance > 0.8
      ? "sure"
      : best.chance + next.chance > 0.8 || best.chance > UNLIKELY
        ? "wavers"
        : "none";
  return { first: all.slice(0, FIRST), word };
}

/** Whether the run has a generator whose latent vectors can be looked for. @param {State} state */
export const canFind = ({ run }) => (run?.latent ?? 0) > 0;

/** Whether the generator that digits come from has learnt anything. @param {State} state */
export const hasLearnt = ({ step, lent }) => step > 0 || lent !== null;

/** The class to tell G in a search: the judge's, or the sliders' where it has none. @param {State} state */
export const kindToTell = (state) =>
  guessOf(sketchingOf(state).reading?.probabilities ?? [])?.first[0].kind ?? state.kind;

/** @param {Sketching} now @param {Drawing} drawing @returns {Sketching} */
function drawn(now, drawing) {
  if (drawing === now.drawing) return now;
  /** @type {Sketching} */
  const next = { ...now, drawing, pixels: prepared(drawing), search: now.search === "none" ? "none" : "old" };
  return isEmpty(drawing) ? { ...next, reading: null, found: null, search: "none" } : next;
}

/** @param {Sketching} now @returns {Sketching} */
const remembered = (now) => ({ ...now, past: [...now.past, now.drawing].slice(-MOST_PAST) });

/** What was said by nets that are no more. @param {Sketching} now @returns {Sketching} */
const unread = (now) => ({ ...now, reading: null, found: null, search: "none" });

/** @type {{ [T in AnyEvent["type"]]?: (now: Sketching, event: Extract<AnyEvent, { type: T }>, state: State) => Sketching }} */
const on = {
  "pen-down": (now, { point }) => ({ ...drawn(remembered(now), begun(now.drawing, point)), down: true }),
  "pen-move": (now, { points }) => (now.down ? drawn(now, goneOn(now.drawing, points)) : now),
  "pen-up": (now) => (now.down ? { ...now, down: false } : now),
  "undo-sketch"(now) {
    const before = now.past.at(-1);
    return before ? { ...drawn(now, before), past: now.past.slice(0, -1), down: false } : now;
  },
  "clear-sketch": (now) => (isEmpty(now.drawing) ? now : { ...drawn(remembered(now), EMPTY), down: false }),
  "take-digit": (now, { pixels }) => ({
    ...drawn(remembered(now), { lines: [], taken: pixels }),
    down: false,
  }),
  assessment: (now, { type: _, run: __, ...reading }) => (now.pixels ? { ...now, reading } : now),
  "find-latent": (now, _, state) =>
    now.pixels && canFind(state) ? { ...now, search: "going", told: kindToTell(state) } : now,
  "stop-finding": (now) => (now.search === "going" ? { ...now, search: "stopped" } : now),
  inverting(now, { type: _, run: __, done, ...found }) {
    // An answer that was on its way when the drawing changed is of another digit.
    if (now.search === "old" || now.search === "none") return now;
    const search = now.search === "stopped" ? "stopped" : done ? "done" : "going";
    return { ...now, found, search };
  },
  refused(now, { command }) {
    if (command === "invert") return { ...now, search: now.found ? "stopped" : "none" };
    return now;
  },
  started: unread,
  returned: unread,
  restart: unread,
  "add-sketch"(now, { kind }) {
    if (!now.pixels || now.own.length >= MOST_OWN || countOf(now) >= MOST_DIGITS) return now;
    const id = 1 + Math.max(0, ...now.own.map((digit) => digit.id));
    const own = [...now.own, { id, kind, pixels: now.pixels }];
    // The pad is free for the next one; undoing brings this one back.
    return { ...drawn(remembered(now), EMPTY), own, down: false };
  },
  "remove-sketch": (now, { id }) => ({ ...now, own: now.own.filter((digit) => digit.id !== id) }),
  "own-digits": (now, { own }) => ({ ...now, own }),
  "own-kept": (now, { kept }) => (kept === now.kept ? now : { ...now, kept }),
  "images-read": (now, { done, total }) => ({ ...now, taking: { done, total } }),
  "images-taken": (now, { set }) => ({
    ...now,
    taking: null,
    images: set ? [...now.images, set] : now.images,
    // Until the browser has it.
    unkept: set ? [...now.unkept, set.id] : now.unkept,
  }),
  "images-recalled": (now, { images }) => ({
    ...now,
    images: [...images, ...now.images.filter(({ id }) => now.unkept.includes(id))],
  }),
  "images-kept": (now, { id, kept }) => ({
    ...now,
    unkept: kept ? now.unkept.filter((other) => other !== id) : [...now.unkept, id],
  }),
  "turn-images": (now, { id }) => ({
    ...now,
    images: now.images.map((set) => (set.id === id ? { ...set, turned: !set.turned } : set)),
  }),
  "remove-images": (now, { id }) => ({
    ...now,
    images: now.images.filter((set) => set.id !== id),
    unkept: now.unkept.filter((other) => other !== id),
  }),
};

/** @param {State} state @param {AnyEvent} event @returns {State} */
export function reduce(state, event) {
  const handler = /** @type {((now: Sketching, event: AnyEvent, state: State) => Sketching) | undefined} */ (
    on[event.type]
  );
  // What is drawn here comes upright.
  const settled = event.type === "train-own" && state.upright ? { ...state, upright: false } : state;
  const now = sketchingOf(state);
  const next = handler?.(now, event, state) ?? now;
  return next === now ? settled : { ...settled, sketching: next };
}
