//! Images as bytes, with their shape.

use super::Shape;

/// A batch of images of one shape.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// Shape of each image.
    pub shape: Shape,
    /// One byte per number: image after image, row by row, channels last.
    pub bytes: Vec<u8>,
}

impl Images {
    /// Number of complete images.
    pub fn count(&self) -> usize {
        self.bytes.len() / self.shape.size().max(1)
    }

    /// The bytes of each image.
    pub fn iter(&self) -> impl Iterator<Item = &[u8]> {
        self.bytes.chunks_exact(self.shape.size().max(1))
    }

    /// The bytes of image `i`; `None` past the last.
    pub fn image(&self, i: usize) -> Option<&[u8]> {
        self.iter().nth(i)
    }
}
