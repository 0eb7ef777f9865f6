//! The school test of a run whose digits have classes: a net learns from its
//! digits alone and reads real ones, between slices of training.

use ganvas::data::numbers;
use ganvas::metric::{Judge, School};
use ganvas::{Dataset, Error};

use super::{Mode, Worker};
use crate::clock::now;
use crate::protocol::{Event, SchoolTest};

/// How much is learnt and read.
#[derive(Clone, Copy)]
struct Size {
    /// Generated digits that the net learns from.
    taught: u32,
    /// Steps of its training.
    steps: u32,
    /// Real digits that it reads.
    tested: u32,
}

/// As `cargo ganvas eval` has it.
const WHOLE: Size = Size { taught: 10_000, steps: School::STEPS, tested: 10_000 };
/// The seed of the digits' latents.
const SEED: u32 = 0;
/// Digits made or read before messages are heard.
const PART: u32 = 128;
/// A slice of it while training goes on, and while it rests.
const SLICE_MS: (f64, f64) = (10., 30.);
/// How often it is reported.
const REPORT_MS: f64 = 300.;

/// A test under way.
pub struct Schooling {
    size: Size,
    stage: Option<Stage>,
    /// The iteration whose generator made the digits.
    step: u32,
    told: f64,
}

enum Stage {
    /// The generator makes digits; it must not learn meanwhile.
    Making(Vec<u8>),
    Learning(Box<School>),
    Reading {
        pupil: Box<Judge>,
        read: u32,
        right: u32,
    },
}

impl Default for Schooling {
    fn default() -> Self {
        Self { size: WHOLE, stage: None, step: 0, told: 0. }
    }
}

impl Schooling {
    /// Whether a test is under way.
    pub fn under_way(&self) -> bool {
        self.stage.is_some()
    }

    /// Whether the run has to stand still for it.
    pub fn holds(&self) -> bool {
        matches!(self.stage, Some(Stage::Making(_)))
    }
}

impl Worker {
    /// Begins the school test, or ends it. Errors: a run without classes, real
    /// digits without labels.
    pub(super) fn school(&mut self, on: bool) -> Result<(), Error> {
        self.schooling = Schooling::default();
        if on { self.begin_school(WHOLE) } else { Ok(()) }
    }

    fn begin_school(&mut self, size: Size) -> Result<(), Error> {
        let data = self.session.data();
        if self.session.classes() == 0 || data.labels().min(data.available()) == 0 {
            return Err(Error::NeedsLabels { recipe: self.session.config().recipe.id.to_owned() });
        }
        self.session.settle()?;
        let stage = Some(Stage::Making(Vec::new()));
        self.schooling = Schooling { size, stage, step: self.session.steps(), told: 0. };
        self.tell_school(0., None);
        Ok(())
    }

    /// Goes on with the test for a slice.
    pub(super) fn teach(&mut self) {
        let start = now();
        let slice = if self.mode == Mode::Paused || self.waiting { SLICE_MS.1 } else { SLICE_MS.0 };
        while self.schooling.under_way() {
            if let Err(error) = self.part_of_school() {
                self.schooling = Schooling::default();
                self.refuse("school", None, &error);
                self.tell_school(1., None);
            }
            if now() - start >= slice {
                break;
            }
        }
    }

    /// Its parts take about a tenth, eight tenths and a tenth of the time.
    fn part_of_school(&mut self) -> Result<(), Error> {
        let Some(stage) = self.schooling.stage.take() else { return Ok(()) };
        let Size { taught, steps, tested } = self.schooling.size;
        let (next, part) = match stage {
            Stage::Making(mut pixels) => {
                let made = (pixels.len() / ganvas::data::PIXELS) as u32;
                pixels.extend(self.session.sample_part(made..(made + PART).min(taught), SEED)?);
                if made + PART < taught {
                    (Stage::Making(pixels), 0.1 * f64::from(made + PART) / f64::from(taught))
                } else {
                    let labels = self.session.classes_of(taught as usize, None);
                    let digits = Dataset::whole(pixels, Some(&labels), false)?;
                    (Stage::Learning(Box::new(School::new(digits, steps)?)), 0.1)
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
                let data = self.session.data_mut();
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
                    self.tell_school(1., Some((f64::from(right) / f64::from(count.max(1)), count)));
                    return Ok(());
                }
                (
                    Stage::Reading { pupil, read, right },
                    0.9 + 0.1 * f64::from(read) / f64::from(count),
                )
            }
        };
        self.schooling.stage = Some(next);
        if now() >= self.schooling.told + REPORT_MS {
            self.tell_school(part, None);
        }
        Ok(())
    }

