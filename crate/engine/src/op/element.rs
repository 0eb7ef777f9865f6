//! How operations read tensors: one helper that honours the layout, one
//! dispatch over f32 and f64.

use std::borrow::Cow;

use candle_core::{CpuStorage, Layout, Result, Storage, Tensor, WithDType, bail};

use crate::kernel::Real;

/// A number type that is both candle's and the kernels'.
pub trait Element: Real + WithDType {}
impl Element for f32 {}
impl Element for f64 {}

/// Runs `$body` with `$T` as the number type of `$dtype`: f32 or f64.
macro_rules! for_element {
    ($dtype:expr, $T:ident => $body:expr) => {
        match $dtype {
            candle_core::DType::F32 => {
                type $T = f32;
                $body
            }
            candle_core::DType::F64 => {
                type $T = f64;
                $body
            }
            other => candle_core::bail!("this operation takes f32 or f64, got {other:?}"),
        }
    };
}
pub(crate) use for_element;

/// The numbers of a storage in row-major order: borrowed where they lie so,
/// gathered where they are a broadcast or transposed view, as gradients can be.
pub(super) fn numbers<'a, T: Element>(
    storage: &'a CpuStorage,
    layout: &Layout,
) -> Result<Cow<'a, [T]>> {
    let data = storage.as_slice::<T>()?;
    Ok(match layout.contiguous_offsets() {
        Some((start, end)) => Cow::Borrowed(&data[start..end]),
        None => Cow::Owned(gather(data, layout)),
    })
}

/// The numbers of a view that is not contiguous, in row-major order.
fn gather<T: Copy>(data: &[T], layout: &Layout) -> Vec<T> {
    let axes = layout.dims().iter().zip(layout.stride());
    let offsets = axes.fold(vec![layout.start_offset()], |offsets, (&length, &stride)| {
        offsets.iter().flat_map(|&offset| (0..length).map(move |i| offset + i * stride)).collect()
    });
    offsets.into_iter().map(|offset| data[offset]).collect()
}

/// Calls `f` with the numbers of a tensor in row-major order.
pub fn with_slice<T: Element, R>(tensor: &Tensor, f: impl FnOnce(&[T]) -> Result<R>) -> Result<R> {
    let (storage, layout) = tensor.storage_and_layout();
    match &*storage {
        Storage::Cpu(storage) => f(&numbers::<T>(storage, layout)?),
        _ => bail!("the engine's operations run on the CPU"),
    }
}
