//! A layer with its weights.

use std::cell::RefCell;

use candle_core::{Result, Tensor, Var, bail};
use candle_nn::VarBuilder;

use super::trace::{Run, record};
use super::{Layer, Pass, Shape, Told};
use crate::data::CLASSES;
use crate::kernel::{Real, Window, Workspace};
use crate::op::{self, Activation, BatchNorm, BatchStatistics, for_element, with_slice};

/// How first weights are drawn; n is the number of inputs of a neuron. Biases
/// start at 0 but for `Torch`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// PyTorch's default: weights and biases uniform in +-1 / sqrt(n).
    Torch,
    /// N(0, 2 / n) (He et al. 2015, arXiv:1502.01852).
    He,
    /// N(0, 0.02^2) (arXiv:1511.06434, section 4).
    Dcgan,
    /// Uniform in +- the number, as the code of Goodfellow et al. 2014 draws.
    Within(f64),
}

/// A layer with its weights.
pub(super) enum Unit {
    Dense {
        weight: Tensor,
        bias: Tensor,
        activation: Activation,
    },
    Conv {
        weight: Tensor,
        bias: Tensor,
        window: Window,
        activation: Activation,
    },
    Deconv {
        weight: Tensor,
        bias: Tensor,
        window: Window,
        activation: Activation,
    },
    Reshape,
    BatchNorm {
        gamma: Tensor,
        beta: Tensor,
        mean: Var,
        variance: Var,
        /// What both become when a step takes in what was seen since the last
        /// one.
        next: RefCell<Option<[Tensor; 2]>>,
        activation: Activation,
    },
    InstanceNorm {
        channels: usize,
        activation: Activation,
    },
    /// The net itself adds: it knows what entered before.
    Add {
        back: usize,
    },
    Dropout {
        rate: f64,
    },
    Maxout {
        pieces: usize,
    },
    Label {
        of: usize,
        channels: usize,
    },
    Pack {
        count: usize,
        channels: usize,
    },
    Noise {
        deviation: f64,
    },
}

/// The share of a new batch in the running statistics, as in PyTorch.
const MOMENTUM: f64 = 0.1;

impl Unit {
    pub(super) fn build(layer: &Layer, input: Shape, init: Init, vb: &VarBuilder) -> Result<Self> {
        let output = layer.output(input);
        if output.size() == 0 {
            bail!("{layer} leaves nothing of {input}");
        }
        let Some((shape, biases)) = layer.parameters(input) else {
            return match *layer {
                Layer::Reshape(shape) if shape.size() != input.size() => {
                    bail!("{layer} does not hold {input}")
                }
                Layer::BatchNorm { activation } => Self::batch_norm(input.channels, activation, vb),
                Layer::InstanceNorm { activation } => {
                    Ok(Self::InstanceNorm { channels: input.channels, activation })
                }
                Layer::Add { back } => Ok(Self::Add { back }),
                Layer::Dropout { rate } => Ok(Self::Dropout { rate }),
                Layer::Maxout { pieces } if pieces == 0 || !input.size().is_multiple_of(pieces) => {
                    bail!("{layer} does not divide {input}")
                }
                Layer::Maxout { pieces } => Ok(Self::Maxout { pieces }),
                Layer::Label { of } => Ok(Self::Label { of, channels: input.channels }),
                Layer::Pack { count } => Ok(Self::Pack { count, channels: input.channels }),
                Layer::Noise { deviation } => Ok(Self::Noise { deviation }),
                _ => Ok(Self::Reshape),
            };
        };
        let (weights, bias) = init.draws(layer.fan_in(input));
        let (weight, bias) = (
            vb.get_with_hints(shape, "weight", weights)?,
            vb.get_with_hints(biases, "bias", bias)?,
        );
        Ok(match (*layer, layer.window(input)) {
            (Layer::Conv { activation, .. }, Some(window)) => {
                Self::Conv { weight, bias, window, activation }
            }
            (Layer::Deconv { activation, .. }, Some(window)) => {
                if window.grid() != Some((input.height, input.width)) {
                    bail!("{layer} has no grid of {input}");
                }
                Self::Deconv { weight, bias, window, activation }
            }
            (Layer::Dense { activation, .. }, _) => Self::Dense { weight, bias, activation },
            _ => bail!("{layer} has weights of no known use"),
        })
    }

    fn batch_norm(channels: usize, activation: Activation, vb: &VarBuilder) -> Result<Self> {
        let column = |name, value| vb.get_with_hints(channels, name, candle_nn::Init::Const(value));
        Ok(Self::BatchNorm {
            gamma: column("weight", 1.)?,
            beta: column("bias", 0.)?,
            mean: Var::from_tensor(&column("running_mean", 0.)?)?,
            variance: Var::from_tensor(&column("running_var", 1.)?)?,
            next: RefCell::default(),
            activation,
        })
    }

