//! The loop: trains in slices, passes commands to services between them, and
//! does what a command or an iteration means for more than one service.

use ganvas::watch::after_fault;
use ganvas::{Config, Dataset, Error, Session, recipe};

use crate::clock::now;
use crate::describe::{open, recipe_info, refusal};
use crate::outbox::Outbox;
use crate::protocol::{Catalogue, Command, Event, PROTOCOL};
use crate::service::inspect::Inspect;
use crate::service::intake::Intake;
use crate::service::run::{Mode, Played, Run};
use crate::service::save::Save;
use crate::service::school::School;
use crate::service::studio::Studio;
use crate::service::survey::{Measured, Survey};
use crate::service::timeline::Timeline;
use crate::service::{Effect, Replacement, Service};

/// A slice of training, after which messages are handled: one frame of the
/// page.
const SLICE_MS: f64 = 16.;

/// Whether the loop has more to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another turn, once messages have been handled.
    Again,
    /// Nothing, until a command arrives.
    Idle,
}

/// One session, its services, and their events for the page.
pub struct Worker {
    session: Session,
    outbox: Outbox,
    intake: Intake,
    run: Run,
    survey: Survey,
    timeline: Timeline,
    studio: Studio,
    inspect: Inspect,
    school: School,
    save: Save,
}

impl Worker {
    /// A worker of the build called `build`, with the default recipe at step 0
    /// and no images yet.
    pub fn new(build: &str) -> Result<Self, Error> {
        let config = Config::new(recipe::ALL[0].id, 0, [])?;
        let mut outbox = Outbox::default();
        outbox.push(Event::Ready {
            protocol: PROTOCOL,
            build: build.to_owned(),
            recipes: recipe::ALL.iter().map(|recipe| recipe_info(recipe)).collect(),
            catalogue: Catalogue::of_engine(),
        });
        Ok(Self {
            session: Session::new(config, Dataset::empty())?,
            outbox,
            intake: Intake::default(),
            run: Run::default(),
            survey: Survey::default(),
            timeline: Timeline::default(),
            studio: Studio::default(),
            inspect: Inspect,
            school: School::default(),
            save: Save::default(),
        })
    }

    /// The events to post, in order; empties the list.
    pub fn events(&mut self) -> Vec<Event> {
        self.outbox.take()
    }

    /// Whether [`Self::turn`] would do nothing.
    pub fn idle(&self) -> bool {
        self.run.at_rest()
            && !self.survey.surveying()
            && !self.studio.searching()
            && !self.school.under_way()
    }

    /// Reports that a message was not a command of this protocol.
    pub fn not_understood(&mut self, reason: &str) {
        let reason = format!("not understood: {reason}");
        self.outbox.refuse("", None, &Error::Internal { reason });
    }

    /// Handles a command for the run `of`, unless another run has begun since.
    pub fn handle_of(&mut self, of: Option<u32>, command: Command) {
        if of.is_none_or(|run| run == self.outbox.run()) {
            self.handle(command);
        }
    }

    /// Handles a command, or reports why it is refused.
    pub fn handle(&mut self, command: Command) {
        let service: &mut dyn Service = match command {
            Command::Identify { .. }
            | Command::WholeFile { .. }
            | Command::Open { .. }
            | Command::Images { .. }
            | Command::Labels { .. }
            | Command::Close
            | Command::Next { .. }
            | Command::Picture { .. }
            | Command::Classes { .. } => &mut self.intake,
            Command::Start { .. }
            | Command::Run
            | Command::Pause
            | Command::Step
            | Command::Advance { .. }
            | Command::Tune { .. }
            | Command::Pretrained { .. } => &mut self.run,
            Command::Judge { .. } | Command::Watch { .. } | Command::Assess { .. } => {
                &mut self.survey
            }
            Command::Return { .. } => &mut self.timeline,
            Command::Decode { .. }
            | Command::DecodeMany { .. }
            | Command::Sample { .. }
            | Command::Directions
            | Command::Nearest { .. }
            | Command::Invert { .. }
            | Command::StopInverting => &mut self.studio,
            Command::Inspect { .. } | Command::Filters => &mut self.inspect,
            Command::School { .. } => &mut self.school,
            Command::Save { .. } | Command::Autosave { .. } | Command::Resume { .. } => {
                &mut self.save
            }
            Command::Ping => return self.outbox.push(Event::Pong),
        };
        let effect = service.handle(&mut self.session, command, &mut self.outbox);
        self.carry_out(effect);
        self.report_fault();
    }

