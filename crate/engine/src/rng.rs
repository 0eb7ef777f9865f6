//! One seed, one independent stream of random numbers per purpose.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::kernel::normals;

/// What a stream of random numbers is for. The numbers are stream numbers of
/// ChaCha8 and part of the checkpoint's format; [`crate::data::Sampler`] keeps
/// purpose 2, one stream an epoch.
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
    /// Uniform between the roots of 3, as in the code of Goodfellow et al.
    /// 2014.
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

/// What a latent vector is: independent numbers and, where there are modes, one
/// of them beside: [`Self::MODE`] at its place, 0 at the others. A generator
/// need not bend one heap of points into ten classes then (InfoGAN has such a
/// part, arXiv:1606.03657, section 7.1, and a loss for it).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latents {
    /// How many independent numbers.
    pub numbers: usize,
    /// Their distribution.
    pub noise: Noise,
    /// Of how many modes one is drawn; 0: none.
    pub modes: usize,
}

impl Latents {
    /// The number at the place of the mode: as far from 0 as the others rarely
    /// are, so that it is heard among many of them.
    pub const MODE: f32 = 3.;

    /// Numbers of a vector, the modes' places included.
    pub fn width(&self) -> usize {
        self.numbers + self.modes
    }

    /// Fills `out` with vectors, (n, [`Self::width`]), every mode equally
    /// likely.
    pub fn fill(&self, rng: &mut ChaCha8Rng, out: &mut [f32]) {
        if self.modes == 0 {
            return self.noise.fill(rng, out);
        }
        for vector in out.chunks_exact_mut(self.width()) {
            self.noise.fill(rng, &mut vector[..self.numbers]);
            let mode = (u64::from(rng.next_u32()) * self.modes as u64) >> 32;
            self.put(vector, mode as usize);
        }
    }

    fn put(&self, vector: &mut [f32], mode: usize) {
        let places = &mut vector[self.numbers..];
        places.fill(0.);
        places[mode] = Self::MODE;
    }

    /// Gives `vectors`, (n, [`Self::width`]), the modes in turn.
    pub fn in_turn(&self, vectors: &mut [f32]) {
        if self.modes == 0 {
            return;
        }
        for (i, vector) in vectors.chunks_exact_mut(self.width()).enumerate() {
            self.put(vector, i % self.modes);
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
    fn every_mode_is_as_likely_and_a_part_of_the_vectors_is_drawn_as_the_whole() {
        let latents = Latents { numbers: 5, noise: Noise::Normal, modes: 4 };
        let mut all = vec![0f32; 9 * 4000];
        latents.fill(&mut stream(3, Purpose::Latents), &mut all);
        let mut counts = [0u32; 4];
        for vector in all.chunks_exact(9) {
            let mode = vector[5..].iter().position(|&x| x == Latents::MODE).unwrap();
            assert_eq!(vector[5..].iter().map(|x| x.abs()).sum::<f32>(), Latents::MODE);
            counts[mode] += 1;
        }
        assert!(counts.iter().all(|count| (900..1100).contains(count)), "{counts:?}");
        let (mut rng, mut parts) = (stream(3, Purpose::Latents), vec![0f32; 9 * 4000]);
        parts.chunks_mut(9 * 7).for_each(|part| latents.fill(&mut rng, part));
        assert_eq!(parts, all);

        let mut plain = vec![0f32; 5 * 64];
        Latents { modes: 0, ..latents }.fill(&mut stream(3, Purpose::Latents), &mut plain);
        let mut noise = vec![0f32; 5 * 64];
        Noise::Normal.fill(&mut stream(3, Purpose::Latents), &mut noise);
        assert_eq!(plain, noise, "without modes as before");
    }

    #[test]
    fn both_noises_have_mean_0_and_variance_1() {
        for noise in [Noise::Normal, Noise::Uniform] {
            let mut x = vec![0f32; 100_000];
            noise.fill(&mut stream(5, Purpose::Latents), &mut x);
            let mean = x.iter().map(|&v| f64::from(v)).sum::<f64>() / 1e5;
            let variance = x.iter().map(|&v| f64::from(v).powi(2)).sum::<f64>() / 1e5;
            assert!(
                mean.abs() < 0.01 && (variance - 1.).abs() < 0.015,
                "{noise:?}: {mean}, {variance}"
            );
        }
    }
}
