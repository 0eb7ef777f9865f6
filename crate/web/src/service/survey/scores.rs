//! D's scores of the images it was last trained on: how often it is right, as
//! histograms, and the value of the game.

use std::collections::VecDeque;

use ganvas::kernel::Real;
use ganvas::metric::{game_value, jensen_shannon_of};
use ganvas::train::StepStats;

use crate::protocol::{Event, GameValue, Histograms};

/// Scores kept of real and of generated images, each.
const KEPT: usize = 1024;
/// Number of bins.
const BINS: usize = 32;
/// Iterations over which the value of the game is averaged: at 100 a second it
/// follows within seconds and its error is about a hundredth.
const AVERAGED: usize = 256;
/// Scores of real images from which the value of the game is reported.
const LEAST: usize = 256;

/// The last scores of real and of generated images.
///
/// Each batch is kept relative to its own middle: where only differences of
/// scores mean something, D's level drifts from step to step, and one threshold
/// for scores of many steps would judge D by that drift.
#[derive(Default)]
pub struct Scores {
    real: VecDeque<f32>,
    fake: VecDeque<f32>,
    /// The middle of the last batch, at whose level all are shown.
    middle: f32,
    /// V(D, G) of each iteration, which means something only where scores are
    /// log-odds.
    values: VecDeque<f64>,
    /// The iteration that was added last.
    step: Option<u32>,
}

impl Scores {
    /// Adds the scores of iteration `step`, once.
    pub fn add(&mut self, stats: &StepStats, step: u32) {
        if stats.real.is_empty() || self.step == Some(step) {
            return;
        }
        self.step = Some(step);
        for (queue, new) in [(&mut self.real, &stats.real), (&mut self.fake, &stats.fake)] {
            queue.extend(new.iter().map(|score| score - stats.middle));
            let old = queue.len().saturating_sub(KEPT);
            queue.drain(..old);
        }
        self.middle = stats.middle;
        self.values.push_back(game_value(&stats.real, &stats.fake));
        let old = self.values.len().saturating_sub(AVERAGED);
        self.values.drain(..old);
    }

    /// Resumes watching after iteration `step`: scores of an earlier D are
    /// forgotten.
    pub fn resume(&mut self, stats: &StepStats, step: u32) {
        if self.step != Some(step) {
            *self = Self::default();
        }
        self.add(stats, step);
    }

    /// Whether there are no scores.
    pub fn is_empty(&self) -> bool {
        self.real.is_empty()
    }

    /// Both histograms: of probabilities if scores are log-odds, otherwise of
    /// the scores themselves, from the least to the greatest. The middle is an
    /// edge of two bins, so that the bars give exactly the share on which D is
    /// right.
    pub fn event(&self, run: u32, step: u32, probability: bool) -> Event {
        let middle = self.middle;
        let shown = |score: f32| {
            let score = f64::from(score) + f64::from(middle);
            if probability { score.sigmoid() } else { score }
        };
        let line = shown(0.);
        let (mut low, mut high, mut below) = (0., 1., BINS / 2);
        if !probability {
            let all = || self.real.iter().chain(&self.fake).map(|&score| shown(score));
            let left = line - all().fold(line, f64::min);
            let right = all().fold(line, f64::max) - line;
            let both = left + right;
            below = if both > 0. {
                ((left / both * BINS as f64) as usize).clamp(1, BINS - 1)
            } else {
                BINS / 2
            };
            let width = (left / below as f64).max(right / (BINS - below) as f64);
            let width = if width > 0. { width } else { 1. / BINS as f64 };
            (low, high) = (line - width * below as f64, line + width * (BINS - below) as f64);
        }
        // A score exactly at the middle counts as wrong, in the bars of the
        // other side.
        let count = |scores: &VecDeque<f32>, rightly: fn(f32) -> bool, above: bool| {
            let mut bins = vec![0; BINS];
            for &score in scores {
                let place = ((shown(score) - low) / (high - low) * BINS as f64) as usize;
                let up = if above { rightly(score) } else { !rightly(score) };
                let (first, last) = if up { (below, BINS - 1) } else { (0, below - 1) };
                bins[place.clamp(first, last)] += 1;
            }
            bins
        };
        let real = count(&self.real, |score| score > 0., true);
        let fake = count(&self.fake, |score| score < 0., false);
        let sum = |bins: &[u32]| f64::from(bins.iter().sum::<u32>());
        let right = (sum(&real[below..]) + sum(&fake[..below])) / (sum(&real) + sum(&fake)).max(1.);
        let game = (probability && self.real.len() >= LEAST).then(|| self.game());
        Event::Scores(Histograms {
            run,
            step,
            probability,
            low,
            high,
            middle: line,
            real,
            fake,
            right,
            game,
        })
    }

