// The shapes that the page's files share: its state, what changes it, and the reader's language.
import type { Event as WorkerEvent, KnobInfo, RecipeInfo, Source } from "./protocol.js";

export type Phase = "loading" | "ready" | "training" | "paused" | "fault";

/** A run as the controls and the address name it; `knobs` holds only what differs from the recipe's defaults. */
export interface Config {
  recipe: string;
  seed: string;
  data: "mnist" | "drawn";
  knobs: Record<string, string>;
}

export type Run = Omit<Extract<WorkerEvent, { type: "started" }>, "type">;
export type DataSet = Omit<Extract<WorkerEvent, { type: "data" }>, "type">;

/** Loss curves of bounded length: each kept point is the mean of `every` points; `rest` sums the one under way. */
export interface Curves {
  steps: number[];
  real: number[];
  fake: number[];
  g: number[];
  /** Penalties on D, or what is lost there and back; 0 where there is neither. */
  held: number[];
  every: number;
  rest: [count: number, step: number, real: number, fake: number, g: number, held: number];
}

/** A sentence by key; `message` is what to say where the key is unknown. */
export interface Sentence {
  key: string;
  args: Record<string, string | number>;
  message?: string;
}

export interface Note extends Sentence {
  tone: "error" | "info";
}

/** Something that stops the page until the visitor acts. */
export interface Trouble extends Sentence {
  remedy: "reset" | "restart" | "reload" | "none";
}

/** A download under way, in bytes as they come over the network. */
export interface Download {
  received: number;
  total: number;
  state: "fetching" | "retrying" | "done" | "broken";
  mirror: boolean;
}

export interface State {
  phase: Phase;
  /** What the visitor asked of training and the worker has not yet confirmed. */
  wanted: boolean | null;
  build: string;
  recipes: RecipeInfo[];
  config: Config;
  run: Run | null;
  /** Whether the coming `started` belongs to a reset, which keeps settings not yet in use. */
  keeps: boolean;
  /** Values of live knobs before the last turn, for a refusal. */
  undo: Record<string, string>;
  step: number;
  epoch: number;
  digitsSeen: number;
  stepsPerS: number;
  imagesPerS: number;
  elapsed: number;
  waiting: boolean;
  digest: string | undefined;
  losses: number[] | null;
  curves: Curves;
  /** The data set in use, or the first one arriving. */
  data: DataSet | null;
  /** One that arrives while another is in use. */
  incoming: DataSet | null;
  /** Whether the worker gave up the data set opened last. */
  shut: boolean;
  download: Download | null;
  /** Whether the site itself has MNIST. */
  site: "unknown" | "has" | "none";
  upright: boolean;
  samples: Uint8Array | null;
  real: Uint8Array | null;
  decoded: Uint8Array | null;
  /** The ready-made generator that digits come from, until the run has a step of its own. */
  lent: { run: number; recipe: string; seed: number; steps: number } | null;
  latent: number[];
  /** The class that G is told for the digit of the sliders, where it is told one. */
  kind: number;
  trouble: Trouble | null;
  notes: Note[];
}

/** What the page itself reports to its state. */
export type PageEvent =
  | { type: "train" | "pause" | "step" | "reset" | "new-run" | "share" | "take-sample" | "restart" | "dice" }
  | { type: "address"; config: Config }
  | { type: "recipe"; id: string }
  | { type: "knob"; key: string; value: string }
  | { type: "seed"; value: string }
  | { type: "revert"; recipe?: boolean; seed?: boolean; keys: string[] }
  | { type: "latent"; index: number; value: number }
  | { type: "latents"; values: number[] }
  | { type: "kind"; kind: number }
  | { type: "randomise" | "zero" }
  | { type: "source"; source: "mnist" | "drawn" }
  | { type: "mirror" }
  | { type: "opening" }
  | { type: "files"; files: File[] }
  | { type: "upright"; on: boolean }
  | { type: "site"; has: boolean }
  | { type: "download"; download: Download | null }
  | { type: "note"; note: Note }
  | { type: "dismiss"; key: string }
  | { type: "language"; lang: string }
  | { type: "crashed"; message: string }
  | { type: "unsupported" }
  | { type: "outdated" };

export type AnyEvent = WorkerEvent | PageEvent;
export type Act = (event: PageEvent) => void;

/** One language: sentences by key, numbers as its reader writes them. */
export interface Text {
  lang: string;
  has(key: string): boolean;
  t(key: string, args?: Record<string, string | number>): string;
  say(sentence: Sentence): string;
  number(value: number, digits?: number): string;
  knob(info: KnobInfo, value: string): string;
  bytes(value: number): string;
  time(ms: number): string;
}

/** A panel: paints itself from the state. */
export type View = (state: State, text: Text) => void;
export type { KnobInfo, RecipeInfo, Source, WorkerEvent };
