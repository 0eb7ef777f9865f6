//! What a session asks of a game, whoever plays it.

use std::ops::Range;

use super::{Amid, Losses, Phase, State, StepOutcome, StepStats, Who};
use crate::data::{CLASSES, Dataset, Sampler, Side};
use crate::error::Result;
use crate::kernel::meter::Meter;
use crate::latent::LatentGenerator;
use crate::net::Net;
use crate::recipe::Hyper;

/// Digits of the preview.
pub const PREVIEW: usize = 64;

/// D's logits of real and of generated digits.
pub type Logits = (Vec<f32>, Vec<f32>);

/// A game that is played phase by phase.
pub(super) trait Game {
    /// Takes effect when the next iteration starts.
    fn tune(&mut self, hyper: Hyper);

    /// Plays the next phase. On an error the iteration is given up, its weights
    /// not moved by what failed.
    fn advance(&mut self, data: &mut Dataset) -> Result<StepOutcome>;

    /// Whether no iteration is under way.
    fn settled(&self) -> bool;

    /// The phase that [`Self::advance`] would play.
    fn next_phase(&self) -> Phase;

    /// Iterations done.
    fn iterations(&self) -> u32;

    /// The losses of the last one.
    fn losses(&self) -> Losses;

    /// Scores and gradients of the last steps.
    fn stats(&self) -> &StepStats;

    /// Makes the next phases those of a step of `who` alone; games whose steps
    /// hang together leave the order as it is.
    fn turn_to(&mut self, _who: Who) {}

    /// The tensors at hand.
    fn amid(&self) -> Amid;

    /// What D says of a digit (784) in [0, 1], of `class` where that is told:
    /// its raw score, and the score's gradient by each pixel.
    fn inspect(&mut self, pixels: &[f32], class: u8) -> Result<(f32, Vec<f32>)>;

    /// What chooses the digits.
    fn sampler(&self) -> &Sampler;

    /// Into how many sets the digits are cut, of which the sampler sees one.
    fn parts(&self) -> u32 {
        1
    }

    /// Where the time of its phases goes.
    fn meter(&mut self) -> &mut Meter;

    /// A generator and its discriminator, as they train.
    fn nets(&self) -> (&Net, &Net);

    /// Everything that going on needs; only between iterations.
    fn save(&self) -> Result<State>;

    /// Takes back what [`Self::save`] gave.
    fn load(&mut self, state: &State) -> Result<()>;

    /// Takes the weights that digits are shown by, and nothing else.
    fn load_shown(&mut self, state: &State) -> Result<()>;

    /// How many classes the generator can be told to make; 0: it is told none.
    fn classes(&self) -> usize {
        0
    }

    /// What the columns of the preview show, by name; none where all digits are
    /// alike.
    fn columns(&self) -> &'static [&'static str] {
        &[]
    }

    /// The same digits at every call, so that they can be watched: 64 x 784
    /// bytes.
    fn preview(&mut self, data: &mut Dataset) -> Result<Vec<u8>>;

    /// The generator that digits are shown by, if it takes latents.
    fn maker(&mut self) -> Option<LatentGenerator<'_>> {
        None
    }

    /// The latent vector of a digit of the preview, and the class it is of
    /// where that is told.
    fn preview_latent(&self, _place: usize) -> Option<(Vec<f32>, u8)> {
        None
    }

    /// Digits of both domains translated to the other, if this game is about
    /// domains: 784 bytes each in and out, first A to B, then B to A.
    fn translate_given(&mut self, _digit: &[u8]) -> Result<Vec<u8>> {
        Ok(Vec::new())
    }

    /// Digits by chance, of `labels` where those are told, 784 bytes each: of
    /// the row that `seed` begins, those numbered `digits`, of which the first
    /// is a multiple of 64.
    fn sample(
        &mut self,
        digits: Range<usize>,
        seed: u32,
        labels: &[u8],
        data: &mut Dataset,
    ) -> Result<Vec<u8>>;

    /// Real digits such as the generator is to make, 784 bytes each: those
    /// numbered `digits` of the set, as far as they are in.
    fn wanted(&self, digits: Range<usize>, data: &mut Dataset) -> Vec<u8> {
        let end = digits.end.min(data.available() as usize);
        (digits.start..end).flat_map(|i| data.digit(i as u32).to_vec()).collect()
    }

    /// D's logits of at most `count` real digits and of as many that G makes of
    /// latents drawn from `seed`, one for each `pack` of them, as both players
    /// stand; nothing where logits are no log-odds.
    fn log_odds(
        &mut self,
        _count: usize,
        _seed: u32,
        _data: &mut Dataset,
    ) -> Result<Option<Logits>> {
        Ok(None)
    }

    /// Digits of one domain translated to the other, if this game is about
    /// domains.
    fn translate(
        &mut self,
        _from: Side,
        _digits: &[u32],
        _data: &mut Dataset,
    ) -> Result<Option<Translation>> {
        Ok(None)
    }
}

/// Digits translated, 784 bytes each.
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

/// The classes 0 to 9 in turn.
pub(super) fn told(count: usize) -> impl Iterator<Item = u8> {
    (0..count).map(|i| (i % CLASSES) as u8)
}
