// Generated from crate/web/src/protocol.rs; `GANVAS_BLESS=1 cargo test --package ganvas-tests` writes it.

/**
 * Who acts in a phase.
 */
export type Actor = "data" | "g" | "d";

/**
 * What can be wrong with a run.
 */
export type Alarm = "mode-collapse" | "d-wins" | "g-wins" | "oscillation" | "divergence" | "copies" | "forgets";

/**
 * An alarm.
 */
export type AlarmFacts = {
    /**
     * The alarm; the page's sentences are `alarm.<alarm>` and
     * `alarm.<alarm>.why`.
     */
    alarm: Alarm;
    /**
     * The numbers of its definition, by name: shares, steps and counts.
     */
    numbers: Record<string, number>;
    /**
     * The names of what may help, most promising first: `cure.<name>` says
     * each.
     */
    remedies: Array<string>;
};

/**
 * What is made of a digit that somebody drew.
 */
export type Assessment = {
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration.
     */
    step: number;
    /**
     * D's raw score.
     */
    score: number;
    /**
     * The probability that it is real, where D speaks of one.
     */
    probability?: number;
    /**
     * The judge's probability of each class; empty while there is no judge.
     */
    chances: Array<number>;
    /**
     * The digit in the other domain, for each of the two (A to B, B to A): 2 x
     * 784 bytes; empty where the GAN is not about domains.
     */
    pixels: Uint8Array;
};

/**
 * The run as it stood at an iteration, to be stored: `resume` goes on from it
 * bit for bit.
 */
export type Autosaved = {
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration.
     */
    step: number;
    /**
     * As in `progress`.
     */
    digest: string;
    /**
     * Time spent training, in milliseconds.
     */
    elapsed_ms: number;
    /**
     * What making it took, in milliseconds.
     */
    cost_ms: number;
    /**
     * The data it was trained on, in short: equal data have equal ones once
     * all is in, and what was told before that is how they begin.
     */
    data: string;
    /**
     * In the safetensors format.
     */
    bytes: Uint8Array;
};

/**
 * The engine's facts.
 */
export type Catalogue = {
    /**
     * Every loss, by the word that the knob `loss` has for it.
     */
    losses: Record<string, LossFacts>;
    /**
     * Every trainer.
     */
    trainers: Array<TrainerFacts>;
    /**
     * Every alarm, the gravest first: where several hold, the first causes the
     * others.
     */
    alarms: Array<AlarmFacts>;
    /**
     * How far a run can be, from the first stage.
     */
    stages: Array<StageFacts>;
    /**
     * When digits no longer get better.
     */
    plateau: PlateauRule;
    /**
     * Where digits may come from.
     */
    sources: Array<Source>;
    /**
     * Every error, by its code.
     */
    errors: Record<string, ErrorFacts>;
};

/**
 * The classes of pictures by the folders they lie in.
 */
export type Classes = {
    /**
     * The request.
     */
    id: number;
    /**
     * From 0 to 9, for each path; -1 where its folder names no digit.
     */
    classes: Array<number>;
    /**
     * Folders that are numbered, but beyond the ten classes.
     */
    beyond: number;
};

/**
 * From the page to the worker: `{ type: "decode", latent, .. }`, as the
 * generated types have it. In a browser the port hands it over as `{ decode: {
 * latent, .. } }`, which serde reads without the copy of everything that a tag
 * inside takes, and in a fifth less code. A message may also carry `of`, the
 * number of the run it is meant for: once another run has begun, it is dropped
 * without an answer.
 */
