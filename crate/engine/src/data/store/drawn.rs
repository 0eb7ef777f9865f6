//! The set of digits that the program draws, each when it is first needed.

use crate::data::{PIXELS, label, scribble};

/// How many digits the drawn set has: as many as MNIST.
pub const DRAWN: u32 = 60_000;

/// The seed of the drawn set, the same for every run, as MNIST is the same for
/// every run.
const SEED: u32 = 0;

/// Digits are kept in blocks of this many, so that nothing is moved when more
/// are drawn.
const BLOCK: u32 = 1000;

/// The drawn set: digit `i` is `scribble(SEED, i)`, kept from when it was first
/// asked for.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    /// By block, empty until a digit of it is asked for.
    blocks: Vec<Block>,
    /// The last digit drawn for which there was no memory.
    loose: Vec<u8>,
}

#[derive(Debug, Default, Clone)]
struct Block {
    pixels: Vec<u8>,
    there: Vec<bool>,
}

impl Drawn {
    /// The pixels of digit `i`; nothing beyond the set.
    pub(super) fn digit(&mut self, i: u32) -> Option<&[u8]> {
        if i >= DRAWN {
            return None;
        }
        self.blocks.resize_with((DRAWN / BLOCK) as usize, Block::default);
        let (block, place) = (&mut self.blocks[(i / BLOCK) as usize], (i % BLOCK) as usize);
        if block.there.is_empty() && block.pixels.try_reserve_exact(BLOCK as usize * PIXELS).is_ok()
        {
            block.pixels.resize(BLOCK as usize * PIXELS, 0);
            block.there.resize(BLOCK as usize, false);
        }
        if block.there.is_empty() {
            self.loose = drawn_digit(i).to_vec();
            return Some(&self.loose);
        }
        let pixels = &mut block.pixels[place * PIXELS..][..PIXELS];
        if !block.there[place] {
            pixels.copy_from_slice(&drawn_digit(i));
            block.there[place] = true;
        }
        Some(pixels)
    }
}

/// The pixels of digit `i`, kept nowhere.
pub(in crate::data) fn drawn_digit(i: u32) -> [u8; PIXELS] {
    scribble(SEED, i).0
}

/// The class of digit `i`, which need not have been drawn; `None` beyond the
/// set.
pub(super) fn class(i: u32) -> Option<u8> {
    (i < DRAWN).then(|| label(SEED, i))
}
