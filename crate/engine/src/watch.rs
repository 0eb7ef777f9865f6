//! Watching a run: what its digits are like, what is wrong with it, and what
//! may help. Images of other shapes than digits are not judged: of such runs
//! losses, scores and gradients alone are watched.
//!
//! It has no clock: hosts decide how often to look, and looking moves nothing
//! of the run, not even its random streams. [`Watch::plateau`] alone may turn a
//! run's rates, where its schedule asks for it.

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

/// What a part of looking came to.
#[derive(Clone, Debug, PartialEq)]
pub enum Measurement {
    /// A look at a few digits.
    Quick(QuickSurvey),
    /// A measurement of many.
    Full(Survey),
}

/// What came of checking the definitions of the alarms.
#[derive(Clone, Debug, PartialEq)]
pub enum AlarmChange {
    /// A definition holds that did not.
    Raised(Evidence),
    /// One no longer holds.
    Cleared(Alarm),
}

/// What it comes to that digits no longer get better.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Plateau {
    /// The schedule waited for this: the rates fall from here on.
    RatesFall,
    /// The step of the best digits.
    Best(u32),
}

/// Steps for which a definition must not hold before its alarm is over: a run
/// at the edge would flicker (minimax with a fast D did, at steps 208, 221, 223
/// and 224).
const CALM_STEPS: u32 = 200;

/// Looks at one run at a time.
#[derive(Default)]
pub struct Watch {
    judge: Option<Judge>,
    /// Whether the run makes other samples than the judge takes.
    other: bool,
    reals: Reals,
    surveying: Option<Surveying>,
    history: History,
    /// Alarms that were told, each with the step at which its definition last
    /// held.
    active: Vec<(Alarm, u32)>,
}

impl Watch {
    /// Brings the judge, without whom no digits are looked at.
    pub fn set_judge(&mut self, judge: Judge) {
        self.judge = Some(judge);
    }

    /// The judge's probability of each class for a digit (784 numbers in [0,
    /// 1]); nothing while the judge is not here, or of another sample.
    pub fn read(&mut self, digit: &[f32]) -> Result<Vec<f32>> {
        let judge = self.judge.as_mut();
        let judge = judge.filter(|_| digit.len() == Judge::SAMPLE.shape.size());
        judge.map_or(Ok(Vec::new()), |judge| Ok(judge.judge(digit)?.chances))
    }

    /// Whether digits can be judged: the judge is here, takes such samples, and
    /// knows such digits as are in.
    pub fn judges(&self) -> bool {
        self.judge.is_some() && !self.other && self.reals.known()
    }

    /// Whether the judge has looked at the real digits and does not know their
    /// kind, so that none are judged.
    pub fn unknown_kind(&self) -> bool {
        !self.reals.known()
    }

    /// What was seen so far.
    pub fn history(&self) -> &History {
        &self.history
    }

    /// Another run begins, or the same one goes on from an earlier snapshot.
    pub fn forget_run(&mut self) {
        self.history = History::default();
        self.surveying = None;
        self.active.clear();
    }

    /// Other real digits from now on.
    pub fn forget_reals(&mut self) {
        self.reals = Reals::default();
        self.surveying = None;
    }

    /// Takes down an iteration that was just done: a few numbers.
    pub fn record(&mut self, session: &Session) {
        self.other = Judge::check(session.data().sample()).is_err();
        self.surveying = None;
        self.history.record(session.steps(), &session.losses(), session.stats());
        if !session.columns().is_empty() {
            self.history.record_each(session.stats().right_of_each());
        }
    }

    /// Whether a look is due by the definitions of the alarms, every 50 steps.
    pub fn quick_survey_due(&self) -> bool {
        self.judges() && self.history.quick_survey_due()
    }

    /// Whether many digits should be measured, since an alarm may be due.
    pub fn survey_due(&self) -> bool {
        self.judges()
            && self.surveying.is_none()
            && self
                .history
                .survey_due(self.active.iter().any(|(alarm, _)| *alarm == Alarm::ModeCollapse))
    }

    /// The step of the best digits, where they no longer get better, unless the
    /// schedule of the rates waits for that: they fall from here on then, and a
    /// plateau is looked for anew.
    pub fn plateau(&mut self, session: &mut Session) -> Result<Option<Plateau>> {
        let Some(best) = stage::plateau(&self.history) else { return Ok(None) };
        if session.let_rates_fall()? {
            self.history.forget_plateau();
            return Ok(Some(Plateau::RatesFall));
        }
        Ok(Some(Plateau::Best(best)))
    }

    /// Starts to measure, `with_scores` what D says of the players as they
    /// stand, too; [`Self::continue_survey`] does it, part by part, as long as the run
    /// stands still.
    pub fn begin_survey(&mut self, with_scores: bool) {
        self.surveying = self.judges().then(|| Surveying::new(with_scores));
    }

    /// Whether a measurement is under way.
    pub fn surveying(&self) -> bool {
        self.surveying.is_some()
    }

    /// Looks at a few digits: (64, 784) sampled and judged.
    pub fn quick_survey(&mut self, session: &mut Session) -> Result<Option<Measurement>> {
        self.other = Judge::check(session.data().sample()).is_err();
        let Some(judge) = self.judge.as_mut().filter(|_| !self.other) else { return Ok(None) };
        let Some(spread) = self.reals.spread(session, judge)? else { return Ok(None) };
        self.history.set_real_stats(self.reals.real_stats());
        let quick_survey = survey::quick_survey(session, judge, spread)?;
        self.history.add_quick_survey(quick_survey.clone());
        Ok(Some(Measurement::Quick(quick_survey)))
    }

    /// A part of the measurement under way, about 64 digits; the result with
    /// the last.
    ///
    /// A run that has moved on, be it by one phase, is not measured: asking its
    /// D would finish the iteration.
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

    /// Checks every definition against what was seen.
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
