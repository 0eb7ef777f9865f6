//! A whole session as one safetensors buffer, and back.
//!
//! Tensors are those of [`State`]: `g.*`, `d.*`, `average.*` weights as (in, out), `g_optimizer.<weight>.<i>` moments.
//! Metadata: `format` = "ganvas 1"; `recipe`, `seed`; `knobs`, `generator`, `discriminator`, `numbers` as JSON.

use std::collections::{BTreeMap, HashMap};

use candle_core::Device;
use safetensors::SafeTensors;
use safetensors::tensor::serialize;

use crate::Dataset;
use crate::error::{Error, Result};
use crate::train::{Config, Session, State};

/// The format's name and version.
const FORMAT: &str = "ganvas 1";

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
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
    let metadata = header.metadata().clone().unwrap_or_default();
    let field = |name: &str| {
        metadata.get(name).ok_or_else(|| Error::Checkpoint { reason: format!("its metadata has no {name}") })
    };
    if field("format")? != FORMAT {
        return Err(Error::Checkpoint {
            reason: format!("its format is {}, expected {FORMAT}", field("format")?),
        });
    }
    let knobs: BTreeMap<String, String> = serde_json::from_str(field("knobs")?).map_err(unreadable)?;
    let pairs = knobs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let config = Config::new(field("recipe")?, Config::parse_seed(field("seed")?)?, pairs)?;
    let mut session = Session::new(config, data)?;
    session.set_state(&State {
        tensors: tensors(bytes)?,
        numbers: serde_json::from_str(field("numbers")?).map_err(unreadable)?,
    })?;
    Ok(session)
}

/// Every tensor of the buffer; finite numbers only.
fn tensors(bytes: &[u8]) -> Result<Vec<(String, candle_core::Tensor)>> {
    let mut tensors = Vec::new();
    for (name, tensor) in candle_core::safetensors::load_buffer(bytes, &Device::Cpu).map_err(unreadable)? {
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
