//! Checkpoints: a session as one safetensors buffer, and back.
//!
//! Tensors are those of [`State`]: `g.*`, `d.*`, `average.*` weights as (in,
//! out), `g_optimizer.<weight>.<i>` moments. Metadata: `format` = "ganvas 1";
//! `recipe`, `seed`; `knobs`, `generator`, `discriminator` (their layers),
//! `numbers` as JSON; `data`, the fingerprint of the data set, and `build`, the
//! type of arithmetic; `sample`, the shape of the images such as 28x28x1, and
//! `classes`, their number: older files without these two are of digits. A
//! generator alone ("ganvas generator 1") has `average*` weights only, in f32
//! or f16, no `discriminator`, `numbers` or `data`, and `steps`.

use std::collections::{BTreeMap, HashMap};

use candle_core::safetensors::Load;
use candle_core::{DType, Device, Tensor};
use safetensors::tensor::serialize;
use safetensors::{Dtype, SafeTensors};

use crate::Dataset;
use crate::data::{Sample, Shape};
use crate::error::{Error, Result};
use crate::recipe;
use crate::train::{Config, Generator, Session, State};

/// The format's name and version.
const FORMAT: &str = "ganvas 1";

/// The format of a generator alone.
const GENERATOR: &str = "ganvas generator 1";

/// Knobs that older files do not have, and their values in those files.
const LATER: [(&str, &str); 10] = [
    ("g_down", "3"),
    ("modes", "0"),
    ("g_blocks7", "0"),
    ("g_blocks14", "0"),
    ("d_blocks14", "0"),
    ("d_blocks7", "0"),
    ("schedule", "constant"),
    ("hold", "1000"),
    ("length", "10000"),
    ("ema_width", "0"),
];

/// Approximate bytes of a header.
const HEADER: u64 = 8 << 10;

/// Where a saved run was trained.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Origin {
    /// The [`Dataset::fingerprint`] of its data set; `None` if the file does
    /// not state it.
    pub data: Option<String>,
    /// The type of arithmetic; `None` if the file does not state it.
    pub build: Option<String>,
}

/// The session as bytes; an iteration under way is finished first. Errors:
/// `Unsaved` if the file would not load.
pub fn save(session: &mut Session) -> Result<Vec<u8>> {
    let state = session.state()?;
    serialized(session, &state)
}

/// Approximate number of bytes that [`save`] returns: all tensors, CycleGAN's
/// pools when full, and a header.
pub fn size(session: &mut Session) -> Result<u64> {
    let state = session.state()?;
    let Config { hyper, sample, .. } = session.config();
    let pools = 2 * hyper.pool as usize * sample.shape.size();
    let others = state.tensors.iter().filter(|(name, _)| !name.starts_with("pool"));
    let numbers: usize = others.map(|(_, tensor)| tensor.elem_count()).sum();
    Ok(((numbers + pools) * DType::F32.size_in_bytes()) as u64 + HEADER)
}

/// The [`Session::digest`] of the session and the bytes of [`save`]; `None` if
/// the digest is `known`.
pub fn save_if_changed(
    session: &mut Session,
    known: Option<u64>,
) -> Result<Option<(u64, Vec<u8>)>> {
    let state = session.state()?;
    let digest = state.digest()?;
    if known == Some(digest) {
        return Ok(None);
    }
    Ok(Some((digest, serialized(session, &state)?)))
}

fn serialized(session: &mut Session, state: &State) -> Result<Vec<u8>> {
    for (name, tensor) in &state.tensors {
        storable(name, tensor)?;
    }
    let mut metadata = described(session, FORMAT)?;
    metadata.insert("numbers".to_owned(), json(&state.numbers)?);
    metadata.insert("discriminator".to_owned(), json(&session.layers().1)?);
    let data = session.data_mut().fingerprint();
    if !data.is_empty() {
        metadata.insert("data".to_owned(), data);
    }
    let tensors = state.tensors.iter().map(|(name, tensor)| (name.as_str(), tensor));
    serialize(tensors, Some(metadata)).map_err(unreadable)
}

