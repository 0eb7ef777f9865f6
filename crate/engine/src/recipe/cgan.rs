//! Both nets are conditioned on the class (Mirza and Osindero 2014,
//! arXiv:1411.1784).

use super::knobs::{CONV, DEPTH, DUEL, FORM, LATENT, MLP, PLAIN, PLAY, RATES};
use super::{Hyper, Recipe, dcgan};

/// `dcgan` with the label beside the latent vector in G, and beside the first
/// feature map in D.
pub const RECIPE: Recipe = Recipe {
    id: "cgan",
    paper: "Mirza, Osindero 2014, https://arxiv.org/abs/1411.1784",
    // Its classes do what modes do in other recipes.
    hyper: Hyper { conditional: true, modes: 0, ..dcgan::RECIPE.hyper },
    knobs: &[RATES, PLAY, DUEL, FORM, LATENT, PLAIN, CONV, DEPTH, MLP],
    ..dcgan::RECIPE
};
