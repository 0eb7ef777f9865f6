//! Which digits a step draws: a schedule that depends on the seed and on what
//! was drawn before, never on the network's speed.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// How many digits the first draws are from, and how many must be in before
/// training starts.
pub const FIRST: u32 = 2048;

/// After so many draws the window opens by twice as many digits: as fast as a
/// line of 10 Mbit/s brings MNIST to a page that trains at 4,000 digits a
/// second, and in blocks, so that a run does not wait at every step.
const BLOCK: u64 = 1024;

/// The purpose of this stream of chance, in the low byte of its ChaCha8 stream
/// number; the pass is above it.
const SHUFFLE: u64 = 2;

/// Draws digits in passes, each a shuffle of the whole set. The first pass
/// draws from a window of the set's first digits, 2,048 to begin with, which
/// grows by two digits for each one drawn; the later passes draw from all. So
/// every digit is seen once a pass.
///
/// The seed and [`Place`] are the whole state; a pass's order is recomputed
/// from the seed and the set's size.
#[derive(Clone, Debug)]
pub struct Sampler {
    seed: u32,
    place: Place,
    /// The order of `ordered`, the pass and the set's size.
    order: Vec<u32>,
    ordered: Option<(u64, u32)>,
}

/// How far a sampler is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// How many digits were drawn.
    Drawn(u64),
    /// The epoch and the digits drawn of it, as runs were saved whose epochs
    /// were over 2,048 digits, then 4,096, up to all, two epochs each. Such a
    /// run goes on in the present order, from as many draws as it had.
    Staged(u32, u32),
}

impl Sampler {
    /// A sampler at the beginning of the run of this seed.
    pub fn new(seed: u32) -> Self {
        Self { seed, place: Place::Drawn(0), order: Vec::new(), ordered: None }
    }

    /// With the seed, all there is to save.
    pub fn state(&self) -> Place {
        self.place
    }

    /// Goes to a state that [`Self::state`] gave, or to any other.
    pub fn restore(&mut self, place: Place) {
        self.place = place;
    }

    /// How many digits must be in before the next `batch` of a set of `total`
    /// may be drawn.
    pub fn needs(&self, batch: u32, total: u32) -> u32 {
        let last = u64::from(batch.saturating_sub(1));
        window(self.seen(total).saturating_add(last), total)
    }

    /// Replaces `out` by the next `batch` digits of a set of `total`, each
    /// below `total`; by none if that is 0.
    ///
    /// A batch may straddle passes. `total` may be smaller than at the last
    /// call (a file that turned out truncated).
    pub fn draw(&mut self, batch: u32, total: u32, out: &mut Vec<u32>) {
        out.clear();
        if total == 0 {
            return;
        }
        let mut drawn = self.seen(total);
        let mut left = batch as usize;
        while left > 0 {
            self.shuffle(drawn / u64::from(total), total);
            let rest = &self.order[(drawn % u64::from(total)) as usize..];
            let taken = &rest[..left.min(rest.len())];
            out.extend_from_slice(taken);
            left -= taken.len();
            drawn = drawn.saturating_add(taken.len() as u64);
        }
        self.place = Place::Drawn(drawn);
    }

    /// Epochs done, with the fraction of the one under way: digits seen by the
    /// size of the set, `total`.
    pub fn epoch(&self, total: u32) -> f64 {
        self.seen(total) as f64 / f64::from(total.max(1))
    }

    /// How many digits of the epoch under way are still to be drawn, from a set
    /// of `total`.
    pub fn left(&self, total: u32) -> u32 {
        if total == 0 { 0 } else { total - (self.seen(total) % u64::from(total)) as u32 }
    }

    /// How many digits have been drawn from a set of `total`, repeats counted.
    pub fn seen(&self, total: u32) -> u64 {
        match self.place {
            Place::Drawn(drawn) => drawn,
            Place::Staged(epoch, cursor) => staged(epoch, cursor, total),
        }
    }

    /// Makes `order` that of a pass over `total` digits.
    fn shuffle(&mut self, pass: u64, total: u32) {
        if self.ordered == Some((pass, total)) {
            return;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(self.seed));
        rng.set_stream(pass << 8 | SHUFFLE);
        self.order.clear();
        let (mut waiting, mut opened) = (Vec::new(), 0);
        while opened < total || !waiting.is_empty() {
            // In the first pass those that wait are shuffled with those that
            // are newly open, block after block.
            let open = if pass == 0 { window(self.order.len() as u64, total) } else { total };
            waiting.extend(opened..open);
            opened = open;
            for last in (1..waiting.len()).rev() {
                waiting.swap(last, below(&mut rng, last as u32 + 1) as usize);
            }
            let taken = if open < total { BLOCK as usize } else { waiting.len() };
            self.order.extend(waiting.drain(..taken.min(waiting.len())));
        }
        self.ordered = Some((pass, total));
    }
}

/// From how many of the set's first digits the one after `drawn` others is
/// drawn.
fn window(drawn: u64, total: u32) -> u32 {
    let opened = (drawn / BLOCK * BLOCK).saturating_mul(2).saturating_add(u64::from(FIRST));
    opened.min(u64::from(total)) as u32
}

/// How many digits were drawn by the end of `cursor` digits of an epoch, two
/// epochs over 2,048, two over 4,096, up to all.
fn staged(epoch: u32, cursor: u32, total: u32) -> u64 {
    // Past 2^20 x 2048 no u32 total is left to reach.
    let limit = |epoch: u32| (u64::from(FIRST) << (epoch / 2).min(21)).min(u64::from(total));
    let widening = (0..epoch).take_while(|&epoch| limit(epoch) < u64::from(total));
    let (stages, digits) =
        widening.fold((0, 0), |(stages, sum), epoch| (stages + 1, sum + limit(epoch)));
    digits + u64::from(epoch - stages) * u64::from(total) + u64::from(cursor)
}

/// A number below `bound` (> 0), each as likely as the others (Lemire,
/// arXiv:1805.10941).
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