    fn tell_school(&mut self, part: f64, result: Option<(f64, u32)>) {
        self.schooling.told = now();
        self.events.push(Event::School(SchoolTest {
            run: self.run,
            step: self.schooling.step,
            part,
            taught: self.schooling.size.taught,
            tested: result.map(|(_, tested)| tested),
            right: result.map(|(right, _)| right),
        }));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::panic)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::protocol::{Command, Source};
    use crate::worker::Next;

    const SMALL: Size = Size { taught: 200, steps: 6, tested: 150 };

    /// A run of `recipe` on drawn digits, after one step.
    fn worker(recipe: &str) -> Worker {
        let mut worker = Worker::new("test").unwrap();
        worker.handle(Command::Open { source: Source::Drawn, transposed: false });
        let small =
            ["batch", "g_channels", "d_channels"].map(|key| (key.to_owned(), "4".to_owned()));
        let knobs = BTreeMap::from(small);
        worker.handle(Command::Start {
            run: 1,
            recipe: recipe.into(),
            seed: Some("5".into()),
            knobs,
        });
        worker.handle(Command::Step);
        while worker.turn() == Next::Again {}
        worker.events();
        worker
    }

    fn told(worker: &mut Worker) -> Vec<SchoolTest> {
        let of = |event| if let Event::School(test) = event { Some(test) } else { None };
        worker.events().into_iter().filter_map(of).collect()
    }

    #[test]
    fn the_test_comes_to_a_share_and_training_goes_on_as_without_it() {
        let (mut plain, mut tested) = (worker("cgan"), worker("cgan"));
        tested.begin_school(SMALL).unwrap();
        tested.handle(Command::Step);
        plain.handle(Command::Step);
        for worker in [&mut plain, &mut tested] {
            while worker.turn() == Next::Again {}
        }
        let all = told(&mut tested);
        assert!(all.windows(2).all(|pair| pair[0].part <= pair[1].part), "{all:?}");
        assert!(
            all.iter().all(|test| test.step == 1),
            "by the digits of the step at which it began"
        );
        let last = all.last().unwrap();
        let right = last.right.unwrap();
        assert_eq!((last.part, last.taught, last.tested), (1., 200, Some(150)));
        assert!(
            (0. ..=1.).contains(&right)
                && (150. * right).fract().min(1. - (150. * right).fract()) < 1e-9
        );
        assert_eq!(plain.session.digest().unwrap(), tested.session.digest().unwrap());
    }

    #[test]
    fn it_goes_on_where_training_waits_for_digits() {
        let mut worker = worker("cgan");
        worker.begin_school(SMALL).unwrap();
        worker.set_mode(Mode::Training);
        worker.waiting = true;
        while worker.turn() == Next::Again {}
        assert!(told(&mut worker).last().is_some_and(|test| test.right.is_some()));
        assert_eq!(worker.session.steps(), 1);
    }

    #[test]
    fn it_can_be_ended_and_a_run_without_classes_has_none() {
        let mut running = worker("cgan");
        running.handle(Command::School { on: true });
        assert!(!running.idle());
        running.handle(Command::School { on: false });
        assert!(running.idle());
        let mut without = worker("dcgan");
        without.handle(Command::School { on: true });
        assert!(without.idle());
        assert!(
            matches!(&without.events()[..], [Event::Refused { command, .. }] if command == "school")
        );
    }
}
