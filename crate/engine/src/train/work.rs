//! What the phases of an iteration hand to each other.

use candle_core::Tensor;
use candle_core::backprop::GradStore;

use crate::error::{Error, Result};
use crate::kernel::Workspace;
use crate::net::penalty::{Penalty, PenaltyTarget};
use crate::net::{Net, Trace};

/// What one phase leaves for the next; the last iteration's until a new one
/// starts.
#[derive(Default)]
pub(super) struct Work {
    pub real: Option<Tensor>,
    /// What `fake` was made from.
    pub latents: Option<Tensor>,
    pub fake: Option<Tensor>,
    /// How G made `fake`, where its step will need it.
    pub made: Option<Trace>,
    pub real_scores: Option<Trace>,
    pub fake_scores: Option<Trace>,
    /// The gradient of G's loss by the pixels of `fake`.
    pub push: Option<Tensor>,
    pub indices: Vec<u32>,
    /// Of the real digits, and what G is told to make; empty where nobody is
    /// told.
    pub labels: Vec<u8>,
}

/// A penalty on a net's slope at the batch of a pass; adds its gradient to
/// `gradients`.
pub(super) fn penalise(
    pass: &Trace,
    goal: PenaltyTarget,
    weight: f64,
    gradients: &mut GradStore,
    workspace: &mut Workspace,
) -> Result<f32> {
    let penalty = Penalty::of(pass, goal, weight, workspace)?;
    penalty.backward(pass, gradients, workspace)?;
    Ok(penalty.value as f32)
}

/// The gradient of what entered a net, where it was asked for.
pub(super) fn entered(gradient: Option<Tensor>) -> Result<Tensor> {
    gradient
        .ok_or_else(|| Error::Internal { reason: "a net gave no gradient of what entered".into() })
}

/// Takes what batch norms of these nets saw into their running statistics: of
/// all, or of none where one would be no number.
pub(super) fn take_in(nets: &[(&Net, &str)], iterations: u32) -> Result<()> {
    for (net, whose) in nets {
        if !net.seen_is_finite()? {
            let what = format!("a batch norm's statistic of {whose}");
            return Err(Error::NotFinite { what, step: (iterations + 1).to_string() });
        }
    }
    Ok(nets.iter().try_for_each(|(net, _)| net.take_in())?)
}

/// The value, unless it is no number in f32.
pub(super) fn finite(value: f64, what: &str, iterations: u32) -> Result<f32> {
    let value = value as f32;
    if value.is_finite() {
        return Ok(value);
    }
    Err(Error::NotFinite { what: what.to_owned(), step: (iterations + 1).to_string() })
}

/// What an earlier phase must have left.
pub(super) fn held<T>(value: &Option<T>) -> Result<&T> {
    value
        .as_ref()
        .ok_or_else(|| Error::Internal { reason: "a phase was played out of order".into() })
}
