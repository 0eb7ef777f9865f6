// Taking away and bringing in: what the page knows of it, and what visitors ask for.
import type { Curves } from "./types.js";

/** What can be taken away. */
export type Away =
  "run" | "generator" | "pytorch" | "samples" | "real" | "moment" | "gif" | "webm" | "curves" | "embed";

export interface Taking {
  /** What is being made, and how much of it is done, from 0 to 1. */
  busy: { what: Away; done: number } | null;
  /** The run that shows digits by a generator that the visitor brought, and the file's name. */
  generator: { run: number; name: string } | null;
  /** The code for a frame, where the browser would not copy it. */
  embed: string;
}

export type TakeEvent =
  | { type: "take-away"; what: Away }
  | { type: "taking"; change: Partial<Taking> }
  /** Shows brought curves behind the run's own. */
  | { type: "take-curves"; curves: Curves[] };
