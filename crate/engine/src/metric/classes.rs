//! The classes of digits, and the confidence of the judge.

use super::Judged;
use crate::data::CLASSES;

/// The classes of a set of digits.
#[derive(Clone, Debug, PartialEq)]
pub struct Classes {
    /// Share of the digits in each class; together 1.
    pub shares: [f64; CLASSES],
    /// Kullback-Leibler divergence of the shares from the uniform distribution,
    /// in nats: 0 for equal shares, ln 10 for one class.
    pub divergence: f64,
    /// Mean of the largest class probability.
    pub confidence: f64,
}

/// The classes of judged digits, at least one.
pub fn classes(judged: &Judged) -> Classes {
    let count = judged.classes.len() as f64;
    let mut shares = [0.; CLASSES];
    for &class in &judged.classes {
        shares[usize::from(class)] += 1. / count;
    }
    let divergence = from_uniform(&shares);
    let confidence = judged.confidences.iter().map(|&c| f64::from(c)).sum::<f64>() / count;
    Classes { shares, divergence, confidence }
}

/// Class probability from which the judge is sure of a digit.
const SURE: f32 = 0.95;

/// The share of digits that the judge is sure of, from the probability of the
/// class of each.
pub fn sure(confidences: &[f32]) -> f64 {
    let sure = confidences.iter().filter(|confidence| **confidence >= SURE).count();
    sure as f64 / confidences.len().max(1) as f64
}

/// The images of a set that are digits ([`Judged::digits`]).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Recognised {
    /// Their share of the set.
    pub share: f64,
    /// Number of them in each class.
    pub counts: [u32; CLASSES],
}

/// The digits among judged images.
pub fn recognised(judged: &Judged) -> Recognised {
    let mut counts = [0; CLASSES];
    let digits = judged.classes.iter().zip(&judged.digits).filter(|(_, digit)| **digit);
    digits.for_each(|(&class, _)| counts[usize::from(class)] += 1);
    let share = f64::from(counts.iter().sum::<u32>()) / judged.classes.len().max(1) as f64;
    Recognised { share, counts }
}

impl Recognised {
    /// The share of each class, together 1; all 0 if there are no digits.
    pub fn shares(&self) -> [f64; CLASSES] {
        let all = self.counts.iter().sum::<u32>().max(1);
        self.counts.map(|count| f64::from(count) / f64::from(all))
    }

    /// The divergence of the shares from the uniform distribution, as
    /// [`Classes::divergence`].
    pub fn divergence(&self) -> f64 {
        from_uniform(&self.shares())
    }
}

/// Kullback-Leibler divergence of shares from the uniform distribution, in
/// nats.
pub fn from_uniform(shares: &[f64]) -> f64 {
    shares.iter().filter(|share| **share > 0.).map(|p| p * (p * shares.len() as f64).ln()).sum()
}
