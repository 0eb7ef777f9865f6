//! Which classes digits fall in, and how sure the judge is.

use super::Judged;
use crate::data::CLASSES;

/// Of a set of digits.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    /// Share of the digits in each class; together 1.
    pub shares: [f64; CLASSES],
    /// Kullback-Leibler divergence of the shares from the uniform distribution, in nats: 0 for equal shares, ln 10 for one class.
    pub divergence: f64,
    /// Mean of the greatest probability.
    pub confidence: f64,
}

/// The classes of judged digits, of which there is at least one.
pub fn classes(judged: &Judged) -> Classes {
    let count = judged.classes.len() as f64;
    let mut shares = [0.; CLASSES];
    for &class in &judged.classes {
        shares[usize::from(class)] += 1. / count;
    }
    let divergence = shares.iter().filter(|share| **share > 0.).map(|p| p * (p * CLASSES as f64).ln()).sum();
    let confidence = judged.confidences.iter().map(|&c| f64::from(c)).sum::<f64>() / count;
    Classes { shares, divergence, confidence }
}
