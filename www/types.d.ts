// The shapes that the page's files share: its state, what changes it, and the reader's language.
import type { KeepEvent, Keeping } from "./keeping-types.js";
import type { MorphEvent, Morphing } from "./morphing-types.js";
import type {
  Portion,
  Catalogue,
  Digits,
  Event as WorkerEvent,
  Formula,
  Grid,
  KnobInfo,
  LossFacts,
  Phase as PhaseName,
  PhaseFacts,
  RecipeInfo,
  RemedyInfo,
  Source,
  Survey,
  Target,
  Term,
} from "./protocol.js";
import type { SketchEvent, Sketching } from "./sketching-types.js";
import type { TakeEvent, Taking } from "./taking-types.js";

export type Phase = "loading" | "ready" | "training" | "paused" | "fault";

/** A run as the controls and the address name it; `knobs` holds only what differs from the recipe's defaults. */
export interface Config {
  recipe: string;
  seed: string;
  data: Exclude<Source, "files">;
  knobs: Record<string, string>;
  /** The build whose bits a link promises. */
  build?: string;
}

export type Run = Omit<Extract<WorkerEvent, { type: "started" }>, "type">;
export type DataSet = Omit<Extract<WorkerEvent, { type: "data" }>, "type">;

/** Loss curves of bounded length: each kept point is the mean of `every` points; `rest` sums the one under way. */
export interface Curves {
  steps: number[];
  /** Milliseconds spent training when each was reached. */
  times: number[];
  real: number[];
  fake: number[];
  g: number[];
  /** Penalties on D, or what is lost there and back; 0 where there is neither. */
  held: number[];
  /** Norms of the players' gradients. */
  dNorm: number[];
  gNorm: number[];
  every: number;
  /** Count, steps, times, and the others. */
  rest: number[];
}

/** A sentence by key; `message` is what to say where the key is unknown. */
export interface Sentence {
  key: string;
  args: Record<string, string | number>;
  message?: string;
}

export interface Note extends Sentence {
  tone: "error" | "info";
  /** How often it was said. */
  count?: number;
  /** What an error is about, so that it goes when that changes: a knob's key, `seed`, `settings`, `data`, `data.part`, `files`. */
  about?: string;
}

/** Something that stops the page until the visitor acts. */
export interface Trouble extends Sentence {
  remedy: "reset" | "restart" | "reload" | "none";
  /** What else may help. */
  remedies?: RemedyInfo[];
}

/** A download under way, in bytes as they come over the network. */
export interface Download {
  received: number;
  total: number;
  state: "fetching" | "retrying" | "done" | "broken";
  mirror: boolean;
  /** Whether nobody could check that it is what it is called. */
  unchecked?: boolean;
}

/** What goes wrong with the run, on what evidence, and what may help. */
export type Alarm = Omit<Extract<WorkerEvent, { type: "alarm" }>, "type" | "run">;

/** A kept moment of the run, with its grid of digits. */
export type Moment = Omit<Extract<WorkerEvent, { type: "snapshot" }>, "type" | "run" | "bytes" | "most">;

/** Surveys as slow curves: of each its step, distance over floor, precision and recall. */
export interface Slow {
  steps: number[];
  distance: (number | null)[];
  precision: (number | null)[];
  recall: (number | null)[];
}

/** An iteration after one of its phases, the knobs in force in it, and whether D has moved in it. */
export type Amid = Omit<Extract<WorkerEvent, { type: "iteration" }>, "type" | "run"> & {
  knobs: Record<string, string>;
  moved: boolean;
};

/** A step of D: how many of the digits shown it was right on before it moved, and its loss. */
export interface Turn {
  right: number | null;
  of: number;
  loss: number;
}

