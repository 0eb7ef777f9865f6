//! All types of layers as data, with the shapes of their weights.

use crate::data::Shape;
use crate::kernel::Window;
use crate::op::Activation;

/// One layer, with its outputs only; inputs are inferred, so that no width is
/// written twice.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Layer {
    /// (batch, in) -> (batch, outputs).
    Dense {
        /// Columns out.
        outputs: usize,
        /// Applied to the sum.
        activation: Activation,
    },
    /// Reads a row as an image, channels last, without changing the numbers.
    Reshape(Shape),
    /// Convolution: (batch, image) -> (batch, smaller image of `channels`).
    Conv {
        /// Channels out.
        channels: usize,
        /// Side of a window.
        kernel: usize,
        /// Pixels from a window to the next.
        stride: usize,
        /// Applied to the sum.
        activation: Activation,
    },
    /// Transposed convolution: (batch, image) -> (batch, image `stride` times
    /// as high and wide, of `channels`).
    Deconv {
        /// Channels out.
        channels: usize,
        /// Side of a window.
        kernel: usize,
        /// Pixels from a window to the next.
        stride: usize,
        /// Applied to the sum.
        activation: Activation,
    },
    /// Batch normalisation of each channel, any shape -> the same.
    BatchNorm {
        /// Applied to the normalised value.
        activation: Activation,
    },
    /// Normalisation of each channel of each image, without weights: (batch,
    /// image) -> the same.
    InstanceNorm {
        /// Applied to the normalised value.
        activation: Activation,
    },
    /// Adds the input of the layer `back` places before, any shape: the end of
    /// a residual block (arXiv:1512.03385).
    Add {
        /// Number of layers of the block.
        back: usize,
    },
    /// The maximum of each `pieces` consecutive numbers: (batch, in) -> (batch,
    /// in / pieces).
    Maxout {
        /// Numbers per group.
        pieces: usize,
    },
    /// Appends the labels of a row, one-hot, to the row or to each of its
    /// pixels.
    Label {
        /// Labels per row: more than one after [`Self::Pack`].
        of: usize,
        /// Number of classes.
        classes: usize,
    },
    /// Stacks `count` rows of a batch as the channels of one: (batch, image) ->
    /// (batch / count, image of `count` times the channels).
    Pack {
        /// Rows per pack.
        count: usize,
    },
    /// Adds normal noise in training passes, any shape.
    Noise {
        /// Its standard deviation.
        deviation: f64,
    },
    /// Zeroes a share of the values in training passes, any shape.
    Dropout {
        /// The share, in [0, 1).
        rate: f64,
    },
}

/// Zeros on each side of an image so that windows of `kernel` give a grid of
/// side / stride.
fn padding(kernel: usize, stride: usize) -> usize {
    kernel.saturating_sub(stride).div_ceil(2)
}

impl Layer {
    /// The output shape for an input of shape `input`.
    pub fn output(&self, input: Shape) -> Shape {
        match *self {
            Self::Dense { outputs, .. } => Shape::row(outputs),
            Self::Reshape(shape) => shape,
            Self::Conv { channels, .. } => {
                let (height, width) =
                    self.window(input).and_then(|window| window.grid()).unwrap_or((0, 0));
                Shape::image(height, width, channels)
            }
            Self::Deconv { channels, stride, .. } => {
                Shape::image(input.height * stride, input.width * stride, channels)
            }
            Self::BatchNorm { .. }
            | Self::InstanceNorm { .. }
            | Self::Add { .. }
            | Self::Dropout { .. }
            | Self::Noise { .. } => input,
            Self::Maxout { pieces } => Shape::row(input.size() / pieces.max(1)),
            Self::Label { of, classes } => {
                Shape { channels: input.channels + of * classes, ..input }
            }
            Self::Pack { count } => Shape { channels: input.channels * count, ..input },
        }
    }

    /// The windows of a convolution: over its input, or for a transposed one
    /// over its output.
    pub(super) fn window(&self, input: Shape) -> Option<Window> {
        let over = |image: Shape, kernel, stride| Window {
            height: image.height,
            width: image.width,
            channels: image.channels,
            kernel,
            stride,
            padding: padding(kernel, stride),
        };
        match *self {
            Self::Conv { kernel, stride, .. } => Some(over(input, kernel, stride)),
            Self::Deconv { kernel, stride, .. } => Some(over(self.output(input), kernel, stride)),
            _ => None,
        }
    }

    /// The shapes of its weight and bias for `input`, if it multiplies by a
    /// matrix.
    pub(super) fn parameters(&self, input: Shape) -> Option<((usize, usize), usize)> {
        let window = self.window(input);
        match *self {
            Self::Dense { outputs, .. } => Some(((input.size(), outputs), outputs)),
            Self::Conv { channels, .. } => {
                window.map(|window| ((window.columns(), channels), channels))
            }
            Self::Deconv { channels, .. } => {
                window.map(|window| ((input.channels, window.columns()), channels))
            }
            _ => None,
        }
    }

    /// Inputs of a neuron, on which the spread of initial weights depends.
    pub(super) fn fan_in(&self, input: Shape) -> usize {
        match *self {
            // As in PyTorch: the output channels times the window.
            Self::Deconv { channels, kernel, .. } => channels * kernel * kernel,
            _ => self.parameters(input).map_or(0, |((inputs, _), _)| inputs),
        }
    }

    /// Number of trained weights.
    pub fn weights(&self, input: Shape) -> u64 {
        if let Self::BatchNorm { .. } = self {
            return 2 * input.channels as u64;
        }
        self.parameters(input).map_or(0, |((inputs, outputs), biases)| {
            (inputs as u64).saturating_mul(outputs as u64).saturating_add(biases as u64)
        })
    }
}

impl std::fmt::Display for Layer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {
            Self::Dense { outputs, activation } => {
                write!(f, "dense {outputs} {}", activation.name())
            }
            Self::Reshape(shape) => write!(f, "reshape {shape}"),
            Self::Conv { channels, kernel, stride, activation }
            | Self::Deconv { channels, kernel, stride, activation } => {
                let name = if matches!(self, Self::Conv { .. }) { "conv" } else { "deconv" };
                let (padding, activation) = (padding(kernel, stride), activation.name());
                write!(
                    f,
                    "{name} {channels} kernel {kernel} stride {stride} padding {padding} {activation}"
                )
            }
            Self::BatchNorm { activation } => write!(f, "batch-norm {}", activation.name()),
            Self::InstanceNorm { activation } => write!(f, "instance-norm {}", activation.name()),
            Self::Add { back } => write!(f, "add {back}"),
            Self::Dropout { rate } => write!(f, "dropout {rate}"),
            Self::Maxout { pieces } => write!(f, "maxout {pieces}"),
            Self::Label { of, .. } => write!(f, "label {of}"),
            Self::Pack { count } => write!(f, "pack {count}"),
            Self::Noise { deviation } => write!(f, "noise {deviation}"),
        }
    }
}
