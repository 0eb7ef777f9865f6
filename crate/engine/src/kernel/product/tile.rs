//! The innermost loop: up to 4 x 8 sums in registers along a block of k.

use super::vector::{Vector, add as plus, load, multiply_add, splat, store, zero};

/// Rows of A: the number of row i at step p is at `at + i row + p step`.
#[derive(Clone, Copy)]
pub struct Left {
    pub at: *const f32,
    pub row: usize,
    pub step: usize,
}

/// Columns of B, contiguous at each step: the number of column j at step p is
/// at `at + p step + j`.
#[derive(Clone, Copy)]
pub struct Right {
    pub at: *const f32,
    pub step: usize,
}

/// Writes the products of `rows` (1 to 4) rows and `wide` (1 to 8) columns over
/// `deep` steps to `out`, whose rows are `stride` apart, or adds them to it.
///
/// # Safety
/// `left` is valid for all its numbers, `right` for complete vectors at each
/// step,
/// `out` for `rows` x `wide` numbers, which are initialised where `add` is
/// true.
#[allow(clippy::too_many_arguments)]
#[inline]
pub unsafe fn tile(
    left: Left,
    right: Right,
    deep: usize,
    out: *mut f32,
    stride: usize,
    rows: usize,
    wide: usize,
    add: bool,
) {
    // SAFETY: guaranteed by the caller, for these numbers of rows and vectors.
    unsafe {
        match (rows, wide > 4) {
            (4, true) => sums::<4, 2>(left, right, deep, out, stride, wide, add),
            (3, true) => sums::<3, 2>(left, right, deep, out, stride, wide, add),
            (2, true) => sums::<2, 2>(left, right, deep, out, stride, wide, add),
            (1, true) => sums::<1, 2>(left, right, deep, out, stride, wide, add),
            (4, false) => sums::<4, 1>(left, right, deep, out, stride, wide, add),
            (3, false) => sums::<3, 1>(left, right, deep, out, stride, wide, add),
            (2, false) => sums::<2, 1>(left, right, deep, out, stride, wide, add),
            _ => sums::<1, 1>(left, right, deep, out, stride, wide, add),
        }
    }
}

/// [`tile`] for `R` rows and `V` vectors of columns.
///
/// # Safety
/// The same as for [`tile`], with `rows` = `R`.
#[cfg_attr(
    all(target_arch = "wasm32", feature = "relaxed"),
    target_feature(enable = "relaxed-simd")
)]
unsafe fn sums<const R: usize, const V: usize>(
    left: Left,
    right: Right,
    deep: usize,
    out: *mut f32,
    stride: usize,
    wide: usize,
    add: bool,
) {
    let mut sums = [[zero(); V]; R];
    let (mut a, mut b) = (left.at, right.at);
    // SAFETY: every step reads V vectors of `right` and R numbers of `left`, at
    // steps 0..deep; after the last step the pointers, no longer read, can
    // point outside the operands, hence the wrapping arithmetic.
    unsafe {
        for _ in 0..deep {
            advance(&mut sums, a, left.row, b);
            (a, b) = (a.wrapping_add(left.step), b.wrapping_add(right.step));
        }
    }
    if wide == 4 * V {
        for (i, line) in sums.iter().enumerate() {
            for (j, &sum) in line.iter().enumerate() {
                // SAFETY: row i < R and columns 4 j to 4 j + 3 < wide of `out`.
                unsafe {
                    let at = out.add(i * stride + 4 * j);
                    store(at, if add { plus(load(at), sum) } else { sum });
                }
            }
        }
    } else {
        for (i, line) in sums.iter().enumerate() {
            let mut numbers = [0f32; 8];
            for (j, &sum) in line.iter().enumerate() {
                // SAFETY: V is at most 2.
                unsafe { store(numbers.as_mut_ptr().add(4 * j), sum) };
            }
            for (j, &number) in numbers.iter().enumerate().take(wide) {
                // SAFETY: row i < R and column j < wide of `out`.
                unsafe {
                    let at = out.add(i * stride + j);
                    at.write(if add { at.read() + number } else { number });
                }
            }
        }
    }
}

/// One step of k.
///
/// # Safety
/// `a` is valid for R numbers `row` apart, `b` for V vectors.
#[cfg_attr(
    all(target_arch = "wasm32", feature = "relaxed"),
    target_feature(enable = "relaxed-simd")
)]
#[inline]
unsafe fn advance<const R: usize, const V: usize>(
    sums: &mut [[Vector; V]; R],
    a: *const f32,
    row: usize,
    b: *const f32,
) {
    // SAFETY: guaranteed by the caller.
    unsafe {
        let columns: [Vector; V] = std::array::from_fn(|j| load(b.add(4 * j)));
        for (i, line) in sums.iter_mut().enumerate() {
            let number = splat(a.add(i * row));
            for (sum, &column) in line.iter_mut().zip(&columns) {
                *sum = multiply_add(number, column, *sum);
            }
        }
    }
}