export type Command = {
    type: "identify";
    /**
     * The page's number for the request; the answers carry it.
     */
    id: number;
    /**
     * The files, in any order.
     */
    files: Array<Head>;
    /**
     * Whether pictures that lie on their side will be turned.
     */
    upright: boolean;
}
  | {
    type: "whole-file";
    /**
     * That of `identify`.
     */
    id: number;
    /**
     * Its place in the list of `identify`.
     */
    file: number;
    /**
     * Its bytes.
     */
    bytes: Uint8Array;
}
  | {
    type: "open";
    /**
     * Where it comes from.
     */
    source: Source;
    /**
     * Whether images come transposed, as EMNIST's do, and are to be turned
     * upright.
     */
    transposed: boolean;
}
  | {
    type: "images";
    /**
     * Any number of bytes, cut anywhere.
     */
    bytes: Uint8Array;
}
  | {
    type: "labels";
    /**
     * Any number of bytes, cut anywhere.
     */
    bytes: Uint8Array;
}
  | { type: "close" }
  | {
    type: "start";
    /**
     * The page's number for the run; every event of the run carries it.
     */
    run: number;
    /**
     * The recipe's id.
     */
    recipe: string;
    /**
     * The seed of everything random, as the visitor wrote it; absent, one
     * is drawn.
     */
    seed?: string;
    /**
     * Knobs that differ from the recipe's defaults, by key.
     */
    knobs: Record<string, string>;
}
  | {
    type: "next";
    /**
     * As in `start`.
     */
    run: number;
    /**
     * As in `start`.
     */
    recipe: string;
    /**
     * As in `start`.
     */
    seed?: string;
    /**
     * As in `start`.
     */
    knobs: Record<string, string>;
}
  | { type: "run" }
  | { type: "pause" }
  | { type: "step" }
  | {
    type: "advance";
    /**
     * Which part.
     */
    by: Portion;
}
  | {
    type: "return";
    /**
     * The snapshot's number.
     */
    snapshot: number;
}
  | {
    type: "tune";
    /**
     * The knob's key.
     */
    key: string;
    /**
     * Its new value.
     */
    value: string;
}
  | {
    type: "decode";
    /**
     * As many numbers as the generator takes.
     */
    latent: Array<number>;
    /**
     * The class to make, where the generator is told one; absent, 0.
     */
    class?: number;
    /**
     * In place of a class, the share of each of the ten, together 1; empty
     * or absent: none.
     */
    mix?: Array<number>;
}
  | {
    type: "decode-many";
    /**
     * The page's number for the request; the answer carries it.
     */
    id: number;
    /**
     * As many numbers as the generator takes, for each digit; at most
     * 1,024 digits.
     */
    latents: Array<number>;
    /**
     * As in `decode`.
     */
    class?: number;
    /**
     * As in `decode`.
     */
    mix?: Array<number>;
}
  | { type: "directions" }
  | {
    type: "nearest";
    /**
     * 784 bytes.
     */
    pixels: Uint8Array;
}
  | {
    type: "assess";
    /**
     * 784 bytes.
     */
    pixels: Uint8Array;
}
  | {
    type: "invert";
    /**
     * 784 bytes.
     */
    pixels: Uint8Array;
    /**
     * As in `decode`.
     */
    class?: number;
}
  | { type: "stop-inverting" }
  | {
    type: "picture";
    /**
     * The page's number for the request; the answer carries it.
     */
    id: number;
    /**
     * Its columns.
     */
    width: number;
    /**
     * Its rows.
     */
    height: number;
    /**
     * Red, green, blue and opacity of each pixel, row by row.
     */
    bytes: Uint8Array;
}
  | {
    type: "classes";
    /**
     * As in `picture`.
     */
    id: number;
    /**
     * Their paths.
     */
    paths: Array<string>;
}
  | {
    type: "save";
    /**
     * Which.
     */
    what: FileKind;
}
  | {
    type: "autosave";
    /**
     * Whether.
     */
    on: boolean;
}
  | {
    type: "resume";
    /**
     * The page's number for the run; every event of the run carries it.
     */
    run: number;
    /**
     * What `save` or `autosaved` gave, or `train --out` wrote.
     */
    bytes: Uint8Array;
    /**
     * Time that it had trained, in milliseconds.
     */
    elapsed_ms: number;
}
  | {
    type: "pretrained";
    /**
     * The file that `train --generator` wrote.
     */
    bytes: Uint8Array;
}
  | {
    type: "judge";
    /**
     * Its weights' file.
     */
    bytes: Uint8Array;
}
  | {
    type: "watch";
    /**
     * D's scores as histograms.
     */
    scores: boolean;
    /**
     * Quality, as often as its share of the time allows.
     */
    quality: boolean;
}
  | {
    type: "inspect";
    /**
     * The grid it is in.
     */
    grid: Grid;
    /**
     * Its place there, from 0.
     */
    index: number;
}
  | {
    type: "school";
    /**
     * Whether it is to run.
     */
    on: boolean;
}
  | { type: "filters" }
  | { type: "ping" }
  | {
    type: "sample";
    /**
     * How many.
     */
    count: number;
    /**
     * The seed of their latents.
     */
    seed: number;
};

/**
 * What of the present data is not what a run was trained on.
 */
export type Differs = "images" | "labels" | "labels-missing" | "labels-added";

/**
 * The kind of digits that a score is of.
 */
export type Digits = "real" | "fake";

/**
 * The generator's principal directions, strongest first.
 */
export type Directions = {
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration.
     */
    step: number;
    /**
     * How many.
     */
    count: number;
    /**
     * `count` vectors of length 1, as long as a latent vector each.
     */
    vectors: Float32Array | number[];
    /**
     * Which share of the variance of G's first hidden layer each explains.
     */
    shares: Array<number>;
    /**
     * What two steps along each change, in deviations of digits: ink, slant,
     * width, height; four numbers a direction.
     */
    effects: Array<number>;
};

