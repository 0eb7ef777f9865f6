//! Normal numbers by Box and Muller's method (1958), in f32 polynomials: the
//! same bits on every target.

use rand_chacha::rand_core::RngCore;

/// Random words drawn at a time: two for each pair of normal numbers.
const BLOCK: usize = 64;

/// Fills `out` with independent N(0, 1) numbers. Takes as many words from the
/// generator as the length rounded up to a multiple of 64.
pub fn normals(rng: &mut dyn RngCore, out: &mut [f32]) {
    for chunk in out.chunks_mut(BLOCK) {
        let mut bytes = [0u8; BLOCK * 4];
        rng.fill_bytes(&mut bytes);
        let mut words = [0u32; BLOCK];
        for (word, byte) in words.iter_mut().zip(bytes.chunks_exact(4)) {
            *word = u32::from_le_bytes([byte[0], byte[1], byte[2], byte[3]]);
        }
        let mut pairs = [0f32; BLOCK];
        let (cosines, sines) = pairs.split_at_mut(BLOCK / 2);
        let (first, second) = words.split_at(BLOCK / 2);
        for i in 0..BLOCK / 2 {
            // In (0, 1): the logarithm stays finite.
            let u = ((first[i] >> 8) as f32 + 0.5) * (1. / 16_777_216.);
            let radius = (-2. * super::ln(u)).sqrt();
            let (sine, cosine) = turn((second[i] >> 8) as f32 * (1. / 16_777_216.));
            cosines[i] = radius * cosine;
            sines[i] = radius * sine;
        }
        chunk.copy_from_slice(&pairs[..chunk.len()]);
    }
}

/// Number of 32-bit words that [`normals`] takes from the generator.
pub fn normal_words(count: usize) -> usize {
    count.next_multiple_of(BLOCK)
}

/// Sine and cosine of 2 pi t, for t in [0, 1).
#[inline(always)]
fn turn(t: f32) -> (f32, f32) {
    // The nearest quarter turn, and the remainder in [-pi/4, pi/4].
    let quarter = (t * 4. + 12_582_912.) - 12_582_912.;
    let x = (t * 4. - quarter) * std::f32::consts::FRAC_PI_2;
    let z = x * x;
    let sine = ((-1.951_529_6e-4 * z + 8.332_161e-3) * z - 1.666_665_5e-1) * z * x + x;
    let cosine =
        ((2.443_315_7e-5 * z - 1.388_731_6e-3) * z + 4.166_664_6e-2) * z * z - 0.5 * z + 1.;
    let swap = quarter == 1. || quarter == 3.;
    let (s, c) = if swap { (cosine, sine) } else { (sine, cosine) };
    let s = if quarter == 2. || quarter == 3. { -s } else { s };
    let c = if quarter == 1. || quarter == 2. { -c } else { c };
    (s, c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_chacha::ChaCha8Rng;
    use rand_chacha::rand_core::SeedableRng;

    #[test]
    fn turn_gives_sine_and_cosine() {
        for i in 0..10_000 {
            let t = i as f32 / 10_000.;
            let (s, c) = turn(t);
            let angle = f64::from(t) * std::f64::consts::TAU;
            assert!(
                (f64::from(s) - angle.sin()).abs() < 1e-6
                    && (f64::from(c) - angle.cos()).abs() < 1e-6,
                "{t}"
            );
        }
    }

    #[test]
    fn moments_are_those_of_the_normal_distribution() {
        let mut x = vec![0f32; 1_000_003];
        normals(&mut ChaCha8Rng::seed_from_u64(1), &mut x);
        let n = x.len() as f64;
        let moment = |p: i32| x.iter().map(|&v| f64::from(v).powi(p)).sum::<f64>() / n;
        // Three standard errors of each moment.
        assert!(moment(1).abs() < 3. / n.sqrt());
        assert!((moment(2) - 1.).abs() < 3. * (2. / n).sqrt());
        assert!(moment(3).abs() < 3. * (15. / n).sqrt());
        assert!((moment(4) - 3.).abs() < 3. * (96. / n).sqrt());
        assert!(x.iter().any(|v| v.abs() > 4.5) && x.iter().all(|v| v.abs() < 6.));
    }
}
