//! The shape of what layers take and return: an image, channels last, or a
//! plain row, which is an image of one pixel.

/// The shape of one image, or of the output of a layer for it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Shape {
    pub height: usize,
    pub width: usize,
    pub channels: usize,
}

impl Shape {
    /// The shape of a row of numbers.
    pub const fn row(channels: usize) -> Self {
        Self { height: 1, width: 1, channels }
    }

    /// The shape of an image, channels last.
    pub const fn image(height: usize, width: usize, channels: usize) -> Self {
        Self { height, width, channels }
    }

    /// Parses `28x28x1`, as [`Self`] is displayed; `None` unless it has at most
    /// [`Self::MOST`] numbers and no side is 0.
    pub fn parse(text: &str) -> Option<Self> {
        let sides: Option<Vec<usize>> = text.split('x').map(|side| side.parse().ok()).collect();
        let [height, width, channels] = sides?[..] else { return None };
        let size = height.checked_mul(width)?.checked_mul(channels)?;
        (1..=Self::MOST).contains(&size).then_some(Self { height, width, channels })
    }

    /// Largest number of numbers of an image that is parsed.
    pub const MOST: usize = 1 << 24;

    /// Number of numbers: height x width x channels.
    pub const fn size(&self) -> usize {
        self.height * self.width * self.channels
    }
}

impl std::fmt::Display for Shape {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}x{}x{}", self.height, self.width, self.channels)
    }
}
