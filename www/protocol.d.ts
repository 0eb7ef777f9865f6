// Generated from crate/web/src/protocol.rs; `GANVAS_BLESS=1 cargo test --package ganvas-tests` writes it.

/**
 * Where digits come from.
 */
export type Source = "mnist" | "drawn" | "files";

/**
 * The beginning of a file.
 */
export interface Head {
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
}

/**
 * From the page to the worker: `{ type: "decode", latent, .. }`, as the
 * generated types have it. In a browser the port hands it over as `{ decode: {
 * latent, .. } }`, which serde reads without the copy of everything that a tag
 * inside takes, and in a fifth less code. A message may also carry `of`, the
 * number of the run it is meant for: once another run has begun, it is dropped
 * without an answer.
 */
export type Command = { type: "look"; id: number; files: Head[]; upright: boolean }
  | { type: "whole"; id: number; file: number; bytes: Uint8Array }
  | { type: "open"; source: Source; transposed: boolean }
  | { type: "images"; bytes: Uint8Array }
  | { type: "labels"; bytes: Uint8Array }
  | { type: "close" }
  | { type: "start"; run: number; recipe: string; seed?: string; knobs: Record<string, string> }
  | { type: "next"; run: number; recipe: string; seed?: string; knobs: Record<string, string> }
  | { type: "run" }
  | { type: "pause" }
  | { type: "step" }
  | { type: "advance"; by: By }
  | { type: "return"; moment: number }
  | { type: "tune"; key: string; value: string }
  | { type: "decode"; latent: number[]; class?: number; mix?: number[] }
  | { type: "draw"; id: number; latents: number[]; class?: number; mix?: number[] }
  | { type: "directions" }
  | { type: "nearest"; pixels: Uint8Array }
  | { type: "read"; pixels: Uint8Array }
  | { type: "invert"; pixels: Uint8Array; class?: number }
  | { type: "stop-inverting" }
  | { type: "picture"; id: number; width: number; height: number; bytes: Uint8Array }
  | { type: "classes"; id: number; paths: string[] }
  | { type: "save"; what: Keep }
  | { type: "autosave"; on: boolean }
  | { type: "resume"; run: number; bytes: Uint8Array; elapsed_ms: number }
  | { type: "lend"; bytes: Uint8Array }
  | { type: "judge"; bytes: Uint8Array }
  | { type: "watch"; scores: boolean; quality: boolean }
  | { type: "inspect"; grid: Grid; index: number }
  | { type: "school"; on: boolean }
  | { type: "filters" }
  | { type: "ping" }
  | { type: "sample"; count: number; seed: number };

/**
 * A part of an iteration.
 */
export type By = "phase" | "d" | "g";

/**
 * A grid of digits on the page.
 */
export type Grid = "samples" | "real";

/**
 * A file that can be taken away.
 */
export type Keep = "run" | "generator";

/**
 * The classes of pictures by the folders they lie in.
 */
export interface Classes {
    /**
     * The request.
     */
    id: number;
    /**
     * From 0 to 9, for each path; -1 where its folder names no digit.
     */
    classes: number[];
    /**
     * Folders that are numbered, but beyond the ten classes.
     */
    beyond: number;
}

/**
 * The generator's principal directions, strongest first.
 */
export interface Directions {
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
    shares: number[];
    /**
     * What two steps along each change, in deviations of digits: ink, slant,
     * width, height; four numbers a direction.
     */
    effects: number[];
}

/**
 * A file that was asked for.
 */
export interface File {
    /**
     * The run.
     */
    run: number;
    /**
     * Which.
     */
    what: Keep;
    /**
     * The iteration.
     */
    step: number;
    /**
     * In the safetensors format.
     */
    bytes: Uint8Array;
}

/**
 * What D's first layer looks for.
 */
export interface Filters {
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
}

/**
 * What D says of a digit.
 */
export interface Inspected {
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
    probability: number | undefined;
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
}

/**
 * How far the search for a latent vector is.
 */
export interface Inverting {
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
}

/**
 * The training digits nearest to one, nearest first.
 */
export interface Nearest {
    /**
     * The run.
     */
    run: number;
    /**
     * Their numbers within the set.
     */
    indices: number[];
    /**
     * Their classes; -1 where there is no label.
     */
    classes: number[];
    /**
     * Euclidean distances of pixels in [0, 1].
     */
    distances: number[];
    /**
     * How far the nearest of them is from the training digit nearest to
     * itself.
     */
    sibling: number;
    /**
     * One byte a pixel, digit after digit, 784 each.
     */
    pixels: Uint8Array;
}

/**
 * The digits of a picture.
 */
export interface Picture {
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
}

/**
 * The schedule `auto` waited until training does not get better: the rates
 * fall from here on.
 */
export interface RatesFall {
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
}

/**
 * What is made of a digit that somebody drew.
 */
export interface Reading {
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
    probability: number | undefined;
    /**
     * The judge's probability of each class; empty while there is no judge.
     */
    chances: number[];
    /**
     * The digit in the other domain, for each of the two (A to B, B to A): 2 x
     * 784 bytes; empty where the GAN is not about domains.
     */
    pixels: Uint8Array;
}

