//! The distribution of the judge's features of real digits, to recognise images
//! that are not digits: from the class probability alone, the judge is 100 %
//! sure that white noise is an eight.
//!
//! Two Mahalanobis distances (Lee et al. 2018, arXiv:1807.03888) from the real
//! digits of the most likely class: of the features, with a covariance for each
//! class, and of the means of the last channels, with one covariance for all.
//! The features alone accept smooth noise, since they are trained to
//! distinguish digits; the channels alone accept blobs and other shapes.

use candle_core::{DType, Device, Tensor};

use super::FEATURES;
use super::judge::{CHANNELS, Seen};
use crate::data::CLASSES;
use crate::error::{Error, Result};

/// Share of real digits, held out from the fit, that is within each of the two
/// limits.
const WITHIN: f64 = 0.98;
/// An image with a lower class probability than this is not a digit; 1 % of
/// MNIST's digits have one.
const SURE: f32 = 0.8;
/// Added to each variance, as a share of their mean: some features are constant
/// in a class.
const RIDGE: f64 = 3e-3;

/// The distribution of the judge's features of real digits.
pub(super) struct Known {
    features: Fit,
    channels: Fit,
}

/// A Gaussian for each class.
struct Fit {
    width: usize,
    /// (classes, width).
    means: Vec<f32>,
    /// The inverse of the covariance's Cholesky factor, lower triangle row by
    /// row: one for each class, or one for all.
    factors: Vec<f32>,
    /// Largest distance of a digit.
    limit: f32,
}

impl Known {
    /// Fits real digits `seen`, with their classes `labels`; every fifth is
    /// held out to find the limits.
    pub fn fit(seen: &Seen, labels: &[u8]) -> Self {
        let held_out = |row: &usize| row % 5 == 4;
        let (out, fitted): (Vec<usize>, Vec<usize>) = (0..labels.len()).partition(held_out);
        let of = |values: &[f32], width, classes| {
            let mut fit = Fit::new(values, width, labels, &fitted, classes);
            let mut distances: Vec<f32> = out
                .iter()
                .map(|&row| fit.distance(&values[row * width..][..width], usize::from(labels[row])))
                .collect();
            distances.sort_by(f32::total_cmp);
            fit.limit =
                distances.get((WITHIN * distances.len() as f64) as usize).copied().unwrap_or(0.);
            fit
        };
        Self {
            features: of(&seen.features, FEATURES, CLASSES),
            channels: of(&seen.channels, CHANNELS, 1),
        }
    }

    /// Whether image `row` of `seen` is a digit of `class`, the most likely
    /// one, with probability `confidence`; and the oddness of its strokes.
    pub fn is_digit(&self, seen: &Seen, row: usize, class: u8, confidence: f32) -> (bool, f32) {
        let relative = |fit: &Fit, values: &[f32]| {
            fit.distance(&values[row * fit.width..][..fit.width], usize::from(class)) / fit.limit
        };
        let oddness = relative(&self.channels, &seen.channels);
        (
            confidence > SURE && oddness < 1. && relative(&self.features, &seen.features) < 1.,
            oddness,
        )
    }

    /// Its tensors, for a file.
    pub fn tensors(&self) -> Result<Vec<(String, Tensor)>> {
        let mut tensors = Vec::new();
        for (name, fit) in [("features", &self.features), ("channels", &self.channels)] {
            let mut add = |part: &str, values: &[f32], dtype| -> Result<()> {
                let tensor =
                    Tensor::from_slice(values, values.len(), &Device::Cpu)?.to_dtype(dtype)?;
                tensors.push((format!("known.{name}.{part}"), tensor));
                Ok(())
            };
            add("means", &fit.means, DType::F16)?;
            add("factors", &fit.factors, DType::F16)?;
            add("limit", &[fit.limit], DType::F32)?;
        }
        Ok(tensors)
    }

    /// Loads it from the tensors of a file. Errors: `Checkpoint` if one is
    /// missing or has another size.
    pub fn load(tensors: &std::collections::HashMap<String, Tensor>) -> Result<Self> {
        let of = |name: &str, width: usize, covariances: usize| -> Result<Fit> {
            let get = |part: &str, size: usize| -> Result<Vec<f32>> {
                let key = format!("known.{name}.{part}");
                let wrong = || Error::Checkpoint {
                    reason: format!("the judge's {key} is missing or has another size"),
                };
                let tensor = tensors
                    .get(&key)
                    .filter(|tensor| tensor.elem_count() == size)
                    .ok_or_else(wrong)?;
                Ok(tensor.to_dtype(DType::F32)?.flatten_all()?.to_vec1()?)
            };
            Ok(Fit {
                width,
                means: get("means", CLASSES * width)?,
                factors: get("factors", covariances * triangle(width))?,
                limit: get("limit", 1)?[0],
            })
        };
        Ok(Self {
            features: of("features", FEATURES, CLASSES)?,
            channels: of("channels", CHANNELS, 1)?,
        })
    }
}