    /// The mean value of the last iterations, and its standard error.
    fn game(&self) -> GameValue {
        let count = self.values.len() as f64;
        let value = self.values.iter().sum::<f64>() / count;
        let squares: f64 = self.values.iter().map(|one| (one - value) * (one - value)).sum();
        let error = (squares / (count - 1.).max(1.) / count).sqrt();
        GameValue { value, jsd: jensen_shannon_of(value), error: error / 2. }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histograms(scores: &Scores, probability: bool) -> Histograms {
        let Event::Scores(histograms) = scores.event(1, 2, probability) else { unreachable!() };
        histograms
    }

    /// The share on which D is right if the threshold is left of bin `edge`.
    fn right_at(edge: usize, Histograms { real, fake, .. }: &Histograms) -> f64 {
        let sum = |bins: &[u32]| f64::from(bins.iter().sum::<u32>());
        (sum(&real[edge..]) + sum(&fake[..edge])) / (sum(real) + sum(fake))
    }

    #[test]
    fn every_score_has_its_bin_and_the_oldest_are_dropped() {
        let mut scores = Scores::default();
        scores.add(
            &StepStats { real: vec![9.; 2000], fake: vec![-9., 9.], ..StepStats::default() },
            1,
        );
        let found = histograms(&scores, true);
        assert_eq!((found.real[31], found.fake[0], found.fake[31]), (KEPT as u32, 1, 1));
        assert_eq!((found.low, found.middle, found.high), (0., 0.5, 1.));
        assert!((found.right - 1025. / 1026.).abs() < 1e-12);
        let found = histograms(&scores, false);
        assert_eq!(
            (found.real[31], found.fake[0], found.low, found.high),
            (KEPT as u32, 1, -9., 9.)
        );
    }

    /// A critic that always separates real from generated images while its
    /// level drifts by ten times that difference.
    #[test]
    fn a_drifting_critic_is_judged_batch_by_batch() {
        let mut scores = Scores::default();
        for step in 0..32u32 {
            let level = 10. * (step as f32 * 0.7).sin();
            let spread = |base: f32| (0..32).map(move |i| base + 0.02 * i as f32);
            let real: Vec<f32> = spread(level + 0.5).collect();
            let fake: Vec<f32> = spread(level - 1.1).collect();
            let mean = |values: &[f32]| values.iter().sum::<f32>() / values.len() as f32;
            let middle = (mean(&real) + mean(&fake)) / 2.;
            scores.add(&StepStats { real, fake, middle, ..StepStats::default() }, step);
        }
        let found = histograms(&scores, false);
        assert_eq!(found.right, 1.);
        assert!(
            found.high - found.low < 4.,
            "the drift is not in the bars: {} to {}",
            found.low,
            found.high
        );
    }

    #[test]
    fn the_bars_give_the_reported_share() {
        for probability in [true, false] {
            for skew in [0.1f32, 1., 7.] {
                let mut scores = Scores::default();
                for step in 0..40u32 {
                    let wave = |i: u32| {
                        ((step * 16 + i) as f32 * 1.3).sin() + 0.3 * ((i * i) as f32).cos()
                    };
                    let real: Vec<f32> = (0..16).map(|i| 0.4 + skew * wave(i).max(-0.6)).collect();
                    let fake: Vec<f32> = (16..32).map(|i| -0.4 + wave(i)).collect();
                    scores.add(&StepStats { real, fake, middle: 0., ..StepStats::default() }, step);
                }
                let found = histograms(&scores, probability);
                let edge = (found.middle - found.low) / (found.high - found.low) * BINS as f64;
                assert!((edge - edge.round()).abs() < 1e-9, "the middle is at {edge} bins");
                assert_eq!(found.right, right_at(edge.round() as usize, &found));
                let best = (1..BINS).map(|edge| right_at(edge, &found)).fold(0., f64::max);
                assert!(found.right > 0.5 && best >= found.right);
            }
        }
    }

    #[test]
    fn the_game_value_needs_enough_scores_and_has_a_standard_error() {
        let mut scores = Scores::default();
        let guess = StepStats { real: vec![0.; 16], fake: vec![0.; 16], ..StepStats::default() };
        for step in 0..16 {
            assert!(histograms(&scores, true).game.is_none());
            scores.add(&guess, step);
            // Adding the same iteration again changes nothing.
            scores.add(&guess, step);
        }
        let GameValue { value, jsd, error } = histograms(&scores, true).game.unwrap_or_default();
        assert!((value + 4f64.ln()).abs() < 1e-12 && jsd.abs() < 1e-12 && error < 1e-12);
        assert!(histograms(&scores, false).game.is_none(), "no value without log-odds");
        let sure = StepStats { real: vec![30.; 16], fake: vec![-30.; 16], ..StepStats::default() };
        (16..32).for_each(|step| scores.add(&sure, step));
        let game = histograms(&scores, true).game.unwrap_or_default();
        assert!((game.jsd - 2f64.ln() / 2.).abs() < 1e-6 && game.error > 0.01 && game.error < 0.1);
    }

    #[test]
    fn scores_of_an_earlier_d_are_forgotten_when_watching_resumes() {
        let stats = StepStats { real: vec![1.; 8], fake: vec![-1.; 8], ..StepStats::default() };
        let mut scores = Scores::default();
        scores.add(&stats, 1);
        scores.resume(&stats, 1);
        assert_eq!(scores.real.len(), 8);
        scores.add(&stats, 2);
        scores.resume(&stats, 500);
        assert_eq!(scores.real.len(), 8);
    }
}
