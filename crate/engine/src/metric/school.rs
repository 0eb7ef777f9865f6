//! The school test: what somebody who has seen generated digits alone knows of real ones (Ravuri and Vinyals 2019, arXiv:1905.10887, section 3:
//! classification accuracy score).

use super::Training;
use crate::data::Dataset;
use crate::error::Result;

/// Steps of training, in batches of 100: on real digits about 98.5 % are right then.
const STEPS: u32 = 2000;
/// As many digits as a batch of the training.
const BATCH: u32 = 100;

/// Trains a small net, of the judge's layers, on `taught` (digits with their labels) and gives the share of `test` digits, (n, 784) in [0, 1],
/// whose label it reads. Errors: digits without labels, a loss that is no number.
pub fn school_test(taught: &mut Dataset, test: &[f32], labels: &[u8]) -> Result<f64> {
    after(STEPS, taught, test, labels)
}

fn after(steps: u32, taught: &mut Dataset, test: &[f32], labels: &[u8]) -> Result<f64> {
    let epochs = (steps * BATCH).div_ceil(taught.total().max(1));
    let mut training = Training::new(0, epochs, taught)?;
    for _ in 0..training.steps() {
        training.step(taught)?;
    }
    let mut pupil = training.pupil();
    let read = pupil.judge(test)?.classes;
    let right = read.iter().zip(labels).filter(|(a, b)| a == b).count();
    Ok(right as f64 / labels.len().max(1) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{CLASSES, numbers};

    /// Drawn digits and their labels, 784 bytes each.
    fn drawn(digits: std::ops::Range<u32>) -> (Vec<u8>, Vec<u8>) {
        let mut data = Dataset::drawn();
        let labels = digits.clone().map(|i| data.label(i).unwrap()).collect();
        (digits.flat_map(|i| data.digit(i).to_vec()).collect(), labels)
    }

    #[test]
    fn who_was_taught_right_labels_reads_other_digits_and_who_was_taught_wrong_ones_does_not() {
        let ((pixels, labels), (test, truth)) = (drawn(0..600), drawn(600..900));
        let read = |labels: &[u8]| {
            let mut taught = Dataset::whole(pixels.clone(), Some(labels), false).unwrap();
            after(90, &mut taught, &numbers(&test), &truth).unwrap()
        };
        let wrong: Vec<u8> = labels.iter().map(|label| (label + 3) % CLASSES as u8).collect();
        let (right, wrong) = (read(&labels), read(&wrong));
        assert!(right > 0.9 && wrong < 0.1, "{right}, {wrong}");
    }
}
