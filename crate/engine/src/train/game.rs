//! What a session asks of whichever game it plays.

use std::ops::Range;

use super::cycle::Cycle;
use super::duel::{Duel, looked};
use super::generator::Generator;
use super::iteration_view::IterationView;
use super::progress::Progress;
use super::{Config, State, StepOutcome};
use crate::data::Dataset;
use crate::error::{Error, Result};
use crate::net::Net;
use crate::recipe::Trainer;

/// Digits of the preview.
pub const PREVIEW: usize = 64;

/// D's logits of real and of generated digits.
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

    /// The game of a configuration where `state` has it.
    pub fn loaded(config: &Config, state: &State) -> Result<Self> {
        let mut game = Self::new(config)?;
        let loaded = match &mut game {
            Self::Duel(duel) => duel.load(state),
            Self::Cycle(cycle) => cycle.load(state),
        };
        loaded.map_err(unreadable)?;
        Ok(game)
    }

    /// A game that shows the digits of a generator alone.
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

    /// Its settings, and how far it is.
    pub fn progress(&self) -> &Progress {
        match self {
            Self::Duel(duel) => &duel.progress,
            Self::Cycle(cycle) => &cycle.progress,
        }
    }

    /// The same, to be changed.
    pub fn progress_mut(&mut self) -> &mut Progress {
        match self {
            Self::Duel(duel) => &mut duel.progress,
            Self::Cycle(cycle) => &mut cycle.progress,
        }
    }

    /// One generator against one discriminator, if that is what is played.
    pub fn duel(&self) -> Option<&Duel> {
        match self {
            Self::Duel(duel) => Some(duel),
            Self::Cycle(_) => None,
        }
    }

    /// The same, to be changed.
    pub fn duel_mut(&mut self) -> Option<&mut Duel> {
        match self {
            Self::Duel(duel) => Some(duel),
            Self::Cycle(_) => None,
        }
    }

    /// Two domains, if those are what is played, to be changed.
    pub fn cycle_mut(&mut self) -> Option<&mut Cycle> {
        match self {
            Self::Duel(_) => None,
            Self::Cycle(cycle) => Some(cycle),
        }
    }

    /// Plays the next phase. On an error the iteration is given up, its weights
    /// not moved by what failed.
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

    /// A generator and its discriminator, as they train: of two domains, those
    /// of B.
    pub fn nets(&self) -> (&Net, &Net) {
        match self {
            Self::Duel(duel) => duel.pair.nets(),
            Self::Cycle(cycle) => cycle.halves[1].pair.nets(),
        }
    }

    /// The tensors of the iteration under way, or of the last one.
    pub fn view(&self) -> IterationView {
        match self {
            Self::Duel(duel) => duel.view(),
            Self::Cycle(cycle) => cycle.view(),
        }
    }

    /// D's raw score of an image in [0, 1], of `class` where D takes one,
    /// and its gradient by each pixel; of two domains, B's D.
    pub fn score(&mut self, pixels: &[f32], class: u8) -> Result<(f32, Vec<f32>)> {
        match self {
            Self::Duel(duel) => duel.score(pixels, class),
            Self::Cycle(cycle) => {
                let d = &cycle.halves[1].pair.d.net;
                let size = cycle.progress.sample.shape.size();
                looked(d, pixels, size, &[], &mut cycle.progress.workspace)
            }
        }
    }

    /// Into how many sets the digits are cut, of which the sampler sees one.
    pub fn parts(&self) -> u32 {
        match self {
            Self::Duel(_) => 1,
            Self::Cycle(_) => 2,
        }
    }

    /// Everything that going on needs; only between iterations.
    pub fn save(&self) -> Result<State> {
        match self {
            Self::Duel(duel) => duel.save(),
            Self::Cycle(cycle) => cycle.save(),
        }
    }

    /// How many classes the generator takes; 0: none.
    pub fn classes(&self) -> usize {
        let Progress { hyper, sample, .. } = self.progress();
        if hyper.conditional { sample.classes } else { 0 }
    }

    /// The same digits at every call, so that they can be watched: 64 images as
    /// bytes.
    pub fn preview(&mut self, data: &mut Dataset) -> Result<Vec<u8>> {
        match self {
            Self::Duel(duel) => duel.preview(),
            Self::Cycle(cycle) => cycle.preview(data),
        }
    }

    /// Random digits, of `labels` where G takes those, as bytes: of the
    /// row that `seed` begins, those numbered `digits`, of which the first is a
    /// multiple of 64.
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

    /// Real images such as the generator is to make, as bytes: those
    /// numbered `digits` of the set, or of its domain B, as far as they are in.
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
    /// As they were in their own domain.
    pub given: Vec<u8>,
    /// In the other domain.
    pub made: Vec<u8>,
    /// Translated back.
    pub back: Vec<u8>,
    /// What they are in the other domain; none where that is not known.
    pub truth: Option<Vec<u8>>,
}

/// Each of `classes` in turn.
pub(super) fn in_turn(count: usize, classes: usize) -> impl Iterator<Item = u8> {
    (0..count).map(move |i| (i % classes.max(1)) as u8)
}
