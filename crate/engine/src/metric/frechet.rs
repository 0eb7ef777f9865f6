//! Frechet distance of two sets of features taken as Gaussians (Heusel et al.
//! 2017, arXiv:1706.08500, equation 6).

/// |m1 - m2|^2 + tr(C1 + C2 - 2 (C1 C2)^(1/2)) of two sets of rows of `width` numbers, with covariances divided by n - 1. It shrinks
/// with the number of rows: compare equal numbers only, and with the distance
/// between two sets of real digits.
pub fn frechet(a: &[f32], b: &[f32], width: usize) -> f64 {
    let ((m1, c1), (m2, c2)) = (moments(a, width), moments(b, width));
    let means: f64 = m1.iter().zip(&m2).map(|(a, b)| (a - b) * (a - b)).sum();
    let trace = |c: &[f64]| (0..width).map(|i| c[i * width + i]).sum::<f64>();
    // The roots of the eigenvalues of C1 C2 are those of R C2 R with R the root
    // of C1, which is symmetric.
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

/// The symmetric root of a symmetric matrix without negative eigenvalues.
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

/// Sweeps of rotations; a few settle a matrix of this size.
const SWEEPS: usize = 60;

/// Eigenvalues of a symmetric matrix, and eigenvectors as columns, by Jacobi's
/// rotations (Golub and Van Loan, section 8.5).
pub(crate) fn eigen(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.; n * n];
    (0..n).for_each(|i| vectors[i * n + i] = 1.);
    let total: f64 = a.iter().map(|x| x * x).sum();
    for _ in 0..SWEEPS {
        let beside: f64 = (0..n)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| a[i * n + j].powi(2))
            .sum();
        if beside <= 1e-24 * total {
            break;
        }
        for p in 0..n {
            for q in p + 1..n {
                rotate(&mut a, &mut vectors, n, p, q);
            }
        }
    }
    ((0..n).map(|i| a[i * n + i]).collect(), vectors)
}

/// The rotation of axes p and q that makes a[p][q] zero.
fn rotate(a: &mut [f64], vectors: &mut [f64], n: usize, p: usize, q: usize) {
    let apq = a[p * n + q];
    if apq == 0. {
        return;
    }
    let theta = (a[q * n + q] - a[p * n + p]) / (2. * apq);
    let t = theta.signum() / (theta.abs() + (theta * theta + 1.).sqrt());
    let c = 1. / (t * t + 1.).sqrt();
    let s = t * c;
    for k in 0..n {
        let (x, y) = (a[k * n + p], a[k * n + q]);
        (a[k * n + p], a[k * n + q]) = (c * x - s * y, s * x + c * y);
    }
    for k in 0..n {
        let (x, y) = (a[p * n + k], a[q * n + k]);
        (a[p * n + k], a[q * n + k]) = (c * x - s * y, s * x + c * y);
        let (x, y) = (vectors[k * n + p], vectors[k * n + q]);
        (vectors[k * n + p], vectors[k * n + q]) = (c * x - s * y, s * x + c * y);
    }
}
