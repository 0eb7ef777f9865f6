//! The latent space of a run's generator.

use super::{Session, shown_game};
use crate::data::{Sample, bytes, checked_class, numbers, one_class};
use crate::error::{Error, Result};
use crate::latent::{Directions, Inversion};
use crate::net::Labels;
use crate::train::duel::Duel;

/// Most images that may be asked for at once.
const MOST_DRAWN: usize = 1024;

/// The latent space of the generator that images are shown by: of the averaged
/// weights, or of a pretrained generator before the first iteration.
pub struct Latent<'a> {
    duel: &'a mut Duel,
    sample: Sample,
}

impl Session {
    /// The latent space, if the generator takes latents.
    pub fn latent(&mut self) -> Option<Latent<'_>> {
        let sample = self.data.sample();
        let game = shown_game(&mut self.game, &mut self.pretrained, &self.config);
        Some(Latent { duel: game.duel_mut()?, sample })
    }

    /// The latent vector of an image of [`Self::preview`], and its class where G
    /// takes one; nothing of a GAN without latents.
    pub fn preview_latent(&self, place: usize) -> Option<(Vec<f32>, u8)> {
        self.game.duel()?.preview_latent(place)
    }
}

impl Latent<'_> {
    /// The image of one latent vector, of `class` where G takes one, as bytes.
    /// Errors: another length, no class.
    pub fn decode(&mut self, latent: &[f32], class: u8) -> Result<Vec<u8>> {
        self.draw(latent, &one_class(class, self.sample.classes)?)
    }

    /// The images of latent vectors (n, latent), each of a mixture of classes
    /// where G takes those, as bytes. Errors: as [`Self::decode`], shares that
    /// are not a number from 0 for each class with a sum of 1, too many at once.
    pub fn draw(&mut self, latents: &[f32], shares: &[f32]) -> Result<Vec<u8>> {
        let sum: f32 = shares.iter().sum();
        if shares.len() != self.sample.classes.max(1)
            || !shares.iter().all(|&share| share >= 0.)
            || (sum - 1.).abs() > 1e-3
        {
            return Err(Error::Shares { got: format!("{shares:?}") });
        }
        let mut generator = self.duel.generator();
        let size = generator.latents.width();
        if latents.is_empty() || !latents.len().is_multiple_of(size) {
            return Err(Error::LatentSize {
                got: latents.len().to_string(),
                expected: size.to_string(),
            });
        }
        let count = latents.len() / size;
        if count > MOST_DRAWN {
            return Err(Error::SampleCount {
                got: count.to_string(),
                most: MOST_DRAWN.to_string(),
            });
        }
        if let Some(bad) = latents.iter().find(|number| !number.is_finite()) {
            return Err(Error::LatentNumber { got: bad.to_string() });
        }
        let shares = if generator.classes > 0 { shares.repeat(count) } else { Vec::new() };
        Ok(bytes(&generator.make(latents, Labels::Shares(&shares))?))
    }

    /// The principal directions of the generator as it now is.
    pub fn directions(&mut self) -> Result<Directions> {
        Ok(Directions::of(&mut self.duel.generator())?)
    }

    /// The beginning of a search for the latent vector of an image, as bytes, of
    /// `class` where G takes one. Errors: another size, no class.
    pub fn inversion(&mut self, image: &[u8], class: u8) -> Result<Inversion> {
        checked_class(class, self.sample.classes)?;
        let target = pixels(image, self.sample)?;
        Ok(Inversion::new(&self.duel.generator(), target, class))
    }

    /// A step of a search, by the generator as it now is.
    pub fn invert(&mut self, search: &mut Inversion) -> Result<()> {
        Ok(search.step(&mut self.duel.generator())?)
    }
}

/// An image's bytes as numbers in [0, 1]. Errors: another size than a sample's.
pub(super) fn pixels(image: &[u8], sample: Sample) -> Result<Vec<f32>> {
    let size = sample.shape.size();
    if image.len() != size {
        let (got, expected) = (image.len().to_string(), size.to_string());
        return Err(Error::DigitSize { got, expected });
    }
    Ok(numbers(image))
}
