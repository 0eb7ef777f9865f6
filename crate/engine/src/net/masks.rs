//! The random numbers of one pass that trains: dropout masks and noise.

use std::ops::Range;

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

/// Where the random numbers of a pass begin in their stream, and which rows of
/// the whole batch the pass is over: a part of the rows finds its own masks.
#[derive(Clone)]
pub struct Masks {
    rng: ChaCha8Rng,
    rows: Range<usize>,
    of: usize,
}

impl Masks {
    /// Takes the `words` of 32 bits that a pass over `rows` rows needs from
    /// `rng`, which goes on behind them.
    pub(super) fn take(rng: &mut ChaCha8Rng, words: usize, rows: usize) -> Self {
        let masks = Self { rng: rng.clone(), rows: 0..rows, of: rows };
        rng.set_word_pos(rng.get_word_pos() + words as u128);
        masks
    }

    /// Those of some of the rows.
    pub fn part(&self, rows: Range<usize>) -> Self {
        Self { rows, ..self.clone() }
    }

    /// Of a layer whose part of the batch has `count` numbers: how many the
    /// whole batch has, and which of those are the part's.
    pub(super) fn places(&self, count: usize) -> (usize, Range<usize>) {
        // The layer may have fewer rows than the batch: packs are one.
        let place = |row: usize| count * row / self.rows.len().max(1);
        (place(self.of), place(self.rows.start)..place(self.rows.end))
    }

    /// The generator, at the next layer's numbers.
    pub(super) fn rng(&mut self) -> &mut dyn RngCore {
        &mut self.rng
    }
}
