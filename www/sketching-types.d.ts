// What drawing adds to the page's shapes.
import type { WorkerEvent } from "./types.js";

/** A place of the pen on the pad, and its radius: parts of the pad's side. */
export type PenPoint = [x: number, y: number, radius: number];

/** What is on the pad: lines of a pen or, in their place, a digit taken from the data. */
export interface Drawing {
  lines: PenPoint[][];
  taken: Uint8Array | null;
}

/** A drawing that was added to one's own digits. */
export interface OwnDigit {
  id: number;
  kind: number;
  pixels: Uint8Array;
}

/** A picture that could not be read: `sketch.images.bad.<why>` says why. */
export interface BadPicture {
  name: string;
  why: string;
  args: Record<string, string | number>;
}

/** Pictures that were brought together, 784 bytes each, light ink on dark. */
export interface ImageSet {
  id: number;
  /** Of their folder or file; empty for single files. */
  name: string;
  pixels: Uint8Array;
  /** Their classes by their folders' names; -1 where there is none. */
  kinds: Int8Array;
  /** Whether the visitor had black and white change places. */
  turned: boolean;
  /** Of how many the ink was dark when they came: they are kept light on dark. */
  swapped: number;
  /** Sheets that were cut into single digits. */
  cut: number;
  /** Folders that are numbered, but beyond 9. */
  beyond: number;
  /** Files beside them that are no pictures. */
  others: number;
  /** Pictures that could not be read, and the first of them. */
  skipped: number;
  bad: BadPicture[];
  /** Pictures that found no room any more. */
  left: number;
}

/** Drawing, and data sets of one's own; www/sketching-state.js keeps it. */
export interface Sketching {
  drawing: Drawing;
  /** What undoing goes back to, oldest first. */
  past: Drawing[];
  /** Whether the pen is down. */
  down: boolean;
  /** The drawing as the nets see it, 784 bytes. */
  pixels: Uint8Array | null;
  reading: Omit<Extract<WorkerEvent, { type: "assessment" }>, "type" | "run"> | null;
  /** The search for its latent vector; `old`: the drawing has changed since. */
  search: "none" | "going" | "done" | "stopped" | "old";
  found: Omit<Extract<WorkerEvent, { type: "inverting" }>, "type" | "run" | "done"> | null;
  /** The class that G is told in that search. */
  told: number;
  own: OwnDigit[];
  images: ImageSet[];
  /** Pictures being read. */
  taking: { done: number; total: number } | null;
  /** Whether the browser keeps the drawings. */
  kept: boolean;
  /** Sets of pictures that it does not keep. */
  unkept: number[];
}

export type SketchEvent =
  | { type: "pen-down"; point: PenPoint }
  | { type: "pen-move"; points: PenPoint[] }
  | { type: "pen-up" | "undo-sketch" | "clear-sketch" }
  | { type: "take-digit"; pixels: Uint8Array }
  | { type: "find-latent" | "stop-finding" | "use-found" }
  | { type: "add-sketch"; kind: number }
  | { type: "remove-sketch"; id: number }
  | { type: "own-digits"; own: OwnDigit[] }
  | { type: "own-kept"; kept: boolean }
  | { type: "take-images"; files: { file: File; path: string }[]; passed?: number }
  | { type: "images-read"; done: number; total: number }
  | { type: "images-taken"; set: ImageSet | null }
  /** The sets that are kept; those here that are not stay. */
  | { type: "images-recalled"; images: ImageSet[] }
  | { type: "images-kept"; id: number; kept: boolean }
  | { type: "cancel-images" }
  | { type: "turn-images" | "remove-images"; id: number }
  | { type: "train-own" };
