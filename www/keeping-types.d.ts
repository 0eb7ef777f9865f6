// Kept runs: what is stored of one, what the page knows of them, and what visitors do with them.
import type { Curves, Slow, Source, State } from "./types.js";

/** A kept run, as lists show it. */
export interface Kept {
  id: string;
  /** The record's form; a later one is another copy's to read. */
  format: number;
  /** The visitor's name for it; "": none, and it is kept for a while only. */
  name: string;
  recipe: string;
  seed: number;
  knobs: Record<string, string>;
  build: string;
  step: number;
  digest: string;
  /** Milliseconds of training. */
  elapsed: number;
  /** When it was stored, in milliseconds since 1970. */
  date: number;
  source: Source;
  /** The fingerprint of the digits it was trained on. */
  data: string;
  /** Bytes of the snapshot. */
  size: number;
  /** Its first digits, 784 bytes each. */
  picture: Uint8Array;
  /** The page that stored it last. */
  writer: string;
  /** Found out when it is listed: whether it cannot be read, and whether its digits have to be brought again. */
  broken?: boolean;
  needy?: boolean;
}

/** What the page shows of a run beside what the worker tells again. */
export interface Scene {
  curves: Curves;
  slow: Slow;
  losses: number[] | null;
  latent: number[];
  kind: number;
  /** As in the page's state; absent from runs that were kept by older pages. */
  turned?: State["turned"];
}

/** A visitor's own data set, kept once for all runs on it. */
export interface KeptSet {
  files: { name: string; bytes: ArrayBuffer }[];
  transposed: boolean;
}

/** A saved run on its way back. */
export interface Going {
  /** A kept run's; null: a file from outside. */
  id: string | null;
  /** What it is called. */
  name: string;
  source: Source | null;
  /** Whether it goes on as a run of its own, because another tab has the kept one. */
  copy: boolean;
  /** The worker's number for it, once it is asked. */
  run: number | null;
  /** Whether it waits for digits that only the visitor can bring. */
  needs: "mnist" | "files" | null;
}

/** Why nothing can be kept here: no storage, a newer page's storage, one that it wants to change, or one that has not answered yet. */
export type NoStore = "forbidden" | "newer" | "left" | "silent";

export interface Keeping {
  store: "opening" | "open" | NoStore;
  /** Whether the last snapshot did not fit. */
  full: boolean;
  /** Why the last one could not be stored otherwise; "": it was stored. */
  failing: string;
  /** Newest first. */
  runs: Kept[];
  /** Of those, what other tabs train. */
  elsewhere: string[];
  /** The present run's name in the store; null until it is stored. */
  id: string | null;
  /** The step of its last snapshot there. */
  saved: number | null;
  /** The run to go on with, while that is offered. */
  offer: string | null;
  going: Going | null;
  /** Bytes of storage. */
  room: { usage: number; quota: number } | null;
  /** Whether the browser has promised not to clear it. */
  lasting: boolean | null;
  /** Milliseconds that making and storing snapshots took, of how much training: of the present run, in this page. */
  cost: number;
  since: number;
}

export type KeepEvent =
  | { type: "keeping"; change: Partial<Keeping> }
  | { type: "stored"; kept: Kept; gone: string[]; cost: number }
  | { type: "brought"; run: number; kept: Kept | null; same: boolean; scene: Scene | null }
  | { type: "continue-run" | "delete-run"; id: string }
  | { type: "rename-run"; id: string; name: string }
  | { type: "stop-continuing" | "decline-run" | "look-at-runs" | "keep-lasting" }
  /** Goes on with a checkpoint from outside the page, on the present digits. */
  | { type: "take-run"; bytes: Uint8Array<ArrayBuffer>; name: string };
