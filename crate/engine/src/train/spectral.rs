//! Spectral normalisation (Miyato et al. 2018, arXiv:1802.05957): each weight
//! matrix divided by its greatest singular value.

use std::ops::Range;

use candle_core::{Device, Result, Tensor};

use super::State;
use crate::kernel::{Buffer, Matrix, Workspace};
use crate::params::{Params, Variable};

/// Squarings of W^T W: as many as 2^10 rounds of the power iteration from every
/// direction at once. The paper follows the vector by a round a step (algorithm
/// 1), which is for rates of 1e-4; at ours it lags. What is found is at least
/// n^(-1 / 2^11) of the value, n columns.
const SQUARINGS: usize = 10;

/// The weights of a net whose matrices are normalised: as an optimiser moves
/// them, and what divides each matrix W before the net uses it.
pub(super) struct Spectral {
    /// All weights, the matrices not divided.
    raw: Vec<f32>,
    matrices: Vec<Normalised>,
}

/// A matrix W (inputs, outputs) of a net.
struct Normalised {
    name: String,
    inputs: usize,
    outputs: usize,
    range: Range<usize>,
    /// The right singular vector, (outputs).
    right: Buffer<f32>,
    /// The left one, (inputs).
    left: Buffer<f32>,
    /// s(W), the greatest singular value.
    value: f64,
}

impl Spectral {
    /// Takes the matrices of a net for W, and divides them.
    pub fn new(params: &mut Params, ws: &mut Workspace) -> Self {
        let matrix = |variable: &Variable| {
            let &[inputs, outputs] = &variable.shape[..] else { return None };
            let (name, range) = (variable.name.clone(), variable.range.clone());
            let [right, left] = [outputs, inputs].map(Buffer::zeros);
            Some(Normalised { name, inputs, outputs, range, right, left, value: 0. })
        };
        let matrices = params.trained().filter_map(matrix).collect();
        let mut new = Self { raw: params.weights().to_vec(), matrices };
        new.follow(params.weights_mut(), ws);
        new
    }

    /// What the optimiser moves.
    pub fn raw(&mut self) -> &mut [f32] {
        &mut self.raw
    }

    /// Finds s(W) of each matrix, a function of W alone, and puts what the net
    /// uses into `used`.
    pub fn follow(&mut self, used: &mut [f32], ws: &mut Workspace) {
        used.copy_from_slice(&self.raw);
        for matrix in &mut self.matrices {
            let used = &mut used[matrix.range.clone()];
            matrix.measure(used, ws);
            let share = matrix.share();
            used.iter_mut().for_each(|w| *w *= share);
        }
    }

    /// Puts the gradient by W in place of that by W / s in `gradient`, of all
    /// weights, both vectors held (equation 10): (G - <G, W / s> left right^T)
    /// / s. `used` is what the net uses.
    pub fn pass_on(&self, used: &[f32], gradient: &mut [f32]) {
        for matrix in &self.matrices {
            let (used, gradient) =
                (&used[matrix.range.clone()], &mut gradient[matrix.range.clone()]);
            let along: f32 = gradient.iter().zip(used).map(|(slope, used)| slope * used).sum();
            let share = matrix.share();
            for (row, left) in gradient.chunks_mut(matrix.outputs).zip(matrix.left.iter()) {
                for (slope, right) in row.iter_mut().zip(matrix.right.iter()) {
                    *slope = share * (*slope - along * left * right);
                }
            }
        }
    }

    /// Adds each W to `state` under `player`.
    pub fn save(&self, player: &str, state: &mut State) -> Result<()> {
        for Normalised { name, inputs, outputs, range, .. } in &self.matrices {
            let raw = &self.raw[range.clone()];
            let tensor = Tensor::from_slice(raw, (*inputs, *outputs), &Device::Cpu)?;
            state.tensors.push((format!("{player}_spectral.{name}"), tensor));
        }
        Ok(())
    }

    /// Takes back what [`Self::save`] added; `used` are the weights of the net,
    /// as they were loaded.
    pub fn load(
        &mut self,
        player: &str,
        state: &State,
        used: &mut [f32],
        ws: &mut Workspace,
    ) -> Result<()> {
        self.raw.copy_from_slice(used);
        for Normalised { name, inputs, outputs, range, .. } in &self.matrices {
            let shape = [*inputs, *outputs];
            let raw = state.numbers_of(&format!("{player}_spectral.{name}"), &shape)?;
            self.raw[range.clone()].copy_from_slice(&raw);
        }
        self.follow(used, ws);
        Ok(())
    }
}

impl Normalised {
    /// Finds s(W) and its vectors.
    fn measure(&mut self, w: &[f32], ws: &mut Workspace) {
        let w = Matrix::new(w, self.inputs, self.outputs);
        self.right = strongest(ws.product(w.transposed(), w), self.outputs, ws);
        self.left = ws.product(w, Matrix::new(&self.right, self.outputs, 1));
        self.value = normalise(&mut self.left);
    }

