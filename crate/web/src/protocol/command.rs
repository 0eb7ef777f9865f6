//! What the page asks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use tsify::Tsify;

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

/// A part of an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum By {
    /// The next phase.
    Phase,
    /// One step of D alone.
    D,
    /// One step of G alone.
    G,
}

/// A grid of digits on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Grid {
    /// Of the run's fixed latents.
    Samples,
    /// Of real digits.
    Real,
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
    /// A part of an iteration, then pauses amid it.
    Advance {
        /// Which part.
        by: By,
    },
    /// Goes back to a kept moment of the run; training goes on from there as a new branch.
    Return {
        /// The moment's number.
        moment: u32,
    },
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
    /// Brings the judge, a small classifier: nothing is measured before it is here.
    Judge {
        /// Its weights' file.
        #[tsify(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// Which costly views are on the screen; those that are not cost nothing.
    Watch {
        /// D's scores as histograms.
        scores: bool,
        /// Quality, as often as its share of the time allows.
        quality: bool,
    },
    /// Asks what D says of one digit and which of its pixels count.
    Inspect {
        /// The grid it is in.
        grid: Grid,
        /// Its place there, from 0.
        index: u32,
    },
    /// Asks for what D's first layer looks for.
    Filters,
    /// Asks for digits of fresh latents from the present generator.
    Sample {
        /// How many.
        count: u32,
        /// The seed of their latents.
        seed: u32,
    },
}
