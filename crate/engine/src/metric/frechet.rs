//! Frechet distance of two sets of features, modelled as Gaussians (Heusel et
//! al. 2017, arXiv:1706.08500, equation 6).

use crate::kernel::eigen;

/// |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) of two sets of rows of `width`
/// numbers, with covariances divided by n - 1. It decreases with the number of
/// rows: compare only sets of equal size, and with the distance between two
/// sets of real digits.
pub fn frechet(a: &[f32], b: &[f32], width: usize) -> f64 {
    let ((m1, c1), (m2, c2)) = (moments(a, width), moments(b, width));
    let means: f64 = m1.iter().zip(&m2).map(|(a, b)| (a - b) * (a - b)).sum();
    let trace = |c: &[f64]| (0..width).map(|i| c[i * width + i]).sum::<f64>();
    // C1 C2 has the eigenvalues of the symmetric R C2 R, with R the square root
    // of C1.
    let root = root(&c1, width);
    let (values, _) = eigen(multiply(&multiply(&root, &c2, width), &root, width), width);
    let shared: f64 = values.iter().map(|value| value.max(0.).sqrt()).sum();
    means + trace(&c1) + trace(&c2) - 2. * shared
}

/// Mean (width) and covariance (width, width).
fn moments(rows: &[f32], width: usize) -> (Vec<f64>, Vec<f64>) {
    let count = (rows.len() / width) as f64;
    let mut mean = vec![0.; width];
    for row in rows.chunks_exact(width) {
        mean.iter_mut().zip(row).for_each(|(m, &x)| *m += f64::from(x) / count);
    }
    let mut covariance = vec![0.; width * width];
    for row in rows.chunks_exact(width) {
        let centred: Vec<f64> = row.iter().zip(&mean).map(|(&x, m)| f64::from(x) - m).collect();
        for (line, &x) in covariance.chunks_exact_mut(width).zip(&centred) {
            line.iter_mut().zip(&centred).for_each(|(c, y)| *c += x * y / (count - 1.).max(1.));
        }
    }
    (mean, covariance)
}

fn multiply(a: &[f64], b: &[f64], n: usize) -> Vec<f64> {
    let mut product = vec![0.; n * n];
    for (row, line) in a.chunks_exact(n).zip(product.chunks_exact_mut(n)) {
        for (&x, other) in row.iter().zip(b.chunks_exact(n)) {
            line.iter_mut().zip(other).for_each(|(p, y)| *p += x * y);
        }
    }
    product
}

/// The symmetric square root of a symmetric matrix without negative
/// eigenvalues.
fn root(matrix: &[f64], n: usize) -> Vec<f64> {
    let (values, vectors) = eigen(matrix.to_vec(), n);
    let mut root = vec![0.; n * n];
    for (k, value) in values.iter().enumerate() {
        let weight = value.max(0.).sqrt();
        for i in 0..n {
            for j in 0..n {
                root[i * n + j] += weight * vectors[i * n + k] * vectors[j * n + k];
            }
        }
    }
    root
}
