//! Measures translations: how much they change, how far they are from the
//! truth, and whether they keep the digit.

use crate::data::{Side, numbers};
use crate::error::Result;
use crate::metric::Judge;
use crate::train::Session;

/// Images of each domain whose translations are measured.
const PAIRS: u32 = 32;

/// The share of classes kept needs at least this many translations that the
/// judge recognises.
const FEW: usize = 8;

/// What a translator does to images of the other domain.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pair {
    /// Mean change of a pixel, over the change that is needed; if that is not
    /// known, over the amount of ink.
    pub changed: f64,
    /// Distance of the translations from the truth, over that of the images
    /// they are made from; none if the truth is not known.
    pub wrong: Option<f64>,
    /// Share of the translations that the judge recognises whose class is the
    /// same as before; none if they are too few.
    pub kept: Option<f64>,
}

/// Measures translations both ways, of images that depend on the iteration
/// alone. None if the GAN does not translate, or no images are loaded.
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
        let batch = domains.translate(to.other(), &digits)?;
        let (given, made) =
            (judge.judge(&numbers(&batch.given))?, judge.judge(&numbers(&batch.made))?);
        let class = |i: usize| labels[i].unwrap_or(given.classes[i]);
        let read: Vec<usize> = (0..digits.len()).filter(|&i| made.digits[i]).collect();
        let kept = read.iter().filter(|&&i| made.classes[i] == class(i)).count();
        let apart = batch.truth.as_ref().map(|truth| difference(&batch.given, truth).max(1e-6));
        let ink = difference(&batch.given, &vec![0; batch.given.len()]).max(1e-6);
        Ok(Some(Pair {
            changed: difference(&batch.made, &batch.given) / apart.unwrap_or(ink),
            wrong: batch
                .truth
                .as_ref()
                .zip(apart)
                .map(|(truth, apart)| difference(&batch.made, truth) / apart),
            kept: (read.len() >= FEW).then(|| kept as f64 / read.len() as f64),
        }))
    };
    Ok(pair(Side::A)?.zip(pair(Side::B)?).map(|(a, b)| [a, b]))
}

/// The mean difference between the pixels of two images, as bytes.
fn difference(a: &[u8], b: &[u8]) -> f64 {
    a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b))).sum::<f64>() / a.len().max(1) as f64
}
