//! What commands and events are made of.

use std::collections::BTreeMap;

use ganvas::watch::Stage;
use serde::Serialize;
use ts_rs::TS;

/// A few digits, judged, with those of the quick_surveys before.
#[derive(Clone, Debug, Serialize, TS)]
pub struct QuickSurveyInfo {
    /// The run.
    pub run: u32,
    /// The iteration.
    pub step: u32,
    /// How far it is, in a word.
    pub stage: Stage,
    /// The judge's mean confidence, whatever they are.
    pub confidence: f64,
    /// How many digits were looked at, with those of the quick_surveys before.
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

/// What may help against an alarm or a fault: `cure.<name>` says it.
#[derive(Clone, Debug, Serialize, TS)]
pub struct RemedyInfo {
    /// Its name.
    pub name: String,
    /// Knobs to turn, by key.
    pub knobs: BTreeMap<String, String>,
    /// Whether it takes a new run.
    pub fresh: bool,
    /// The kept snapshot to go back to first.
    #[ts(optional)]
    pub snapshot: Option<u32>,
    /// That snapshot's iteration.
    #[ts(optional)]
    pub step: Option<u32>,
}

/// One kind of GAN, for the menu and its controls. Sentences are i18n keys:
/// `recipe.<id>.name`, `recipe.<id>.about`.
#[derive(Debug, Serialize, TS)]
pub struct RecipeInfo {
    /// Its id, as in the address.
    pub id: String,
    /// Its paper: author, year and a link.
    pub paper: String,
    /// Its controls, in the order to show them, grouped.
    pub knobs: Vec<KnobInfo>,
    /// The knobs of its preset for fine digits; none where the defaults are
    /// that.
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
    /// The group it stands in.
    pub group: String,
    /// What values it takes.
    pub kind: KnobKind,
    /// Its default.
    pub default: String,
    /// Whether it takes effect at once; otherwise it needs a new run.
    pub live: bool,
    /// The key and value of another knob without which it does nothing.
    #[ts(optional)]
    pub when: Option<(String, Vec<String>)>,
}

/// What values a knob takes.
#[derive(Debug, Serialize, TS)]
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
