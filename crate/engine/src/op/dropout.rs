//! Dropout (Srivastava et al. 2014) with a mask that the caller's generator draws.

use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, WithDType, bail};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

use super::{for_element, from_vec, numbers, with_slice};
use crate::kernel::Real;

/// Zeroes each number with probability `rate` in [0, 1) and scales the rest by 1 / (1 - rate); any shape.
pub fn dropout(x: &Tensor, rate: f64, rng: &mut ChaCha8Rng) -> Result<Tensor> {
    if !(0. ..1.).contains(&rate) {
        bail!("dropout: the rate must be in [0, 1), got {rate}");
    }
    let mut kept = vec![0u8; x.elem_count() * 2];
    rng.fill_bytes(&mut kept);
    // 16 bits a number: the rate is met to 1 in 65,536.
    let threshold = (rate * 65_536.) as u32;
    let kept =
        kept.chunks_exact(2).map(|b| u32::from(u16::from_le_bytes([b[0], b[1]])) >= threshold).collect();
    x.apply_op1(Dropout { kept, scale: 1. / (1. - rate) })
}

struct Dropout {
    kept: Vec<bool>,
    scale: f64,
}

impl Dropout {
    fn apply<T: Real>(&self, values: &[T]) -> Vec<T> {
        let scale = T::of(self.scale);
        values.iter().zip(&self.kept).map(|(&x, &kept)| if kept { x * scale } else { T::ZERO }).collect()
    }
}

impl CustomOp1 for Dropout {
    fn name(&self) -> &'static str {
        "dropout"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        for_element!(x.dtype(), T => {
            let y = self.apply(&numbers::<T>(x, layout)?);
            Ok((T::to_cpu_storage_owned(y), layout.shape().clone()))
        })
    }

    fn bwd(&self, x: &Tensor, _result: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        if !x.track_op() {
            return Ok(None);
        }
        for_element!(x.dtype(), T => from_vec(with_slice::<T, _>(gradient, |g| Ok(self.apply(g)))?, x).map(Some))
    }
}
