//! What a pass through a net leaves for its backward: the operations in order, which are walked back by hand.
//!
//! candle's own tape would fill a gradient with zeros and add to it at every edge; here a layer's gradient goes straight to the layer
//! before it, and only the loss is on the tape.

use candle_core::backprop::GradStore;
use candle_core::{Result, Tensor, bail};

use super::Pass;
use crate::kernel::Workspace;
use crate::op::{Operation, backward, run};

/// One operation with its arguments, the values that flow first, and its result.
struct Recorded<O, const N: usize> {
    op: O,
    args: [Tensor; N],
    result: Tensor,
    /// Whether arguments beyond the first are weights that learn.
    learns: bool,
}

/// A recorded operation, whatever it is.
pub(super) trait Step {
    /// The gradient of the values that entered, if wanted; those of weights are added to `gradients`.
    fn backward(
        &self,
        gradient: &Tensor,
        wanted: bool,
        gradients: &mut GradStore,
        ws: &mut Workspace,
    ) -> Result<Option<Tensor>>;
}

impl<O: Operation<N>, const N: usize> Step for Recorded<O, N> {
    fn backward(
        &self,
        gradient: &Tensor,
        wanted: bool,
        gradients: &mut GradStore,
        ws: &mut Workspace,
    ) -> Result<Option<Tensor>> {
        let wanted = std::array::from_fn(|i| if i == 0 { wanted } else { self.learns });
        let args = std::array::from_fn(|i| &self.args[i]);
        let [first, weights @ ..] = &backward(&self.op, args, &self.result, gradient, wanted, ws)?[..] else {
            bail!("an operation of nothing")
        };
        for (weight, gradient) in self.args[1..].iter().zip(weights) {
            let Some(gradient) = gradient else { continue };
            let sum = match gradients.remove(weight) {
                Some(other) => (other + gradient)?,
                None => gradient.clone(),
            };
            gradients.insert(weight, sum);
        }
        Ok(first.clone())
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
        Pass::Eval => None,
        Pass::Train(_) | Pass::Frozen(_) => Some(Box::new(Recorded {
            op,
            // Not detached: gradients are found by the variables' own tensors.
            args: args.map(Clone::clone),
            result: result.clone(),
            learns: matches!(pass, Pass::Train(_)),
        }) as Box<dyn Step>),
    };
    Ok(Run { result, step })
}

/// A pass through a net, to be walked back.
pub struct Trace {
    output: Tensor,
    steps: Vec<Box<dyn Step>>,
}

impl Trace {
    pub(super) fn new(output: Tensor, steps: Vec<Box<dyn Step>>) -> Self {
        Self { output, steps }
    }

    /// What left the net, (batch, outputs); not on candle's tape.
    pub fn output(&self) -> &Tensor {
        &self.output
    }

    /// Walks back from the output's gradient: adds those of the weights that learn to `gradients`, and gives that of the net's input if
    /// `input_wanted`.
    pub fn backward(
        &self,
        gradient: Tensor,
        input_wanted: bool,
        gradients: &mut GradStore,
        ws: &mut Workspace,
    ) -> Result<Option<Tensor>> {
        let mut gradient = gradient;
        for (i, step) in self.steps.iter().enumerate().rev() {
            match step.backward(&gradient, i > 0 || input_wanted, gradients, ws)? {
                Some(before) => gradient = before,
                None => return Ok(None),
            }
        }
        Ok(input_wanted.then_some(gradient))
    }
}
