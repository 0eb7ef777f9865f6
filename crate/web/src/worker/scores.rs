//! D's scores of the digits it was last trained on, as histograms.

use std::collections::VecDeque;

use ganvas::train::Pulse;

use crate::protocol::{Event, Histograms};

/// Scores kept of each kind.
const KEPT: usize = 1024;
/// Bins from end to end.
const BINS: usize = 32;

/// The last scores of real and of generated digits.
#[derive(Default)]
pub struct Scores {
    real: VecDeque<f32>,
    fake: VecDeque<f32>,
    middle: f32,
}

impl Scores {
    /// Takes in an iteration's.
    pub fn add(&mut self, pulse: &Pulse) {
        for (queue, new) in [(&mut self.real, &pulse.real), (&mut self.fake, &pulse.fake)] {
            queue.extend(new);
            let old = queue.len().saturating_sub(KEPT);
            queue.drain(..old);
        }
        self.middle = pulse.middle;
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.real.is_empty()
    }

    /// Both histograms: of probabilities where scores are log-odds, otherwise of the scores themselves, from the least to the greatest.
    pub fn event(&self, run: u32, step: u32, probability: bool) -> Event {
        let shown =
            |score: f32| if probability { 1. / (1. + (-f64::from(score)).exp()) } else { f64::from(score) };
        let all = || self.real.iter().chain(&self.fake).map(|&score| shown(score));
        let (mut low, mut high) = (0., 1.);
        if !probability {
            low = all().fold(f64::INFINITY, f64::min);
            high = all().fold(f64::NEG_INFINITY, f64::max);
            high = if high > low { high } else { low + 1. };
        }
        let count = |scores: &VecDeque<f32>| {
            let mut bins = vec![0; BINS];
            for &score in scores {
                let place = (shown(score) - low) / (high - low) * BINS as f64;
                bins[(place as usize).min(BINS - 1)] += 1;
            }
            bins
        };
        let right = self.real.iter().filter(|&&score| score > self.middle).count()
            + self.fake.iter().filter(|&&score| score < self.middle).count();
        Event::Scores(Histograms {
            run,
            step,
            probability,
            low,
            high,
            middle: shown(self.middle),
            real: count(&self.real),
            fake: count(&self.fake),
            right: right as f64 / (self.real.len() + self.fake.len()).max(1) as f64,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_score_has_its_bin_and_the_oldest_go() {
        let mut scores = Scores::default();
        scores.add(&Pulse { real: vec![9.; 2000], fake: vec![-9., 9.], ..Pulse::default() });
        let Event::Scores(Histograms { real, fake, right, low, high, middle, .. }) = scores.event(1, 2, true)
        else {
            unreachable!()
        };
        assert_eq!((real[31], fake[0], fake[31]), (KEPT as u32, 1, 1));
        assert_eq!((low, middle, high), (0., 0.5, 1.));
        assert!((right - 1025. / 1026.).abs() < 1e-12);
        let Event::Scores(Histograms { real, fake, low, high, .. }) = scores.event(1, 2, false) else {
            unreachable!()
        };
        assert_eq!((real[31], fake[0], low, high), (KEPT as u32, 1, -9., 9.));
    }
}
