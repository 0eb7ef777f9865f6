//! What a pass through a net leaves for its backward: the operations in order,
//! which are walked back by hand.
//!
//! candle's own tape would fill a gradient with zeros and add to it at every
//! edge, and its backward keeps every operation of candle in the page; here a
//! layer's gradient goes straight to the layer before it, and nothing is on the
//! tape.

use candle_core::backprop::GradStore;
use candle_core::{Result, Tensor, bail};

use super::Pass;
use crate::kernel::Workspace;
use crate::op::{Operation, backward, run, sum, tangent};

/// One operation with its arguments, the values that flow first, and its
/// result.
struct Recorded<O, const N: usize> {
    op: O,
    args: [Tensor; N],
    result: Tensor,
    /// Whether arguments beyond the first are weights that learn.
    learns: bool,
}

/// A recorded operation, whatever it is.
pub(super) trait Step {
    /// The gradient of the values that entered, if wanted; those of weights are
    /// added to `gradients`, if there are to be any.
    fn backward(
        &self,
        gradient: &Tensor,
        wanted: bool,
        gradients: Option<&mut GradStore>,
        ws: &mut Workspace,
    ) -> Result<Option<Tensor>>;

    /// One step of [`Trace::input_gradient_backward`]: where `direction` of
    /// what enters takes what leaves, given the gradient there.
    fn second(
        &self,
        direction: &Tensor,
        gradient: &Tensor,
        gradients: &mut GradStore,
        ws: &mut Workspace,
    ) -> Result<Tensor>;
}

/// The gradients that were passed back through a net, from its output to its
/// input.
pub struct InputGradient {
    /// After each step, first to last.
    after: Vec<Tensor>,
    /// Of the net's input, (batch, inputs).
    pub value: Tensor,
}

impl<O: Operation<N>, const N: usize> Step for Recorded<O, N> {
    fn backward(
        &self,
        gradient: &Tensor,
        wanted: bool,
        gradients: Option<&mut GradStore>,
        ws: &mut Workspace,
    ) -> Result<Option<Tensor>> {
        let wanted =
            std::array::from_fn(
                |i| if i == 0 { wanted } else { self.learns && gradients.is_some() },
            );
        let args = std::array::from_fn(|i| &self.args[i]);
        let [first, weights @ ..] =
            &backward(&self.op, args, &self.result, gradient, wanted, ws)?[..]
        else {
            bail!("an operation of nothing")
        };
        if let Some(gradients) = gradients {
            self.add(weights, gradients)?;
        }
        Ok(first.clone())
    }

    /// The gradient that went back is g = J^T u, J linear in the weight: so the
    /// weight's gradient of (direction . g) = (J direction . u) is that of the
    /// operation itself, its input replaced by the direction.
    fn second(
        &self,
        direction: &Tensor,
        gradient: &Tensor,
        gradients: &mut GradStore,
        ws: &mut Workspace,
    ) -> Result<Tensor> {
        let mut args = std::array::from_fn(|i| &self.args[i]);
        let moved = tangent(&self.op, args, &self.result, direction, ws)?;
        if N > 1 && self.learns {
            args[0] = direction;
            // The bias, which is last, does not enter g.
            let wanted = std::array::from_fn(|i| i == 1);
            let found = backward(&self.op, args, &self.result, gradient, wanted, ws)?;
            self.add(&found[1..], gradients)?;
        }
        Ok(moved)
    }
}

impl<O, const N: usize> Recorded<O, N> {
    /// Adds gradients of the arguments beyond the first, where there are any.
    fn add(&self, found: &[Option<Tensor>], gradients: &mut GradStore) -> Result<()> {
        for (weight, gradient) in self.args[1..].iter().zip(found) {
            let Some(gradient) = gradient else { continue };
            let all = match gradients.remove(weight) {
                Some(other) => sum(&other, gradient)?,
                None => gradient.clone(),
            };
            gradients.insert(weight, all);
        }
        Ok(())
    }
}

/// What an operation gave, and what its backward needs.
pub(super) struct Run {
    pub result: Tensor,
    pub step: Option<Box<dyn Step>>,
}

/// Runs an operation and, unless sampling, records it.
pub(super) fn record<O: Operation<N>, const N: usize>(
    op: O,
    args: [&Tensor; N],
    pass: &Pass,
    ws: &mut Workspace,
) -> Result<Run> {
    let result = run(&op, args, ws)?;
    let step = match pass {
        Pass::Batch | Pass::Eval => None,
        Pass::Train(_) | Pass::Frozen(_) | Pass::Look => Some(Box::new(Recorded {
            op,
            // Not detached: gradients are found by the variables' own tensors.
            args: args.map(Clone::clone),
            result: result.clone(),
            learns: matches!(pass, Pass::Train(_)),
        }) as Box<dyn Step>),
    };
    Ok(Run { result, step })
}

