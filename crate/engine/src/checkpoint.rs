//! A whole session as one safetensors buffer, and back.
//!
//! Tensors are those of [`State`]: `g.*`, `d.*`, `average.*` weights as (in, out), `g_optimizer.<weight>.<i>` moments.
//! Metadata: `format` = "ganvas 1"; `recipe`, `seed`; `knobs`, `generator`, `discriminator`, `numbers` as JSON.

use std::collections::{BTreeMap, HashMap};

use candle_core::{DType, Device};
use safetensors::SafeTensors;
use safetensors::tensor::serialize;

use crate::Dataset;
use crate::error::{Error, Result};
use crate::train::{Config, Generator, Session, State};

/// The format's name and version.
const FORMAT: &str = "ganvas 1";

/// The same of a generator alone.
const GENERATOR: &str = "ganvas generator 1";

/// The session as bytes; an iteration under way is finished first.
pub fn save(session: &mut Session) -> Result<Vec<u8>> {
    let state = session.state()?;
    let config = session.config();
    let (generator, discriminator) = session.layers();
    let metadata = HashMap::from([
        ("format".to_owned(), FORMAT.to_owned()),
        ("recipe".to_owned(), config.recipe.id.to_owned()),
        ("seed".to_owned(), config.seed.to_string()),
        ("knobs".to_owned(), json(&config.knobs())?),
        ("generator".to_owned(), json(&generator)?),
        ("discriminator".to_owned(), json(&discriminator)?),
        ("numbers".to_owned(), json(&state.numbers)?),
    ]);
    let tensors = state.tensors.iter().map(|(name, tensor)| (name.as_str(), tensor));
    serialize(tensors, Some(metadata)).map_err(unreadable)
}

/// The session that `bytes` hold, to go on with on `data`.
pub fn load(bytes: &[u8], data: Dataset) -> Result<Session> {
    let (config, metadata) = run(bytes, FORMAT)?;
    let missing = || Error::Checkpoint { reason: "its metadata has no numbers".into() };
    let numbers = metadata.get("numbers").ok_or_else(missing)?;
    let mut session = Session::new(config, data)?;
    session.set_state(&State {
        tensors: tensors(bytes)?,
        numbers: serde_json::from_str(numbers).map_err(unreadable)?,
    })?;
    Ok(session)
}

/// The generator alone, its averaged weights in half precision, as bytes; an iteration under way is finished first.
pub fn save_generator(session: &mut Session) -> Result<Vec<u8>> {
    let state = session.state()?;
    let config = session.config();
    let metadata = HashMap::from([
        ("format".to_owned(), GENERATOR.to_owned()),
        ("recipe".to_owned(), config.recipe.id.to_owned()),
        ("seed".to_owned(), config.seed.to_string()),
        ("steps".to_owned(), session.steps().to_string()),
        ("knobs".to_owned(), json(&config.knobs())?),
    ]);
    let shown = state.tensors.iter().filter(|(name, _)| name.starts_with("average"));
    let half = shown.map(|(name, tensor)| Ok((name.as_str(), tensor.to_dtype(DType::F16)?)));
    serialize(half.collect::<Result<Vec<_>>>()?, Some(metadata)).map_err(unreadable)
}

/// The generator that [`save_generator`] wrote.
pub fn load_generator(bytes: &[u8]) -> Result<Generator> {
    let (config, metadata) = run(bytes, GENERATOR)?;
    let steps = metadata.get("steps").and_then(|steps| steps.parse().ok());
    let missing = || Error::Checkpoint { reason: "its metadata has no steps".into() };
    let weights = State { tensors: tensors(bytes)?, ..State::default() };
    Ok(Generator { config, steps: steps.ok_or_else(missing)?, weights })
}

/// The configuration in the metadata of a file of `format`, and all of the metadata.
fn run(bytes: &[u8], format: &str) -> Result<(Config, HashMap<String, String>)> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
    let metadata = header.metadata().clone().unwrap_or_default();
    let field = |name: &str| {
        metadata.get(name).ok_or_else(|| Error::Checkpoint { reason: format!("its metadata has no {name}") })
    };
    if field("format")? != format {
        return Err(Error::Checkpoint {
            reason: format!("its format is {}, expected {format}", field("format")?),
        });
    }
    let knobs: BTreeMap<String, String> = serde_json::from_str(field("knobs")?).map_err(unreadable)?;
    let pairs = knobs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let config = Config::new(field("recipe")?, Config::parse_seed(field("seed")?)?, pairs)?;
    Ok((config, metadata))
}

/// Every tensor of the buffer in f32; finite numbers only.
fn tensors(bytes: &[u8]) -> Result<Vec<(String, candle_core::Tensor)>> {
    let mut tensors = Vec::new();
    for (name, tensor) in candle_core::safetensors::load_buffer(bytes, &Device::Cpu).map_err(unreadable)? {
        let tensor = tensor.to_dtype(DType::F32)?;
        let sum = crate::op::with_slice::<f32, _>(&tensor, |v| Ok(v.iter().all(|x| x.is_finite())));
        if !sum.map_err(unreadable)? {
            return Err(Error::Checkpoint { reason: format!("{name} holds numbers that are not finite") });
        }
        tensors.push((name, tensor));
    }
    Ok(tensors)
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Checkpoint { reason: error.to_string() }
}
