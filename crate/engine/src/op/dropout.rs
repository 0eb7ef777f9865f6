//! Dropout (Srivastava et al. 2014) with a mask drawn from the caller's random
//! generator.

use std::ops::Range;

use candle_core::{Result, bail};
use rand_chacha::rand_core::RngCore;

use super::operation::{Call, Operation, WeightGradients, Weights};
use crate::kernel::meter::Part;
use crate::kernel::{Batch, Buffer, Real, Workspace};

/// Zeroes random numbers and scales the rest so that the mean stays; any shape.
pub struct Dropout {
    kept: Vec<bool>,
    scale: f64,
}

impl Dropout {
    /// Draws a mask for the `count` numbers of a complete batch, each dropped
    /// with probability `rate` in [0, 1), and keeps that of the range `own`.
    /// Errors: a rate outside [0, 1).
    pub fn draw(count: usize, own: Range<usize>, rate: f64, rng: &mut dyn RngCore) -> Result<Self> {
        if !(0. ..1.).contains(&rate) {
            bail!("dropout: the rate must be in [0, 1), got {rate}");
        }
        let mut bytes = vec![0u8; count * 2];
        rng.fill_bytes(&mut bytes);
        // 16 bits per number: the rate is exact to 1 in 65,536.
        let threshold = (rate * 65_536.) as u32;
        let kept = bytes[2 * own.start..2 * own.end]
            .chunks_exact(2)
            .map(|b| u32::from(u16::from_le_bytes([b[0], b[1]])) >= threshold)
            .collect();
        Ok(Self { kept, scale: 1. / (1. - rate) })
    }

    /// Number of 32-bit random words that [`Self::draw`] takes.
    pub fn words(count: usize) -> usize {
        (2 * count).div_ceil(4)
    }

    fn apply<T: Real>(&self, x: &Batch<T>, ws: &mut Workspace) -> Batch<T> {
        let start = ws.meter.start();
        let scale = T::of(self.scale);
        let pairs = x.numbers().iter().zip(&self.kept);
        let kept = pairs.map(|(&x, &kept)| if kept { x * scale } else { T::ZERO });
        let kept = Batch::new(x.rows(), Buffer::of(kept));
        ws.meter.stop(Part::Epilogue, start);
        kept
    }
}

impl<T: Real> Operation<T> for Dropout {
    fn name(&self) -> &'static str {
        "dropout"
    }

    fn forward(&self, x: &Batch<T>, _: Weights<T>, ws: &mut Workspace) -> Result<Batch<T>> {
        if x.numbers().len() != self.kept.len() {
            bail!("dropout: a mask of {} for {} numbers", self.kept.len(), x.numbers().len());
        }
        Ok(self.apply(x, ws))
    }

    fn backward(
        &self,
        _: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        _: Option<WeightGradients<T>>,
        ws: &mut Workspace,
    ) -> Result<Option<Batch<T>>> {
        Ok(wanted.then(|| self.apply(gradient, ws)))
    }

    fn tangent(&self, _: Call<T>, direction: &Batch<T>, ws: &mut Workspace) -> Result<Batch<T>> {
        Ok(self.apply(direction, ws))
    }
}
