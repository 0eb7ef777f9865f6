//! The school test: what a net that has seen generated digits alone reads of
//! real ones (Ravuri and Vinyals 2019, arXiv:1905.10887, section 3:
//! classification accuracy score).

use super::{Judge, Training};
use crate::data::Dataset;
use crate::error::Result;

/// As many digits as a batch of the training.
const BATCH: u32 = 100;

/// A small net, of the judge's layers, that learns from the digits of a set
/// alone.
pub struct School {
    training: Training,
    taught: Dataset,
    done: u32,
}

impl School {
    /// Steps of the test, in batches of 100: taught by real digits, a net reads
    /// about 98.5 % of others right then.
    pub const STEPS: u32 = 2000;

    /// Before its first step of `steps` or more: whole passes over `taught`.
    /// Errors: other samples than [`Judge::SAMPLE`], digits without labels.
    pub fn new(taught: Dataset, steps: u32) -> Result<Self> {
        let epochs = (steps * BATCH).div_ceil(taught.total().max(1));
        Ok(Self { training: Training::new(0, epochs, &taught)?, taught, done: 0 })
    }

    /// One step of its training; true after the last. Errors: a loss that is no
    /// number.
    pub fn step(&mut self) -> Result<bool> {
        if self.done < self.training.steps() {
            self.training.step(&mut self.taught)?;
            self.done += 1;
        }
        Ok(self.done == self.training.steps())
    }

    /// The share of its steps that is done.
    pub fn part(&self) -> f64 {
        f64::from(self.done) / f64::from(self.training.steps())
    }

    /// The net as it is now: a judge that takes every picture for a digit.
    pub fn pupil(self) -> Judge {
        self.training.pupil()
    }
}

/// The share of `test` digits, (n, 784) in [0, 1], whose label a net reads that
/// learnt from the digits of `taught` alone. Errors: digits without labels, a
/// loss that is no number.
pub fn school_test(taught: Dataset, test: &[f32], labels: &[u8]) -> Result<f64> {
    read(School::new(taught, School::STEPS)?, test, labels)
}

fn read(mut school: School, test: &[f32], labels: &[u8]) -> Result<f64> {
    while !school.step()? {}
    let read = school.pupil().judge(test)?.classes;
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
            let taught = Dataset::whole(pixels.clone(), Some(labels), false).unwrap();
            read(School::new(taught, 90).unwrap(), &numbers(&test), &truth).unwrap()
        };
        let wrong: Vec<u8> = labels.iter().map(|label| (label + 3) % CLASSES as u8).collect();
        let (right, wrong) = (read(&labels), read(&wrong));
        assert!(right > 0.9 && wrong < 0.1, "{right}, {wrong}");
    }
}
