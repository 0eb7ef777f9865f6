//! What an iteration tells of the game besides its losses: scores, and how hard
//! each player is pulled.

use crate::kernel::Batch;
use crate::loss::Loss;
use crate::recipe::Hyper;

/// Of the last step of each player.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct StepStats {
    /// D's raw scores of the real digits of its last step, before it moved.
    pub real: Vec<f32>,
    /// D's raw scores of the generated digits of its last step.
    pub fake: Vec<f32>,
    /// Where D takes neither side: fixed by the loss or, where only differences
    /// mean something, halfway between the mean scores.
    pub middle: f32,
    /// Euclidean norm of D's gradient.
    pub d_norm: f32,
    /// Euclidean norm of G's gradient.
    pub g_norm: f32,
}

impl StepStats {
    /// Share of the digits, real and generated, on whose side of the middle D
    /// put them; 0 before its first step.
    pub fn right(&self) -> f64 {
        right(&self.real, &self.fake, self.middle)
    }

    /// The same of the first and of the second half of the scores: where two
    /// discriminators play, of each.
    pub fn right_of_each(&self) -> [f64; 2] {
        let (real, fake) =
            (self.real.split_at(self.real.len() / 2), self.fake.split_at(self.fake.len() / 2));
        [right(real.0, fake.0, self.middle), right(real.1, fake.1, self.middle)]
    }

    /// Takes down what D said.
    pub(super) fn scored(&mut self, real: &[&Batch], fake: &[&Batch], hyper: &Hyper) {
        read(real, &mut self.real);
        read(fake, &mut self.fake);
        let fixed = Loss::middle(hyper.loss, hyper.targets);
        self.middle = fixed.unwrap_or_else(|| (mean(&self.real) + mean(&self.fake)) / 2.) as f32;
    }
}

fn right(real: &[f32], fake: &[f32], middle: f32) -> f64 {
    let above = real.iter().filter(|&&score| score > middle).count();
    let below = fake.iter().filter(|&&score| score < middle).count();
    (above + below) as f64 / (real.len() + fake.len()).max(1) as f64
}

fn read(scores: &[&Batch], into: &mut Vec<f32>) {
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
    fn right_is_what_lies_on_its_own_side() {
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
