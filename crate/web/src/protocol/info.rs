//! Parts of commands and events.

use std::collections::BTreeMap;

use ganvas::watch::Stage;
use serde::Serialize;
use ts_rs::TS;

/// A quick survey, together with those before it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct QuickSurveyInfo {
    /// The run.
    pub run: u32,
    /// The iteration.
    pub step: u32,
    /// The stage of the run.
    pub stage: Stage,
    /// The judge's mean confidence over all images of this one, recognised or
    /// not.
    pub confidence: f64,
    /// Number of images judged, in this quick survey and those before it.
    pub digits: u32,
    /// Number of them in each class, of those that the judge recognises as
    /// digits.
    pub classes: Vec<u32>,
    /// Kullback-Leibler divergence of their shares from equal shares, in nats.
    pub divergence: f64,
    /// Share of each class in the data.
    pub own: Vec<f64>,
    /// Share of the data that the judge recognises as digits.
    pub own_recognised: f64,
    /// Share of the training time that all measurements took so far.
    pub share: f64,
}

/// A remedy against an alarm or a fault: `cure.<name>` is its sentence.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RemedyInfo {
    /// Its name.
    pub name: String,
    /// Knobs to change, by key.
    pub knobs: BTreeMap<String, String>,
    /// Whether it needs a new run.
    pub fresh: bool,
    /// The kept snapshot to go back to first.
    #[ts(optional)]
    pub snapshot: Option<u32>,
    /// That snapshot's iteration.
    #[ts(optional)]
    pub step: Option<u32>,
}

/// One type of GAN, for the menu and its controls. Sentences are i18n keys:
/// `recipe.<id>.name`, `recipe.<id>.about`.
#[derive(Debug, Serialize, TS)]
pub struct RecipeInfo {
    /// Its id, as in the address.
    pub id: String,
    /// Its paper: author, year and a link.
    pub paper: String,
    /// Its controls, in the order to show them, grouped.
    pub knobs: Vec<KnobInfo>,
    /// The knobs of its preset for fine images; empty if the defaults are that
    /// preset.
    #[ts(type = "Record<string, string>")]
    pub fine: BTreeMap<String, String>,
}

/// One control. Sentences are i18n keys: `knob.<key>.name`, `knob.<key>.why`,
/// `knob.<key>.short` (where the value needs a word beside it),
/// `group.<group>`, `option.<option>`.
#[derive(Debug, Serialize, TS)]
pub struct KnobInfo {
    /// Its key, as in the address.
    pub key: String,
    /// The group it is in.
    pub group: String,
    /// The type of its values.
    pub kind: KnobKind,
    /// Its default.
    pub default: String,
    /// Whether it takes effect at once; otherwise it needs a new run.
    pub live: bool,
    /// The key and the values of another knob without which it does nothing.
    #[ts(optional)]
    pub when: Option<(String, Vec<String>)>,
}

/// The type of a knob's values.
#[derive(Debug, Serialize, TS)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum KnobKind {
    /// A number in a range.
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
        /// Greatest number of layers.
        most: u32,
    },
}
