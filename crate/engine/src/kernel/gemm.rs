//! The matrix product behind every layer.

use super::Real;

/// A row-major matrix, or one read as its transpose.
#[derive(Clone, Copy)]
pub struct Matrix<'a, T> {
    data: &'a [T],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a, T> Matrix<'a, T> {
    /// (rows, columns) over a slice of exactly that many numbers.
    pub fn new(data: &'a [T], rows: usize, columns: usize) -> Self {
        assert_eq!(data.len(), rows * columns, "a {rows} x {columns} matrix over {} numbers", data.len());
        Self { data, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// The same numbers read as (columns, rows).
    pub fn transposed(self) -> Self {
        Self {
            data: self.data,
            rows: self.columns,
            columns: self.rows,
            row_stride: self.column_stride,
            column_stride: self.row_stride,
        }
    }
}

/// A B, (m, k) x (k, n) -> (m, n) row-major. One thread, so that equal inputs give equal bits.
pub fn gemm<T: Real>(a: Matrix<T>, b: Matrix<T>) -> Vec<T> {
    let (m, k, n) = (a.rows, a.columns, b.columns);
    assert_eq!(k, b.rows, "a product of {m} x {k} and {} x {n}", b.rows);
    let mut out = vec![T::ZERO; m * n];
    // SAFETY: `Matrix::new` holds each operand to exactly rows * columns numbers, and its strides are (columns, 1) or
    // (1, columns), so every index (i, j) within (rows, columns) lies inside its slice. `out` has m * n numbers with
    // strides (n, 1), and is a fresh allocation, hence aliases no operand.
    unsafe {
        gemm::gemm(
            m,
            n,
            k,
            out.as_mut_ptr(),
            1,
            n as isize,
            false,
            a.data.as_ptr(),
            a.column_stride as isize,
            a.row_stride as isize,
            b.data.as_ptr(),
            b.column_stride as isize,
            b.row_stride as isize,
            T::ZERO,
            T::ONE,
            false,
            false,
            false,
            gemm::Parallelism::None,
        );
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn numbers(n: usize, seed: u32) -> Vec<f64> {
        (0..n as u32)
            .map(|i| f64::from((i.wrapping_mul(2_654_435_761).wrapping_add(seed)) % 1000) / 500. - 1.)
            .collect()
    }

    #[test]
    fn agrees_with_a_naive_loop_for_odd_shapes_and_transposes() {
        for (m, k, n) in [(1, 1, 1), (3, 5, 7), (13, 1, 9), (1, 33, 2), (37, 65, 41)] {
            for case in 0..4 {
                let (a, b) = (numbers(m * k, 1), numbers(k * n, 2));
                let left =
                    if case & 1 == 0 { Matrix::new(&a, m, k) } else { Matrix::new(&a, k, m).transposed() };
                let right =
                    if case & 2 == 0 { Matrix::new(&b, k, n) } else { Matrix::new(&b, n, k).transposed() };
                let out = gemm(left, right);
                for i in 0..m {
                    for j in 0..n {
                        let sum: f64 = (0..k)
                            .map(|l| {
                                let x = if case & 1 == 0 { a[i * k + l] } else { a[l * m + i] };
                                x * if case & 2 == 0 { b[l * n + j] } else { b[j * k + l] }
                            })
                            .sum();
                        assert!((out[i * n + j] - sum).abs() < 1e-12, "{m} {k} {n} case {case}");
                    }
                }
            }
        }
    }
}
