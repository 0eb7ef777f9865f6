//! Two translators between two domains, trained without paired images (Zhu et
//! al. 2017, arXiv:1703.10593).

use super::knobs::{CONV, CYCLE, PLAIN, PLAY, RATES, TARGETS};
use super::{Form, Hidden, Hyper, Recipe, Schedule, Trainer, lsgan, nets};
use crate::data::{Domains, Sample};
use crate::net::{Init, Layer};
use crate::op::Activation;

/// The paper's nets at a digit's size: down to 14 x 14, residual blocks, up
/// again; discriminators of 7 x 7 patches. Least squares, a cycle weight of 10,
/// a pool of 50.
pub const RECIPE: Recipe = Recipe {
    id: "cyclegan",
    paper: "Zhu, Park, Isola, Efros 2017, https://arxiv.org/abs/1703.10593",
    trainer: Trainer::Cycle,
    generator,
    discriminator,
    g_init: Init::Torch,
    d_init: Init::Torch,
    hyper: Hyper {
        net: Form::Conv,
        domains: Domains::ThickThin,
        cycle: 10.,
        // Half of the cycle weight (section 5.2). Without it, and with a kernel
        // of 3 on the way down, one translator shifted digits a little and the
        // other shifted them back, which costs no cycle loss but differs from
        // the truth: ink agreement 86, 76, 75 % after 2,000 steps.
        identity: 5.,
        pool: 50,
        blocks: 1,
        latent: 0,
        modes: 0,
        schedule: Schedule::Constant,
        ema_width: 0.,
        g_channels: 8,
        d_channels: 16,
        kernel: 4,
        g_activation: Hidden::Relu,
        batch: 16,
        d_steps: 1,
        g_rate: 2e-3,
        d_rate: 2e-3,
        ..lsgan::RECIPE.hyper
    },
    fine: &[],
    knobs: &[RATES, CYCLE, PLAY, TARGETS, PLAIN, CONV],
};

/// (rows, image) -> (rows, image) in [0, 1].
fn generator(hyper: &Hyper, sample: Sample) -> Vec<Layer> {
    let (channels, act) = (hyper.g_channels as usize, Activation::from(hyper.g_activation));
    let conv =
        |channels| move |activation| Layer::Conv { channels, kernel: 3, stride: 1, activation };
    let mut layers = normed(hyper.g_norm, act, conv(channels));
    layers.extend(normed(hyper.g_norm, act, |activation| Layer::Conv {
        channels: 2 * channels,
        // An even side, as on the way up: a kernel of 3 is half a pixel off
        // centre, and both translators can learn to compensate with a shift of
        // the digit, which costs no cycle loss (seed 1: ink agreement 87.5 %
        // after 1,000 steps; with 4, 99.2 %).
        kernel: hyper.g_down as usize,
        stride: 2,
        activation,
    }));
    for _ in 0..hyper.blocks {
        let mut block = normed(hyper.g_norm, act, conv(2 * channels));
        block.extend(normed(hyper.g_norm, Activation::Identity, conv(2 * channels)));
        block.push(Layer::Add { back: block.len() });
        layers.extend(block);
    }
    let kernel = hyper.kernel as usize;
    layers.extend(normed(hyper.g_norm, act, |activation| Layer::Deconv {
        channels,
        kernel,
        stride: 2,
        activation,
    }));
    layers.push(conv(sample.shape.channels)(Activation::Sigmoid));
    layers
}

/// (rows, image) -> (rows, patches) logits, one per patch.
fn discriminator(hyper: &Hyper, _: Sample) -> Vec<Layer> {
    let (channels, kernel) = (hyper.d_channels as usize, hyper.kernel as usize);
    let act = Activation::from(hyper.d_activation);
    let conv = |channels| move |activation| Layer::Conv { channels, kernel, stride: 2, activation };
    let mut layers = nets::input_layers(hyper);
    // The first layer is not normalised (appendix 7.2).
    layers.push(conv(channels)(act));
    layers.extend(normed(hyper.d_norm, act, conv(2 * channels)));
    layers.push(Layer::Conv {
        channels: 1,
        kernel: 3,
        stride: 1,
        activation: Activation::Identity,
    });
    layers
}

/// A layer with its activation, which follows an instance norm if `norm` is
/// set.
fn normed(norm: bool, activation: Activation, layer: impl Fn(Activation) -> Layer) -> Vec<Layer> {
    if norm {
        vec![layer(Activation::Identity), Layer::InstanceNorm { activation }]
    } else {
        vec![layer(activation)]
    }
}
