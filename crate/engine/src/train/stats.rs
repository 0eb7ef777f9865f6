//! What an iteration reports besides its losses: scores, and the norms of the
//! players' gradients.

use crate::kernel::Batch;
use crate::loss::Loss;
use crate::recipe::Hyper;

/// Step stats: scores and gradient norms of the last step of each player.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepStats {
    /// D's raw scores of the real images of its last step, before its weights
    /// moved.
    pub real: Vec<f32>,
    /// D's raw scores of the generated images of its last step.
    pub fake: Vec<f32>,
    /// The score at which D is undecided: fixed by the loss or, if only
    /// differences of scores have a meaning, halfway between the mean scores.
    pub middle: f32,
    /// Euclidean norm of D's gradient.
    pub d_norm: f32,
    /// Euclidean norm of G's gradient.
    pub g_norm: f32,
}

impl StepStats {
    /// Share of the images, real and generated, that D scores on the correct
    /// side of the middle, in [0, 1]; 0 before its first step.
    pub fn right(&self) -> f64 {
        right(&self.real, &self.fake, self.middle)
    }

    /// The same for the first and for the second half of the scores: for each
    /// discriminator if there are two.
    pub fn right_of_each(&self) -> [f64; 2] {
        let (real, fake) =
            (self.real.split_at(self.real.len() / 2), self.fake.split_at(self.fake.len() / 2));
        [right(real.0, fake.0, self.middle), right(real.1, fake.1, self.middle)]
    }

    /// Records D's scores.
    pub(super) fn scored(&mut self, real: &[&Batch], fake: &[&Batch], hyper: &Hyper) {
        copy_scores(real, &mut self.real);
        copy_scores(fake, &mut self.fake);
        let fixed = Loss::middle(hyper.loss, hyper.targets);
        self.middle = fixed.unwrap_or_else(|| (mean(&self.real) + mean(&self.fake)) / 2.) as f32;
    }
}

fn right(real: &[f32], fake: &[f32], middle: f32) -> f64 {
    let above = real.iter().filter(|&&score| score > middle).count();
    let below = fake.iter().filter(|&&score| score < middle).count();
    (above + below) as f64 / (real.len() + fake.len()).max(1) as f64
}

fn copy_scores(scores: &[&Batch], into: &mut Vec<f32>) {
    into.clear();
    scores.iter().for_each(|scores| into.extend_from_slice(scores.numbers()));
}

fn mean(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_is_the_share_of_scores_on_the_correct_side() {
        let stats = StepStats {
            real: vec![2., -1.],
            fake: vec![-3., -0.5],
            middle: 0.,
            ..StepStats::default()
        };
        assert_eq!(stats.right(), 0.75);
        assert_eq!(StepStats::default().right(), 0.);
        assert_eq!(stats.right_of_each(), [1., 0.5]);
    }
}
