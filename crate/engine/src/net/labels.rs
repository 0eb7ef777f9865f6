//! The labels of a batch, for the layers that use them.

use candle_core::{Result, bail};

/// The class or the class mix of each image.
#[derive(Clone, Copy, Debug)]
pub enum Labels<'a> {
    /// One class per image; empty if no layer uses labels.
    Classes(&'a [u8]),
    /// (batch, classes) shares, with a sum of 1 per row: a class mix.
    Shares(&'a [f32]),
}

impl Labels<'_> {
    /// (batch, classes) shares for a batch of `count`; a class is one-hot.
    /// Errors: another count, a class out of range.
    pub(super) fn shares(self, count: usize, classes: usize) -> Result<Vec<f32>> {
        let got = match self {
            Self::Classes(labels) => labels.len(),
            Self::Shares(shares) => shares.len() / classes.max(1),
        };
        if got != count {
            bail!("{got} labels for {count} images");
        }
        match self {
            Self::Classes(labels) => one_hot(labels, classes),
            Self::Shares(shares) => Ok(shares.to_vec()),
        }
    }
}

fn one_hot(labels: &[u8], classes: usize) -> Result<Vec<f32>> {
    let mut numbers = vec![0.; labels.len() * classes];
    for (row, &class) in numbers.chunks_exact_mut(classes.max(1)).zip(labels) {
        match row.get_mut(usize::from(class)) {
            Some(number) => *number = 1.,
            None => bail!("the label {class} is not a class"),
        }
    }
    Ok(numbers)
}

impl<'a> From<&'a [u8]> for Labels<'a> {
    fn from(classes: &'a [u8]) -> Self {
        Self::Classes(classes)
    }
}

impl<'a> From<&'a Vec<u8>> for Labels<'a> {
    fn from(classes: &'a Vec<u8>) -> Self {
        Self::Classes(classes)
    }
}

impl<'a, const N: usize> From<&'a [u8; N]> for Labels<'a> {
    fn from(classes: &'a [u8; N]) -> Self {
        Self::Classes(classes)
    }
}
