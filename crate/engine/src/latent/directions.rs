//! Principal directions of a generator (Harkonen et al. 2020, GANSpace, arXiv:2004.02546, section 2.2): the axes along which its first hidden
//! layer varies most, brought back to latent space by regression.

use candle_core::{Device, Result, Tensor};

use super::{EFFECTS, Maker, effect};
use crate::chance::{Purpose, stream};
use crate::kernel::{Matrix, Workspace, normals};
use crate::metric::eigen;
use crate::op::with_slice;

/// Directions that are found, or as many as a latent vector has numbers.
pub const DIRECTIONS: usize = 10;

/// Random latents that are looked at.
const LATENTS: usize = 1024;

/// Axes that are followed at once: more than are wanted, so that the last wanted ones settle too.
const BASIS: usize = 16;

/// Rounds of subspace iteration (Golub and Van Loan, section 8.2); variances settle well before.
const ROUNDS: usize = 12;

/// The seed of all chance in it: the same generator has the same directions.
const SEED: u32 = 0;

/// Axes in latent space, strongest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Directions {
    /// (count, latent), each of length 1; the entry furthest from 0 is positive.
    pub vectors: Vec<f32>,
    /// Which share of the variance of the first hidden layer each explains.
    pub shares: Vec<f32>,
    /// What [`effect`] says of each: (count, 4).
    pub effects: Vec<[f32; EFFECTS]>,
}

impl Directions {
    /// Those of a generator.
    pub fn of(maker: &mut Maker) -> Result<Self> {
        let latent = maker.latent;
        let mut latents = vec![0.; LATENTS * latent];
        maker.noise.fill(&mut stream(SEED, Purpose::Samples), &mut latents);
        let z = Tensor::from_slice(&latents, (LATENTS, latent), &Device::Cpu)?;
        let told = maker.in_turn(LATENTS);
        let hidden = maker.net.first_hidden(&z, &told, maker.workspace)?;
        let width = hidden.dim(1)?;
        let mut hidden = with_slice::<f32, _>(&hidden, |values| Ok(values.to_vec()))?;
        centre(&mut hidden, width);
        let total: f32 = hidden.iter().map(|x| x * x).sum();
        let rows = Matrix::new(&hidden, LATENTS, width);
        let basis = BASIS.min(width).min(latent);
        let (scores, variances) = principal(rows, width, basis, maker.workspace);
        // Scores are uncorrelated, so the regression of latents on them is one product: each column of zT scores points along a direction.
        let scores = Matrix::new(&scores, LATENTS, basis);
        let mut slopes = maker.workspace.product(scores.transposed(), Matrix::new(&latents, LATENTS, latent));
        slopes.truncate(DIRECTIONS * latent);
        slopes.chunks_exact_mut(latent).for_each(unit);
        let share = |variance: &f32| if total > 0. { variance / total } else { 0. };
        let shares = variances.iter().take(DIRECTIONS).map(share).collect();
        let effects = effect::effects(maker, &slopes, &latents)?;
        Ok(Self { vectors: slopes, shares, effects })
    }
}

/// Takes its mean from each column.
fn centre(rows: &mut [f32], width: usize) {
    let mut means = vec![0f64; width];
    for row in rows.chunks_exact(width) {
        means.iter_mut().zip(row).for_each(|(mean, &x)| *mean += f64::from(x));
    }
    let count = (rows.len() / width) as f64;
    for row in rows.chunks_exact_mut(width) {
        row.iter_mut().zip(&means).for_each(|(x, mean)| *x -= (mean / count) as f32);
    }
}

/// Scores (rows, count) of centred rows along their `count` principal axes, strongest first, and the sums of their squares.
fn principal(rows: Matrix<f32>, width: usize, count: usize, ws: &mut Workspace) -> (Vec<f32>, Vec<f32>) {
    let mut axes = vec![0.; count * width];
    normals(&mut stream(SEED, Purpose::Weights), &mut axes);
    for _ in 0..ROUNDS {
        orthonormal(&mut axes, width);
        let scores = ws.product(Matrix::new(&axes, count, width), rows.transposed());
        axes = ws.product(Matrix::new(&scores, count, rows.rows()), rows);
    }
    orthonormal(&mut axes, width);
    let scores = ws.product(rows, Matrix::new(&axes, count, width).transposed());
    // Within the basis the axes still turn freely: the eigenvectors of what the scores share set them.
    let scores = Matrix::new(&scores, rows.rows(), count);
    let shared = ws.product(scores.transposed(), scores);
    let (values, vectors) = eigen(shared.iter().map(|&x| f64::from(x)).collect(), count);
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    let turn: Vec<f32> =
        (0..count * count).map(|i| vectors[i / count * count + order[i % count]] as f32).collect();
    let turned = ws.product(scores, Matrix::new(&turn, count, count));
    (turned, order.iter().map(|&i| values[i].max(0.) as f32).collect())
}

/// Makes rows of `width` numbers orthonormal, one after the other (Gram and Schmidt, twice for the rounding); a row that is nothing but those
/// before it becomes 0.
fn orthonormal(rows: &mut [f32], width: usize) {
    for i in 0..rows.len() / width {
        let (before, row) = rows.split_at_mut(i * width);
        let row = &mut row[..width];
        let length = norm(row);
        for _ in 0..2 {
            for other in before.chunks_exact(width) {
                let along: f64 = row.iter().zip(other).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
                row.iter_mut().zip(other).for_each(|(x, &y)| *x -= along as f32 * y);
            }
        }
        let left = norm(row);
        let scale = if left > 1e-5 * length { 1. / left } else { 0. };
        row.iter_mut().for_each(|x| *x = (f64::from(*x) * scale) as f32);
    }
}

fn norm(row: &[f32]) -> f64 {
    row.iter().map(|&x| f64::from(x).powi(2)).sum::<f64>().sqrt()
}

/// To length 1, the entry furthest from 0 positive: so that a direction points the same way whenever it is found again.
fn unit(row: &mut [f32]) {
    let furthest = row.iter().fold(0f32, |best, &x| if x.abs() > best.abs() { x } else { best });
    let scale = f64::from(furthest.signum()) / norm(row).max(f64::MIN_POSITIVE);
    row.iter_mut().for_each(|x| *x = (f64::from(*x) * scale) as f32);
}