    /// 1 / s(W); a matrix of zeros stays one.
    fn share(&self) -> f32 {
        if self.value > 0. { (1. / self.value) as f32 } else { 1. }
    }
}

/// The eigenvector of the greatest eigenvalue of a symmetric matrix without
/// negative ones, of length 1: (n, n) -> (n).
fn strongest(mut matrix: Buffer<f32>, n: usize, ws: &mut Workspace) -> Buffer<f32> {
    for _ in 0..SQUARINGS {
        // Only directions count: neither overflows nor vanishes.
        let greatest =
            matrix.iter().fold(0f32, |most, x| if x.abs() > most { x.abs() } else { most });
        if greatest > 0. {
            matrix.iter_mut().for_each(|x| *x /= greatest);
        }
        let square = Matrix::new(&matrix, n, n);
        matrix = ws.product(square, square);
    }
    let length = |row: &&[f32]| row.iter().map(|x| x * x).sum::<f32>();
    let longest = matrix.chunks(n.max(1)).max_by(|a, b| length(a).total_cmp(&length(b)));
    let mut vector = Buffer::from(longest.unwrap_or_default());
    normalise(&mut vector);
    vector
}

/// Divides a vector by its length, which it gives; one of zeros stays.
fn normalise(vector: &mut [f32]) -> f64 {
    let length = vector.iter().map(|x| f64::from(x * x)).sum::<f64>().sqrt();
    if length > 0. {
        let share = (1. / length) as f32;
        vector.iter_mut().for_each(|x| *x *= share);
    }
    length
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Shape;
    use crate::net::{Init, Layer, Net};
    use crate::op::Activation;
    use crate::params::first_weights;
    use crate::rng::{Purpose, stream};

    /// A matrix of rows 6 and columns 4, of sines.
    fn matrix(phase: f64) -> Vec<f32> {
        (0..24).map(|i| (1.7 * f64::from(i) + phase).sin() as f32).collect()
    }

    /// A net of one such layer without biases to speak of, its matrix
    /// normalised, and what it uses.
    fn constrained(w: &[f32]) -> (Spectral, Vec<f32>) {
        let layer = vec![Layer::Dense { outputs: 4, activation: Activation::Identity }];
        let vb = first_weights(stream(1, Purpose::Weights));
        let mut net = Net::<f32>::build(layer, Shape::row(6), Init::He, &vb).unwrap();
        net.params_mut().weights_mut()[..24].copy_from_slice(w);
        let spectral = Spectral::new(net.params_mut(), &mut Workspace::default());
        (spectral, net.params().weights()[..24].to_vec())
    }

    /// Of `matrix(0.4)`, by PyTorch:
    /// torch.linalg.matrix_norm(torch.sin(1.7 * torch.arange(24., dtype=torch.float64) + 0.4).view(6, 4), 2)
    const NORM: f64 = 2.608_582_737_292_852_3;

    #[test]
    fn the_value_is_the_greatest_singular_value() {
        let w = matrix(0.4);
        let (spectral, used) = constrained(&w);
        let value = spectral.matrices[0].value;
        assert!((value - NORM).abs() < 1e-5, "{value}");
        assert!((f64::from(used[9]) * NORM - f64::from(w[9])).abs() < 1e-5);
    }

    /// Of the sum of sin(W / s), weighted, by differences of W.
    #[test]
    fn the_gradient_passed_on_is_that_by_the_matrix_itself() {
        let (w, weights) = (matrix(0.4), matrix(2.));
        let loss =
            |used: &[f32]| -> f32 { used.iter().zip(&weights).map(|(u, w)| u.sin() * w).sum() };
        let (spectral, used) = constrained(&w);
        let mut gradient: Vec<f32> = used.iter().zip(&weights).map(|(u, w)| u.cos() * w).collect();
        spectral.pass_on(&used, &mut gradient);
        for (i, ours) in gradient.iter().enumerate() {
            let at = |moved: f32| {
                let mut values = w.clone();
                values[i] += moved;
                loss(&constrained(&values).1)
            };
            let theirs = (at(1e-2) - at(-1e-2)) / 2e-2;
            assert!((ours - theirs).abs() < 2e-3, "{i}: {ours}, {theirs}");
        }
    }

    #[test]
    fn a_matrix_of_zeros_stays_one_and_is_followed_when_it_grows() {
        let (mut spectral, used) = constrained(&[0.; 24]);
        assert_eq!(used, [0.; 24]);
        spectral.raw()[..24].copy_from_slice(&matrix(0.4));
        spectral.follow(&mut [0.; 28], &mut Workspace::default());
        assert!((spectral.matrices[0].value - NORM).abs() < 1e-5);
    }
}
