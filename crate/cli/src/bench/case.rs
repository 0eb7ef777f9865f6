//! The cases to train.

use anyhow::{Context, Result};
use ganvas::{Config, bench, recipe};

/// A case: a recipe with knobs.
#[derive(Clone)]
pub struct Case {
    pub name: String,
    pub recipe: String,
    pub knobs: Vec<(String, String)>,
}

impl Case {
    /// The cases that peers also run, then every recipe at its defaults.
    pub fn all() -> Vec<Self> {
        let owned = |&(key, value): &(&str, &str)| (key.to_owned(), value.to_owned());
        let peers = bench::CASES.iter().map(|case| Self {
            name: case.name.into(),
            recipe: case.recipe.into(),
            knobs: case.knobs.iter().map(owned).collect(),
        });
        let defaults = recipe::ALL.iter().map(|recipe| Self {
            name: recipe.id.into(),
            recipe: recipe.id.into(),
            knobs: Vec::new(),
        });
        peers.chain(defaults).collect()
    }

    /// A case of a recipe with knobs as `key=value`. Errors: an unknown recipe
    /// or knob, or no `=`.
    pub fn own(recipe: &str, set: &[String]) -> Result<Self> {
        let split = |pair: &String| {
            let (key, value) = pair
                .split_once('=')
                .with_context(|| format!("--set takes key=value, got {pair}"))?;
            Ok((key.to_owned(), value.to_owned()))
        };
        let knobs = set.iter().map(split).collect::<Result<_>>()?;
        let case = Self { name: recipe.into(), recipe: recipe.into(), knobs };
        case.config()?;
        Ok(case)
    }

    /// The configuration of its session.
    pub fn config(&self) -> Result<Config> {
        let knobs = self.knobs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
        Ok(Config::new(&self.recipe, 1, knobs)?)
    }

    /// The layers of the nets as text, for the PyTorch script: (generator,
    /// discriminator).
    pub fn layers(&self) -> Result<(Vec<String>, Vec<String>)> {
        Ok(bench::session(self.config()?)?.layers())
    }
}
