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
     * The names of the remedies, most promising first: `cure.<name>` is the
     * sentence of each.
     */
    remedies: Array<string>;
};

/**
 * What D, the judge and the translators make of a digit that the visitor drew.
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
     * The probability that it is real, if D's scores are log-odds.
     */
    probability?: number;
    /**
     * The judge's probability of each class; empty while there is no judge.
     */
    probabilities: Array<number>;
    /**
     * The digit in the other domain, for each of the two (A to B, B to A): 2 x
     * 784 bytes; empty if the GAN does not translate.
     */
    pixels: Uint8Array;
};

/**
 * State of the run after an iteration, for the page to store: `resume`
 * continues from it bit for bit.
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
     * Time it took to make, in milliseconds.
     */
    cost_ms: number;
    /**
     * Fingerprint of the data it was trained on: equal data have equal ones
     * once all images are loaded; one made before that stands for the first
     * images only.
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
     * Every loss, by its name in the knob `loss`.
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
     * Every stage of a run, from the first.
     */
    stages: Array<StageFacts>;
    /**
     * When images no longer get better.
     */
    plateau: PlateauRule;
    /**
     * Where images can come from.
     */
    sources: Array<Source>;
    /**
     * Every error, by its code.
     */
    errors: Record<string, ErrorFacts>;
};

/**
 * The classes of pictures, by the folders they are in.
 */
export type Classes = {
    /**
     * The request.
     */
    id: number;
    /**
     * From 0 to 9, for each path; -1 if its folder names no digit.
     */
    classes: Array<number>;
    /**
     * Number of folders that are numbered, but beyond the ten classes.
     */
    beyond: number;
};

/**
 * From the page to the worker: `{ type: "decode", latent, .. }`, as in the
 * generated types. In a browser the port passes `{ decode: { latent, .. } }`,
 * which serde reads without the copy of all fields that an internal tag needs,
 * and in a fifth less code. A message can also carry `of`, the number of the
 * run it is meant for: once another run has begun, it is dropped without an
 * answer.
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
     * Whether pictures that lie on their side will be turned upright.
     */
    upright: boolean;
}
  | {
    type: "whole-file";
    /**
     * The `id` of `identify`.
     */
    id: number;
    /**
     * The file's index in the list of `identify`.
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
     * Whether images are transposed, as EMNIST's are, and must be turned
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
     * The seed of everything random, as the visitor wrote it; if absent, a
     * random one.
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
     * A latent vector, of the dimension that the generator takes.
     */
    latent: Array<number>;
    /**
     * The class to make, if the generator is conditioned on classes; 0 if
     * absent.
     */
    class?: number;
    /**
     * Instead of a class, a class mix: the share of each of the ten,
     * together 1; empty or absent: none.
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
     * A latent vector for each image, one after another; at most 1,024
     * images.
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
     * Its width in pixels.
     */
    width: number;
    /**
     * Its height in pixels.
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
     * Which file.
     */
    what: FileKind;
}
  | {
    type: "autosave";
    /**
     * Whether it does.
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
     * Time that it was trained before, in milliseconds.
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
     * The file of its weights.
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
     * The grid that the image is in.
     */
    grid: Grid;
    /**
     * Its index in the grid, from 0.
     */
    index: number;
}
  | {
    type: "school";
    /**
     * Whether the test runs.
     */
    on: boolean;
}
  | { type: "filters" }
  | { type: "ping" }
  | {
    type: "sample";
    /**
     * Number of images.
     */
    count: number;
    /**
     * The seed of their latent vectors.
     */
    seed: number;
};

/**
 * How the present data differ from those a run was trained on.
 */
export type Differs = "images" | "labels" | "labels-missing" | "labels-added";

/**
 * Whether a score is of a real or of a generated image.
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
     * Number of directions.
     */
    count: number;
    /**
     * `count` unit vectors, of the dimension of a latent vector each.
     */
    vectors: Float32Array | number[];
    /**
     * Share of the variance of G's first hidden layer that each explains.
     */
    shares: Array<number>;
    /**
     * By how many standard deviations over generated images two steps along
     * each change their ink, slant, width and height; four numbers a
     * direction.
     */
    effects: Array<number>;
};

