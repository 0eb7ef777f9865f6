//! A small deep convolutional GAN (Radford et al. 2015, arXiv:1511.06434) that
//! learns fast on a CPU.

use super::gan;
use super::knobs::{CONV, DEPTH, DUEL, LATENT, PLAIN, PLAY, RATES};
use super::{Form, Hidden, Hyper, Recipe, Schedule};

/// noise(64) and one of 16 modes - two feature maps of 7x7x24 - 14x14x12 -
/// 28x28 against 28x28 - 14x14x12 - two of 7x7x24 - 1, strides instead of
/// pooling.
pub const RECIPE: Recipe = Recipe {
    id: "dcgan",
    paper: "Radford, Metz, Chintala 2015, https://arxiv.org/abs/1511.06434",
    // Found by the shortest time to recognisable digits on MNIST (mean
    // confidence of a classifier over 0.80, every class over 2 %), then by its
    // Frechet distance on 1,000 digits: 121, 107, 95 at 400 steps, 57, 53, 49
    // at 2,000, on three seeds. About forty settings were tried, most on two
    // seeds, the closest on three to five.
    hyper: Hyper {
        // with PyTorch's initial weights; N(0, 0.02) reaches the same at about
        // the same step
        net: Form::Conv,
        latent: 64, // 32 was no different
        // 16 takes as many steps, each 1.3 times as long; 8 takes 1.3 times as
        // many and stays rougher
        g_channels: 12,
        d_channels: 12,
        kernel: 4, // a multiple of the stride: no checkerboard; 5 in D costs more than it gains
        // Depth where feature maps are smallest gives more than width. The
        // judge's distance over its floor (10,000 digits, seed 1) after about
        // 20 s of one core: 73 with one block in each net at 7 x 7, 84 with two
        // in D, 87 with one more at 14 x 14, 157 without any, when digits
        // become readable (confidence 0.80) at step 400 instead of 280, in the
        // same time. After 8,000 steps: 35; two in D, rates held for 2,500
        // steps, 25; with one more at 14 x 14, 8, and 12 if held for 2,500
        // steps.
        g_blocks7: 1,
        d_blocks7: 1,
        modes: 16,
        schedule: Schedule::Root,
        // with one block each, 8,000 steps: 400 gives 52, 1,000 gives 45, 4,000
        // gives 35
        hold: 4000,
        ema_width: 0.1, // 0.05 is no different
        d_activation: Hidden::LeakyRelu,
        g_norm: true,
        d_norm: true,  // without it no recognisable digit in the same time
        d_dropout: 0., // 0.2: not recognisable in 700 steps
        // of 64, 32 and 16 the smaller needed less work each time (93, 63, 39
        // GMAC); 8 was less stable
        batch: 16,
        fresh_fakes: false,
        // 2, 4, 6, 8e-3 take 55, 39, 35, 30 GMAC at 16 channels; 12e-3 fails on
        // some seeds
        g_rate: 8e-3,
        d_rate: 8e-3,
        momentum: 0.5, // 0: not recognisable in the same time
        ema: 0.99,
        ..gan::RECIPE.hyper
    },
    // After 280 s of one core, seed 1: 5.0 times the floor in 16,451 steps;
    // with 12 channels and no block of G at 14 x 14, 6.4 in 24,909.
    fine: &[
        ("g_channels", "16"),
        ("d_channels", "16"),
        ("g_blocks14", "1"),
        ("d_blocks7", "2"),
        ("d_blocks14", "1"),
    ],
    knobs: &[RATES, PLAY, DUEL, LATENT, PLAIN, CONV, DEPTH],
    ..gan::RECIPE
};
