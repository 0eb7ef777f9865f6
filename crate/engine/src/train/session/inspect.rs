//! A look into the two players.

use super::Session;
use crate::data::checked_class;
use crate::error::Result;
use crate::train::{Filters, IterationView, filters};

/// What the players hold and what D says of images. It changes nothing that
/// training continues from.
pub struct Inspect<'a> {
    session: &'a mut Session,
}

impl Session {
    /// A look into the two players.
    pub fn inspect(&mut self) -> Inspect<'_> {
        Inspect { session: self }
    }
}

impl Inspect<'_> {
    /// The tensors of the iteration under way, or of the last one.
    pub fn iteration(&self) -> IterationView {
        self.session.game.view()
    }

    /// D's raw score of an image, its numbers in [0, 1], of `class` where D is
    /// given one: the mean of its patches' scores, and the score's gradient by
    /// each pixel.
    ///
    /// Errors: a class that the data do not have.
    pub fn score(&mut self, pixels: &[f32], class: u8) -> Result<(f32, Vec<f32>)> {
        checked_class(class, self.session.data.sample().classes)?;
        self.session.game.score(pixels, class)
    }

    /// The filters of D's first layer.
    pub fn filters(&self) -> Filters {
        let shape = self.session.config.sample.shape;
        filters::filters(self.session.game.nets().1, shape)
    }

    /// D's log-odds that images are real, of at most `count` real ones and of
    /// as many that the training G makes of latents drawn from `seed`, one for
    /// each `pack` of them. D is the function that plays: with batch norm, each
    /// batch of one kind has its own statistics. An iteration under way is
    /// finished first. Absent where the loss gives scores another meaning, and
    /// where there is more than one D.
    pub fn log_odds(&mut self, count: usize, seed: u32) -> Option<Result<(Vec<f32>, Vec<f32>)>> {
        let Session { config, game, .. } = &mut *self.session;
        if !config.hyper.loss.speaks_of_probability() || game.duel().is_none() {
            return None;
        }
        if let Err(error) = self.session.settle() {
            return Some(Err(error));
        }
        let Session { game, data, .. } = &mut *self.session;
        Some(game.duel_mut()?.log_odds(count, seed, data))
    }
}
