//! What the page and the worker say to each other: two enums, from which `www/protocol.d.ts` is generated.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use tsify::Tsify;

/// Raised with every change of the messages; a page and a worker of different numbers ask for a reload.
pub const PROTOCOL: u32 = 1;

/// Where digits come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// MNIST, from the site or a mirror.
    Mnist,
    /// Digits that the program draws: 60,000 of them, none stored.
    Drawn,
    /// The visitor's own IDX files.
    Files,
}

/// From the page to the worker.
#[derive(Debug, Serialize, Deserialize, Tsify)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Command {
    /// Opens a data set; `images` and `labels` that follow belong to it. It takes over (as a new run) once enough digits are in.
    Open {
        /// Where it comes from.
        source: Source,
        /// Whether images come transposed, as EMNIST's do, and are to be turned upright.
        transposed: bool,
    },
    /// The next bytes of the unpacked IDX file of images.
    Images {
        /// Any number of bytes, cut anywhere.
        #[tsify(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// The next bytes of the unpacked IDX file of labels.
    Labels {
        /// Any number of bytes, cut anywhere.
        #[tsify(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// The opened data set's files have ended, whole or not; what is in, counts.
    Close,
    /// Starts a new run from step 0 on the present data. Refused, the old run stays.
    Start {
        /// The page's number for the run; every event of the run carries it.
        run: u32,
        /// The recipe's id.
        recipe: String,
        /// The seed of everything random, as the visitor wrote it; absent, one is drawn.
        #[tsify(optional)]
        seed: Option<String>,
        /// Knobs that differ from the recipe's defaults, by key.
        knobs: BTreeMap<String, String>,
    },
    /// Trains until told otherwise.
    Run,
    /// Stops after the iteration under way.
    Pause,
    /// One iteration, then pauses.
    Step,
    /// Turns one live knob; takes effect at the next iteration.
    Tune {
        /// The knob's key.
        key: String,
        /// Its new value.
        value: String,
    },
    /// Asks for the digit of a latent vector; the newest request wins.
    Decode {
        /// As many numbers as the generator takes.
        latent: Vec<f32>,
        /// The class to make, where the generator is told one; absent, 0.
        #[serde(default)]
        #[tsify(optional)]
        class: Option<u8>,
    },
    /// Lends the run a generator that was trained elsewhere, to show digits by until it has taken a step of its own.
    Lend {
        /// The file that `train --generator` wrote.
        #[tsify(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// Asks for digits of fresh latents from the present generator.
    Sample {
        /// How many.
        count: u32,
        /// The seed of their latents.
        seed: u32,
    },
}

/// From the worker to the page.
#[derive(Debug, Serialize, Deserialize, Tsify)]
#[serde(tag = "type", rename_all = "kebab-case")]
pub enum Event {
    /// The worker is up. Sent once.
    Ready {
        /// [`PROTOCOL`] of this worker.
        protocol: u32,
        /// Which of the wasm builds it runs, such as `simd128`.
        build: String,
        /// Every kind of GAN, first the default.
        recipes: Vec<RecipeInfo>,
    },
    /// A new run stands at step 0.
    Started {
        /// The run.
        run: u32,
        /// The recipe's id.
        recipe: String,
        /// The seed, drawn or given.
        seed: u32,
        /// Every knob's value, by key.
        knobs: BTreeMap<String, String>,
        /// How many numbers the generator takes; 0: it takes digits.
        latent: u32,
        /// What the columns of the grid of `samples` show, where they differ: `a`, `a-b`, `a-b-a`, ...; the page's words are `pairs.<column>`.
        columns: Vec<String>,
        /// How many classes it can be told to make; 0: it is told none.
        classes: u32,
        /// The generator, layer by layer, such as `dense 100 relu`.
        generator: Vec<String>,
        /// The discriminator, layer by layer.
        discriminator: Vec<String>,
        /// Weights of the generator.
        generator_weights: u32,
        /// Weights of the discriminator.
        discriminator_weights: u32,
    },
    /// Digits arrived, or the data set changed.
    Data {
        /// Of which data set.
        source: Source,
        /// Digits that are in.
        images: u32,
        /// Digits that it will have; 0 while unknown.
        total: u32,
        /// Labels that are in.
        labels: u32,
        /// Whether enough is in to train on it: then it is the data set in use.
        usable: bool,
        /// Whether no more will come.
        complete: bool,
    },
    /// Real digits to show beside the generated ones.
    Real {
        /// One byte a pixel, digit after digit, 784 each.
        #[tsify(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// Where training stands: about ten times a second, and after every command that changes it.
    Progress {
        /// The run.
        run: u32,
        /// Iterations done.
        step: u32,
        /// Passes over the data begun, with the fraction done; each epoch counts its own number of digits.
        epoch: f64,
        /// Real digits the discriminator has seen.
        digits_seen: f64,
        /// Iterations a second, lately; 0 while paused.
        steps_per_s: f64,
        /// Real digits a second, lately; 0 while paused.
        images_per_s: f64,
        /// Time spent training this run, in milliseconds.
        elapsed_ms: f64,
        /// Whether it is training now.
        training: bool,
        /// Whether it stands still because the digits it needs have not arrived.
        waiting: bool,
        /// New points of the curves, five numbers each: step, loss of D on real, loss of D on generated, loss of G, and what penalties or the
        /// cycle add.
        #[tsify(type = "Float32Array | number[]")]
        points: Vec<f32>,
        /// While not training: a hash (16 hex digits) of weights, moments, chance and data position.
        digest: Option<String>,
    },
    /// Digits of the run's fixed latents, or of the same pairs at every step.
    Samples {
        /// The run.
        run: u32,
        /// The iteration they were made after.
        step: u32,
        /// One byte a pixel, digit after digit, 784 each.
        #[tsify(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// The digit of the newest latent vector asked for.
    Decoded {
        /// The run.
        run: u32,
        /// 784 bytes.
        #[tsify(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// The run shows digits by a generator that was trained elsewhere, until it has taken a step of its own.
    Lent {
        /// The run.
        run: u32,
        /// The recipe it was trained by.
        recipe: String,
        /// The seed it was trained from.
        seed: u32,
        /// For how many iterations.
        steps: u32,
    },
    /// The digits that `sample` asked for.
    Digits {
        /// The run.
        run: u32,
        /// The iteration they were made after.
        step: u32,
        /// One byte a pixel, digit after digit, 784 each.
        #[tsify(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// Something asked for cannot be had; nothing changed.
    Refused {
        /// The `type` of the command refused.
        command: String,
        /// The run that `start` asked for, where it was that.
        run: Option<u32>,
        /// The error's code: the key of its sentence.
        code: String,
        /// The values in the sentence.
        args: BTreeMap<String, String>,
        /// The sentence in English.
        message: String,
    },
    /// Training stopped by itself; the weights are those from before the fault.
    Fault {
        /// The run.
        run: u32,
        /// The error's code: the key of its sentence.
        code: String,
        /// The values in the sentence.
        args: BTreeMap<String, String>,
        /// The sentence in English.
        message: String,
    },
}

/// One kind of GAN, for the menu and its controls. Sentences are i18n keys: `recipe.<id>.name`, `recipe.<id>.about`.
#[derive(Debug, Serialize, Deserialize, Tsify)]
pub struct RecipeInfo {
    /// Its id, as in the address.
    pub id: String,
    /// Its paper: author, year and a link.
    pub paper: String,
    /// Its controls, in the order to show them, grouped.
    pub knobs: Vec<KnobInfo>,
}

/// One control. Sentences are i18n keys: `knob.<key>.name`, `knob.<key>.why`, `group.<group>`, `option.<option>`.
#[derive(Debug, Serialize, Deserialize, Tsify)]
pub struct KnobInfo {
    /// Its key, as in the address.
    pub key: String,
    /// The group it stands in.
    pub group: String,
    /// What values it takes.
    pub kind: KnobKind,
    /// Its default.
    pub default: String,
    /// Whether it takes effect at once; otherwise it needs a new run.
    pub live: bool,
    /// The key and value of another knob without which it does nothing.
    pub when: Option<(String, String)>,
}

/// What values a knob takes.
#[derive(Debug, Serialize, Deserialize, Tsify)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum KnobKind {
    /// A number in a range; `log` asks for a logarithmic slider.
    Number {
        /// Least.
        min: f64,
        /// Greatest.
        max: f64,
        /// Whether its slider is logarithmic.
        log: bool,
    },
    /// A whole number in a range.
    Integer {
        /// Least.
        min: u32,
        /// Greatest.
        max: u32,
    },
    /// `true` or `false`.
    Flag,
    /// One of a few words.
    Choice {
        /// The words.
        options: Vec<String>,
    },
    /// Layer sizes such as `100-100`.
    Sizes {
        /// Greatest size of a layer.
        max: u32,
        /// Most layers.
        most: u32,
    },
}
