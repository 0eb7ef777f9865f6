//! A layer as a net runs it: its sizes and the ranges of its variables.

use std::cell::RefCell;
use std::ops::Range;

use candle_core::{Result, bail};

use super::{Labels, Layer, Masks, Pass};
use crate::data::Shape;
use crate::kernel::{Batch, Window};
use crate::op::{
    self, Activation, BatchNorm, BatchStatistics, Operation, WeightGradients, Weights,
};
use crate::params::{Element, Kind, Params};

/// The distribution of initial weights; n is the number of inputs of a neuron.
/// Biases start at 0 except with `Torch`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Init {
    /// PyTorch's default: weights and biases uniform in +-1 / sqrt(n).
    Torch,
    /// N(0, 2 / n) (He et al. 2015, arXiv:1502.01852).
    He,
    /// Uniform in +- the number, as in the code of Goodfellow et al. 2014.
    Within(f64),
}

/// The ranges of the variables of a layer in the flat buffer of weights, or in
/// that of gradients.
#[derive(Clone, Debug, Default)]
pub(super) struct Place {
    pub weight: Range<usize>,
    pub bias: Range<usize>,
}

impl Place {
    /// The variables themselves.
    pub fn weights<'a, T>(&self, all: &'a [T]) -> Weights<'a, T> {
        Weights { weight: &all[self.weight.clone()], bias: &all[self.bias.clone()] }
    }

    /// Their gradients; a bias directly follows its weight.
    pub fn gradients<'a, T>(&self, all: &'a mut [T]) -> WeightGradients<'a, T> {
        let both = &mut all[self.weight.start..self.bias.end];
        let (weight, bias) = both.split_at_mut(self.weight.len());
        WeightGradients { weight, bias }
    }
}

/// A layer as a net runs it.
pub(super) enum Unit {
    Dense {
        place: Place,
        activation: Activation,
    },
    Conv {
        place: Place,
        window: Window,
        activation: Activation,
    },
    Deconv {
        place: Place,
        window: Window,
        activation: Activation,
    },
    Reshape,
    BatchNorm {
        place: Place,
        mean: Range<usize>,
        variance: Range<usize>,
        activation: Activation,
    },
    InstanceNorm {
        channels: usize,
        activation: Activation,
    },
    /// [`super::Net`] does the addition, because it has the earlier inputs.
    Add {
        back: usize,
    },
    Dropout {
        rate: f64,
        columns: usize,
    },
    Maxout {
        pieces: usize,
    },
    Label {
        of: usize,
        classes: usize,
        channels: usize,
    },
    Pack {
        count: usize,
        channels: usize,
    },
    Noise {
        deviation: f64,
        columns: usize,
    },
}

/// The weight of a new batch in the running statistics, as in PyTorch.
const MOMENTUM: f64 = 0.1;

impl Unit {
    /// Builds `layer` on `input`; `add` adds a variable with a name, a shape,
    /// initial values and a kind, and returns its range. Errors: a layer that
    /// does not fit `input`.
    pub(super) fn build(
        layer: &Layer,
        input: Shape,
        init: Init,
        mut add: impl FnMut(&str, &[usize], candle_nn::Init, Kind) -> Result<Range<usize>>,
    ) -> Result<Self> {
        let output = layer.output(input);
        if output.size() == 0 {
            bail!("{layer} has an empty output on {input}");
        }
        let Some(((from, to), biases)) = layer.parameters(input) else {
            return match *layer {
                Layer::Reshape(shape) if shape.size() != input.size() => {
                    bail!("{layer} does not hold {input}")
                }
                Layer::BatchNorm { activation } => {
                    let columns = [input.channels];
                    let mut column = |name, value, kind| {
                        add(name, &columns, candle_nn::Init::Const(value), kind)
                    };
                    Ok(Self::BatchNorm {
                        place: Place {
                            weight: column("weight", 1., Kind::Weight)?,
                            bias: column("bias", 0., Kind::Weight)?,
                        },
                        mean: column("running_mean", 0., Kind::Statistic)?,
                        variance: column("running_var", 1., Kind::Statistic)?,
                        activation,
                    })
                }
                Layer::InstanceNorm { activation } => {
                    Ok(Self::InstanceNorm { channels: input.channels, activation })
                }
                Layer::Add { back } => Ok(Self::Add { back }),
                Layer::Dropout { rate } => Ok(Self::Dropout { rate, columns: input.size() }),
                Layer::Maxout { pieces } if pieces == 0 || !input.size().is_multiple_of(pieces) => {
                    bail!("{layer} does not divide {input}")
                }
                Layer::Maxout { pieces } => Ok(Self::Maxout { pieces }),
                Layer::Label { of, classes } => {
                    Ok(Self::Label { of, classes, channels: input.channels })
                }
                Layer::Pack { count } => Ok(Self::Pack { count, channels: input.channels }),
                Layer::Noise { deviation } => Ok(Self::Noise { deviation, columns: input.size() }),
                _ => Ok(Self::Reshape),
            };
        };
        let (weights, bias) = init.draws(layer.fan_in(input));
        let place = Place {
            weight: add("weight", &[from, to], weights, Kind::Weight)?,
            bias: add("bias", &[biases], bias, Kind::Weight)?,
        };
        Ok(match (*layer, layer.window(input)) {
            (Layer::Conv { activation, .. }, Some(window)) => {
                Self::Conv { place, window, activation }
            }
            (Layer::Deconv { activation, .. }, Some(window)) => {
                if window.grid() != Some((input.height, input.width)) {
                    bail!("{layer} has no grid of {input}");
                }
                Self::Deconv { place, window, activation }
            }
            (Layer::Dense { activation, .. }, _) => Self::Dense { place, activation },
            _ => bail!("{layer} has weights of no known use"),
        })
    }