/// The origin of the run in `bytes`. Errors: `Checkpoint`, and those of
/// [`Config::new`] and [`Config::of`].
pub fn origin(bytes: &[u8]) -> Result<Origin> {
    let (_, mut metadata) = configuration(bytes, FORMAT)?;
    Ok(Origin { data: metadata.remove("data"), build: metadata.remove("build") })
}

/// The session in `bytes`, resumed on `data`. Errors: `Checkpoint` for a file
/// that cannot be read, `OtherShape` if the data have other samples, and those
/// of [`Config::new`] and [`Config::of`].
pub fn load(bytes: &[u8], data: Dataset) -> Result<Session> {
    let mut session = Session::new(configuration(bytes, FORMAT)?.0, data)?;
    resume(&mut session, bytes)?;
    Ok(session)
}

/// Replaces the run of `session` with the one in `bytes`, on the data of
/// `session`, and returns the origin of that run. Errors: as [`load`]; the
/// session is then unchanged.
pub fn resume(session: &mut Session, bytes: &[u8]) -> Result<Origin> {
    let (config, mut metadata) = configuration(bytes, FORMAT)?;
    let missing = || Error::Checkpoint { reason: "its metadata has no numbers".into() };
    let numbers = metadata.get("numbers").ok_or_else(missing)?;
    let state = State {
        tensors: tensors(bytes)?,
        numbers: serde_json::from_str(numbers).map_err(unreadable)?,
    };
    session.resume(config, &state)?;
    Ok(Origin { data: metadata.remove("data"), build: metadata.remove("build") })
}

/// The precision of the numbers of a generator alone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Precision {
    /// f32, as in the run.
    Single,
    /// f16, in half the bytes.
    Half,
}

/// The generator alone, with its averaged weights, as bytes; an iteration under
/// way is finished first. Errors: `Unsaved` if the file would not load.
pub fn save_generator(session: &mut Session, precision: Precision) -> Result<Vec<u8>> {
    let state = session.state()?;
    let mut metadata = described(session, GENERATOR)?;
    metadata.insert("steps".to_owned(), session.steps().to_string());
    let kind = if precision == Precision::Half { DType::F16 } else { DType::F32 };
    let shown = state.tensors.iter().filter(|(name, _)| name.starts_with("average"));
    let written = shown.map(|(name, tensor)| {
        let tensor = tensor.to_dtype(kind)?;
        storable(name, &tensor.to_dtype(DType::F32)?)?;
        Ok((name.as_str(), tensor))
    });
    serialize(written.collect::<Result<Vec<_>>>()?, Some(metadata)).map_err(unreadable)
}

/// The metadata that every file has.
fn described(session: &Session, format: &str) -> Result<HashMap<String, String>> {
    let config = session.config();
    Ok(HashMap::from([
        ("format".to_owned(), format.to_owned()),
        ("recipe".to_owned(), config.recipe.id.to_owned()),
        ("seed".to_owned(), config.seed.to_string()),
        ("sample".to_owned(), config.sample.shape.to_string()),
        ("classes".to_owned(), config.sample.classes.to_string()),
        ("knobs".to_owned(), json(&config.knobs())?),
        ("generator".to_owned(), json(&session.layers().0)?),
        ("build".to_owned(), crate::kernel::arithmetic().to_owned()),
    ]))
}

/// The generator that [`save_generator`] wrote, in either precision. Errors:
/// `Checkpoint`, and those of [`Config::new`] and [`Config::of`].
pub fn load_generator(bytes: &[u8]) -> Result<Generator> {
    let (config, metadata) = configuration(bytes, GENERATOR)?;
    let steps = metadata.get("steps").and_then(|steps| steps.parse().ok());
    let missing = || Error::Checkpoint { reason: "its metadata has no steps".into() };
    let weights = State { tensors: tensors(bytes)?, ..State::default() };
    Ok(Generator { config, steps: steps.ok_or_else(missing)?, weights })
}

