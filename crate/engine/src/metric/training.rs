//! Training of the judge: cross-entropy on shifted digits, Adam with a learning
//! rate that falls to 0.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

use super::Judge;
use crate::data::{CLASSES, Dataset, PIXELS, SIDE, Sampler};
use crate::error::{Error, Result};
use crate::kernel::{Batch, Buffer, Workspace};
use crate::net::{Net, Pass};
use crate::optim::{Optimizer, Rule, Settings};
use crate::rng::{Purpose, stream};

/// Digits per step.
const BATCH: u32 = 100;
/// Learning rate of the first step.
const RATE: f64 = 3e-3;
/// Digits are shifted by up to this many pixels in each direction.
const SHIFT: i32 = 2;

/// The training of a judge on a complete set with labels.
pub struct Training {
    judge: Judge,
    /// For the body and for the head.
    optimizers: [Optimizer; 2],
    sampler: Sampler,
    rng: ChaCha8Rng,
    workspace: Workspace,
    steps: u32,
    done: u32,
}

impl Training {
    /// A training from initial weights drawn from `seed`, for `epochs` passes
    /// over the digits of `data`. Errors: other samples than [`Judge::SAMPLE`]
    /// (`OtherShape`), digits without labels (`NeedsLabels`), more steps than a
    /// u32 counts (`Epochs`).
    pub fn new(seed: u32, epochs: u32, data: &Dataset) -> Result<Self> {
        Judge::check(data.sample())?;
        if data.total() == 0 || data.labels() < data.total() {
            return Err(Error::NeedsLabels { recipe: "the judge".to_owned() });
        }
        let judge = Judge::new(seed)?;
        let count = |net: &Net| net.params().weights().len();
        let optimizer = |net: &Net| Optimizer::new(count(net), settings(RATE));
        Ok(Self {
            optimizers: [optimizer(&judge.body), optimizer(&judge.head)],
            judge,
            sampler: Sampler::new(seed),
            rng: stream(seed, Purpose::Dropout),
            workspace: Workspace::default(),
            steps: steps(epochs, data.total())?,
            done: 0,
        })
    }

    /// Total number of steps.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Runs one step and returns its loss. Errors: `NotFinite` if the loss is
    /// not finite.
    pub fn step(&mut self, data: &mut Dataset) -> Result<f32> {
        let mut indices = Vec::new();
        self.sampler.draw(BATCH, data.total(), &mut indices);
        let mut pixels = Buffer::unspecified(indices.len() * PIXELS);
        data.write_batch(&indices, &mut pixels);
        for digit in pixels.chunks_exact_mut(PIXELS) {
            let mut offset = || (self.rng.next_u32() % (2 * SHIFT as u32 + 1)) as i32 - SHIFT;
            let moved = shifted(digit, [offset(), offset()]);
            digit.copy_from_slice(&moved);
        }
        let labels: Vec<u8> = indices.iter().filter_map(|&i| data.label(i)).collect();
        self.descend(&Batch::new(indices.len(), pixels), &labels)
    }

    fn descend(&mut self, x: &Batch, labels: &[u8]) -> Result<f32> {
        let ws = &mut self.workspace;
        let Judge { body, head, .. } = &mut self.judge;
        let [of_body, of_head] = [&*body, head].map(|net| net.masks(x.rows(), &mut self.rng));
        let features = body.trace(x, &[], Pass::Train(&of_body), ws)?;
        let classes = head.trace(features.output(), &[], Pass::Train(&of_head), ws)?;
        let (value, slope) = cross_entropy(classes.output(), labels);
        if !value.is_finite() {
            let step = (self.done + 1).to_string();
            return Err(Error::NotFinite { what: "the judge's loss".to_owned(), step });
        }
        body.update_running_statistics();
        head.update_running_statistics();
        let [mut of_body, mut of_head] =
            [&body, &head].map(|net| Buffer::zeros(net.params().weights().len()));
        if let Some(slope) = classes.backward(head, slope, true, Some(&mut of_head), ws)? {
            features.backward(body, slope, false, Some(&mut of_body), ws)?;
        }
        let left = 1. - f64::from(self.done) / f64::from(self.steps);
        let steps = self.optimizers.iter_mut().zip([(body, of_body), (head, of_head)]);
        for (optimizer, (net, gradient)) in steps {
            optimizer.tune(settings(RATE * left));
            optimizer.step(net.params_mut().weights_mut(), &gradient);
        }
        self.done += 1;
        Ok(value)
    }

    /// The judge in its present state, which counts every image as a digit.
    pub(super) fn pupil(self) -> Judge {
        self.judge
    }

