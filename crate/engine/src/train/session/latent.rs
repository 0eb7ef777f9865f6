//! The latent space of a run's generator.

use super::{Session, shown_game};
use crate::data::{Sample, bytes, checked_class, numbers, one_class};
use crate::error::{Error, Result};
use crate::latent::{Directions, Inversion};
use crate::net::Labels;
use crate::train::duel::Duel;

/// Most images in one call.
const MOST_DRAWN: usize = 1024;

/// The latent space of the generator that makes the images shown: the averaged
/// weights, or a pretrained generator before the first iteration.
pub struct Latent<'a> {
    duel: &'a mut Duel,
    sample: Sample,
}

impl Session {
    /// The latent space; `None` if the generator takes no latent vectors.
    pub fn latent(&mut self) -> Option<Latent<'_>> {
        let sample = self.data.sample();
        let game = shown_game(&mut self.game, &mut self.pretrained, &self.config);
        Some(Latent { duel: game.duel_mut()?, sample })
    }

    /// The latent vector of image number `place` of [`Self::preview`], and its
    /// class, which counts if G is conditional; `None` beyond the preview and
    /// for a GAN without latent vectors.
    pub fn preview_latent(&self, place: usize) -> Option<(Vec<f32>, u8)> {
        self.game.duel()?.preview_latent(place)
    }
}

impl Latent<'_> {
    /// The image of one latent vector, of `class` if G is conditional, as
    /// bytes. Errors: `LatentSize`, `LatentNumber`, `Class`.
    pub fn decode(&mut self, latent: &[f32], class: u8) -> Result<Vec<u8>> {
        self.draw(latent, &one_class(class, self.sample.classes)?)
    }

    /// The images of latent vectors (n, latent), of the class mix `shares` if G
    /// is conditional, as bytes. Errors: `Shares`, unless there is one number
    /// from 0 for each class and their sum is 1; `LatentSize`, `LatentNumber`;
    /// `SampleCount` above 1024 vectors.
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

    /// The principal directions of the current generator.
    pub fn directions(&mut self) -> Result<Directions> {
        Ok(Directions::of(&mut self.duel.generator())?)
    }

    /// Starts a search for the latent vector of an image, given as bytes, of
    /// `class` if G is conditional. Errors: `DigitSize`, `Class`.
    pub fn inversion(&mut self, image: &[u8], class: u8) -> Result<Inversion> {
        checked_class(class, self.sample.classes)?;
        let target = pixels(image, self.sample)?;
        Ok(Inversion::new(&self.duel.generator(), target, class))
    }

    /// One step of a search, with the current generator.
    pub fn invert(&mut self, search: &mut Inversion) -> Result<()> {
        Ok(search.step(&mut self.duel.generator())?)
    }
}

/// An image's bytes as numbers in [0, 1]. Errors: `DigitSize` if it has another
/// size than a sample.
pub(super) fn pixels(image: &[u8], sample: Sample) -> Result<Vec<f32>> {
    let size = sample.shape.size();
    if image.len() != size {
        let (got, expected) = (image.len().to_string(), size.to_string());
        return Err(Error::DigitSize { got, expected });
    }
    Ok(numbers(image))
}
