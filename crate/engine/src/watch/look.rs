//! Looking at digits: a glance at a few, a survey of many.

use crate::data::{CLASSES, PIXELS, numbers};
use crate::error::Result;
use crate::metric::{FEATURES, Judge, Judged, classes, compare, game_value, jensen_shannon};
use crate::train::Session;

/// Digits of a survey.
pub const SURVEYED: usize = 512;

/// Digits of a glance.
pub const GLANCED: usize = 64;

/// Digits judged in one part of a survey.
const PART: usize = 64;

/// The judge's mean confidence on real digits below which it does not know their kind: 0.99 on MNIST's.
pub const KNOWN: f64 = 0.75;

/// Digits whose distances to each other are taken.
const SPREAD: usize = 32;

/// The seed of surveyed digits: that of `eval`, so that both say the same of as many digits.
const SEED: u32 = 0;

/// A few digits of fresh latents, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Glance {
    /// The iteration.
    pub step: u32,
    /// How many fell in each class.
    pub classes: [u32; CLASSES],
    /// The judge's mean confidence.
    pub confidence: f64,
    /// Median distance of two digits over that of two real ones.
    pub spread: f64,
}

/// Many digits, measured.
#[derive(Clone, Debug, PartialEq)]
pub struct Survey {
    /// The iteration.
    pub step: u32,
    /// Digits sampled, from seed 0.
    pub digits: usize,
    /// Share of each class.
    pub classes: [f64; CLASSES],
    /// Kullback-Leibler divergence of the shares from equal ones, in nats.
    pub divergence: f64,
    /// The judge's mean confidence.
    pub confidence: f64,
    /// Frechet distance as [`compare`] has it; nothing where real digits are too few.
    pub distance: Option<f64>,
    /// The same of as many real digits.
    pub floor: Option<f64>,
    /// Share of the digits within reach of a real one.
    pub precision: Option<f64>,
    /// Share of the real digits within reach of one.
    pub recall: Option<f64>,
    /// V(D, G) of the players as they stand, of as many real and generated digits; only where it was asked for and D's scores are log-odds.
    pub value: Option<f64>,
    /// (V + log 4) / 2.
    pub jsd: Option<f64>,
    /// Median distance of two digits over that of two real ones.
    pub spread: f64,
}

/// Looks at digits whose latents depend on the iteration alone.
pub(super) fn glance(session: &mut Session, judge: &mut Judge, real_spread: f64) -> Result<Glance> {
    let step = session.steps();
    let pixels = numbers(&session.sample(GLANCED as u32, step, None)?);
    let judged = judge.judge(&pixels)?;
    let mut counts = [0; CLASSES];
    judged.classes.iter().for_each(|&class| counts[usize::from(class)] += 1);
    let confidence = classes(&judged).confidence;
    Ok(Glance { step, classes: counts, confidence, spread: spread(&pixels) / real_spread })
}

/// Real digits as the judge sees them: twice as many as a survey's, or what there is.
#[derive(Default)]
pub struct Reals {
    /// How many there are to be; unknown before the first part.
    wanted: Option<usize>,
    features: Vec<f32>,
    /// How much the first of them differ, and how sure the judge is of them.
    first: Option<(f64, f64)>,
}

impl Reals {
    /// Whether all of them were looked at.
    pub fn complete(&self) -> bool {
        self.wanted.is_some_and(|wanted| self.features.len() == wanted * FEATURES)
    }

    /// Looks at some more of them.
    pub fn gather(&mut self, session: &mut Session, judge: &mut Judge) -> Result<()> {
        let wanted = *self.wanted.get_or_insert((session.data().available() as usize).min(2 * SURVEYED) & !1);
        let done = self.features.len() / FEATURES;
        let pixels = numbers(&session.wanted(done..wanted.min(done + PART)));
        self.features.extend(judge.judge(&pixels)?.features);
        Ok(())
    }