    /// The ranges of its variables; empty if it has none.
    pub(super) fn place(&self) -> Place {
        match self {
            Self::BatchNorm { place, .. } => place.clone(),
            _ => self.product().cloned().unwrap_or_default(),
        }
    }

    /// The ranges of its variables if it multiplies by a matrix.
    pub(super) fn product(&self) -> Option<&Place> {
        match self {
            Self::Dense { place, .. } | Self::Conv { place, .. } | Self::Deconv { place, .. } => {
                Some(place)
            }
            _ => None,
        }
    }

    /// Number of 32-bit random words that it takes in a training pass over
    /// `rows` rows.
    pub(super) fn random_words(&self, rows: usize) -> usize {
        match self {
            Self::Dropout { columns, .. } => op::Dropout::words(rows * columns),
            Self::Noise { columns, .. } => op::AddNoise::words(rows * columns),
            _ => 0,
        }
    }

    /// Its operation on `x` in this pass; None if `x` stays unchanged.
    pub(super) fn operation<T: Element>(
        &self,
        x: &Batch<T>,
        labels: Labels,
        pass: Pass,
        masks: &mut Option<Masks>,
        params: &Params<T>,
    ) -> Result<Option<Box<dyn Operation<T>>>> {
        Ok(Some(match self {
            Self::Dense { activation, .. } => Box::new(op::Dense(*activation)),
            Self::Conv { window, activation, .. } => {
                Box::new(op::Conv { window: *window, activation: *activation })
            }
            Self::Deconv { window, activation, .. } => {
                Box::new(op::Deconv { window: *window, activation: *activation })
            }
            Self::Reshape | Self::Add { .. } => return Ok(None),
            Self::BatchNorm { mean, variance, activation, .. } => Box::new(match pass {
                Pass::Train(_) | Pass::Batch => BatchNorm::train(*activation),
                Pass::Eval => {
                    let of = |range: &Range<usize>| &params.statistics()[range.clone()];
                    BatchNorm::eval(of(mean), of(variance), *activation)
                }
            }),
            Self::InstanceNorm { channels, activation } => {
                Box::new(op::InstanceNorm { channels: *channels, activation: *activation })
            }
            Self::Maxout { pieces } => Box::new(op::Maxout { pieces: *pieces }),
            Self::Pack { count, channels } => {
                Box::new(op::Pack { count: *count, channels: *channels })
            }
            Self::Label { of, classes, channels } => {
                let constants = labels.shares(x.rows() * of, *classes)?;
                Box::new(op::Concat { channels: *channels, constants, more: of * classes })
            }
            Self::Noise { deviation, .. } => {
                let Some(masks) = masks else { return Ok(None) };
                let (count, own) = masks.places(x.numbers().len());
                Box::new(op::AddNoise::draw(count, own, *deviation, masks.rng()))
            }
            Self::Dropout { rate, .. } => {
                let Some(masks) = masks else { return Ok(None) };
                let (count, own) = masks.places(x.numbers().len());
                Box::new(op::Dropout::draw(count, own, *rate, masks.rng())?)
            }
        }))
    }

    /// Moves the running statistics in `seen`, which start as those in
    /// `params`, towards a batch's, with the unbiased variance, as in PyTorch.
    pub(super) fn note<T: Element>(
        &self,
        batch: Option<&BatchStatistics>,
        params: &Params<T>,
        seen: &RefCell<Option<Vec<T>>>,
    ) {
        let (Self::BatchNorm { mean, variance, .. }, Some(batch)) = (self, batch) else { return };
        let mut seen = seen.borrow_mut();
        let all = seen.get_or_insert_with(|| params.statistics().to_vec());
        let mut blend = |range: &Range<usize>, new: &[f64], scale: f64| {
            let (old, added) = (T::of(1. - MOMENTUM), T::of(MOMENTUM * scale));
            for (running, &new) in all[range.clone()].iter_mut().zip(new) {
                *running = *running * old + T::of(new) * added;
            }
        };
        let unbiased = batch.rows as f64 / (batch.rows.max(2) - 1) as f64;
        blend(mean, &batch.mean, 1.);
        blend(variance, &batch.variance, unbiased);
    }
}

impl Init {
    /// The distributions of weights and of biases for a neuron with `inputs`
    /// inputs.
    fn draws(self, inputs: usize) -> (candle_nn::Init, candle_nn::Init) {
        let n = inputs as f64;
        let zero = candle_nn::Init::Const(0.);
        match self {
            Self::Torch => {
                let uniform = candle_nn::Init::Uniform { lo: -1. / n.sqrt(), up: 1. / n.sqrt() };
                (uniform, uniform)
            }
            Self::He => (candle_nn::Init::Randn { mean: 0., stdev: (2. / n).sqrt() }, zero),
            Self::Within(most) => (candle_nn::Init::Uniform { lo: -most, up: most }, zero),
        }
    }
}
