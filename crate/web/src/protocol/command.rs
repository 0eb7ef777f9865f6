//! What the page asks.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use ts_rs::TS;

/// Where digits come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// MNIST, from the site or a mirror.
    Mnist,
    /// Digits that the program draws: 60,000 of them, none stored.
    Drawn,
    /// The visitor's own IDX files.
    Files,
}

impl Source {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Mnist, Self::Drawn, Self::Files];
}

/// A part of an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Portion {
    /// The next phase.
    Phase,
    /// One step of D alone.
    D,
    /// One step of G alone.
    G,
}

/// A file that can be taken away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// The whole run: going on from it gives the same bits.
    Run,
    /// The generator as digits are shown by, alone, in single precision.
    Generator,
}

/// A grid of digits on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Grid {
    /// Of the run's fixed latents.
    Samples,
    /// Of real digits.
    Real,
}

/// The beginning of a file.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct Head {
    /// Its path from the folder that was brought.
    pub path: String,
    /// Its first kilobyte, unpacked.
    #[ts(type = "Uint8Array")]
    pub bytes: ByteBuf,
    /// Its bytes, as far as known.
    pub size: f64,
}

/// From the page to the worker: `{ type: "decode", latent, .. }`, as the
/// generated types have it. In a browser the port hands it over as `{ decode: {
/// latent, .. } }`, which serde reads without the copy of everything that a tag
/// inside takes, and in a fifth less code. A message may also carry `of`, the
/// number of the run it is meant for: once another run has begun, it is dropped
/// without an answer.
#[derive(Debug, Deserialize, TS)]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "type"))]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Asks what data set files hold, by their first bytes; `wanted` asks for
    /// the whole of some, `identified` or `unreadable` ends it. A later one takes the
    /// place of an earlier one. It touches no run.
    Identify {
        /// The page's number for the request; the answers carry it.
        id: u32,
        /// The files, in any order.
        files: Vec<Head>,
        /// Whether pictures that lie on their side will be turned.
        upright: bool,
    },
    /// A file that is wanted, as far as it could be read and unpacked.
    WholeFile {
        /// That of `identify`.
        id: u32,
        /// Its place in the list of `identify`.
        file: u32,
        /// Its bytes.
        #[ts(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// Opens a data set; `images` and `labels` that follow belong to it. It
    /// takes over (as a new run) once enough digits are in. Files that were
    /// `read` are taken as they were.
    Open {
        /// Where it comes from.
        source: Source,
        /// Whether images come transposed, as EMNIST's do, and are to be turned
        /// upright.
        transposed: bool,
    },
    /// The next bytes of the unpacked IDX file of images.
    Images {
        /// Any number of bytes, cut anywhere.
        #[ts(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// The next bytes of the unpacked IDX file of labels.
    Labels {
        /// Any number of bytes, cut anywhere.
        #[ts(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// The opened data set's files have ended, whole or not; what is in,
    /// counts.
    Close,
    /// Starts a new run from step 0 on the present data. Refused, the old run
    /// stays.
    Start {
        /// The page's number for the run; every event of the run carries it.
        run: u32,
        /// The recipe's id.
        recipe: String,
        /// The seed of everything random, as the visitor wrote it; absent, one
        /// is drawn.
        #[ts(optional)]
        seed: Option<String>,
        /// Knobs that differ from the recipe's defaults, by key.
        knobs: BTreeMap<String, String>,
    },
    /// What the data set that is opened next begins with, in place of the
    /// present run's configuration. Refused, it begins with that.
    Next {
        /// As in `start`.
        run: u32,
        /// As in `start`.
        recipe: String,
        /// As in `start`.
        #[ts(optional)]
        seed: Option<String>,
        /// As in `start`.
        knobs: BTreeMap<String, String>,
    },
    /// Trains until told otherwise.
    Run,
    /// Stops after the iteration under way.
    Pause,
    /// One iteration, then pauses; sent again before it is done, one more.
    Step,
    /// A part of an iteration, then pauses amid it.
    Advance {
        /// Which part.
        by: Portion,
    },
    /// Goes back to a kept snapshot of the run; training goes on from there as a
    /// new branch.
    Return {
        /// The snapshot's number.
        snapshot: u32,
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
        #[ts(optional)]
        class: Option<u8>,
        /// In place of a class, the share of each of the ten, together 1; empty
        /// or absent: none.
        #[serde(default)]
        #[ts(optional, as = "Option<Vec<f32>>")]
        mix: Vec<f32>,
    },
    /// Asks for the digits of several latent vectors at once.
    DecodeMany {
        /// The page's number for the request; the answer carries it.
        id: u32,
        /// As many numbers as the generator takes, for each digit; at most
        /// 1,024 digits.
        latents: Vec<f32>,
        /// As in `decode`.
        #[serde(default)]
        #[ts(optional)]
        class: Option<u8>,
        /// As in `decode`.
        #[serde(default)]
        #[ts(optional, as = "Option<Vec<f32>>")]
        mix: Vec<f32>,
    },
    /// Asks for the generator's principal directions as it now is.
    Directions,
    /// Asks for the training digits that are nearest to a digit.
    Nearest {
        /// 784 bytes.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// Asks what D, the judge and (CycleGAN) the translators make of a digit
    /// that somebody drew.
    Assess {
        /// 784 bytes.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// Looks for the latent vector whose digit is nearest to this one, by
    /// descent; `inverting` tells how far it is. Takes the place of an earlier
    /// search.
    Invert {
        /// 784 bytes.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
        /// As in `decode`.
        #[serde(default)]
        #[ts(optional)]
        class: Option<u8>,
    },
    /// Ends the search.
    StopInverting,
    /// Asks for the digits of a picture, whatever run there is.
    Picture {
        /// The page's number for the request; the answer carries it.
        id: u32,
        /// Its columns.
        width: u32,
        /// Its rows.
        height: u32,
        /// Red, green, blue and opacity of each pixel, row by row.
        #[ts(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// Asks for the classes of pictures by the folders they lie in.
    Classes {
        /// As in `picture`.
        id: u32,
        /// Their paths.
        paths: Vec<String>,
    },
    /// Asks for a file of the run.
    Save {
        /// Which.
        what: FileKind,
    },
    /// Whether `autosaved` is to come by itself: every few seconds of training,
    /// within a share of the time, and at every rest.
    Autosave {
        /// Whether.
        on: bool,
    },
    /// Starts a run where a saved one stood, on the present data. Refused, the
    /// old run stays.
    Resume {
        /// The page's number for the run; every event of the run carries it.
        run: u32,
        /// What `save` or `autosaved` gave, or `train --out` wrote.
        #[ts(type = "Uint8Array")]
        bytes: ByteBuf,
        /// Time that it had trained, in milliseconds.
        elapsed_ms: f64,
    },
    /// Gives the run a generator that was trained elsewhere, to show digits by
    /// until it has taken a step of its own.
    Pretrained {
        /// The file that `train --generator` wrote.
        #[ts(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// Brings the judge, a small classifier: nothing is measured before it is
    /// here.
    Judge {
        /// Its weights' file.
        #[ts(type = "Uint8Array")]
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
    /// Begins the school test, of a run whose digits have classes, or ends it.
    School {
        /// Whether it is to run.
        on: bool,
    },
    /// Asks for what D's first layer looks for.
    Filters,
    /// Asks for a sign of life, `pong`.
    Ping,
    /// Asks for digits of fresh latents from the present generator.
    Sample {
        /// How many.
        count: u32,
        /// The seed of their latents.
        seed: u32,
    },
}
