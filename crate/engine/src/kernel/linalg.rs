//! Linear algebra on small dense matrices in f64.

/// Maximum number of sweeps; a few reach convergence for small matrices.
const SWEEPS: usize = 60;

/// (n, n) -> (n), (n, n): eigenvalues of a symmetric matrix, and eigenvectors
/// as columns, by Jacobi's rotations (Golub and Van Loan, section 8.5).
pub fn eigen(mut a: Vec<f64>, n: usize) -> (Vec<f64>, Vec<f64>) {
    let mut vectors = vec![0.; n * n];
    (0..n).for_each(|i| vectors[i * n + i] = 1.);
    let total: f64 = a.iter().map(|x| x * x).sum();
    for _ in 0..SWEEPS {
        let off_diagonal: f64 = (0..n)
            .flat_map(|i| (0..i).map(move |j| (i, j)))
            .map(|(i, j)| a[i * n + j].powi(2))
            .sum();
        if off_diagonal <= 1e-24 * total {
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
