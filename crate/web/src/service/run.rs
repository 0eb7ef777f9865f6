//! Training: whether it is on, an iteration in its phases, and its reports.

mod curves;
mod phase;
mod speed;

use ganvas::{Config, Error, Session, StepOutcome, checkpoint};
use serde_bytes::ByteBuf;

use super::{Beginning, Effect, Replacement, Service, misrouted};
use crate::clock::now;
use crate::config::config;
use crate::describe;
use crate::outbox::Outbox;
use crate::protocol::{Command, Event};
use curves::Curves;
use speed::SpeedMeter;

/// Time between two reports of training, in milliseconds.
const REPORT_MS: f64 = 100.;
/// Greatest share of the time that the preview takes: a slow generator draws it
/// less often.
const PREVIEW_SHARE: f64 = 0.05;

/// Whether training is on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mode {
    /// It is off.
    #[default]
    Paused,
    /// It is on until a command ends it.
    Training,
    /// It is on until so many iterations are done.
    Stepping(u32),
}

/// The result of a phase of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Played {
    /// A phase is done, the iteration is not.
    Phase,
    /// An iteration is done.
    Iteration,
    /// Nothing: images are missing, or a fault has stopped training.
    Nothing,
}

/// The run's mode, its curves and its speed.
#[derive(Default)]
pub struct Run {
    mode: Mode,
    /// Whether training waits for images that have not arrived.
    waiting: bool,
    speed: SpeedMeter,
    curves: Curves,
    report_due: f64,
    preview_due: f64,
    /// An error that stopped training, not yet reported.
    fault: Option<Error>,
}

impl Service for Run {
    fn handle(&mut self, session: &mut Session, command: Command, outbox: &mut Outbox) -> Effect {
        match command {
            Command::Start { run, recipe, seed, knobs } => match config(&recipe, seed, &knobs) {
                Ok(config) => {
                    let config = Box::new(config);
                    return Effect::Replace(Replacement::Fresh { run, config });
                }
                Err(error) => outbox.refuse("start", Some(run), &error),
            },
            Command::Run => {
                self.set_mode(Mode::Training);
                self.report(session, outbox);
            }
            Command::Pause => return Effect::Pause,
            Command::Step => self.set_mode(match self.mode {
                Mode::Stepping(left) => Mode::Stepping(left.saturating_add(1)),
                Mode::Paused | Mode::Training => Mode::Stepping(1),
            }),
            Command::Advance { by } => return self.advance(session, by, outbox),
            Command::Tune { key, value } => outbox.answer("tune", session.tune(&key, &value)),
            Command::Pretrained { bytes } => {
                let taken = self.use_pretrained(session, &bytes, outbox);
                outbox.answer("pretrained", taken);
            }
            _ => return misrouted("run", outbox),
        }
        Effect::None
    }
}

impl Run {
    /// Whether training is on.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether training is off.
    pub fn paused(&self) -> bool {
        self.mode == Mode::Paused
    }

    /// Whether training is off or waits for images.
    pub fn at_rest(&self) -> bool {
        self.paused() || self.waiting
    }

    /// Images have arrived: training tries again.
    pub fn stop_waiting(&mut self) {
        self.waiting = false;
    }

    /// Time spent training, in milliseconds.
    pub fn elapsed(&self) -> f64 {
        self.speed.elapsed()
    }

    /// Puts the session at step 0 under `config`, as the run of this number. If
    /// refused, the old run stays.
    pub fn restart(
        &mut self,
        session: &mut Session,
        run: u32,
        config: Config,
        outbox: &mut Outbox,
    ) -> Option<Beginning> {
        match session.restart(config) {
            Ok(()) => {
                outbox.begin(run);
                Some(Beginning { paused: true, ..Beginning::default() })
            }
            Err(error) => {
                outbox.refuse("start", Some(run), &error);
                None
            }
        }
    }

    /// Reports a run that has replaced another.
    pub fn begin(&mut self, session: &mut Session, beginning: Beginning, outbox: &mut Outbox) {
        if beginning.paused {
            self.mode = Mode::Paused;
        }
        self.waiting = false;
        self.speed = SpeedMeter::after(beginning.elapsed_ms);
        self.curves = Curves::after(session.steps());
        match describe::started(outbox.run(), session) {
            Ok(started) => outbox.push(started),
            Err(error) => self.fault(error),
        }
        if let Some(resumed) = beginning.resumed {
            outbox.push(Event::Resumed(resumed));
        }
    }

