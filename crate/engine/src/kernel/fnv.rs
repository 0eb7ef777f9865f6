//! 64-bit FNV-1a over 32-bit words (Fowler, Noll and Vo): fast, and not safe
//! against deliberate collisions.

/// A running hash of a sequence of words.
#[derive(Clone, Copy, Debug)]
pub struct Fnv(u64);

impl Default for Fnv {
    fn default() -> Self {
        Self(0xcbf2_9ce4_8422_2325)
    }
}

impl Fnv {
    /// Adds the next word.
    pub fn add(&mut self, word: u32) {
        self.0 = (self.0 ^ u64::from(word)).wrapping_mul(0x0000_0100_0000_01b3);
    }

    /// The hash of the words so far.
    pub fn digest(self) -> u64 {
        self.0
    }
}
