//! The judge: a small classifier of digits, whose features and opinions the other measures are taken on.

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor};
use safetensors::tensor::serialize;

use crate::chance::{Purpose, stream};
use crate::data::{CLASSES, PIXELS};
use crate::error::{Error, Result};
use crate::kernel::{Workspace, exp};
use crate::net::{Init, Layer, Net, Pass, Shape};
use crate::op::{Activation, with_slice};
use crate::params::Params;

/// Numbers that the judge makes of a digit before it names a class: what distances are taken on.
pub const FEATURES: usize = 36;

/// Digits judged at once.
const PART: usize = 250;

/// Its weights, by `cargo ganvas train-judge` with the seed and epochs that its metadata names; half precision.
const READY: &[u8] = include_bytes!("judge.safetensors");

/// A classifier in two parts: digits to features, features to classes.
pub struct Judge {
    pub(super) body: Net,
    pub(super) head: Net,
    pub(super) params: [Params; 2],
    workspace: Workspace,
}

/// What the judge says of digits.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// (digits, [`FEATURES`]), row-major.
    pub features: Vec<f32>,
    /// The likeliest class of each.
    pub classes: Vec<u8>,
    /// Its probability.
    pub confidences: Vec<f32>,
    /// The probability of every class, (digits, 10).
    pub chances: Vec<f32>,
}

/// The names of the parts in a file.
const PARTS: [&str; 2] = ["body", "head"];

impl Judge {
    /// With first weights drawn from `seed`.
    pub fn new(seed: u32) -> Result<Self> {
        let mut weights = stream(seed, Purpose::Weights);
        let body = Params::new(weights.clone());
        weights.set_word_pos(1 << 32);
        let head = Params::new(weights);
        Ok(Self {
            body: Net::build(layers(), Shape::image(28, 28, 1), Init::He, &body.builder(DType::F32))?,
            head: Net::build(
                vec![Layer::Dense { outputs: CLASSES, activation: Activation::Identity }],
                Shape::row(FEATURES),
                Init::He,
                &head.builder(DType::F32),
            )?,
            params: [body, head],
            workspace: Workspace::default(),
        })
    }

    /// The one that comes with the engine, trained on MNIST.
    pub fn ready() -> Result<Self> {
        Self::load(READY)
    }

    /// The judge that [`Self::save`] wrote. Errors: another file.
    pub fn load(bytes: &[u8]) -> Result<Self> {
        let judge = Self::new(0)?;
        let tensors = candle_core::safetensors::load_buffer(bytes, &Device::Cpu)?;
        for (part, params) in PARTS.iter().zip(&judge.params) {
            for (name, var) in params.all() {
                let key = format!("{part}.{name}");
                let missing = || Error::Checkpoint { reason: format!("the judge's {key} is missing") };
                var.set(&tensors.get(&key).ok_or_else(missing)?.to_dtype(DType::F32)?)?;
            }
        }
        Ok(judge)
    }

    /// Its weights in half precision; `command` is how they were trained.
    pub fn save(&self, command: &str) -> Result<Vec<u8>> {
        let mut tensors = Vec::new();
        for (part, params) in PARTS.iter().zip(&self.params) {
            for (name, var) in params.all() {
                tensors.push((format!("{part}.{name}"), var.as_detached_tensor().to_dtype(DType::F16)?));
            }
        }
        let metadata = HashMap::from([("command".to_owned(), command.to_owned())]);
        serialize(tensors, Some(metadata)).map_err(|error| Error::Internal { reason: error.to_string() })
    }

    /// What it says of pixels (n, 784) in [0, 1].
    pub fn judge(&mut self, pixels: &[f32]) -> Result<Judged> {
        let mut judged = Judged::default();
        for part in pixels.chunks(PART * PIXELS) {
            let x = Tensor::from_slice(part, (part.len() / PIXELS, PIXELS), &Device::Cpu)?;
            let features = self.body.forward(&x, &[], Pass::Eval, &mut self.workspace)?;
            let logits = self.head.forward(&features, &[], Pass::Eval, &mut self.workspace)?;
            with_slice::<f32, _>(&features, |values| {
                judged.features.extend_from_slice(values);
                Ok(())
            })?;
            let logits = with_slice::<f32, _>(&logits, |values| Ok(values.to_vec()))?;
            for row in logits.chunks_exact(CLASSES).map(softmax) {
                let (class, chance) =
                    row.iter().enumerate().fold((0, 0.), |best: (usize, f32), (class, &chance)| {
                        if chance > best.1 { (class, chance) } else { best }
                    });
                judged.classes.push(class as u8);
                judged.confidences.push(chance);
                judged.chances.extend(row);
            }
        }
        Ok(judged)
    }
}

/// e^x of each number over the sum of all.
fn softmax(logits: &[f32]) -> Vec<f32> {
    let greatest = logits.iter().fold(f32::NEG_INFINITY, |most, &x| most.max(x));
    let mut shares: Vec<f32> = logits.iter().map(|x| exp(x - greatest)).collect();
    let sum: f32 = shares.iter().sum();
    shares.iter_mut().for_each(|share| *share /= sum);
    shares
}

/// 28x28 - 14x14x16 - 7x7x32 - 4x4x64 - 36, about 70,000 weights: 140 kB in half precision.
fn layers() -> Vec<Layer> {
    let activation = Activation::Relu;
    let mut layers = Vec::new();
    for (channels, kernel) in [(16, 5), (32, 5), (64, 3)] {
        layers.push(Layer::Conv { channels, kernel, stride: 2, activation: Activation::Identity });
        layers.push(Layer::BatchNorm { activation });
    }
    layers.push(Layer::Dropout { rate: 0.3 });
    layers.push(Layer::Dense { outputs: FEATURES, activation });
    layers
}
