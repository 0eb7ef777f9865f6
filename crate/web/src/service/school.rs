//! The school test of a run whose images have classes: a net trains on its
//! images alone and classifies real ones, between slices of training.

use ganvas::data::numbers;
use ganvas::metric::{self, Judge};
use ganvas::{Dataset, Error, Session};

use super::{Effect, Service, misrouted};
use crate::clock::now;
use crate::outbox::Outbox;
use crate::protocol::{Command, Event, SchoolTest};

/// How much the net trains on and classifies.
#[derive(Clone, Copy)]
pub struct Size {
    /// Generated images that the net trains on.
    pub taught: u32,
    /// Steps of its training.
    pub steps: u32,
    /// Real images that it classifies.
    pub tested: u32,
}

/// As in `cargo ganvas eval`.
const WHOLE: Size = Size { taught: 10_000, steps: metric::School::STEPS, tested: 10_000 };
/// The seed of the images' latent vectors.
const SEED: u32 = 0;
/// Images made or classified before messages are handled.
const PART: u32 = 128;
/// A slice of the test while training continues, and while it rests, in
/// milliseconds.
const SLICE_MS: (f64, f64) = (10., 30.);
/// Time between two reports, in milliseconds.
const REPORT_MS: f64 = 300.;

/// A test under way.
pub struct School {
    size: Size,
    stage: Option<Stage>,
    /// The iteration whose generator made the images.
    step: u32,
    reported: f64,
}

enum Stage {
    /// The generator makes images; it must not train meanwhile.
    Making(Vec<u8>),
    Learning(Box<metric::School>),
    Reading {
        pupil: Box<Judge>,
        read: u32,
        right: u32,
    },
}

impl Default for School {
    fn default() -> Self {
        Self { size: WHOLE, stage: None, step: 0, reported: 0. }
    }
}

impl Service for School {
    fn handle(&mut self, session: &mut Session, command: Command, outbox: &mut Outbox) -> Effect {
        match command {
            Command::School { on } => {
                *self = Self::default();
                if on {
                    let begun = self.begin(session, WHOLE, outbox);
                    outbox.answer("school", begun);
                }
            }
            _ => return misrouted("school", outbox),
        }
        Effect::None
    }
}

impl School {
    /// Whether a test is under way.
    pub fn under_way(&self) -> bool {
        self.stage.is_some()
    }

    /// Whether the run has to stand still for it.
    pub fn holds(&self) -> bool {
        matches!(self.stage, Some(Stage::Making(_)))
    }

    /// Begins a test of this size. Errors: a run without classes, real images
    /// without labels.
    pub fn begin(
        &mut self,
        session: &mut Session,
        size: Size,
        outbox: &mut Outbox,
    ) -> Result<(), Error> {
        let data = session.data();
        if session.classes() == 0 || data.labels().min(data.available()) == 0 {
            return Err(Error::NeedsLabels { recipe: session.config().recipe.id.to_owned() });
        }
        session.settle()?;
        let stage = Some(Stage::Making(Vec::new()));
        *self = Self { size, stage, step: session.steps(), reported: 0. };
        self.report(0., None, outbox);
        Ok(())
    }

    /// Continues the test for a slice, a longer one while training is
    /// `at_rest`.
    pub fn advance(&mut self, session: &mut Session, at_rest: bool, outbox: &mut Outbox) {
        let start = now();
        let slice = if at_rest { SLICE_MS.1 } else { SLICE_MS.0 };
        while self.under_way() {
            if let Err(error) = self.part(session, outbox) {
                *self = Self::default();
                outbox.refuse("school", None, &error);
                self.report(1., None, outbox);
            }
            if now() - start >= slice {
                break;
            }
        }
    }

    /// Does the next part: making, training and classifying take about a tenth,
    /// eight tenths and a tenth of the time.
    fn part(&mut self, session: &mut Session, outbox: &mut Outbox) -> Result<(), Error> {
        let Some(stage) = self.stage.take() else { return Ok(()) };
        let Size { taught, steps, tested } = self.size;
        let (next, part) = match stage {
            Stage::Making(mut pixels) => {
                let made = (pixels.len() / session.data().sample().shape.size()) as u32;
                pixels.extend(session.sample_part(made..(made + PART).min(taught), SEED)?);
                if made + PART < taught {
                    (Stage::Making(pixels), 0.1 * f64::from(made + PART) / f64::from(taught))
                } else {
                    let labels = session.labels_of(taught as usize, None);
                    let digits = Dataset::whole(pixels, Some(&labels), false)?;
                    (Stage::Learning(Box::new(metric::School::new(digits, steps)?)), 0.1)
                }
            }
            Stage::Learning(mut school) => {
                if school.step()? {
                    (Stage::Reading { pupil: Box::new(school.pupil()), read: 0, right: 0 }, 0.9)
                } else {
                    let part = 0.1 + 0.8 * school.part();
                    (Stage::Learning(school), part)
                }
            }
            Stage::Reading { mut pupil, mut read, mut right } => {
                let data = session.data_mut();
                let count = tested.min(data.labels()).min(data.available());
                let end = (read + PART).min(count);
                let digits: Vec<u8> = (read..end).flat_map(|i| data.digit(i).to_vec()).collect();
                let truth = (read..end).map(|i| data.label(i));
                let said = pupil.judge(&numbers(&digits))?.classes;
                right +=
                    said.iter().zip(truth).filter(|(said, truth)| Some(**said) == *truth).count()
                        as u32;
                read = end;
                if read == count {
                    let share = f64::from(right) / f64::from(count.max(1));
                    self.report(1., Some((share, count)), outbox);
                    return Ok(());
                }
                (
                    Stage::Reading { pupil, read, right },
                    0.9 + 0.1 * f64::from(read) / f64::from(count),
                )
            }
        };
        self.stage = Some(next);
        if now() >= self.reported + REPORT_MS {
            self.report(part, None, outbox);
        }
        Ok(())
    }

    fn report(&mut self, part: f64, result: Option<(f64, u32)>, outbox: &mut Outbox) {
        self.reported = now();
        outbox.push(Event::School(SchoolTest {
            run: outbox.run(),
            step: self.step,
            part,
            taught: self.size.taught,
            tested: result.map(|(_, tested)| tested),
            right: result.map(|(right, _)| right),
        }));
    }
}
