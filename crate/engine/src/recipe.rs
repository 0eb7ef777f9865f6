//! Recipes: types of GAN, as data and functions of their knobs.

pub mod cgan;
pub mod cyclegan;
pub mod dcgan;
pub mod gan;
pub mod goodfellow;
mod hyper;
mod knob;
mod knobs;
pub mod lsgan;
mod nets;
pub mod r3gan;
pub mod wgan;
pub mod wgan_gp;

pub use hyper::{Form, Hidden, Hyper, Schedule, Sizes};
pub use knob::{Choice, Kind, Knob, Slot};
pub(crate) use knobs::MOST_HOLD;

use serde::Serialize;
use ts_rs::TS;

use crate::data::{Sample, Shape};
use crate::error::{Error, Result};
use crate::net::{Init, Layer, output, weights};

/// A type of GAN. A variant states its differences from another recipe: `Recipe
/// { id: "lsgan", hyper: .., ..dcgan::RECIPE }`.
pub struct Recipe {
    /// Its name in addresses, commands and checkpoints; the page's sentences
    /// are `recipe.<id>.name` and `.about`.
    pub id: &'static str,
    /// Authors, year and address of the paper.
    pub paper: &'static str,
    /// The game that trains the nets.
    pub trainer: Trainer,
    /// The layers of the generator of these samples: (rows, latent), or (rows,
    /// image) under [`Trainer::Cycle`], -> (rows, image) in [0, 1].
    pub generator: fn(&Hyper, Sample) -> Vec<Layer>,
    /// The layers of the discriminator of these samples: (rows, image) -> (rows
    /// / pack, 1) logits, or one logit per patch under [`Trainer::Cycle`].
    pub discriminator: fn(&Hyper, Sample) -> Vec<Layer>,
    /// Distribution of the generator's initial weights.
    pub g_init: Init,
    /// Distribution of the discriminator's initial weights.
    pub d_init: Init,
    /// The default settings, declared only here.
    pub hyper: Hyper,
    /// The (knob, value) pairs that differ from the defaults for the best
    /// images, after minutes instead of seconds; empty if the defaults make
    /// them.
    pub fine: &'static [(&'static str, &'static str)],
    /// The knobs in groups: the page's controls, the address and the command's
    /// `--set` come from them.
    pub knobs: &'static [&'static [Knob]],
}

/// The game that trains the nets.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Trainer {
    /// One generator that takes latent vectors, against one discriminator.
    Duel,
    /// Two translators of images, each against a discriminator.
    Cycle,
}

/// All recipes; the first is the page's default.
pub const ALL: &[&Recipe] = &[
    &dcgan::RECIPE,
    &gan::RECIPE,
    &goodfellow::RECIPE,
    &lsgan::RECIPE,
    &wgan::RECIPE,
    &wgan_gp::RECIPE,
    &r3gan::RECIPE,
    &cgan::RECIPE,
    &cyclegan::RECIPE,
];

/// Most weights, of both nets together, that a page can train: about 400 MB
/// with moments and gradients.
const MOST_WEIGHTS: u64 = 20_000_000;

/// The recipe of this id. Errors: `UnknownRecipe`.
pub fn find(id: &str) -> Result<&'static Recipe> {
    ALL.iter().copied().find(|recipe| recipe.id == id).ok_or_else(|| Error::UnknownRecipe {
        got: id.to_owned(),
        known: ALL.iter().map(|recipe| recipe.id).collect::<Vec<_>>().join(", "),
    })
}

impl Recipe {
    /// Its knobs, in display order.
    pub fn knobs(&self) -> impl Iterator<Item = &'static Knob> + use<> {
        self.knobs.iter().flat_map(|group| group.iter())
    }

    /// The knob of this key. Errors: `UnknownKnob`.
    pub fn knob(&self, key: &str) -> Result<&'static Knob> {
        let unknown = || Error::UnknownKnob { key: key.to_owned(), recipe: self.id.to_owned() };
        self.knobs().find(|knob| knob.key == key).ok_or_else(unknown)
    }

    /// Checks that the settings fit together, that the nets can make the
    /// samples, and that a page can train nets of this size. Errors:
    /// `NeedsLabels`, `OtherShape`, `PenaltyNorm`, `PackBatch`, `NetShape`,
    /// `TooLarge`.
    pub fn check(&self, hyper: &Hyper, sample: Sample) -> Result<()> {
        if hyper.conditional && sample.classes == 0 {
            return Err(Error::NeedsLabels { recipe: self.id.to_owned() });
        }
        if self.trainer == Trainer::Cycle {
            hyper.domains.check(sample.shape)?;
        }
        let layers = (self.discriminator)(hyper, sample);
        let penalised = hyper.penalty > 0. || hyper.r1 > 0. || hyper.r2 > 0.;
        if penalised && layers.iter().any(|layer| matches!(layer, Layer::BatchNorm { .. })) {
            return Err(Error::PenaltyNorm {});
        }
        if !hyper.batch.is_multiple_of(hyper.pack) {
            let (batch, pack) = (hyper.batch.to_string(), hyper.pack.to_string());
            return Err(Error::PackBatch { batch, pack });
        }
        let made = output(&(self.generator)(hyper, sample), self.source(hyper, sample));
        if made.size() != sample.shape.size() || output(&layers, sample.shape).size() == 0 {
            let (got, made) = (sample.shape.to_string(), made.to_string());
            return Err(Error::NetShape { recipe: self.id.to_owned(), got, made });
        }
        self.weights(hyper, sample).map(|_| ())
    }

    /// The shape of the generator's input: a latent vector, or an image under
    /// [`Trainer::Cycle`].
    pub fn source(&self, hyper: &Hyper, sample: Sample) -> Shape {
        match self.trainer {
            Trainer::Duel => Shape::row(hyper.latents().width()),
            Trainer::Cycle => sample.shape,
        }
    }

    /// Numbers of weights of the generator and of the discriminator under
    /// `hyper`. Errors: `TooLarge`.
    pub fn weights(&self, hyper: &Hyper, sample: Sample) -> Result<(u64, u64)> {
        let generator = weights(&(self.generator)(hyper, sample), self.source(hyper, sample));
        let discriminator = weights(&(self.discriminator)(hyper, sample), sample.shape);
        let sum = generator.saturating_add(discriminator);
        if sum > MOST_WEIGHTS {
            return Err(Error::TooLarge { got: sum.to_string(), most: MOST_WEIGHTS.to_string() });
        }
        Ok((generator, discriminator))
    }
}

#[cfg(test)]
mod tests;
