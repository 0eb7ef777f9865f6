//! Looking at translations: what was changed, how far the truth is, and whether
//! the digit is kept.

use crate::data::{Side, numbers};
use crate::error::Result;
use crate::metric::Judge;
use crate::train::Session;

/// Digits of each domain whose translations are looked at.
const PAIRS: u32 = 32;

/// Fewer translations that the judge takes for digits than this say nothing of
/// classes kept.
const FEW: usize = 8;

/// What a translator does to digits of the other domain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// How much it changes a pixel: over how much it should; where that is not
    /// known, over how much ink there is.
    pub changed: f64,
    /// How far it stays from the truth, over how far the digits were from it;
    /// nothing where the truth is not known.
    pub wrong: Option<f64>,
    /// Share of those that the judge takes for digits whose class is the same
    /// as before; nothing where they are few.
    pub kept: Option<f64>,
}

/// Looks at translations both ways, of digits that depend on the iteration
/// alone.
pub(super) fn pairs(session: &mut Session, judge: &mut Judge) -> Result<Option<[Pair; 2]>> {
    let (available, step) = (session.data().available(), session.steps());
    if session.columns().is_empty() || available == 0 {
        return Ok(None);
    }
    let first = step.wrapping_mul(2_654_435_761) % available;
    let digits: Vec<u32> =
        (0..PAIRS).map(|i| (u64::from(first) + u64::from(i) * 97) as u32 % available).collect();
    let labels: Vec<Option<u8>> = digits.iter().map(|&i| session.data().label(i)).collect();
    let mut pair = |to: Side| -> Result<Option<Pair>> {
        let Some(mut domains) = session.domains() else { return Ok(None) };
        let seen = domains.translate(to.other(), &digits)?;
        let (given, made) =
            (judge.judge(&numbers(&seen.given))?, judge.judge(&numbers(&seen.made))?);
        let class = |i: usize| labels[i].unwrap_or(given.classes[i]);
        let read: Vec<usize> = (0..digits.len()).filter(|&i| made.digits[i]).collect();
        let kept = read.iter().filter(|&&i| made.classes[i] == class(i)).count();
        let apart = seen.truth.as_ref().map(|truth| far(&seen.given, truth).max(1e-6));
        let ink = far(&seen.given, &vec![0; seen.given.len()]).max(1e-6);
        Ok(Some(Pair {
            changed: far(&seen.made, &seen.given) / apart.unwrap_or(ink),
            wrong: seen
                .truth
                .as_ref()
                .zip(apart)
                .map(|(truth, apart)| far(&seen.made, truth) / apart),
            kept: (read.len() >= FEW).then(|| kept as f64 / read.len() as f64),
        }))
    };
    Ok(pair(Side::A)?.zip(pair(Side::B)?).map(|(a, b)| [a, b]))
}

/// The mean difference of two pixels, of bytes.
fn far(a: &[u8], b: &[u8]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len().max(1) as f64
}