/**
 * What can go wrong: `error.<code>` says it.
 */
export type ErrorCode =
  | "unknown-recipe"
  | "unknown-knob"
  | "knob-number"
  | "knob-integer"
  | "knob-choice"
  | "knob-sizes"
  | "too-large"
  | "penalty-norm"
  | "pack-batch"
  | "needs-labels"
  | "needs-halves"
  | "no-latents"
  | "class"
  | "seed"
  | "needs-new-run"
  | "idx-magic"
  | "idx-size"
  | "idx-empty"
  | "idx-truncated"
  | "idx-trailing"
  | "idx-count"
  | "idx-order"
  | "idx-doubled"
  | "shape"
  | "npy-header"
  | "npy-type"
  | "csv-line"
  | "csv-columns"
  | "file-empty"
  | "file-web-page"
  | "file-foreign"
  | "file-packed"
  | "file-picture"
  | "file-unknown"
  | "file-large"
  | "no-files"
  | "only-labels"
  | "labels-beyond"
  | "labels-from-one"
  | "scaled"
  | "sideways"
  | "set-chosen"
  | "passed-over"
  | "data-too-large"
  | "label-count"
  | "label-value"
  | "no-data"
  | "latent-size"
  | "latent-number"
  | "shares"
  | "digit-size"
  | "other-shape"
  | "net-shape"
  | "sample-count"
  | "no-snapshot"
  | "no-digit"
  | "not-finite"
  | "epochs"
  | "unsaved"
  | "checkpoint"
  | "internal";

/**
 * What a host has to know of an error.
 */
export type ErrorFacts = {
    /**
     * The names of the values in its sentence.
     */
    values: Array<string>;
    /**
     * The setting to correct; none if the error is not about one setting.
     */
    setting?: Setting;
};

/**
 * From the worker to the page.
 */