impl Fit {
    /// Fits `rows` of `values`, (digits, width): a mean for each class, and one
    /// covariance for each class or for all, by `covariances`.
    fn new(
        values: &[f32],
        width: usize,
        labels: &[u8],
        rows: &[usize],
        covariances: usize,
    ) -> Self {
        let value = |row: usize, i: usize| f64::from(values[row * width + i]);
        let (mut means, mut counts) = (vec![0.; CLASSES * width], [0usize; CLASSES]);
        for &row in rows {
            let class = usize::from(labels[row]);
            counts[class] += 1;
            (0..width).for_each(|i| means[class * width + i] += value(row, i));
        }
        for (class, mean) in means.chunks_mut(width).enumerate() {
            mean.iter_mut().for_each(|sum| *sum /= counts[class].max(1) as f64);
        }
        let mut sums = vec![vec![0.; triangle(width)]; covariances];
        let mut of_each = vec![0usize; covariances];
        let mut apart = vec![0.; width];
        for &row in rows {
            let class = usize::from(labels[row]);
            (0..width).for_each(|i| apart[i] = value(row, i) - means[class * width + i]);
            let sum = &mut sums[class % covariances];
            of_each[class % covariances] += 1;
            for i in 0..width {
                for j in 0..=i {
                    sum[triangle(i) + j] += apart[i] * apart[j];
                }
            }
        }
        let factors = sums.iter_mut().zip(of_each).flat_map(|(sum, count)| {
            sum.iter_mut().for_each(|x| *x /= count.max(1) as f64);
            let spread = (0..width).map(|i| sum[triangle(i) + i]).sum::<f64>() / width as f64;
            (0..width).for_each(|i| sum[triangle(i) + i] += RIDGE * spread.max(1e-6));
            whitening(sum, width)
        });
        Self {
            width,
            factors: factors.map(|x| x as f32).collect(),
            means: means.into_iter().map(|x| x as f32).collect(),
            limit: f32::INFINITY,
        }
    }

    /// The Mahalanobis distance of a row from the digits of a class.
    fn distance(&self, row: &[f32], class: usize) -> f32 {
        let mean = &self.means[class * self.width..][..self.width];
        let apart: Vec<f32> = row.iter().zip(mean).map(|(x, mean)| x - mean).collect();
        let size = triangle(self.width);
        let factor = &self.factors[class % (self.factors.len() / size) * size..][..size];
        let along = |i: usize| -> f32 {
            factor[triangle(i)..][..=i]
                .iter()
                .zip(&apart)
                .map(|(factor, apart)| factor * apart)
                .sum()
        };
        (0..self.width).map(|i| along(i) * along(i)).sum::<f32>().sqrt()
    }
}

/// The start of row `i` in a packed lower triangle, and the size of one with
/// `i` rows.
fn triangle(i: usize) -> usize {
    i * (i + 1) / 2
}

/// The inverse of the Cholesky factor of a symmetric positive matrix, all
/// packed lower triangles.
fn whitening(matrix: &[f64], width: usize) -> Vec<f64> {
    let at = |i: usize, j: usize| triangle(i) + j;
    let mut factor = vec![0.; triangle(width)];
    for i in 0..width {
        for j in 0..=i {
            let sum: f64 = (0..j).map(|k| factor[at(i, k)] * factor[at(j, k)]).sum();
            let rest = matrix[at(i, j)] - sum;
            factor[at(i, j)] =
                if i == j { rest.max(1e-12).sqrt() } else { rest / factor[at(j, j)] };
        }
    }
    let mut inverse = vec![0.; triangle(width)];
    for j in 0..width {
        inverse[at(j, j)] = 1. / factor[at(j, j)];
        for i in j + 1..width {
            let sum: f64 = (j..i).map(|k| factor[at(i, k)] * inverse[at(k, j)]).sum();
            inverse[at(i, j)] = -sum / factor[at(i, i)];
        }
    }
    inverse
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whitening_makes_any_covariance_the_identity() {
        // [[4, 2, 0], [2, 5, 1], [0, 1, 3]]
        let matrix = [4., 2., 5., 0., 1., 3.];
        let w = whitening(&matrix, 3);
        let full = |m: &[f64], i: usize, j: usize| if j <= i { m[triangle(i) + j] } else { 0. };
        let symmetric = |i: usize, j: usize| matrix[triangle(i.max(j)) + i.min(j)];
        for i in 0..3 {
            for j in 0..3 {
                let sum: f64 = (0..9)
                    .map(|k| full(&w, i, k / 3) * symmetric(k / 3, k % 3) * full(&w, j, k % 3))
                    .sum();
                assert!((sum - f64::from(u8::from(i == j))).abs() < 1e-12, "{i} {j}: {sum}");
            }
        }
    }
}
