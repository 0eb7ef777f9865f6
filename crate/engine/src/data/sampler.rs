//! Which digits a step draws: a schedule that depends on the seed and the step alone, never on the network's speed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// How many digits the first epochs are over, and how many must be in before training starts.
pub const FIRST: u32 = 2048;

/// Epochs over the first [`FIRST`] digits, then over twice as many, and so on up to all.
const EPOCHS_A_STAGE: u32 = 2;

/// The purpose of this stream of chance, in the low byte of its ChaCha8 stream number; the epoch is above it.
const SHUFFLE: u64 = 2;

/// Draws digits in shuffled epochs: two over the first 2,048, two over the first 4,096, and so on, then over all.
///
/// `seed`, `epoch` and `cursor` are the whole state; an epoch's order is recomputed from the first two.
#[derive(Clone, Debug)]
pub struct Sampler {
    seed: u32,
    epoch: u32,
    cursor: u32,
    /// The order of `ordered`, the epoch and its size.
    order: Vec<u32>,
    ordered: Option<(u32, u32)>,
}

impl Sampler {
    /// A sampler at the beginning of the run of this seed.
    pub fn new(seed: u32) -> Self {
        Self { seed, epoch: 0, cursor: 0, order: Vec::new(), ordered: None }
    }

    /// The epoch under way, from 0, and how many of its digits are drawn: with the seed, all there is to save.
    pub fn state(&self) -> (u32, u32) {
        (self.epoch, self.cursor)
    }

    /// Goes to a state that [`Self::state`] told; one that never was is brought into range at the next draw.
    pub fn restore(&mut self, (epoch, cursor): (u32, u32)) {
        (self.epoch, self.cursor) = (epoch, cursor);
    }

    /// How many digits must be in before the next `batch` of a set of `total` may be drawn.
    pub fn needs(&self, batch: u32, total: u32) -> u32 {
        let (mut epoch, mut left) = (self.epoch, u64::from(batch) + u64::from(self.cursor));
        let mut limit = limit(epoch, total);
        while left > u64::from(limit) && limit < total {
            left -= u64::from(limit);
            epoch += 1;
            limit = self::limit(epoch, total);
        }
        limit
    }

    /// Replaces `out` by the next `batch` digits of a set of `total`, each below `total`; by none if that is 0.
    ///
    /// A batch may straddle epochs. `total` may be smaller than at the last call (a file that turned out truncated).
    pub fn draw(&mut self, batch: u32, total: u32, out: &mut Vec<u32>) {
        out.clear();
        if total == 0 {
            return;
        }
        let mut left = batch as usize;
        while left > 0 {
            let size = limit(self.epoch, total);
            if self.cursor >= size {
                self.epoch = self.epoch.saturating_add(1);
                self.cursor = 0;
                continue;
            }
            self.shuffle(size);
            let rest = &self.order[self.cursor as usize..];
            let taken = &rest[..left.min(rest.len())];
            out.extend_from_slice(taken);
            left -= taken.len();
            self.cursor += taken.len() as u32;
        }
    }

    /// Epochs done, with the fraction of the one under way; of a set of `total` digits.
    pub fn epoch(&self, total: u32) -> f64 {
        let size = limit(self.epoch, total).max(1);
        f64::from(self.epoch) + (f64::from(self.cursor) / f64::from(size)).min(1.0)
    }

    /// How many digits of the epoch under way are still to be drawn, from a set of `total`.
    pub fn left(&self, total: u32) -> u32 {
        limit(self.epoch, total).saturating_sub(self.cursor)
    }

    /// How many digits have been drawn from a set of `total`, repeats counted.
    pub fn seen(&self, total: u32) -> u64 {
        let mut digits = u64::from(self.cursor);
        let mut epoch = 0;
        while epoch < self.epoch && limit(epoch, total) < total {
            digits += u64::from(limit(epoch, total));
            epoch += 1;
        }
        digits + u64::from(self.epoch - epoch) * u64::from(total)
    }

    /// Makes `order` that of the present epoch over `size` digits.
    fn shuffle(&mut self, size: u32) {
        if self.ordered == Some((self.epoch, size)) {
            return;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(self.seed));
        rng.set_stream(u64::from(self.epoch) << 8 | SHUFFLE);
        self.order.clear();
        self.order.extend(0..size);
        for last in (1..size).rev() {
            self.order.swap(last as usize, below(&mut rng, last + 1) as usize);
        }
        self.ordered = Some((self.epoch, size));
    }
}

/// How many digits `epoch` is over, in a set of `total`.
fn limit(epoch: u32, total: u32) -> u32 {
    let stage = epoch / EPOCHS_A_STAGE;
    // Past 2^20 x 2048 no u32 total is left to reach.
    if stage > 20 { total } else { (u64::from(FIRST) << stage).min(u64::from(total)) as u32 }
}

/// A number below `bound` (> 0), each as likely as the others (Lemire, arXiv:1805.10941).
fn below(rng: &mut impl RngCore, bound: u32) -> u32 {
    let mut product = u64::from(rng.next_u32()) * u64::from(bound);
    if (product as u32) < bound {
        let unfair = bound.wrapping_neg() % bound;
        while (product as u32) < unfair {
            product = u64::from(rng.next_u32()) * u64::from(bound);
        }
    }
    (product >> 32) as u32
}
