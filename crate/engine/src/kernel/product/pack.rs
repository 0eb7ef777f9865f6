//! Packing: copies operands into the order in which tiles read them.

use super::super::matrix::Matrix;
use super::vector::{load, store, transpose};
use super::{COLUMNS, ROWS, panel_width};

/// Steps of k that are packed for all panels before the next steps, so that
/// their lines stay in the first-level cache.
const STEPS: usize = 16;

/// Packs rows `top..top + tall` of a transposed `a`, steps `start..start +
/// deep`, into panels of four rows: the number of row i at step p of a panel is
/// at 4 p + i. The unused rows of the last panel stay unchanged.
pub fn left(
    a: Matrix<f32>,
    top: usize,
    tall: usize,
    start: usize,
    deep: usize,
    panels: &mut Vec<f32>,
) {
    panels.resize(panels.len().max(tall.next_multiple_of(ROWS) * deep), 0.);
    for first in (0..deep).step_by(STEPS) {
        let steps = first..deep.min(first + STEPS);
        for row in (0..tall).step_by(ROWS) {
            let rows = ROWS.min(tall - row);
            for p in steps.clone() {
                let from = (start + p) * a.column_stride + top + row;
                let to = row * deep + p * ROWS;
                if rows == ROWS {
                    let (from, to) = (&a.data[from..from + ROWS], &mut panels[to..to + ROWS]);
                    // SAFETY: both slices have the four numbers of a vector.
                    unsafe { store(to.as_mut_ptr(), load(from.as_ptr())) };
                } else {
                    panels[to..to + rows].copy_from_slice(&a.data[from..from + rows]);
                }
            }
        }
    }
}

/// Packs columns `first..` of `b`, steps `start..start + deep`, into panels of
/// eight columns, the last of four if they suffice: the number of column j at
/// step p is at p width + j. Zeros pad columns that do not fill a vector.
pub fn right(b: Matrix<f32>, start: usize, deep: usize, first: usize, panels: &mut Vec<f32>) {
    let n = b.columns;
    panels.resize(panels.len().max((n - first).next_multiple_of(COLUMNS) * deep), 0.);
    if b.column_stride == 1 {
        for from in (0..deep).step_by(STEPS) {
            let steps = from..deep.min(from + STEPS);
            for left in (first..n).step_by(COLUMNS) {
                let wide = COLUMNS.min(n - left);
                for p in steps.clone() {
                    let line = &b.data[(start + p) * b.row_stride + left..][..wide];
                    let to = (left - first) * deep + p * panel_width(wide);
                    row(line, &mut panels[to..to + panel_width(wide)]);
                }
            }
        }
    } else {
        for left in (first..n).step_by(COLUMNS) {
            let wide = COLUMNS.min(n - left);
            let panel = &mut panels[(left - first) * deep..][..deep * panel_width(wide)];
            for half in (0..wide).step_by(4) {
                pack_columns(
                    b,
                    start,
                    left + half,
                    4.min(wide - half),
                    &mut panel[half..],
                    panel_width(wide),
                    deep,
                );
            }
        }
    }
}

/// Copies `line` and pads it with zeros to complete vectors.
#[inline(always)]
fn row(line: &[f32], to: &mut [f32]) {
    if line.len() == to.len() {
        for (from, to) in line.chunks_exact(4).zip(to.chunks_exact_mut(4)) {
            // SAFETY: both have the four numbers of a vector.
            unsafe { store(to.as_mut_ptr(), load(from.as_ptr())) };
        }
    } else {
        for (j, to) in to.iter_mut().enumerate() {
            *to = line.get(j).copied().unwrap_or(0.);
        }
    }
}

/// Packs up to four columns from `left` on, each contiguous in k, into a panel
/// of `width`.
fn pack_columns(
    b: Matrix<f32>,
    start: usize,
    left: usize,
    wide: usize,
    panel: &mut [f32],
    width: usize,
    deep: usize,
) {
    let column = |j: usize| &b.data[(left + j) * b.column_stride + start..][..deep];
    let mut p = 0;
    if wide == 4 {
        let columns = [column(0), column(1), column(2), column(3)];
        while p + 4 <= deep {
            // SAFETY: each column has `deep` numbers, at least p + 4.
            let rows = transpose(columns.map(|column| unsafe { load(column[p..p + 4].as_ptr()) }));
            for (i, vector) in rows.into_iter().enumerate() {
                let to = &mut panel[(p + i) * width..][..4];
                // SAFETY: the slice has the four numbers of a vector.
                unsafe { store(to.as_mut_ptr(), vector) };
            }
            p += 4;
        }
    }
    for p in p..deep {
        for j in 0..4 {
            panel[p * width + j] = if j < wide { column(j)[p] } else { 0. };
        }
    }
}