/** What is seen of a run besides its losses; www/seeing.js keeps it. */
export interface Seeing {
  epochLeft: number;
  /** Whether it stands amid an iteration. */
  standing: boolean;
  scores: Omit<Extract<WorkerEvent, { type: "scores" }>, "type" | "run"> | null;
  glance: Omit<Extract<WorkerEvent, { type: "quick-survey" }>, "type" | "run"> | null;
  survey: ({ cost_ms: number } & Survey) | null;
  slow: Slow;
  plateau: { best: number; step: number } | null;
  /** The school test of the run, under way or done. */
  school: Omit<Extract<WorkerEvent, { type: "school" }>, "type" | "run"> | null;
  /** The kept moment whose digits were nearest to real ones. */
  best: { moment: number; step: number } | null;
  /** Alarms that hold, oldest first. */
  alarms: Alarm[];
  moments: Moment[];
  momentBytes: number;
  momentMost: number;
  branch: number;
  /** Where each branch after the first begins: on which branch, at which step. */
  forks: { parent: number; step: number }[];
  /** Curves of branches that were left, oldest first; up to the step `from` the present ones are the same. */
  left: { branch: number; from: number; curves: Curves }[];
  /** The kept moment that is looked at in place of the present. */
  looking: number | null;
  amid: Amid | null;
  /** D's steps since G last moved, oldest first. */
  alone: Turn[];
  /** Phases a second while they are played one after the other; infinite: at once, to the end of the iteration. */
  pace: number | null;
  /** Parts of iterations that were asked for and not answered yet. */
  owed: number;
  inspected: Omit<Extract<WorkerEvent, { type: "inspected" }>, "type" | "run"> | null;
  filters: Omit<Extract<WorkerEvent, { type: "filters" }>, "type"> | null;
}

export interface State extends Seeing {
  phase: Phase;
  /** What the visitor asked of training and the worker has not yet confirmed. */
  wanted: boolean | null;
  /** Bytes of page and engine that have come, unpacked, while the engine is on its way; `total` is 0 where it is not known. */
  arriving: { received: number; total: number } | null;
  build: string;
  recipes: RecipeInfo[];
  /** What the engine says of losses, trainers, alarms, and stages, once it is there. */
  catalogue: Catalogue | null;
  config: Config;
  run: Run | null;
  /** Whether the coming `started` belongs to a reset, which keeps settings not yet in use. */
  keeps: boolean;
  /** The run that was asked for and has not begun, and the configuration at that moment. */
  asked: { run: number; config: Config } | null;
  /** The data set that was chosen and waits for a new run; `config.data` is the present one. */
  nextData: Config["data"] | null;
  /** What was pressed where something else was chosen than what runs: the visitor says which. */
  choosing: "train" | "step" | null;
  /**
   * From which step on the run is not what its address gives: a setting was turned, from those of `knobs`, or a player moved alone; `unknown`
   * for a run that came from a file.
   */
  turned: { step: number; knobs: Record<string, string> | null } | "unknown" | null;
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
  /** Whether it is called MNIST, and nobody could check that. */
  unchecked: boolean;
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
  /** The small classifier that measures: on its way, with the worker, or not to be had. */
  judge: "coming" | "here" | "none" | "strange";
  /** Whether training is to pause when it stops getting better. */
  untilPlateau: boolean;
  trouble: Trouble | null;
  notes: Note[];
  /** Drawing, once it is there; www/sketching-state.js keeps it. */
  sketching?: Sketching;
  /** The studio, once it is there; www/morphing.js keeps it. */
  morphing?: Morphing;
  /** Files taken away and brought; www/taking.js keeps it. */
  taking?: Taking;
  /** Kept runs, once they are looked for; www/keeping.js keeps it. */
  keeping?: Keeping;
}

