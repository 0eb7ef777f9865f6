//! Where a run is, in a word, and whether it still gets better.

use super::history::BLOBS;
use super::{History, Survey};

/// How far a run is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Nothing that is like ink.
    Noise,
    /// Pieces of digits.
    Strokes,
    /// Digits, some broken.
    Digits,
    /// Digits that could be real ones.
    Crisp,
}

/// By the judge's mean confidence in the last four glances (256 digits). Digits that hardly differ are noise, and where most are of one class
/// there are no more than strokes: the judge is sure of what is made again and again.
pub fn stage(history: &History) -> Stage {
    let glances = history.glances().count().min(4);
    let Some(confidence) = history.confidence(glances).filter(|_| glances > 0) else { return Stage::Noise };
    let blobs = history.spread(glances).is_some_and(|spread| spread < BLOBS);
    let counts = history.lately(4);
    let total: u32 = counts.iter().sum();
    let one = counts.iter().any(|count| 5 * count > 3 * total);
    match confidence {
        c if c < 0.5 || blobs => Stage::Noise,
        c if c < 0.75 || one => Stage::Strokes,
        c if c < 0.93 => Stage::Digits,
        _ => Stage::Crisp,
    }
}

/// Surveys averaged into one figure.
const SMOOTH: usize = 5;
/// Figures in a row without a better one.
const PATIENCE: usize = 15;
/// What counts as better: less than this share of the best.
const BETTER: f64 = 0.97;

/// The step of the best distance (averaged over five surveys), if the fifteen figures after it were not 3 % better.
pub fn plateau(history: &History) -> Option<u32> {
    let surveys: Vec<&Survey> = history.surveys().collect();
    let distances: Vec<f64> = surveys.iter().map(|survey| survey.distance).collect::<Option<_>>()?;
    let (mut best, mut at, mut waited) = (f64::INFINITY, 0, 0);
    for (i, part) in distances.windows(SMOOTH).enumerate() {
        let mean = part.iter().sum::<f64>() / SMOOTH as f64;
        if mean < BETTER * best {
            (best, at, waited) = (mean, surveys[i + SMOOTH - 1].step, 0);
        } else {
            waited += 1;
        }
    }
    (waited >= PATIENCE).then_some(at)
}
