//! The divergence of two distributions from D's scores (Goodfellow et al. 2014,
//! section 4.1).

use crate::kernel::Real;

/// E log D(x) + E log(1 - D(G(z))) from D's logits: the V(D, G) of equation 1,
/// at most 0.
pub fn game_value(real: &[f32], fake: &[f32]) -> f64 {
    let mean = |logits: &[f32], of: fn(f64) -> f64| {
        logits.iter().map(|&x| of(f64::from(x))).sum::<f64>() / logits.len().max(1) as f64
    };
    // log s(x) = -softplus(-x), log(1 - s(x)) = -softplus(x).
    -mean(real, |x| (-x).softplus()) - mean(fake, f64::softplus)
}

/// The Jensen-Shannon divergence of real and generated images from D's logits
/// of both: [`jensen_shannon_of`] their [`game_value`].
pub fn jensen_shannon(real: &[f32], fake: &[f32]) -> f64 {
    jensen_shannon_of(game_value(real, fake))
}

/// (V + log 4) / 2 of the `value` V of a game: the Jensen-Shannon divergence of
/// real and generated images, in nats, if D is optimal (theorem 1), and less
/// for any other D; it is below 0 for a D that is worse than guessing.
pub fn jensen_shannon_of(value: f64) -> f64 {
    (value + 4f64.ln()) / 2.
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guessing_gives_0_and_certainty_gives_log_2() {
        assert!(jensen_shannon(&[0.; 3], &[0.; 3]).abs() < 1e-12);
        assert!((jensen_shannon(&[1e3; 3], &[-1e3; 3]) - 2f64.ln()).abs() < 1e-12);
        assert!(jensen_shannon(&[-1.; 3], &[1.; 3]) < 0.);
    }

    /// Two distributions on two digits, p = (3/4, 1/4) and q = (1/4, 3/4), and
    /// the optimal D = p / (p + q).
    #[test]
    fn optimal_discriminator_gives_the_divergence() {
        let logit = (3f32).ln();
        let found =
            jensen_shannon(&[logit, logit, logit, -logit], &[logit, -logit, -logit, -logit]);
        let kl = 0.75 * (0.75f64 / 0.5).ln() + 0.25 * (0.25f64 / 0.5).ln();
        assert!((found - kl).abs() < 1e-7, "{found}, {kl}");
    }
}
