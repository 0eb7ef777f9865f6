//! Writes images as a grid in one PNG.

use std::fs::File;
use std::io::BufWriter;
use std::path::Path;

use anyhow::{Context, Result, bail};
use ganvas::data::{Images, Shape};

/// Writes `images` of 1 channel (grey) or 3 (RGB) as a grid with about as many
/// rows as columns. Errors: another number of channels, a file that cannot be
/// written.
pub fn write(path: &Path, images: &Images) -> Result<()> {
    let what = || format!("cannot write {}", path.display());
    let color = match images.shape.channels {
        1 => png::ColorType::Grayscale,
        3 => png::ColorType::Rgb,
        other => bail!("{}: a PNG has 1 or 3 channels; got {other}", path.display()),
    };
    let (columns, bytes) = grid(images);
    let (width, height) = (columns * images.shape.width, rows(images, columns));
    let file = BufWriter::new(File::create(path).with_context(what)?);
    let mut encoder = png::Encoder::new(file, u32::try_from(width)?, u32::try_from(height)?);
    encoder.set_color(color);
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().with_context(what)?;
    writer.write_image_data(&bytes).with_context(what)?;
    writer.finish().with_context(what)
}

/// Rows of pixels in a grid with this many columns of images.
fn rows(images: &Images, columns: usize) -> usize {
    images.count().div_ceil(columns).max(1) * images.shape.height
}

/// The number of columns, and the bytes of the grid (height, width, channels);
/// cells without an image are black.
fn grid(images: &Images) -> (usize, Vec<u8>) {
    let Shape { height, width, channels } = images.shape;
    let count = images.count();
    let columns = (1..).find(|columns| columns * columns >= count).unwrap_or(1);
    let line = width * channels;
    let mut bytes = vec![0; rows(images, columns) * columns * line];
    for (index, image) in images.iter().enumerate() {
        let (row, column) = (index / columns, index % columns);
        for (y, pixels) in image.chunks_exact(line).enumerate() {
            let start = ((row * height + y) * columns + column) * line;
            bytes[start..start + line].copy_from_slice(pixels);
        }
    }
    (columns, bytes)
}

#[cfg(test)]
mod tests {
    use super::{Images, Shape, grid};

    #[test]
    fn images_fill_the_grid_row_by_row() {
        let shape = Shape::image(5, 4, 3);
        let bytes: Vec<u8> = (1..=3).flat_map(|image| vec![image; shape.size()]).collect();
        let (columns, bytes) = grid(&Images { shape, bytes });
        assert_eq!((columns, bytes.len()), (2, 4 * shape.size()));
        let at = |x: usize, y: usize| bytes[(y * 2 * 4 + x) * 3];
        assert_eq!([at(0, 0), at(4, 0), at(0, 5), at(4, 5)], [1, 2, 3, 0]);
        assert_eq!([at(3, 4), at(7, 4), at(3, 9)], [1, 2, 3]);
    }
}
