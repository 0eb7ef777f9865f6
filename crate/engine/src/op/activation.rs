//! Activations, and their derivatives as functions of their output, so that a
//! layer keeps nothing else.

use candle_core::{Result, bail};

use super::operation::add_to;
use crate::kernel::meter::Part;

use crate::kernel::{Batch, Buffer, Real, Workspace, add_row_then, column_sums, standardised};

/// The function after a layer's sum, element by element.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Activation {
    /// x.
    Identity,
    /// max(x, 0), with derivative 0 at 0, as in PyTorch.
    Relu,
    /// x above 0, 0.2 x below (arXiv:1511.06434 uses this slope).
    LeakyRelu,
    /// 1 / (1 + e^-x).
    Sigmoid,
}

/// The slope of [`Activation::LeakyRelu`] below 0.
const LEAK: f64 = 0.2;

impl Activation {
    /// Its name in a layer list.
    pub fn name(self) -> &'static str {
        match self {
            Self::Identity => "identity",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky-relu",
            Self::Sigmoid => "sigmoid",
        }
    }

    /// Whether it is piecewise linear, as an exact penalty on gradients needs.
    pub fn is_piecewise_linear(self) -> bool {
        matches!(self, Self::Identity | Self::Relu | Self::LeakyRelu)
    }

    /// The slope at `result` times `direction`: the tangent of an activation
    /// that is [`Self::straight`]. Errors: any other activation.
    pub(super) fn slope<T: Real>(
        self,
        result: &Batch<T>,
        direction: Batch<T>,
        ws: &mut Workspace,
    ) -> Result<Batch<T>> {
        if !self.is_piecewise_linear() {
            bail!("{}: a penalty on gradients cannot go through its changing slope", self.name());
        }
        Ok(self.before(result, &direction, ws))
    }

    /// act(y + bias) in place, with one bias per column. NaN stays NaN, so that
    /// faults show in the loss.
    pub(super) fn finish<T: Real>(self, y: &mut [T], bias: &[T], ws: &mut Workspace) {
        let start = ws.meter.start();
        match self {
            Self::Identity => add_row_then(y, bias, |x| x),
            Self::Relu => add_row_then(y, bias, relu),
            Self::LeakyRelu => add_row_then(y, bias, leaky_relu),
            Self::Sigmoid => add_row_then(y, bias, T::sigmoid),
        }
        ws.meter.stop(Part::Epilogue, start);
    }

    /// act((x - centre) scale + shift), with one number of each per column.
    pub(super) fn standardised<T: Real>(self, x: &[T], columns: [&[T]; 3]) -> Buffer<T> {
        match self {
            Self::Identity => standardised(x, columns, |x| x),
            Self::Relu => standardised(x, columns, relu),
            Self::LeakyRelu => standardised(x, columns, leaky_relu),
            Self::Sigmoid => standardised(x, columns, T::sigmoid),
        }
    }

    /// The gradient before the activation, given its output and the gradient
    /// after it.
    pub(super) fn before<T: Real>(
        self,
        output: &Batch<T>,
        gradient: &Batch<T>,
        ws: &mut Workspace,
    ) -> Batch<T> {
        let start = ws.meter.start();
        let leak = T::of(LEAK);
        let before = match self {
            Self::Identity => gradient.clone(),
            Self::Relu => pairs(output, gradient, |y, g| if y > T::ZERO { g } else { T::ZERO }),
            Self::LeakyRelu => {
                pairs(output, gradient, |y, g| if y > T::ZERO { g } else { g * leak })
            }
            Self::Sigmoid => pairs(output, gradient, |y, g| g * y * (T::ONE - y)),
        };
        ws.meter.stop(Part::Epilogue, start);
        before
    }

    /// Adds the gradient of a bias with one number per column; does nothing if
    /// `bias` is empty.
    pub(super) fn add_bias_gradient<T: Real>(bias: &mut [T], before: &[T], ws: &mut Workspace) {
        if bias.is_empty() {
            return;
        }
        let start = ws.meter.start();
        add_to(bias, &column_sums(before, bias.len()));
        ws.meter.stop(Part::Epilogue, start);
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
fn pairs<T: Real>(output: &Batch<T>, gradient: &Batch<T>, f: impl Fn(T, T) -> T) -> Batch<T> {
    let pairs = output.numbers().iter().zip(gradient.numbers());
    Batch::new(output.rows(), Buffer::of(pairs.map(|(&y, &g)| f(y, g))))
}