export type Event = {
    type: "ready";
    /**
     * [`PROTOCOL`] of this worker.
     */
    protocol: number;
    /**
     * Which of the wasm builds it runs, such as `simd128`.
     */
    build: string;
    /**
     * Every kind of GAN, first the default.
     */
    recipes: Array<RecipeInfo>;
    /**
     * What else there is to know of the engine.
     */
    catalogue: Catalogue;
}
  | {
    type: "started";
    /**
     * The run.
     */
    run: number;
    /**
     * The recipe's id.
     */
    recipe: string;
    /**
     * Who plays.
     */
    trainer: Trainer;
    /**
     * The seed, drawn or given.
     */
    seed: number;
    /**
     * Every knob's value, by key.
     */
    knobs: Record<string, string>;
    /**
     * How many numbers the generator takes; 0: it takes digits.
     */
    latent: number;
    /**
     * How many of them, the last ones, say which mode it is: one of them
     * is 3, the others 0.
     */
    modes: number;
    /**
     * What the columns of the grid of `samples` show, where they differ:
     * `a`, `a-b`, `a-b-a`, ...; the page's words are `pairs.<column>`.
     */
    columns: Array<string>;
    /**
     * How many classes it can be told to make; 0: it is told none.
     */
    classes: number;
    /**
     * The generator, layer by layer, such as `dense 100 relu`.
     */
    generator: Array<string>;
    /**
     * The discriminator, layer by layer.
     */
    discriminator: Array<string>;
    /**
     * Weights of the generator.
     */
    generator_weights: number;
    /**
     * Weights of the discriminator.
     */
    discriminator_weights: number;
    /**
     * About how many bytes a `autosaved` of the run has.
     */
    snapshot_bytes: number;
}
  | { type: "wanted" } & Wanted
  | { type: "identified" } & Identified
  | { type: "unreadable" } & Unreadable
  | {
    type: "data";
    /**
     * Of which data set.
     */
    source: Source;
    /**
     * Digits that are in.
     */
    images: number;
    /**
     * Digits that it will have; 0 while unknown.
     */
    total: number;
    /**
     * Labels that are in.
     */
    labels: number;
    /**
     * Whether enough is in to train on it: then it is the data set in use.
     */
    usable: boolean;
    /**
     * Whether no more will come.
     */
    complete: boolean;
}
  | {
    type: "real";
    /**
     * One byte a pixel, digit after digit, 784 each.
     */
    pixels: Uint8Array;
}
  | {
    type: "progress";
    /**
     * The run.
     */
    run: number;
    /**
     * Iterations done.
     */
    step: number;
    /**
     * Real digits seen, by the number that the set has.
     */
    epoch: number;
    /**
     * Real digits the discriminator has seen.
     */
    digits_seen: number;
    /**
     * Iterations a second, lately; 0 while paused.
     */
    steps_per_s: number;
    /**
     * Real digits a second, lately; 0 while paused.
     */
    images_per_s: number;
    /**
     * Time spent training this run, in milliseconds.
     */
    elapsed_ms: number;
    /**
     * Whether it is training now.
     */
    training: boolean;
    /**
     * Whether it stands still because the digits it needs have not
     * arrived.
     */
    waiting: boolean;
    /**
     * Steps until this epoch ends.
     */
    epoch_left: number;
    /**
     * Whether it stands within an iteration, of which some phases are
     * played.
     */
    mid_iteration: boolean;
    /**
     * New points of the curves, seven numbers each: step, loss of D on
     * real, loss of D on generated, loss of G, what penalties or the cycle
     * add, norm of D's gradient, norm of G's.
     */
    points: Float32Array | number[];
    /**
     * While not training: a hash (16 hex digits) of weights, moments,
     * chance and data position.
     */
    digest?: string;
}
  | {
    type: "samples";
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration they were made after.
     */
    step: number;
    /**
     * One byte a pixel, digit after digit, 784 each.
     */
    pixels: Uint8Array;
}
  | {
    type: "decoded";
    /**
     * The run.
     */
    run: number;
    /**
     * 784 bytes.
     */
    pixels: Uint8Array;
}
  | {
    type: "decoded-many";
    /**
     * The run.
     */
    run: number;
    /**
     * The request.
     */
    id: number;
    /**
     * One byte a pixel, digit after digit, 784 each.
     */
    pixels: Uint8Array;
}
  | { type: "directions" } & Directions
  | { type: "nearest" } & Nearest
  | { type: "assessment" } & Assessment
  | { type: "inverting" } & Inverting
  | { type: "picture" } & Picture
  | { type: "classes" } & Classes
  | { type: "file" } & File
  | { type: "autosaved" } & Autosaved
  | { type: "resumed" } & Resumed
  | {
    type: "pretrained";
    /**
     * The run.
     */
    run: number;
    /**
     * The recipe it was trained by.
     */
    recipe: string;
    /**
     * The seed it was trained from.
     */
    seed: number;
    /**
     * For how many iterations.
     */
    steps: number;
}
  | { type: "scores" } & Histograms
  | { type: "quick-survey" } & QuickSurveyInfo
  | {
    type: "not-judged";
    /**
     * The run.
     */
    run: number;
}
  | {
    type: "survey";
    /**
     * The run.
     */
    run: number;
    /**
     * The figures.
     */
    survey: Survey;
    /**
     * What it took, in milliseconds.
     */
    cost_ms: number;
}
  | {
    type: "plateau";
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration of the best survey.
     */
    best: number;
    /**
     * The iteration.
     */
    step: number;
}
  | { type: "rates-fall" } & RatesFall
  | { type: "school" } & SchoolTest
  | {
    type: "best";
    /**
     * The run.
     */
    run: number;
    /**
     * The snapshot that is kept of it.
     */
    snapshot: number;
    /**
     * The iteration.
     */
    step: number;
}
  | {
    type: "alarm";
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration.
     */
    step: number;
    /**
     * Which alarm.
     */
    alarm: Alarm;
    /**
     * The evidence.
     */
    args: Record<string, string>;
    /**
     * What may help, most promising first.
     */
    remedies: Array<RemedyInfo>;
}
  | {
    type: "alarm-cleared";
    /**
     * The run.
     */
    run: number;
    /**
     * Which alarm.
     */
    alarm: Alarm;
}
  | {
    type: "snapshot";
    /**
     * The run.
     */
    run: number;
    /**
     * Its number.
     */
    id: number;
    /**
     * The iteration.
     */
    step: number;
    /**
     * Which branch of the run it is on, from 0.
     */
    branch: number;
    /**
     * Bytes that all kept snapshots take.
     */
    bytes: number;
    /**
     * Bytes that they may take.
     */
    most: number;
    /**
     * The grid of `samples` there.
     */
    pixels: Uint8Array;
}
  | {
    type: "snapshots-dropped";
    /**
     * The run.
     */
    run: number;
    /**
     * Their numbers.
     */
    ids: Array<number>;
}
  | {
    type: "returned";
    /**
     * The run.
     */
    run: number;
    /**
     * The snapshot's number.
     */
    snapshot: number;
    /**
     * The iteration.
     */
    step: number;
    /**
     * The branch that begins here.
     */
    branch: number;
    /**
     * Every knob's value, by key.
     */
    knobs: Record<string, string>;
}
  | {
    type: "iteration";
    /**
     * The run.
     */
    run: number;
    /**
     * Iterations done.
     */
    step: number;
    /**
     * The phase that was played.
     */
    phase: Phase;
    /**
     * The phase that is next.
     */
    next: Phase;
    /**
     * The tensors at hand.
     */
    view: IterationView;
    /**
     * The last losses: of D on real, of D on generated, of G, and what
     * penalties or the cycle add.
     */
    losses: Array<number>;
    /**
     * Norms of the last gradients, D's and G's.
     */
    norms: Array<number>;
}
  | { type: "inspected" } & Inspected
  | { type: "filters" } & Filters
  | { type: "pong" }
  | {
    type: "digits";
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration they were made after.
     */
    step: number;
    /**
     * One byte a pixel, digit after digit, 784 each.
     */
    pixels: Uint8Array;
}
  | {
    type: "refused";
    /**
     * The `type` of the command refused.
     */
    command: string;
    /**
     * The run that `start` asked for, where it was that.
     */
    run?: number;
    /**
     * The error's code: the key of its sentence.
     */
    code: ErrorCode;
    /**
     * The values in the sentence.
     */
    args: Record<string, string>;
    /**
     * The sentence in English.
     */
    message: string;
}
  | {
    type: "fault";
    /**
     * The run.
     */
    run: number;
    /**
     * The error's code: the key of its sentence.
     */
    code: ErrorCode;
    /**
     * The values in the sentence.
     */
    args: Record<string, string>;
    /**
     * The sentence in English.
     */
    message: string;
    /**
     * What may help.
     */
    remedies: Array<RemedyInfo>;
};