/**
 * What of the present data is not what a run was trained on.
 */
export type Differs = "images" | "labels" | "labels-missing" | "labels-added";

/**
 * The run goes on from a saved one; comes after `started`.
 */
export interface Resumed {
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
    same_data: boolean | undefined;
    /**
     * What differs; absent where nothing is known to.
     */
    differs: Differs | undefined;
    /**
     * The build whose arithmetic trained it; absent where the file does not
     * say.
     */
    build: string | undefined;
}

/**
 * The school test: a net learns from generated digits alone, and reads real
 * ones.
 */
export interface SchoolTest {
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
    tested: number | undefined;
    /**
     * The share of those that it reads right.
     */
    right: number | undefined;
}

/**
 * V(D, G) of the iterations before, each by D as it played, with the
 * statistics of its own batches.
 */
export interface GameValue {
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
}

/**
 * D's scores of the last digits it was trained on, as histograms, while
 * [`Command::Watch`] asks for them.
 */
export interface Histograms {
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
    real: number[];
    /**
     * Generated digits in each bin.
     */
    fake: number[];
    /**
     * Share of both on which D was right: what the bins on their own side of
     * the middle hold.
     */
    right: number;
    /**
     * The value of the game by the same and some earlier scores; nothing where
     * scores are no log-odds, or too few yet.
     */
    game: GameValue | undefined;
}

/**
 * The run as it stood at an iteration, to be stored: `resume` goes on from it
 * bit for bit.
 */
export interface Snapshot {
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
}

/**
 * A sentence that is no error.
 */
export interface Remark {
    /**
     * The key of its sentence.
     */
    code: string;
    /**
     * The values in it.
     */
    args: Record<string, string>;
    /**
     * The sentence in English.
     */
    message: string;
}

/**
 * The whole of a file is needed to know what data set it holds.
 */
export interface Wanted {
    /**
     * That of `look`.
     */
    id: number;
    /**
     * Its place in the list of `look`.
     */
    file: number;
    /**
     * No more bytes than these are of use.
     */
    most: number;
}

/**
 * The data set that files hold.
 */
export interface Read {
    /**
     * That of `look`.
     */
    id: number;
    /**
     * The file of pictures, by its place in the list.
     */
    images: number;
    /**
     * The file of labels.
     */
    labels: number | undefined;
    /**
     * What is to be said of it.
     */
    said: Remark[];
}

/**
 * Why files hold no data set.
 */
export interface Unreadable {
    /**
     * That of `look`.
     */
    id: number;
    /**
     * The error's code: the key of its sentence.
     */
    code: string;
    /**
     * The values in the sentence.
     */
    args: Record<string, string>;
    /**
     * The sentence in English.
     */
    message: string;
}

/**
 * From the worker to the page.
 */
export type Event = { type: "ready"; protocol: number; build: string; recipes: RecipeInfo[] }
  | { type: "started"; run: number; recipe: string; seed: number; knobs: Record<string, string>; latent: number; modes: number; columns: string[]; classes: number; generator: string[]; discriminator: string[]; generator_weights: number; discriminator_weights: number; snapshot_bytes: number } | ({ type: "wanted" } & Wanted) | ({ type: "read" } & Read) | ({ type: "unreadable" } & Unreadable)
  | { type: "data"; source: Source; images: number; total: number; labels: number; usable: boolean; complete: boolean }
  | { type: "real"; pixels: Uint8Array }
  | { type: "progress"; run: number; step: number; epoch: number; digits_seen: number; steps_per_s: number; images_per_s: number; elapsed_ms: number; training: boolean; waiting: boolean; epoch_left: number; amid: boolean; points: Float32Array | number[]; digest: string | undefined }
  | { type: "samples"; run: number; step: number; pixels: Uint8Array }
  | { type: "decoded"; run: number; pixels: Uint8Array }
  | { type: "drawn"; run: number; id: number; pixels: Uint8Array } | ({ type: "directions" } & Directions) | ({ type: "nearest" } & Nearest) | ({ type: "reading" } & Reading) | ({ type: "inverting" } & Inverting) | ({ type: "picture" } & Picture) | ({ type: "classes" } & Classes) | ({ type: "file" } & File) | ({ type: "snapshot" } & Snapshot) | ({ type: "resumed" } & Resumed)
  | { type: "lent"; run: number; recipe: string; seed: number; steps: number } | ({ type: "scores" } & Histograms) | ({ type: "glance" } & GlanceInfo)
  | { type: "strange"; run: number }
  | { type: "survey"; run: number; step: number; survey: SurveyInfo; cost_ms: number }
  | { type: "plateau"; run: number; best: number; step: number } | ({ type: "rates-fall" } & RatesFall) | ({ type: "school" } & SchoolTest)
  | { type: "best"; run: number; moment: number; step: number }
  | { type: "alarm"; run: number; step: number; alarm: string; args: Record<string, string>; remedies: RemedyInfo[] }
  | { type: "calm"; run: number; alarm: string }
  | { type: "moment"; run: number; id: number; step: number; branch: number; bytes: number; most: number; pixels: Uint8Array }
  | { type: "forgot"; run: number; ids: number[] }
  | { type: "returned"; run: number; moment: number; step: number; branch: number; knobs: Record<string, string> }
  | { type: "amid"; run: number; step: number; phase: PhaseName; next: PhaseName; amid: AmidInfo } | ({ type: "inspected" } & Inspected) | ({ type: "filters" } & Filters)
  | { type: "pong" }
  | { type: "digits"; run: number; step: number; pixels: Uint8Array }
  | { type: "refused"; command: string; run: number | undefined; code: string; args: Record<string, string>; message: string }
  | { type: "fault"; run: number; code: string; args: Record<string, string>; message: string };

