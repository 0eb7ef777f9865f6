//! The layers there are, as data, and each with its weights.

use candle_core::{Result, Tensor, Var};
use candle_nn::VarBuilder;

use super::Pass;
use crate::op::{self, Activation, BatchStatistics};

/// One layer: its outputs only; inputs are inferred, so that no width is written twice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layer {
    /// (rows, in) -> (rows, outputs).
    Dense {
        /// Columns out.
        outputs: usize,
        /// Applied to the sum.
        activation: Activation,
    },
    /// Batch normalisation of each column, (rows, in) -> the same.
    BatchNorm {
        /// Applied to the normalised value.
        activation: Activation,
    },
    /// Zeroes a share of the values while training, any shape.
    Dropout {
        /// The share, in [0, 1).
        rate: f64,
    },
}

impl Layer {
    /// Columns that leave the layer when `inputs` enter it.
    pub fn outputs(&self, inputs: usize) -> usize {
        match *self {
            Self::Dense { outputs, .. } => outputs,
            Self::BatchNorm { .. } | Self::Dropout { .. } => inputs,
        }
    }

    /// Weights that an optimiser moves.
    pub fn weights(&self, inputs: usize) -> u64 {
        match *self {
            Self::Dense { outputs, .. } => (inputs as u64 + 1).saturating_mul(outputs as u64),
            Self::BatchNorm { .. } => 2 * inputs as u64,
            Self::Dropout { .. } => 0,
        }
    }
}

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Dense { outputs, activation } => write!(f, "dense {outputs} {}", activation.name()),
            Self::BatchNorm { activation } => write!(f, "batch-norm {}", activation.name()),
            Self::Dropout { rate } => write!(f, "dropout {rate}"),
        }
    }
}

/// How first weights are drawn; n is the number of inputs of a neuron. Biases start at 0 but for `Torch`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// PyTorch's default: weights and biases uniform in +-1 / sqrt(n).
    Torch,
    /// N(0, 2 / n) (He et al. 2015, arXiv:1502.01852).
    He,
}

/// A layer with its weights.
pub(super) enum Unit {
    Dense { weight: Tensor, bias: Tensor, activation: Activation },
    BatchNorm { gamma: Tensor, beta: Tensor, mean: Var, variance: Var, activation: Activation },
    Dropout { rate: f64 },
}

/// The share of a new batch in the running statistics, as in PyTorch.
const MOMENTUM: f64 = 0.1;

impl Unit {
    pub(super) fn build(layer: &Layer, inputs: usize, init: Init, vb: &VarBuilder) -> Result<Self> {
        Ok(match *layer {
            Layer::Dense { outputs, activation } => {
                let (weights, biases) = init.draws(inputs);
                Self::Dense {
                    weight: vb.get_with_hints((inputs, outputs), "weight", weights)?,
                    bias: vb.get_with_hints(outputs, "bias", biases)?,
                    activation,
                }
            }
            Layer::BatchNorm { activation } => {
                let column = |name, value| vb.get_with_hints(inputs, name, candle_nn::Init::Const(value));
                Self::BatchNorm {
                    gamma: column("weight", 1.)?,
                    beta: column("bias", 0.)?,
                    mean: Var::from_tensor(&column("running_mean", 0.)?)?,
                    variance: Var::from_tensor(&column("running_var", 1.)?)?,
                    activation,
                }
            }
            Layer::Dropout { rate } => Self::Dropout { rate },
        })
    }

    pub(super) fn forward(&self, x: &Tensor, pass: &mut Pass) -> Result<Tensor> {
        let held = |weight: &Tensor| match pass {
            Pass::Train(_) => weight.clone(),
            Pass::Frozen(_) | Pass::Eval => weight.detach(),
        };
        match self {
            Self::Dense { weight, bias, activation } => op::dense(x, &held(weight), &held(bias), *activation),
            Self::BatchNorm { gamma, beta, mean, variance, activation } => {
                let (gamma, beta) = (held(gamma), held(beta));
                if matches!(pass, Pass::Eval) {
                    return op::batch_norm_eval(x, &gamma, &beta, mean, variance, *activation);
                }
                let (y, batch) = op::batch_norm_train(x, &gamma, &beta, *activation)?;
                follow(mean, variance, &batch, x.dim(0)?)?;
                Ok(y)
            }
            Self::Dropout { rate } => match pass {
                Pass::Train(rng) | Pass::Frozen(rng) => op::dropout(x, *rate, rng),
                Pass::Eval => Ok(x.clone()),
            },
        }
    }
}

impl Init {
    /// The draws of weights and of biases for a neuron of `inputs`.
    fn draws(self, inputs: usize) -> (candle_nn::Init, candle_nn::Init) {
        let n = inputs as f64;
        match self {
            Self::Torch => {
                let uniform = candle_nn::Init::Uniform { lo: -1. / n.sqrt(), up: 1. / n.sqrt() };
                (uniform, uniform)
            }
            Self::He => {
                (candle_nn::Init::Randn { mean: 0., stdev: (2. / n).sqrt() }, candle_nn::Init::Const(0.))
            }
        }
    }
}

/// Moves the running statistics towards a batch's; the variance counted without bias, as in PyTorch.
fn follow(mean: &Var, variance: &Var, batch: &BatchStatistics, rows: usize) -> Result<()> {
    let unbiased = rows as f64 / (rows.max(2) - 1) as f64;
    let blend = |var: &Var, new: &[f64], scale: f64| -> Result<()> {
        let new = Tensor::from_slice(new, new.len(), var.device())?.to_dtype(var.dtype())?;
        let old = var.as_detached_tensor();
        var.set(&((old * (1. - MOMENTUM))? + (new * (MOMENTUM * scale))?)?)
    };
    blend(mean, &batch.mean, 1.)?;
    blend(variance, &batch.variance, unbiased)
}
