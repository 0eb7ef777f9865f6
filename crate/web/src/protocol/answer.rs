//! What the worker tells at length: answers to single wishes, and D's scores.

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
    /// How many.
    pub count: u32,
    /// `count` vectors of length 1, as long as a latent vector each.
    #[ts(type = "Float32Array | number[]")]
    pub vectors: Vec<f32>,
    /// Which share of the variance of G's first hidden layer each explains.
    pub shares: Vec<f32>,
    /// What two steps along each change, in deviations of digits: ink, slant,
    /// width, height; four numbers a direction.
    pub effects: Vec<f32>,
}

/// The training digits nearest to one, nearest first.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Nearest {
    /// The run.
    pub run: u32,
    /// Their numbers within the set.
    pub indices: Vec<u32>,
    /// Their classes; -1 where there is no label.
    pub classes: Vec<i8>,
    /// Euclidean distances of pixels in [0, 1].
    pub distances: Vec<f32>,
    /// How far the nearest of them is from the training digit nearest to
    /// itself.
    pub sibling: f32,
    /// One byte a pixel, digit after digit, 784 each.
    #[ts(type = "Uint8Array")]
    pub pixels: ByteBuf,
}

/// The school test: a net learns from generated digits alone, and reads real
/// ones.
#[derive(Clone, Debug, Serialize, TS)]
pub struct SchoolTest {
    /// The run.
    pub run: u32,
    /// The iteration whose generator made the digits.
    pub step: u32,
    /// The share of the test that is done.
    pub part: f64,
    /// How many generated digits it learns from.
    pub taught: u32,
    /// How many real ones it has read, once it has.
    #[ts(optional)]
    pub tested: Option<u32>,
    /// The share of those that it reads right.
    #[ts(optional)]
    pub right: Option<f64>,
}

/// The schedule `auto` waited until training does not get better: the rates
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

/// What is made of a digit that somebody drew.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Assessment {
    /// The run.
    pub run: u32,
    /// The iteration.
    pub step: u32,
    /// D's raw score.
    pub score: f64,
    /// The probability that it is real, where D speaks of one.
    #[ts(optional)]
    pub probability: Option<f64>,
    /// The judge's probability of each class; empty while there is no judge.
    pub chances: Vec<f32>,
    /// The digit in the other domain, for each of the two (A to B, B to A): 2 x
    /// 784 bytes; empty where the GAN is not about domains.
    #[ts(type = "Uint8Array")]
    pub pixels: ByteBuf,
}

/// What D's first layer looks for.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Filters {
    /// The run.
    pub run: u32,
    /// The iteration.
    pub step: u32,
    /// Pixels of a side of a filter.
    pub side: u32,
    /// How many filters.
    pub count: u32,
    /// One byte a weight, filter after filter; 128 is 0, brighter is above.
    #[ts(type = "Uint8Array")]
    pub pixels: ByteBuf,
}

/// How far the search for a latent vector is.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Inverting {
    /// The run.
    pub run: u32,
    /// The best vector so far.
    #[ts(type = "Float32Array | number[]")]
    pub latent: Vec<f32>,
    /// Its digit, 784 bytes.
    #[ts(type = "Uint8Array")]
    pub pixels: ByteBuf,
    /// Mean squared error of its pixels in [0, 1].
    pub error: f64,
    /// Steps of descent so far.
    pub iterations: u32,
    /// Whether the search has ended.
    pub done: bool,
}

/// The digits of a picture.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Picture {
    /// The request.
    pub id: u32,
    /// Of how many the ink was dark, so that black and white changed places.
    pub swapped: u32,
    /// Whether it was a sheet, cut into its digits.
    pub cut: bool,
    /// 784 bytes a digit; none where it was no picture.
    #[ts(type = "Uint8Array")]
    pub pixels: ByteBuf,
}

/// The classes of pictures by the folders they lie in.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Classes {
    /// The request.
    pub id: u32,
    /// From 0 to 9, for each path; -1 where its folder names no digit.
    pub classes: Vec<i8>,
    /// Folders that are numbered, but beyond the ten classes.
    pub beyond: u32,
}

/// A file that was asked for.
#[derive(Clone, Debug, Serialize, TS)]
pub struct File {
    /// The run.
    pub run: u32,
    /// Which.
    pub what: FileKind,
    /// The iteration.
    pub step: u32,
    /// In the safetensors format.
    #[ts(type = "Uint8Array")]
    pub bytes: ByteBuf,
}

