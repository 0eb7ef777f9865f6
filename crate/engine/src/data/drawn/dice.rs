//! Random numbers for drawn digits: a small integer generator, so that a digit
//! has the same bits on every machine.

/// The random stream of one digit (SplitMix64, doi:10.1145/2660193.2660195).
pub(super) struct Dice {
    state: u64,
}

impl Dice {
    /// The stream of digit `index` of the set `seed`.
    pub(super) fn new(seed: u32, index: u32) -> Self {
        Self { state: mix(u64::from(seed) << 32 | u64::from(index)) }
    }

    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.state)
    }

    /// A random integer below `bound`, uniform to within 2^-32.
    pub(super) fn below(&mut self, bound: u32) -> u32 {
        (((self.next() >> 32) * u64::from(bound)) >> 32) as u32
    }

    /// A uniform random number from `low` to `high`.
    pub(super) fn between(&mut self, low: f32, high: f32) -> f32 {
        // 24 bits: exact in an f32.
        low + (high - low) * ((self.next() >> 40) as f32 / (1 << 24) as f32)
    }

    /// A random number from -1 to 1, mostly near 0: the sum of four uniform
    /// numbers, standard deviation 0.29.
    pub(super) fn bell(&mut self) -> f32 {
        let bits = self.next();
        let sum: u64 = (0..4).map(|lane| bits >> (16 * lane) & 0xffff).sum();
        sum as f32 / (1 << 17) as f32 - 1.0
    }
}

fn mix(mut bits: u64) -> u64 {
    bits = (bits ^ bits >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    bits = (bits ^ bits >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ bits >> 31
}
