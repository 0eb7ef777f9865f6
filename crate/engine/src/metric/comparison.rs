//! Comparison of generated with real digits: the definition of distance and
//! floor that the page and `eval` share.

use super::{FEATURES, Prdc, frechet, prdc};

/// Generated digits, and the same number of real ones, compared with the same
/// other real digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Number of digits in each set.
    pub count: usize,
    /// Frechet distance of the generated digits.
    pub distance: f64,
    /// The same distance of the first half of the real digits: that of a
    /// perfect generator at this count.
    pub floor: f64,
    /// Precision, recall, density and coverage of the generated digits.
    pub near: Prdc,
}

/// Least number of digits for a meaningful covariance of [`FEATURES`] features.
const LEAST: usize = 2 * FEATURES;

/// Compares the first digits of `fake` with real ones, both as features (n,
/// [`FEATURES`]): of 2 n real digits the second half is the reference, the
/// first half gives the floor. For n generated digits `real` should contain the
/// first 2 n of the data; if it contains fewer, fewer are compared. `None` for
/// fewer than 72.
pub fn compare(fake: &[f32], real: &[f32]) -> Option<Comparison> {
    let count = (fake.len() / FEATURES).min(real.len() / FEATURES / 2);
    if count < LEAST {
        return None;
    }
    let size = count * FEATURES;
    let (fake, first, reference) = (&fake[..size], &real[..size], &real[size..2 * size]);
    Some(Comparison {
        count,
        distance: frechet(fake, reference, FEATURES),
        floor: frechet(first, reference, FEATURES),
        near: prdc(reference, fake, FEATURES),
    })
}
