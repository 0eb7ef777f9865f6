//! Noise added to what enters: instance noise (Sonderby et al. 2017,
//! arXiv:1610.04490, section 2.4).

use candle_core::{Result, Shape, bail};
use rand_chacha::ChaCha8Rng;

use super::Element;
use super::operation::{Operation, View};
use crate::kernel::{Workspace, normals};

/// x + deviation N(0, 1), any shape, with noise that the caller's generator
/// drew.
pub struct AddNoise {
    noise: Vec<f32>,
    deviation: f64,
}

impl AddNoise {
    /// Draws noise for `count` numbers.
    pub fn draw(count: usize, deviation: f64, rng: &mut ChaCha8Rng) -> Self {
        let mut noise = vec![0.; count];
        normals(rng, &mut noise);
        Self { noise, deviation }
    }
}

impl Operation<1> for AddNoise {
    const NAME: &'static str = "noise";

    fn forward<T: Element>(&self, [x]: [View<T>; 1], _: &mut Workspace) -> Result<(Vec<T>, Shape)> {
        if x.data.len() != self.noise.len() {
            bail!("noise: {} numbers for {}", self.noise.len(), x.data.len());
        }
        let shifted = |(&x, &n): (&T, &f32)| x + T::of(f64::from(n) * self.deviation);
        Ok((x.data.iter().zip(&self.noise).map(shifted).collect(), Shape::from(x.dims)))
    }

    fn backward<T: Element>(
        &self,
        _: [View<T>; 1],
        _: &[T],
        gradient: &[T],
        [wanted]: [bool; 1],
        _: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; 1]> {
        Ok([wanted.then(|| gradient.to_vec())])
    }

    fn tangent<T: Element>(
        &self,
        _: [View<T>; 1],
        _: &[T],
        direction: &[T],
        _: &mut Workspace,
    ) -> Result<Vec<T>> {
        Ok(direction.to_vec())
    }
}
