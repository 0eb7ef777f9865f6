//! A relativistic loss, stabilised by two gradient penalties instead of tricks
//! (Huang et al. 2024, arXiv:2501.05441).

use super::knobs::{CONV, DEPTH, DUEL, FORM, LATENT, MLP, PLAIN, PLAY, RATES};
use super::{Hyper, Recipe, dcgan};
use crate::loss::Loss;
use crate::net::Init;

/// Section 3: the relativistic loss with R1 and R2, no normalisation in either
/// net, Adam without momentum.
pub const RECIPE: Recipe = Recipe {
    id: "r3gan",
    paper: "Huang et al. 2024, https://arxiv.org/abs/2501.05441",
    g_init: Init::He,
    d_init: Init::He,
    hyper: Hyper {
        loss: Loss::Relativistic,
        // The judge's distance over its floor on MNIST after 64,000 digits,
        // seed 1: 96; with 1 for each 105; in batches of 32 with 0.3, 1 and 3:
        // 121, 125, 137; without R2 124.
        r1: 0.3,
        r2: 0.3,
        g_norm: false,
        d_norm: false,
        fresh_fakes: true,
        momentum: 0.,
        beta2: 0.99,
        g_rate: 2e-3, // 4e-3: 159
        d_rate: 2e-3,
        ema: 0.999,
        ..dcgan::RECIPE.hyper
    },
    knobs: &[RATES, PLAY, DUEL, FORM, LATENT, PLAIN, CONV, DEPTH, MLP],
    ..dcgan::RECIPE
};
