//! The commands that the page sends.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use ts_rs::TS;

/// Where images come from.
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
    /// All sources.
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

/// A type of file that the page can save.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum FileKind {
    /// The complete run: resuming it gives the same bits.
    Run,
    /// The generator that images are shown with, alone, in single precision.
    Generator,
}

/// A grid of images on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Grid {
    /// Images of the run's fixed latent vectors.
    Samples,
    /// Real images.
    Real,
}

/// The beginning of a file.
#[derive(Clone, Debug, Deserialize, TS)]
pub struct Head {
    /// Its path from the folder that the visitor chose.
    pub path: String,
    /// Its first kilobyte, unpacked.
    #[ts(type = "Uint8Array")]
    pub bytes: ByteBuf,
    /// Its size in bytes, as far as known.
    pub size: f64,
}

/// From the page to the worker: `{ type: "decode", latent, .. }`, as in the
/// generated types. In a browser the port passes `{ decode: { latent, .. } }`,
/// which serde reads without the copy of all fields that an internal tag needs,
/// and in a fifth less code. A message can also carry `of`, the number of the
/// run it is meant for: once another run has begun, it is dropped without an
/// answer.
#[derive(Debug, Deserialize, TS)]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "type"))]
#[serde(rename_all = "kebab-case")]
pub enum Command {
    /// Finds out what data set files hold, by their first bytes; `wanted`
    /// requests some of them completely, `identified` or `unreadable` ends it.
    /// A later one replaces an earlier one. It changes no run.
    Identify {
        /// The page's number for the request; the answers carry it.
        id: u32,
        /// The files, in any order.
        files: Vec<Head>,
        /// Whether pictures that lie on their side will be turned upright.
        upright: bool,
    },
    /// A file that `wanted` requested, as far as it could be read and unpacked.
    WholeFile {
        /// The `id` of `identify`.
        id: u32,
        /// The file's index in the list of `identify`.
        file: u32,
        /// Its bytes.
        #[ts(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// Opens a data set; `images` and `labels` that follow belong to it. It
    /// replaces the present one (with a new run) once enough images are loaded.
    /// Files that `identify` has read are used as read.
    Open {
        /// Where it comes from.
        source: Source,
        /// Whether images are transposed, as EMNIST's are, and must be turned
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
    /// The opened data set's files have ended, complete or not; what is loaded
    /// counts.
    Close,
    /// Starts a new run from step 0 on the present data. If refused, the old
    /// run stays.
    Start {
        /// The page's number for the run; every event of the run carries it.
        run: u32,
        /// The recipe's id.
        recipe: String,
        /// The seed of everything random, as the visitor wrote it; if absent, a
        /// random one.
        #[ts(optional)]
        seed: Option<String>,
        /// Knobs that differ from the recipe's defaults, by key.
        knobs: BTreeMap<String, String>,
    },
    /// The run with which the next opened data set begins, instead of the
    /// present run's configuration. If refused, it begins with that.
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
    /// Trains until another command stops it.
    Run,
    /// Stops after the iteration under way.
    Pause,
    /// One iteration, then pauses; if sent again before it is done, one more.
    Step,
    /// A part of an iteration, then pauses within the iteration.
    Advance {
        /// Which part.
        by: Portion,
    },
    /// Goes back to a kept snapshot of the run; training continues from there
    /// as a new branch.
    Return {
        /// The snapshot's number.
        snapshot: u32,
    },
    /// Changes one live knob, from the next iteration on.
    Tune {
        /// The knob's key.
        key: String,
        /// Its new value.
        value: String,
    },
    /// Requests the image of a latent vector; the newest request wins.
    Decode {
        /// A latent vector, of the dimension that the generator takes.
        latent: Vec<f32>,
        /// The class to make, if the generator is conditioned on classes; 0 if
        /// absent.
        #[serde(default)]
        #[ts(optional)]
        class: Option<u8>,
        /// Instead of a class, a class mix: the share of each of the ten,
        /// together 1; empty or absent: none.
        #[serde(default)]
        #[ts(optional, as = "Option<Vec<f32>>")]
        mix: Vec<f32>,
    },
    /// Requests the images of several latent vectors at once.
    DecodeMany {
        /// The page's number for the request; the answer carries it.
        id: u32,
        /// A latent vector for each image, one after another; at most 1,024
        /// images.
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
    /// Requests the principal directions of the present generator.
    Directions,
    /// Requests the training images that are nearest to a digit.
    Nearest {
        /// 784 bytes.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// Requests what D, the judge and (CycleGAN) the translators make of a
    /// digit that the visitor drew.
    Assess {
        /// 784 bytes.
        #[ts(type = "Uint8Array")]
        pixels: ByteBuf,
    },
    /// Searches by gradient descent for the latent vector whose image is
    /// nearest to this digit; `inverting` reports the progress. Replaces an
    /// earlier search.
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
    /// Requests the images in a picture, whatever run there is.
    Picture {
        /// The page's number for the request; the answer carries it.
        id: u32,
        /// Its width in pixels.
        width: u32,
        /// Its height in pixels.
        height: u32,
        /// Red, green, blue and opacity of each pixel, row by row.
        #[ts(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// Requests the classes of pictures, by the folders they are in.
    Classes {
        /// As in `picture`.
        id: u32,
        /// Their paths.
        paths: Vec<String>,
    },
    /// Requests a file of the run.
    Save {
        /// Which file.
        what: FileKind,
    },
    /// Whether `autosaved` comes by itself: every few seconds of training,
    /// within a share of the time, and whenever training pauses.
    Autosave {
        /// Whether it does.
        on: bool,
    },
    /// Starts a run where a saved one stood, on the present data. If refused,
    /// the old run stays.
    Resume {
        /// The page's number for the run; every event of the run carries it.
        run: u32,
        /// What `save` or `autosaved` gave, or `train --out` wrote.
        #[ts(type = "Uint8Array")]
        bytes: ByteBuf,
        /// Time that it was trained before, in milliseconds.
        elapsed_ms: f64,
    },
    /// Loads a pretrained generator into the run, to show images with until the
    /// run has done its first step.
    Pretrained {
        /// The file that `train --generator` wrote.
        #[ts(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// Loads the judge, a small classifier: nothing is measured without it.
    Judge {
        /// The file of its weights.
        #[ts(type = "Uint8Array")]
        bytes: ByteBuf,
    },
    /// Which costly views are on the screen; the others cost nothing.
    Watch {
        /// D's scores as histograms.
        scores: bool,
        /// Quality, as often as its share of the time allows.
        quality: bool,
    },
    /// Requests D's score of an image and which of its pixels matter.
    Inspect {
        /// The grid that the image is in.
        grid: Grid,
        /// Its index in the grid, from 0.
        index: u32,
    },
    /// Begins the school test, for a run whose images have classes, or ends it.
    School {
        /// Whether the test runs.
        on: bool,
    },
    /// Requests the filters of D's first layer.
    Filters,
    /// Requests `pong`, to check that the worker responds.
    Ping,
    /// Requests images of fresh latent vectors from the present generator.
    Sample {
        /// Number of images.
        count: u32,
        /// The seed of their latent vectors.
        seed: u32,
    },
}
