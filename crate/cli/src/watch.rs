//! Watches a run from the command line: prints what the page's panels and
//! alarms show.

use anyhow::Result;
use ganvas::Session;
use ganvas::metric::Judge;
use ganvas::recipe::Schedule;
use ganvas::watch::{AlarmChange, Measurement, Plateau, Watch, remedies};
use serde_json::json;

use crate::say;

/// Steps between two routine surveys.
const SURVEY_STEPS: u32 = 500;

/// Measures a session's digits every 50 steps and prints the results.
pub struct Watcher {
    watch: Watch,
    scope: Scope,
    json: bool,
}

/// What a watcher prints.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// Only the step from which the rates fall.
    Rates,
    /// Everything that it finds.
    All,
}

impl Watcher {
    /// Creates a watcher with the engine's built-in judge.
    pub fn new(scope: Scope, json: bool) -> Result<Self> {
        let mut watch = Watch::default();
        watch.set_judge(Judge::ready()?);
        Ok(Self { watch, scope, json })
    }

    /// Measures what is due after an iteration and prints it.
    pub fn after(&mut self, session: &mut Session) -> Result<()> {
        if self.scope == Scope::Rates && session.config().hyper.schedule != Schedule::Auto {
            return Ok(());
        }
        self.watch.record(session);
        if self.scope == Scope::All {
            self.quick_survey(session)?;
        }
        let routine = session.steps().is_multiple_of(SURVEY_STEPS);
        if routine || (self.scope == Scope::All && self.watch.survey_due()) {
            self.survey(session)?;
        }
        if routine && let Some(Plateau::RatesFall) = self.watch.plateau(session)? {
            let step = session.steps();
            if self.json {
                say::json(&json!({ "rates_fall": step }));
            } else {
                println!("step {step}: the digits no longer improve; the rates fall from here on");
            }
        }
        if self.scope == Scope::All {
            self.check(session);
        }
        Ok(())
    }

    fn quick_survey(&mut self, session: &mut Session) -> Result<()> {
        if self.watch.quick_survey_due()
            && let Some(Measurement::Quick(quick_survey)) = self.watch.quick_survey(session)?
        {
            let stage = format!("{:?}", self.watch.history().stage()).to_lowercase();
            let right = self.watch.history().right();
            self.print_json(&json!({
                "quick_survey": quick_survey.step, "stage": stage, "confidence": quick_survey.confidence, "classes": quick_survey.classes,
                "recognised": quick_survey.recognised, "oddness": quick_survey.oddness, "spread": quick_survey.spread, "right": right,
                "pairs": quick_survey.pairs.map(|pairs| pairs.map(|pair| json!({ "changed": pair.changed, "wrong": pair.wrong, "kept": pair.kept }))),
                "right_of_each": self.watch.history().right_of_each(), "g_norm": self.watch.history().g_norm(),
                "signals": self.watch.history().signals(),
            }));
        }
        Ok(())
    }

    fn check(&mut self, session: &Session) {
        for change in self.watch.check() {
            match change {
                AlarmChange::Raised(found) => {
                    let names: Vec<_> = remedies(found.alarm, session.config())
                        .iter()
                        .map(|remedy| remedy.name)
                        .collect();
                    let args = found.args.iter().map(|(name, value)| format!("{name} {value}"));
                    let evidence = args.collect::<Vec<_>>().join(", ");
                    if !self.json {
                        println!(
                            "step {}: {} ({evidence}); remedies: {}",
                            session.steps(),
                            found.alarm.name(),
                            names.join(", ")
                        );
                    }
                    self.print_json(&json!({
                        "alarm": found.alarm.name(), "step": session.steps(), "since": found.since, "says": found.says,
                        "evidence": evidence, "remedies": names,
                    }));
                }
                AlarmChange::Cleared(alarm) => {
                    if !self.json {
                        println!("step {}: {} has cleared", session.steps(), alarm.name());
                    }
                    self.print_json(&json!({ "calm": alarm.name(), "step": session.steps() }));
                }
            }
        }
    }

    fn survey(&mut self, session: &mut Session) -> Result<()> {
        self.watch.begin_survey(self.scope == Scope::All);
        while self.watch.surveying() {
            if let Some(Measurement::Full(survey)) = self.watch.continue_survey(session)? {
                self.print_json(&json!({
                    "survey": survey.step, "classes": survey.classes, "classes_kl": survey.divergence,
                    "recognised": survey.recognised, "confidence": survey.confidence, "sure": survey.sure, "sure_real": survey.sure_real, "distance": survey.distance, "floor": survey.floor,
                    "precision": survey.precision, "recall": survey.recall, "value": survey.value, "jsd": survey.jsd,
                    "spread": survey.spread,
                }));
            }
        }
        Ok(())
    }

    fn print_json(&self, line: &serde_json::Value) {
        if self.json && self.scope == Scope::All {
            say::json(line);
        }
    }
}