/**
 * The codes of errors; `error.<code>` is the sentence of each.
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
 * Facts that a host needs about an error.
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
     * Every type of GAN, the default first.
     */
    recipes: Array<RecipeInfo>;
    /**
     * Other facts about the engine.
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
     * Which players there are.
     */
    trainer: Trainer;
    /**
     * The seed, random or given.
     */
    seed: number;
    /**
     * Every knob's value, by key.
     */
    knobs: Record<string, string>;
    /**
     * Dimension of the generator's latent vector; 0 if it takes images.
     */
    latent: number;
    /**
     * How many of the last dimensions encode the mode: one of them is 3,
     * the others 0.
     */
    modes: number;
    /**
     * What the columns of the grid of `samples` show, if they differ: `a`,
     * `a-b`, `a-b-a`, ...; the page's words are `pairs.<column>`.
     */
    columns: Array<string>;
    /**
     * Number of classes the generator is conditioned on; 0 if it is
     * unconditional.
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
     * Number of weights of the generator.
     */
    generator_weights: number;
    /**
     * Number of weights of the discriminator.
     */
    discriminator_weights: number;
    /**
     * Approximate size of an `autosaved` of the run, in bytes.
     */
    autosave_bytes: number;
}
  | { type: "wanted" } & Wanted
  | { type: "identified" } & Identified
  | { type: "unreadable" } & Unreadable
  | {
    type: "data";
    /**
     * The source of the data set.
     */
    source: Source;
    /**
     * Images loaded so far.
     */
    images: number;
    /**
     * Images that the set will have; 0 while unknown.
     */
    total: number;
    /**
     * Labels loaded so far.
     */
    labels: number;
    /**
     * Whether enough is loaded to train on: then it is the data set in
     * use.
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
     * One byte a pixel, image after image, 784 each.
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
     * Real images seen, over the size of the data set.
     */
    epoch: number;
    /**
     * Real images that the discriminator has seen.
     */
    images_seen: number;
    /**
     * Iterations a second, recently; 0 while paused.
     */
    steps_per_s: number;
    /**
     * Real images a second, recently; 0 while paused.
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
     * Whether training waits for images that have not arrived.
     */
    waiting: boolean;
    /**
     * Steps until this epoch ends.
     */
    epoch_left: number;
    /**
     * Whether it stands within an iteration, of which some phases are
     * done.
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
     * random streams and data position.
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
     * The iteration after which they were made.
     */
    step: number;
    /**
     * One byte a pixel, image after image, 784 each.
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
     * One byte a pixel, image after image, 784 each.
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
     * The recipe it was trained with.
     */
    recipe: string;
    /**
     * The seed it was trained with.
     */
    seed: number;
    /**
     * The number of iterations it was trained for.
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
     * The results.
     */
    survey: Survey;
    /**
     * Time it took, in milliseconds.
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
     * The number of the snapshot kept of it.
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
     * Remedies, most promising first.
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
     * Greatest number of bytes that they can take.
     */
    most: number;
    /**
     * The grid of `samples` at that iteration.
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
     * The phase just done.
     */
    phase: Phase;
    /**
     * The phase that follows.
     */
    next: Phase;
    /**
     * The tensors available.
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
     * The iteration after which they were made.
     */
    step: number;
    /**
     * One byte a pixel, image after image, 784 each.
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
     * The run that the command was to start, if any.
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
     * Remedies.
     */
    remedies: Array<RemedyInfo>;
};

/**
 * A file of the run that the page requested.
 */
export type File = {
    /**
     * The run.
     */
    run: number;
    /**
     * Which file.
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
 * A type of file that the page can save.
 */
export type FileKind = "run" | "generator";

/**
 * The filters of D's first layer.
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
     * Width and height of a filter, in pixels.
     */
    side: number;
    /**
     * Number of filters.
     */
    count: number;
    /**
     * One byte a weight, filter after filter; 128 is 0, brighter is above.
     */
    pixels: Uint8Array;
};

/**
 * A function of one image's score, or of a pair's scores.
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
     * Which target.
     */
    of: Target;
}
  | {
    is: "score";
    /**
     * Real or generated.
     */
    of: Digits;
}
  | {
    is: "mean-score";
    /**
     * Real or generated.
     */
    of: Digits;
}
  | {
    is: "log-d";
    /**
     * Real or generated.
     */
    of: Digits;
}
  | {
    is: "log-one-minus-d";
    /**
     * Real or generated.
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
     * The minuend.
     */
    a: Formula;
    /**
     * The subtrahend.
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
 * V(D, G) of the last iterations, each with D as it played and the statistics
 * of its own batches.
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
 * A grid of images on the page.
 */
export type Grid = "samples" | "real";

/**
 * The beginning of a file.
 */
export type Head = {
    /**
     * Its path from the folder that the visitor chose.
     */
    path: string;
    /**
     * Its first kilobyte, unpacked.
     */
    bytes: Uint8Array;
    /**
     * Its size in bytes, as far as known.
     */
    size: number;
};

/**
 * Histograms of D's scores of the last images it was trained on, while
 * [`Command::Watch`] requests them.
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
     * Whether scores are shown as probabilities, from 0 to 1; otherwise they
     * are a critic's values.
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
     * The score at which D takes neither side.
     */
    middle: number;
    /**
     * Real images in each bin.
     */
    real: Array<number>;
    /**
     * Generated images in each bin.
     */
    fake: Array<number>;
    /**
     * Share of both on which D was right: those in bins on their own side of
     * the middle.
     */
    right: number;
    /**
     * The value of the game from the same and some earlier scores; absent if
     * scores are not log-odds, or too few yet.
     */
    game?: GameValue;
};

