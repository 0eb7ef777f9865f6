//! The longer answers of the worker to single commands, and D's scores.

use std::collections::BTreeMap;

use serde::Serialize;
use serde_bytes::ByteBuf;
use ts_rs::TS;

use super::{FileKind, Grid};

/// The generator's principal directions, strongest first.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Directions {
    /// The run.
    pub run: u32,
    /// The iteration.
    pub step: u32,
    /// Number of directions.
    pub count: u32,
    /// `count` unit vectors, of the dimension of a latent vector each.
    #[ts(type = "Float32Array | number[]")]
    pub vectors: Vec<f32>,
    /// Share of the variance of G's first hidden layer that each explains.
    pub shares: Vec<f32>,
    /// By how many standard deviations over generated images two steps along
    /// each change their ink, slant, width and height; four numbers a
    /// direction.
    pub effects: Vec<f32>,
}

/// The training images nearest to a digit, nearest first.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Nearest {
    /// The run.
    pub run: u32,
    /// Their indices in the data set.
    pub indices: Vec<u32>,
    /// Their classes; -1 without a label.
    pub classes: Vec<i8>,
    /// Euclidean distances of pixels in [0, 1].
    pub distances: Vec<f32>,
    /// Distance from the nearest of them to the training image nearest to it.
    pub sibling: f32,
    /// One byte a pixel, image after image, 784 each.
    #[ts(type = "Uint8Array")]
    pub pixels: ByteBuf,
}

/// The school test: a net trains on generated images alone and classifies real
/// ones.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SchoolTest {
    /// The run.
    pub run: u32,
    /// The iteration whose generator made the images.
    pub step: u32,
    /// Share of the test that is done.
    pub part: f64,
    /// Number of generated images that the net trains on.
    pub taught: u32,
    /// Number of real images that it classified, once it has.
    #[ts(optional)]
    pub tested: Option<u32>,
    /// Share of those that it classified correctly.
    #[ts(optional)]
    pub right: Option<f64>,
}

/// The schedule `auto` waited until training no longer got better: the rates
/// fall from here on.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RatesFall {
    /// The run.
    pub run: u32,
    /// The iteration.
    pub step: u32,
    /// Every knob's value, by key.
    pub knobs: BTreeMap<String, String>,
}

/// What D, the judge and the translators make of a digit that the visitor drew.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Assessment {
    /// The run.
    pub run: u32,
    /// The iteration.
    pub step: u32,
    /// D's raw score.
    pub score: f64,
    /// The probability that it is real, if D's scores are log-odds.
    #[ts(optional)]
    pub probability: Option<f64>,
    /// The judge's probability of each class; empty while there is no judge.
    pub probabilities: Vec<f32>,
    /// The digit in the other domain, for each of the two (A to B, B to A): 2 x
    /// 784 bytes; empty if the GAN does not translate.
    #[ts(type = "Uint8Array")]
    pub pixels: ByteBuf,
}

/// The filters of D's first layer.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Filters {
    /// The run.
    pub run: u32,
    /// The iteration.
    pub step: u32,
    /// Width and height of a filter, in pixels.
    pub side: u32,
    /// Number of filters.
    pub count: u32,
    /// One byte a weight, filter after filter; 128 is 0, brighter is above.
    #[ts(type = "Uint8Array")]
    pub pixels: ByteBuf,
}

/// The progress of the search for a latent vector.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Inverting {
    /// The run.
    pub run: u32,
    /// The best vector so far.
    #[ts(type = "Float32Array | number[]")]
    pub latent: Vec<f32>,
    /// Its image, 784 bytes.
    #[ts(type = "Uint8Array")]
    pub pixels: ByteBuf,
    /// Mean squared error of its pixels in [0, 1].
    pub error: f64,
    /// Steps of descent so far.
    pub iterations: u32,
    /// Whether the search has ended.
    pub done: bool,
}

/// The images in a picture.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Picture {
    /// The request.
    pub id: u32,
    /// In how many images the ink was dark, so that black and white were
    /// swapped.
    pub swapped: u32,
    /// Whether the picture was a sheet and was cut into its images.
    pub cut: bool,
    /// 784 bytes an image; empty if it is not a picture.
    #[ts(type = "Uint8Array")]
    pub pixels: ByteBuf,
}

/// The classes of pictures, by the folders they are in.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Classes {
    /// The request.
    pub id: u32,
    /// From 0 to 9, for each path; -1 if its folder names no digit.
    pub classes: Vec<i8>,
    /// Number of folders that are numbered, but beyond the ten classes.
    pub beyond: u32,
}

/// A file of the run that the page requested.
#[derive(Clone, Debug, Serialize, TS)]
pub struct File {
    /// The run.
    pub run: u32,
    /// Which file.
    pub what: FileKind,
    /// The iteration.
    pub step: u32,
    /// In the safetensors format.
    #[ts(type = "Uint8Array")]
    pub bytes: ByteBuf,
}