/**
 * How far training is, in a word: the page's are `stage.<stage>`.
 */
export type Stage = "noise" | "strokes" | "digits" | "crisp";

/**
 * A phase of an iteration: the page's sentences are `phase.<phase>.name`,
 * `phase.<phase>.says` and `status.amid.<phase>`.
 */
export type PhaseName = "draw" | "generate" | "d-real" | "d-fake" | "d-update" | "g-generate" | "g-score" | "g-update";

/**
 * A few digits, judged, with those of the glances before.
 */
export interface GlanceInfo {
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
     * How many digits were looked at, with those of the glances before.
     */
    digits: number;
    /**
     * How many of them fell in each class, of those that the judge takes for
     * digits.
     */
    classes: number[];
    /**
     * Kullback-Leibler divergence of their shares from equal ones, in nats.
     */
    divergence: number;
    /**
     * Share of each class in the data.
     */
    own: number[];
    /**
     * Share of the data that the judge takes for digits.
     */
    own_recognised: number;
    /**
     * Share of the time of training that all looks took so far.
     */
    share: number;
}

/**
 * The figures of a survey; `cargo ganvas eval --count` of as many digits gives
 * the same classes, confidence and divergences.
 */
export interface SurveyInfo {
    /**
     * Digits sampled.
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
     * Share that the judge is sure of.
     */
    sure: number;
    /**
     * The same of real digits.
     */
    sure_real: number;
    /**
     * Frechet distance to as many real digits.
     */
    distance: number | undefined;
    /**
     * The same distance of other real digits; as the next two, nothing where
     * there are too few.
     */
    floor: number | undefined;
    /**
     * Between how many digits, and as many, the two are.
     */
    compared: number | undefined;
    /**
     * Share of the generated digits that are near real ones.
     */
    precision: number | undefined;
    /**
     * Share of the real digits that are near generated ones.
     */
    recall: number | undefined;
    /**
     * V(D, G) by D's scores, where they are log-odds.
     */
    value: number | undefined;
    /**
     * (V + log 4) / 2.
     */
    jsd: number | undefined;
    /**
     * Median distance of two digits over that of two real ones.
     */
    spread: number;
}

/**
 * The tensors of an iteration, at most 16 of each batch.
 */
export interface AmidInfo {
    /**
     * Numbers in a latent vector; 0 where there are none.
     */
    latent: number;
    /**
     * Latent vectors, one after another.
     */
    latents: number[];
    /**
     * Real digits, 784 bytes each.
     */
    real: Uint8Array;
    /**
     * Generated digits, 784 bytes each.
     */
    fake: Uint8Array;
    /**
     * Where G is told to change `fake`: 128 is nothing, more is brighter, less
     * is darker; empty before G's step.
     */
    push: Uint8Array;
    /**
     * D's raw scores of `real`; empty until it has looked.
     */
    real_scores: number[];
    /**
     * D's raw scores of `fake`; empty until it has looked.
     */
    fake_scores: number[];
    /**
     * Whether raw scores are log-odds.
     */
    probability: boolean;
    /**
     * The last losses: of D on real, of D on generated, of G, and what
     * penalties or the cycle add.
     */
    losses: number[];
    /**
     * Norms of the last gradients, D's and G's.
     */
    norms: number[];
}

/**
 * What may help against an alarm: `cure.<name>` says it.
 */
export interface RemedyInfo {
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
     * The kept moment to go back to first.
     */
    moment: number | undefined;
    /**
     * That moment's iteration.
     */
    step: number | undefined;
}

/**
 * One kind of GAN, for the menu and its controls. Sentences are i18n keys:
 * `recipe.<id>.name`, `recipe.<id>.about`.
 */
export interface RecipeInfo {
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
    knobs: KnobInfo[];
    /**
     * The knobs of its preset for fine digits; none where the defaults are
     * that.
     */
    fine: Record<string, string>;
}

/**
 * One control. Sentences are i18n keys: `knob.<key>.name`, `knob.<key>.why`,
 * `knob.<key>.short` (where the value needs a word beside it),
 * `group.<group>`, `option.<option>`.
 */
export interface KnobInfo {
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
    when: [string, string[]] | undefined;
}

/**
 * What values a knob takes.
 */
export type KnobKind = { is: "number"; min: number; max: number; log: boolean }
  | { is: "integer"; min: number; max: number }
  | { is: "flag" }
  | { is: "choice"; options: string[] }
  | { is: "sizes"; max: number; most: number };