/**
 * The data set that files hold.
 */
export type Identified = {
    /**
     * The `id` of `identify`.
     */
    id: number;
    /**
     * Index of the file of images in the list.
     */
    images: number;
    /**
     * Index of the file of labels in the list.
     */
    labels?: number;
    /**
     * Remarks on the data set.
     */
    said: Array<Remark>;
};

/**
 * D's score of an image, and which of its pixels matter.
 */
export type Inspected = {
    /**
     * The run.
     */
    run: number;
    /**
     * The grid that the image is in.
     */
    grid: Grid;
    /**
     * Its index in the grid.
     */
    index: number;
    /**
     * The raw score.
     */
    score: number;
    /**
     * The probability that it is real, if D's scores are log-odds.
     */
    probability?: number;
    /**
     * How the score rises with each pixel: 784 bytes, 128 is not at all.
     */
    map: Uint8Array;
    /**
     * The latent vector it is made from; empty for real images and if the GAN
     * has none.
     */
    latent: Float32Array | number[];
    /**
     * Its class, if G is conditioned on classes.
     */
    class: number;
};

/**
 * The progress of the search for a latent vector.
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
     * Its image, 784 bytes.
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
 * The tensors of the iteration under way, or of the last one; at most 16
 * images of each batch. With two domains, half of each: first B, then A.
 */
export type IterationView = {
    /**
     * Dimensions of a latent vector; 0 if there are none.
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
     * The negative gradient of G's loss by each pixel of `fake`: 128 is 0, 255
     * the greatest towards ink, 1 the greatest away from it; empty before G's
     * step.
     */
    push: Uint8Array;
    /**
     * D's raw scores of `real`; empty until D has scored them.
     */
    real_scores: Array<number>;
    /**
     * D's raw scores of `fake`; empty until D has scored them.
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
     * The group it is in.
     */
    group: string;
    /**
     * The type of its values.
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
     * The key and the values of another knob without which it does nothing.
     */
    when?: [string, Array<string>];
};

/**
 * The type of a knob's values.
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
     * Greatest number of layers.
     */
    most: number;
};

/**
 * Facts about a loss that a host needs to explain a run.
 */
export type LossFacts = {
    /**
     * Whether D's scores are log-odds that an image is real, so that a sigmoid
     * gives a probability.
     */
    probability: boolean;
    /**
     * Whether G's loss also needs D's scores of real images.
     */
    compares: boolean;
    /**
     * Whether the loss has target scores that knobs set.
     */
    targets: boolean;
    /**
     * The score at which D calls an image neither real nor generated; None if
     * only differences of scores have a meaning.
     */
    middle?: Formula;
    /**
     * D's term on real images; None if D's loss is a single term of both
     * scores, `fake`, half of which is reported under each name.
     */
    real?: Term;
    /**
     * D's term on generated images.
     */
    fake: Term;
    /**
     * G's terms.
     */
    generator: Array<Term>;
};

/**
 * The training images nearest to a digit, nearest first.
 */
export type Nearest = {
    /**
     * The run.
     */
    run: number;
    /**
     * Their indices in the data set.
     */
    indices: Array<number>;
    /**
     * Their classes; -1 without a label.
     */
    classes: Array<number>;
    /**
     * Euclidean distances of pixels in [0, 1].
     */
    distances: Array<number>;
    /**
     * Distance from the nearest of them to the training image nearest to it.
     */
    sibling: number;
    /**
     * One byte a pixel, image after image, 784 each.
     */
    pixels: Uint8Array;
};

/**
 * A phase of an iteration. A duel plays them in this order, the first five
 * `d_steps` times; CycleGAN plays the three of D's step last. The page's
 * sentences are `phase.<phase>.name`, `phase.<phase>.says` and
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
     * What of this iteration is available after it. G's loss can also need D's
     * scores of real images ([`compares`](crate::loss::LossFacts::compares)).
     */
    available: Array<Quantity>;
};

/**
 * The images in a picture.
 */
export type Picture = {
    /**
     * The request.
     */
    id: number;
    /**
     * In how many images the ink was dark, so that black and white were
     * swapped.
     */
    swapped: number;
    /**
     * Whether the picture was a sheet and was cut into its images.
     */
    cut: boolean;
    /**
     * 784 bytes an image; empty if it is not a picture.
     */
    pixels: Uint8Array;
};

