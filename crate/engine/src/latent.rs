//! Ways through a generator's latent space: its principal directions, and the
//! way back from a digit to a latent vector.

mod directions;
mod effect;
mod inversion;

pub use directions::{DIRECTIONS, Directions};
pub use effect::EFFECTS;
pub use inversion::Inversion;

use candle_core::Result;

use crate::kernel::{Batch, Workspace};
use crate::net::{Labels, Net, Pass};
use crate::rng::Latents;

/// A generator that takes latents, as digits are shown by it, with what running
/// it needs.
pub struct LatentGenerator<'a> {
    /// (batch, latent) -> (batch, 784) in [0, 1].
    pub net: &'a Net,
    /// What a latent vector is.
    pub latents: Latents,
    /// Whether it is told classes.
    pub told: bool,
    /// Memory to compute in.
    pub workspace: &'a mut Workspace,
}

impl LatentGenerator<'_> {
    /// (count, latent) numbers -> (count, 784) pixels in [0, 1].
    pub fn make<'b>(&mut self, latents: &[f32], labels: impl Into<Labels<'b>>) -> Result<Vec<f32>> {
        let z = Batch::new(latents.len() / self.latents.width(), latents);
        let digits = self.net.forward(&z, labels, Pass::Eval, self.workspace)?;
        Ok(digits.numbers().to_vec())
    }

    /// The classes 0 to 9 in turn, for a generator that is told any.
    fn in_turn(&self, count: usize) -> Vec<u8> {
        let count = if self.told { count } else { 0 };
        (0..count).map(|i| (i % crate::data::CLASSES) as u8).collect()
    }
}

#[cfg(test)]
mod tests;
