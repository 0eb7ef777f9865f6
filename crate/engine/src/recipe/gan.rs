//! The GAN of the tutorial: two multilayer perceptrons and the game of Goodfellow et al. 2014 (arXiv:1406.2661).

use super::knob::shape;
use super::knobs::*;
use super::{Hidden, Hyper, Kind, Knob, LossKind, Recipe, Sizes, Slot};
use crate::chance::Noise;
use crate::data::PIXELS;
use crate::loss;
use crate::net::{Init, Layer};
use crate::op::Activation;
use crate::optim::Rule;

/// noise(100)-100-100-784 against 784-100-100-1.
pub const RECIPE: Recipe = Recipe {
    id: "gan",
    paper: "Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661",
    generator,
    discriminator,
    loss: |hyper| match hyper.loss {
        LossKind::NonSaturating => loss::NON_SATURATING,
        LossKind::Minimax => loss::MINIMAX,
    },
    init: Init::Torch,
    // Measured on MNIST by a classifier's Frechet distance (10 classes, 2,000 digits) after 6,000 steps: 46 and 54
    // with these on two seeds, 208 for the plain nets at 1e-3. The reasons stand beside each.
    hyper: Hyper {
        latent: 100, // the tutorial's
        noise: Noise::Normal,
        g_hidden: Sizes::of(&[100, 100]), // the tutorial's
        d_hidden: Sizes::of(&[100, 100]), // the tutorial's
        g_channels: 16,                   // no convolutions here
        d_channels: 16,
        kernel: 4,
        g_activation: Hidden::Relu,
        d_activation: Hidden::Relu, // leaky: 108 against 87
        g_norm: true,               // without it and without dropout classes go missing
        d_norm: false,
        g_dropout: 0.,
        d_dropout: 0.4, // D must not win: at rates of 1e-3, 0.3 gives 87 and 0.5 gives 73
        loss: LossKind::NonSaturating,
        batch: 64, // 128 gives 78 against 87, at nearly twice the time
        d_steps: 1,
        real_target: 1.,
        fresh_fakes: true, // as algorithm 1 has it
        optimizer: Rule::Adam,
        g_rate: 2e-3, // 1e-3 gives 87 against 59; the tutorial's 2e-4 writes no digit in 6,000 steps
        d_rate: 2e-3, // as G's: with D at half of it, 71; with dropout 0.5 as well, 119
        momentum: 0.5, // at 0.9 GANs oscillate (arXiv:1511.06434, section 4)
        ema: 0.999,   // rides out G's spikes: 46 and 54 against 59 and 71 with 0.99 on two seeds
    },
    knobs: KNOBS,
};

fn generator(hyper: &Hyper) -> Vec<Layer> {
    let mut layers = hidden(hyper.g_hidden, hyper.g_activation, hyper.g_norm, hyper.g_dropout);
    layers.push(Layer::Dense { outputs: PIXELS, activation: Activation::Sigmoid });
    layers
}

fn discriminator(hyper: &Hyper) -> Vec<Layer> {
    let mut layers = hidden(hyper.d_hidden, hyper.d_activation, hyper.d_norm, hyper.d_dropout);
    layers.push(Layer::Dense { outputs: 1, activation: Activation::Identity });
    layers
}

/// A dense layer a size, each with what is switched on: normalised before its activation, dropped out after it.
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

/// The settings of two multilayer perceptrons and their game.
pub const KNOBS: &[Knob] = &[
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
    shape("g_hidden", "networks", Kind::Sizes, |h| Slot::Sizes(&mut h.g_hidden)),
    shape("d_hidden", "networks", Kind::Sizes, |h| Slot::Sizes(&mut h.d_hidden)),
    G_ACTIVATION,
    D_ACTIVATION,
    G_NORM,
    D_NORM,
    shape("g_dropout", "networks", DROPOUT, |h| Slot::Number(&mut h.g_dropout)),
    shape("d_dropout", "networks", DROPOUT, |h| Slot::Number(&mut h.d_dropout)),
];
