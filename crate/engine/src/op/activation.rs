//! Activations, and their derivatives as functions of their own output, so that a layer needs to keep nothing else.

use crate::kernel::Real;

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

    /// Applies it in place. NaN stays NaN: a fault must show in the loss.
    pub(super) fn forward<T: Real>(self, values: &mut [T]) {
        match self {
            Self::Identity => {}
            Self::Relu => each(values, |x| if x <= T::ZERO { T::ZERO } else { x }),
            Self::LeakyRelu => each(values, |x| if x <= T::ZERO { x * T::of(LEAK) } else { x }),
            Self::Tanh => each(values, T::tanh),
            Self::Sigmoid => each(values, T::sigmoid),
        }
    }

    /// Multiplies `gradient` by the derivative, given the output.
    pub(super) fn backward<T: Real>(self, output: &[T], gradient: &[T]) -> Vec<T> {
        let leak = T::of(LEAK);
        match self {
            Self::Identity => gradient.to_vec(),
            Self::Relu => pairs(output, gradient, |y, g| if y > T::ZERO { g } else { T::ZERO }),
            Self::LeakyRelu => pairs(output, gradient, |y, g| if y > T::ZERO { g } else { g * leak }),
            Self::Tanh => pairs(output, gradient, |y, g| g * (T::ONE - y * y)),
            Self::Sigmoid => pairs(output, gradient, |y, g| g * y * (T::ONE - y)),
        }
    }
}

#[inline(always)]
fn each<T: Real>(values: &mut [T], f: impl Fn(T) -> T) {
    for value in values {
        *value = f(*value);
    }
}

#[inline(always)]
fn pairs<T: Real>(output: &[T], gradient: &[T], f: impl Fn(T, T) -> T) -> Vec<T> {
    output.iter().zip(gradient).map(|(&y, &g)| f(y, g)).collect()
}
