//! What a kind of GAN is, as data and functions of its knobs.

pub mod dcgan;
pub mod gan;
mod hyper;
mod knob;
mod knobs;

pub use hyper::{Hidden, Hyper, LossKind, Sizes};
pub use knob::{Choice, Kind, Knob, Slot};

use crate::data::SIDE;
use crate::error::{Error, Result};
use crate::loss::Loss;
use crate::net::{Init, Layer, Shape, weights};

/// One kind of GAN. A variant is the difference from another: `Recipe { id: "lsgan", loss: .., ..gan::RECIPE }`.
pub struct Recipe {
    /// Its name in addresses, commands and checkpoints; the page's sentences are `recipe.<id>.name` and `.about`.
    pub id: &'static str,
    /// Author, year and where to read it.
    pub paper: &'static str,
    /// (rows, latent) -> (rows, 784) in [0, 1].
    pub generator: fn(&Hyper) -> Vec<Layer>,
    /// (rows, 784) -> (rows, 1) logits.
    pub discriminator: fn(&Hyper) -> Vec<Layer>,
    /// What the players minimise.
    pub loss: fn(&Hyper) -> Loss,
    /// How first weights are drawn.
    pub init: Init,
    /// Defaults: the only place where they are written.
    pub hyper: Hyper,
    /// What can be turned: the page's controls, the address and the command's `--set` come from this.
    pub knobs: &'static [Knob],
}

/// A digit as it enters a discriminator.
pub const DIGIT: Shape = Shape::image(SIDE, SIDE, 1);

/// Every kind there is; the first is the page's default.
pub const ALL: &[&Recipe] = &[&dcgan::RECIPE, &gan::RECIPE];

/// Weights of both nets together that a page can train: with moments and gradients about 400 MB.
const MOST_WEIGHTS: u64 = 20_000_000;

/// The recipe called `id`.
pub fn find(id: &str) -> Result<&'static Recipe> {
    ALL.iter().copied().find(|recipe| recipe.id == id).ok_or_else(|| Error::UnknownRecipe {
        got: id.to_owned(),
        known: ALL.iter().map(|recipe| recipe.id).collect::<Vec<_>>().join(", "),
    })
}

impl Recipe {
    /// The knob called `key`.
    pub fn knob(&self, key: &str) -> Result<&'static Knob> {
        let unknown = || Error::UnknownKnob { key: key.to_owned(), recipe: self.id.to_owned() };
        self.knobs.iter().find(|knob| knob.key == key).ok_or_else(unknown)
    }

    /// Weights of the generator and of the discriminator under `hyper`, or a refusal to build nets of that size.
    pub fn weights(&self, hyper: &Hyper) -> Result<(u64, u64)> {
        let generator = weights(&(self.generator)(hyper), Shape::row(hyper.latent as usize));
        let discriminator = weights(&(self.discriminator)(hyper), DIGIT);
        let sum = generator.saturating_add(discriminator);
        if sum > MOST_WEIGHTS {
            return Err(Error::TooLarge { got: sum.to_string(), most: MOST_WEIGHTS.to_string() });
        }
        Ok((generator, discriminator))
    }
}

#[cfg(test)]
mod tests;