    /// The session is back at an earlier iteration of the run.
    pub fn rewind(&mut self, session: &mut Session, outbox: &mut Outbox) {
        self.speed.rest();
        self.curves = Curves::after(session.steps());
        self.show_preview(session, outbox);
        self.report(session, outbox);
    }

    fn set_mode(&mut self, mode: Mode) {
        self.mode = mode;
        self.waiting = false;
        self.speed.rest();
    }

    /// Pauses training; an iteration under way is finished first.
    pub fn pause(&mut self, session: &mut Session, outbox: &mut Outbox) {
        self.mode = Mode::Paused;
        if let Err(error) = session.settle() {
            self.fault(error);
        }
        self.note_losses(session);
        self.show_preview(session, outbox);
    }

    /// Plays the next phase of training.
    pub fn play(&mut self, session: &mut Session, outbox: &mut Outbox) -> Played {
        match session.advance() {
            Ok(StepOutcome::Ongoing) => Played::Phase,
            Ok(StepOutcome::Done) => {
                self.note_losses(session);
                Played::Iteration
            }
            Ok(StepOutcome::Waiting) => {
                self.waiting = true;
                self.report(session, outbox);
                Played::Nothing
            }
            Err(error) => {
                self.fault(error);
                Played::Nothing
            }
        }
    }

    /// Counts an iteration that is done; returns whether it was the last of
    /// those that were requested one by one.
    pub fn last_step(&mut self) -> bool {
        match self.mode {
            Mode::Stepping(1) => true,
            Mode::Stepping(left) => {
                self.mode = Mode::Stepping(left - 1);
                false
            }
            Mode::Paused | Mode::Training => false,
        }
    }

    /// A slice of training is over.
    pub fn slice_done(&mut self, session: &Session) {
        self.speed.worked(now(), session.steps(), session.images_seen());
    }

    /// Adds the last iteration to the curves, if it is not there yet.
    pub fn note_losses(&mut self, session: &Session) {
        self.curves.record(session);
    }

    /// Whether it is time for a report.
    pub fn report_due(&self, time: f64) -> bool {
        time >= self.report_due
    }

    /// Reports where training stands.
    pub fn report(&mut self, session: &mut Session, outbox: &mut Outbox) {
        self.report_due = now() + REPORT_MS;
        let training = !self.paused();
        let mid_iteration = !training && !session.settled();
        // Hashing would finish the iteration.
        let digest = if training || mid_iteration {
            None
        } else {
            session.digest().ok().map(|digest| format!("{digest:016x}"))
        };
        let (steps_per_s, images_per_s) =
            if self.at_rest() { (0., 0.) } else { self.speed.rates() };
        outbox.push(Event::Progress {
            run: outbox.run(),
            step: session.steps(),
            epoch: session.epoch(),
            images_seen: session.images_seen() as f64,
            steps_per_s,
            images_per_s,
            elapsed_ms: self.speed.elapsed(),
            training,
            waiting: training && self.waiting,
            epoch_left: session.epoch_left(),
            mid_iteration,
            points: self.curves.take(),
            digest,
        });
    }

    /// Whether it is time for another preview.
    pub fn preview_due(&self, time: f64) -> bool {
        time >= self.preview_due
    }

    /// Shows the images of the run's fixed latent vectors.
    pub fn show_preview(&mut self, session: &mut Session, outbox: &mut Outbox) {
        let start = now();
        match session.preview() {
            Ok(pixels) => outbox.push(Event::Samples {
                run: outbox.run(),
                step: session.steps(),
                pixels: ByteBuf::from(pixels),
            }),
            Err(error) => outbox.refuse("preview", None, &error),
        }
        let cost = now() - start;
        self.preview_due = now() + REPORT_MS.max(cost / PREVIEW_SHARE);
    }

    /// Shows images of a pretrained generator, if it fits this run.
    fn use_pretrained(
        &mut self,
        session: &mut Session,
        bytes: &[u8],
        outbox: &mut Outbox,
    ) -> Result<(), Error> {
        let generator = checkpoint::load_generator(bytes)?;
        if session.use_pretrained(&generator)? {
            let (recipe, seed) = (generator.config.recipe.id.to_owned(), generator.config.seed);
            let steps = generator.steps;
            outbox.push(Event::Pretrained { run: outbox.run(), recipe, seed, steps });
            self.show_preview(session, outbox);
        }
        Ok(())
    }

    /// Stops training after an error, which the loop reports.
    fn fault(&mut self, error: Error) {
        self.mode = Mode::Paused;
        self.fault = Some(error);
    }

    /// The error that stopped training since the last call.
    pub fn take_fault(&mut self) -> Option<Error> {
        self.fault.take()
    }
}
