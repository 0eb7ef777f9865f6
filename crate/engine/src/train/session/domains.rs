//! The two domains of a run that translates between them.

use super::Session;
use super::latent::pixels;
use crate::data::{Dataset, Sample, Side};
use crate::error::Result;
use crate::train::Translation;
use crate::train::cycle::Cycle;

/// Two domains, and what translates between them.
pub struct Domains<'a> {
    training: &'a mut Cycle,
    /// What single images are translated by before the first iteration.
    pretrained: Option<&'a mut Cycle>,
    data: &'a mut Dataset,
    sample: Sample,
}

impl Session {
    /// The two domains, if the GAN has any.
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
    /// The set's images of these numbers in the domain `from`, translated there
    /// and back by the run's own translators.
    pub fn translate(&mut self, from: Side, indices: &[u32]) -> Result<Translation> {
        self.training.translate(from, indices, self.data)
    }

    /// An image, as bytes, as each domain has it in the other, A to B and B to A.
    /// Errors: another size.
    pub fn translate_image(&mut self, image: &[u8]) -> Result<Vec<u8>> {
        pixels(image, self.sample)?;
        let translators = self.pretrained.as_deref_mut().unwrap_or(self.training);
        translators.translate_image(image)
    }
}
