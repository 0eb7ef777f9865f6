//! Digits as a picture: a grid of 28 x 28 cells in one grey PNG.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result};
use ganvas::data::SIDE;

/// Writes `digits` (784 bytes each, row after row) as a grid about as wide as
/// high.
pub fn write(path: &Path, digits: &[u8]) -> Result<()> {
    let what = || format!("cannot write {}", path.display());
    let (columns, pixels) = grid(digits);
    let (width, height) = (columns * SIDE, pixels.len() / (columns * SIDE));
    let file = BufWriter::new(File::create(path).with_context(what)?);
    let mut encoder = png::Encoder::new(file, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(png::ColorType::Grayscale);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().with_context(what)?;
    writer.write_image_data(&pixels).with_context(what)?;
    writer.finish().with_context(what)
}

/// How many columns, and the pixels of the whole grid; cells without a digit
/// stay black.
fn grid(digits: &[u8]) -> (usize, Vec<u8>) {
    let count = digits.len() / (SIDE * SIDE);
    let columns = (1..).find(|columns| columns * columns >= count).unwrap_or(1);
    let rows = count.div_ceil(columns).max(1);
    let mut pixels = vec![0; rows * columns * SIDE * SIDE];
    for (index, digit) in digits.chunks_exact(SIDE * SIDE).enumerate() {
        let (row, column) = (index / columns, index % columns);
        for (y, line) in digit.chunks_exact(SIDE).enumerate() {
            let start = ((row * SIDE + y) * columns + column) * SIDE;
            pixels[start..start + SIDE].copy_from_slice(line);
        }
    }
    (columns, pixels)
}

#[cfg(test)]
mod tests {
    use super::{SIDE, grid};

    #[test]
    fn digits_stand_row_by_row() {
        let digits: Vec<u8> = (1..=3).flat_map(|digit| vec![digit; SIDE * SIDE]).collect();
        let (columns, pixels) = grid(&digits);
        assert_eq!((columns, pixels.len()), (2, 4 * SIDE * SIDE));
        let at = |x: usize, y: usize| pixels[y * 2 * SIDE + x];
        assert_eq!([at(0, 0), at(SIDE, 0), at(0, SIDE), at(SIDE, SIDE)], [1, 2, 3, 0]);
        assert_eq!(
            [at(SIDE - 1, SIDE - 1), at(2 * SIDE - 1, SIDE - 1), at(SIDE - 1, 2 * SIDE - 1)],
            [1, 2, 3]
        );
    }
}
