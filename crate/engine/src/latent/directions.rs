//! Principal directions of a generator (Harkonen et al. 2020, GANSpace,
//! arXiv:2004.02546, section 2.2): the axes along which its first hidden layer
//! varies most, mapped to latent space by regression (in the paper of latent
//! vectors on scores, here of scores on latent vectors: exact for a linear
//! layer).

use candle_core::Result;

use super::{EFFECTS, LatentGenerator, effect};
use crate::kernel::{Batch, Buffer, Matrix, Workspace, eigen, normals};
use crate::rng::{Latents, Noise, Purpose, stream};

/// Number of directions, at most the independent dimensions of a latent vector.
pub const DIRECTIONS: usize = 10;

/// Minimum number of random latent vectors; at least twice the number of
/// independent dimensions.
const LATENTS: usize = 512;

/// Axes that are iterated at once: more than [`DIRECTIONS`], so that the last
/// of these converge too.
const BASIS: usize = 16;

/// Rounds of subspace iteration (Golub and Van Loan, section 8.2); variances
/// converge well before.
const ROUNDS: usize = 10;

/// The seed of all draws, so that the same generator has the same directions.
const SEED: u32 = 0;

/// Axes in latent space, strongest first.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Directions {
    /// (count, latent), each of norm 1; the entry of largest absolute value is
    /// positive.
    pub vectors: Vec<f32>,
    /// (count): the share of the variance of the first hidden layer that each
    /// explains.
    pub shares: Vec<f32>,
    /// (count, 4): the effect of each, by [`effect`].
    pub effects: Vec<[f32; EFFECTS]>,
}

impl Directions {
    /// The directions of a generator. Errors: those of its forward pass.
    pub fn of(maker: &mut LatentGenerator) -> Result<Self> {
        let Latents { numbers, noise, modes } = maker.latents;
        let width = maker.latents.width();
        // Equally many of each mode.
        let count = LATENTS.max(2 * numbers).next_multiple_of(modes.max(1));
        let latents = uncorrelated(noise, count, numbers);
        let mut vectors = vec![0.; count * width];
        for (vector, numbers) in vectors.chunks_exact_mut(width).zip(latents.chunks_exact(numbers))
        {
            vector[..numbers.len()].copy_from_slice(numbers);
        }
        maker.latents.in_turn(&mut vectors);
        let z = Batch::new(count, &vectors[..]);
        let labels = maker.in_turn(count);
        let hidden = maker.net.first_hidden(&z, &labels, maker.workspace)?;
        let features = hidden.columns();
        let mut hidden = hidden.numbers().to_vec();
        // Centres within each mode: a difference between modes is not a
        // direction.
        centre(&mut hidden, features * modes.max(1));
        let total: f32 = hidden.iter().map(|x| x * x).sum();
        let basis = BASIS.min(features).min(numbers);
        let (scores, variances) =
            principal(Matrix::new(&hidden, count, features), features, basis, maker.workspace);
        // The regression of scores on latent vectors: one product, because
        // these are uncorrelated.
        let scores = Matrix::new(&scores, count, basis);
        let slopes =
            maker.workspace.product(scores.transposed(), Matrix::new(&latents, count, numbers));
        let mut directions = vec![0.; basis.min(DIRECTIONS) * width];
        for (direction, slope) in
            directions.chunks_exact_mut(width).zip(slopes.chunks_exact(numbers))
        {
            direction[..numbers].copy_from_slice(slope);
            unit(direction);
        }
        let share = |variance: &f32| if total > 0. { variance / total } else { 0. };
        let shares = variances.iter().take(DIRECTIONS).map(share).collect();
        let effects = effect::effects(maker, &directions, &vectors)?;
        Ok(Self { vectors: directions, shares, effects })
    }
}

/// Random latent vectors (count, size) with mean 0 and no correlation within
/// the sample, so that a regression on them has no sampling error. If the first
/// layer is linear, the directions are then its singular vectors.
fn uncorrelated(noise: Noise, count: usize, size: usize) -> Vec<f32> {
    let mut columns = vec![0.; size * count];
    noise.fill(&mut stream(SEED, Purpose::Samples), &mut columns);
    for column in columns.chunks_exact_mut(count) {
        centre(column, 1);
    }
    orthonormal(&mut columns, count);
    let scale = (count as f32).sqrt();
    (0..count * size).map(|i| scale * columns[i % size * count + i / size]).collect()
}

/// Subtracts the mean of each column.
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

/// Scores (rows, count) of centred rows along their `count` principal axes,
/// strongest first, and the sums of their squares.
fn principal(
    rows: Matrix<f32>,
    width: usize,
    count: usize,
    ws: &mut Workspace,
) -> (Buffer<f32>, Vec<f32>) {
    let mut axes = Buffer::zeros(count * width);
    normals(&mut stream(SEED, Purpose::Weights), &mut axes);
    for _ in 0..ROUNDS {
        orthonormal(&mut axes, width);
        let scores = ws.product(Matrix::new(&axes, count, width), rows.transposed());
        axes = ws.product(Matrix::new(&scores, count, rows.rows()), rows);
    }
    orthonormal(&mut axes, width);
    let scores = ws.product(rows, Matrix::new(&axes, count, width).transposed());
    // The iteration determines the subspace only; the eigenvectors of the
    // scores' covariance determine the axes within it.
    let scores = Matrix::new(&scores, rows.rows(), count);
    let products = ws.product(scores.transposed(), scores);
    let (values, vectors) = eigen(products.iter().map(|&x| f64::from(x)).collect(), count);
    let mut order: Vec<usize> = (0..count).collect();
    order.sort_by(|&a, &b| values[b].total_cmp(&values[a]));
    let rotation: Vec<f32> =
        (0..count * count).map(|i| vectors[i / count * count + order[i % count]] as f32).collect();
    let rotated = ws.product(scores, Matrix::new(&rotation, count, count));
    (rotated, order.iter().map(|&i| values[i].max(0.) as f32).collect())
}

/// Makes rows of `width` numbers orthonormal in order (Gram and Schmidt, twice
/// because of rounding); a row that depends linearly on those before it becomes
/// 0.
fn orthonormal(rows: &mut [f32], width: usize) {
    for i in 0..rows.len() / width {
        let (before, row) = rows.split_at_mut(i * width);
        let row = &mut row[..width];
        let length = norm(row);
        for _ in 0..2 {
            for other in before.chunks_exact(width) {
                let along: f64 =
                    row.iter().zip(other).map(|(&a, &b)| f64::from(a) * f64::from(b)).sum();
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

/// Scales to norm 1 with the entry of largest absolute value positive, so that
/// a direction has the same sign each time it is computed.
fn unit(row: &mut [f32]) {
    let largest = row.iter().fold(0f32, |best, &x| if x.abs() > best.abs() { x } else { best });
    let scale = f64::from(largest.signum()) / norm(row).max(f64::MIN_POSITIVE);
    row.iter_mut().for_each(|x| *x = (f64::from(*x) * scale) as f32);
}
