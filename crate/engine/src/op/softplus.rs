//! ln(1 + e^x), from which every loss on logits is built.

use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, CustomOp1, Layout, Result, Shape, Tensor, WithDType};

use super::{for_element, from_vec, numbers, with_slice};
use crate::kernel::Real;

/// Element by element, any shape; finite for every finite x, with derivative sigmoid(x).
pub fn softplus(x: &Tensor) -> Result<Tensor> {
    x.apply_op1(Softplus)
}

struct Softplus;

impl CustomOp1 for Softplus {
    fn name(&self) -> &'static str {
        "softplus"
    }

    fn cpu_fwd(&self, x: &CpuStorage, layout: &Layout) -> Result<(CpuStorage, Shape)> {
        for_element!(x.dtype(), T => {
            let y = numbers::<T>(x, layout)?.iter().map(|&x| Real::softplus(x)).collect();
            Ok((T::to_cpu_storage_owned(y), layout.shape().clone()))
        })
    }

    fn bwd(&self, x: &Tensor, _result: &Tensor, gradient: &Tensor) -> Result<Option<Tensor>> {
        if !x.track_op() {
            return Ok(None);
        }
        for_element!(x.dtype(), T => {
            let dx: Vec<T> = with_slice::<T, _>(x, |values| {
                with_slice::<T, _>(gradient, |g| {
                    Ok(values.iter().zip(g).map(|(&x, &g)| Real::sigmoid(x) * g).collect())
                })
            })?;
            from_vec(dx, x).map(Some)
        })
    }
}
