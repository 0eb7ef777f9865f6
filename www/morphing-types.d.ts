// The studio's shapes: where it stands in latent space, what it shows, and what visitors do there.

/** A direction ("d0" is the strongest) or a single latent ("z0" is the first). */
export type Axis = string;

/** Everything that decides a digit: as many numbers as G takes, its class, or in its place ten shares (else none). */
export interface Spot {
  latent: number[];
  kind: number;
  mix: number[];
}

/** A kept digit; its picture is missing until it is drawn. */
export interface Pin extends Spot {
  id: number;
  pixels: Uint8Array | null;
}

/** What moving along a direction changes most: 0 ink, 1 slant, 2 width, 3 height; and whether it grows. */
export interface Effect {
  what: number;
  more: boolean;
}

export interface Directions {
  step: number;
  /** Whether they are those of a ready-made generator. */
  lent: boolean;
  vectors: number[][];
  shares: number[];
  effects: (Effect | null)[];
}

/** A random walk: from one draw to the next, of which `seed` tells the coming ones. */
export interface Walk {
  seed: number;
  from: number[];
  to: number[];
  part: number;
}

/** The training digits nearest to `of`. */
export interface Near {
  of: Uint8Array;
  classes: number[];
  distances: number[];
  sibling: number;
  pixels: Uint8Array;
}

export interface Morphing {
  /** How many numbers latents have in the run, and what they are drawn from. */
  size: number;
  noise: string | undefined;
  modes: number;
  /** The present point is `base` and, along each axis that was moved, so many steps. */
  base: number[];
  along: Record<Axis, number>;
  directions: Directions | null;
  /** Whether they are asked for, and whether they were refused. */
  finding: boolean;
  refused: boolean;
  /** The pad's axes: across, up. */
  axes: [Axis, Axis];
  /** The plane of digits behind the pad. */
  plane: Uint8Array | null;
  pins: Pin[];
  /** Pins made so far: the next one's number. */
  pinned: number;
  /** The pin that was chosen last. */
  chosen: number | null;
  /** Digits along the path through the pins. */
  film: Uint8Array | null;
  /** Where on the path one stands, in pins from the first; null: beside it. */
  at: number | null;
  loop: boolean;
  playing: "path" | "walk" | null;
  /** Pins, or draws of a walk, a second. */
  speed: number;
  walk: Walk | null;
  /** The share of each class; empty: one class alone. */
  mix: number[];
  /** The classes between which the visitor mixes. */
  mixed: [number, number];
  /** The digit whose nearest training digits are asked for. */
  seeking: Uint8Array | null;
  near: Near | null;
}

export type MorphEvent =
  | { type: "morph-find" }
  | { type: "morph-along"; axis: Axis; value: number }
  | { type: "morph-pad"; x: number; y: number }
  | { type: "morph-pad-by"; x: number; y: number }
  | { type: "morph-axis"; which: 0 | 1; axis: Axis }
  | { type: "morph-plane"; pixels: Uint8Array }
  | { type: "morph-pin"; latent?: number[]; kind?: number }
  | { type: "morph-restore"; pins: Spot[] }
  | { type: "morph-choose"; id: number }
  | { type: "morph-move"; id: number; by: number }
  | { type: "morph-remove"; id: number }
  | { type: "morph-film"; pins: number[]; pixels: Uint8Array }
  | { type: "morph-seek"; at: number }
  | { type: "morph-loop"; on: boolean }
  | { type: "morph-speed"; speed: number }
  | { type: "morph-play"; what: "path" | "walk" | null; seed: number }
  /** Time passes while something plays, or a click takes its place where nothing is to move by itself. */
  | { type: "morph-tick"; ms: number }
  | { type: "morph-nudge"; what: "path" | "walk"; seed: number }
  | { type: "morph-between"; a: number; b: number; part: number }
  | { type: "morph-share"; kind: number; share: number }
  | { type: "morph-nearest"; pixels: Uint8Array };
