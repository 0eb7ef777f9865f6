//! The sum of two tensors, in the two number types of the engine alone.

use candle_core::{Result, Tensor, bail};

use super::with_slice;

/// a + b, of one shape.
pub fn sum(a: &Tensor, b: &Tensor) -> Result<Tensor> {
    if a.shape() != b.shape() {
        bail!("a sum of {:?} and {:?}", a.shape(), b.shape());
    }
    super::for_element!(a.dtype(), T => {
        let sums = with_slice::<T, _>(a, |a| {
            with_slice::<T, _>(b, |b| Ok(a.iter().zip(b).map(|(&a, &b)| a + b).collect::<Vec<T>>()))
        })?;
        Tensor::from_vec(sums, a.shape(), a.device())
    })
}