    /// What leaves it, and, unless sampling, what its backward needs.
    pub(super) fn run(
        &self,
        x: &Tensor,
        told: Told,
        pass: &mut Pass,
        ws: &mut Workspace,
    ) -> Result<Run> {
        match self {
            Self::Dense { weight, bias, activation } => {
                record(op::Dense(*activation), [x, weight, bias], pass, ws)
            }
            Self::Conv { weight, bias, window, activation } => {
                let op = op::Conv { window: *window, activation: *activation };
                record(op, [x, weight, bias], pass, ws)
            }
            Self::Deconv { weight, bias, window, activation } => {
                let op = op::Deconv { window: *window, activation: *activation };
                record(op, [x, weight, bias], pass, ws)
            }
            Self::Reshape | Self::Add { .. } => Ok(Run { result: x.clone(), step: None }),
            Self::BatchNorm { gamma, beta, mean, variance, next, activation } => {
                if matches!(pass, Pass::Eval | Pass::Look) {
                    return record(
                        BatchNorm::eval(mean, variance, *activation)?,
                        [x, gamma, beta],
                        pass,
                        ws,
                    );
                }
                let op = BatchNorm::train(*activation);
                let seen = op.seen();
                let run = record(op, [x, gamma, beta], pass, ws)?;
                if let (Some(batch), Pass::Train(_) | Pass::Frozen(_)) = (seen.get(), pass) {
                    let before = next.take().unwrap_or_else(|| {
                        [mean, variance].map(|running| running.as_detached_tensor())
                    });
                    next.replace(Some(followed(before, batch)?));
                }
                Ok(run)
            }
            Self::InstanceNorm { channels, activation } => record(
                op::InstanceNorm { channels: *channels, activation: *activation },
                [x],
                pass,
                ws,
            ),
            Self::Maxout { pieces } => record(op::Maxout { pieces: *pieces }, [x], pass, ws),
            Self::Pack { count, channels } => {
                record(op::Pack { count: *count, channels: *channels }, [x], pass, ws)
            }
            Self::Label { of, channels } => {
                let constants = told.shares(x.dim(0)? * of)?;
                let op = op::Beside { channels: *channels, constants, more: of * CLASSES };
                record(op, [x], pass, ws)
            }
            Self::Noise { deviation } => match pass {
                Pass::Train(rng) | Pass::Frozen(rng) => {
                    let op = op::AddNoise::draw(x.elem_count(), *deviation, rng);
                    record(op, [x], pass, ws)
                }
                Pass::Batch | Pass::Eval | Pass::Look => Ok(Run { result: x.clone(), step: None }),
            },
            Self::Dropout { rate } => match pass {
                Pass::Train(rng) | Pass::Frozen(rng) => {
                    let op = op::Dropout::draw(x.elem_count(), *rate, rng)?;
                    record(op, [x], pass, ws)
                }
                Pass::Batch | Pass::Eval | Pass::Look => Ok(Run { result: x.clone(), step: None }),
            },
        }
    }
}

impl Unit {
    /// Whether running statistics stay finite when what was seen is taken in.
    pub(super) fn seen_is_finite(&self) -> Result<bool> {
        let Self::BatchNorm { next, .. } = self else { return Ok(true) };
        for statistic in next.borrow().iter().flatten() {
            let finite = for_element!(statistic.dtype(), T => {
                with_slice::<T, _>(statistic, |numbers| Ok(numbers.iter().all(|number| number.wide().is_finite())))
            })?;
            if !finite {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// Moves running statistics to where what was seen takes them.
    pub(super) fn take_in(&self) -> Result<()> {
        if let Self::BatchNorm { mean, variance, next, .. } = self
            && let Some([new_mean, new_variance]) = next.take()
        {
            mean.set(&new_mean)?;
            variance.set(&new_variance)?;
        }
        Ok(())
    }

    /// Forgets what was seen.
    pub(super) fn forget(&self) {
        if let Self::BatchNorm { next, .. } = self {
            next.take();
        }
    }
}

impl Init {
    /// The draws of weights and of biases for a neuron of `inputs`.
    fn draws(self, inputs: usize) -> (candle_nn::Init, candle_nn::Init) {
        let n = inputs as f64;
        let normal = |stdev| candle_nn::Init::Randn { mean: 0., stdev };
        let zero = candle_nn::Init::Const(0.);
        match self {
            Self::Torch => {
                let uniform = candle_nn::Init::Uniform { lo: -1. / n.sqrt(), up: 1. / n.sqrt() };
                (uniform, uniform)
            }
            Self::He => (normal((2. / n).sqrt()), zero),
            Self::Dcgan => (normal(0.02), zero),
            Self::Within(most) => (candle_nn::Init::Uniform { lo: -most, up: most }, zero),
        }
    }
}

/// Running statistics moved towards a batch's; the variance counted without
/// bias, as in PyTorch.
fn followed([mean, variance]: [Tensor; 2], batch: &BatchStatistics) -> Result<[Tensor; 2]> {
    let unbiased = batch.rows as f64 / (batch.rows.max(2) - 1) as f64;
    let blend = |old: Tensor, new: &[f64], scale: f64| -> Result<Tensor> {
        for_element!(old.dtype(), T => {
            let (kept, taken) = (T::of(1. - MOMENTUM), T::of(MOMENTUM * scale));
            let blended = with_slice::<T, _>(&old, |old| {
                Ok(old.iter().zip(new).map(|(&old, &new)| old * kept + T::of(new) * taken).collect::<Vec<T>>())
            })?;
            Tensor::from_vec(blended, old.shape(), old.device())
        })
    };
    Ok([blend(mean, &batch.mean, 1.)?, blend(variance, &batch.variance, unbiased)?])
}