/**
 * A file that was asked for.
 */
export type File = {
    /**
     * The run.
     */
    run: number;
    /**
     * Which.
     */
    what: FileKind;
    /**
     * The iteration.
     */
    step: number;
    /**
     * In the safetensors format.
     */
    bytes: Uint8Array;
};

/**
 * A file that can be taken away.
 */
export type FileKind = "run" | "generator";

/**
 * What D's first layer looks for.
 */
export type Filters = {
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration.
     */
    step: number;
    /**
     * Pixels of a side of a filter.
     */
    side: number;
    /**
     * How many filters.
     */
    count: number;
    /**
     * One byte a weight, filter after filter; 128 is 0, brighter is above.
     */
    pixels: Uint8Array;
};

/**
 * A function of one digit's score, or of a pair's.
 */
export type Formula = {
    is: "number";
    /**
     * The number.
     */
    value: number;
}
  | {
    is: "target";
    /**
     * Which.
     */
    of: Target;
}
  | {
    is: "score";
    /**
     * Of a digit of this kind.
     */
    of: Digits;
}
  | {
    is: "mean-score";
    /**
     * Of the digits of this kind.
     */
    of: Digits;
}
  | {
    is: "log-d";
    /**
     * Of a digit of this kind.
     */
    of: Digits;
}
  | {
    is: "log-one-minus-d";
    /**
     * Of a digit of this kind.
     */
    of: Digits;
}
  | {
    is: "sum";
    /**
     * The first term.
     */
    a: Formula;
    /**
     * The second term.
     */
    b: Formula;
}
  | {
    is: "difference";
    /**
     * What is subtracted from.
     */
    a: Formula;
    /**
     * What is subtracted.
     */
    b: Formula;
}
  | {
    is: "product";
    /**
     * The first factor.
     */
    a: Formula;
    /**
     * The second factor.
     */
    b: Formula;
}
  | {
    is: "square";
    /**
     * The base.
     */
    a: Formula;
}
  | {
    is: "positive";
    /**
     * The other number.
     */
    a: Formula;
}
  | {
    is: "softplus";
    /**
     * The exponent.
     */
    a: Formula;
};

/**
 * V(D, G) of the iterations before, each by D as it played, with the
 * statistics of its own batches.
 */
export type GameValue = {
    /**
     * Their mean, in nats.
     */
    value: number;
    /**
     * (V + log 4) / 2, a lower bound of the Jensen-Shannon divergence; below 0
     * it bounds nothing.
     */
    jsd: number;
    /**
     * Standard error of `jsd`.
     */
    error: number;
};

/**
 * A grid of digits on the page.
 */
export type Grid = "samples" | "real";

/**
 * The beginning of a file.
 */
export type Head = {
    /**
     * Its path from the folder that was brought.
     */
    path: string;
    /**
     * Its first kilobyte, unpacked.
     */
    bytes: Uint8Array;
    /**
     * Its bytes, as far as known.
     */
    size: number;
};

/**
 * D's scores of the last digits it was trained on, as histograms, while
 * [`Command::Watch`] asks for them.
 */
export type Histograms = {
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration they end with.
     */
    step: number;
    /**
     * Whether scores are probabilities, from 0 to 1; otherwise they are a
     * critic's values.
     */
    probability: boolean;
    /**
     * Left end of the first bin.
     */
    low: number;
    /**
     * Right end of the last bin.
     */
    high: number;
    /**
     * Where D takes neither side.
     */
    middle: number;
    /**
     * Real digits in each bin.
     */
    real: Array<number>;
    /**
     * Generated digits in each bin.
     */
    fake: Array<number>;
    /**
     * Share of both on which D was right: what the bins on their own side of
     * the middle hold.
     */
    right: number;
    /**
     * The value of the game by the same and some earlier scores; nothing where
     * scores are no log-odds, or too few yet.
     */
    game?: GameValue;
};

