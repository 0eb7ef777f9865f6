//! The configuration of a run: a recipe, a seed and the values of its knobs.

use std::collections::BTreeMap;

use crate::data::Sample;
use crate::error::{Error, Result};
use crate::recipe::{self, Hyper, Recipe};

/// The complete configuration of a run: equal configurations on equal data give
/// equal bits.
#[derive(Clone, Copy)]
pub struct Config {
    /// The type of GAN.
    pub recipe: &'static Recipe,
    /// The seed of all random streams.
    pub seed: u32,
    /// The values of the recipe's knobs.
    pub hyper: Hyper,
    /// Shape and classes of the images to generate.
    pub sample: Sample,
}

impl Config {
    /// The recipe of the id `recipe` with its defaults, except for the `knobs`
    /// given as (key, value), for digits ([`Sample::DIGIT`]). Errors:
    /// `UnknownRecipe`, `UnknownKnob`, those of
    /// [`Knob::set`](recipe::Knob::set) and of [`Recipe::check`].
    pub fn new<'a>(
        recipe: &str,
        seed: u32,
        knobs: impl IntoIterator<Item = (&'a str, &'a str)>,
    ) -> Result<Self> {
        let recipe = recipe::find(recipe)?;
        let mut hyper = recipe.hyper;
        for (key, value) in knobs {
            recipe.knob(key)?.set(&mut hyper, value)?;
        }
        recipe.check(&hyper, Sample::DIGIT)?;
        Ok(Self { recipe, seed, hyper, sample: Sample::DIGIT })
    }

    /// The same run on data of these samples. Errors: those of
    /// [`Recipe::check`].
    pub fn of(self, sample: Sample) -> Result<Self> {
        self.recipe.check(&self.hyper, sample)?;
        Ok(Self { sample, ..self })
    }

    /// Whether the generator of one run can replace that of another: the same
    /// layers on the same latent vectors or domains.
    pub fn same_generator(&self, other: &Self) -> bool {
        let of = |config: &Self| {
            let Hyper { domains, conditional, .. } = config.hyper;
            let layers = (config.recipe.generator)(&config.hyper, config.sample);
            (layers, config.hyper.latents(), domains, conditional, config.sample)
        };
        self.recipe.id == other.recipe.id && of(self) == of(other)
    }

    /// Every knob's value, as text, by key.
    pub fn knobs(&self) -> BTreeMap<&'static str, String> {
        self.recipe.knobs().map(|knob| (knob.key, knob.get(&self.hyper))).collect()
    }

    /// Sets a live knob. Errors: `NeedsNewRun` for a knob that shapes the nets,
    /// `UnknownKnob`, those of [`Knob::set`](recipe::Knob::set) and of
    /// [`Recipe::check`]; nothing is then changed.
    pub fn tune(&mut self, key: &str, value: &str) -> Result<()> {
        let knob = self.recipe.knob(key)?;
        let mut hyper = self.hyper;
        knob.set(&mut hyper, value)?;
        if !knob.live && hyper != self.hyper {
            return Err(Error::NeedsNewRun { key: key.to_owned() });
        }
        self.recipe.check(&hyper, self.sample)?;
        self.hyper = hyper;
        Ok(())
    }

    /// Parses a seed. Errors: `Seed`.
    pub fn parse_seed(text: &str) -> Result<u32> {
        text.trim().parse().map_err(|_| Error::Seed { got: text.to_owned() })
    }
}
