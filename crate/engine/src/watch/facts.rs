//! Facts about alarms and stages that a host needs to explain a run: which
//! there are, which numbers define them, and the remedies.

use std::collections::BTreeMap;

use serde::Serialize;
use ts_rs::TS;

use super::remedy::drafts;
use super::{Alarm, Stage};

/// An alarm.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct AlarmFacts {
    /// The alarm; the page's sentences are `alarm.<alarm>` and
    /// `alarm.<alarm>.why`.
    pub alarm: Alarm,
    /// The numbers of its definition, by name: shares, steps and counts.
    #[ts(type = "Record<string, number>")]
    pub numbers: BTreeMap<&'static str, f64>,
    /// The names of the remedies, most promising first: `cure.<name>` is the
    /// sentence of each.
    pub remedies: Vec<&'static str>,
}

/// A stage of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct StageFacts {
    /// The stage.
    pub stage: Stage,
    /// Whether there are digits to count by class.
    pub digits: bool,
}

/// When images no longer get better.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct PlateauRule {
    /// Surveys averaged into one figure.
    pub surveys: usize,
    /// Figures in a row without a better one.
    pub patience: usize,
    /// A figure is better if it is less than this share of the best one.
    pub better: f64,
}

impl Alarm {
    /// The facts about it that a host needs.
    pub fn facts(self) -> AlarmFacts {
        AlarmFacts {
            alarm: self,
            numbers: self.numbers().iter().copied().collect(),
            remedies: drafts(self).iter().map(|draft| draft.name).collect(),
        }
    }
}

impl Stage {
    /// All stages, from the first.
    pub const ALL: [Self; 4] = [Self::Noise, Self::Strokes, Self::Digits, Self::Crisp];

    /// The facts about it that a host needs.
    pub fn facts(self) -> StageFacts {
        StageFacts { stage: self, digits: self >= Self::Digits }
    }
}