/**
 * The data set that files hold.
 */
export type Identified = {
    /**
     * That of `identify`.
     */
    id: number;
    /**
     * The file of pictures, by its place in the list.
     */
    images: number;
    /**
     * The file of labels.
     */
    labels?: number;
    /**
     * What is to be said of it.
     */
    said: Array<Remark>;
};

/**
 * What D says of a digit.
 */
export type Inspected = {
    /**
     * The run.
     */
    run: number;
    /**
     * The grid it is in.
     */
    grid: Grid;
    /**
     * Its place there.
     */
    index: number;
    /**
     * The raw score.
     */
    score: number;
    /**
     * The probability that it is real, where D speaks of one.
     */
    probability?: number;
    /**
     * How the score rises with each pixel: 784 bytes, 128 is not at all.
     */
    map: Uint8Array;
    /**
     * The latent vector it is made from; empty of real digits, and where there
     * are none.
     */
    latent: Float32Array | number[];
    /**
     * The class it is of, where G is told one.
     */
    class: number;
};

/**
 * How far the search for a latent vector is.
 */
export type Inverting = {
    /**
     * The run.
     */
    run: number;
    /**
     * The best vector so far.
     */
    latent: Float32Array | number[];
    /**
     * Its digit, 784 bytes.
     */
    pixels: Uint8Array;
    /**
     * Mean squared error of its pixels in [0, 1].
     */
    error: number;
    /**
     * Steps of descent so far.
     */
    iterations: number;
    /**
     * Whether the search has ended.
     */
    done: boolean;
};

/**
 * Of the iteration under way, or of the last one; at most 16 of each batch.
 * Where two domains are trained, half of each: first B, then A.
 */
export type IterationView = {
    /**
     * Numbers in a latent vector; 0 where there are none.
     */
    latent: number;
    /**
     * Latent vectors, one after another.
     */
    latents: Array<number>;
    /**
     * Real images, as bytes.
     */
    real: Uint8Array;
    /**
     * Generated images, as bytes.
     */
    fake: Uint8Array;
    /**
     * Of each pixel of `fake`, how far G is told to move it: 128 not at all,
     * 255 most towards ink, 1 most away from it; empty before G's step.
     */
    push: Uint8Array;
    /**
     * D's raw scores of `real`; empty until it has looked.
     */
    real_scores: Array<number>;
    /**
     * D's raw scores of `fake`; empty until it has looked.
     */
    fake_scores: Array<number>;
};

/**
 * One control. Sentences are i18n keys: `knob.<key>.name`, `knob.<key>.why`,
 * `knob.<key>.short` (where the value needs a word beside it),
 * `group.<group>`, `option.<option>`.
 */
export type KnobInfo = {
    /**
     * Its key, as in the address.
     */
    key: string;
    /**
     * The group it stands in.
     */
    group: string;
    /**
     * What values it takes.
     */
    kind: KnobKind;
    /**
     * Its default.
     */
    default: string;
    /**
     * Whether it takes effect at once; otherwise it needs a new run.
     */
    live: boolean;
    /**
     * The key and value of another knob without which it does nothing.
     */
    when?: [string, Array<string>];
};

/**
 * What values a knob takes.
 */
export type KnobKind = {
    is: "number";
    /**
     * Least.
     */
    min: number;
    /**
     * Greatest.
     */
    max: number;
    /**
     * Whether its slider is logarithmic.
     */
    log: boolean;
}
  | {
    is: "integer";
    /**
     * Least.
     */
    min: number;
    /**
     * Greatest.
     */
    max: number;
}
  | { is: "flag" }
  | {
    is: "choice";
    /**
     * The words.
     */
    options: Array<string>;
}
  | {
    is: "sizes";
    /**
     * Greatest size of a layer.
     */
    max: number;
    /**
     * Most layers.
     */
    most: number;
};

/**
 * What a host has to know of a loss to explain a run that plays for it.
 */
export type LossFacts = {
    /**
     * Whether D's scores are log-odds that a digit is real: of each a
     * probability can be read.
     */
    probability: boolean;
    /**
     * Whether G's loss needs D's scores of real digits, too.
     */
    compares: boolean;
    /**
     * Whether D's scores are to reach numbers that knobs set.
     */
    targets: boolean;
    /**
     * The score at which D takes neither side; nothing where only differences
     * of scores mean something.
     */
    middle?: Formula;
    /**
     * D's term on real digits; nothing where D's loss is one term of both
     * kinds, `fake`, half of which is reported under each name.
     */
    real?: Term;
    /**
     * D's term on generated digits.
     */
    fake: Term;
    /**
     * G's terms.
     */
    generator: Array<Term>;
};

