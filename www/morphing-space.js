// Ways through latent space, as plain arithmetic: along directions, between two points, along a path, over a plane.
import { latentReach } from "./latent.js";

/** @typedef {import("./morphing-types.js").Axis} Axis */
/** @typedef {import("./morphing-types.js").Morphing} Morphing */
/** @typedef {import("./morphing-types.js").Effect} Effect */

/** How far sliders and the pad go along an axis, either way: latents have deviation 1, and so has what they are along a vector of length 1. */
export const REACH = 3;
/** Digits of a side of the plane. */
export const SIDE = 9;
/** Digits of the film of a path. */
export const FRAMES = 16;
/** An effect of two steps either way that is worth a word, in deviations of digits, and by how much it must exceed the others. */
const STRONG = 0.8;
const CLEARLY = 1.4;

/** a + b * by @param {number[]} a @param {number[]} b @param {number} by */
export const plus = (a, b, by) => a.map((value, i) => value + by * (b[i] ?? 0));

/** @param {number[]} a @param {number[]} b */
const dot = (a, b) => a.reduce((sum, value, i) => sum + value * b[i], 0);

/** Whether `axis` is a single latent, and which; -1 for directions. @param {Axis} axis */
export const latentOf = (axis) => (axis[0] === "z" ? Number(axis.slice(1)) : -1);

/** The vector of an axis; nothing where there is none (yet). @param {Axis} axis @param {Pick<Morphing, "directions">} morphing @param {number} size @returns {number[]} */
export function vectorOf(axis, { directions }, size) {
  const index = latentOf(axis);
  if (index < 0) return directions?.vectors[Number(axis.slice(1))] ?? [];
  return Array.from({ length: size }, (_, i) => (i === index ? 1 : 0));
}

/** The point that `base` and the moves along axes lead to, `but` some axes. @param {Pick<Morphing, "base" | "along" | "directions">} morphing @param {readonly Axis[]} [but] */
export function pointOf(morphing, but = []) {
  const moves = Object.entries(morphing.along).filter(([axis, by]) => by !== 0 && !but.includes(axis));
  return moves.reduce(
    (point, [axis, by]) => plus(point, vectorOf(axis, morphing, point.length), by),
    morphing.base,
  );
}

/**
 * Spherical interpolation (White 2016, arXiv:1609.04468, section 2.1): in many dimensions normal noise lies close to a sphere, and a straight line
 * between two draws leaves it for a middle that G has hardly ever seen; an arc stays on it.
 * @param {number[]} a @param {number[]} b @param {number} part of b @returns {number[]}
 */
export function slerp(a, b, part) {
  const lengths = Math.sqrt(dot(a, a) * dot(b, b));
  const cosine = lengths > 0 ? Math.max(-1, Math.min(1, dot(a, b) / lengths)) : 1;
  const angle = Math.acos(cosine);
  if (angle < 1e-4) return lerp(a, b, part);
  // Opposite points have no one arc between them: it goes by a third point, at right angles to both.
  if (Math.PI - angle < 1e-4) {
    const third = aside(a);
    return part < 0.5 ? slerp(a, third, 2 * part) : slerp(third, b, 2 * part - 1);
  }
  const sine = Math.sin(angle);
  const [from, to] = [Math.sin((1 - part) * angle) / sine, Math.sin(part * angle) / sine];
  return a.map((value, i) => from * value + to * b[i]);
}

/** A vector at right angles to `a`, as long as it. @param {number[]} a */
function aside(a) {
  const square = dot(a, a);
  const least = a.reduce((best, value, i) => (Math.abs(value) < Math.abs(a[best]) ? i : best), 0);
  const other = a.map((value, i) => (i === least ? 1 : 0) - (value * a[least]) / square);
  const scale = Math.sqrt(square / (dot(other, other) || 1));
  return other.map((value) => value * scale);
}

/** @param {number[]} a @param {number[]} b @param {number} part of b */
export const lerp = (a, b, part) => a.map((value, i) => value + (b[i] - value) * part);

/**
 * A point between two; modes go straight from one to the other. Uniform noise fills a cube, which is convex: a straight line between two points of it stays within, while an arc bulges out of
 * it, to numbers that G was never given.
 * @param {Pick<import("./latent.js").Latents, "noise" | "modes">} latents @param {number[]} a @param {number[]} b @param {number} part of b
 */
export function between({ noise, modes }, a, b, part) {
  if (part <= 0) return a;
  if (part >= 1) return b;
  const straight = lerp(a, b, part);
  if (noise === "uniform") return straight;
  const numbers = a.length - modes;
  return [...slerp(a.slice(0, numbers), b.slice(0, numbers), part), ...straight.slice(numbers)];
}

/** Starts slowly and ends slowly. @param {number} part */
export const eased = (part) => part * part * (3 - 2 * part);

/** How far a path through `count` pins goes, in pins. @param {number} count @param {boolean} loop */
export const lengthOf = (count, loop) => (count < 2 ? 0 : loop ? count : count - 1);

/** The pins between which a place on the path is. @param {number} at @param {number} count @param {boolean} loop @returns {{ from: number, to: number, part: number }} */
export function legOf(at, count, loop) {
  const place = Math.max(0, Math.min(lengthOf(count, loop), at));
  const from = Math.min(Math.floor(place), Math.max(0, lengthOf(count, loop) - 1));
  return { from, to: (from + 1) % Math.max(1, count), part: place - from };
}

/** How far the pad goes along an axis: single latents of uniform noise end earlier. @param {Axis} axis @param {string | undefined} noise */
export const reachOf = (axis, noise) => (latentOf(axis) < 0 ? REACH : latentReach(noise));

/** The latents of the plane's digits, row after row from above: across `u`, up `v`. @param {number[]} middle @param {number[]} u @param {number[]} v @param {[number, number]} [reach] along each @returns {number[][]} */
export function planeOf(middle, u, v, [far, high] = [REACH, REACH]) {
  const stop = (/** @type {number} */ index) => (index / (SIDE - 1)) * 2 - 1;
  return Array.from({ length: SIDE * SIDE }, (_, i) => {
    const across = plus(middle, u, stop(i % SIDE) * far);
    return plus(across, v, -stop(Math.floor(i / SIDE)) * high);
  });
}

/** Where the pad's handle is for a place on an axis, as a part of the pad's side: the middles of the outer digits are the ends. @param {number} value @param {number} reach */
export const padPart = (value, reach) => {
  const within = Math.max(-reach, Math.min(reach, value));
  return (0.5 + ((within + reach) / (2 * reach)) * (SIDE - 1)) / SIDE;
};

/** The place that a part of the pad's side stands for. @param {number} part @param {number} reach */
export const padValue = (part, reach) => {
  const stop = (part * SIDE - 0.5) / (SIDE - 1);
  return Math.max(-reach, Math.min(reach, stop * 2 * reach - reach));
};

/** What a direction changes most, if that stands out. @param {ArrayLike<number>} effects of ink, slant, width and height @returns {Effect | null} */
export function effectOf(effects) {
  const sizes = Array.from(effects, Math.abs);
  const what = sizes.indexOf(Math.max(...sizes));
  const next = Math.max(...sizes.filter((_, i) => i !== what));
  return sizes[what] >= STRONG && sizes[what] >= CLEARLY * next ? { what, more: effects[what] > 0 } : null;
}
