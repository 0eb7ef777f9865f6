//! The dense layer as one operation: product, bias and activation, with one
//! product per gradient that is wanted.

use candle_core::{Result, Shape, Tensor, bail};

use super::operation::{OnTape, Operation, View};
use super::{Activation, Element};
use crate::kernel::{Matrix, Workspace};

/// act(x w + b): (rows, in), (in, out), (out) -> (rows, out). Weights lie (in,
/// out), so that no product packs a transpose in the forward pass.
pub struct Dense(pub Activation);

/// [`Dense`] on candle's tape.
pub fn dense(x: &Tensor, weight: &Tensor, bias: &Tensor, activation: Activation) -> Result<Tensor> {
    x.apply_op3(weight, bias, OnTape(Dense(activation)))
}

impl Operation<3> for Dense {
    const NAME: &'static str = "dense";

    fn forward<T: Element>(
        &self,
        [x, w, b]: [View<T>; 3],
        ws: &mut Workspace,
    ) -> Result<(Vec<T>, Shape)> {
        let (&[rows, inputs], &[width, outputs], &[biases]) = (x.dims, w.dims, b.dims) else {
            bail!(
                "dense: takes a matrix, a matrix and a row, got {:?}, {:?} and {:?}",
                x.dims,
                w.dims,
                b.dims
            )
        };
        if width != inputs || biases != outputs {
            bail!(
                "dense: {rows} x {inputs} values do not fit weights {width} x {outputs} with {biases} biases"
            );
        }
        let mut y =
            ws.product(Matrix::new(x.data, rows, inputs), Matrix::new(w.data, inputs, outputs));
        self.0.finish(&mut y, b.data, ws);
        Ok((y, Shape::from((rows, outputs))))
    }

    /// dX = G W^T, dW = X^T G, db = column sums of G, where G is the gradient
    /// before the activation.
    fn backward<T: Element>(
        &self,
        [x, w, _]: [View<T>; 3],
        result: &[T],
        gradient: &[T],
        [x_wanted, w_wanted, b_wanted]: [bool; 3],
        ws: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; 3]> {
        let (rows, inputs, outputs) = (x.dims[0], x.dims[1], w.dims[1]);
        let before = self.0.before(result, gradient, ws);
        let g = Matrix::new(&before, rows, outputs);
        let dx = x_wanted.then(|| ws.product(g, Matrix::new(w.data, inputs, outputs).transposed()));
        let dw = w_wanted.then(|| ws.product(Matrix::new(x.data, rows, inputs).transposed(), g));
        let db = b_wanted.then(|| Activation::bias_gradient(&before, outputs, ws));
        Ok([dx, dw, db])
    }

    fn tangent<T: Element>(
        &self,
        [x, w, _]: [View<T>; 3],
        result: &[T],
        direction: &[T],
        ws: &mut Workspace,
    ) -> Result<Vec<T>> {
        let (rows, inputs, outputs) = (x.dims[0], x.dims[1], w.dims[1]);
        let moved =
            ws.product(Matrix::new(direction, rows, inputs), Matrix::new(w.data, inputs, outputs));
        self.0.slope(result, moved, ws)
    }
}
