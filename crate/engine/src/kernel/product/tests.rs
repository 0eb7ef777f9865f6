//! The wasm products on arrays in place of SIMD vectors: compared with a naive
//! loop, and checked for accesses outside their buffers.

use proptest::prelude::*;

use super::super::matrix::{Matrix, Panels};
use super::product;

/// `count` numbers between two fences of NaN, which would make a product NaN if
/// it read them.
fn fenced(count: usize, seed: usize) -> Vec<f32> {
    let number = |i: usize| ((i * 7919 + seed * 104_729) % 2003) as f32 / 1000. - 1.;
    let fence = [f32::NAN; 16];
    fence.into_iter().chain((0..count).map(number)).chain(fence).collect()
}

fn inside(fenced: &[f32]) -> &[f32] {
    &fenced[16..fenced.len() - 16]
}

fn check(
    (m, k, n): (usize, usize, usize),
    transposed: (bool, bool),
    add: bool,
    panels: &mut Panels,
) {
    let (a, b, start) = (fenced(m * k, 1), fenced(k * n, 2), fenced(m * n, 3));
    let operand = |data, rows, columns, transposed| {
        if transposed {
            Matrix::new(data, columns, rows).transposed()
        } else {
            Matrix::new(data, rows, columns)
        }
    };
    let left = operand(inside(&a), m, k, transposed.0);
    let right = operand(inside(&b), k, n, transposed.1);
    // Without `add` the output must not be read.
    let mut out = if add { start.clone() } else { vec![f32::NAN; m * n + 32] };
    // SAFETY: m n numbers from the 16th on.
    unsafe { product(out.as_mut_ptr().add(16), add, left, right, panels) };
    assert!(
        out[..16].iter().chain(&out[m * n + 16..]).all(|fence| fence.is_nan()),
        "wrote outside the output"
    );
    let number = |matrix: &Matrix<f32>, i: usize, j: usize| {
        f64::from(matrix.data[i * matrix.row_stride + j * matrix.column_stride])
    };
    for i in 0..m {
        for j in 0..n {
            let sum: f64 = (0..k).map(|l| number(&left, i, l) * number(&right, l, j)).sum();
            let want = sum + if add { f64::from(inside(&start)[i * n + j]) } else { 0. };
            let got = f64::from(out[16 + i * n + j]);
            assert!(
                (got - want).abs() < 1e-5 * (k as f64 + 1.),
                "({m} {k} {n}) {transposed:?} {add}: {got} {want}"
            );
        }
    }
}

#[test]
fn products_equal_a_naive_loop_at_the_edges_of_tiles_and_blocks() {
    let mut panels = Panels::default();
    let (sides, depths) =
        ([1, 2, 3, 4, 5, 7, 8, 9, 12, 13], [0, 1, 3, 4, 15, 17, 255, 256, 257, 513]);
    for (i, m) in sides.into_iter().chain([128, 129, 131]).enumerate() {
        for (j, n) in sides.into_iter().enumerate() {
            let k = depths[(i + j) % depths.len()];
            for case in 0..8 {
                check((m, k, n), (case & 1 > 0, case & 2 > 0), case & 4 > 0, &mut panels);
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]
    #[test]
    fn products_of_any_shape_equal_a_naive_loop(
        m in 1usize..40, k in 0usize..300, n in 1usize..40, a in any::<bool>(), b in any::<bool>(), add in any::<bool>(),
    ) {
        check((m, k, n), (a, b), add, &mut Panels::default());
    }
}
