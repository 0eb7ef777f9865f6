//! The loop: trains in slices, answers commands between them, reports about ten
//! times a second.

mod commands;
#[path = "service/inspect.rs"]
mod inspect;
#[path = "service/intake.rs"]
mod intake;
#[path = "service/intake/pictures.rs"]
mod pictures;
#[path = "service/intake/reading.rs"]
mod reading;
#[path = "service/save.rs"]
mod save;
#[path = "service/school.rs"]
mod school;
#[path = "service/survey/scores.rs"]
mod scores;
#[path = "service/run/speed.rs"]
mod speed;
#[path = "service/studio.rs"]
mod studio;
#[path = "service/survey.rs"]
mod survey;
#[path = "service/timeline.rs"]
mod timeline;

use ganvas::{Config, Dataset, Error, Session, StepOutcome, recipe};
use serde_bytes::ByteBuf;

use crate::clock::now;
use crate::describe::{self, recipe_info, refusal};
use crate::protocol::{Event, PROTOCOL, Source};
use intake::Intake;
use reading::Reading;
use save::Saving;
use school::Schooling;
use speed::Meter;
use studio::Studio;
use survey::Looks;
use timeline::Timeline;

/// A slice of training, after which messages are heard: one frame of the page.
const SLICE_MS: f64 = 16.;
/// How often training is reported.
const REPORT_MS: f64 = 100.;
/// The preview may take at most this share of the time: a slow generator is
/// drawn less often.
const PREVIEW_SHARE: f64 = 0.05;

/// Whether the loop has more to do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Next {
    /// Another turn, once messages have been heard.
    Again,
    /// Nothing, until a command comes.
    Idle,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Paused,
    Training,
    /// Until so many iterations are done.
    Stepping(u32),
}

/// One session and what it owes the page.
pub struct Worker {
    session: Session,
    run: u32,
    source: Source,
    intake: Intake,
    /// What the next data set to be opened begins with, and the one that is
    /// opened: the run's number and its configuration.
    next: Option<(u32, Config)>,
    coming: Option<(u32, Config)>,
    reading: Reading,
    mode: Mode,
    waiting: bool,
    meter: Meter,
    looks: Looks,
    timeline: Timeline,
    studio: Studio,
    schooling: Schooling,
    saving: Saving,
    points: Vec<f32>,
    report_due: f64,
    preview_due: f64,
    events: Vec<Event>,
}

impl Worker {
    /// A worker of the build called `build`, with the default recipe at step 0
    /// and no digits yet.
    pub fn new(build: &str) -> Result<Self, Error> {
        let config = Config::new(recipe::ALL[0].id, 0, [])?;
        let ready = Event::Ready {
            protocol: PROTOCOL,
            build: build.to_owned(),
            recipes: recipe::ALL.iter().map(|recipe| recipe_info(recipe)).collect(),
        };
        Ok(Self {
            session: Session::new(config, Dataset::empty())?,
            run: 0,
            source: Source::Mnist,
            intake: Intake::Nothing,
            next: None,
            coming: None,
            reading: Reading::default(),
            mode: Mode::Paused,
            waiting: false,
            meter: Meter::default(),
            looks: Looks::default(),
            timeline: Timeline::default(),
            studio: Studio::default(),
            schooling: Schooling::default(),
            saving: Saving::default(),
            points: Vec::new(),
            report_due: 0.,
            preview_due: 0.,
            events: vec![ready],
        })
    }

