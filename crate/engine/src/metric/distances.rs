//! Squared distances between the rows of two sets, one block of rows at a time,
//! each block one matrix product.

use crate::kernel::{Matrix, Panels, gemm};

/// Rows per block: 20 MB of distances to 10,000 rows.
const BLOCK: usize = 500;

/// Calls `f` with the index of each row of `a` and its squared distances to the
/// rows of `b`; both have rows of `width` numbers. |x - y|^2 = |x|^2 + |y|^2 -
/// 2 x.y, clamped at 0, since rounding can make it negative.
pub(super) fn each_row(a: &[f32], b: &[f32], width: usize, mut f: impl FnMut(usize, &[f32])) {
    let squares = |rows: &[f32]| -> Vec<f32> {
        rows.chunks_exact(width).map(|row| row.iter().map(|x| x * x).sum()).collect()
    };
    let (others, rows) = (squares(b), b.len() / width);
    let mut panels = Panels::default();
    for (number, block) in a.chunks(BLOCK * width).enumerate() {
        let own = squares(block);
        let right = Matrix::new(b, rows, width).transposed();
        let mut products = gemm(Matrix::new(block, own.len(), width), right, &mut panels);
        for (i, row) in products.chunks_exact_mut(rows).enumerate() {
            for (product, other) in row.iter_mut().zip(&others) {
                *product = (own[i] + other - 2. * *product).max(0.);
            }
            f(number * BLOCK + i, row);
        }
    }
}
