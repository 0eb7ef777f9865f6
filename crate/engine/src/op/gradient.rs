//! Central differences in f64: the reference for every backward pass.

use std::ops::Range;

/// The largest relative error between `gradient` and central differences of
/// `f`, over up to 40 coordinates of each of the `parts` of the numbers that
/// `numbers` returns from `state`.
pub fn worst_error<S>(
    state: &mut S,
    numbers: impl Fn(&mut S) -> &mut [f64],
    parts: &[Range<usize>],
    gradient: &[f64],
    f: impl Fn(&S) -> f64,
) -> f64 {
    let mut worst: f64 = 0.;
    for part in parts {
        for i in part.clone().step_by(part.len().div_ceil(40).max(1)) {
            let start = numbers(state)[i];
            let mut at = |offset: f64| {
                numbers(state)[i] = start + offset;
                f(state)
            };
            // A step can cross a kink of one of a net's thousands of
            // activations, so the smallest error of three step sizes counts.
            let mut error = f64::INFINITY;
            for step in [1e-5, 1e-6, 1e-7] {
                let difference = (at(step) - at(-step)) / (2. * step);
                let scale = difference.abs().max(gradient[i].abs()).max(1e-3);
                error = error.min((difference - gradient[i]).abs() / scale);
                if error < 1e-7 {
                    break;
                }
            }
            numbers(state)[i] = start;
            // NaN counts as greater than any error.
            worst = if error <= worst { worst } else { error };
        }
    }
    worst
}

/// Numbers in about [-1, 1], none near 0, where activations have kinks.
pub fn numbers(count: usize, seed: u32) -> Vec<f64> {
    let number = |i: u32| {
        let hash = (i + 1).wrapping_mul(2_654_435_761).wrapping_add(seed.wrapping_mul(40_503));
        let unit = f64::from((hash ^ (hash >> 15)).wrapping_mul(2_246_822_519) >> 8) / 16_777_216.;
        let x = 2. * unit - 1.;
        x + 0.01 * x.signum()
    };
    (0..count as u32).map(number).collect()
}
