//! exp, ln, tanh, softplus and a sum of squares in f32 without branches or
//! library calls.
//!
//! Polynomials from Cephes (expf, logf, tanhf); a test bounds the relative
//! error of exp and ln by 3e-7, that of the others by 4e-7.

/// Adding and subtracting 1.5 * 2^23 rounds an f32 to the nearest whole number.
const ROUND: f32 = 12_582_912.;

/// e^x; 0 below -87.3, 2.4e38 above 88.3, NaN for NaN.
#[inline(always)]
pub fn exp(x: f32) -> f32 {
    let x = if x > 88.3 { 88.3 } else { x };
    let clamped = if x < -87.3 { -87.3 } else { x };
    let n = (clamped * std::f32::consts::LOG2_E + ROUND) - ROUND;
    let r = clamped - n * 0.693_359_4 + n * 2.121_944_4e-4;
    let p = 1.987_569_1e-4;
    let p = p * r + 1.398_2e-3;
    let p = p * r + 8.333_452e-3;
    let p = p * r + 4.166_579_6e-2;
    let p = p * r + 1.666_666_5e-1;
    let p = p * r + 5e-1;
    let value = p * r * r + r + 1.;
    // The magic number leaves n in the low bits of the mantissa: no conversion,
    // which wasm would check for NaN.
    let power = ((n + ROUND).to_bits().wrapping_add(127)) << 23;
    let result = value * f32::from_bits(power);
    if x < -87.3 { 0. } else { result }
}

/// Natural logarithm of a positive, normal number.
#[inline(always)]
pub fn ln(x: f32) -> f32 {
    let bits = x.to_bits();
    // x = m 2^e with m in [sqrt(1/2), sqrt(2)).
    let shifted = bits.wrapping_sub(0x3f35_04f3);
    let e = (shifted as i32 >> 23) as f32;
    let m = f32::from_bits((shifted & 0x007f_ffff).wrapping_add(0x3f35_04f3)) - 1.;
    let z = m * m;
    let p = 7.037_683_6e-2;
    let p = p * m - 1.151_461e-1;
    let p = p * m + 1.167_699_9e-1;
    let p = p * m - 1.242_014_1e-1;
    let p = p * m + 1.424_932_3e-1;
    let p = p * m - 1.666_805_8e-1;
    let p = p * m + 2.000_071_5e-1;
    let p = p * m - 2.499_999_4e-1;
    let p = p * m + 3.333_333e-1;
    let y = m * z * p - 2.121_944_4e-4 * e - 0.5 * z;
    m + y + 0.693_359_4 * e
}

/// Hyperbolic tangent.
#[inline(always)]
pub fn tanh(x: f32) -> f32 {
    let a = x.abs();
    let e = exp(-2. * a);
    let large = (1. - e) / (1. + e);
    let z = x * x;
    let p = -5.704_988_7e-3;
    let p = p * z + 2.063_909e-2;
    let p = p * z - 5.373_971_6e-2;
    let p = p * z + 1.333_144_3e-1;
    let p = p * z - 3.333_328e-1;
    let small = p * z * x + x;
    if a < 0.625 { small } else { large.copysign(x) }
}

/// ln(1 + e^x) = max(x, 0) + ln(1 + e^-|x|), the logarithm as the series of 2
/// atanh(t / (2 + t)).
#[inline(always)]
pub fn softplus(x: f32) -> f32 {
    let t = exp(-x.abs());
    let s = t / (2. + t);
    let z = s * s;
    let p = 1. / 15.;
    let p = p * z + 1. / 13.;
    let p = p * z + 1. / 11.;
    let p = p * z + 1. / 9.;
    let p = p * z + 1. / 7.;
    let p = p * z + 1. / 5.;
    let p = p * z + 1. / 3.;
    let log = 2. * (s + s * z * p);
    // This form propagates NaN.
    (if x <= 0. { 0. } else { x }) + log
}

/// The sum of squares, in eight running sums so that it vectorises.
pub fn sum_of_squares(values: &[f32]) -> f32 {
    let mut sums = [0f32; 8];
    let chunks = values.chunks_exact(8);
    let rest: f32 = chunks.remainder().iter().map(|v| v * v).sum();
    for chunk in chunks {
        for (sum, v) in sums.iter_mut().zip(chunk) {
            *sum += v * v;
        }
    }
    sums.iter().sum::<f32>() + rest
}

#[cfg(test)]
mod tests {
    use super::super::Real;
    use super::*;

    fn worst(f: impl Fn(f32) -> f32, reference: impl Fn(f64) -> f64, from: f32, to: f32) -> f64 {
        let n = 200_000;
        (0..=n)
            .map(|i| {
                let x = from + (to - from) * i as f32 / n as f32;
                let (got, want) = (f64::from(f(x)), reference(f64::from(x)));
                (got - want).abs() / want.abs().max(1e-30)
            })
            .fold(0., f64::max)
    }

    #[test]
    fn polynomials_are_within_a_few_units_of_the_last_place() {
        assert!(worst(exp, f64::exp, -80., 88.) < 3e-7);
        assert!(worst(ln, f64::ln, 1e-3, 0.9) < 3e-7);
        assert!(worst(ln, f64::ln, 1.1, 1e4) < 3e-7);
        assert!(worst(tanh, f64::tanh, -9., 9.) < 4e-7);
        assert!(worst(|x| x.sigmoid(), |x| 1. / (1. + (-x).exp()), -80., 80.) < 4e-7);
        assert!(worst(softplus, |x| x.max(0.) + (-x.abs()).exp().ln_1p(), -80., 80.) < 4e-7);
    }

    #[test]
    fn extremes_stay_finite_and_nan_stays_nan() {
        for x in [1e3, -1e3, f32::MAX, f32::MIN, 0., -0.] {
            for y in [exp(x), tanh(x), x.sigmoid(), softplus(x)] {
                assert!(y.is_finite(), "{x} gave {y}");
            }
        }
        assert_eq!((softplus(-1e3), softplus(1e3)), (0., 1e3));
        for y in [exp(f32::NAN), tanh(f32::NAN), f32::NAN.sigmoid(), softplus(f32::NAN)] {
            assert!(y.is_nan());
        }
    }
}