/// The run as it stood at an iteration, to be stored: `resume` goes on from it
/// bit for bit.
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
    /// What making it took, in milliseconds.
    pub cost_ms: f64,
    /// The data it was trained on, in short: equal data have equal ones once
    /// all is in, and what was told before that is how they begin.
    pub data: String,
    /// In the safetensors format.
    #[ts(type = "Uint8Array")]
    pub bytes: ByteBuf,
}

/// What of the present data is not what a run was trained on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Differs {
    /// The images.
    Images,
    /// The labels alone.
    Labels,
    /// There are no labels now.
    LabelsMissing,
    /// There were no labels.
    LabelsAdded,
}

/// The run goes on from a saved one; comes after `started`.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Resumed {
    /// The run.
    pub run: u32,
    /// The iteration it stands at.
    pub step: u32,
    /// Whether it was trained on the present data, all images and labels;
    /// absent where that is not known: the file does not say, or not of all of
    /// them, or not all are in.
    #[ts(optional)]
    pub same_data: Option<bool>,
    /// What differs; absent where nothing is known to.
    #[ts(optional)]
    pub differs: Option<Differs>,
    /// The build whose arithmetic trained it; absent where the file does not
    /// say.
    #[ts(optional)]
    pub build: Option<String>,
}

/// What D says of a digit.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Inspected {
    /// The run.
    pub run: u32,
    /// The grid it is in.
    pub grid: Grid,
    /// Its place there.
    pub index: u32,
    /// The raw score.
    pub score: f64,
    /// The probability that it is real, where D speaks of one.
    #[ts(optional)]
    pub probability: Option<f64>,
    /// How the score rises with each pixel: 784 bytes, 128 is not at all.
    #[ts(type = "Uint8Array")]
    pub map: ByteBuf,
    /// The latent vector it is made from; empty of real digits, and where there
    /// are none.
    #[ts(type = "Float32Array | number[]")]
    pub latent: Vec<f32>,
    /// The class it is of, where G is told one.
    pub class: u8,
}

/// D's scores of the last digits it was trained on, as histograms, while
/// [`Command::Watch`] asks for them.
#[derive(Clone, Debug, Serialize, TS)]
pub struct Histograms {
    /// The run.
    pub run: u32,
    /// The iteration they end with.
    pub step: u32,
    /// Whether scores are probabilities, from 0 to 1; otherwise they are a
    /// critic's values.
    pub probability: bool,
    /// Left end of the first bin.
    pub low: f64,
    /// Right end of the last bin.
    pub high: f64,
    /// Where D takes neither side.
    pub middle: f64,
    /// Real digits in each bin.
    pub real: Vec<u32>,
    /// Generated digits in each bin.
    pub fake: Vec<u32>,
    /// Share of both on which D was right: what the bins on their own side of
    /// the middle hold.
    pub right: f64,
    /// The value of the game by the same and some earlier scores; nothing where
    /// scores are no log-odds, or too few yet.
    #[ts(optional)]
    pub game: Option<GameValue>,
}

/// V(D, G) of the iterations before, each by D as it played, with the
/// statistics of its own batches.
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

/// The whole of a file is needed to know what data set it holds.
#[derive(Debug, Serialize, TS)]
pub struct Wanted {
    /// That of `identify`.
    pub id: u32,
    /// Its place in the list of `identify`.
    pub file: u32,
    /// No more bytes than these are of use.
    pub most: f64,
}

/// The data set that files hold.
#[derive(Debug, Serialize, TS)]
pub struct Identified {
    /// That of `identify`.
    pub id: u32,
    /// The file of pictures, by its place in the list.
    pub images: u32,
    /// The file of labels.
    #[ts(optional)]
    pub labels: Option<u32>,
    /// What is to be said of it.
    pub said: Vec<Remark>,
}

/// Why files hold no data set.
#[derive(Debug, Serialize, TS)]
pub struct Unreadable {
    /// That of `identify`.
    pub id: u32,
    /// The error's code: the key of its sentence.
    #[ts(type = "ErrorCode")]
    pub code: String,
    /// The values in the sentence.
    pub args: BTreeMap<String, String>,
    /// The sentence in English.
    pub message: String,
}

/// A sentence that is no error.
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
