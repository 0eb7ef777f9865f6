//! The set of digits drawn by the program, each when first needed.

use crate::data::{PIXELS, drawn_digit, label};

/// Number of digits of the drawn set, as in MNIST.
pub const DRAWN: u32 = 60_000;

/// The seed of the drawn set: like MNIST, it is the same for every run.
const SEED: u32 = 0;

/// Digits are stored in blocks of this many, so that none are moved when more
/// are drawn.
const BLOCK: u32 = 1000;

/// The drawn set: digit `i` is `drawn_digit(SEED, i)`, stored after it is first
/// needed.
#[derive(Debug, Default)]
pub(super) struct Drawn {
    /// Each block is empty until one of its digits is needed.
    blocks: Vec<Block>,
    /// The last digit drawn without memory for its block.
    loose: Vec<u8>,
}

#[derive(Debug, Default, Clone)]
struct Block {
    pixels: Vec<u8>,
    drawn: Vec<bool>,
}

impl Drawn {
    /// The pixels of digit `i`; `None` past the end of the set.
    pub(super) fn digit(&mut self, i: u32) -> Option<&[u8]> {
        if i >= DRAWN {
            return None;
        }
        self.blocks.resize_with((DRAWN / BLOCK) as usize, Block::default);
        let (block, place) = (&mut self.blocks[(i / BLOCK) as usize], (i % BLOCK) as usize);
        if block.drawn.is_empty() && block.pixels.try_reserve_exact(BLOCK as usize * PIXELS).is_ok()
        {
            block.pixels.resize(BLOCK as usize * PIXELS, 0);
            block.drawn.resize(BLOCK as usize, false);
        }
        if block.drawn.is_empty() {
            self.loose = image_of(i).to_vec();
            return Some(&self.loose);
        }
        let pixels = &mut block.pixels[place * PIXELS..][..PIXELS];
        if !block.drawn[place] {
            pixels.copy_from_slice(&image_of(i));
            block.drawn[place] = true;
        }
        Some(pixels)
    }
}

/// The pixels of digit `i`, not stored.
pub(in crate::data) fn image_of(i: u32) -> [u8; PIXELS] {
    drawn_digit(SEED, i).0
}

/// The class of digit `i`, drawn or not; `None` past the end of the set.
pub(super) fn class(i: u32) -> Option<u8> {
    (i < DRAWN).then(|| label(SEED, i))
}
