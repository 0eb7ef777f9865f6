//! The interface between a session and the game that it plays.

use std::ops::Range;

use super::cycle::Cycle;
use super::duel::{Duel, score_with_gradient};
use super::generator::Generator;
use super::iteration_view::IterationView;
use super::progress::Progress;
use super::{Config, State, StepOutcome};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::net::Net;
use crate::recipe::Trainer;

/// Images in the preview.
pub const PREVIEW: usize = 64;

/// D's logits of real and of generated images.
pub type Logits = (Vec<f32>, Vec<f32>);

/// A game that is played phase by phase.
pub(super) enum Game {
    Duel(Box<Duel>),
    Cycle(Box<Cycle>),
}

impl Game {
    /// The game of a configuration, at step 0.
    pub fn new(config: &Config) -> Result<Self> {
        Ok(match config.recipe.trainer {
            Trainer::Duel => Self::Duel(Box::new(Duel::new(config)?)),
            Trainer::Cycle => Self::Cycle(Box::new(Cycle::new(config)?)),
        })
    }

    /// The game of a configuration, restored from `state`. Errors:
    /// `Checkpoint`.
    pub fn loaded(config: &Config, state: &State) -> Result<Self> {
        let mut game = Self::new(config)?;
        let loaded = match &mut game {
            Self::Duel(duel) => duel.load(state),
            Self::Cycle(cycle) => cycle.load(state),
        };
        loaded.map_err(unreadable)?;
        Ok(game)
    }

    /// A game that shows the images of a generator alone. Errors: `Checkpoint`.
    pub fn of_generator(generator: &Generator) -> Result<Self> {
        let mut game = Self::new(&generator.config)?;
        let loaded = match &mut game {
            Self::Duel(duel) => duel.pair.load_average(&generator.weights),
            Self::Cycle(cycle) => cycle
                .halves
                .iter_mut()
                .try_for_each(|half| half.pair.load_average(&generator.weights)),
        };
        loaded.map_err(unreadable)?;
        Ok(game)
    }

    /// Its settings and progress.
    pub fn progress(&self) -> &Progress {
        match self {
            Self::Duel(duel) => &duel.progress,
            Self::Cycle(cycle) => &cycle.progress,
        }
    }

    /// The same, mutable.
    pub fn progress_mut(&mut self) -> &mut Progress {
        match self {
            Self::Duel(duel) => &mut duel.progress,
            Self::Cycle(cycle) => &mut cycle.progress,
        }
    }

    /// The duel, if the game is one.
    pub fn duel(&self) -> Option<&Duel> {
        match self {
            Self::Duel(duel) => Some(duel),
            Self::Cycle(_) => None,
        }
    }

    /// The same, mutable.
    pub fn duel_mut(&mut self) -> Option<&mut Duel> {
        match self {
            Self::Duel(duel) => Some(duel),
            Self::Cycle(_) => None,
        }
    }

    /// The cycle, if the game is one, mutable.
    pub fn cycle_mut(&mut self) -> Option<&mut Cycle> {
        match self {
            Self::Duel(_) => None,
            Self::Cycle(cycle) => Some(cycle),
        }
    }

    /// Plays the next phase. On an error the iteration is abandoned; the step
    /// that failed moves no weights.
    pub fn advance(&mut self, data: &mut Dataset) -> Result<StepOutcome> {
        match self {
            Self::Duel(duel) => duel.advance(data),
            Self::Cycle(cycle) => cycle.advance(data),
        }
    }

    /// Whether no iteration is under way.
    pub fn settled(&self) -> bool {
        match self {
            Self::Duel(duel) => duel.settled(),
            Self::Cycle(cycle) => cycle.settled(),
        }
    }

    /// The generator and the discriminator in training; of two domains, those
    /// of B.
    pub fn nets(&self) -> (&Net, &Net) {
        match self {
            Self::Duel(duel) => duel.pair.nets(),
            Self::Cycle(cycle) => cycle.halves[1].pair.nets(),
        }
    }

    /// The tensors of the iteration under way, or of the last one.
    pub fn iteration(&self) -> IterationView {
        match self {
            Self::Duel(duel) => duel.iteration(),
            Self::Cycle(cycle) => cycle.iteration(),
        }
    }

    /// D's raw score of an image, of numbers in [0, 1], of `class` if D is
    /// conditional, and its gradient by each pixel; with two domains, by the D
    /// of B.
    pub fn score(&mut self, pixels: &[f32], class: u8) -> Result<(f32, Vec<f32>)> {
        match self {
            Self::Duel(duel) => duel.score(pixels, class),
            Self::Cycle(cycle) => {
                let d = &cycle.halves[1].pair.d.net;
                let size = cycle.progress.sample.shape.size();
                score_with_gradient(d, pixels, size, &[], &mut cycle.progress.workspace)
            }
        }
    }

    /// Number of equal parts of the data set, of which the sampler draws from
    /// one.
    pub fn parts(&self) -> u32 {
        match self {
            Self::Duel(_) => 1,
            Self::Cycle(_) => 2,
        }
    }

    /// Everything that resuming needs; only between iterations.
    pub fn save(&self) -> Result<State> {
        match self {
            Self::Duel(duel) => duel.save(),
            Self::Cycle(cycle) => cycle.save(),
        }
    }

    /// Number of classes the generator is conditioned on; 0 if it is
    /// unconditional.
    pub fn classes(&self) -> usize {
        let Progress { hyper, sample, .. } = self.progress();
        if hyper.conditional { sample.classes } else { 0 }
    }

    /// The same images at every call, to follow them through training: 64
    /// images as bytes.
    pub fn preview(&mut self, data: &mut Dataset) -> Result<Vec<u8>> {
        match self {
            Self::Duel(duel) => duel.preview(),
            Self::Cycle(cycle) => cycle.preview(data),
        }
    }

    /// Random images, of `labels` if G is conditional, as bytes: the numbers
    /// `digits` of the sequence of `seed`, from a multiple of 64.
    pub fn sample(
        &mut self,
        digits: Range<usize>,
        seed: u32,
        labels: &[u8],
        data: &mut Dataset,
    ) -> Result<Vec<u8>> {
        match self {
            Self::Duel(duel) => duel.sample(digits, seed, labels),
            Self::Cycle(cycle) => cycle.sample(digits, seed, data),
        }
    }

    /// Real images of the distribution that the generator learns, as bytes: the
    /// numbers `digits` of the set, or of its domain B, as far as they are
    /// loaded.
    pub fn targets(&self, digits: Range<usize>, data: &mut Dataset) -> Vec<u8> {
        match self {
            Self::Duel(_) => {
                let end = digits.end.min(data.available() as usize);
                (digits.start..end).flat_map(|i| data.digit(i as u32).to_vec()).collect()
            }
            Self::Cycle(cycle) => cycle.targets(digits, data),
        }
    }
}

fn unreadable(error: Error) -> Error {
    Error::Checkpoint { reason: error.to_string() }
}

/// Images translated, as bytes.
#[derive(Debug, Default)]
pub struct Translation {
    /// The images in their own domain.
    pub given: Vec<u8>,
    /// Translated into the other domain.
    pub made: Vec<u8>,
    /// Translated back.
    pub back: Vec<u8>,
    /// The true images in the other domain; `None` if they are not known.
    pub truth: Option<Vec<u8>>,
}

/// `count` classes, each of `classes` in rotation.
pub(super) fn in_turn(count: usize, classes: usize) -> impl Iterator<Item = u8> {
    (0..count).map(move |i| (i % classes.max(1)) as u8)
}
