//! Digits for training: the IDX format, a store that grows while it is sampled, the order of draws, digits drawn by the program.

mod domain;
pub mod idx;
mod nearest;
mod sampler;
mod scribble;
mod store;

pub use domain::{Domains, Side};
pub use idx::MOST_IMAGES;
pub use nearest::{Nearest, Neighbour};
pub use sampler::{FIRST, Sampler};
pub use scribble::{label, scribble};
use store::drawn_digit;
pub use store::{DRAWN, Dataset};

/// Rows, and columns, of a digit, in pixels.
pub const SIDE: usize = 28;

/// Classes of digits, 0 to 9.
pub const CLASSES: usize = 10;

/// Pixels of a digit, row by row, one byte each: 0 is paper, 255 is ink.
pub const PIXELS: usize = SIDE * SIDE;
