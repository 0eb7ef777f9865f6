//! The GAN of the tutorial: two multilayer perceptrons and the game of
//! Goodfellow et al. 2014 (arXiv:1406.2661).

use super::knobs::{DUEL, LATENT, MLP, PLAIN, PLAY, RATES};
use super::{Form, Hidden, Hyper, Recipe, Schedule, Sizes, Trainer, nets};
use crate::data::Domains;
use crate::loss::{Loss, Targets};
use crate::net::Init;
use crate::optim::Rule;
use crate::rng::Noise;

/// noise(100)-100-100-784 against 784-100-100-1.
pub const RECIPE: Recipe = Recipe {
    id: "gan",
    paper: "Goodfellow et al. 2014, https://arxiv.org/abs/1406.2661",
    trainer: Trainer::Duel,
    generator: nets::generator,
    discriminator: nets::discriminator,
    g_init: Init::Torch,
    d_init: Init::Torch,
    // Measured on MNIST by a classifier's Frechet distance (10 classes, 2,000
    // digits) after 6,000 steps: 46 and 54 with these values on two seeds, 208
    // for the plain nets at 1e-3. The reason for each value is beside it.
    hyper: Hyper {
        net: Form::Mlp,
        conditional: false,
        pieces: 5, // no maxout here
        pack: 1,
        d_noise: 0.,
        penalty: 0.,
        r1: 0.,
        r2: 0.,
        spectral: false,
        clip: 0.,
        domains: Domains::ThickThin, // no translation here
        cycle: 0.,
        identity: 0.,
        pool: 0,
        blocks: 0,
        g_down: 4,
        latent: 100, // the tutorial's
        noise: Noise::Normal,
        modes: 0,
        g_hidden: Sizes::of(&[100, 100]), // the tutorial's
        d_hidden: Sizes::of(&[100, 100]), // the tutorial's
        g_channels: 16,                   // no convolutions here
        d_channels: 16,
        kernel: 4,
        g_blocks7: 0,
        g_blocks14: 0,
        d_blocks14: 0,
        d_blocks7: 0,
        g_activation: Hidden::Relu,
        d_activation: Hidden::Relu, // leaky: 108 against 87
        g_norm: true,               // without it and without dropout classes go missing
        d_norm: false,
        g_dropout: 0.,
        d_dropout: 0.4, // D must not win: at rates of 1e-3, 0.3 gives 87 and 0.5 gives 73
        loss: Loss::NonSaturating,
        batch: 64, // 128 gives 78 against 87, at nearly twice the time
        d_steps: 1,
        targets: Targets { real: 1., fake: 0., generator: 1. },
        fresh_fakes: true, // as algorithm 1 has it
        optimizer: Rule::Adam,
        // 1e-3 gives 87 against 59; the tutorial's 2e-4 makes no digit in 6,000
        // steps
        g_rate: 2e-3,
        d_rate: 2e-3,  // as G's: with D at half of it, 71; with dropout 0.5 as well, 119
        momentum: 0.5, // at 0.9 GANs oscillate (arXiv:1511.06434, section 4)
        beta2: 0.999,
        decay: 1.,
        schedule: Schedule::Constant,
        hold: 1000,
        length: 10_000,
        ema: 0.999, // smooths G's spikes: 46 and 54 against 59 and 71 with 0.99 on two seeds
        ema_width: 0.,
    },
    fine: &[],
    knobs: &[RATES, PLAY, DUEL, LATENT, PLAIN, MLP],
};
