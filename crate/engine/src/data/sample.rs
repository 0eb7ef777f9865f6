//! What a set is made of.

use super::{CLASSES, SIDE, Shape};

/// What one sample of a set is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sample {
    /// Of the image.
    pub shape: Shape,
    /// How many classes samples may have; labels are below it.
    pub classes: usize,
}

impl Sample {
    /// A digit as MNIST has it.
    pub const DIGIT: Self = Self { shape: Shape::image(SIDE, SIDE, 1), classes: CLASSES };
}

impl std::fmt::Display for Sample {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} of {} classes", self.shape, self.classes)
    }
}
