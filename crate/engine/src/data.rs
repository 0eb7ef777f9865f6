//! Digits for training: the IDX format, pictures and the folders they lie in, a
//! store that grows while it is sampled, the order of draws, digits drawn by
//! the program.

mod domain;
mod fingerprint;
mod folder;
pub mod idx;
mod nearest;
pub mod picture;
pub mod reader;
mod sampler;
mod scribble;
mod store;

pub use domain::{Domains, Side};
pub use fingerprint::Likeness;
pub use folder::{Classes, classes, mixed};
pub use idx::MOST_IMAGES;
pub use nearest::{Nearest, Neighbour};
pub use sampler::{FIRST, Place, Sampler};
pub use scribble::{label, scribble};
use store::drawn_digit;
pub use store::{DRAWN, Dataset};

use crate::error::{Error, Result};

/// Rows, and columns, of a digit, in pixels.
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

/// The shares of a mixture that is one class alone. Errors: no class.
pub fn one_class(class: u8) -> Result<[f32; CLASSES]> {
    let mut shares = [0.; CLASSES];
    let share = shares
        .get_mut(usize::from(class))
        .ok_or_else(|| Error::Class { got: class.to_string() })?;
    *share = 1.;
    Ok(shares)
}
