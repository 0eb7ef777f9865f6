//! Squared distances between the rows of two sets, a block of rows at a time,
//! each block one product.

use crate::kernel::{Matrix, Panels, gemm};

/// Rows of a block: with 10,000 others, 20 MB of distances.
const BLOCK: usize = 500;

/// Calls `f` with the number of each row of `a` and its squared distances to
/// the rows of `b`; both have rows of `width` numbers.
/// |x - y|^2 = |x|^2 + |y|^2 - 2 x.y, cut at 0, where rounding would go below.
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
