//! Activations, and their derivatives as functions of their own output, so that
//! a layer needs to keep nothing else.

use std::borrow::Cow;

use candle_core::{Result, bail};

use crate::kernel::meter::Part;
use crate::kernel::{Real, Workspace, add_row_then, column_sums, standardised};

/// What follows a layer's sum, element by element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// x.
    Identity,
    /// max(x, 0), with derivative 0 at 0, as PyTorch has it.
    Relu,
    /// x above 0, a fifth of it below (arXiv:1511.06434 uses this slope).
    LeakyRelu,
    /// Hyperbolic tangent.
    Tanh,
    /// 1 / (1 + e^-x).
    Sigmoid,
}

/// The slope of [`Activation::LeakyRelu`] below 0.
const LEAK: f64 = 0.2;

impl Activation {
    /// The word for it in a layer list.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky-relu",
            Self::Tanh => "tanh",
            Self::Sigmoid => "sigmoid",
        }
    }

    /// Whether its slope is constant but for kinks: what an exact penalty on
    /// gradients needs.
    pub fn straight(self) -> bool {
        matches!(self, Self::Identity | Self::Relu | Self::LeakyRelu)
    }

    /// The slope at `result` times `direction`: the tangent of an activation
    /// that is [`Self::straight`].
    pub(super) fn slope<T: Real>(
        self,
        result: &[T],
        direction: Vec<T>,
        ws: &mut Workspace,
    ) -> Result<Vec<T>> {
        if !self.straight() {
            bail!("{}: a penalty on gradients cannot go through its changing slope", self.name());
        }
        Ok(match self {
            Self::Identity => direction,
            _ => self.before(result, &direction, ws).into_owned(),
        })
    }

    /// act(y + bias) in place, the bias a number a column. NaN stays NaN: a
    /// fault must show in the loss.
    pub(super) fn finish<T: Real>(self, y: &mut [T], bias: &[T], ws: &mut Workspace) {
        let start = ws.meter.start();
        match self {
            Self::Identity => add_row_then(y, bias, |x| x),
            Self::Relu => add_row_then(y, bias, relu),
            Self::LeakyRelu => add_row_then(y, bias, leaky_relu),
            Self::Tanh => add_row_then(y, bias, T::tanh),
            Self::Sigmoid => add_row_then(y, bias, T::sigmoid),
        }
        ws.meter.stop(Part::Epilogue, start);
    }

    /// act((x - centre) scale + shift), each a number a column.
    pub(super) fn standardised<T: Real>(self, x: &[T], columns: [&[T]; 3]) -> Vec<T> {
        match self {
            Self::Identity => standardised(x, columns, |x| x),
            Self::Relu => standardised(x, columns, relu),
            Self::LeakyRelu => standardised(x, columns, leaky_relu),
            Self::Tanh => standardised(x, columns, T::tanh),
            Self::Sigmoid => standardised(x, columns, T::sigmoid),
        }
    }

    /// The gradient before the activation, given its output and the gradient
    /// after it.
    pub(super) fn before<'a, T: Real>(
        self,
        output: &[T],
        gradient: &'a [T],
        ws: &mut Workspace,
    ) -> Cow<'a, [T]> {
        let start = ws.meter.start();
        let leak = T::of(LEAK);
        let before = match self {
            Self::Identity => Cow::Borrowed(gradient),
            Self::Relu => pairs(output, gradient, |y, g| if y > T::ZERO { g } else { T::ZERO }),
            Self::LeakyRelu => {
                pairs(output, gradient, |y, g| if y > T::ZERO { g } else { g * leak })
            }
            Self::Tanh => pairs(output, gradient, |y, g| g * (T::ONE - y * y)),
            Self::Sigmoid => pairs(output, gradient, |y, g| g * y * (T::ONE - y)),
        };
        ws.meter.stop(Part::Epilogue, start);
        before
    }

    /// The gradient of a bias of `columns` numbers.
    pub(super) fn bias_gradient<T: Real>(
        before: &[T],
        columns: usize,
        ws: &mut Workspace,
    ) -> Vec<T> {
        let start = ws.meter.start();
        let sums = column_sums(before, columns);
        ws.meter.stop(Part::Epilogue, start);
        sums
    }
}

#[inline(always)]
fn relu<T: Real>(x: T) -> T {
    if x <= T::ZERO { T::ZERO } else { x }
}

#[inline(always)]
fn leaky_relu<T: Real>(x: T) -> T {
    if x <= T::ZERO { x * T::of(LEAK) } else { x }
}

#[inline(always)]
fn pairs<'a, T: Real>(output: &[T], gradient: &[T], f: impl Fn(T, T) -> T) -> Cow<'a, [T]> {
    Cow::Owned(output.iter().zip(gradient).map(|(&y, &g)| f(y, g)).collect())
}
