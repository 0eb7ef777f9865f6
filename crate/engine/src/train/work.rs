//! What the phases of an iteration hand to each other.

use crate::error::{Error, Result};
use crate::kernel::{Batch, Workspace};
use crate::net::penalty::{Penalty, PenaltyTarget};
use crate::net::{Net, Trace};
use crate::params::Element;

/// What one phase leaves for the next; the last iteration's until a new one
/// starts.
#[derive(Default)]
pub(super) struct Work {
    pub real: Option<Batch>,
    /// What `fake` was made from.
    pub latents: Option<Batch>,
    pub fake: Option<Batch>,
    /// How G made `fake`, where its step will need it.
    pub made: Option<Trace>,
    pub real_scores: Option<Trace>,
    pub fake_scores: Option<Trace>,
    /// The gradient of G's loss by the pixels of `fake`.
    pub push: Option<Batch>,
    pub indices: Vec<u32>,
    /// Of the real digits, and what G is told to make; empty where nobody is
    /// told.
    pub labels: Vec<u8>,
}

/// A penalty on a net's slope at the batch of a pass; adds its gradient to
/// `gradient`.
pub(super) fn penalise(
    net: &Net,
    pass: &Trace,
    target: PenaltyTarget,
    weight: f64,
    gradient: &mut [f32],
    workspace: &mut Workspace,
) -> Result<f32> {
    let penalty = Penalty::of(net, pass, target, weight, workspace)?;
    penalty.backward(net, pass, gradient, workspace)?;
    Ok(penalty.value as f32)
}

/// The gradient of what entered a net, where it was asked for.
pub(super) fn entered<T: Element>(gradient: Option<Batch<T>>) -> Result<Batch<T>> {
    gradient
        .ok_or_else(|| Error::Internal { reason: "a net gave no gradient of what entered".into() })
}

/// Takes what batch norms of these nets saw into their running statistics: of
/// all, or of none where one would be no number.
pub(super) fn take_in<const N: usize>(nets: [(&mut Net, &str); N], iterations: u32) -> Result<()> {
    for (net, whose) in &nets {
        if !net.seen_is_finite() {
            let what = format!("a batch norm's statistic of {whose}");
            return Err(Error::NotFinite { what, step: (iterations + 1).to_string() });
        }
    }
    nets.into_iter().for_each(|(net, _)| net.take_in());
    Ok(())
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
