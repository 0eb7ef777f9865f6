//! What a discriminator's first layer looks for, as pictures.

use super::signed;
use crate::data::PIXELS;
use crate::net::{Layer, Net};

/// Most filters shown.
const MOST: usize = 32;

/// Weights of single neurons or channels, each on the scale of its own greatest
/// one.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filters {
    /// Pixels of a side.
    pub side: usize,
    /// How many.
    pub count: usize,
    /// One byte a weight, filter after filter, row by row: 128 is 0, brighter
    /// is above.
    pub pixels: Vec<u8>,
}

/// The first filters of a net that sees digits: of the first digit, where it
/// judges several together.
pub(super) fn filters(net: &Net) -> Filters {
    let Some((layer, weight, outputs)) = net.first_weights() else { return Filters::default() };
    let inputs = weight.len() / outputs.max(1);
    let side = if let Layer::Conv { kernel, .. } = layer { *kernel } else { PIXELS.isqrt() };
    // Weights are (rows x columns x channels, outputs), channels last.
    let channels = (inputs / (side * side)).max(1);
    let count = outputs.min(MOST);
    let mut pixels = Vec::with_capacity(count * side * side);
    for filter in 0..count {
        let of =
            |i: usize| weight.get(i * channels * outputs + filter).copied().unwrap_or_default();
        pixels.extend(signed(&(0..side * side).map(of).collect::<Vec<_>>()));
    }
    Filters { side, count, pixels }
}
