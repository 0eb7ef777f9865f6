//! Inspection of the two players.

use super::Session;
use crate::data::checked_class;
use crate::error::Result;
use crate::train::{Filters, IterationView, filters};

/// The players' tensors and D's scores of images. Inspection changes nothing
/// that training continues from.
pub struct Inspect<'a> {
    session: &'a mut Session,
}

impl Session {
    /// Inspection of the two players.
    pub fn inspect(&mut self) -> Inspect<'_> {
        Inspect { session: self }
    }
}

impl Inspect<'_> {
    /// The tensors of the iteration under way, or of the last one.
    pub fn iteration(&self) -> IterationView {
        self.session.game.iteration()
    }

    /// D's raw score of an image, given as numbers in [0, 1], of `class` if D
    /// is conditional: the mean of its patches' scores, and the score's
    /// gradient by each pixel.
    ///
    /// Errors: `Class` if the data do not have the class.
    pub fn score(&mut self, pixels: &[f32], class: u8) -> Result<(f32, Vec<f32>)> {
        checked_class(class, self.session.data.sample().classes)?;
        self.session.game.score(pixels, class)
    }

    /// The filters of D's first layer.
    pub fn filters(&self) -> Filters {
        let shape = self.session.config.sample.shape;
        filters::filters(self.session.game.nets().1, shape)
    }

    /// D's log-odds that images are real: for at most `count` real images, and
    /// for as many that the training G makes from latent vectors drawn from
    /// `seed`; one number for each `pack` of them. D runs as in training: with
    /// batch norm, each batch of real or of generated images has its own
    /// statistics. An iteration under way is finished first. `None` if the loss
    /// gives scores another meaning, or if there is more than one D.
    pub fn log_odds(&mut self, count: usize, seed: u32) -> Option<Result<(Vec<f32>, Vec<f32>)>> {
        let Session { config, game, .. } = &mut *self.session;
        if !config.hyper.loss.scores_are_log_odds() || game.duel().is_none() {
            return None;
        }
        if let Err(error) = self.session.settle() {
            return Some(Err(error));
        }
        let Session { game, data, .. } = &mut *self.session;
        Some(game.duel_mut()?.log_odds(count, seed, data))
    }
}
