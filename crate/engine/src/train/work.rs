//! What the phases of an iteration hand to each other.

use candle_core::backprop::GradStore;
use candle_core::{Tensor, Var};

use crate::error::{Error, Result};
use crate::kernel::Workspace;
use crate::net::penalty::{Goal, Penalty};
use crate::net::{Net, Pass, Trace};

/// What one phase leaves for the next; the last iteration's until a new one starts.
#[derive(Default)]
pub(super) struct Work {
    pub real: Option<Tensor>,
    /// What `fake` was made from.
    pub latents: Option<Tensor>,
    pub fake: Option<Tensor>,
    /// How G made `fake`, where its step will need it.
    pub made: Option<Trace>,
    pub real_scores: Option<Passed>,
    pub fake_scores: Option<Passed>,
    /// The gradient of G's loss by the pixels of `fake`.
    pub push: Option<Tensor>,
    pub indices: Vec<u32>,
    /// Of the real digits, and what G is told to make; empty where nobody is told.
    pub labels: Vec<u8>,
}

/// What a net made of a batch, as the start of the loss's tape, and how it came to it.
pub(super) struct Passed {
    pub output: Var,
    trace: Trace,
}

impl Passed {
    /// A net on a batch, (batch, inputs).
    pub fn of(
        net: &Net,
        batch: &Tensor,
        labels: &[u8],
        pass: Pass,
        workspace: &mut Workspace,
    ) -> Result<Self> {
        let trace = net.trace(batch, labels, pass, workspace)?;
        Ok(Self { output: Var::from_tensor(trace.output())?, trace })
    }

    /// Takes the loss's gradient back through the net: adds to `gradients` those of weights that learn, and gives that of the batch if wanted.
    pub fn backward(
        &self,
        batch_wanted: bool,
        gradients: &mut GradStore,
        workspace: &mut Workspace,
    ) -> Result<Option<Tensor>> {
        match gradients.remove(&self.output) {
            Some(gradient) => Ok(self.trace.backward(gradient, batch_wanted, gradients, workspace)?),
            None => Err(Error::Internal { reason: "a loss does not depend on what a net gave".into() }),
        }
    }

    /// The same from a gradient of the output that is known, for weights only.
    pub fn backward_from(
        &self,
        g: Tensor,
        gradients: &mut GradStore,
        workspace: &mut Workspace,
    ) -> Result<()> {
        self.trace.backward(g, false, gradients, workspace)?;
        Ok(())
    }

    /// A penalty on the net's slope at the batch; adds its gradient to `gradients`.
    pub fn penalise(
        &self,
        goal: Goal,
        weight: f64,
        gradients: &mut GradStore,
        workspace: &mut Workspace,
    ) -> Result<f32> {
        let penalty = Penalty::of(&self.trace, goal, weight, workspace)?;
        penalty.backward(&self.trace, gradients, workspace)?;
        Ok(penalty.value.to_scalar()?)
    }
}

/// Takes what batch norms of these nets saw into their running statistics: of all, or of none where one would be no number.
pub(super) fn take_in(nets: &[(&Net, &str)], iterations: u32) -> Result<()> {
    for (net, whose) in nets {
        if !net.seen_is_finite()? {
            let what = format!("a batch norm's statistic of {whose}");
            return Err(Error::NotFinite { what, step: (iterations + 1).to_string() });
        }
    }
    Ok(nets.iter().try_for_each(|(net, _)| net.take_in())?)
}

/// The value, unless it is no number.
pub(super) fn finite(value: f32, what: &str, iterations: u32) -> Result<f32> {
    if value.is_finite() {
        return Ok(value);
    }
    Err(Error::NotFinite { what: what.to_owned(), step: (iterations + 1).to_string() })
}

/// What an earlier phase must have left.
pub(super) fn held<T>(value: &Option<T>) -> Result<&T> {
    value.as_ref().ok_or_else(|| Error::Internal { reason: "a phase was played out of order".into() })
}