/**
 * When images no longer get better.
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
     * A figure is better if it is less than this share of the best one.
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
 * A quick survey, together with those before it.
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
     * The stage of the run.
     */
    stage: Stage;
    /**
     * The judge's mean confidence over all images of this one, recognised or
     * not.
     */
    confidence: number;
    /**
     * Number of images judged, in this quick survey and those before it.
     */
    digits: number;
    /**
     * Number of them in each class, of those that the judge recognises as
     * digits.
     */
    classes: Array<number>;
    /**
     * Kullback-Leibler divergence of their shares from equal shares, in nats.
     */
    divergence: number;
    /**
     * Share of each class in the data.
     */
    own: Array<number>;
    /**
     * Share of the data that the judge recognises as digits.
     */
    own_recognised: number;
    /**
     * Share of the training time that all measurements took so far.
     */
    share: number;
};

/**
 * The schedule `auto` waited until training no longer got better: the rates
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
 * One type of GAN, for the menu and its controls. Sentences are i18n keys:
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
     * The knobs of its preset for fine images; empty if the defaults are that
     * preset.
     */
    fine: Record<string, string>;
};

/**
 * A sentence that is not an error.
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
 * A remedy against an alarm or a fault: `cure.<name>` is its sentence.
 */
export type RemedyInfo = {
    /**
     * Its name.
     */
    name: string;
    /**
     * Knobs to change, by key.
     */
    knobs: Record<string, string>;
    /**
     * Whether it needs a new run.
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
 * The run continues from a saved one; comes after `started`.
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
     * absent if that is not known: the file does not say, or not of all of
     * them, or not all are loaded.
     */
    same_data?: boolean;
    /**
     * How the data differ; absent if no difference is known.
     */
    differs?: Differs;
    /**
     * The build whose arithmetic trained it; absent if the file does not say.
     */
    build?: string;
};

/**
 * The school test: a net trains on generated images alone and classifies real
 * ones.
 */
export type SchoolTest = {
    /**
     * The run.
     */
    run: number;
    /**
     * The iteration whose generator made the images.
     */
    step: number;
    /**
     * Share of the test that is done.
     */
    part: number;
    /**
     * Number of generated images that the net trains on.
     */
    taught: number;
    /**
     * Number of real images that it classified, once it has.
     */
    tested?: number;
    /**
     * Share of those that it classified correctly.
     */
    right?: number;
};

/**
 * A setting that an error is about.
 */
export type Setting = "recipe" | "seed" | "knob" | "sizes";

/**
 * Where images come from.
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
     * Whether there are digits to count by class.
     */
    digits: boolean;
};

/**
 * Many images, measured; `cargo ganvas eval --count` with the same count gives
 * the same classes, confidence and divergences.
 */
export type Survey = {
    /**
     * The iteration.
     */
    step: number;
    /**
     * Number of images sampled, from seed 0.
     */
    digits: number;
    /**
     * Share of each class, of the images that the judge recognises as digits.
     */
    classes: number[];
    /**
     * Kullback-Leibler divergence of the shares from equal shares, in nats.
     */
    divergence: number;
    /**
     * Share that the judge recognises as digits.
     */
    recognised: number;
    /**
     * The judge's mean confidence over all images, recognised or not.
     */
    confidence: number;
    /**
     * Share of which the judge is sure.
     */
    sure: number;
    /**
     * The same of the real images.
     */
    sure_real: number;
    /**
     * Frechet distance to the real images, as [`compare`] computes it; none if
     * there are too few real images.
     */
    distance?: number;
    /**
     * The same between two sets of real images.
     */
    floor?: number;
    /**
     * Number of images in each of the two sets that are compared.
     */
    compared?: number;
    /**
     * Share of the generated images within reach of a real one.
     */
    precision?: number;
    /**
     * Share of the real images within reach of a generated one.
     */
    recall?: number;
    /**
     * V(D, G) of the present players, over as many real as generated images;
     * only if it was requested and D's scores are log-odds.
     */
    value?: number;
    /**
     * (V + log 4) / 2.
     */
    jsd?: number;
    /**
     * Median distance between two images, over that between two real ones.
     */
    spread: number;
};

/**
 * One of the [`Targets`].
 */
export type Target = "real" | "fake" | "generator";

/**
 * A weighted mean over the images of a batch.
 */
export type Term = {
    /**
     * Factor of the mean.
     */
    weight: number;
    /**
     * The function that is averaged.
     */
    each: Formula;
};

/**
 * The game that trains the nets.
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
     * Its phases in order. Those of a duel up to D's step are played `d_steps`
     * times.
     */
    phases: Array<PhaseFacts>;
};

/**
 * Why files hold no data set.
 */
export type Unreadable = {
    /**
     * The `id` of `identify`.
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
 * The complete file is needed to know what data set it holds.
 */
export type Wanted = {
    /**
     * The `id` of `identify`.
     */
    id: number;
    /**
     * The file's index in the list of `identify`.
     */
    file: number;
    /**
     * At most so many bytes are of use.
     */
    most: number;
};
