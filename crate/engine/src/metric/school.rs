//! The school test: the accuracy on real digits of a net trained only on
//! generated ones (Ravuri and Vinyals 2019, arXiv:1905.10887, section 3:
//! classification accuracy score).

use super::{Judge, Training};
use crate::data::Dataset;
use crate::error::Result;

/// Digits per batch, as in [`Training`].
const BATCH: u32 = 100;

/// A small net, with the judge's layers, that is trained only on the digits of
/// a set.
pub struct School {
    training: Training,
    taught: Dataset,
    done: u32,
}

impl School {
    /// Steps of the test, in batches of 100: trained on real digits, a net then
    /// classifies about 98.5 % of other digits correctly.
    pub const STEPS: u32 = 2000;

    /// A test before its first step, of at least `steps` steps: complete passes
    /// over `taught`. Errors: other samples than [`Judge::SAMPLE`], digits
    /// without labels.
    pub fn new(taught: Dataset, steps: u32) -> Result<Self> {
        let epochs = steps.saturating_mul(BATCH).div_ceil(taught.total().max(1));
        Ok(Self { training: Training::new(0, epochs, &taught)?, taught, done: 0 })
    }

    /// Runs one step of its training; true after the last. Errors: `NotFinite`
    /// if the loss is not finite.
    pub fn step(&mut self) -> Result<bool> {
        if self.done < self.training.steps() {
            self.training.step(&mut self.taught)?;
            self.done += 1;
        }
        Ok(self.done == self.training.steps())
    }

    /// The share of its steps done.
    pub fn part(&self) -> f64 {
        f64::from(self.done) / f64::from(self.training.steps())
    }

    /// The net in its present state: a judge that counts every image as a
    /// digit.
    pub fn pupil(self) -> Judge {
        self.training.pupil()
    }
}

/// The share of `test` digits, (n, 784) in [0, 1], that a net trained only on
/// `taught` classifies correctly. Errors: digits without labels, a loss that is
/// not finite.
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
    fn correct_labels_teach_to_read_other_digits_and_wrong_labels_do_not() {
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