/// State of the run after an iteration, for the page to store: `resume`
/// continues from it bit for bit.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Autosaved {
    /// The run.
    pub run: u32,
    /// The iteration.
    pub step: u32,
    /// As in `progress`.
    pub digest: String,
    /// Time spent training, in milliseconds.
    pub elapsed_ms: f64,
    /// Time it took to make, in milliseconds.
    pub cost_ms: f64,
    /// Fingerprint of the data it was trained on: equal data have equal ones
    /// once all images are loaded; one made before that stands for the first
    /// images only.
    pub data: String,
    /// In the safetensors format.
    #[ts(type = "Uint8Array")]
    pub bytes: ByteBuf,
}

/// How the present data differ from those a run was trained on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Differs {
    /// The images differ.
    Images,
    /// Only the labels differ.
    Labels,
    /// There are no labels now, but there were.
    LabelsMissing,
    /// There are labels now, but there were none.
    LabelsAdded,
}

/// The run continues from a saved one; comes after `started`.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Resumed {
    /// The run.
    pub run: u32,
    /// The iteration it stands at.
    pub step: u32,
    /// Whether it was trained on the present data, all images and labels;
    /// absent if that is not known: the file does not say, or not of all of
    /// them, or not all are loaded.
    #[ts(optional)]
    pub same_data: Option<bool>,
    /// How the data differ; absent if no difference is known.
    #[ts(optional)]
    pub differs: Option<Differs>,
    /// The build whose arithmetic trained it; absent if the file does not say.
    #[ts(optional)]
    pub build: Option<String>,
}

/// D's score of an image, and which of its pixels matter.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Inspected {
    /// The run.
    pub run: u32,
    /// The grid that the image is in.
    pub grid: Grid,
    /// Its index in the grid.
    pub index: u32,
    /// The raw score.
    pub score: f64,
    /// The probability that it is real, if D's scores are log-odds.
    #[ts(optional)]
    pub probability: Option<f64>,
    /// How the score rises with each pixel: 784 bytes, 128 is not at all.
    #[ts(type = "Uint8Array")]
    pub map: ByteBuf,
    /// The latent vector it is made from; empty for real images and if the GAN
    /// has none.
    #[ts(type = "Float32Array | number[]")]
    pub latent: Vec<f32>,
    /// Its class, if G is conditioned on classes.
    pub class: u8,
}

/// Histograms of D's scores of the last images it was trained on, while
/// [`Command::Watch`] requests them.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Histograms {
    /// The run.
    pub run: u32,
    /// The iteration they end with.
    pub step: u32,
    /// Whether scores are shown as probabilities, from 0 to 1; otherwise they
    /// are a critic's values.
    pub probability: bool,
    /// Left end of the first bin.
    pub low: f64,
    /// Right end of the last bin.
    pub high: f64,
    /// The score at which D takes neither side.
    pub middle: f64,
    /// Real images in each bin.
    pub real: Vec<u32>,
    /// Generated images in each bin.
    pub fake: Vec<u32>,
    /// Share of both on which D was right: those in bins on their own side of
    /// the middle.
    pub right: f64,
    /// The value of the game from the same and some earlier scores; absent if
    /// scores are not log-odds, or too few yet.
    #[ts(optional)]
    pub game: Option<GameValue>,
}

/// V(D, G) of the last iterations, each with D as it played and the statistics
/// of its own batches.
#[derive(Clone, Copy, Debug, Default, Serialize, TS)]
pub struct GameValue {
    /// Their mean, in nats.
    pub value: f64,
    /// (V + log 4) / 2, a lower bound of the Jensen-Shannon divergence; below 0
    /// it bounds nothing.
    pub jsd: f64,
    /// Standard error of `jsd`.
    pub error: f64,
}

/// The complete file is needed to know what data set it holds.
#[derive(Debug, Serialize, TS)]
pub struct Wanted {
    /// The `id` of `identify`.
    pub id: u32,
    /// The file's index in the list of `identify`.
    pub file: u32,
    /// At most so many bytes are of use.
    pub most: f64,
}

/// The data set that files hold.
#[derive(Debug, Serialize, TS)]
pub struct Identified {
    /// The `id` of `identify`.
    pub id: u32,
    /// Index of the file of images in the list.
    pub images: u32,
    /// Index of the file of labels in the list.
    #[ts(optional)]
    pub labels: Option<u32>,
    /// Remarks on the data set.
    pub said: Vec<Remark>,
}

/// Why files hold no data set.
#[derive(Debug, Serialize, TS)]
pub struct Unreadable {
    /// The `id` of `identify`.
    pub id: u32,
    /// The error's code: the key of its sentence.
    #[ts(type = "ErrorCode")]
    pub code: String,
    /// The values in the sentence.
    pub args: BTreeMap<String, String>,
    /// The sentence in English.
    pub message: String,
}

/// A sentence that is not an error.
#[derive(Debug, Serialize, TS)]
pub struct Remark {
    /// The key of its sentence.
    #[ts(type = "ErrorCode")]
    pub code: String,
    /// The values in it.
    pub args: BTreeMap<String, String>,
    /// The sentence in English.
    pub message: String,
}
