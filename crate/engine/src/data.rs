//! Training data: the IDX format, pictures and their folders, a data set that
//! grows while it is sampled, the order of draws, digits drawn by the program.

mod domain;
mod drawn;
mod fingerprint;
mod folder;
pub mod idx;
mod images;
mod nearest;
pub mod picture;
pub mod reader;
mod sample;
mod sampler;
mod shape;
mod store;

pub use domain::{Domains, Side};
pub use drawn::{drawn_digit, label};
pub use fingerprint::Likeness;
pub use folder::{Classes, classes, mixed};
pub use idx::MOST_IMAGES;
pub use images::Images;
pub use nearest::{Nearest, Neighbour};
pub use sample::Sample;
pub use sampler::{FIRST, Place, Sampler};
pub use shape::Shape;
use store::image_of;
pub use store::{DRAWN, Dataset};

use crate::error::{Error, Result};

/// Height and width of a digit in pixels. [`Dataset::sample`] gives the shape
/// of other images.
pub const SIDE: usize = 28;

/// Number of digit classes, 0 to 9.
pub const CLASSES: usize = 10;

/// Number of pixels of a digit, stored row by row, one byte each: 0 is paper,
/// 255 is ink.
pub const PIXELS: usize = SIDE * SIDE;

/// Converts pixel bytes to numbers in [0, 1], ink 1.
pub fn numbers(bytes: &[u8]) -> Vec<f32> {
    bytes.iter().map(|&byte| f32::from(byte) / 255.).collect()
}

/// Converts pixels in [0, 1] to bytes, ink 255; values outside are clamped.
pub fn bytes(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().map(|&number| (number * 255. + 0.5) as u8).collect()
}

/// The class mix (`classes` shares) that contains only `class`. Errors: `Class`
/// unless `class` is below `classes`.
pub fn one_class(class: u8, classes: usize) -> Result<Vec<f32>> {
    checked_class(class, classes)?;
    Ok((0..classes.max(1)).map(|i| f32::from(i == usize::from(class))).collect())
}

/// Errors with `Class` unless `class` is below `classes`; if `classes` is 0,
/// only class 0 is accepted.
pub(crate) fn checked_class(class: u8, classes: usize) -> Result<()> {
    let most = classes.saturating_sub(1);
    if usize::from(class) <= most {
        return Ok(());
    }
    Err(Error::Class { got: class.to_string(), most: most.to_string() })
}
