//! What the phases of an iteration hand to each other.

use candle_core::backprop::GradStore;
use candle_core::{Tensor, Var};

use crate::error::{Error, Result};
use crate::kernel::Workspace;
use crate::net::{Net, Pass, Trace};

/// What one phase leaves for the next; empty between iterations.
#[derive(Default)]
pub(super) struct Work {
    pub real: Option<Tensor>,
    pub fake: Option<Tensor>,
    /// How G made `fake`, where its step will need it.
    pub made: Option<Trace>,
    pub real_scores: Option<Scored>,
    pub fake_scores: Option<Scored>,
    pub indices: Vec<u32>,
    /// Of the real digits, and what G is told to make; empty where nobody is told.
    pub labels: Vec<u8>,
}

/// What D said, as the start of the loss's tape, and how it came to it.
pub(super) struct Scored {
    pub logits: Var,
    trace: Trace,
}

impl Scored {
    /// D on a batch, (batch, 784).
    pub fn of(
        d: &Net,
        digits: &Tensor,
        labels: &[u8],
        pass: Pass,
        workspace: &mut Workspace,
    ) -> Result<Self> {
        let trace = d.trace(digits, labels, pass, workspace)?;
        Ok(Self { logits: Var::from_tensor(trace.output())?, trace })
    }

    /// Takes the loss's gradient back through D: adds to `gradients` those of its weights, or gives that of the digits.
    pub fn backward(
        &self,
        digits_wanted: bool,
        gradients: &mut GradStore,
        workspace: &mut Workspace,
    ) -> Result<Option<Tensor>> {
        match gradients.remove(&self.logits) {
            Some(gradient) => Ok(self.trace.backward(gradient, digits_wanted, gradients, workspace)?),
            None => Err(Error::Internal { reason: "a loss does not depend on D's scores".into() }),
        }
    }
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
