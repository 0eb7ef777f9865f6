//! What a host has to know of alarms and stages to explain a run: which there
//! are, by what numbers they are defined, and what may help.

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
    /// The names of what may help, most promising first: `cure.<name>` says
    /// each.
    pub remedies: Vec<&'static str>,
}

/// A stage of a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
pub struct StageFacts {
    /// The stage.
    pub stage: Stage,
    /// Whether there are digits that can be counted by class.
    pub digits: bool,
}

/// When digits no longer get better.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct PlateauRule {
    /// Surveys averaged into one figure.
    pub surveys: usize,
    /// Figures in a row without a better one.
    pub patience: usize,
    /// What counts as better: less than this share of the best.
    pub better: f64,
}

impl Alarm {
    /// What a host has to know of it.
    pub fn facts(self) -> AlarmFacts {
        AlarmFacts {
            alarm: self,
            numbers: self.numbers().iter().copied().collect(),
            remedies: drafts(self).iter().map(|draft| draft.name).collect(),
        }
    }
}

impl Stage {
    /// All of them, from the first.
    pub const ALL: [Self; 4] = [Self::Noise, Self::Strokes, Self::Digits, Self::Crisp];

    /// What a host has to know of it.
    pub fn facts(self) -> StageFacts {
        StageFacts { stage: self, digits: self >= Self::Digits }
    }
}
