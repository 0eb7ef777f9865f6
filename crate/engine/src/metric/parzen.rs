//! The Parzen window estimate of Goodfellow et al. 2014 (section 5; their
//! `parzen_ll.py`). It prefers sets that no model generates: k-means centres
//! score higher than the data itself (Theis et al. 2016, arXiv:1511.01844,
//! table 1).

use super::distances::each_row;

/// Number of widths tried: ten from 0.1 to 1, evenly spaced on a logarithmic
/// scale.
const WIDTHS: usize = 10;

/// The result of the estimate.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Parzen {
    /// Mean log-likelihood of the test rows, in nats.
    pub mean: f64,
    /// Its standard error: their standard deviation divided by the square root
    /// of their number.
    pub error: f64,
    /// Width of the window, chosen on the validation rows.
    pub sigma: f64,
}

/// The estimate of `test` rows with windows on `samples`, the width of the
/// window chosen on `validation`; rows of `width` numbers, at least one in each
/// set.
pub fn parzen(samples: &[f32], validation: &[f32], test: &[f32], width: usize) -> Parzen {
    let sigmas: Vec<f64> =
        (0..WIDTHS).map(|i| 10f64.powf(i as f64 / (WIDTHS - 1) as f64 - 1.)).collect();
    let mut sums = [0.; WIDTHS];
    each_row(validation, samples, width, |_, distances| {
        for (sum, &sigma) in sums.iter_mut().zip(&sigmas) {
            *sum += log_likelihood(distances, sigma, width);
        }
    });
    let best = (0..WIDTHS).max_by(|&a, &b| sums[a].total_cmp(&sums[b])).unwrap_or(0);
    let sigma = sigmas[best];
    let mut found = Vec::with_capacity(test.len() / width);
    each_row(test, samples, width, |_, distances| {
        found.push(log_likelihood(distances, sigma, width))
    });
    let count = found.len() as f64;
    let mean = found.iter().sum::<f64>() / count;
    let variance = found.iter().map(|x| (x - mean) * (x - mean)).sum::<f64>() / count;
    Parzen { mean, error: (variance / count).sqrt(), sigma }
}

/// log mean exp(-d / 2 sigma^2) - width log(sigma sqrt(2 pi)) of squared
/// distances d, with the largest term factored out.
fn log_likelihood(distances: &[f32], sigma: f64, width: usize) -> f64 {
    let scale = -1. / (2. * sigma * sigma);
    let greatest = f64::from(distances.iter().copied().fold(f32::INFINITY, f32::min)) * scale;
    let sum: f64 = distances.iter().map(|&d| (f64::from(d) * scale - greatest).exp()).sum();
    let root = (2. * std::f64::consts::PI).sqrt();
    greatest + (sum / distances.len() as f64).ln() - width as f64 * (sigma * root).ln()
}
