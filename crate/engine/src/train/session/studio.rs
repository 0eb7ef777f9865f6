//! What a session makes of latents and of digits that somebody drew.

use super::{Session, shown};
use crate::data::{bytes, checked_class, numbers, one_class};
use crate::error::{Error, Result};
use crate::latent::{Directions, Inversion, LatentGenerator};
use crate::net::Labels;
use crate::train::game::Game;

/// Most digits that may be asked for at once.
const MOST_DRAWN: usize = 1024;

impl Session {
    /// The image of one latent vector, of `class` where G is told one, as
    /// bytes. Errors: another length, no class, a GAN without latents.
    pub fn decode(&mut self, latent: &[f32], class: u8) -> Result<Vec<u8>> {
        self.draw(latent, &one_class(class, self.data.sample().classes)?)
    }

    /// The digits of latent vectors (n, latent), each of a mixture of classes
    /// where G is told one: n images as bytes. Errors: as [`Self::decode`],
    /// shares that are not a number from 0 for each class with a sum of 1, too
    /// many at once.
    pub fn draw(&mut self, latents: &[f32], shares: &[f32]) -> Result<Vec<u8>> {
        let sum: f32 = shares.iter().sum();
        if shares.len() != self.data.sample().classes.max(1)
            || !shares.iter().all(|&share| share >= 0.)
            || (sum - 1.).abs() > 1e-3
        {
            return Err(Error::Shares { got: format!("{shares:?}") });
        }
        let mut maker = self.maker()?;
        let size = maker.latents.width();
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
        let shares = if maker.classes > 0 { shares.repeat(count) } else { Vec::new() };
        Ok(bytes(&maker.make(latents, Labels::Shares(&shares))?))
    }

    /// The latent vector of a digit of [`Self::preview`], and its class where G
    /// is told one; nothing of a GAN without latents.
    pub fn preview_latent(&self, place: usize) -> Option<(Vec<f32>, u8)> {
        match &self.game {
            Game::Duel(duel) => duel.preview_latent(place),
            Game::Cycle(_) => None,
        }
    }

    /// The principal directions of the generator as it now is. Errors: a GAN
    /// without latents.
    pub fn directions(&mut self) -> Result<Directions> {
        Ok(Directions::of(&mut self.maker()?)?)
    }

    /// The beginning of a search for the latent vector of an image, as
    /// bytes, of `class` where G is told one.
    pub fn inversion(&mut self, digit: &[u8], class: u8) -> Result<Inversion> {
        checked_class(class, self.data.sample().classes)?;
        let target = self.pixels(digit)?;
        Ok(Inversion::new(&self.maker()?, target, class))
    }

    /// A step of a search, by the generator as it now is.
    pub fn invert(&mut self, search: &mut Inversion) -> Result<()> {
        Ok(search.step(&mut self.maker()?)?)
    }

    /// Image `index` of the set, as bytes; blank if it is not in.
    pub fn digit(&mut self, index: u32) -> Vec<u8> {
        self.data.digit(index).to_vec()
    }

    /// An image as each domain has it in the other, A to B and B to A, as bytes;
    /// nothing where the GAN is not about domains.
    pub fn translate_given(&mut self, digit: &[u8]) -> Result<Vec<u8>> {
        self.pixels(digit)?;
        let game = shown(&mut self.game, &mut self.pretrained, &self.config);
        game.cycle().map_or(Ok(Vec::new()), |cycle| cycle.translate_given(digit))
    }

    fn maker(&mut self) -> Result<LatentGenerator<'_>> {
        let recipe = self.config.recipe.id;
        let missing = || Error::NoLatents { recipe: recipe.to_owned() };
        let game = shown(&mut self.game, &mut self.pretrained, &self.config);
        Ok(game.duel().ok_or_else(missing)?.generator())
    }

    /// An image's bytes as numbers in [0, 1]. Errors: another size than the
    /// data's.
    fn pixels(&self, image: &[u8]) -> Result<Vec<f32>> {
        let size = self.data.sample().shape.size();
        if image.len() != size {
            let (got, expected) = (image.len().to_string(), size.to_string());
            return Err(Error::DigitSize { got, expected });
        }
        Ok(numbers(image))
    }
}
