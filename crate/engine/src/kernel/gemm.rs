//! The matrix product behind every layer.

use super::matrix::{Matrix, Panels};
use super::{Buffer, Real};

/// A B, (m, k) x (k, n) -> (m, n) row-major. Runs on one thread, so that equal
/// inputs give equal bits. Panics if the inner dimensions differ.
pub fn gemm<T: Real>(a: Matrix<T>, b: Matrix<T>, panels: &mut Panels) -> Buffer<T> {
    let mut out = Buffer::unspecified(a.rows * b.columns);
    gemm_into(&mut out, false, a, b, panels);
    out
}

/// Writes A B, (m, k) x (k, n) -> (m, n) row-major, to `out`, or adds it to
/// `out`. Panics if the shapes do not fit.
pub fn gemm_into<T: Real>(
    out: &mut [T],
    add: bool,
    a: Matrix<T>,
    b: Matrix<T>,
    panels: &mut Panels,
) {
    assert_eq!(out.len(), a.rows * b.columns, "a product of {} x {}", a.rows, b.columns);
    // SAFETY: `out` has the product's m n numbers, initialised, and as a unique
    // borrow aliases no operand.
    unsafe { product(out.as_mut_ptr(), add, a, b, panels) }
}

/// The arithmetic of products: two runs of one seed with equal names give equal
/// bits, except for `native`, which depends on the machine's cache sizes.
pub fn arithmetic() -> &'static str {
    #[cfg(target_arch = "wasm32")]
    return super::product::arithmetic();
    #[cfg(not(target_arch = "wasm32"))]
    "native"
}

/// Runs the innermost loop alone for some milliseconds and returns the
/// operations done: an upper bound for the speed of every product.
pub fn ceiling() -> f64 {
    #[cfg(target_arch = "wasm32")]
    return super::product::ceiling();
    #[cfg(not(target_arch = "wasm32"))]
    {
        // The library does not expose its loop: its best case is a square
        // product within the second-level cache.
        const ROWS: usize = 192;
        let (a, b) = (vec![0.5f32; ROWS * ROWS], vec![0.25f32; ROWS * ROWS]);
        let (a, b) = (Matrix::new(&a, ROWS, ROWS), Matrix::new(&b, ROWS, ROWS));
        let mut out = gemm(a, b, &mut Panels::default());
        for _ in 0..20 {
            gemm_into(&mut out, true, a, b, &mut Panels::default());
        }
        std::hint::black_box(out);
        2. * 21. * (ROWS as f64).powi(3)
    }
}

/// # Safety
/// `out` is valid for a.rows x b.columns numbers and aliases no operand; they
/// are initialised where `add` is true.
unsafe fn product<T: Real>(
    out: *mut T,
    add: bool,
    a: Matrix<T>,
    b: Matrix<T>,
    panels: &mut Panels,
) {
    assert_eq!(
        a.columns, b.rows,
        "a product of {} x {} and {} x {}",
        a.rows, a.columns, b.rows, b.columns
    );
    // SAFETY: guaranteed by the caller.
    unsafe { T::product(out, add, a, b, panels) }
}

/// The gemm crate's product: every product natively; in wasm only that of f64.
///
/// # Safety
/// The same as for [`product`].
pub(super) unsafe fn library_product<T: Real>(out: *mut T, add: bool, a: Matrix<T>, b: Matrix<T>) {
    // SAFETY: `Matrix::new` ensures that each operand has exactly rows *
    // columns numbers, and its strides are (columns, 1) or (1, columns), so
    // every index (i, j) within (rows, columns) lies inside its slice. `out`
    // has m * n numbers with strides (n, 1), aliases no operand, and is read
    // only if `add` is true, which requires that it is initialised.
    unsafe {
        gemm::gemm(
            a.rows,
            b.columns,
            a.columns,
            out,
            1,
            b.columns as isize,
            add,
            a.data.as_ptr(),
            a.column_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
            b.column_stride as isize,
            b.row_stride as isize,
            if add { T::ONE } else { T::ZERO },
            T::ONE,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(n: usize, seed: u32) -> Vec<f64> {
        (0..n as u32)
            .map(|i| {
                f64::from((i.wrapping_mul(2_654_435_761).wrapping_add(seed)) % 1000) / 500. - 1.
            })
            .collect()
    }

    #[test]
    fn products_equal_a_naive_loop_for_unaligned_shapes_and_transposes() {
        for (m, k, n) in [(1, 1, 1), (3, 5, 7), (13, 1, 9), (1, 33, 2), (37, 65, 41)] {
            for case in 0..4 {
                let (a, b) = (numbers(m * k, 1), numbers(k * n, 2));
                let left = if case & 1 == 0 {
                    Matrix::new(&a, m, k)
                } else {
                    Matrix::new(&a, k, m).transposed()
                };
                let right = if case & 2 == 0 {
                    Matrix::new(&b, k, n)
                } else {
                    Matrix::new(&b, n, k).transposed()
                };
                let mut panels = Panels::default();
                let out = gemm(left, right, &mut panels);
                let mut twice = out.clone();
                gemm_into(&mut twice, true, left, right, &mut panels);
                for i in 0..m {
                    for j in 0..n {
                        let sum: f64 = (0..k)
                            .map(|l| {
                                let x = if case & 1 == 0 { a[i * k + l] } else { a[l * m + i] };
                                x * if case & 2 == 0 { b[l * n + j] } else { b[j * k + l] }
                            })
                            .sum();
                        assert!((out[i * n + j] - sum).abs() < 1e-12, "{m} {k} {n} case {case}");
                        assert!(
                            (twice[i * n + j] - 2. * sum).abs() < 1e-12,
                            "{m} {k} {n} case {case}"
                        );
                    }
                }
            }
        }
    }
}
