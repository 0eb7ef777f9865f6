//! The wasm products: packed, register-blocked f32 on vectors of four, after
//! Goto and van de Geijn 2008 ("Anatomy of high-performance matrix
//! multiplication").
//!
//! A tile of 4 x 8 sums stays in registers along a block of k. B is packed into
//! panels of eight columns, unless A has too few rows to reuse them; A is
//! packed into panels of four rows only where it is transposed. Native tests
//! run the same code on arrays in place of SIMD vectors.

mod pack;
mod tile;
pub(super) mod vector;

use super::matrix::{Matrix, Panels};
use tile::{Left, Right, tile};

/// The arithmetic of products: `simd128`, or relaxed SIMD with one rounding or
/// two, depending on the browser. Equal names and seeds give equal bits.
#[cfg(target_arch = "wasm32")]
pub fn arithmetic() -> &'static str {
    #[cfg(feature = "relaxed")]
    return if vector::fused() { "relaxed-fused" } else { "relaxed-plain" };
    #[cfg(not(feature = "relaxed"))]
    "simd128"
}

/// Rows of a tile.
const ROWS: usize = 4;
/// Columns of a tile: two vectors.
const COLUMNS: usize = 8;
/// Steps of k in a block: a panel of B takes 8 kB and fits the first-level
/// cache.
const DEPTH: usize = 256;
/// Rows of A in a block: with [`DEPTH`] 128 kB, for the second-level cache.
const HEIGHT: usize = 128;
/// With fewer rows of A than this, packing B costs more than it saves.
const PACK_ROWS: usize = 12;
/// With lines no longer than this, a few strips are read in place, without
/// packing.
const SHORT_LINE: usize = 64;

/// Writes A B to the m n numbers at `out`, or adds it to them: (m, k) x (k, n)
/// -> (m, n) row-major.
///
/// # Safety
/// `out` is valid for m n numbers and aliases no operand; they are initialised
/// where `add` is true.
pub unsafe fn product(
    out: *mut f32,
    add: bool,
    a: Matrix<f32>,
    b: Matrix<f32>,
    panels: &mut Panels,
) {
    let (m, k, n) = (a.rows, a.columns, b.columns);
    if k == 0 {
        for i in 0..if add { 0 } else { m * n } {
            // SAFETY: within the m n numbers that the caller guarantees.
            unsafe { out.add(i).write(0.) };
        }
        return;
    }
    if n == 1 && a.column_stride != 1 && m > 1 {
        // A column from a transposed A: computing it as a row gives the same
        // numbers and reads A along its lines. SAFETY: guaranteed by the
        // caller: the transposed product has the same m n numbers in the same
        // order.
        return unsafe { blocks(out, add, b.transposed(), a.transposed(), panels) };
    }
    if n == 1 && b.row_stride == 1 && k >= ROWS {
        // SAFETY: `out` holds m numbers, a has rows of k contiguous ones, b is
        // k contiguous ones.
        return unsafe { column(out, add, a, b) };
    }
    if k == 1 && b.column_stride == 1 {
        // SAFETY: guaranteed by the caller; b is a row of n contiguous numbers.
        return unsafe { outer(out, add, a, &b.data[..n]) };
    }
    // SAFETY: guaranteed by the caller.
    unsafe { blocks(out, add, a, b, panels) }
}

/// A column a times a row b.
///
/// # Safety
/// `out` is valid for a.rows x b.len() numbers, initialised where `add`.
unsafe fn outer(out: *mut f32, add: bool, a: Matrix<f32>, b: &[f32]) {
    for i in 0..a.rows {
        let x = a.data[i * a.row_stride];
        let line = out.wrapping_add(i * b.len());
        for (j, &y) in b.iter().enumerate() {
            // SAFETY: row i and column j of `out`, read only if `add`, for
            // which the caller guarantees that it is initialised.
            unsafe {
                let at = line.add(j);
                at.write(if add { at.read() + x * y } else { x * y });
            }
        }
    }
}

/// A b for a single column b.
///
/// # Safety
/// `out` is valid for a.rows numbers, initialised where `add`; a's rows and b
/// are contiguous.
unsafe fn column(out: *mut f32, add: bool, a: Matrix<f32>, b: Matrix<f32>) {
    let b = &b.data[..a.columns];
    for i in 0..a.rows {
        let line = &a.data[i * a.row_stride..][..a.columns];
        let mut sums = [0f32; 16];
        let (lines, rest) = (line.chunks_exact(16), b.chunks_exact(16));
        let tail: f32 = lines.remainder().iter().zip(rest.remainder()).map(|(x, y)| x * y).sum();
        for (x, y) in lines.zip(rest) {
            for l in 0..16 {
                sums[l] += x[l] * y[l];
            }
        }
        let sum = sums.iter().sum::<f32>() + tail;
        // SAFETY: i < a.rows; read only if `add`, for which the caller
        // guarantees that it is initialised.
        unsafe { out.add(i).write(if add { *out.add(i) + sum } else { sum }) };
    }
}

