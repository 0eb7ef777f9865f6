//! Number of statistically different bins (Richardson and Weiss 2018,
//! arXiv:1805.12462, section 3), which needs no network.

use rand_chacha::rand_core::RngCore;

use super::distances::each_row;
use crate::rng::{Purpose, stream};

/// Number of bins: clusters of the pixels of real digits.
pub const BINS: usize = 100;

/// A bin differs beyond this many standard errors, as in the authors' README.
const THRESHOLD: f64 = 3.;

/// Rounds of k-means.
const ROUNDS: usize = 12;

/// Number of the [`BINS`] clusters of `real` in which the share of `fake`
/// differs by more than 3 standard errors, by a two-proportion z-test; rows of
/// `width` numbers, at least [`BINS`] real ones. `seed` selects the initial
/// centres.
pub fn different_bins(real: &[f32], fake: &[f32], width: usize, seed: u32) -> usize {
    let centres = cluster(real, width, seed);
    let [(p, n), (q, m)] = [real, fake].map(|rows| {
        let mut shares = vec![0.; BINS];
        let count = (rows.len() / width) as f64;
        nearest(rows, &centres, width).into_iter().for_each(|bin| shares[bin] += 1. / count);
        (shares, count)
    });
    let differs = |(&p, &q): (&f64, &f64)| {
        let pooled = (p * n + q * m) / (n + m);
        let error = (pooled * (1. - pooled) * (1. / n + 1. / m)).sqrt();
        (p - q).abs() > THRESHOLD * error
    };
    p.iter().zip(&q).filter(|pair| differs(*pair)).count()
}

/// The index of the nearest centre of each row.
fn nearest(rows: &[f32], centres: &[f32], width: usize) -> Vec<usize> {
    let mut bins = Vec::with_capacity(rows.len() / width);
    each_row(rows, centres, width, |_, distances| {
        let bin = distances.iter().enumerate().min_by(|a, b| a.1.total_cmp(b.1));
        bins.push(bin.map_or(0, |(bin, _)| bin));
    });
    bins
}

/// Cluster centres by k-means, from random rows; an empty cluster keeps its
/// centre.
fn cluster(rows: &[f32], width: usize, seed: u32) -> Vec<f32> {
    let mut rng = stream(seed, Purpose::Samples);
    let count = rows.len() / width;
    let mut order: Vec<usize> = (0..count).collect();
    for i in 0..BINS.min(count) {
        order.swap(i, i + rng.next_u32() as usize % (count - i));
    }
    let chosen = order.iter().take(BINS);
    let mut centres: Vec<f32> =
        chosen.flat_map(|&i| rows[i * width..(i + 1) * width].to_vec()).collect();
    for _ in 0..ROUNDS {
        let mut sums = vec![0f64; centres.len()];
        let mut counts = vec![0f64; centres.len() / width];
        for (row, bin) in rows.chunks_exact(width).zip(nearest(rows, &centres, width)) {
            counts[bin] += 1.;
            let sum = &mut sums[bin * width..(bin + 1) * width];
            sum.iter_mut().zip(row).for_each(|(sum, &x)| *sum += f64::from(x));
        }
        let filled = centres.chunks_exact_mut(width).zip(sums.chunks_exact(width)).zip(&counts);
        for ((centre, sum), count) in filled.filter(|(_, count)| **count > 0.) {
            centre.iter_mut().zip(sum).for_each(|(centre, sum)| *centre = (sum / count) as f32);
        }
    }
    centres
}
