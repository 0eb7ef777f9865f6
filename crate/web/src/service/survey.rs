//! Looking at the digits while they train, within a share of the time; alarms
//! and what may help.

use ganvas::Error;
use ganvas::metric::{Judge, Recognised};
use ganvas::watch::{Change, Evidence, Found, Glance, Plateau, Survey, Watch, lately, remedies};

use super::scores::Scores;
use super::{Mode, Worker};
use crate::clock::now;
use crate::describe::knobs;
use crate::protocol::{Event, GlanceInfo, RatesFall, RemedyInfo, SurveyInfo};

/// Glances may take this share of the time, surveys for the page's panel as
/// much again.
const SHARE: f64 = 0.025;
/// Time that looks may take at once, before the share counts: the first ones
/// come early.
const START_MS: f64 = 150.;
/// Least time between two surveys: for the panel of quality, and where nobody
/// looks at it, so that it has a past and the run a best moment.
const SURVEY_MS: f64 = 1000.;
const UNSEEN_MS: f64 = 10_000.;
/// Steps between two checks of the alarms.
const CHECK_STEPS: u32 = 10;
/// Glances that the class bars sum up: 256 digits.
const SUMMED: usize = 4;

/// What is being watched, and what it has cost.
#[derive(Default)]
pub struct Looks {
    pub watch: Watch,
    pub scores: Scores,
    /// Which costly views are on the screen.
    pub scores_wanted: bool,
    pub quality_wanted: bool,
    glanced_ms: f64,
    surveyed_ms: f64,
    survey_ms: f64,
    surveyed_at: f64,
    /// The step that was measured at rest, with all that D says.
    rested: Option<u32>,
    plateau_told: bool,
    strange_told: bool,
}

impl Looks {
    /// Another run, or the same one from an earlier moment.
    pub fn forget_run(&mut self) {
        self.watch.forget_run();
        self.scores = Scores::default();
        (self.glanced_ms, self.surveyed_ms, self.survey_ms, self.surveyed_at) = (0., 0., 0., 0.);
        (self.rested, self.plateau_told, self.strange_told) = (None, false, false);
    }
}

impl Worker {
    /// Takes in the judge's file.
    pub(super) fn bring_judge(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.looks.watch.bring(Judge::load(bytes)?);
        self.measure_at_rest();
        Ok(())
    }

    /// After an iteration: takes it down, and looks at digits where that is due
    /// and affordable.
    pub(super) fn look(&mut self) {
        let steps = self.session.steps();
        self.looks.watch.note(&self.session);
        if self.looks.scores_wanted {
            self.looks.scores.add(self.session.stats(), steps);
        }
        let allowed = START_MS + SHARE * self.meter.elapsed();
        if self.looks.watch.glance_due() && self.looks.glanced_ms < allowed {
            self.glance();
        }
        if steps.is_multiple_of(CHECK_STEPS) {
            self.check();
        }
        let time = now();
        let pause = if self.looks.quality_wanted { SURVEY_MS } else { UNSEEN_MS };
        let wanted = self.looks.surveyed_ms < allowed
            && time >= self.looks.surveyed_at + pause
            && self.looks.watch.judges();
        if wanted || self.looks.watch.survey_due() {
            self.looks.surveyed_at = time;
            self.looks.watch.begin_survey(false);
        }
    }

    /// Where the run stands still, measures it as it is, once.
    pub(super) fn measure_at_rest(&mut self) {
        let steps = self.session.steps();
        let rests = self.mode == Mode::Paused && self.session.settled();
        if steps > 0 && rests && self.looks.rested != Some(steps) {
            self.looks.watch.begin_survey(true);
            self.looks.rested = self.looks.watch.surveying().then_some(steps);
        }
    }

    fn glance(&mut self) {
        let start = now();
        let found = self.looks.watch.glance(&mut self.session);
        self.looks.glanced_ms += now() - start;
        match found {
            Ok(Some(Found::Glance(glance))) => self.tell_glance(&glance),
            Ok(_) => self.tell_strange(),
            Err(error) => self.refuse("glance", None, &error),
        }
        self.check();
    }

    fn tell_glance(&mut self, glance: &Glance) {
        let history = self.looks.watch.history();
        let classes = history.lately(SUMMED);
        let info = GlanceInfo {
            run: self.run,
            step: glance.step,
            stage: stage_name(history.stage()),
            confidence: glance.confidence,
            digits: history.looked(SUMMED),
            divergence: Recognised { counts: classes, ..Recognised::default() }.divergence(),
            classes: classes.to_vec(),
            own: history.own().shares.to_vec(),
            own_recognised: history.own().recognised,
            share: (self.looks.glanced_ms + self.looks.surveyed_ms) / self.meter.elapsed().max(1.),
        };
        self.events.push(Event::Glance(info));
    }

