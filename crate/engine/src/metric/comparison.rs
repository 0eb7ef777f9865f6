//! Generated digits beside real ones: the one definition of distance and floor
//! that the page and `eval` share.

use super::{FEATURES, Prdc, frechet, prdc};

/// Generated digits, and as many real ones, against the same further real ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Comparison {
    /// Digits on each side.
    pub count: usize,
    /// Frechet distance of the generated digits.
    pub distance: f64,
    /// The same distance of the other real digits: what a perfect generator has
    /// at this count.
    pub floor: f64,
    /// Precision, recall, density and coverage of the generated digits.
    pub near: Prdc,
}

/// Below this many digits a covariance of [`FEATURES`] features means nothing.
const LEAST: usize = 2 * FEATURES;

/// The first digits of `fake` against real ones, both as features (n,
/// [`FEATURES`]): of 2 n real digits the second half is the reference, the
/// first half gives the floor. With n generated digits `real` should hold the
/// data's first 2 n; where it holds fewer, fewer are compared. Nothing where
/// under 72 would be.
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
