//! The agreement of translated digits with the truth, which is known if one
//! domain is computed from the other.

use crate::data::{PIXELS, SIDE};

/// The agreement of a set of translated digits.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Agreement {
    /// Mean |made - truth| per pixel, in [0, 1].
    pub l1: f64,
    /// Share of the pixels that are ink (above one half) in both or paper in
    /// both, inside the smallest box around the ink of both: paper around a
    /// digit, which is always right, does not count.
    pub ink: f64,
}

/// Compares translations with the truth, both (n, 784) bytes.
pub fn agreement(made: &[u8], truth: &[u8]) -> Agreement {
    let l1: f64 = made.iter().zip(truth).map(|(&a, &b)| f64::from(a.abs_diff(b)) / 255.).sum();
    let (mut same, mut all) = (0, 0);
    for (made, truth) in made.chunks_exact(PIXELS).zip(truth.chunks_exact(PIXELS)) {
        let ink = |i: usize| (made[i] > 127, truth[i] > 127);
        let inked = || (0..PIXELS).filter(|&i| ink(i).0 || ink(i).1);
        let span = |place: fn(usize) -> usize| {
            (inked().map(place).min().unwrap_or(0), inked().map(place).max().unwrap_or(0))
        };
        let ((top, bottom), (left, right)) = (span(|i| i / SIDE), span(|i| i % SIDE));
        for row in top..=bottom {
            for column in left..=right {
                let (a, b) = ink(row * SIDE + column);
                same += usize::from(a == b);
                all += 1;
            }
        }
    }
    Agreement { l1: l1 / made.len().max(1) as f64, ink: same as f64 / all.max(1) as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ink on rows 10 to 13, columns 5 to 5 + width.
    fn bar(width: usize) -> Vec<u8> {
        let ink = |i: usize| (10..14).contains(&(i / SIDE)) && (5..5 + width).contains(&(i % SIDE));
        (0..PIXELS).map(|i| if ink(i) { 255 } else { 0 }).collect()
    }

    #[test]
    fn ink_agreement_counts_pixels_around_the_ink() {
        let found = agreement(&bar(6), &bar(8));
        assert!(
            (found.ink - 0.75).abs() < 1e-12 && (found.l1 - 8. / 784.).abs() < 1e-12,
            "{found:?}"
        );
        let same = agreement(&bar(6), &bar(6));
        assert_eq!(same, Agreement { l1: 0., ink: 1. });
    }
}
