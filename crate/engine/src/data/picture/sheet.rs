//! Sheets of digits: rows of 784 pixels, a digit each, and grids of cells of 28
//! x 28, also with every pixel a square.

use super::grey::{Grey, of_sorted};
use crate::data::{PIXELS, SIDE};

/// Greys that lie apart at least where there is ink, and at most where there is
/// none.
const INK: f32 = 96.;
const PAPER: f32 = 40.;
/// How much of the cells' borders is empty at least: digits of MNIST's kind
/// keep away from them.
const EMPTY: f64 = 0.98;
/// Squares of a sheet have at most so many pixels of a side.
const LARGEST: usize = 32;

/// The cells of a sheet; none where the picture is one digit, or something
/// else.
pub(super) fn cells(grey: &Grey) -> Option<Vec<Grey>> {
    let &Grey { width, height, ref values } = grey;
    let cell = |values: Vec<f32>| Grey { width: SIDE, height: SIDE, values };
    if width == PIXELS {
        let rows: Vec<Grey> = values.chunks_exact(width).map(|row| cell(row.to_vec())).collect();
        if keep_away(&rows) {
            return Some(rows);
        }
    }
    if width % SIDE != 0 || height % SIDE != 0 {
        return None;
    }
    let square = square(grey);
    let (across, down) = (width / square / SIDE, height / square / SIDE);
    if across * down < 2 && square == 1 {
        return None;
    }
    let mut cells = Vec::with_capacity(across * down);
    for place in 0..across * down {
        let (left, top) = (place % across * SIDE, place / across * SIDE);
        let pixel =
            |i: usize| values[(top + i / SIDE) * square * width + (left + i % SIDE) * square];
        cells.push(cell((0..PIXELS).map(pixel).collect()));
    }
    // Squares alone say that it is a sheet, or one enlarged digit.
    if square == 1 && !keep_away(&cells) {
        return None;
    }
    // The last row of a sheet need not be full.
    let full = cells.iter().rposition(has_ink)? + 1;
    cells.truncate(full);
    Some(cells)
}

/// How many pixels a side have the largest squares that the picture is made of,
/// where whole cells are: 1 where it is made of none.
fn square(grey: &Grey) -> usize {
    let &Grey { width, height, ref values } = grey;
    let blank = values.iter().all(|value| *value == values[0]);
    let made_of = |side: usize| {
        width % (SIDE * side) == 0
            && height % (SIDE * side) == 0
            && values.chunks_exact(width).enumerate().all(|(y, row)| {
                let first = &values[y / side * side * width..][..width];
                row == first
                    && row.chunks_exact(side).all(|part| part.iter().all(|value| *value == part[0]))
            })
    };
    if blank { 1 } else { (2..=LARGEST).rev().find(|&side| made_of(side)).unwrap_or(1) }
}

/// Whether half of the cells hold something, and next to nothing of it is at
/// their borders.
fn keep_away(cells: &[Grey]) -> bool {
    let mut ring: Vec<f32> = cells.iter().flat_map(|cell| cell.ring(1)).collect();
    ring.sort_by(f32::total_cmp);
    let ground = of_sorted(&ring, 0.5);
    let empty = ring.iter().filter(|&&value| (value - ground).abs() < PAPER).count();
    let inked = cells.iter().filter(|cell| has_ink(cell)).count();
    inked * 2 >= cells.len().max(1) && empty as f64 >= EMPTY * ring.len() as f64
}

fn has_ink(cell: &Grey) -> bool {
    let (low, high) = cell
        .values
        .iter()
        .fold((255f32, 0f32), |(low, high), &value| (low.min(value), high.max(value)));
    high - low > INK
}
