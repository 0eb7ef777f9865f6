//! Watches a run: the quality of its images, alarms and their remedies. Images
//! of other shapes than digits are not judged: for these runs only losses,
//! scores and gradients are watched.
//!
//! It has no clock: the host decides how often to measure, and measuring
//! changes nothing of the run, not even its random streams. Only
//! [`Watch::plateau`] can change a run's rates, if its schedule waits for a
//! plateau.

mod alarm;
mod facts;
mod history;
mod median;
mod pair;
mod remedy;
mod stage;
mod survey;

pub use alarm::{
    Alarm, Evidence, copies, d_wins, divergence, forgets, g_wins, mode_collapse, oscillation,
};
pub use facts::{AlarmFacts, PlateauRule, StageFacts};
pub use history::{History, QUICK_SURVEY_STEPS};
pub use pair::Pair;
pub use remedy::{Remedy, after_fault, candidates, remedies};
pub use stage::{PLATEAU, Stage, recent_distance};
pub use survey::{KNOWN, QuickSurvey, RealStats, Survey};

use crate::error::Result;
use crate::metric::Judge;
use crate::train::Session;
use survey::{Reals, Surveying};

/// The result of a quick survey or of a survey.
#[derive(Clone, Debug, PartialEq)]
pub enum Measurement {
    /// A quick survey: a few images, judged.
    Quick(QuickSurvey),
    /// A survey: many images, measured.
    Full(Survey),
}

/// A change found by checking the definitions of the alarms.
#[derive(Clone, Debug, PartialEq)]
pub enum AlarmChange {
    /// A definition holds that did not hold before.
    Raised(Evidence),
    /// A definition no longer holds.
    Cleared(Alarm),
}

/// What follows when images no longer get better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plateau {
    /// The schedule waited for this: the rates fall from here on.
    RatesFall,
    /// The step of the best images.
    Best(u32),
}

/// Steps for which a definition must not hold before its alarm is cleared: a
/// run at the edge would flicker (minimax with a fast D did, at steps 208, 221,
/// 223 and 224).
const CALM_STEPS: u32 = 200;

/// Watches one run at a time.
#[derive(Default)]
pub struct Watch {
    judge: Option<Judge>,
    /// Whether the run's samples differ in shape from those the judge takes.
    other: bool,
    reals: Reals,
    surveying: Option<Surveying>,
    history: History,
    /// Raised alarms, each with the step at which its definition last held.
    active: Vec<(Alarm, u32)>,
}

impl Watch {
    /// Sets the judge; without it no images are surveyed.
    pub fn set_judge(&mut self, judge: Judge) {
        self.judge = Some(judge);
    }

    /// The judge's probability of each class for a digit, (784) in [0, 1];
    /// empty while there is no judge, or for a sample of another size.
    pub fn classify(&mut self, digit: &[f32]) -> Result<Vec<f32>> {
        let judge = self.judge.as_mut();
        let judge = judge.filter(|_| digit.len() == Judge::SAMPLE.shape.size());
        judge.map_or(Ok(Vec::new()), |judge| Ok(judge.judge(digit)?.probabilities))
    }

    /// Whether images can be judged: there is a judge, it takes samples of this
    /// shape, and it recognises the real images loaded so far.
    pub fn judges(&self) -> bool {
        self.judge.is_some() && !self.other && self.reals.known()
    }

    /// Whether the judge has looked at the real images and does not recognise
    /// them, so that no images are judged.
    pub fn unknown_kind(&self) -> bool {
        !self.reals.known()
    }

    /// What was measured so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Forgets the run: another one begins, or the same one continues from an
    /// earlier snapshot.
    pub fn reset_run(&mut self) {
        self.history = History::default();
        self.surveying = None;
        self.active.clear();
    }

    /// Forgets the real images: others follow.
    pub fn reset_reals(&mut self) {
        self.reals = Reals::default();
        self.surveying = None;
    }

    /// Records the iteration just done: a few numbers.
    pub fn record(&mut self, session: &Session) {
        self.other = Judge::check(session.data().sample()).is_err();
        self.surveying = None;
        self.history.record(session.steps(), &session.losses(), session.stats());
        if !session.columns().is_empty() {
            self.history.record_each(session.stats().right_of_each());
        }
    }