    /// Does what a command means for other services.
    fn carry_out(&mut self, effect: Effect) {
        match effect {
            Effect::None => {}
            Effect::Replace(replacement) => self.replace(replacement),
            Effect::DataArrived => self.run.stop_waiting(),
            Effect::Pause => self.pause(),
            Effect::Phase { phase, iteration_done } => {
                if iteration_done {
                    self.iteration_done();
                    self.survey.report_scores(&self.session, &mut self.outbox);
                }
                self.run.show_phase(&mut self.session, phase, &mut self.outbox);
                self.measure_at_rest();
            }
            Effect::Rewound => {
                self.survey.reset_run();
                self.school = School::default();
                self.run.rewind(&mut self.session, &mut self.outbox);
                self.measure_at_rest();
            }
            Effect::Measure => self.measure_at_rest(),
            Effect::Store => {
                if self.run.paused() {
                    self.autosave();
                }
            }
        }
    }

    /// Replaces the present run by another one; the present one is stored
    /// first.
    fn replace(&mut self, replacement: Replacement) {
        if self.save.wanted(&self.session) {
            // If an iteration cannot be finished, the last autosave remains.
            let _ = self.session.settle();
            self.run.note_losses(&self.session);
            self.autosave();
        }
        let (session, outbox) = (&mut self.session, &mut self.outbox);
        let beginning = match replacement {
            Replacement::Fresh { run, config } => self.run.restart(session, run, *config, outbox),
            Replacement::Data { source, data, more } => {
                let beginning = self.intake.adopt(session, source, data, more, outbox);
                if beginning.is_some() {
                    self.survey.forget_data();
                }
                beginning
            }
            Replacement::Saved { run, bytes, elapsed_ms } => {
                self.save.resume(session, run, &bytes, elapsed_ms, outbox)
            }
        };
        let Some(beginning) = beginning else { return };
        self.intake.forget_choice();
        self.survey.reset_run();
        self.timeline = Timeline::default();
        self.studio = Studio::default();
        self.school = School::default();
        self.run.begin(session, beginning, outbox);
        self.run.show_preview(session, outbox);
        self.keep_snapshot(now());
        self.run.report(&mut self.session, &mut self.outbox);
        self.measure_at_rest();
    }

    /// Trains for a slice, or does what is more urgent.
    pub fn turn(&mut self) -> Next {
        if self.idle() {
            return Next::Idle;
        }
        if self.survey.surveying() {
            // The run stands still meanwhile, but messages are handled between
            // two parts.
            self.measure();
            return self.next();
        }
        let at_rest = self.run.at_rest();
        self.studio.search(&mut self.session, at_rest, &mut self.outbox);
        self.school.advance(&mut self.session, at_rest, &mut self.outbox);
        if !self.school.holds() && !self.run.at_rest() {
            self.train();
        }
        self.next()
    }

    fn next(&self) -> Next {
        if self.idle() { Next::Idle } else { Next::Again }
    }

    /// Trains for a slice and reports what is due.
    fn train(&mut self) {
        let start = now();
        // While a slider is dragged, commands are handled after each phase.
        let slice = if self.studio.followed(start) { 0. } else { SLICE_MS };
        let mut over = false;
        while !self.run.paused() && !over && !self.survey.surveying() {
            match self.run.play(&mut self.session, &mut self.outbox) {
                Played::Phase => {}
                Played::Iteration => {
                    self.iteration_done();
                    if self.run.last_step() {
                        self.pause();
                    }
                }
                Played::Nothing => return self.report_fault(),
            }
            over = now() - start >= slice;
        }
        self.run.slice_done(&self.session);
        if self.run.mode() == Mode::Training {
            self.report_what_is_due(now());
        }
    }

