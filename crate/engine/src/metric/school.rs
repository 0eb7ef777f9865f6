//! The school test: what somebody who has seen generated digits alone knows of real ones (Ravuri and Vinyals 2019, arXiv:1905.10887, section 3:
//! classification accuracy score).

use super::{Judge, Training};
use crate::data::Dataset;
use crate::error::Result;

/// Steps of training, in batches of 100: on real digits about 98.5 % are right then.
const STEPS: u32 = 2000;
/// As many digits as a batch of the training.
const BATCH: u32 = 100;

/// Trains a small net, of the judge's layers, on `taught` (digits with their labels) and gives the share of `test` digits, (n, 784) in [0, 1],
/// whose label it reads. Errors: digits without labels, a loss that is no number.
pub fn school_test(taught: &mut Dataset, test: &[f32], labels: &[u8]) -> Result<f64> {
    let epochs = (STEPS * BATCH).div_ceil(taught.total().max(1));
    let mut training = Training::new(0, epochs, taught)?;
    for _ in 0..training.steps() {
        training.step(taught)?;
    }
    let mut pupil: Judge = training.pupil();
    let read = pupil.judge(test)?.classes;
    let right = read.iter().zip(labels).filter(|(a, b)| a == b).count();
    Ok(right as f64 / labels.len().max(1) as f64)
}
