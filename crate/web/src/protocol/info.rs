//! What commands and events are made of.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_bytes::ByteBuf;
use tsify::Tsify;

/// How far training is, in a word: the page's are `stage.<stage>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nothing that is like ink.
    Noise,
    /// Pieces of digits.
    Strokes,
    /// Digits, some broken.
    Digits,
    /// Digits that could be real ones.
    Crisp,
}

/// A phase of an iteration: the page's sentences are `phase.<phase>.name`,
/// `phase.<phase>.says` and `status.amid.<phase>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Tsify)]
#[serde(rename_all = "kebab-case")]
#[allow(missing_docs)]
pub enum PhaseName {
    Draw,
    Generate,
    DReal,
    DFake,
    DUpdate,
    GGenerate,
    GScore,
    GUpdate,
}

/// A few digits, judged, with those of the glances before.
#[derive(Clone, Debug, Serialize, Deserialize, Tsify)]
pub struct GlanceInfo {
    /// The run.
    pub run: u32,
    /// The iteration.
    pub step: u32,
    /// How far it is, in a word.
    pub stage: Stage,
    /// The judge's mean confidence, whatever they are.
    pub confidence: f64,
    /// How many digits were looked at, with those of the glances before.
    pub digits: u32,
    /// How many of them fell in each class, of those that the judge takes for
    /// digits.
    pub classes: Vec<u32>,
    /// Kullback-Leibler divergence of their shares from equal ones, in nats.
    pub divergence: f64,
    /// Share of each class in the data.
    pub own: Vec<f64>,
    /// Share of the data that the judge takes for digits.
    pub own_recognised: f64,
    /// Share of the time of training that all looks took so far.
    pub share: f64,
}

/// The figures of a survey; `cargo ganvas eval --count` of as many digits gives
/// the same classes, confidence and divergences.
#[derive(Clone, Debug, Serialize, Deserialize, Tsify)]
pub struct SurveyInfo {
    /// Digits sampled.
    pub digits: u32,
    /// Share of each class, of those that the judge takes for digits.
    pub classes: Vec<f64>,
    /// Kullback-Leibler divergence of the shares from equal ones, in nats.
    pub divergence: f64,
    /// Share that the judge takes for digits.
    pub recognised: f64,
    /// The judge's mean confidence, whatever they are.
    pub confidence: f64,
    /// Share that the judge is sure of.
    pub sure: f64,
    /// The same of real digits.
    pub sure_real: f64,
    /// Frechet distance to as many real digits.
    pub distance: Option<f64>,
    /// The same distance of other real digits; as the next two, nothing where
    /// there are too few.
    pub floor: Option<f64>,
    /// Between how many digits, and as many, the two are.
    pub compared: Option<u32>,
    /// Share of the generated digits that are near real ones.
    pub precision: Option<f64>,
    /// Share of the real digits that are near generated ones.
    pub recall: Option<f64>,
    /// V(D, G) by D's scores, where they are log-odds.
    pub value: Option<f64>,
    /// (V + log 4) / 2.
    pub jsd: Option<f64>,
    /// Median distance of two digits over that of two real ones.
    pub spread: f64,
}

/// The tensors of an iteration, at most 16 of each batch.
#[derive(Clone, Debug, Serialize, Deserialize, Tsify)]
pub struct AmidInfo {
    /// Numbers in a latent vector; 0 where there are none.
    pub latent: u32,
    /// Latent vectors, one after another.
    pub latents: Vec<f32>,
    /// Real digits, 784 bytes each.
    #[tsify(type = "Uint8Array")]
    pub real: ByteBuf,
    /// Generated digits, 784 bytes each.
    #[tsify(type = "Uint8Array")]
    pub fake: ByteBuf,
    /// Where G is told to change `fake`: 128 is nothing, more is brighter, less
    /// is darker; empty before G's step.
    #[tsify(type = "Uint8Array")]
    pub push: ByteBuf,
    /// D's raw scores of `real`; empty until it has looked.
    pub real_scores: Vec<f32>,
    /// D's raw scores of `fake`; empty until it has looked.
    pub fake_scores: Vec<f32>,
    /// Whether raw scores are log-odds.
    pub probability: bool,
    /// The last losses: of D on real, of D on generated, of G, and what
    /// penalties or the cycle add.
    pub losses: Vec<f32>,
    /// Norms of the last gradients, D's and G's.
    pub norms: Vec<f32>,
}

/// What may help against an alarm: `cure.<name>` says it.
#[derive(Clone, Debug, Serialize, Deserialize, Tsify)]
pub struct RemedyInfo {
    /// Its name.
    pub name: String,
    /// Knobs to turn, by key.
    pub knobs: BTreeMap<String, String>,
    /// Whether it takes a new run.
    pub fresh: bool,
    /// The kept moment to go back to first.
    pub moment: Option<u32>,
    /// That moment's iteration.
    pub step: Option<u32>,
}

/// One kind of GAN, for the menu and its controls. Sentences are i18n keys:
/// `recipe.<id>.name`, `recipe.<id>.about`.
#[derive(Debug, Serialize, Deserialize, Tsify)]
pub struct RecipeInfo {
    /// Its id, as in the address.
    pub id: String,
    /// Its paper: author, year and a link.
    pub paper: String,
    /// Its controls, in the order to show them, grouped.
    pub knobs: Vec<KnobInfo>,
    /// The knobs of its preset for fine digits; none where the defaults are
    /// that.
    #[tsify(type = "Record<string, string>")]
    pub fine: BTreeMap<String, String>,
}

/// One control. Sentences are i18n keys: `knob.<key>.name`, `knob.<key>.why`,
/// `knob.<key>.short` (where the value needs a word beside it),
/// `group.<group>`, `option.<option>`.
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
    pub when: Option<(String, Vec<String>)>,
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
