//! Dropout (Srivastava et al. 2014) with a mask that the caller's generator
//! draws.

use candle_core::{Result, Shape, Tensor, bail};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

use super::Element;
use super::operation::{OnTape, Operation, View};
use crate::kernel::meter::Part;
use crate::kernel::{Real, Workspace};

/// Zeroes numbers and scales the rest so that the mean stays; any shape.
pub struct Dropout {
    kept: Vec<bool>,
    scale: f64,
}

/// [`Dropout`] of a share `rate` of the numbers of `x` on candle's tape.
pub fn dropout(x: &Tensor, rate: f64, rng: &mut ChaCha8Rng) -> Result<Tensor> {
    x.apply_op1(OnTape(Dropout::draw(x.elem_count(), rate, rng)?))
}

impl Dropout {
    /// Draws which of `count` numbers stay: each goes with probability `rate`
    /// in [0, 1).
    pub fn draw(count: usize, rate: f64, rng: &mut ChaCha8Rng) -> Result<Self> {
        if !(0. ..1.).contains(&rate) {
            bail!("dropout: the rate must be in [0, 1), got {rate}");
        }
        let mut kept = vec![0u8; count * 2];
        rng.fill_bytes(&mut kept);
        // 16 bits a number: the rate is met to 1 in 65,536.
        let threshold = (rate * 65_536.) as u32;
        let kept = kept
            .chunks_exact(2)
            .map(|b| u32::from(u16::from_le_bytes([b[0], b[1]])) >= threshold)
            .collect();
        Ok(Self { kept, scale: 1. / (1. - rate) })
    }

    fn apply<T: Real>(&self, values: &[T], ws: &mut Workspace) -> Vec<T> {
        let start = ws.meter.start();
        let scale = T::of(self.scale);
        let kept =
            values.iter().zip(&self.kept).map(|(&x, &kept)| if kept { x * scale } else { T::ZERO });
        let kept = kept.collect();
        ws.meter.stop(Part::Epilogue, start);
        kept
    }
}

impl Operation<1> for Dropout {
    const NAME: &'static str = "dropout";

    fn forward<T: Element>(
        &self,
        [x]: [View<T>; 1],
        ws: &mut Workspace,
    ) -> Result<(Vec<T>, Shape)> {
        if x.data.len() != self.kept.len() {
            bail!("dropout: a mask of {} for {} numbers", self.kept.len(), x.data.len());
        }
        Ok((self.apply(x.data, ws), Shape::from(x.dims)))
    }

    fn backward<T: Element>(
        &self,
        _: [View<T>; 1],
        _: &[T],
        gradient: &[T],
        [wanted]: [bool; 1],
        ws: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; 1]> {
        Ok([wanted.then(|| self.apply(gradient, ws))])
    }

    fn tangent<T: Element>(
        &self,
        _: [View<T>; 1],
        _: &[T],
        direction: &[T],
        ws: &mut Workspace,
    ) -> Result<Vec<T>> {
        Ok(self.apply(direction, ws))
    }
}
