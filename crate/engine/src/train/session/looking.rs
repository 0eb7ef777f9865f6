//! What a session shows of the game under way, its steps one by one, and
//! moments of it.

use std::ops::Range;

use super::Session;
use crate::data::checked_class;
use crate::error::Result;
use crate::train::{Amid, Filters, Moment, StepOutcome, StepStats, Who, filters};

impl Session {
    /// Plays on until `who` has moved, the other one left as it is where the
    /// game allows that: the same player may move again and again.
    pub fn step_of(&mut self, who: Who) -> Result<StepOutcome> {
        if let Some(duel) = self.game.duel_mut() {
            duel.turn_to(who);
        }
        loop {
            let phase = self.next_phase();
            let standing = self.advance()?;
            if standing == StepOutcome::Waiting || phase == who.moves() {
                return Ok(standing);
            }
        }
    }

    /// Scores and gradients of the last steps.
    pub fn stats(&self) -> &StepStats {
        &self.game.progress().stats
    }

    /// The tensors of the iteration under way, or of the last one.
    pub fn amid(&self) -> Amid {
        self.game.amid()
    }

    /// What D says of an image, its numbers in [0, 1], of `class` where D is
    /// told one: its raw score, the mean of its patches', and the score's
    /// gradient by each pixel.
    pub fn inspect(&mut self, pixels: &[f32], class: u8) -> Result<(f32, Vec<f32>)> {
        checked_class(class, self.data.sample().classes)?;
        self.game.inspect(pixels, class)
    }

    /// Real images such as the generator is to make, as bytes, numbered within
    /// the set (CycleGAN: its domain B), as far as they are in.
    pub fn wanted(&mut self, digits: Range<usize>) -> Vec<u8> {
        self.game.wanted(digits, &mut self.data)
    }

    /// The run as it stands, to be gone back to; an iteration under way is
    /// finished first.
    pub fn moment(&mut self) -> Result<Moment> {
        let state = self.state()?;
        let bytes = state.tensors.iter().map(|(_, tensor)| 4 * tensor.elem_count()).sum();
        Ok(Moment { config: self.config, state, step: self.steps(), bytes })
    }

    /// Goes back to a moment of this run, settings included; going on gives the
    /// same bits as it did then.
    pub fn return_to(&mut self, moment: &Moment) -> Result<()> {
        let old = std::mem::replace(&mut self.config, moment.config);
        let returned = self.set_state(&moment.state);
        if returned.is_err() {
            self.config = old;
        }
        returned
    }

    /// What D's first layer looks for.
    pub fn filters(&self) -> Filters {
        filters::filters(self.game.nets().1, self.config.sample.shape)
    }
}
