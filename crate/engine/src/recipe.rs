//! What a kind of GAN is, as data and functions of its knobs.

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

/// One kind of GAN. A variant is the difference from another: `Recipe { id:
/// "lsgan", hyper: .., ..dcgan::RECIPE }`.
pub struct Recipe {
    /// Its name in addresses, commands and checkpoints; the page's sentences
    /// are `recipe.<id>.name` and `.about`.
    pub id: &'static str,
    /// Author, year and where to read it.
    pub paper: &'static str,
    /// Who plays.
    pub trainer: Trainer,
    /// (rows, latent), or (rows, image) under [`Trainer::Cycle`], -> (rows,
    /// image) in [0, 1], of such samples.
    pub generator: fn(&Hyper, Sample) -> Vec<Layer>,
    /// (rows, image) -> (rows / pack, 1) logits, or under [`Trainer::Cycle`]
    /// one a patch.
    pub discriminator: fn(&Hyper, Sample) -> Vec<Layer>,
    /// How the generator's first weights are drawn.
    pub g_init: Init,
    /// How the discriminator's first weights are drawn.
    pub d_init: Init,
    /// Defaults: the only place where they are written.
    pub hyper: Hyper,
    /// What differs from them for digits that are as good as they get, in
    /// minutes instead of seconds; nothing where that is the defaults.
    pub fine: &'static [(&'static str, &'static str)],
    /// What can be turned: the page's controls, the address and the command's
    /// `--set` come from this.
    pub knobs: &'static [&'static [Knob]],
}

/// Who plays.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Trainer {
    /// One generator of latent vectors against one discriminator.
    Duel,
    /// Two translators of digits, each against a discriminator.
    Cycle,
}

/// Every kind there is; the first is the page's default.
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

/// Weights of both nets together that a page can train: with moments and
/// gradients about 400 MB.
const MOST_WEIGHTS: u64 = 20_000_000;

/// The recipe called `id`.
pub fn find(id: &str) -> Result<&'static Recipe> {
    ALL.iter().copied().find(|recipe| recipe.id == id).ok_or_else(|| Error::UnknownRecipe {
        got: id.to_owned(),
        known: ALL.iter().map(|recipe| recipe.id).collect::<Vec<_>>().join(", "),
    })
}

impl Recipe {
    /// Its knobs, in the order to show them.
    pub fn knobs(&self) -> impl Iterator<Item = &'static Knob> + use<> {
        self.knobs.iter().flat_map(|group| group.iter())
    }

    /// The knob called `key`.
    pub fn knob(&self, key: &str) -> Result<&'static Knob> {
        let unknown = || Error::UnknownKnob { key: key.to_owned(), recipe: self.id.to_owned() };
        self.knobs().find(|knob| knob.key == key).ok_or_else(unknown)
    }

    /// Refuses settings that do not go together, samples that the nets cannot
    /// make, and nets that would not fit a page.
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

    /// What enters its generator.
    pub fn source(&self, hyper: &Hyper, sample: Sample) -> Shape {
        match self.trainer {
            Trainer::Duel => Shape::row(hyper.latents().width()),
            Trainer::Cycle => sample.shape,
        }
    }

    /// Weights of the generator and of the discriminator under `hyper`, or a
    /// refusal to build nets of that size.
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
