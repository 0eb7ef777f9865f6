//! The record of a pass for its backward pass: the operations in order. The
//! backward pass visits them in reverse and gives each layer's gradient
//! directly to the layer before it.

use candle_core::{Result, bail};

use super::Net;
use super::unit::Place;
use crate::kernel::{Batch, Buffer, Workspace};
use crate::op::{Call, Operation, WeightGradients};
use crate::params::Element;

/// The record of a layer for the backward pass.
pub(super) enum Step<T: Element> {
    /// An operation with its input and output.
    Operation { op: Box<dyn Operation<T>>, place: Place, x: Batch<T>, y: Batch<T> },
    /// The addition of the input of step `from`, before this one.
    Add { from: usize },
}

/// The gradients of a backward pass through a net, from its output to its
/// input.
pub struct InputGradient<T: Element = f32> {
    /// The gradient after each step, first to last.
    after: Vec<Batch<T>>,
    /// Of the net's input, (batch, inputs).
    pub value: Batch<T>,
}

/// Gradients of residual connections that have not reached their step yet.
struct ResidualGradients<T: Element>(Vec<(usize, Batch<T>)>);

impl<T: Element> ResidualGradients<T> {
    /// The gradient of the input of `step`, with those of residual connections
    /// added.
    fn settle(&mut self, step: usize, mut gradient: Batch<T>) -> Batch<T> {
        while let Some(at) = self.0.iter().position(|(from, _)| *from == step) {
            gradient = gradient.plus(&self.0.swap_remove(at).1);
        }
        gradient
    }
}

/// A pass through a net, for the backward pass of the same net.
pub struct Trace<T: Element = f32> {
    output: Batch<T>,
    steps: Vec<Step<T>>,
}

impl<T: Element> Trace<T> {
    pub(super) fn new(output: Batch<T>, steps: Vec<Step<T>>) -> Self {
        Self { output, steps }
    }

    /// The output of the net, (batch, outputs).
    pub fn output(&self) -> &Batch<T> {
        &self.output
    }

    /// The backward pass from the output's gradient: adds the gradients of the
    /// weights to `into`, if given, which is as long as the weights; returns
    /// the gradient of the input, (batch, inputs), if `wanted`.
    pub fn backward(
        &self,
        net: &Net<T>,
        gradient: Batch<T>,
        wanted: bool,
        into: Option<&mut [T]>,
        ws: &mut Workspace,
    ) -> Result<Option<Batch<T>>> {
        self.walk_back(net, gradient, wanted, into, ws, |_| ())
    }

    /// The gradient of the net's input, (batch, inputs), from that of its
    /// output, (batch, outputs).
    pub fn input_slope(
        &self,
        net: &Net<T>,
        gradient: Batch<T>,
        ws: &mut Workspace,
    ) -> Result<Batch<T>> {
        of_input(self.walk_back(net, gradient, true, None, ws, |_| ())?)
    }

    /// The gradient of the sum of the outputs with respect to the input,
    /// (batch, inputs): row by row the slope of the net at the input.
    pub fn input_gradient(&self, net: &Net<T>, ws: &mut Workspace) -> Result<InputGradient<T>> {
        let mut after = Vec::with_capacity(self.steps.len());
        let mut ones = Buffer::unspecified(self.output.numbers().len());
        ones.fill(T::ONE);
        let ones = Batch::new(self.output.rows(), ones);
        let note = |gradient: &Batch<T>| after.push(gradient.clone());
        let value = of_input(self.walk_back(net, ones, true, None, ws, note)?)?;
        after.reverse();
        Ok(InputGradient { after, value })
    }

    /// Passes a gradient of the output back to the input; calls `each` with the
    /// gradient after each step, last to first.
    fn walk_back(
        &self,
        net: &Net<T>,
        mut gradient: Batch<T>,
        wanted: bool,
        mut into: Option<&mut [T]>,
        ws: &mut Workspace,
        mut each: impl FnMut(&Batch<T>),
    ) -> Result<Option<Batch<T>>> {
        let mut residual = ResidualGradients(Vec::new());
        for (i, step) in self.steps.iter().enumerate().rev() {
            each(&gradient);
            match step {
                Step::Add { from } => residual.0.push((*from, gradient.clone())),
                Step::Operation { op, place, x, y } => {
                    let weights = place.weights(net.params().weights());
                    let into = into.as_deref_mut().map(|all| place.gradients(all));
                    let call = Call { x, weights, y };
                    match op.backward(call, &gradient, i > 0 || wanted, into, ws)? {
                        Some(before) => gradient = before,
                        None => return Ok(None),
                    }
                }
            }
            gradient = residual.settle(i, gradient);
        }
        Ok(wanted.then_some(gradient))
    }

    /// The backward pass of [`Self::input_gradient`]: from the gradient of a
    /// function of the slope, (batch, inputs), adds that of the weights to
    /// `into`. Exact if every layer is piecewise linear. Errors: a layer that
    /// is not (batch norm, sigmoid).
    ///
    /// The gradient passed back through a step is g = J^T u, where J is linear
    /// in the weight. The weight's gradient of (direction . g) = (J direction .
    /// u) is therefore that of the operation itself with its input replaced by
    /// the direction.
    pub fn input_gradient_backward(
        &self,
        net: &Net<T>,
        slope: &InputGradient<T>,
        gradient: Batch<T>,
        into: &mut [T],
        ws: &mut Workspace,
    ) -> Result<()> {
        let mut directions = vec![gradient];
        for ((i, step), after) in self.steps.iter().enumerate().zip(&slope.after) {
            let direction = &directions[i];
            let moved = match step {
                Step::Add { from } => direction.plus(&directions[*from]),
                Step::Operation { op, place, x, y } => {
                    let weights = place.weights(net.params().weights());
                    let moved = op.tangent(Call { x, weights, y }, direction, ws)?;
                    if !place.weight.is_empty() {
                        // The bias does not enter g.
                        let into = place.gradients(into);
                        let into = WeightGradients { bias: &mut [], ..into };
                        let call = Call { x: direction, weights, y };
                        op.backward(call, after, false, Some(into), ws)?;
                    }
                    moved
                }
            };
            directions.push(moved);
        }
        Ok(())
    }
}

fn of_input<T: Element>(gradient: Option<Batch<T>>) -> Result<Batch<T>> {
    match gradient {
        Some(gradient) => Ok(gradient),
        None => bail!("a net gave no gradient of its input"),
    }
}
