//! The dense layer as one operation: product, bias and activation, with one product per gradient that is wanted.

use std::borrow::Cow;

use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, CustomOp3, Layout, Result, Shape, Tensor, WithDType, bail};

use super::{Activation, Element, for_element, from_vec, numbers, with_slice};
use crate::kernel::{Matrix, add_row, column_sums, gemm};

/// act(x w + b): (rows, in), (in, out), (out) -> (rows, out). Weights lie (in, out), so that no product packs a transpose
/// in the forward pass.
pub fn dense(x: &Tensor, weight: &Tensor, bias: &Tensor, activation: Activation) -> Result<Tensor> {
    x.apply_op3(weight, bias, Dense(activation))
}

struct Dense(Activation);

impl CustomOp3 for Dense {
    fn name(&self) -> &'static str {
        "dense"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        w: &CpuStorage,
        w_layout: &Layout,
        b: &CpuStorage,
        b_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (rows, inputs) = x_layout.shape().dims2()?;
        let (width, outputs) = w_layout.shape().dims2()?;
        if width != inputs || b_layout.shape().dims1()? != outputs {
            bail!(
                "dense: {rows} x {inputs} values do not fit weights {width} x {outputs} with bias {:?}",
                b_layout.shape()
            );
        }
        for_element!(x.dtype(), T => {
            let x = numbers::<T>(x, x_layout)?;
            let w = numbers::<T>(w, w_layout)?;
            let mut y = gemm(Matrix::new(&x, rows, inputs), Matrix::new(&w, inputs, outputs));
            add_row(&mut y, &numbers::<T>(b, b_layout)?);
            self.0.forward(&mut y);
            Ok((T::to_cpu_storage_owned(y), Shape::from((rows, outputs))))
        })
    }

    fn bwd(
        &self,
        x: &Tensor,
        w: &Tensor,
        b: &Tensor,
        result: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        for_element!(result.dtype(), T => backward::<T>(self.0, [x, w, b], result, gradient))
    }
}

/// dX = G W^T, dW = X^T G, db = column sums of G, where G is the gradient before the activation.
fn backward<T: Element>(
    activation: Activation,
    [x, w, b]: [&Tensor; 3],
    result: &Tensor,
    gradient: &Tensor,
) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
    let (rows, inputs) = x.dims2()?;
    let outputs = w.dim(1)?;
    with_slice::<T, _>(gradient, |gradient| {
        let before: Cow<[T]> = match activation {
            Activation::Identity => Cow::Borrowed(gradient),
            _ => Cow::Owned(with_slice::<T, _>(result, |y| Ok(activation.backward(y, gradient)))?),
        };
        let g = Matrix::new(&before, rows, outputs);
        let wanted = |tensor: &Tensor| tensor.track_op();
        let dx = wanted(x)
            .then(|| with_slice(w, |w| from_vec(gemm(g, Matrix::new(w, inputs, outputs).transposed()), x)))
            .transpose()?;
        let dw = wanted(w)
            .then(|| with_slice(x, |x| from_vec(gemm(Matrix::new(x, rows, inputs).transposed(), g), w)))
            .transpose()?;
        let db = wanted(b).then(|| from_vec(column_sums(&before, outputs), b)).transpose()?;
        Ok((dx, dw, db))
    })
}
