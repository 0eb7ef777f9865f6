//! The filters of a discriminator's first layer, as images.

use super::signed;
use crate::data::Shape;
use crate::net::{Layer, Net};

/// Most filters shown.
const MOST: usize = 32;

/// Weights of single neurons or channels, each scaled by its own greatest
/// weight.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filters {
    /// Rows of each.
    pub height: usize,
    /// Columns of each.
    pub width: usize,
    /// Number of filters.
    pub count: usize,
    /// One byte per weight, filter after filter, row by row: 128 is 0, brighter
    /// is above 0.
    pub pixels: Vec<u8>,
}

/// The first filters of a net with input images of `shape`: for the first
/// channel, and for the first image if the net scores several together.
pub(super) fn filters(net: &Net, shape: Shape) -> Filters {
    let Some((layer, weight, outputs)) = net.first_weights() else { return Filters::default() };
    let (height, width) = match layer {
        Layer::Conv { kernel, .. } => (*kernel, *kernel),
        _ => (shape.height, shape.width),
    };
    let size = height * width;
    // Weights are (rows x columns x channels, outputs), channels last.
    let channels = (weight.len() / outputs.max(1) / size).max(1);
    let count = outputs.min(MOST);
    let mut pixels = Vec::with_capacity(count * size);
    for filter in 0..count {
        let of =
            |i: usize| weight.get(i * channels * outputs + filter).copied().unwrap_or_default();
        pixels.extend(signed(&(0..size).map(of).collect::<Vec<_>>()));
    }
    Filters { height, width, count, pixels }
}
