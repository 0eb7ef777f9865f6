//! The judge: a small classifier of digits, whose features and opinions the
//! other measures are taken on.

use std::collections::HashMap;

use candle_core::{DType, Device, Tensor, bail};
use safetensors::tensor::{SafeTensors, serialize};

use super::known::Known;
use crate::data::{CLASSES, Dataset, PIXELS, Sample, Shape};
use crate::error::{Error, Result};
use crate::kernel::{Batch, Workspace, exp};
use crate::net::{Init, Layer, Net, Pass};
use crate::op::Activation;
use crate::params::first_weights;
use crate::rng::{Purpose, stream};

/// Numbers that the judge makes of a digit before it names a class: what
/// distances are taken on.
pub const FEATURES: usize = 36;

/// Channels of its last convolution.
pub(super) const CHANNELS: usize = 64;

/// Layers up to and with the last convolution, normalised and activated.
const LAST: usize = 6;

/// Real digits looked at to learn what is none.
const MET: u32 = 25_000;

/// Digits judged at once.
const PART: usize = 250;

/// Its weights, by `cargo ganvas train-judge` with the seed and epochs that its
/// metadata names; half precision.
const READY: &[u8] = include_bytes!("judge.safetensors");

/// A classifier in two parts: digits to features, features to classes.
pub struct Judge {
    pub(super) body: Net,
    pub(super) head: Net,
    known: Option<Known>,
    workspace: Workspace,
}

/// What the judge saw in digits, before it named a class.
#[derive(Default)]
pub(super) struct Seen {
    /// (digits, [`FEATURES`]).
    pub features: Vec<f32>,
    /// The means of its last channels, (digits, [`CHANNELS`]).
    pub channels: Vec<f32>,
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
    pub probabilities: Vec<f32>,
    /// Whether each is a digit at all: near real ones of its class, and read
    /// without doubt.
    pub digits: Vec<bool>,
    /// How far the strokes of each are from those of real digits: up to 1 of
    /// nearly all of these, 2 and more of noise.
    pub oddness: Vec<f32>,
}

/// The names of the parts in a file.
const PARTS: [&str; 2] = ["body", "head"];

impl Judge {
    /// What it takes, and what all that builds on it takes.
    pub const SAMPLE: Sample = Sample::DIGIT;

    /// Refuses other samples than [`Self::SAMPLE`] by `OtherShape`.
    pub fn check(sample: Sample) -> Result<()> {
        if sample == Self::SAMPLE {
            return Ok(());
        }
        let (got, expected) = (sample.to_string(), Self::SAMPLE.to_string());
        Err(Error::OtherShape { got, expected })
    }

    /// With first weights drawn from `seed`.
    pub fn new(seed: u32) -> Result<Self> {
        let weights = stream(seed, Purpose::Weights);
        let mut behind = weights.clone();
        behind.set_word_pos(1 << 32);
        let head = vec![Layer::Dense { outputs: CLASSES, activation: Activation::Identity }];
        Ok(Self {
            body: Net::build(layers(), Self::SAMPLE.shape, Init::He, &first_weights(weights))?,
            head: Net::build(head, Shape::row(FEATURES), Init::He, &first_weights(behind))?,
            known: None,
            workspace: Workspace::default(),
        })
    }

    /// The one that comes with the engine, trained on MNIST.
    pub fn ready() -> Result<Self> {
        Self::load(READY)
    }

    /// The judge that [`Self::save`] wrote. Errors: another file.
    pub fn load(bytes: &[u8]) -> Result<Self> {
        let tensors = candle_core::safetensors::load_buffer(bytes, &Device::Cpu)?;
        let mut judge = Self::of(&tensors)?;
        judge.known = Some(Known::load(&tensors)?);
        Ok(judge)
    }

    /// Its weights alone: a judge to whom every picture is a digit, until it
    /// has met some ([`Self::meet`]).
    pub fn load_weights(bytes: &[u8]) -> Result<Self> {
        Self::of(&candle_core::safetensors::load_buffer(bytes, &Device::Cpu)?)
    }

    fn of(tensors: &HashMap<String, Tensor>) -> Result<Self> {
        let mut judge = Self::new(0)?;
        let Self { body, head, .. } = &mut judge;
        for (part, net) in PARTS.into_iter().zip([body, head]) {
            net.params_mut().set(|name| match tensors.get(&format!("{part}.{name}")) {
                Some(tensor) => Ok(tensor.clone()),
                None => bail!("the judge's {part}.{name} is missing"),
            })?;
        }
        Ok(judge)
    }

    /// How a file's weights were trained.
    pub fn command(bytes: &[u8]) -> Result<String> {
        let wrong = |reason: String| Error::Checkpoint { reason };
        let (_, metadata) =
            SafeTensors::read_metadata(bytes).map_err(|error| wrong(error.to_string()))?;
        let command = metadata.metadata().as_ref().and_then(|all| all.get("command"));
        command.cloned().ok_or_else(|| wrong("the judge's command is missing".to_owned()))
    }

