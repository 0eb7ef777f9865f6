//! One seed, one independent stream of random numbers per purpose.

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

use crate::kernel::normals;

/// The use of a random stream. The values are stream numbers of ChaCha8 and
/// part of the checkpoint's format; [`crate::data::Sampler`] uses purpose 2,
/// one stream an epoch.
#[derive(Clone, Copy, Debug)]
pub enum Purpose {
    /// Initial weights.
    Weights = 1,
    /// Latent vectors that training draws.
    Latents = 3,
    /// Dropout masks and noise on a discriminator's input.
    Dropout = 4,
    /// Interpolation between real and generated images, for a penalty.
    Penalty = 5,
    /// The fixed latent vectors of the preview.
    Preview = 6,
    /// Latent vectors of requested samples.
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
    /// Uniform in [-sqrt(3), sqrt(3)), as in the code of Goodfellow et al.
    /// 2014.
    Uniform,
}

impl Noise {
    /// The largest absolute value that it draws.
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

/// The layout of a latent vector: independent numbers, followed by a scaled
/// one-hot mode if there are modes ([`Self::MODE`] at the mode's place, 0 at
/// the others). The generator then need not split one connected distribution
/// into ten classes (InfoGAN has this part, arXiv:1606.03657, section 7.1, and
/// a loss for it).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Latents {
    /// Number of independent dimensions.
    pub numbers: usize,
    /// Their distribution.
    pub noise: Noise,
    /// Number of modes, of which each vector has one; 0 if there are none.
    pub modes: usize,
}

impl Latents {
    /// The value at the place of the mode: large against the N(0, 1) numbers,
    /// so that it has a clear effect among many of them.
    pub const MODE: f32 = 3.;

    /// Dimensions of a vector, the modes' places included.
    pub fn width(&self) -> usize {
        self.numbers + self.modes
    }

    /// Fills `out` with latent vectors, (n, [`Self::width`]); every mode is
    /// equally likely.
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

    /// Sets the modes of `vectors`, (n, [`Self::width`]), in rotation.
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
    fn streams_depend_on_seed_and_purpose_alone() {
        let draw = |seed, purpose| stream(seed, purpose).next_u64();
        assert_eq!(draw(1, Purpose::Latents), draw(1, Purpose::Latents));
        assert_ne!(draw(1, Purpose::Latents), draw(1, Purpose::Dropout));
        assert_ne!(draw(1, Purpose::Latents), draw(2, Purpose::Latents));
    }

    /// `tests/wasm.rs` expects the same bits in the browser.
    #[test]
    fn latents_have_the_same_bits_on_every_target() {
        let mut out = [0f32; 5];
        normals(&mut stream(42, Purpose::Latents), &mut out);
        assert_eq!(
            out.map(f32::to_bits),
            [1_061_672_864, 3_188_097_295, 1_061_986_540, 3_207_456_947, 3_212_681_857]
        );
    }

    #[test]
    fn modes_are_equally_likely_and_vectors_drawn_in_parts_equal_those_drawn_at_once() {
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
        assert_eq!(plain, noise, "without modes, only noise");
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