    /// What is to be posted, in order; empties the list.
    pub fn events(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Whether [`Self::turn`] would do nothing.
    pub fn idle(&self) -> bool {
        (self.mode == Mode::Paused || self.waiting)
            && !self.looks.watch.surveying()
            && !self.studio.searching()
            && !self.schooling.under_way()
    }

    /// Says that a message was no command of this protocol.
    pub fn not_understood(&mut self, reason: &str) {
        self.refuse("", None, &Error::Internal { reason: format!("not understood: {reason}") });
    }

    /// Tells the page of a run at its beginning, or `resumed`.
    fn begin(&mut self, meter: Meter, resumed: Option<Event>) {
        self.waiting = false;
        self.points.clear();
        self.meter = meter;
        self.looks.forget_run();
        self.timeline = Timeline::default();
        self.studio = Studio::default();
        self.schooling = Schooling::default();
        match describe::started(self.run, &mut self.session) {
            Ok(started) => self.events.push(started),
            Err(error) => self.fault(&error),
        }
        self.events.extend(resumed);
        self.show_preview();
        self.keep_moment(now());
        self.report();
    }

    fn set_mode(&mut self, mode: Mode) {
        self.mode = mode;
        self.waiting = false;
        self.meter.rest();
        if mode == Mode::Training {
            self.report();
        }
    }

    fn pause(&mut self) {
        self.mode = Mode::Paused;
        if let Err(error) = self.session.settle() {
            self.fault(&error);
        }
        self.note_losses();
        self.show_preview();
        self.keep_moment(now());
        self.tell_scores();
        self.report();
        self.snapshot();
        self.measure_at_rest();
    }

    /// Trains for a slice.
    pub fn turn(&mut self) -> Next {
        if self.idle() {
            return Next::Idle;
        }
        if self.looks.watch.surveying() {
            // The run stands still meanwhile, but messages are heard between
            // two parts.
            self.survey();
            return self.next();
        }
        self.search();
        self.teach();
        if self.schooling.holds() {
            return Next::Again;
        }
        if self.waiting {
            return self.next();
        }
        let start = now();
        // Whoever drags a slider is answered after each phase of an iteration.
        let slice = if self.studio.followed(start) { 0. } else { SLICE_MS };
        let mut over = false;
        while self.mode != Mode::Paused && !over && !self.looks.watch.surveying() {
            match self.session.advance() {
                Ok(StepOutcome::Ongoing) => {}
                Ok(StepOutcome::Done) => {
                    self.note_losses();
                    self.look();
                    match self.mode {
                        Mode::Stepping(1) => self.pause(),
                        Mode::Stepping(left) => self.mode = Mode::Stepping(left - 1),
                        Mode::Paused | Mode::Training => {}
                    }
                }
                Ok(StepOutcome::Waiting) => {
                    self.waiting = true;
                    self.report();
                    return self.next();
                }
                Err(error) => {
                    self.fault(&error);
                    return self.next();
                }
            }
            over = now() - start >= slice;
        }
        self.meter.worked(now(), self.session.steps(), self.session.digits_seen());
        if self.mode == Mode::Training {
            let time = now();
            if time >= self.preview_due {
                self.show_preview();
            }
            if time >= self.report_due {
                self.tell_scores();
                self.report();
            }
            if self.timeline.due(time) && self.session.settled() {
                self.keep_moment(time);
            }
            if self.saving.due(time) && self.session.settled() {
                self.snapshot();
            }
        }
        self.next()
    }

    fn next(&self) -> Next {
        if self.idle() { Next::Idle } else { Next::Again }
    }

    /// Adds the last iteration to the curves, if it is not there yet.
    fn note_losses(&mut self) {
        let (step, losses) = (self.session.steps() as f32, self.session.losses());
        if self.meter.note(self.session.steps()) {
            let (held, stats) = (losses.penalty + losses.cycle, self.session.stats());
            self.points.extend([
                step,
                losses.real,
                losses.fake,
                losses.generator,
                held,
                stats.d_norm,
                stats.g_norm,
            ]);
        }
    }

    fn report(&mut self) {
        self.report_due = now() + REPORT_MS;
        let training = self.mode != Mode::Paused;
        let amid = !training && !self.session.settled();
        // Hashing would finish the iteration.
        let digest = if training || amid {
            None
        } else {
            match self.session.digest() {
                Ok(digest) => Some(format!("{digest:016x}")),
                Err(_) => None,
            }
        };
        let going = training && !self.waiting;
        let (steps_per_s, images_per_s) = if going { self.meter.rates() } else { (0., 0.) };
        self.events.push(Event::Progress {
            run: self.run,
            step: self.session.steps(),
            epoch: self.session.epoch(),
            digits_seen: self.session.digits_seen() as f64,
            steps_per_s,
            images_per_s,
            elapsed_ms: self.meter.elapsed(),
            training,
            waiting: training && self.waiting,
            epoch_left: self.session.epoch_left(),
            amid,
            points: std::mem::take(&mut self.points),
            digest,
        });
    }

    fn show_preview(&mut self) {
        let start = now();
        match self.session.preview() {
            Ok(pixels) => {
                let (run, step) = (self.run, self.session.steps());
                self.events.push(Event::Samples { run, step, pixels: ByteBuf::from(pixels) });
            }
            Err(error) => self.refuse("preview", None, &error),
        }
        let cost = now() - start;
        self.preview_due = now() + REPORT_MS.max(cost / PREVIEW_SHARE);
    }

    fn fault(&mut self, error: &Error) {
        self.mode = Mode::Paused;
        let (code, args, message) = refusal(error);
        self.events.push(Event::Fault { run: self.run, code, args, message });
        self.report();
    }

    /// Says why something asked for cannot be had.
    fn answer(&mut self, command: &str, result: Result<(), Error>) {
        if let Err(error) = result {
            self.refuse(command, None, &error);
        }
    }

    fn refuse(&mut self, command: &str, run: Option<u32>, error: &Error) {
        let (code, args, message) = refusal(error);
        self.events.push(Event::Refused { command: command.to_owned(), run, code, args, message });
    }
}
