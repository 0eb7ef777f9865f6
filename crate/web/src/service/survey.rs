//! Measures the run while it trains, within a share of the time: quick surveys
//! of a few images, surveys of many, alarms, D's scores; and the judge, which
//! also classifies drawn digits.

mod alarm;
mod drawn;
mod scores;

use ganvas::Session;
use ganvas::metric::{Judge, Recognised};
use ganvas::watch::{Measurement, Plateau, QuickSurvey, Watch, recent_distance};

use super::{Effect, Service, misrouted};
use crate::clock::now;
use crate::describe::knobs;
use crate::outbox::Outbox;
use crate::protocol::{Command, Event, QuickSurveyInfo, RatesFall};
use alarm::Reported;
use scores::Scores;

/// Greatest share of the time for quick surveys; surveys for the page's panel
/// take as much again.
const SHARE: f64 = 0.025;
/// Time that measurements can take at once, before the share counts, in
/// milliseconds: the first ones come early.
const START_MS: f64 = 150.;
/// Least time between two surveys, in milliseconds: while the panel of quality
/// is on the screen, and while it is not, so that it has a past and the run a
/// best snapshot.
const SURVEY_MS: f64 = 1000.;
const UNSEEN_MS: f64 = 10_000.;
/// Steps between two checks of the alarms.
const CHECK_STEPS: u32 = 10;
/// Quick surveys that the class bars sum up: 256 images.
const SUMMED: usize = 4;

/// The newest kept snapshot before a step of the run: its number and its step.
pub type Earlier<'a> = &'a dyn Fn(u32) -> Option<(u32, u32)>;

/// What has been measured of the run, and what it has cost.
#[derive(Default)]
pub struct Survey {
    watch: Watch,
    scores: Scores,
    /// Which costly views are on the screen.
    scores_wanted: bool,
    quality_wanted: bool,
    quick_survey_ms: f64,
    surveyed_ms: f64,
    survey_ms: f64,
    surveyed_at: f64,
    /// The step that was measured while paused, with D's scores.
    rested: Option<u32>,
    plateau_reported: bool,
    not_judged_reported: bool,
    alarms: Vec<Reported>,
}

impl Service for Survey {
    fn handle(&mut self, session: &mut Session, command: Command, outbox: &mut Outbox) -> Effect {
        match command {
            Command::Judge { bytes } => match Judge::load(&bytes) {
                Ok(judge) => {
                    self.watch.set_judge(judge);
                    return Effect::Measure;
                }
                Err(error) => outbox.refuse("judge", None, &error),
            },
            Command::Watch { scores, quality } => {
                if scores && !self.scores_wanted {
                    self.scores.resume(session.stats(), session.steps());
                }
                (self.scores_wanted, self.quality_wanted) = (scores, quality);
                self.report_scores(session, outbox);
            }
            Command::Assess { pixels } => {
                match drawn::read(session, &mut self.watch, outbox.run(), &pixels) {
                    Ok(event) => outbox.push(event),
                    Err(error) => outbox.refuse("assess", None, &error),
                }
            }
            _ => return misrouted("survey", outbox),
        }
        Effect::None
    }
}

impl Survey {
    /// Forgets the run: another one begins, or the same one continues from an
    /// earlier snapshot.
    pub fn reset_run(&mut self) {
        self.watch.reset_run();
        self.scores = Scores::default();
        (self.quick_survey_ms, self.surveyed_ms, self.survey_ms, self.surveyed_at) =
            (0., 0., 0., 0.);
        (self.rested, self.plateau_reported, self.not_judged_reported) = (None, false, false);
        self.alarms.clear();
    }

    /// Forgets the real images: others follow.
    pub fn forget_data(&mut self) {
        self.watch.reset_reals();
    }

    /// Whether a survey is under way: the run has to stand still for it.
    pub fn surveying(&self) -> bool {
        self.watch.surveying()
    }

    /// After an iteration: records it, and surveys images if that is due and
    /// affordable in a run that was trained for `elapsed` milliseconds.
    pub fn iteration_done(
        &mut self,
        session: &mut Session,
        elapsed: f64,
        earlier: Earlier,
        outbox: &mut Outbox,
    ) {
        let steps = session.steps();
        self.watch.record(session);
        if self.scores_wanted {
            self.scores.add(session.stats(), steps);
        }
        let allowed = START_MS + SHARE * elapsed;
        if self.watch.quick_survey_due() && self.quick_survey_ms < allowed {
            self.quick_survey(session, elapsed, earlier, outbox);
        }
        if steps.is_multiple_of(CHECK_STEPS) {
            self.check(session, earlier, outbox);
        }
        let time = now();
        let pause = if self.quality_wanted { SURVEY_MS } else { UNSEEN_MS };
        let wanted =
            self.surveyed_ms < allowed && time >= self.surveyed_at + pause && self.watch.judges();
        if wanted || self.watch.survey_due() {
            self.surveyed_at = time;
            self.watch.begin_survey(false);
        }
    }

