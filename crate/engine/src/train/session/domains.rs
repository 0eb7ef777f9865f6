//! The two domains of a run that translates between them.

use super::Session;
use super::latent::pixels;
use crate::data::{Dataset, Sample, Side};
use crate::error::Result;
use crate::train::Translation;
use crate::train::cycle::Cycle;

/// Two domains, and the translators between them.
pub struct Domains<'a> {
    training: &'a mut Cycle,
    /// Translates single images before the first iteration.
    pretrained: Option<&'a mut Cycle>,
    data: &'a mut Dataset,
    sample: Sample,
}

impl Session {
    /// The two domains; `None` if the GAN has none.
    pub fn domains(&mut self) -> Option<Domains<'_>> {
        let first = self.steps() == 0;
        let pretrained = match &mut self.pretrained {
            Some((of, game)) if first && of.same_generator(&self.config) => game.cycle_mut(),
            _ => None,
        };
        let (sample, data) = (self.data.sample(), &mut self.data);
        Some(Domains { training: self.game.cycle_mut()?, pretrained, data, sample })
    }
}

impl Domains<'_> {
    /// The images of these numbers of the set, in the domain `from`, translated
    /// there and back by the run's own translators.
    pub fn translate(&mut self, from: Side, indices: &[u32]) -> Result<Translation> {
        self.training.translate(from, indices, self.data)
    }

    /// An image, given as bytes, translated from A to B and from B to A: both
    /// images as bytes, in this order. Errors: `DigitSize`.
    pub fn translate_image(&mut self, image: &[u8]) -> Result<Vec<u8>> {
        pixels(image, self.sample)?;
        let translators = self.pretrained.as_deref_mut().unwrap_or(self.training);
        translators.translate_image(image)
    }
}