    /// Whether a quick survey is due by the definitions of the alarms: every 50
    /// steps.
    pub fn quick_survey_due(&self) -> bool {
        self.judges() && self.history.quick_survey_due()
    }

    /// Whether a survey is due to confirm an alarm or to clear it.
    pub fn survey_due(&self) -> bool {
        self.judges()
            && self.surveying.is_none()
            && self
                .history
                .survey_due(self.active.iter().any(|(alarm, _)| *alarm == Alarm::ModeCollapse))
    }

    /// The step of the best images, if they no longer get better. If the
    /// schedule of the rates waits for that, the rates fall from here on
    /// instead, and the search for a plateau starts again.
    pub fn plateau(&mut self, session: &mut Session) -> Result<Option<Plateau>> {
        let Some(best) = stage::plateau(&self.history) else { return Ok(None) };
        if session.let_rates_fall()? {
            self.history.forget_plateau();
            return Ok(Some(Plateau::RatesFall));
        }
        Ok(Some(Plateau::Best(best)))
    }

    /// Begins a survey; `with_scores` adds the value of the game, from D's
    /// scores under the present players. [`Self::continue_survey`] does it part
    /// by part, as long as the run stands still.
    pub fn begin_survey(&mut self, with_scores: bool) {
        self.surveying = self.judges().then(|| Surveying::new(with_scores));
    }

    /// Whether a survey is under way.
    pub fn surveying(&self) -> bool {
        self.surveying.is_some()
    }

    /// Samples and judges a few images, (64, 784). None without a judge, or if
    /// the judge does not take or does not recognise the run's images.
    pub fn quick_survey(&mut self, session: &mut Session) -> Result<Option<Measurement>> {
        self.other = Judge::check(session.data().sample()).is_err();
        let Some(judge) = self.judge.as_mut().filter(|_| !self.other) else { return Ok(None) };
        let Some(spread) = self.reals.spread(session, judge)? else { return Ok(None) };
        self.history.set_real_stats(self.reals.real_stats());
        let quick_survey = survey::quick_survey(session, judge, spread)?;
        self.history.add_quick_survey(quick_survey.clone());
        Ok(Some(Measurement::Quick(quick_survey)))
    }

    /// Does the next part of the survey under way, about 64 images; returns the
    /// result with the last part.
    ///
    /// A run that has moved on, even by one phase, is not measured: computing
    /// D's scores would finish the iteration.
    pub fn continue_survey(&mut self, session: &mut Session) -> Result<Option<Measurement>> {
        self.other = Judge::check(session.data().sample()).is_err();
        if self.other || !session.settled() {
            self.surveying = None;
        }
        let (Some(judge), Some(surveying)) = (&mut self.judge, &mut self.surveying) else {
            return Ok(None);
        };
        if self.reals.spread(session, judge)?.is_none() {
            self.surveying = None;
            return Ok(None);
        }
        self.history.set_real_stats(self.reals.real_stats());
        if !self.reals.complete() {
            self.reals.gather(session, judge)?;
            return Ok(None);
        }
        let Some(survey) = surveying.part(session, judge, &self.reals)? else { return Ok(None) };
        self.surveying = None;
        self.history.add_survey(survey.clone());
        Ok(Some(Measurement::Full(survey)))
    }

    /// Checks the definition of every alarm against the history.
    pub fn check(&mut self) -> Vec<AlarmChange> {
        let (mut changes, now) = (Vec::new(), self.history.steps());
        for alarm in Alarm::ALL {
            let found = alarm.find(&self.history);
            let active = self.active.iter().position(|(other, _)| *other == alarm);
            match (found, active) {
                (Some(evidence), None) => {
                    self.active.push((alarm, now));
                    changes.push(AlarmChange::Raised(evidence));
                }
                (Some(_), Some(index)) => self.active[index].1 = now,
                (None, Some(index)) if now >= self.active[index].1 + CALM_STEPS => {
                    self.active.remove(index);
                    changes.push(AlarmChange::Cleared(alarm));
                }
                _ => {}
            }
        }
        self.history.checked();
        changes
    }
}

#[cfg(test)]
mod tests;
