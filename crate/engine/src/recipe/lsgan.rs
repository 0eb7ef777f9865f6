//! Least squares in place of cross-entropy: generated images far on the real
//! side of D's boundary still have a gradient (arXiv:1611.04076).

use super::knobs::{CONV, DEPTH, DUEL, FORM, LATENT, MLP, PLAIN, PLAY, RATES, TARGETS};
use super::{Hyper, Recipe, dcgan};
use crate::loss::{Loss, Targets};

/// `dcgan` with the loss of equation 2, a = 0, b = c = 1.
pub const RECIPE: Recipe = Recipe {
    id: "lsgan",
    paper: "Mao et al. 2017, https://arxiv.org/abs/1611.04076",
    hyper: Hyper {
        loss: Loss::LeastSquares,
        targets: Targets { real: 1., fake: 0., generator: 1. },
        ..dcgan::RECIPE.hyper
    },
    knobs: &[RATES, PLAY, DUEL, TARGETS, FORM, LATENT, PLAIN, CONV, DEPTH, MLP],
    ..dcgan::RECIPE
};
