//! The judge: a small classifier of digits, whose features and class
//! probabilities the other measures use.

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

/// Number of features of a digit, the layer before the classes: distances are
/// computed from them.
pub const FEATURES: usize = 36;

/// Channels of its last convolution.
pub(super) const CHANNELS: usize = 64;

/// Number of layers up to the last convolution, with its normalisation and
/// activation.
const LAST: usize = 6;

/// Largest number of real digits that [`Judge::meet`] fits.
const MET: u32 = 25_000;

/// Digits per batch.
const PART: usize = 250;

/// The weights in half precision, trained by `cargo ganvas train-judge` with
/// the seed and epochs in their metadata.
const READY: &[u8] = include_bytes!("judge.safetensors");

/// A classifier in two parts: digits to features, features to classes.
pub struct Judge {
    pub(super) body: Net,
    pub(super) head: Net,
    known: Option<Known>,
    workspace: Workspace,
}

/// Features of digits, before classification.
#[derive(Default)]
pub(super) struct Seen {
    /// (digits, [`FEATURES`]).
    pub features: Vec<f32>,
    /// The means of its last channels, (digits, [`CHANNELS`]).
    pub channels: Vec<f32>,
}

/// The results of the judge for digits.
#[derive(Clone, Debug, Default)]
pub struct Judged {
    /// (digits, [`FEATURES`]), row-major.
    pub features: Vec<f32>,
    /// The most likely class of each.
    pub classes: Vec<u8>,
    /// Its probability.
    pub confidences: Vec<f32>,
    /// The probability of every class, (digits, 10).
    pub probabilities: Vec<f32>,
    /// Whether each is a digit: near real digits of its class, and classified
    /// with high confidence.
    pub digits: Vec<bool>,
    /// Distance of the strokes of each from those of real digits: up to 1 for
    /// nearly all real digits, 2 and more for noise.
    pub oddness: Vec<f32>,
}

/// The names of the parts in a file.
const PARTS: [&str; 2] = ["body", "head"];

impl Judge {
    /// The samples that the judge and everything based on it accept.
    pub const SAMPLE: Sample = Sample::DIGIT;

    /// Errors with `OtherShape` for other samples than [`Self::SAMPLE`].
    pub fn check(sample: Sample) -> Result<()> {
        if sample == Self::SAMPLE {
            return Ok(());
        }
        let (got, expected) = (sample.to_string(), Self::SAMPLE.to_string());
        Err(Error::OtherShape { got, expected })
    }

    /// A judge with initial weights drawn from `seed`.
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

    /// The judge of the engine, trained on MNIST.
    pub fn ready() -> Result<Self> {
        Self::load(READY)
    }

    /// Loads a judge that [`Self::save`] wrote. Errors: any other file.
    pub fn load(bytes: &[u8]) -> Result<Self> {
        let tensors = candle_core::safetensors::load_buffer(bytes, &Device::Cpu)?;
        let mut judge = Self::of(&tensors)?;
        judge.known = Some(Known::load(&tensors)?);
        Ok(judge)
    }

    /// Loads only the weights: the judge counts every image as a digit until
    /// [`Self::meet`].
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

    /// The command that trained the weights of a file. Errors: `Checkpoint`.
    pub fn command(bytes: &[u8]) -> Result<String> {
        let wrong = |reason: String| Error::Checkpoint { reason };
        let (_, metadata) =
            SafeTensors::read_metadata(bytes).map_err(|error| wrong(error.to_string()))?;
        let command = metadata.metadata().as_ref().and_then(|all| all.get("command"));
        command.cloned().ok_or_else(|| wrong("the judge's command is missing".to_owned()))
    }

    /// Fits the features of real digits with labels, up to 25,000 spread over
    /// the set, to recognise images that are not digits. Errors: other samples
    /// (`OtherShape`), digits without labels (`NeedsLabels`).
    pub fn fit_known(&mut self, data: &mut Dataset) -> Result<()> {
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

    /// The weights in half precision; `command` is the command that trained
    /// them.
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

    /// Judges digits, pixels (n, 784) in [0, 1]. Errors: `DigitSize` for
    /// another size.
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
                let (class, probability) = probabilities.iter().enumerate().fold(
                    (0, 0.),
                    |best: (usize, f32), (class, &probability)| {
                        if probability > best.1 { (class, probability) } else { best }
                    },
                );
                let met = self
                    .known
                    .as_ref()
                    .map(|known| known.is_digit(&seen, row, class as u8, probability));
                let (digit, oddness) = met.unwrap_or((true, 0.));
                judged.digits.push(digit);
                judged.oddness.push(oddness);
                judged.classes.push(class as u8);
                judged.confidences.push(probability);
                judged.probabilities.extend(probabilities);
            }
            judged.features.extend(seen.features);
        }
        Ok(judged)
    }

    /// Appends the features of digits (n, 784), n at most [`PART`], to `seen`;
    /// returns the logits of their classes, (n, 10).
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
