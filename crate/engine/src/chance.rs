//! One seed, one independent stream of random numbers per purpose.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::kernel::normals;

/// What a stream of random numbers is for. The numbers are stream numbers of ChaCha8 and part of the checkpoint's format;
/// [`crate::data::Sampler`] keeps purpose 2, one stream an epoch.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// First weights.
    Weights = 1,
    /// Latents that training draws.
    Latents = 3,
    /// Dropout masks and noise at a discriminator's entrance.
    Dropout = 4,
    /// Where between real and generated digits a penalty is taken.
    Penalty = 5,
    /// The fixed latents of the preview.
    Preview = 6,
    /// Latents of samples asked for.
    Samples = 7,
}

/// The stream of `seed` for `purpose`, from its beginning.
pub fn stream(seed: u32, purpose: Purpose) -> ChaCha8Rng {
    let mut rng = ChaCha8Rng::seed_from_u64(u64::from(seed));
    rng.set_stream(purpose as u64);
    rng
}

/// The distribution of latent vectors; both have mean 0 and variance 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Noise {
    /// N(0, 1).
    Normal,
    /// Uniform between the roots of 3, as in the code of Goodfellow et al. 2014.
    Uniform,
}

impl Noise {
    /// How far from 0 its numbers can be.
    pub fn reach(self) -> f32 {
        match self {
            Self::Normal => f32::INFINITY,
            Self::Uniform => 3f32.sqrt(),
        }
    }

    /// Fills `out` with independent numbers.
    pub fn fill(self, rng: &mut ChaCha8Rng, out: &mut [f32]) {
        match self {
            Self::Normal => normals(rng, out),
            Self::Uniform => uniforms(rng, out, -3f32.sqrt(), 3f32.sqrt()),
        }
    }
}

/// Fills `out` with numbers uniform in [low, high).
pub fn uniforms(rng: &mut ChaCha8Rng, out: &mut [f32], low: f32, high: f32) {
    let scale = (high - low) / 16_777_216.;
    for value in out {
        *value = low + (rng.next_u32() >> 8) as f32 * scale;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_and_differ() {
        let draw = |seed, purpose| stream(seed, purpose).next_u64();
        assert_eq!(draw(1, Purpose::Latents), draw(1, Purpose::Latents));
        assert_ne!(draw(1, Purpose::Latents), draw(1, Purpose::Dropout));
        assert_ne!(draw(1, Purpose::Latents), draw(2, Purpose::Latents));
    }

    /// `tests/wasm.rs` holds the page to the same bits.
    #[test]
    fn latents_are_these_bits_on_every_target() {
        let mut out = [0f32; 5];
        normals(&mut stream(42, Purpose::Latents), &mut out);
        assert_eq!(
            out.map(f32::to_bits),
            [1_061_672_864, 3_188_097_295, 1_061_986_540, 3_207_456_947, 3_212_681_857]
        );
    }

    #[test]
    fn both_noises_have_mean_0_and_variance_1() {
        for noise in [Noise::Normal, Noise::Uniform] {
            let mut x = vec![0f32; 100_000];
            noise.fill(&mut stream(5, Purpose::Latents), &mut x);
            let mean = x.iter().map(|&v| f64::from(v)).sum::<f64>() / 1e5;
            let variance = x.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / 1e5;
            assert!(mean.abs() < 0.01 && (variance - 1.).abs() < 0.015, "{noise:?}: {mean}, {variance}");
        }
    }
}