/// What a layer leaves for the way back.
pub(super) enum Kept {
    /// An operation.
    Step(Box<dyn Step>),
    /// What entered step `from` was added.
    Add {
        /// A step before it.
        from: usize,
    },
}

/// Gradients that wait for the step that they reach by a way around.
#[derive(Default)]
struct ResidualGradients(Vec<(usize, Tensor)>);

impl ResidualGradients {
    /// The gradient of what entered `step`, those that went around included.
    fn settle(&mut self, step: usize, mut gradient: Tensor) -> Result<Tensor> {
        while let Some(at) = self.0.iter().position(|(from, _)| *from == step) {
            gradient = sum(&gradient, &self.0.swap_remove(at).1)?;
        }
        Ok(gradient)
    }
}

/// A pass through a net, to be walked back.
pub struct Trace {
    output: Tensor,
    steps: Vec<Kept>,
}

impl Trace {
    pub(super) fn new(output: Tensor, steps: Vec<Kept>) -> Self {
        Self { output, steps }
    }

    /// What left the net, (batch, outputs).
    pub fn output(&self) -> &Tensor {
        &self.output
    }

    /// Walks back from the output's gradient: adds those of the weights that
    /// learn to `gradients`, and gives that of the net's input if
    /// `input_wanted`.
    pub fn backward(
        &self,
        gradient: Tensor,
        input_wanted: bool,
        gradients: &mut GradStore,
        ws: &mut Workspace,
    ) -> Result<Option<Tensor>> {
        let (mut gradient, mut owed) = (gradient, ResidualGradients::default());
        for (i, kept) in self.steps.iter().enumerate().rev() {
            match kept {
                Kept::Add { from } => owed.0.push((*from, gradient.clone())),
                Kept::Step(step) => {
                    match step.backward(&gradient, i > 0 || input_wanted, Some(gradients), ws)? {
                        Some(before) => gradient = before,
                        None => return Ok(None),
                    }
                }
            }
            gradient = owed.settle(i, gradient)?;
        }
        Ok(input_wanted.then_some(gradient))
    }

    /// The gradient of the net's input from that of its output, and of nothing
    /// else, (batch, inputs).
    pub fn input_slope(&self, gradient: Tensor, ws: &mut Workspace) -> Result<Tensor> {
        self.go_back(gradient, ws, |_| ())
    }

    /// The gradient of the input of the sum of the outputs, (batch, inputs):
    /// row by row the slope of the net at the input.
    pub fn input_gradient(&self, ws: &mut Workspace) -> Result<InputGradient> {
        let mut after = Vec::with_capacity(self.steps.len());
        let value =
            self.go_back(self.output.ones_like()?, ws, |gradient| after.push(gradient.clone()))?;
        after.reverse();
        Ok(InputGradient { after, value })
    }

    /// Takes a gradient of the output to the input, weights left out; `each`
    /// hears of the gradient after each step, last to first.
    fn go_back(
        &self,
        mut value: Tensor,
        ws: &mut Workspace,
        mut each: impl FnMut(&Tensor),
    ) -> Result<Tensor> {
        let mut owed = ResidualGradients::default();
        for (i, kept) in self.steps.iter().enumerate().rev() {
            each(&value);
            match kept {
                Kept::Add { from } => owed.0.push((*from, value.clone())),
                Kept::Step(step) => match step.backward(&value, true, None, ws)? {
                    Some(before) => value = before,
                    None => bail!("an operation gave no gradient of what entered"),
                },
            }
            value = owed.settle(i, value)?;
        }
        Ok(value)
    }

    /// The backward of [`Self::input_gradient`]: from the gradient of a
    /// function of the slope, (batch, inputs), adds that of the weights that
    /// learn. Exact where every layer is linear but for kinks; errors: where
    /// one is not (batch norm, sigmoid, tanh).
    pub fn input_gradient_backward(
        &self,
        slope: &InputGradient,
        gradient: Tensor,
        gradients: &mut GradStore,
        ws: &mut Workspace,
    ) -> Result<()> {
        let mut directions = vec![gradient];
        for ((i, kept), after) in self.steps.iter().enumerate().zip(&slope.after) {
            directions.push(match kept {
                Kept::Step(step) => step.second(&directions[i], after, gradients, ws)?,
                Kept::Add { from } => sum(&directions[i], &directions[*from])?,
            });
        }
        Ok(())
    }
}
