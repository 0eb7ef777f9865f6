//! The two families of nets that recipes share: multilayer perceptrons and
//! small convolutional nets, with or without labels.

use super::{Form, Hidden, Hyper, Sizes};
use crate::data::{Sample, Shape};
use crate::net::Layer;
use crate::op::Activation;

/// (rows, latent) -> (rows, image) in [0, 1]; a conditional generator takes the
/// label beside the latent vector.
pub fn generator(hyper: &Hyper, sample: Sample) -> Vec<Layer> {
    let mut layers = Vec::new();
    if hyper.conditional {
        layers.push(Layer::Label { of: 1, classes: sample.classes });
    }
    match hyper.net {
        Form::Mlp => {
            layers.extend(hidden(
                hyper.g_hidden,
                hyper.g_activation,
                hyper.g_norm,
                hyper.g_dropout,
            ));
            layers.push(Layer::Dense {
                outputs: sample.shape.size(),
                activation: Activation::Sigmoid,
            });
        }
        Form::Conv => layers.extend(conv_generator(hyper, sample.shape)),
    }
    layers
}

/// (rows, image) -> (rows / pack, 1) logits.
pub fn discriminator(hyper: &Hyper, sample: Sample) -> Vec<Layer> {
    let mut layers = input_layers(hyper);
    match hyper.net {
        Form::Mlp => {
            if hyper.conditional {
                // Once per row, not at each of its pixels.
                layers.push(Layer::Reshape(Shape::row(sample.shape.size() * hyper.pack as usize)));
                layers.push(Layer::Label { of: hyper.pack as usize, classes: sample.classes });
            }
            layers.extend(hidden(
                hyper.d_hidden,
                hyper.d_activation,
                hyper.d_norm,
                hyper.d_dropout,
            ));
        }
        Form::Conv => layers.extend(conv_discriminator(hyper, sample.classes)),
    }
    layers.push(Layer::Dense { outputs: 1, activation: Activation::Identity });
    layers
}

/// The first layers of any discriminator: noise and packing, if they are
/// switched on.
pub fn input_layers(hyper: &Hyper) -> Vec<Layer> {
    let mut layers = Vec::new();
    if hyper.d_noise > 0. {
        layers.push(Layer::Noise { deviation: hyper.d_noise });
    }
    if hyper.pack > 1 {
        layers.push(Layer::Pack { count: hyper.pack as usize });
    }
    layers
}

/// One dense layer per size, with batch norm before its activation and dropout
/// after it if they are switched on.
fn hidden(sizes: Sizes, activation: Hidden, norm: bool, dropout: f64) -> Vec<Layer> {
    let activation = Activation::from(activation);
    let mut layers = Vec::new();
    for outputs in sizes.iter() {
        if norm {
            layers.push(Layer::Dense { outputs, activation: Activation::Identity });
            layers.push(Layer::BatchNorm { activation });
        } else {
            layers.push(Layer::Dense { outputs, activation });
        }
        if dropout > 0. {
            layers.push(Layer::Dropout { rate: dropout });
        }
    }
    layers
}

/// Strides instead of pooling (arXiv:1511.06434, section 3): the first feature
/// map is doubled twice.
fn conv_generator(hyper: &Hyper, image: Shape) -> Vec<Layer> {
    let (channels, kernel) = (hyper.g_channels as usize, hyper.kernel as usize);
    let first = Shape::image(image.height.div_ceil(4), image.width.div_ceil(4), 2 * channels);
    let mut layers = Vec::new();
    layers.extend(normed(hyper.g_norm, hyper.g_activation, |activation| Layer::Dense {
        outputs: first.size(),
        activation,
    }));
    // The reshape comes before batch norm, so that each channel is normalised
    // over its pixels.
    layers.insert(1, Layer::Reshape(first));
    let (norm, activation) = (hyper.g_norm, hyper.g_activation);
    layers.extend(blocks(hyper.g_blocks7, 2 * channels, norm, activation));
    layers.extend(normed(norm, activation, |activation| Layer::Deconv {
        channels,
        kernel,
        stride: 2,
        activation,
    }));
    layers.extend(blocks(hyper.g_blocks14, channels, norm, activation));
    layers.push(Layer::Deconv {
        channels: image.channels,
        kernel,
        stride: 2,
        activation: Activation::Sigmoid,
    });
    layers
}

fn conv_discriminator(hyper: &Hyper, classes: usize) -> Vec<Layer> {
    let (channels, kernel) = (hyper.d_channels as usize, hyper.kernel as usize);
    // The first layer is not normalised, so that D sees how bright an image is
    // (section 3).
    let mut layers =
        vec![Layer::Conv { channels, kernel, stride: 2, activation: hyper.d_activation.into() }];
    let (norm, activation) = (hyper.d_norm, hyper.d_activation);
    layers.extend(blocks(hyper.d_blocks14, channels, norm, activation));
    if hyper.conditional {
        // Beside the pixels of the image itself, one more channel per class
        // would multiply the cost of the first layer by as many.
        layers.push(Layer::Label { of: hyper.pack as usize, classes });
    }
    layers.extend(normed(norm, activation, |activation| Layer::Conv {
        channels: 2 * channels,
        kernel,
        stride: 2,
        activation,
    }));
    layers.extend(blocks(hyper.d_blocks7, 2 * channels, norm, activation));
    if hyper.d_dropout > 0. {
        layers.push(Layer::Dropout { rate: hyper.d_dropout });
    }
    layers
}

/// Blocks that keep the size of the feature map: one 3 x 3 convolution each.
/// Residual blocks (arXiv:1512.03385) measured worse: the judge's distance over
/// its floor after 8,000 steps of `dcgan` 62 against 45, after 6,000 of `r3gan`
/// 47 against 44.
fn blocks(count: u32, channels: usize, norm: bool, activation: Hidden) -> Vec<Layer> {
    let conv = |activation| Layer::Conv { channels, kernel: 3, stride: 1, activation };
    normed(norm, activation, conv).repeat(count as usize)
}

/// A layer with its activation, which follows batch norm if `norm` is set.
fn normed(norm: bool, activation: Hidden, layer: impl Fn(Activation) -> Layer) -> Vec<Layer> {
    let activation = Activation::from(activation);
    if norm {
        vec![layer(Activation::Identity), Layer::BatchNorm { activation }]
    } else {
        vec![layer(activation)]
    }
}