    /// A part of the survey under way.
    pub(super) fn survey(&mut self) {
        let start = now();
        let found = self.looks.watch.work(&mut self.session);
        let took = now() - start;
        self.looks.survey_ms += took;
        if self.mode != Mode::Paused {
            self.looks.surveyed_ms += took;
        }
        match found {
            Ok(Some(Found::Survey(survey))) => {
                let cost_ms = std::mem::take(&mut self.looks.survey_ms);
                let (run, step) = (self.run, survey.step);
                self.events.push(Event::Survey {
                    run,
                    step,
                    survey: survey_info(&survey),
                    cost_ms,
                });
                self.check();
                if let Some(distance) = lately(self.looks.watch.history())
                    && self.timeline.beats(distance)
                {
                    self.keep_best(distance);
                }
                self.tell_plateau(step);
            }
            Ok(_) => self.tell_strange(),
            Err(error) => {
                // Without a reason to think that the next part would do better.
                self.looks.watch.forget_reals();
                self.refuse("survey", None, &error);
            }
        }
    }

    fn tell_strange(&mut self) {
        if self.looks.watch.strange() && !self.looks.strange_told {
            self.looks.strange_told = true;
            self.events.push(Event::Strange { run: self.run });
        }
    }

    fn tell_plateau(&mut self, step: u32) {
        if self.looks.plateau_told {
            return;
        }
        let run = self.run;
        match self.looks.watch.plateau(&mut self.session) {
            Ok(Some(Plateau::Best(best))) => {
                self.looks.plateau_told = true;
                self.events.push(Event::Plateau { run, best, step });
            }
            Ok(Some(Plateau::RatesFall)) => {
                let knobs = knobs(self.session.config());
                self.events.push(Event::RatesFall(RatesFall { run, step, knobs }));
            }
            Ok(None) => {}
            Err(error) => self.refuse("tune", None, &error),
        }
    }

    /// Checks the alarms and tells what changed.
    fn check(&mut self) {
        for change in self.looks.watch.check() {
            let run = self.run;
            let event = match change {
                Change::Rose(found) => self.alarm(found),
                Change::Calmed(alarm) => Event::Calm { run, alarm: alarm.name().to_owned() },
            };
            self.events.push(event);
        }
    }

    fn alarm(&self, found: Evidence) -> Event {
        let mut args: std::collections::BTreeMap<_, _> =
            found.args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        args.insert("says".to_owned(), found.says.to_owned());
        let before = self.timeline.before(found.since);
        let all = remedies(found.alarm, self.session.config());
        // Going back needs somewhere to go.
        let open = all.into_iter().filter(|remedy| !remedy.back || before.is_some());
        Event::Alarm {
            run: self.run,
            step: self.session.steps(),
            alarm: found.alarm.name().to_owned(),
            args,
            remedies: open
                .map(|remedy| RemedyInfo {
                    name: remedy.name.to_owned(),
                    knobs: remedy
                        .knobs
                        .into_iter()
                        .map(|(key, value)| (key.to_owned(), value))
                        .collect(),
                    fresh: remedy.fresh,
                    moment: before.filter(|_| remedy.back).map(|(id, _)| id),
                    step: before.filter(|_| remedy.back).map(|(_, step)| step),
                })
                .collect(),
        }
    }

    /// Sends D's histograms, where they are on the screen.
    pub(super) fn tell_scores(&mut self) {
        let looks = &self.looks;
        if looks.scores_wanted && !looks.scores.is_empty() {
            let probability = self.session.config().hyper.loss.speaks_of_probability();
            self.events.push(looks.scores.event(self.run, self.session.steps(), probability));
        }
    }

    /// Which costly views are on the screen from now on.
    pub(super) fn watch(&mut self, scores: bool, quality: bool) {
        if scores && !self.looks.scores_wanted {
            self.looks.scores.resume(self.session.stats(), self.session.steps());
        }
        (self.looks.scores_wanted, self.looks.quality_wanted) = (scores, quality);
        self.tell_scores();
    }
}

fn stage_name(stage: ganvas::watch::Stage) -> crate::protocol::Stage {
    use crate::protocol::Stage as Name;
    use ganvas::watch::Stage;
    match stage {
        Stage::Noise => Name::Noise,
        Stage::Strokes => Name::Strokes,
        Stage::Digits => Name::Digits,
        Stage::Crisp => Name::Crisp,
    }
}

fn survey_info(survey: &Survey) -> SurveyInfo {
    SurveyInfo {
        digits: survey.digits as u32,
        classes: survey.classes.to_vec(),
        divergence: survey.divergence,
        recognised: survey.recognised,
        confidence: survey.confidence,
        sure: survey.sure,
        sure_real: survey.sure_real,
        distance: survey.distance,
        floor: survey.floor,
        compared: survey.compared.map(|count| count as u32),
        precision: survey.precision,
        recall: survey.recall,
        value: survey.value,
        jsd: survey.jsd,
        spread: survey.spread,
    }
}