/// Runs a tile repeatedly over panels in the first-level cache and returns the
/// operations done.
#[cfg(target_arch = "wasm32")]
pub fn ceiling() -> f64 {
    const TIMES: usize = 2000;
    let (left, right) = (vec![0.5f32; ROWS * DEPTH], vec![0.25f32; COLUMNS * DEPTH]);
    let mut out = [0f32; ROWS * COLUMNS];
    for _ in 0..TIMES {
        let left = Left { at: left.as_ptr(), row: 1, step: ROWS };
        let right = Right { at: right.as_ptr(), step: COLUMNS };
        // SAFETY: packed panels of `DEPTH` steps, and a tile of sums.
        unsafe { tile(left, right, DEPTH, out.as_mut_ptr(), COLUMNS, ROWS, COLUMNS, true) };
    }
    std::hint::black_box(out);
    2. * (TIMES * DEPTH * ROWS * COLUMNS) as f64
}

/// The product, block by block of k and of the rows of A.
///
/// # Safety
/// The same as for [`product`].
unsafe fn blocks(out: *mut f32, add: bool, a: Matrix<f32>, b: Matrix<f32>, panels: &mut Panels) {
    let (m, k, n) = (a.rows, a.columns, b.columns);
    let depth = block_size(k, DEPTH);
    let packs_a = a.column_stride > SHORT_LINE || (a.column_stride != 1 && n > SHORT_LINE);
    let packs_b = b.column_stride != 1
        || (m >= PACK_ROWS && (m > SHORT_LINE / 2 || b.row_stride > SHORT_LINE));
    for start in (0..k).step_by(depth) {
        let deep = depth.min(k - start);
        // Without packing, only the columns that do not fill a vector need a
        // panel.
        let first_packed = if packs_b { 0 } else { n / 4 * 4 };
        pack::right(b, start, deep, first_packed, &mut panels.right);
        let height = block_size(m, HEIGHT);
        for top in (0..m).step_by(height) {
            let tall = height.min(m - top);
            if packs_a {
                pack::left(a, top, tall, start, deep, &mut panels.left);
            }
            let mut left = 0;
            while left < n {
                let wide = strip_width(n - left, packs_b);
                let right = if left >= first_packed {
                    Right {
                        at: &raw const panels.right[(left - first_packed) * deep],
                        step: panel_width(wide),
                    }
                } else {
                    Right { at: &raw const b.data[start * b.row_stride + left], step: b.row_stride }
                };
                for row in (0..tall).step_by(ROWS) {
                    let rows = if packs_a {
                        Left { at: &raw const panels.left[row * deep], row: 1, step: ROWS }
                    } else {
                        let first = (top + row) * a.row_stride + start * a.column_stride;
                        Left {
                            at: &raw const a.data[first],
                            row: a.row_stride,
                            step: a.column_stride,
                        }
                    };
                    // SAFETY: the tile's rows end at `tall`, its columns at n,
                    // and its steps at start + deep <= k; `rows` and `right`
                    // point into operands, or into panels packed for exactly
                    // these.
                    unsafe {
                        let corner = out.add((top + row) * n + left);
                        tile(
                            rows,
                            right,
                            deep,
                            corner,
                            n,
                            ROWS.min(tall - row),
                            wide,
                            add || start > 0,
                        );
                    }
                }
                left += wide;
            }
        }
    }
}

/// Columns of the next strip when `left` columns remain: those of a panel, or
/// complete vectors read directly from B and then the rest.
fn strip_width(left: usize, packed: bool) -> usize {
    if packed || !(4..COLUMNS).contains(&left) { left.min(COLUMNS) } else { 4 }
}

/// Columns allocated for a panel of `wide` columns: complete vectors.
fn panel_width(wide: usize) -> usize {
    wide.next_multiple_of(4)
}

/// The size of equal blocks of at most about `most` that cover `total`: a
/// multiple of four.
fn block_size(total: usize, most: usize) -> usize {
    let count = total.div_ceil(most).max(1);
    total.div_ceil(count).next_multiple_of(4).max(4)
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests;
