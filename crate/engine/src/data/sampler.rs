//! The images that a step draws: a schedule that depends on the seed and on
//! earlier draws, never on the speed of the download.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

/// Number of images that the first draws choose from, and that must be loaded
/// before training starts.
pub const FIRST: u32 = 2048;

/// After each block of this many draws the window grows by twice as many
/// images: as fast as 10 Mbit/s load MNIST into a page that trains on 4,000
/// images per second. Blocks avoid a wait at every step.
const BLOCK: u64 = 1024;

/// The purpose of this random stream, in the low byte of its ChaCha8 stream
/// number; the higher bits are the pass.
const SHUFFLE: u64 = 2;

/// Draws images in passes, each a shuffle of the complete set. The first pass
/// draws from a window of the first images of the set, 2,048 at the start,
/// which grows by two images for each one drawn; later passes draw from all
/// images. Every pass draws every image once.
///
/// The seed and [`Place`] are the complete state; the order of a pass is
/// recomputed from the seed and the size of the set.
#[derive(Clone, Debug)]
pub struct Sampler {
    seed: u32,
    place: Place,
    /// The order of the pass and set size in `ordered`.
    order: Vec<u32>,
    ordered: Option<(u64, u32)>,
}

/// The position of a sampler.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// Number of images drawn.
    Drawn(u64),
    /// The epoch and the images drawn in it, as saved by earlier versions,
    /// whose epochs covered 2,048 images, then 4,096, up to all, two epochs
    /// each. Such a run resumes in the present order, from as many draws as it
    /// had.
    Staged(u32, u32),
}

impl Sampler {
    /// A sampler at the start of the run with this seed.
    pub fn new(seed: u32) -> Self {
        Self { seed, place: Place::Drawn(0), order: Vec::new(), ordered: None }
    }

    /// The position: together with the seed, the complete state.
    pub fn state(&self) -> Place {
        self.place
    }

    /// Sets the position to one that [`Self::state`] returned, or to any other.
    pub fn restore(&mut self, place: Place) {
        self.place = place;
    }

    /// Number of images that must be loaded before the next `batch` of a set of
    /// `total` images can be drawn.
    pub fn needs(&self, batch: u32, total: u32) -> u32 {
        let last = u64::from(batch.saturating_sub(1));
        window(self.seen(total).saturating_add(last), total)
    }

    /// Replaces `out` by the indices of the next `batch` images of a set of
    /// `total`, each below `total`; `out` is empty if `total` is 0.
    ///
    /// A batch can span passes. `total` can be smaller than at the last call (a
    /// truncated file).
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

    /// Epochs done, with the fraction of the current one: images drawn divided
    /// by `total`, the size of the set.
    pub fn epoch(&self, total: u32) -> f64 {
        self.seen(total) as f64 / f64::from(total.max(1))
    }

    /// Number of images still to draw in the current epoch of a set of `total`.
    pub fn left(&self, total: u32) -> u32 {
        if total == 0 { 0 } else { total - (self.seen(total) % u64::from(total)) as u32 }
    }

    /// Number of images drawn from a set of `total`, repeats included.
    pub fn seen(&self, total: u32) -> u64 {
        match self.place {
            Place::Drawn(drawn) => drawn,
            Place::Staged(epoch, cursor) => staged(epoch, cursor, total),
        }
    }

    /// Sets `order` to that of a pass over `total` images.
    fn shuffle(&mut self, pass: u64, total: u32) {
        if self.ordered == Some((pass, total)) {
            return;
        }
        let mut rng = ChaCha8Rng::seed_from_u64(u64::from(self.seed));
        rng.set_stream(pass << 8 | SHUFFLE);
        self.order.clear();
        let (mut waiting, mut opened) = (Vec::new(), 0);
        while opened < total || !waiting.is_empty() {
            // In the first pass, images left in the window are shuffled with
            // newly added ones, block after block.
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

/// Number of first images that the draw after `drawn` others chooses from.
fn window(drawn: u64, total: u32) -> u32 {
    let opened = (drawn / BLOCK * BLOCK).saturating_mul(2).saturating_add(u64::from(FIRST));
    opened.min(u64::from(total)) as u32
}

/// Number of images drawn after `cursor` images of an epoch, with two epochs
/// over 2,048 images, two over 4,096, up to all.
fn staged(epoch: u32, cursor: u32, total: u32) -> u64 {
    // 2^21 x 2048 exceeds every u32 total.
    let limit = |epoch: u32| (u64::from(FIRST) << (epoch / 2).min(21)).min(u64::from(total));
    let widening = (0..epoch).take_while(|&epoch| limit(epoch) < u64::from(total));
    let (stages, digits) =
        widening.fold((0, 0), |(stages, sum), epoch| (stages + 1, sum + limit(epoch)));
    digits + u64::from(epoch - stages) * u64::from(total) + u64::from(cursor)
}

/// A uniform random number below `bound` (> 0) (Lemire, arXiv:1805.10941).
fn below(rng: &mut impl RngCore, bound: u32) -> u32 {
    let mut product = u64::from(rng.next_u32()) * u64::from(bound);
    if (product as u32) < bound {
        let threshold = bound.wrapping_neg() % bound;
        while (product as u32) < threshold {
            product = u64::from(rng.next_u32()) * u64::from(bound);
        }
    }
    (product >> 32) as u32
}
