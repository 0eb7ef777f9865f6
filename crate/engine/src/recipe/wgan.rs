//! A critic that estimates the distance of two distributions (Arjovsky et al. 2017, arXiv:1701.07875).

use super::knobs::{CONV, FORM, GAME, MLP, NETS, RATES};
use super::{Hyper, Recipe, dcgan};
use crate::loss::Loss;
use crate::optim::Rule;

/// Algorithm 1: several critic steps, weights held in [-c, c] after each, RMSProp.
pub const RECIPE: Recipe = Recipe {
    id: "wgan",
    paper: "Arjovsky, Chintala, Bottou 2017, https://arxiv.org/abs/1701.07875",
    hyper: Hyper {
        loss: Loss::Wasserstein,
        d_steps: 5,
        fresh_fakes: true,
        clip: 0.01,
        optimizer: Rule::RmsProp,
        batch: 64,
        g_rate: 1e-3,
        d_rate: 1e-3,
        ..dcgan::RECIPE.hyper
    },
    knobs: &[RATES, GAME, FORM, NETS, CONV, MLP],
    ..dcgan::RECIPE
};
