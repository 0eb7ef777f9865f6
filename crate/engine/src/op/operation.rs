//! The trait of an operation: a function of a batch, and of weights if it has
//! any, with its derivatives.

use candle_core::{Result, bail};

use super::BatchStatistics;
use crate::kernel::{Batch, Real, Workspace};

/// The weights of an operation, row-major: (in, out) and (out) of a dense
/// layer, gamma and beta of a normalisation; empty if there are none.
#[derive(Clone, Copy)]
pub struct Weights<'a, T> {
    /// The factor: weight or gamma.
    pub weight: &'a [T],
    /// The summand: bias or beta.
    pub bias: &'a [T],
}

impl<T> Default for Weights<'_, T> {
    fn default() -> Self {
        Self { weight: &[], bias: &[] }
    }
}

/// Buffers to which backward passes add the gradients of [`Weights`].
pub struct WeightGradients<'a, T> {
    /// Gradient of [`Weights::weight`].
    pub weight: &'a mut [T],
    /// Gradient of [`Weights::bias`]; empty if it is not requested.
    pub bias: &'a mut [T],
}

/// One call of an operation.
#[derive(Clone, Copy)]
pub struct Call<'a, T: Real> {
    /// The input.
    pub x: &'a Batch<T>,
    /// The weights of the call.
    pub weights: Weights<'a, T>,
    /// The output.
    pub y: &'a Batch<T>,
}

/// A function of a batch with its derivatives. One object per call: it keeps
/// what the backward pass needs besides the call.
pub trait Operation<T: Real>: Send + Sync {
    /// Its name in error messages.
    fn name(&self) -> &'static str;

    /// The output. Errors: shapes that do not fit.
    fn forward(
        &self,
        x: &Batch<T>,
        weights: Weights<T>,
        workspace: &mut Workspace,
    ) -> Result<Batch<T>>;

    /// The batch statistics of the forward pass, if the operation normalises by
    /// them.
    fn statistics(&self) -> Option<&BatchStatistics> {
        None
    }

    /// The gradient of the input, if `wanted`, from the `gradient` of the
    /// output. Adds the gradients of the weights to `into`.
    fn backward(
        &self,
        call: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        into: Option<WeightGradients<T>>,
        workspace: &mut Workspace,
    ) -> Result<Option<Batch<T>>>;

    /// The directional derivative of the output for the input in a direction,
    /// with fixed weights. Errors: an operation whose slope depends on the
    /// input almost everywhere, because a penalty on gradients would need its
    /// second derivative.
    fn tangent(&self, _: Call<T>, _: &Batch<T>, _: &mut Workspace) -> Result<Batch<T>> {
        bail!(
            "{}: its slope is not constant, so a penalty on gradients cannot go through it",
            self.name()
        )
    }
}

/// Adds numbers to a gradient.
pub(super) fn add_to<T: Real>(gradient: &mut [T], numbers: &[T]) {
    gradient.iter_mut().zip(numbers).for_each(|(sum, &number)| *sum += number);
}