    /// Measures a paused run as it stands, once.
    pub fn measure_at_rest(&mut self, session: &Session) {
        let steps = session.steps();
        if steps > 0 && session.settled() && self.rested != Some(steps) {
            self.watch.begin_survey(true);
            self.rested = self.watch.surveying().then_some(steps);
        }
    }

    fn quick_survey(
        &mut self,
        session: &mut Session,
        elapsed: f64,
        earlier: Earlier,
        outbox: &mut Outbox,
    ) {
        let start = now();
        let found = self.watch.quick_survey(session);
        self.quick_survey_ms += now() - start;
        match found {
            Ok(Some(Measurement::Quick(quick_survey))) => {
                self.report_quick_survey(&quick_survey, elapsed, outbox)
            }
            Ok(_) => self.report_not_judged(outbox),
            Err(error) => outbox.refuse("quick-survey", None, &error),
        }
        self.check(session, earlier, outbox);
    }

    fn report_quick_survey(&self, quick_survey: &QuickSurvey, elapsed: f64, outbox: &mut Outbox) {
        let history = self.watch.history();
        let classes = history.recent_classes(SUMMED);
        outbox.push(Event::QuickSurvey(QuickSurveyInfo {
            run: outbox.run(),
            step: quick_survey.step,
            stage: history.stage(),
            confidence: quick_survey.confidence,
            digits: history.looked(SUMMED),
            divergence: Recognised { counts: classes, ..Recognised::default() }.divergence(),
            classes: classes.to_vec(),
            own: history.real_stats().shares.to_vec(),
            own_recognised: history.real_stats().recognised,
            share: (self.quick_survey_ms + self.surveyed_ms) / elapsed.max(1.),
        }));
    }

    /// Does a part of the survey under way; its time counts against the share
    /// of measuring while `training` is on.
    pub fn measure(
        &mut self,
        session: &mut Session,
        training: bool,
        earlier: Earlier,
        outbox: &mut Outbox,
    ) -> Measured {
        let start = now();
        let found = self.watch.continue_survey(session);
        let took = now() - start;
        self.survey_ms += took;
        if training {
            self.surveyed_ms += took;
        }
        match found {
            Ok(Some(Measurement::Full(survey))) => {
                let cost_ms = std::mem::take(&mut self.survey_ms);
                let step = survey.step;
                outbox.push(Event::Survey { run: outbox.run(), survey, cost_ms });
                self.check(session, earlier, outbox);
                return Measured::Whole { step, distance: recent_distance(self.watch.history()) };
            }
            Ok(_) => self.report_not_judged(outbox),
            Err(error) => {
                // The next part would hardly do better: ends the survey.
                self.watch.reset_reals();
                outbox.refuse("survey", None, &error);
            }
        }
        Measured::Part
    }

    fn report_not_judged(&mut self, outbox: &mut Outbox) {
        if self.watch.unknown_kind() && !self.not_judged_reported {
            self.not_judged_reported = true;
            outbox.push(Event::NotJudged { run: outbox.run() });
        }
    }

    /// After the survey at `step`: reports a plateau, if there is one, and
    /// makes the rates fall, if the schedule waits for it.
    pub fn look_for_plateau(&mut self, session: &mut Session, step: u32, outbox: &mut Outbox) {
        if self.plateau_reported {
            return;
        }
        let run = outbox.run();
        match self.watch.plateau(session) {
            Ok(Some(Plateau::Best(best))) => {
                self.plateau_reported = true;
                outbox.push(Event::Plateau { run, best, step });
            }
            Ok(Some(Plateau::RatesFall)) => {
                let knobs = knobs(session.config());
                outbox.push(Event::RatesFall(RatesFall { run, step, knobs }));
            }
            Ok(None) => {}
            Err(error) => outbox.refuse("tune", None, &error),
        }
    }

    /// Sends D's histograms, if they are on the screen.
    pub fn report_scores(&self, session: &Session, outbox: &mut Outbox) {
        if self.scores_wanted && !self.scores.is_empty() {
            let probability = session.config().hyper.loss.scores_are_log_odds();
            outbox.push(self.scores.event(outbox.run(), session.steps(), probability));
        }
    }
}

/// The progress of a survey.
pub enum Measured {
    /// It continues, or has failed.
    Part,
    /// It is done: the step that was measured, and the Frechet distance of the
    /// images to real ones over the last surveys, if it is known.
    Whole { step: u32, distance: Option<f64> },
}
