//! What a run is: a recipe, a seed and the values of its knobs.

use std::collections::BTreeMap;

use crate::data::Sample;
use crate::error::{Error, Result};
use crate::recipe::{self, Hyper, Recipe};

/// The whole configuration of a run: equal configurations on equal data give
/// equal bits.
#[derive(Clone, Copy)]
pub struct Config {
    /// The kind of GAN.
    pub recipe: &'static Recipe,
    /// The seed of everything random.
    pub seed: u32,
    /// The values of the recipe's knobs.
    pub hyper: Hyper,
    /// What is generated.
    pub sample: Sample,
}

impl Config {
    /// The recipe called `recipe` with its defaults, but for the `knobs` given
    /// as (key, value), for digits ([`Sample::DIGIT`]).
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

    /// The same run on data of such samples. Errors: nets that cannot make
    /// them.
    pub fn of(self, sample: Sample) -> Result<Self> {
        self.recipe.check(&self.hyper, sample)?;
        Ok(Self { sample, ..self })
    }

    /// Whether a generator of one run can stand in for that of another: the
    /// same layers on the same latents or domains.
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

    /// Turns a live knob; refuses one that shapes the nets.
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

    /// A seed as a person writes it.
    pub fn parse_seed(text: &str) -> Result<u32> {
        text.trim().parse().map_err(|_| Error::Seed { got: text.to_owned() })
    }
}