/** What the page itself reports to its state. */
export type PageEvent =
  | SketchEvent
  | MorphEvent
  | KeepEvent
  | TakeEvent
  | { type: "train" | "pause" | "step" | "reset" | "share" | "take-sample" | "restart" | "dice" }
  | { type: "new-run"; then?: "train" | "step" }
  | { type: "press"; what: "train" | "step" }
  | { type: "choose"; what: "train" | "step" | null }
  | { type: "asked"; run: number }
  | { type: "advance"; by: Portion; slowly?: boolean }
  | { type: "pace"; pace: number | null }
  | { type: "look-at"; moment: number | null }
  | { type: "go-back"; moment: number }
  | { type: "remedy"; remedy: RemedyInfo }
  | { type: "until-plateau"; on: boolean }
  | { type: "watch"; scores: boolean; quality: boolean }
  | { type: "judge-is"; judge: "here" | "none" }
  | { type: "inspect"; grid: Grid; index: number }
  | { type: "ask-filters" }
  | { type: "school-test"; on: boolean }
  | { type: "address"; config: Config }
  | { type: "recipe"; id: string; knobs?: Record<string, string> }
  | { type: "knob"; key: string; value: string }
  | { type: "seed"; value: string }
  | { type: "revert"; recipe?: boolean; seed?: boolean; keys: string[] }
  | { type: "latent"; index: number; value: number }
  | { type: "latents"; values: number[] }
  | { type: "kind"; kind: number }
  | { type: "mode"; mode: number }
  | { type: "randomise" | "zero" }
  | { type: "source"; source: Config["data"]; sure?: boolean }
  | { type: "mirror" }
  | { type: "opening" }
  | { type: "files"; files: File[]; transfer?: DataTransfer | null }
  | { type: "upright"; on: boolean }
  | { type: "site"; has: boolean }
  | { type: "download"; download: Download | null }
  | { type: "note"; note: Note }
  | { type: "dismiss"; key: string; note?: Note }
  | { type: "language"; lang: string }
  | { type: "compare"; on: boolean }
  | { type: "second"; event: PageEvent }
  | { type: "crashed"; message: string }
  | { type: "silent"; seconds: number }
  | { type: "arriving"; received: number; total: number }
  /** The browser lacks what training needs: WebAssembly, or its SIMD. */
  | { type: "unsupported"; lacks: "wasm" | "simd" }
  /** The worker failed before it was ready; `frame`: the page stands in a frame that allows none. */
  | { type: "unstarted"; message: string; frame: boolean }
  | { type: "outdated" };

export type AnyEvent = WorkerEvent | PageEvent;
export type Act = (event: PageEvent) => void;

/** One language: sentences by key, numbers as its reader writes them. */
export interface Text {
  lang: string;
  /** What `Intl` is given: www/locale.js sees to it that it is a valid tag. */
  locale: string;
  has(key: string): boolean;
  t(key: string, args?: Record<string, string | number>): string;
  say(sentence: Sentence): string;
  /** Words of which one holds: "2, 5, or 8". */
  either(words: string[]): string;
  number(value: number, digits?: number): string;
  /** What the GAN of this id is called, in a word. */
  gan(id: string): string;
  knob(info: KnobInfo, value: string): string;
  bytes(value: number): string;
  time(ms: number): string;
}

/** What a part of the page that acts by itself may use. */
export interface Page {
  act(event: AnyEvent): void;
  now(): State;
  text(): Text;
  /** Asks for the digit of the sliders, where the run has any. */
  decode(): void;
  client: ReturnType<typeof import("./client.js").connect>;
  feed: ReturnType<typeof import("./feed.js").createFeed>;
  sight: ReturnType<typeof import("./view/seen.js").createSight>;
}

/** A part of the page that comes once a run stands. It keeps its state in a field of its own of `State`. */
export interface Part {
  views: View[];
  /** Pure; gives the state as it is where the event does not concern it. */
  reduce?(state: State, event: AnyEvent): State;
  effects?: import("./drive.js").Effects;
}

/** A panel: paints itself from the state. */
export type View = (state: State, text: Text) => void;
export type {
  Portion,
  Catalogue,
  Digits,
  Formula,
  Grid,
  KnobInfo,
  LossFacts,
  PhaseFacts,
  PhaseName,
  RecipeInfo,
  RemedyInfo,
  Source,
  Survey,
  Target,
  Term,
  WorkerEvent,
};
