//! What a session shows of the game under way, its steps one by one, and moments of it.

use std::ops::Range;

use super::{Session, checked};
use crate::data::{PIXELS, numbers};
use crate::error::Result;
use crate::train::{Amid, Filters, Moment, Pulse, Standing, Who, filters};

impl Session {
    /// Plays on until `who` has moved, the other one left as it is where the game allows that: the same player may move again and again.
    pub fn step_of(&mut self, who: Who) -> Result<Standing> {
        self.game.turn_to(who);
        loop {
            let phase = self.next_phase();
            let standing = self.advance()?;
            if standing == Standing::Waiting || phase == who.moves() {
                return Ok(standing);
            }
        }
    }

    /// Scores and gradients of the last steps.
    pub fn pulse(&self) -> &Pulse {
        self.game.pulse()
    }

    /// The tensors of the iteration under way, or of the last one.
    pub fn amid(&self) -> Result<Amid> {
        self.game.amid()
    }

    /// What D says of a digit (784 numbers in [0, 1]), of `class` where D is told one: its raw score, the mean of its patches', and the
    /// score's gradient by each pixel.
    pub fn inspect(&mut self, pixels: &[f32], class: u8) -> Result<(f32, Vec<f32>)> {
        checked(class)?;
        self.game.inspect(pixels, class)
    }

    /// Real digits such as the generator is to make, 784 bytes each, numbered within the set (CycleGAN: its domain B), as far as they are in.
    pub fn wanted(&mut self, digits: Range<usize>) -> Vec<u8> {
        self.game.wanted(digits, &mut self.data)
    }

    /// D's log-odds that digits are real: of the set's first and of as many generated ones, (n, 784) in [0, 1], told classes as
    /// [`Self::classes_of`] has them; nothing where the loss makes scores something else.
    pub fn said(&mut self, generated: &[f32]) -> Result<Option<(Vec<f32>, Vec<f32>)>> {
        let count = generated.len() / PIXELS;
        let real = numbers(&self.real(count));
        let labels: Vec<u8> = (0..count as u32).filter_map(|i| self.data.label(i)).collect();
        let told = self.classes_of(count, None);
        let Some(on_real) = self.log_odds(&real, &labels)? else { return Ok(None) };
        Ok(self.log_odds(generated, &told)?.map(|on_fake| (on_real, on_fake)))
    }

    /// The run as it stands, to be gone back to; an iteration under way is finished first.
    pub fn moment(&mut self) -> Result<Moment> {
        let state = self.state()?.copied()?;
        let bytes = state.tensors.iter().map(|(_, tensor)| 4 * tensor.elem_count()).sum();
        Ok(Moment { config: self.config, state, step: self.steps(), bytes })
    }

    /// Goes back to a moment of this run, settings included; going on gives the same bits as it did then.
    pub fn return_to(&mut self, moment: &Moment) -> Result<()> {
        let old = std::mem::replace(&mut self.config, moment.config);
        let returned = self.set_state(&moment.state);
        if returned.is_err() {
            self.config = old;
        }
        returned
    }

    /// What D's first layer looks for.
    pub fn filters(&self) -> Result<Filters> {
        Ok(filters::filters(self.game.nets().1)?)
    }
}
