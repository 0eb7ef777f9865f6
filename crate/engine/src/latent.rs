//! A generator's latent space: its principal directions, and the inversion of
//! an image to a latent vector.

mod directions;
mod effect;
mod inversion;

pub use directions::{DIRECTIONS, Directions};
pub use effect::EFFECTS;
pub use inversion::Inversion;

use candle_core::Result;

use crate::data::Shape;
use crate::kernel::{Batch, Workspace};
use crate::net::{Labels, Net, Pass};
use crate::rng::Latents;

/// A generator with latent vectors, in sampling mode, with what it needs to
/// run.
pub struct LatentGenerator<'a> {
    /// (batch, latent) -> (batch, image) in [0, 1].
    pub net: &'a Net,
    /// The layout of a latent vector.
    pub latents: Latents,
    /// Number of classes that it is conditioned on; 0 if it is unconditional.
    pub classes: usize,
    /// Shape of an image.
    pub shape: Shape,
    /// Memory to compute in.
    pub workspace: &'a mut Workspace,
}

impl LatentGenerator<'_> {
    /// (count, latent) numbers -> (count, image) in [0, 1].
    pub fn make<'b>(&mut self, latents: &[f32], labels: impl Into<Labels<'b>>) -> Result<Vec<f32>> {
        let z = Batch::new(latents.len() / self.latents.width(), latents);
        let images = self.net.forward(&z, labels, Pass::Eval, self.workspace)?;
        Ok(images.numbers().to_vec())
    }

    /// `count` labels that rotate through the classes; empty for an
    /// unconditional generator.
    fn in_turn(&self, count: usize) -> Vec<u8> {
        let count = if self.classes > 0 { count } else { 0 };
        (0..count).map(|i| (i % self.classes) as u8).collect()
    }
}

#[cfg(test)]
mod tests;
