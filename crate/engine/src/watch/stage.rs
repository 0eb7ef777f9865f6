//! The stage of a run, and whether the run still gets better.

use serde::Serialize;
use ts_rs::TS;

use super::history::BLOBS;
use super::{History, PlateauRule, Survey};

/// How far a run is; the page's words are `stage.<stage>`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Stage {
    /// Nothing like strokes.
    #[default]
    Noise,
    /// Pieces of digits.
    Strokes,
    /// Digits, some broken.
    Digits,
    /// Digits that could be real ones.
    Crisp,
}

/// Quick surveys that decide the stage: 256 images.
const LOOKED: usize = 4;
/// Oddness above which there are no strokes: white noise has 5, smooth noise 2,
/// real digits 0.7, letters and lines 1.
const NO_STROKES: f64 = 1.3;
/// Shares that the judge must recognise, over that of real images, for the
/// stages `Digits` and `Crisp`.
const DIGITS: f64 = 0.4;
const CRISP: f64 = 0.8;
/// A stage that is reached is lost only below this share of its limit: a run at
/// an edge would flicker.
const SLACK: f64 = 0.75;

impl Stage {
    /// The stage after one more quick survey: by the share of the last 256
    /// images that the judge recognises. Images that hardly differ are noise,
    /// and if most are of one class the stage is at most `Strokes`.
    pub(super) fn next(self, history: &History) -> Self {
        let quick_surveys = history.quick_surveys().count().min(LOOKED);
        let (Some(readable), Some(oddness), Some(spread)) = (
            history.readable(quick_surveys),
            history.mean(quick_surveys, |quick_survey| Some(quick_survey.oddness)),
            history.spread(quick_surveys),
        ) else {
            return self;
        };
        let counts = history.recent_classes(LOOKED);
        let total: u32 = counts.iter().sum();
        let most = |own: &f64| most_of_one(*own);
        let one = counts
            .iter()
            .zip(&history.real_stats().shares)
            .any(|(&count, own)| f64::from(count) > most(own) * f64::from(total));
        // A stage that is reached is held by a lower value.
        let holds = |stage: Self, value: f64, limit: f64| {
            value >= if self >= stage { SLACK * limit } else { limit }
        };
        let strokes = holds(Self::Strokes, 1. / oddness.max(1e-6), 1. / NO_STROKES)
            && holds(Self::Strokes, spread, BLOBS);
        if !strokes {
            Self::Noise
        } else if one || !holds(Self::Digits, readable, DIGITS) {
            Self::Strokes
        } else if !holds(Self::Crisp, readable, CRISP) {
            Self::Digits
        } else {
            Self::Crisp
        }
    }
}

/// The share of one class above which most images are of it, where all classes
/// have equal shares in the data.
pub const MOST_OF_ONE: f64 = 0.6;

/// The same where the class has the share `own` of the data: greater for a
/// frequent class.
pub fn most_of_one(own: f64) -> f64 {
    (own + 0.3).max(MOST_OF_ONE)
}

/// When images no longer get better.
pub const PLATEAU: PlateauRule = PlateauRule { surveys: 5, patience: 15, better: 0.97 };

/// The Frechet distance averaged over the last five surveys; none if there are
/// fewer.
pub fn recent_distance(history: &History) -> Option<f64> {
    let distances: Vec<f64> =
        history.surveys().map(|survey| survey.distance).collect::<Option<_>>()?;
    let count = PLATEAU.surveys;
    let last = distances.get(distances.len().checked_sub(count)?..)?;
    Some(last.iter().sum::<f64>() / count as f64)
}

/// The step of the best distance (averaged over five surveys, at least 50 steps
/// apart), if none of the fifteen averages after it was 3 % better.
pub fn plateau(history: &History) -> Option<u32> {
    let surveys: Vec<&Survey> = history.surveys_of_plateau().collect();
    let distances: Vec<f64> =
        surveys.iter().map(|survey| survey.distance).collect::<Option<_>>()?;
    let (mut best, mut at, mut waited) = (f64::INFINITY, 0, 0);
    let count = PLATEAU.surveys;
    for (i, part) in distances.windows(count).enumerate() {
        let mean = part.iter().sum::<f64>() / count as f64;
        if mean < PLATEAU.better * best {
            (best, at, waited) = (mean, surveys[i + count - 1].step, 0);
        } else {
            waited += 1;
        }
    }
    (waited >= PLATEAU.patience).then_some(at)
}
