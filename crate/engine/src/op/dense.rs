//! The dense layer as one operation: product, bias and activation, with one
//! product per requested gradient.

use candle_core::{Result, bail};

use super::Activation;
use super::operation::{Call, Operation, WeightGradients, Weights, add_to};
use crate::kernel::{Batch, Matrix, Real, Workspace};

/// act(x w + b): (rows, in), (in, out), (out) -> (rows, out). Weights are
/// stored (in, out), so that no product packs a transpose in the forward pass.
pub struct Dense(pub Activation);

impl<T: Real> Operation<T> for Dense {
    fn name(&self) -> &'static str {
        "dense"
    }

    fn forward(&self, x: &Batch<T>, w: Weights<T>, ws: &mut Workspace) -> Result<Batch<T>> {
        let (rows, inputs, outputs) = (x.rows(), x.columns(), w.bias.len());
        if w.weight.len() != inputs * outputs {
            bail!(
                "dense: {rows} x {inputs} values do not fit {} weights with {outputs} biases",
                w.weight.len()
            );
        }
        let x = Matrix::new(x.numbers(), rows, inputs);
        let mut y = ws.product(x, Matrix::new(w.weight, inputs, outputs));
        self.0.finish(&mut y, w.bias, ws);
        Ok(Batch::new(rows, y))
    }

    /// dX = G W^T, dW = X^T G, db = column sums of G, where G is the gradient
    /// before the activation.
    fn backward(
        &self,
        call: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        into: Option<WeightGradients<T>>,
        ws: &mut Workspace,
    ) -> Result<Option<Batch<T>>> {
        let (rows, inputs, outputs) = (call.x.rows(), call.x.columns(), call.y.columns());
        let before = self.0.before(call.y, gradient, ws);
        let g = Matrix::new(before.numbers(), rows, outputs);
        let weight = Matrix::new(call.weights.weight, inputs, outputs);
        let dx = wanted.then(|| Batch::new(rows, ws.product(g, weight.transposed())));
        if let Some(into) = into {
            let x = Matrix::new(call.x.numbers(), rows, inputs);
            add_to(into.weight, &ws.product(x.transposed(), g));
            Activation::add_bias_gradient(into.bias, before.numbers(), ws);
        }
        Ok(dx)
    }

    fn tangent(&self, call: Call<T>, direction: &Batch<T>, ws: &mut Workspace) -> Result<Batch<T>> {
        let (rows, inputs, outputs) = (call.x.rows(), call.x.columns(), call.y.columns());
        let direction = Matrix::new(direction.numbers(), rows, inputs);
        let moved = ws.product(direction, Matrix::new(call.weights.weight, inputs, outputs));
        self.0.slope(call.y, Batch::new(rows, moved), ws)
    }
}