    /// Looks at the first of them, once: the median distance of two, or nothing where the judge does not know such digits.
    pub fn spread(&mut self, session: &mut Session, judge: &mut Judge) -> Result<Option<f64>> {
        let (spread, confidence) = match self.first {
            Some(first) => first,
            None => {
                let pixels = numbers(&session.wanted(0..GLANCED));
                let judged = judge.judge(&pixels)?;
                (spread(&pixels).max(1e-6), classes(&judged).confidence)
            }
        };
        self.first = Some((spread, confidence));
        Ok(self.known().then_some(spread))
    }

    /// Whether the judge knows them, as far as it has looked.
    pub fn known(&self) -> bool {
        self.first.is_none_or(|(_, confidence)| confidence > KNOWN)
    }
}

/// A survey under way.
pub struct Surveying {
    pixels: Vec<f32>,
    judged: Judged,
    /// V and its divergence, once they are known.
    scores: Option<Option<(f64, f64)>>,
}

impl Surveying {
    /// Begins one, `with_scores` or without what D says.
    pub fn new(with_scores: bool) -> Self {
        let scores = if with_scores { None } else { Some(None) };
        Self { pixels: Vec::new(), judged: Judged::default(), scores }
    }

    /// Does the next part; the survey, when that was the last.
    pub fn part(
        &mut self,
        session: &mut Session,
        judge: &mut Judge,
        reals: &Reals,
    ) -> Result<Option<Survey>> {
        let done = self.judged.classes.len();
        if done < SURVEYED {
            let part = session.sample_part(done as u32..(done + PART) as u32, SEED)?;
            let pixels = numbers(&part);
            let judged = judge.judge(&pixels)?;
            self.pixels.extend(pixels);
            self.judged.features.extend(judged.features);
            self.judged.classes.extend(judged.classes);
            self.judged.confidences.extend(judged.confidences);
            return Ok(None);
        }
        let Some(scores) = self.scores else {
            self.scores = Some(scores(session)?);
            return Ok(None);
        };
        Ok(Some(self.measured(session, reals, scores)))
    }

    fn measured(&self, session: &mut Session, reals: &Reals, scores: Option<(f64, f64)>) -> Survey {
        let found = classes(&self.judged);
        let beside = compare(&self.judged.features, &reals.features);
        Survey {
            step: session.steps(),
            digits: SURVEYED,
            classes: found.shares,
            divergence: found.divergence,
            confidence: found.confidence,
            distance: beside.map(|beside| beside.distance),
            floor: beside.map(|beside| beside.floor),
            precision: beside.map(|beside| beside.near.precision),
            recall: beside.map(|beside| beside.near.recall),
            value: scores.map(|scores| scores.0),
            jsd: scores.map(|scores| scores.1),
            spread: spread(&self.pixels) / reals.first.map_or(1., |(spread, _)| spread),
        }
    }
}

/// V(D, G) and its divergence.
fn scores(session: &mut Session) -> Result<Option<(f64, f64)>> {
    let scores = session.log_odds(SURVEYED, SEED)?.filter(|(real, _)| !real.is_empty());
    Ok(scores.map(|(real, fake)| (game_value(&real, &fake), jensen_shannon(&real, &fake))))
}

/// The median Euclidean distance of two of the first digits; 0 of fewer than two.
fn spread(pixels: &[f32]) -> f64 {
    let digits: Vec<&[f32]> = pixels.chunks_exact(PIXELS).take(SPREAD).collect();
    let mut distances = Vec::new();
    for (i, a) in digits.iter().enumerate() {
        for b in &digits[..i] {
            let squares: f32 = a.iter().zip(*b).map(|(a, b)| (a - b) * (a - b)).sum();
            distances.push(squares.sqrt());
        }
    }
    let middle = distances.len() / 2;
    if distances.is_empty() {
        0.
    } else {
        f64::from(*distances.select_nth_unstable_by(middle, f32::total_cmp).1)
    }
}
