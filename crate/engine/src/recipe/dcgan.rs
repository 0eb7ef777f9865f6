//! A small deep convolutional GAN (Radford et al. 2015, arXiv:1511.06434) that learns fast on a CPU.

use super::gan;
use super::knob::shape;
use super::knobs::*;
use super::{Hidden, Hyper, Kind, Knob, Recipe, Slot};
use crate::net::{Init, Layer, Shape};
use crate::op::Activation;

/// noise(64) - 7x7x24 - 14x14x12 - 28x28 against 28x28 - 14x14x12 - 7x7x24 - 1, strides instead of pooling.
pub const RECIPE: Recipe = Recipe {
    id: "dcgan",
    paper: "Radford, Metz, Chintala 2015, https://arxiv.org/abs/1511.06434",
    generator,
    discriminator,
    init: Init::Torch, // N(0, 0.02) reaches the same at about the same step
    // Found by the least time to recognisable digits on MNIST (mean confidence of a classifier over 0.80, every class over
    // 2 %), then by its Frechet distance on 1,000 digits: 121, 107, 95 at 400 steps, 57, 53, 49 at 2,000, on three seeds.
    // About forty settings were tried, most on two seeds, the nearest on three to five.
    hyper: Hyper {
        latent: 64,     // 32 was no different
        g_channels: 12, // 16 takes as many steps, each 1.3 times as long; 8 takes 1.3 times as many and stays rougher
        d_channels: 12,
        kernel: 4, // a multiple of the stride: no chequerboard; 5 in D cost more than it gained
        d_activation: Hidden::LeakyRelu,
        g_norm: true,
        d_norm: true,  // without it no recognisable digit in the same time
        d_dropout: 0., // 0.2: not recognisable in 700 steps
        batch: 16, // of 64, 32 and 16 the smaller needed less work each time (93, 63, 39 GMAC); 8 was less stable
        fresh_fakes: false,
        g_rate: 8e-3, // 2, 4, 6, 8e-3 take 55, 39, 35, 30 GMAC at 16 channels; 12e-3 fails on some seeds
        d_rate: 8e-3,
        momentum: 0.5, // 0: not recognisable in the same time
        ema: 0.99,
        ..gan::RECIPE.hyper
    },
    knobs: KNOBS,
    ..gan::RECIPE
};

fn generator(hyper: &Hyper) -> Vec<Layer> {
    let (channels, kernel) = (hyper.g_channels as usize, hyper.kernel as usize);
    let first = Shape::image(7, 7, 2 * channels);
    let mut layers = Vec::new();
    layers.extend(normed(hyper.g_norm, hyper.g_activation, |activation| Layer::Dense {
        outputs: first.size(),
        activation,
    }));
    // The image begins before its normalisation: each channel is normalised over its pixels.
    layers.insert(1, Layer::Reshape(first));
    layers.extend(normed(hyper.g_norm, hyper.g_activation, |activation| Layer::Deconv {
        channels,
        kernel,
        stride: 2,
        activation,
    }));
    layers.push(Layer::Deconv { channels: 1, kernel, stride: 2, activation: Activation::Sigmoid });
    layers
}

fn discriminator(hyper: &Hyper) -> Vec<Layer> {
    let (channels, kernel) = (hyper.d_channels as usize, hyper.kernel as usize);
    // The first layer is not normalised, that D may see how bright a digit is (section 3).
    let mut layers = vec![Layer::Conv { channels, kernel, stride: 2, activation: hyper.d_activation.into() }];
    layers.extend(normed(hyper.d_norm, hyper.d_activation, |activation| Layer::Conv {
        channels: 2 * channels,
        kernel,
        stride: 2,
        activation,
    }));
    if hyper.d_dropout > 0. {
        layers.push(Layer::Dropout { rate: hyper.d_dropout });
    }
    layers.push(Layer::Dense { outputs: 1, activation: Activation::Identity });
    layers
}

/// A layer with its activation, which comes after a normalisation if there is one.
fn normed(norm: bool, activation: Hidden, layer: impl Fn(Activation) -> Layer) -> Vec<Layer> {
    let activation = Activation::from(activation);
    if norm {
        vec![layer(Activation::Identity), Layer::BatchNorm { activation }]
    } else {
        vec![layer(activation)]
    }
}

const CHANNELS: Kind = Kind::Integer { min: 1, max: 128 };

/// The settings of two convolutional nets; the game's are those of `gan`.
const KNOBS: &[Knob] = &[
    G_RATE,
    D_RATE,
    MOMENTUM,
    EMA,
    OPTIMIZER,
    BATCH,
    D_STEPS,
    LOSS,
    REAL_TARGET,
    FRESH_FAKES,
    LATENT,
    NOISE,
    shape("g_channels", "networks", CHANNELS, |h| Slot::Integer(&mut h.g_channels)),
    shape("d_channels", "networks", CHANNELS, |h| Slot::Integer(&mut h.d_channels)),
    shape("kernel", "networks", Kind::Integer { min: 2, max: 7 }, |h| Slot::Integer(&mut h.kernel)),
    G_ACTIVATION,
    D_ACTIVATION,
    G_NORM,
    D_NORM,
    shape("d_dropout", "networks", DROPOUT, |h| Slot::Number(&mut h.d_dropout)),
];
