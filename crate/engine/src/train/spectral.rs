//! Spectral normalisation (Miyato et al. 2018, arXiv:1802.05957): each weight
//! matrix divided by its greatest singular value.

use candle_core::backprop::GradStore;
use candle_core::{Device, Result, Tensor, Var};

use super::State;
use crate::kernel::{Matrix, Workspace};
use crate::op::with_slice;
use crate::optim::update_in_place;

/// Squarings of W^T W: as many as 2^10 rounds of the power iteration from every
/// direction at once. The paper follows the vector by a round a step (algorithm
/// 1), which is for rates of 1e-4; at ours it lags. What is found is at least
/// n^(-1 / 2^11) of the value, n columns.
const SQUARINGS: usize = 10;

/// A matrix W (inputs, outputs), and W / s(W), which the net uses.
pub(super) struct Spectral {
    name: String,
    /// W, which the optimiser moves.
    pub raw: Var,
    /// W / s, the net's own variable.
    used: Var,
    /// The right singular vector, (outputs).
    right: Vec<f32>,
    /// The left one, (inputs).
    left: Vec<f32>,
    /// s(W), the greatest singular value.
    value: f64,
}

impl Spectral {
    /// Takes the numbers of `used` for W, and divides them.
    pub fn new(name: String, used: Var, ws: &mut Workspace) -> Result<Self> {
        let raw = Var::from_tensor(&used.as_tensor().copy()?)?;
        let mut new = Self { name, raw, used, right: Vec::new(), left: Vec::new(), value: 0. };
        new.follow(ws)?;
        Ok(new)
    }

    /// Finds s(W), a function of W alone, and divides W by it.
    pub fn follow(&mut self, ws: &mut Workspace) -> Result<()> {
        let (inputs, outputs) = self.raw.dims2()?;
        with_slice::<f32, _>(&self.raw, |w| {
            let w = Matrix::new(w, inputs, outputs);
            self.right = strongest(ws.product(w.transposed(), w), outputs, ws);
            self.left = ws.product(w, Matrix::new(&self.right, outputs, 1));
            self.value = normalise(&mut self.left);
            Ok(())
        })?;
        let share = self.share();
        update_in_place(&self.used, &self.raw, |used, raw| {
            used.iter_mut().zip(raw).for_each(|(used, raw)| *used = share * raw);
        })
    }

    /// 1 / s(W); a matrix of zeros stays one.
    fn share(&self) -> f32 {
        if self.value > 0. { (1. / self.value) as f32 } else { 1. }
    }

    /// Puts the gradient by W in place of that by W / s, both vectors held
    /// (equation 10): (G - <G, W / s> left right^T) / s.
    pub fn pass_on(&self, gradients: &mut GradStore) -> Result<()> {
        let Some(gradient) = gradients.remove(&self.used) else { return Ok(()) };
        let mut values = gradient.flatten_all()?.to_vec1::<f32>()?;
        let along: f32 = with_slice::<f32, _>(&self.used, |used| {
            Ok(values.iter().zip(used).map(|(gradient, used)| gradient * used).sum())
        })?;
        let share = self.share();
        for (row, left) in values.chunks_mut(self.right.len()).zip(&self.left) {
            for (value, right) in row.iter_mut().zip(&self.right) {
                *value = share * (*value - along * left * right);
            }
        }
        gradients.insert(&self.raw, Tensor::from_vec(values, self.raw.shape(), &Device::Cpu)?);
        Ok(())
    }

    /// Adds W to `state` under `player`.
    pub fn save(&self, player: &str, state: &mut State) {
        state.put_all(&format!("{player}_spectral"), vec![(self.name.clone(), self.raw.clone())]);
    }

    /// Takes back what [`Self::save`] added.
    pub fn load(&mut self, player: &str, state: &State, ws: &mut Workspace) -> Result<()> {
        state
            .get_all(&format!("{player}_spectral"), vec![(self.name.clone(), self.raw.clone())])?;
        self.follow(ws)
    }
}

/// The eigenvector of the greatest eigenvalue of a symmetric matrix without
/// negative ones, of length 1: (n, n) -> (n).
fn strongest(mut matrix: Vec<f32>, n: usize, ws: &mut Workspace) -> Vec<f32> {
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
    let mut vector = longest.unwrap_or_default().to_vec();
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

    /// A matrix of rows 6 and columns 4, of sines.
    fn matrix(phase: f64) -> Tensor {
        let values: Vec<f32> = (0..24).map(|i| (1.7 * f64::from(i) + phase).sin() as f32).collect();
        Tensor::from_vec(values, (6, 4), &Device::Cpu).unwrap()
    }

    fn constrained(w: &Tensor) -> Spectral {
        Spectral::new(
            "w".into(),
            Var::from_tensor(&w.copy().unwrap()).unwrap(),
            &mut Workspace::default(),
        )
        .unwrap()
    }

    /// Of `matrix(0.4)`, by PyTorch:
    /// torch.linalg.matrix_norm(torch.sin(1.7 * torch.arange(24., dtype=torch.float64) + 0.4).view(6, 4), 2)
    const NORM: f64 = 2.608_582_737_292_852_3;

    #[test]
    fn the_value_is_the_greatest_singular_value() {
        let w = matrix(0.4);
        let spectral = constrained(&w);
        assert!((spectral.value - NORM).abs() < 1e-5, "{}", spectral.value);
        let (used, w) = (spectral.used.to_vec2::<f32>().unwrap(), w.to_vec2::<f32>().unwrap());
        assert!((f64::from(used[2][1]) * NORM - f64::from(w[2][1])).abs() < 1e-5);
    }

    /// Of the sum of sin(W / s), weighted, by differences of W.
    #[test]
    fn the_gradient_passed_on_is_that_by_the_matrix_itself() {
        let (w, weights) = (matrix(0.4), matrix(2.));
        let loss = |used: &Tensor| (used.sin().unwrap() * &weights).unwrap().sum_all().unwrap();
        let spectral = constrained(&w);
        let mut gradients = loss(spectral.used.as_tensor()).backward().unwrap();
        spectral.pass_on(&mut gradients).unwrap();
        let gradient =
            gradients.get(&spectral.raw).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
        let values = w.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        for (i, ours) in gradient.iter().enumerate() {
            let at = |moved: f32| {
                let mut values = values.clone();
                values[i] += moved;
                let w = Tensor::from_vec(values, (6, 4), &Device::Cpu).unwrap();
                loss(constrained(&w).used.as_tensor()).to_scalar::<f32>().unwrap()
            };
            let theirs = (at(1e-2) - at(-1e-2)) / 2e-2;
            assert!((ours - theirs).abs() < 2e-3, "{i}: {ours}, {theirs}");
        }
    }

    #[test]
    fn a_matrix_of_zeros_stays_one_and_is_followed_when_it_grows() {
        let mut spectral = constrained(&matrix(0.).zeros_like().unwrap());
        assert_eq!(spectral.used.to_vec2::<f32>().unwrap(), vec![vec![0.; 4]; 6]);
        spectral.raw.set(&matrix(0.4)).unwrap();
        spectral.follow(&mut Workspace::default()).unwrap();
        assert!((spectral.value - NORM).abs() < 1e-5);
    }
}