    fn report_what_is_due(&mut self, time: f64) {
        let (session, outbox) = (&mut self.session, &mut self.outbox);
        if self.run.preview_due(time) {
            self.run.show_preview(session, outbox);
        }
        if self.run.report_due(time) {
            self.survey.report_scores(session, outbox);
            self.run.report(session, outbox);
        }
        if self.timeline.due(time) && session.settled() {
            self.keep_snapshot(time);
        }
        if self.save.due(time) && self.session.settled() {
            self.autosave();
        }
    }

    /// Measures the run after the iteration just done.
    fn iteration_done(&mut self) {
        let earlier = |step| self.timeline.before(step);
        let elapsed = self.run.elapsed();
        self.survey.iteration_done(&mut self.session, elapsed, &earlier, &mut self.outbox);
    }

    /// Pauses training, and reports the run as it stands.
    fn pause(&mut self) {
        let (session, outbox) = (&mut self.session, &mut self.outbox);
        self.run.pause(session, outbox);
        self.report_fault();
        self.keep_snapshot(now());
        let (session, outbox) = (&mut self.session, &mut self.outbox);
        self.survey.report_scores(session, outbox);
        self.run.report(session, outbox);
        self.autosave();
        self.measure_at_rest();
    }

    /// Keeps a snapshot of the run on the timeline.
    fn keep_snapshot(&mut self, time: f64) {
        let (session, outbox) = (&mut self.session, &mut self.outbox);
        let gone = self.timeline.keep(session, time, self.run.elapsed(), outbox);
        self.renew_alarms(&gone);
    }

    /// Reports alarms again whose remedies go back to snapshots that are
    /// `gone`.
    fn renew_alarms(&mut self, gone: &[u32]) {
        let earlier = |step| self.timeline.before(step);
        self.survey.renew_alarms(&self.session, gone, &earlier, &mut self.outbox);
    }

    /// Reports an error that stopped training, with remedies.
    fn report_fault(&mut self) {
        let Some(error) = self.run.take_fault() else { return };
        let newest = self.timeline.before(u32::MAX);
        let remedies = open(after_fault(&error, self.session.config()), newest);
        let (code, args, message) = refusal(&error);
        let run = self.outbox.run();
        self.outbox.push(Event::Fault { run, code, args, message, remedies });
        self.run.report(&mut self.session, &mut self.outbox);
    }

    /// Has the page store the run, if it has changed.
    fn autosave(&mut self) {
        let (session, outbox) = (&mut self.session, &mut self.outbox);
        let Some(autosaved) = self.save.autosaved(session, self.run.elapsed(), outbox) else {
            return;
        };
        if !self.run.paused() {
            // So that the page stores the curves up to this step.
            self.run.report(session, outbox);
        }
        outbox.push(autosaved);
    }

    /// Does a part of the survey under way; the best snapshot so far is kept on
    /// the timeline.
    fn measure(&mut self) {
        let (session, outbox) = (&mut self.session, &mut self.outbox);
        let earlier = |step| self.timeline.before(step);
        let training = !self.run.paused();
        let measured = self.survey.measure(session, training, &earlier, outbox);
        let Measured::Whole { step, distance } = measured else { return };
        if let Some(distance) = distance {
            let gone = self.timeline.keep_best(session, distance, self.run.elapsed(), outbox);
            self.renew_alarms(&gone);
        }
        self.survey.look_for_plateau(&mut self.session, step, &mut self.outbox);
    }

    fn measure_at_rest(&mut self) {
        if self.run.paused() {
            self.survey.measure_at_rest(&self.session);
        }
    }
}

#[cfg(test)]
mod tests;