/**
 * The training digits nearest to one, nearest first.
 */
export type Nearest = {
    /**
     * The run.
     */
    run: number;
    /**
     * Their numbers within the set.
     */
    indices: Array<number>;
    /**
     * Their classes; -1 where there is no label.
     */
    classes: Array<number>;
    /**
     * Euclidean distances of pixels in [0, 1].
     */
    distances: Array<number>;
    /**
     * How far the nearest of them is from the training digit nearest to
     * itself.
     */
    sibling: number;
    /**
     * One byte a pixel, digit after digit, 784 each.
     */
    pixels: Uint8Array;
};

/**
 * One part of an iteration. A duel plays them in this order, the first five
 * `d_steps` times; CycleGAN plays D's own three last. The
 * page's sentences are `phase.<phase>.name`, `phase.<phase>.says` and
 * `status.amid.<phase>`.
 */
export type Phase = "draw" | "generate" | "d-real" | "d-fake" | "d-update" | "g-generate" | "g-score" | "g-update";

/**
 * A phase of a trainer.
 */
export type PhaseFacts = {
    /**
     * The phase.
     */
    phase: Phase;
    /**
     * Who acts in it.
     */
    actor: Actor;
    /**
     * What of this iteration is at hand after it. G's loss may need D's scores
     * of real digits besides ([`compares`](crate::loss::LossFacts::compares)).
     */
    available: Array<Quantity>;
};

/**
 * The digits of a picture.
 */
export type Picture = {
    /**
     * The request.
     */
    id: number;
    /**
     * Of how many the ink was dark, so that black and white changed places.
     */
    swapped: number;
    /**
     * Whether it was a sheet, cut into its digits.
     */
    cut: boolean;
    /**
     * 784 bytes a digit; none where it was no picture.
     */
    pixels: Uint8Array;
};

/**
 * When digits no longer get better.
 */
export type PlateauRule = {
    /**
     * Surveys averaged into one figure.
     */
    surveys: number;
    /**
     * Figures in a row without a better one.
     */
    patience: number;
    /**
     * What counts as better: less than this share of the best.
     */
    better: number;
};

/**
 * A part of an iteration.
 */
export type Portion = "phase" | "d" | "g";

/**
 * A quantity of an iteration.
 */
export type Quantity = "z" | "real" | "fake" | "real-scores" | "fake-scores" | "d-loss" | "g-loss" | "push";

/**
 * A few digits, judged, with those of the quick_surveys before.
 */
export type QuickSurveyInfo = {
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration.
     */
    step: number;
    /**
     * How far it is, in a word.
     */
    stage: Stage;
    /**
     * The judge's mean confidence, whatever they are.
     */
    confidence: number;
    /**
     * How many digits were looked at, with those of the quick_surveys before.
     */
    digits: number;
    /**
     * How many of them fell in each class, of those that the judge takes for
     * digits.
     */
    classes: Array<number>;
    /**
     * Kullback-Leibler divergence of their shares from equal ones, in nats.
     */
    divergence: number;
    /**
     * Share of each class in the data.
     */
    own: Array<number>;
    /**
     * Share of the data that the judge takes for digits.
     */
    own_recognised: number;
    /**
     * Share of the time of training that all looks took so far.
     */
    share: number;
};

/**
 * The schedule `auto` waited until training does not get better: the rates
 * fall from here on.
 */
export type RatesFall = {
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration.
     */
    step: number;
    /**
     * Every knob's value, by key.
     */
    knobs: Record<string, string>;
};

/**
 * One kind of GAN, for the menu and its controls. Sentences are i18n keys:
 * `recipe.<id>.name`, `recipe.<id>.about`.
 */
export type RecipeInfo = {
    /**
     * Its id, as in the address.
     */
    id: string;
    /**
     * Its paper: author, year and a link.
     */
    paper: string;
    /**
     * Its controls, in the order to show them, grouped.
     */
    knobs: Array<KnobInfo>;
    /**
     * The knobs of its preset for fine digits; none where the defaults are
     * that.
     */
    fine: Record<string, string>;
};

/**
 * A sentence that is no error.
 */
export type Remark = {
    /**
     * The key of its sentence.
     */
    code: ErrorCode;
    /**
     * The values in it.
     */
    args: Record<string, string>;
    /**
     * The sentence in English.
     */
    message: string;
};

/**
 * What may help against an alarm or a fault: `cure.<name>` says it.
 */
