//! What an operation is: a function of a batch, and of weights where it has
//! any, with its derivatives.

use candle_core::{Result, bail};

use super::BatchStatistics;
use crate::kernel::{Batch, Real, Workspace};

/// The weights of an operation, row-major: (in, out) and (out) of a dense
/// layer, gamma and beta of a normalisation; empty where there are none.
#[derive(Clone, Copy)]
pub struct Weights<'a, T> {
    /// What multiplies.
    pub weight: &'a [T],
    /// What is added.
    pub bias: &'a [T],
}

impl<T> Default for Weights<'_, T> {
    fn default() -> Self {
        Self { weight: &[], bias: &[] }
    }
}

/// The gradients of [`Weights`], which backward passes add to.
pub struct WeightGradients<'a, T> {
    /// Of what multiplies.
    pub weight: &'a mut [T],
    /// Of what is added; empty: not wanted.
    pub bias: &'a mut [T],
}

/// One call of an operation.
#[derive(Clone, Copy)]
pub struct Call<'a, T: Real> {
    /// What entered.
    pub x: &'a Batch<T>,
    /// The weights it had.
    pub weights: Weights<'a, T>,
    /// What left.
    pub y: &'a Batch<T>,
}

/// A function of a batch with its derivatives. One object a call: what the
/// backward needs besides the call, it keeps.
pub trait Operation<T: Real>: Send + Sync {
    /// Its name in errors.
    fn name(&self) -> &'static str;

    /// What leaves. Errors: shapes that do not fit.
    fn forward(
        &self,
        x: &Batch<T>,
        weights: Weights<T>,
        workspace: &mut Workspace,
    ) -> Result<Batch<T>>;

    /// What a normalisation by the batch's own statistics saw in the forward
    /// pass.
    fn statistics(&self) -> Option<&BatchStatistics> {
        None
    }

    /// The gradient of what entered, if `wanted`, from that of what left; adds
    /// those of the weights to `into`.
    fn backward(
        &self,
        call: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        into: Option<WeightGradients<T>>,
        workspace: &mut Workspace,
    ) -> Result<Option<Batch<T>>>;

    /// Where what left moves when what entered moves in `direction` and all
    /// else stays. Errors: an operation whose slope depends on what entered,
    /// almost everywhere: a penalty on gradients would need its second
    /// derivative.
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
