//! Digits for training: the IDX format, pictures and the folders they lie in, a
//! store that grows while it is sampled, the order of draws, digits drawn by
//! the program.

mod domain;
mod fingerprint;
mod folder;
pub mod idx;
mod images;
mod nearest;
pub mod picture;
pub mod reader;
mod sample;
mod sampler;
mod scribble;
mod shape;
mod store;

pub use domain::{Domains, Side};
pub use fingerprint::Likeness;
pub use folder::{Classes, classes, mixed};
pub use idx::MOST_IMAGES;
pub use images::Images;
pub use nearest::{Nearest, Neighbour};
pub use sample::Sample;
pub use sampler::{FIRST, Place, Sampler};
pub use scribble::{label, scribble};
pub use shape::Shape;
use store::drawn_digit;
pub use store::{DRAWN, Dataset};

use crate::error::{Error, Result};

/// Rows, and columns, of a digit, in pixels. Of other images a
/// [`Dataset::sample`] says the shape.
pub const SIDE: usize = 28;

/// Classes of digits, 0 to 9.
pub const CLASSES: usize = 10;

/// Pixels of a digit, row by row, one byte each: 0 is paper, 255 is ink.
pub const PIXELS: usize = SIDE * SIDE;

/// Pixels as numbers in [0, 1], ink 1.
pub fn numbers(bytes: &[u8]) -> Vec<f32> {
    bytes.iter().map(|&byte| f32::from(byte) / 255.).collect()
}

/// Pixels in [0, 1] as bytes, ink 255; what lies outside ends at the nearer of
/// 0 and 255.
pub fn bytes(numbers: &[f32]) -> Vec<u8> {
    numbers.iter().map(|&number| (number * 255. + 0.5) as u8).collect()
}

/// The shares of a mixture of `classes` that is one class alone. Errors: no
/// class.
pub fn one_class(class: u8, classes: usize) -> Result<Vec<f32>> {
    checked_class(class, classes)?;
    Ok((0..classes.max(1)).map(|i| f32::from(i == usize::from(class))).collect())
}

/// Refuses a class that is none of `classes`; where there are none, 0 stands
/// for any.
pub(crate) fn checked_class(class: u8, classes: usize) -> Result<()> {
    let most = classes.saturating_sub(1);
    if usize::from(class) <= most {
        return Ok(());
    }
    Err(Error::Class { got: class.to_string(), most: most.to_string() })
}