export type RemedyInfo = {
    /**
     * Its name.
     */
    name: string;
    /**
     * Knobs to turn, by key.
     */
    knobs: Record<string, string>;
    /**
     * Whether it takes a new run.
     */
    fresh: boolean;
    /**
     * The kept snapshot to go back to first.
     */
    snapshot?: number;
    /**
     * That snapshot's iteration.
     */
    step?: number;
};

/**
 * The run goes on from a saved one; comes after `started`.
 */
export type Resumed = {
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration it stands at.
     */
    step: number;
    /**
     * Whether it was trained on the present data, all images and labels;
     * absent where that is not known: the file does not say, or not of all of
     * them, or not all are in.
     */
    same_data?: boolean;
    /**
     * What differs; absent where nothing is known to.
     */
    differs?: Differs;
    /**
     * The build whose arithmetic trained it; absent where the file does not
     * say.
     */
    build?: string;
};

/**
 * The school test: a net learns from generated digits alone, and reads real
 * ones.
 */
export type SchoolTest = {
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration whose generator made the digits.
     */
    step: number;
    /**
     * The share of the test that is done.
     */
    part: number;
    /**
     * How many generated digits it learns from.
     */
    taught: number;
    /**
     * How many real ones it has read, once it has.
     */
    tested?: number;
    /**
     * The share of those that it reads right.
     */
    right?: number;
};

/**
 * A setting that an error is about.
 */
export type Setting = "recipe" | "seed" | "knob" | "sizes";

/**
 * Where digits come from.
 */
export type Source = "mnist" | "drawn" | "files";

/**
 * How far a run is; the page's words are `stage.<stage>`.
 */
export type Stage = "noise" | "strokes" | "digits" | "crisp";

/**
 * A stage of a run.
 */
export type StageFacts = {
    /**
     * The stage.
     */
    stage: Stage;
    /**
     * Whether there are digits that can be counted by class.
     */
    digits: boolean;
};

/**
 * Many digits, measured; `cargo ganvas eval --count` of as many digits gives
 * the same classes, confidence and divergences.
 */
export type Survey = {
    /**
     * The iteration.
     */
    step: number;
    /**
     * Digits sampled, from seed 0.
     */
    digits: number;
    /**
     * Share of each class, of those that the judge takes for digits.
     */
    classes: number[];
    /**
     * Kullback-Leibler divergence of the shares from equal ones, in nats.
     */
    divergence: number;
    /**
     * Share that the judge takes for digits.
     */
    recognised: number;
    /**
     * The judge's mean confidence, whatever they are.
     */
    confidence: number;
    /**
     * Share that it is sure of.
     */
    sure: number;
    /**
     * The same of the real digits.
     */
    sure_real: number;
    /**
     * Frechet distance as [`compare`] has it; nothing where real digits are
     * too few.
     */
    distance?: number;
    /**
     * The same of as many real digits.
     */
    floor?: number;
    /**
     * Between how many digits, and as many, the two are.
     */
    compared?: number;
    /**
     * Share of the digits within reach of a real one.
     */
    precision?: number;
    /**
     * Share of the real digits within reach of one.
     */
    recall?: number;
    /**
     * V(D, G) of the players as they stand, of as many real and generated
     * digits; only where it was asked for and D's scores are log-odds.
     */
    value?: number;
    /**
     * (V + log 4) / 2.
     */
    jsd?: number;
    /**
     * Median distance of two digits over that of two real ones.
     */
    spread: number;
};

/**
 * One of the [`Targets`].
 */
export type Target = "real" | "fake" | "generator";

/**
 * A mean over the digits of a batch, weighted.
 */
export type Term = {
    /**
     * What the mean is multiplied by.
     */
    weight: number;
    /**
     * What it is the mean of.
     */
    each: Formula;
};

/**
 * Who plays.
 */
export type Trainer = "duel" | "cycle";

/**
 * A trainer.
 */
export type TrainerFacts = {
    /**
     * The trainer.
     */
    trainer: Trainer;
    /**
     * Its phases in order. Those of a duel up to D's step come `d_steps` times.
     */
    phases: Array<PhaseFacts>;
};

/**
 * Why files hold no data set.
 */
export type Unreadable = {
    /**
     * That of `identify`.
     */
    id: number;
    /**
     * The error's code: the key of its sentence.
     */
    code: ErrorCode;
    /**
     * The values in the sentence.
     */
    args: Record<string, string>;
    /**
     * The sentence in English.
     */
    message: string;
};

/**
 * The whole of a file is needed to know what data set it holds.
 */
export type Wanted = {
    /**
     * That of `identify`.
     */
    id: number;
    /**
     * Its place in the list of `identify`.
     */
    file: number;
    /**
     * No more bytes than these are of use.
     */
    most: number;
};
