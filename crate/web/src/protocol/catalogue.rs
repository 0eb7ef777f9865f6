//! Facts about the engine, beside the recipes, that the page needs and that
//! hold for every run.

use std::collections::BTreeMap;

use ganvas::ErrorFacts;
use ganvas::loss::{Loss, LossFacts};
use ganvas::recipe::{Choice, Trainer};
use ganvas::train::TrainerFacts;
use ganvas::watch::{Alarm, AlarmFacts, PLATEAU, PlateauRule, Stage, StageFacts};
use serde::Serialize;
use ts_rs::TS;

use super::Source;

/// The engine's facts.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Catalogue {
    /// Every loss, by its name in the knob `loss`.
    pub losses: BTreeMap<&'static str, LossFacts>,
    /// Every trainer.
    pub trainers: Vec<TrainerFacts>,
    /// Every alarm, the gravest first: where several hold, the first causes the
    /// others.
    pub alarms: Vec<AlarmFacts>,
    /// Every stage of a run, from the first.
    pub stages: Vec<StageFacts>,
    /// When images no longer get better.
    pub plateau: PlateauRule,
    /// Where images can come from.
    pub sources: Vec<Source>,
    /// Every error, by its code.
    pub errors: BTreeMap<&'static str, ErrorFacts>,
}

impl Catalogue {
    /// The facts of this engine.
    pub fn of_engine() -> Self {
        Self {
            losses: Loss::ALL.into_iter().map(|loss| (loss.name(), loss.facts())).collect(),
            trainers: Trainer::ALL.map(Trainer::facts).to_vec(),
            alarms: Alarm::GRAVEST_FIRST.map(Alarm::facts).to_vec(),
            stages: Stage::ALL.map(Stage::facts).to_vec(),
            plateau: PLATEAU,
            sources: Source::ALL.to_vec(),
            errors: ganvas::Error::facts(),
        }
    }
}