/// Whether the bytes are a generator alone, as [`save_generator`] writes it,
/// and not a complete run.
pub fn is_generator(bytes: &[u8]) -> bool {
    let metadata =
        SafeTensors::read_metadata(bytes).ok().and_then(|(_, header)| header.metadata().clone());
    metadata
        .is_some_and(|metadata| metadata.get("format").is_some_and(|format| format == GENERATOR))
}

/// The configuration in the metadata of a file of `format`, and all metadata.
fn configuration(bytes: &[u8], format: &str) -> Result<(Config, HashMap<String, String>)> {
    let (_, header) = SafeTensors::read_metadata(bytes).map_err(unreadable)?;
    let metadata = header.metadata().clone().unwrap_or_default();
    let field = |name: &str| {
        metadata
            .get(name)
            .ok_or_else(|| Error::Checkpoint { reason: format!("its metadata has no {name}") })
    };
    if field("format")? != format {
        return Err(Error::Checkpoint {
            reason: format!("its format is {}, expected {format}", field("format")?),
        });
    }
    let mut knobs: BTreeMap<String, String> =
        serde_json::from_str(field("knobs")?).map_err(unreadable)?;
    let recipe = recipe::find(field("recipe")?)?;
    for (key, value) in LATER {
        if recipe.knob(key).is_ok() {
            knobs.entry(key.to_owned()).or_insert_with(|| value.to_owned());
        }
    }
    let pairs = knobs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    let config = Config::new(recipe.id, Config::parse_seed(field("seed")?)?, pairs)?;
    let config = config.of(sample(&metadata)?)?;
    Ok((config, metadata))
}

/// The samples that the metadata state; digits if they state none.
fn sample(metadata: &HashMap<String, String>) -> Result<Sample> {
    let (Some(shape), Some(classes)) = (metadata.get("sample"), metadata.get("classes")) else {
        return Ok(Sample::DIGIT);
    };
    // Labels are bytes.
    let most = usize::from(u8::MAX) + 1;
    let classes = classes.parse().ok().filter(|classes| *classes <= most);
    let wrong = || Error::Checkpoint { reason: "its metadata has no valid sample".into() };
    Shape::parse(shape)
        .zip(classes)
        .map(|(shape, classes)| Sample { shape, classes })
        .ok_or_else(wrong)
}

/// Every floating-point tensor of the buffer, in f32. Tensors of other types,
/// which other programs can add, are ignored. Errors: `Checkpoint` for numbers
/// that are not finite.
fn tensors(bytes: &[u8]) -> Result<Vec<(String, Tensor)>> {
    let mut tensors = Vec::new();
    for (name, view) in SafeTensors::deserialize(bytes).map_err(unreadable)?.iter() {
        if !matches!(view.dtype(), Dtype::F64 | Dtype::F32 | Dtype::F16 | Dtype::BF16) {
            continue;
        }
        let name = name.to_owned();
        let tensor = view.load(&Device::Cpu).map_err(unreadable)?.to_dtype(DType::F32)?;
        if let Some(fault) = fault(&name, &tensor)? {
            return Err(Error::Checkpoint { reason: format!("{name} {fault}") });
        }
        tensors.push((name, tensor));
    }
    Ok(tensors)
}

/// Why a run cannot resume from this tensor of f32; `None` if it can.
fn fault(name: &str, tensor: &Tensor) -> Result<Option<&'static str>> {
    let values = tensor.flatten_all()?.to_vec1::<f32>()?;
    if !values.iter().all(|x| x.is_finite()) {
        return Ok(Some("holds numbers that are not finite"));
    }
    let variances = name.ends_with(".running_var") && !values.iter().all(|&x| x >= 0.);
    Ok(variances.then_some("holds variances below 0"))
}

/// Checks that a tensor can be loaded again. Errors: `Unsaved`.
fn storable(name: &str, tensor: &Tensor) -> Result<()> {
    match fault(name, tensor)? {
        Some(why) => Err(Error::Unsaved { what: name.to_owned(), why: why.to_owned() }),
        None => Ok(()),
    }
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(unreadable)
}

fn unreadable(error: impl std::fmt::Display) -> Error {
    Error::Checkpoint { reason: error.to_string() }
}
