//! Spectral normalisation (Miyato et al. 2018, arXiv:1802.05957): each weight
//! matrix divided by its greatest singular value.

use std::ops::Range;

use candle_core::{Device, Result, Tensor};

use super::State;
use crate::kernel::{Buffer, Matrix, Workspace};
use crate::params::{Params, Variable};

/// Squarings of W^T W: equal to 2^10 rounds of the power iteration from every
/// direction at once. The paper updates the vector by one round per step
/// (algorithm 1), which suits rates of 1e-4; at ours it lags. The result is at
/// least n^(-1 / 2^11) of the true value, for n columns.
const SQUARINGS: usize = 10;

/// The raw weights of a net with normalised matrices, which its optimiser
/// moves, and the divisor of each matrix W.
pub(super) struct Spectral {
    /// All weights, with undivided matrices.
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
    /// The left singular vector, (inputs).
    left: Buffer<f32>,
    /// s(W), the greatest singular value.
    value: f64,
}

impl Spectral {
    /// Copies the weights of a net as raw weights, and divides its matrices.
    pub fn new(params: &mut Params, ws: &mut Workspace) -> Self {
        let matrix = |variable: &Variable| {
            let &[inputs, outputs] = &variable.shape[..] else { return None };
            let (name, range) = (variable.name.clone(), variable.range.clone());
            let [right, left] = [outputs, inputs].map(Buffer::zeros);
            Some(Normalised { name, inputs, outputs, range, right, left, value: 0. })
        };
        let matrices = params.trained().filter_map(matrix).collect();
        let mut new = Self { raw: params.weights().to_vec(), matrices };
        new.normalise(params.weights_mut(), ws);
        new
    }

    /// The raw weights, which the optimiser moves.
    pub fn raw(&mut self) -> &mut [f32] {
        &mut self.raw
    }

    /// Computes s(W) of each matrix, a function of W alone, and writes the
    /// weights that the net uses into `used`.
    pub fn normalise(&mut self, used: &mut [f32], ws: &mut Workspace) {
        used.copy_from_slice(&self.raw);
        for matrix in &mut self.matrices {
            let used = &mut used[matrix.range.clone()];
            matrix.measure(used, ws);
            let share = matrix.share();
            used.iter_mut().for_each(|w| *w *= share);
        }
    }

    /// Replaces the gradient by W / s in `gradient`, of all weights, with that
    /// by W, at fixed singular vectors (equation 10): (G - <G, W / s> left
    /// right^T) / s. `used` are the weights that the net uses.
    pub fn raw_gradient(&self, used: &[f32], gradient: &mut [f32]) {
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

    /// Restores what [`Self::save`] added; `used` are the weights of the net as
    /// loaded.
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
        self.normalise(used, ws);
        Ok(())
    }
}

impl Normalised {
    /// Computes s(W) and its singular vectors.
    fn measure(&mut self, w: &[f32], ws: &mut Workspace) {
        let w = Matrix::new(w, self.inputs, self.outputs);
        self.right = leading_eigenvector(ws.product(w.transposed(), w), self.outputs, ws);
        self.left = ws.product(w, Matrix::new(&self.right, self.outputs, 1));
        self.value = normalise(&mut self.left);
    }

    /// 1 / s(W); 1 for a matrix of zeros.
    fn share(&self) -> f32 {
        if self.value > 0. { (1. / self.value) as f32 } else { 1. }
    }
}

/// The eigenvector, of length 1, of the greatest eigenvalue of a positive
/// semidefinite matrix: (n, n) -> (n).
fn leading_eigenvector(mut matrix: Buffer<f32>, n: usize, ws: &mut Workspace) -> Buffer<f32> {
    for _ in 0..SQUARINGS {
        // Only the direction counts: scaling prevents overflow and underflow.
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

/// Divides a vector by its length and returns the length; a vector of zeros is
/// unchanged.
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

    /// A matrix of sines, (6, 4).
    fn matrix(phase: f64) -> Vec<f32> {
        (0..24).map(|i| (1.7 * f64::from(i) + phase).sin() as f32).collect()
    }

    /// The normalisation of a net with one dense layer of weights `w`, and the
    /// weights that the net uses.
    fn normalised_net(w: &[f32]) -> (Spectral, Vec<f32>) {
        let layer = vec![Layer::Dense { outputs: 4, activation: Activation::Identity }];
        let vb = first_weights(stream(1, Purpose::Weights));
        let mut net = Net::<f32>::build(layer, Shape::row(6), Init::He, &vb).unwrap();
        net.params_mut().weights_mut()[..24].copy_from_slice(w);
        let spectral = Spectral::new(net.params_mut(), &mut Workspace::default());
        (spectral, net.params().weights()[..24].to_vec())
    }

    /// The norm of `matrix(0.4)`, by PyTorch:
    /// torch.linalg.matrix_norm(torch.sin(1.7 * torch.arange(24., dtype=torch.float64) + 0.4).view(6, 4), 2)
    const NORM: f64 = 2.608_582_737_292_852_3;

    #[test]
    fn divisor_is_the_greatest_singular_value() {
        let w = matrix(0.4);
        let (spectral, used) = normalised_net(&w);
        let value = spectral.matrices[0].value;
        assert!((value - NORM).abs() < 1e-5, "{value}");
        assert!((f64::from(used[9]) * NORM - f64::from(w[9])).abs() < 1e-5);
    }

    /// The gradient of a weighted sum of sin(W / s), against differences of W.
    #[test]
    fn pass_on_gives_the_gradient_by_the_raw_matrix() {
        let (w, weights) = (matrix(0.4), matrix(2.));
        let loss =
            |used: &[f32]| -> f32 { used.iter().zip(&weights).map(|(u, w)| u.sin() * w).sum() };
        let (spectral, used) = normalised_net(&w);
        let mut gradient: Vec<f32> = used.iter().zip(&weights).map(|(u, w)| u.cos() * w).collect();
        spectral.raw_gradient(&used, &mut gradient);
        for (i, ours) in gradient.iter().enumerate() {
            let at = |moved: f32| {
                let mut values = w.clone();
                values[i] += moved;
                loss(&normalised_net(&values).1)
            };
            let theirs = (at(1e-2) - at(-1e-2)) / 2e-2;
            assert!((ours - theirs).abs() < 2e-3, "{i}: {ours}, {theirs}");
        }
    }

    #[test]
    fn zero_matrix_is_unchanged_and_is_normalised_once_it_grows() {
        let (mut spectral, used) = normalised_net(&[0.; 24]);
        assert_eq!(used, [0.; 24]);
        spectral.raw()[..24].copy_from_slice(&matrix(0.4));
        spectral.normalise(&mut [0.; 28], &mut Workspace::default());
        assert!((spectral.matrices[0].value - NORM).abs() < 1e-5);
    }
}