    /// Looks at real digits with labels, some thousands of them from all of the
    /// set, so that it can tell what is no digit. Errors: other samples, digits
    /// without labels.
    pub fn meet(&mut self, data: &mut Dataset) -> Result<()> {
        Self::check(data.sample())?;
        let total = data.total();
        let count = total.min(MET);
        let indices: Vec<u32> = (0..count)
            .map(|i| (u64::from(i) * u64::from(total) / u64::from(count)) as u32)
            .collect();
        let labels: Vec<u8> = indices.iter().filter_map(|&i| data.label(i)).collect();
        if labels.is_empty() || labels.len() < indices.len() {
            return Err(Error::NeedsLabels { recipe: "the judge".to_owned() });
        }
        let mut seen = Seen::default();
        for part in indices.chunks(PART) {
            let mut pixels = vec![0f32; part.len() * PIXELS];
            data.write_batch(part, &mut pixels);
            self.see(&pixels, &mut seen)?;
        }
        self.known = Some(Known::fit(&seen, &labels));
        Ok(())
    }

    /// Its weights in half precision; `command` is how they were trained.
    pub fn save(&self, command: &str) -> Result<Vec<u8>> {
        let mut tensors = Vec::new();
        for (part, net) in PARTS.into_iter().zip([&self.body, &self.head]) {
            for (name, tensor) in net.params().tensors()? {
                tensors.push((format!("{part}.{name}"), tensor.to_dtype(DType::F16)?));
            }
        }
        if let Some(known) = &self.known {
            tensors.extend(known.tensors()?);
        }
        let metadata = HashMap::from([("command".to_owned(), command.to_owned())]);
        serialize(tensors, Some(metadata))
            .map_err(|error| Error::Internal { reason: error.to_string() })
    }

    /// What it says of pixels (n, 784) in [0, 1]. Errors: another size.
    pub fn judge(&mut self, pixels: &[f32]) -> Result<Judged> {
        if !pixels.len().is_multiple_of(PIXELS) {
            let (got, expected) = (pixels.len().to_string(), PIXELS.to_string());
            return Err(Error::DigitSize { got, expected });
        }
        let mut judged = Judged::default();
        for part in pixels.chunks(PART * PIXELS) {
            let mut seen = Seen::default();
            let logits = self.see(part, &mut seen)?;
            for (row, probabilities) in logits.chunks_exact(CLASSES).map(softmax).enumerate() {
                let (class, chance) = probabilities.iter().enumerate().fold(
                    (0, 0.),
                    |best: (usize, f32), (class, &chance)| {
                        if chance > best.1 { (class, chance) } else { best }
                    },
                );
                let met = self
                    .known
                    .as_ref()
                    .map(|known| known.is_digit(&seen, row, class as u8, chance));
                let (digit, odd) = met.unwrap_or((true, 0.));
                judged.digits.push(digit);
                judged.oddness.push(odd);
                judged.classes.push(class as u8);
                judged.confidences.push(chance);
                judged.probabilities.extend(probabilities);
            }
            judged.features.extend(seen.features);
        }
        Ok(judged)
    }

    /// Adds what it sees in digits (n, 784) to `seen`, n at most [`PART`]; the
    /// logits of their classes, (n, 10).
    fn see(&mut self, pixels: &[f32], seen: &mut Seen) -> Result<Vec<f32>> {
        let ws = &mut self.workspace;
        let count = pixels.len() / PIXELS;
        let x = Batch::new(count, pixels);
        let last = self.body.forward_part(..LAST, &x, &[], Pass::Eval, ws)?;
        let features = self.body.forward_part(LAST.., &last, &[], Pass::Eval, ws)?;
        for digit in last.numbers().chunks_exact(last.columns()) {
            let places = digit.len() / CHANNELS;
            let sum = |i| digit.iter().skip(i).step_by(CHANNELS).sum::<f32>();
            seen.channels.extend((0..CHANNELS).map(|i| sum(i) / places as f32));
        }
        seen.features.extend_from_slice(features.numbers());
        Ok(self.head.forward(&features, &[], Pass::Eval, ws)?.numbers().to_vec())
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

/// 28x28 - 14x14x16 - 7x7x32 - 4x4x64 - 36, about 70,000 weights: 140 kB in
/// half precision.
fn layers() -> Vec<Layer> {
    let activation = Activation::Relu;
    let mut layers = Vec::new();
    for (channels, kernel) in [(16, 5), (32, 5), (CHANNELS, 3)] {
        layers.push(Layer::Conv { channels, kernel, stride: 2, activation: Activation::Identity });
        layers.push(Layer::BatchNorm { activation });
    }
    layers.push(Layer::Dropout { rate: 0.3 });
    layers.push(Layer::Dense { outputs: FEATURES, activation });
    layers
}
