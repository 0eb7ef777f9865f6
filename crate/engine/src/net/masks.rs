//! The random numbers of one training pass: dropout masks and noise.

use std::ops::Range;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

/// The start of a pass's random numbers in their stream, and the rows of the
/// complete batch that the pass covers, so that a part of the rows gets its own
/// masks.
#[derive(Clone)]
pub struct Masks {
    rng: ChaCha8Rng,
    rows: Range<usize>,
    of: usize,
}

impl Masks {
    /// Takes from `rng` the `words` 32-bit words that a pass over `rows` rows
    /// needs; `rng` continues after them.
    pub(super) fn take(rng: &mut ChaCha8Rng, words: usize, rows: usize) -> Self {
        let masks = Self { rng: rng.clone(), rows: 0..rows, of: rows };
        rng.set_word_pos(rng.get_word_pos() + words as u128);
        masks
    }

    /// The masks of some of the rows.
    pub fn part(&self, rows: Range<usize>) -> Self {
        Self { rows, ..self.clone() }
    }

    /// For a layer whose part of the batch has `count` numbers: the count of
    /// the complete batch, and the range of the part within it.
    pub(super) fn places(&self, count: usize) -> (usize, Range<usize>) {
        // The layer can have fewer rows than the batch: a pack is one row.
        let place = |row: usize| count * row / self.rows.len().max(1);
        (place(self.of), place(self.rows.start)..place(self.rows.end))
    }

    /// The random generator, positioned at the next layer's numbers.
    pub(super) fn rng(&mut self) -> &mut dyn RngCore {
        &mut self.rng
    }
}
