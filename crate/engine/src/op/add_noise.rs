//! Noise added to the input: instance noise (Sonderby et al. 2017,
//! arXiv:1610.04490, section 2.4).

use std::ops::Range;

use candle_core::{Result, bail};
use rand_chacha::rand_core::RngCore;

use super::operation::{Call, Operation, WeightGradients, Weights};
use crate::kernel::{Batch, Buffer, Real, Workspace, normal_words, normals};

/// x + deviation N(0, 1), any shape, with noise drawn from the caller's random
/// generator.
pub struct AddNoise {
    noise: Buffer<f32>,
    deviation: f64,
}

impl AddNoise {
    /// Draws noise for the `count` numbers of a complete batch and keeps that
    /// of the range `own`.
    pub fn draw(count: usize, own: Range<usize>, deviation: f64, rng: &mut dyn RngCore) -> Self {
        let mut noise = Buffer::unspecified(count);
        normals(rng, &mut noise);
        Self { noise: Buffer::from(&noise[own]), deviation }
    }

    /// Number of 32-bit random words that [`Self::draw`] takes.
    pub fn words(count: usize) -> usize {
        normal_words(count)
    }
}

impl<T: Real> Operation<T> for AddNoise {
    fn name(&self) -> &'static str {
        "noise"
    }

    fn forward(&self, x: &Batch<T>, _: Weights<T>, _: &mut Workspace) -> Result<Batch<T>> {
        if x.numbers().len() != self.noise.len() {
            bail!("noise: {} numbers for {}", self.noise.len(), x.numbers().len());
        }
        let noisy = x.numbers().iter().zip(self.noise.iter());
        let noisy = noisy.map(|(&x, &n)| x + T::of(f64::from(n) * self.deviation));
        Ok(Batch::new(x.rows(), Buffer::of(noisy)))
    }

    fn backward(
        &self,
        _: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        _: Option<WeightGradients<T>>,
        _: &mut Workspace,
    ) -> Result<Option<Batch<T>>> {
        Ok(wanted.then(|| gradient.clone()))
    }

    fn tangent(&self, _: Call<T>, direction: &Batch<T>, _: &mut Workspace) -> Result<Batch<T>> {
        Ok(direction.clone())
    }
}
