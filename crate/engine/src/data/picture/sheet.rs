//! Sheets of digits: rows of 784 pixels, one digit each, and grids of cells of
//! 28 x 28, also with each pixel enlarged to a square.

use super::grey::{Grey, of_sorted};
use crate::data::{PIXELS, SIDE};

/// Least range of the grey values of a cell with ink, and largest difference of
/// an empty pixel from the ground.
const INK: f32 = 96.;
const PAPER: f32 = 40.;
/// Least share of the pixels on cell borders that is empty: digits like MNIST's
/// do not touch them.
const EMPTY: f64 = 0.98;
/// Largest side of the squares of a sheet in pixels.
const LARGEST: usize = 32;

/// The cells of a sheet; `None` if the picture is not a sheet.
pub(super) fn cells(grey: &Grey) -> Option<Vec<Grey>> {
    let &Grey { width, height, ref values } = grey;
    let cell = |values: Vec<f32>| Grey { width: SIDE, height: SIDE, values };
    if width == PIXELS {
        let rows: Vec<Grey> = values.chunks_exact(width).map(|row| cell(row.to_vec())).collect();
        if borders_are_empty(&rows) {
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
    // Enlarged pixels are enough to identify a sheet, or one enlarged digit.
    if square == 1 && !borders_are_empty(&cells) {
        return None;
    }
    // The last row of a sheet can be incomplete.
    let full = cells.iter().rposition(has_ink)? + 1;
    cells.truncate(full);
    Some(cells)
}

/// Side in pixels of the largest squares of one value that make up the picture,
/// if they form complete cells; 1 if there are none.
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

/// Whether at least half of the cells have ink, and almost none of it is on
/// their borders.
fn borders_are_empty(cells: &[Grey]) -> bool {
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
