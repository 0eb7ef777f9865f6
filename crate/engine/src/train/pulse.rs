//! What an iteration tells of the game besides its losses: scores, and how hard each player is pulled.

use candle_core::{Result, Tensor};

use crate::loss::Loss;
use crate::op::with_slice;
use crate::recipe::Hyper;

/// Of the last step of each player.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Pulse {
    /// D's raw scores of the real digits of its last step, before it moved.
    pub real: Vec<f32>,
    /// D's raw scores of the generated digits of its last step.
    pub fake: Vec<f32>,
    /// Where D takes neither side: fixed by the loss or, where only differences mean something, halfway between the mean scores.
    pub middle: f32,
    /// Euclidean norm of D's gradient.
    pub d_norm: f32,
    /// Euclidean norm of G's gradient.
    pub g_norm: f32,
}

impl Pulse {
    /// Share of the digits, real and generated, on whose side of the middle D put them; 0 before its first step.
    pub fn right(&self) -> f64 {
        let real = self.real.iter().filter(|&&score| score > self.middle).count();
        let fake = self.fake.iter().filter(|&&score| score < self.middle).count();
        (real + fake) as f64 / (self.real.len() + self.fake.len()).max(1) as f64
    }

    /// The same of the first and of the second half of the scores: where two discriminators play, of each.
    pub fn right_of_each(&self) -> [f64; 2] {
        let half = |scores: &[f32], second: bool| {
            let (first, last) = scores.split_at(scores.len() / 2);
            if second { last.to_vec() } else { first.to_vec() }
        };
        [false, true].map(|second| {
            let (real, fake) = (half(&self.real, second), half(&self.fake, second));
            Self { real, fake, ..self.clone() }.right()
        })
    }

    /// Takes down what D said.
    pub(super) fn scored(&mut self, real: &[&Tensor], fake: &[&Tensor], hyper: &Hyper) -> Result<()> {
        read(real, &mut self.real)?;
        read(fake, &mut self.fake)?;
        let fixed = Loss::middle(hyper.loss, hyper.targets);
        self.middle = fixed.unwrap_or_else(|| (mean(&self.real) + mean(&self.fake)) / 2.) as f32;
        Ok(())
    }
}

fn read(scores: &[&Tensor], into: &mut Vec<f32>) -> Result<()> {
    into.clear();
    scores.iter().try_for_each(|scores| {
        with_slice::<f32, _>(scores, |values| {
            into.extend_from_slice(values);
            Ok(())
        })
    })
}

fn mean(values: &[f32]) -> f64 {
    values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len().max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn right_is_what_lies_on_its_own_side() {
        let pulse = Pulse { real: vec![2., -1.], fake: vec![-3., -0.5], middle: 0., ..Pulse::default() };
        assert_eq!(pulse.right(), 0.75);
        assert_eq!(Pulse::default().right(), 0.);
        assert_eq!(pulse.right_of_each(), [1., 0.5]);
    }
}