    /// The judge in its present state, after [`Judge::meet`] on `data`.
    pub fn finish(mut self, data: &mut Dataset) -> Result<Judge> {
        self.judge.fit_known(data)?;
        Ok(self.judge)
    }
}

/// Steps of `epochs` passes over `total` digits.
fn steps(epochs: u32, total: u32) -> Result<u32> {
    let steps = u64::from(epochs) * u64::from(total) / u64::from(BATCH);
    let most = u64::from(u32::MAX) * u64::from(BATCH) / u64::from(total.max(1));
    let beyond = |_| Error::Epochs { got: epochs.to_string(), most: most.to_string() };
    Ok(u32::try_from(steps).map_err(beyond)?.max(1))
}

/// The mean cross-entropy of logits, (digits, [`CLASSES`]), and its gradient
/// with respect to them, equal to the bit to that of candle, whose backward
/// pass would make the page a fifth larger.
fn cross_entropy(logits: &Batch, labels: &[u8]) -> (f32, Batch) {
    let share = 1. / labels.len() as f32;
    let (mut sum, mut slopes) = (0f32, Vec::with_capacity(labels.len() * CLASSES));
    for (logits, &label) in logits.numbers().chunks_exact(CLASSES).zip(labels) {
        let most = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        let below: Vec<f32> = logits.iter().map(|logit| logit - most).collect();
        let powers: Vec<f32> = below.iter().map(|below| below.exp()).collect();
        let total: f32 = powers.iter().sum();
        sum += below[usize::from(label)] - total.ln();
        let wanted = |class| if class == usize::from(label) { -share } else { 0. };
        let row: Vec<f32> = powers
            .iter()
            .enumerate()
            .map(|(class, power)| wanted(class) + share / total * power)
            .collect();
        // The largest logit was subtracted, so its gradient gets the rounding
        // error of the sum.
        let rest: f32 = row.iter().map(|slope| -slope).sum();
        slopes.extend(
            row.iter()
                .zip(&below)
                .map(|(slope, &below)| if below == 0. { slope + rest } else { *slope }),
        );
    }
    (-share * sum, Batch::new(labels.len(), slopes))
}

fn settings(rate: f64) -> Settings {
    Settings { rule: Rule::Adam, rate, momentum: 0.9, beta2: 0.999 }
}

/// The digit shifted down and to the right, filled with paper.
fn shifted(digit: &[f32], [down, right]: [i32; 2]) -> Vec<f32> {
    let side = SIDE as i32;
    let from = |at: i32| {
        let (row, column) = (at / side - down, at % side - right);
        let inside = (0..side).contains(&row) && (0..side).contains(&column);
        if inside { digit[(row * side + column) as usize] } else { 0. }
    };
    (0..side * side).map(from).collect()
}

#[cfg(test)]
mod tests {
    use candle_core::{Device, Tensor, Var};

    use super::*;
    use crate::rng::uniforms;

    #[test]
    fn cross_entropy_gradient_equals_candle_to_the_bit() {
        let mut numbers = vec![0f32; 100 * CLASSES];
        uniforms(&mut stream(3, Purpose::Weights), &mut numbers, -8., 8.);
        let labels: Vec<u8> = (0..100).map(|i| (i * 7 % CLASSES) as u8).collect();
        let logits = Var::from_vec(numbers.clone(), (100, CLASSES), &Device::Cpu).unwrap();
        let wanted =
            Tensor::from_iter(labels.iter().map(|&label| u32::from(label)), &Device::Cpu).unwrap();
        let loss = candle_nn::loss::cross_entropy(&logits, &wanted).unwrap();
        let slope = loss.backward().unwrap().remove(&logits).unwrap();
        let bits = |numbers: &[f32]| numbers.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
        let (value, own) = cross_entropy(&Batch::new(100, &numbers[..]), &labels);
        assert!((value / loss.to_scalar::<f32>().unwrap() - 1.).abs() < 1e-6);
        let theirs = slope.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        assert_eq!(bits(own.numbers()), bits(&theirs));
    }

    #[test]
    fn more_steps_than_a_u32_counts_are_refused() {
        assert_eq!(steps(20, 60_000), Ok(12_000));
        assert_eq!(steps(1, 5), Ok(1));
        assert_eq!(steps(7_158_278, 60_000), Ok(4_294_966_800));
        assert_eq!(steps(7_158_279, 60_000).unwrap_err().args()[1].1, "7158278");
        assert_eq!(steps(u32::MAX, 1_000_000).unwrap_err().code(), "epochs");
    }
}
