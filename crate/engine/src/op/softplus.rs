//! ln(1 + e^x), from which every loss on logits is built.

use candle_core::{Result, Shape, Tensor};

use super::Element;
use super::operation::{OnTape, Operation, View};
use crate::kernel::{Real, Workspace};

/// Element by element, any shape; finite for every finite x, with derivative sigmoid(x). On candle's tape.
pub fn softplus(x: &Tensor) -> Result<Tensor> {
    x.apply_op1(OnTape(Softplus))
}

struct Softplus;

impl Operation<1> for Softplus {
    const NAME: &'static str = "softplus";

    fn forward<T: Element>(&self, [x]: [View<T>; 1], _: &mut Workspace) -> Result<(Vec<T>, Shape)> {
        Ok((x.data.iter().map(|&x| Real::softplus(x)).collect(), Shape::from(x.dims)))
    }

    fn backward<T: Element>(
        &self,
        [x]: [View<T>; 1],
        _: &[T],
        gradient: &[T],
        [wanted]: [bool; 1],
        _: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; 1]> {
        let slope = |(&x, &g): (&T, &T)| Real::sigmoid(x) * g;
        Ok([wanted.then(|| x.data.iter().zip(gradient).map(slope).collect())])
    }
}
