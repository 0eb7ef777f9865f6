//! What a pass through a net leaves for its backward: the operations in order,
//! which are walked back by hand, a layer's gradient straight to the layer
//! before it.

use candle_core::{Result, bail};

use super::Net;
use super::unit::Place;
use crate::kernel::{Batch, Buffer, Workspace};
use crate::op::{Call, Operation, WeightGradients};
use crate::params::Element;

/// What a layer leaves for the way back.
pub(super) enum Step<T: Element> {
    /// An operation, what entered and what left it.
    Operation { op: Box<dyn Operation<T>>, place: Place, x: Batch<T>, y: Batch<T> },
    /// What entered step `from`, before this one, was added.
    Add { from: usize },
}

/// The gradients that were passed back through a net, from its output to its
/// input.
pub struct InputGradient<T: Element = f32> {
    /// After each step, first to last.
    after: Vec<Batch<T>>,
    /// Of the net's input, (batch, inputs).
    pub value: Batch<T>,
}

/// Gradients that wait for the step that they reach by a way around.
struct ResidualGradients<T: Element>(Vec<(usize, Batch<T>)>);

impl<T: Element> ResidualGradients<T> {
    /// The gradient of what entered `step`, those that went around included.
    fn settle(&mut self, step: usize, mut gradient: Batch<T>) -> Batch<T> {
        while let Some(at) = self.0.iter().position(|(from, _)| *from == step) {
            gradient = gradient.plus(&self.0.swap_remove(at).1);
        }
        gradient
    }
}

/// A pass through a net, to be walked back by the net that made it.
pub struct Trace<T: Element = f32> {
    output: Batch<T>,
    steps: Vec<Step<T>>,
}

impl<T: Element> Trace<T> {
    pub(super) fn new(output: Batch<T>, steps: Vec<Step<T>>) -> Self {
        Self { output, steps }
    }

    /// What left the net, (batch, outputs).
    pub fn output(&self) -> &Batch<T> {
        &self.output
    }

    /// Walks back from the output's gradient: adds those of the weights to
    /// `into`, which is as long as they are, if given; gives that of the net's
    /// input if `wanted`.
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

    /// The gradient of the net's input from that of its output, (batch,
    /// inputs).
    pub fn input_slope(
        &self,
        net: &Net<T>,
        gradient: Batch<T>,
        ws: &mut Workspace,
    ) -> Result<Batch<T>> {
        of_input(self.walk_back(net, gradient, true, None, ws, |_| ())?)
    }

    /// The gradient of the input of the sum of the outputs, (batch, inputs):
    /// row by row the slope of the net at the input.
    pub fn input_gradient(&self, net: &Net<T>, ws: &mut Workspace) -> Result<InputGradient<T>> {
        let mut after = Vec::with_capacity(self.steps.len());
        let mut ones = Buffer::any(self.output.numbers().len());
        ones.fill(T::ONE);
        let ones = Batch::new(self.output.rows(), ones);
        let note = |gradient: &Batch<T>| after.push(gradient.clone());
        let value = of_input(self.walk_back(net, ones, true, None, ws, note)?)?;
        after.reverse();
        Ok(InputGradient { after, value })
    }

    /// Takes a gradient of the output to the input; `each` hears of the
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

    /// The backward of [`Self::input_gradient`]: from the gradient of a
    /// function of the slope, (batch, inputs), adds that of the weights to
    /// `into`. Exact where every layer is linear but for kinks; errors: where
    /// one is not (batch norm, sigmoid).
    ///
    /// The gradient that went back through a step is g = J^T u, J linear in the
    /// weight: so the weight's gradient of (direction . g) = (J direction . u)
    /// is that of the operation itself, its input replaced by the direction.
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
        None => bail!("a net gave no gradient of what entered"),
    }
}
