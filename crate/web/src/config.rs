//! The configuration that a command names.

use std::collections::BTreeMap;

use ganvas::{Config, Error};

/// A recipe with a seed and knobs that differ from its defaults; without a
/// seed, a random one.
pub fn config(
    recipe: &str,
    seed: Option<String>,
    knobs: &BTreeMap<String, String>,
) -> Result<Config, Error> {
    let seed = match seed {
        Some(text) => Config::parse_seed(&text)?,
        None => random_seed()?,
    };
    let pairs = knobs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    Config::new(recipe, seed, pairs)
}

fn random_seed() -> Result<u32, Error> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal { reason: error.to_string() })?;
    Ok(u32::from_le_bytes(bytes))
}
