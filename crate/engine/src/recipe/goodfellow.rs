//! The setup of the original GAN's code on MNIST (Goodfellow et al. 2014,
//! github.com/goodfeli/adversarial, `mnist.yaml`).

use super::knobs::{DUEL, LATENT, MAXOUT, MLP, PLAIN, PLAY, RATES};
use super::{Hyper, Recipe, Sizes, gan, nets};
use crate::data::Sample;
use crate::net::{Init, Layer};
use crate::op::Activation;
use crate::optim::Rule;
use crate::rng::Noise;

/// A maxout discriminator with dropout, stochastic gradient descent with
/// momentum and a falling rate, uniform noise.
///
/// The nets are smaller than the original's 1200-1200 in G and 240-240 in D, to
/// save time. G's initial weights are therefore wider, 0.15 in place of 0.05,
/// so that a unit of 128 inputs starts as strong as one of 1200 did; with 0.05
/// half the seeds collapse to one image. The original's momentum rises to 0.7
/// over 250 epochs and its output biases start at the data's marginals; here
/// momentum is constant and the biases start at 0.
pub const RECIPE: Recipe = Recipe {
    id: "goodfellow",
    discriminator,
    g_init: Init::Within(0.15),
    d_init: Init::Within(0.005),
    hyper: Hyper {
        noise: Noise::Uniform,
        g_hidden: Sizes::of(&[128, 128]),
        d_hidden: Sizes::of(&[50, 50]),
        pieces: 5,
        g_norm: false,
        d_dropout: 0.5, // after hidden layers; 0.2 at the input, as in the original
        batch: 100,
        optimizer: Rule::Sgd,
        g_rate: 0.1,
        d_rate: 0.1,
        momentum: 0.5, // 0.9 diverges within 100 steps
        decay: 1.000_004,
        ..gan::RECIPE.hyper
    },
    knobs: &[RATES, PLAY, DUEL, LATENT, PLAIN, MLP, MAXOUT],
    ..gan::RECIPE
};

/// Each unit is the greatest of `pieces` sums; the input of each layer has
/// dropout.
fn discriminator(hyper: &Hyper, _: Sample) -> Vec<Layer> {
    let pieces = hyper.pieces as usize;
    let mut layers = nets::input_layers(hyper);
    let dropout = |rate: f64| (hyper.d_dropout > 0.).then_some(Layer::Dropout { rate });
    layers.extend(dropout(0.2));
    for units in hyper.d_hidden.iter() {
        layers.push(Layer::Dense { outputs: units * pieces, activation: Activation::Identity });
        layers.push(Layer::Maxout { pieces });
        layers.extend(dropout(hyper.d_dropout));
    }
    layers.push(Layer::Dense { outputs: 1, activation: Activation::Identity });
    layers
}
