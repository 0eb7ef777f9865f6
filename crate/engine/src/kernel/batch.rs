//! The values that flow through a net.

use std::ops::Range;
use std::sync::Arc;

use super::{Buffer, Real};

/// Rows of numbers, row-major, such as a batch of images or of scores:
/// (rows, columns). Clones share the numbers.
#[derive(Clone)]
pub struct Batch<T: Real = f32> {
    numbers: Arc<Buffer<T>>,
    rows: usize,
}

impl<T: Real> Batch<T> {
    /// `rows` rows of equal length. Panics if `numbers` does not divide into
    /// them.
    pub fn new(rows: usize, numbers: impl Into<Buffer<T>>) -> Self {
        let numbers = numbers.into();
        assert!(
            numbers.len().is_multiple_of(rows.max(1)),
            "{} numbers are not {rows} equal rows",
            numbers.len()
        );
        Self { numbers: Arc::new(numbers), rows }
    }

    /// Number of rows.
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Numbers in a row.
    pub fn columns(&self) -> usize {
        self.numbers.len() / self.rows.max(1)
    }

    /// All numbers, row after row.
    pub fn numbers(&self) -> &[T] {
        &self.numbers
    }

    /// A copy of some of its rows.
    pub fn part(&self, rows: Range<usize>) -> Self {
        let columns = self.columns();
        Self::new(rows.len(), &self.numbers[rows.start * columns..rows.end * columns])
    }

    /// a + b. Panics if the shapes differ.
    pub fn plus(&self, other: &Self) -> Self {
        assert_eq!((self.rows, self.numbers.len()), (other.rows, other.numbers.len()), "a sum");
        let pairs = self.numbers.iter().zip(other.numbers.iter());
        Self::new(self.rows, Buffer::of(pairs.map(|(&a, &b)| a + b)))
    }
}
