//! The samples of a data set.

use super::{CLASSES, SIDE, Shape};

/// Shape and number of classes of the samples of a set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Shape of the image.
    pub shape: Shape,
    /// Number of classes; labels are below it.
    pub classes: usize,
}

impl Sample {
    /// A digit of MNIST.
    pub const DIGIT: Self = Self { shape: Shape::image(SIDE, SIDE, 1), classes: CLASSES };
}

impl std::fmt::Display for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} classes", self.shape, self.classes)
    }
}
