//! The labels of a batch, for the layers that want them.

use candle_core::{Result, bail};

/// Which class each digit is, or how much of each class.
#[derive(Clone, Copy, Debug)]
pub enum Labels<'a> {
    /// A class for each; none where no layer asks.
    Classes(&'a [u8]),
    /// (batch, classes) shares, each row together 1: between classes.
    Shares(&'a [f32]),
}

impl Labels<'_> {
    /// (batch, classes) numbers for a batch of `count`: of a class, 1 at its
    /// place. Errors: another count, no class.
    pub(super) fn shares(self, count: usize, classes: usize) -> Result<Vec<f32>> {
        let got = match self {
            Self::Classes(labels) => labels.len(),
            Self::Shares(shares) => shares.len() / classes.max(1),
        };
        if got != count {
            bail!("{got} labels for {count} digits");
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
            None => bail!("the label {class} is no class"),
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
