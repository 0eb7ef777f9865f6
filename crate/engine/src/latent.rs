//! Ways through a generator's latent space: its principal directions, and the
//! way back from a digit to a latent vector.

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

/// A generator that takes latents, as digits are shown by it, with what running
/// it needs.
pub struct LatentGenerator<'a> {
    /// (batch, latent) -> (batch, image) in [0, 1].
    pub net: &'a Net,
    /// What a latent vector is.
    pub latents: Latents,
    /// How many classes it is told; 0: none.
    pub classes: usize,
    /// Of the images.
    pub shape: Shape,
    /// Memory to compute in.
    pub workspace: &'a mut Workspace,
}

impl LatentGenerator<'_> {
    /// (count, latent) numbers -> (count, image) in [0, 1].
    pub fn make<'b>(&mut self, latents: &[f32], labels: impl Into<Labels<'b>>) -> Result<Vec<f32>> {
        let z = Batch::new(latents.len() / self.latents.width(), latents);
        let digits = self.net.forward(&z, labels, Pass::Eval, self.workspace)?;
        Ok(digits.numbers().to_vec())
    }

    /// Each class in turn, for a generator that is told any.
    fn in_turn(&self, count: usize) -> Vec<u8> {
        let count = if self.classes > 0 { count } else { 0 };
        (0..count).map(|i| (i % self.classes) as u8).collect()
    }
}

#[cfg(test)]
mod tests;
