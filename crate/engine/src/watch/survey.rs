//! Looking at digits: a quick_survey at a few, a survey of many.

use serde::Serialize;
use ts_rs::TS;

use super::pair::{Pair, pairs};
use crate::data::{CLASSES, PIXELS, numbers};
use crate::error::Result;
use crate::metric::{
    FEATURES, Judge, Judged, Recognised, classes, compare, game_value, jensen_shannon, recognised,
    sure,
};
use crate::train::Session;

/// Digits of a survey.
pub const SURVEYED: usize = 512;

/// Digits of a quick_survey.
pub const QUICKLY_SURVEYED: usize = 64;

/// Digits judged in one part of a survey.
const PART: usize = 64;

/// The share of the real digits that the judge must take for digits, or it does
/// not know their kind: 0.95 of MNIST's, 0.1 of letters.
pub const KNOWN: f64 = 0.4;

/// Real digits from all of the set whose kind and classes the judge reads.
const READ: u32 = 256;

/// Digits whose distances to each other are taken.
const SPREAD: usize = 32;

/// The seed of surveyed digits: that of `eval`, so that both say the same of as
/// many digits.
const SEED: u32 = 0;

/// A few digits of fresh latents, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct QuickSurvey {
    /// The iteration.
    pub step: u32,
    /// How many fell in each class, of those that the judge takes for digits.
    pub classes: [u32; CLASSES],
    /// Share that it takes for digits.
    pub recognised: f64,
    /// Its mean confidence, whatever they are.
    pub confidence: f64,
    /// How odd the strokes of the middle one are: [`Judged::oddness`].
    pub oddness: f64,
    /// Median distance of two digits over that of two real ones.
    pub spread: f64,
    /// What translators make of the other domain's digits, into A and into B,
    /// where domains are translated.
    pub pairs: Option<[Pair; 2]>,
}

/// What the real digits are, by which the generated ones are measured.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RealStats {
    /// Share of each class: by the labels where there are any, else as the
    /// judge reads them.
    pub shares: [f64; CLASSES],
    /// Share of them that the judge takes for digits.
    pub recognised: f64,
}

impl Default for RealStats {
    fn default() -> Self {
        Self { shares: [1. / CLASSES as f64; CLASSES], recognised: 1. }
    }
}

/// Many digits, measured; `cargo ganvas eval --count` of as many digits gives
/// the same classes, confidence and divergences.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Survey {
    /// The iteration.
    pub step: u32,
    /// Digits sampled, from seed 0.
    pub digits: usize,
    /// Share of each class, of those that the judge takes for digits.
    #[ts(type = "number[]")]
    pub classes: [f64; CLASSES],
    /// Kullback-Leibler divergence of the shares from equal ones, in nats.
    pub divergence: f64,
    /// Share that the judge takes for digits.
    pub recognised: f64,
    /// The judge's mean confidence, whatever they are.
    pub confidence: f64,
    /// Share that it is sure of.
    pub sure: f64,
    /// The same of the real digits.
    pub sure_real: f64,
    /// Frechet distance as [`compare`] has it; nothing where real digits are
    /// too few.
    #[ts(optional)]
    pub distance: Option<f64>,
    /// The same of as many real digits.
    #[ts(optional)]
    pub floor: Option<f64>,
    /// Between how many digits, and as many, the two are.
    #[ts(optional)]
    pub compared: Option<usize>,
    /// Share of the digits within reach of a real one.
    #[ts(optional)]
    pub precision: Option<f64>,
    /// Share of the real digits within reach of one.
    #[ts(optional)]
    pub recall: Option<f64>,
    /// V(D, G) of the players as they stand, of as many real and generated
    /// digits; only where it was asked for and D's scores are log-odds.
    #[ts(optional)]
    pub value: Option<f64>,
    /// (V + log 4) / 2.
    #[ts(optional)]
    pub jsd: Option<f64>,
    /// Median distance of two digits over that of two real ones.
    pub spread: f64,
}

/// Looks at digits whose latents depend on the iteration alone.
pub(super) fn quick_survey(
    session: &mut Session,
    judge: &mut Judge,
    real_spread: f64,
) -> Result<QuickSurvey> {
    let step = session.steps();
    let pixels = numbers(&session.sample(QUICKLY_SURVEYED as u32, step, None)?);
    let judged = judge.judge(&pixels)?;
    let Recognised { share, counts } = recognised(&judged);
    Ok(QuickSurvey {
        step,
        classes: counts,
        recognised: share,
        confidence: classes(&judged).confidence,
        oddness: middle(&judged.oddness),
        spread: spread(&pixels) / real_spread,
        pairs: pairs(session, judge)?,
    })
}

/// The middle value; 0 of none.
fn middle(values: &[f32]) -> f64 {
    super::median::median(&mut values.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>())
}

/// Real digits as the judge sees them: twice as many as a survey's, or what
/// there is.
#[derive(Default)]
pub struct Reals {
    /// How many there are to be; unknown before the first part.
    wanted: Option<usize>,
    features: Vec<f32>,
    confidences: Vec<f32>,
    /// How much the first of them differ.
    spread: Option<f64>,
    /// What they are, as of how many of them, and whether those had labels.
    own: Option<(RealStats, u32, bool)>,
}

impl Reals {
    /// Whether all of them were looked at.
    pub fn complete(&self) -> bool {
        self.wanted.is_some_and(|wanted| self.features.len() == wanted * FEATURES)
    }

    /// Looks at some more of them.
    pub fn gather(&mut self, session: &mut Session, judge: &mut Judge) -> Result<()> {
        let wanted = *self
            .wanted
            .get_or_insert((session.data().available() as usize).min(2 * SURVEYED) & !1);
        let done = self.features.len() / FEATURES;
        let pixels = numbers(&session.targets(done..wanted.min(done + PART)));
        let judged = judge.judge(&pixels)?;
        self.features.extend(judged.features);
        self.confidences.extend(judged.confidences);
        Ok(())
    }

    /// Looks at some of them, once: the median distance of two, or nothing
    /// where the judge does not know such digits.
    pub fn spread(&mut self, session: &mut Session, judge: &mut Judge) -> Result<Option<f64>> {
        let spread = match self.spread {
            Some(spread) => spread,
            None => spread(&numbers(&session.targets(0..QUICKLY_SURVEYED))).max(1e-6),
        };
        self.spread = Some(spread);
        let available = session.data().available();
        let labelled = session.data().labels() >= available;
        // While digits arrive, by what has arrived: once more when they have
        // doubled, or their labels come.
        let again =
            |(_, seen, told): &(RealStats, u32, bool)| *seen < available / 2 || (labelled && !told);
        if self.own.as_ref().is_none_or(again) {
            self.own = Some((real_stats(session, judge)?, available, labelled));
        }
        Ok(self.known().then_some(spread))
    }

    /// Whether the judge knows them, as far as it has looked.
    pub fn known(&self) -> bool {
        self.own.is_none_or(|(own, ..)| own.recognised > KNOWN)
    }

    /// What they are, as far as it has looked.
    pub fn real_stats(&self) -> RealStats {
        self.own.map(|(own, ..)| own).unwrap_or_default()
    }
}

/// What the real digits are, by some from all of the set: one sorted by class
/// begins with one class.
fn real_stats(session: &mut Session, judge: &mut Judge) -> Result<RealStats> {
    // Of domains, half of the digits are in the one that is made.
    let among = session.data().available() / if session.columns().is_empty() { 1 } else { 2 };
    let count = among.min(READ);
    let mut bytes = Vec::new();
    for i in 0..count {
        let place = (u64::from(i) * u64::from(among) / u64::from(count)) as usize;
        bytes.extend(session.targets(place..place + 1));
    }
    let Recognised { share, counts } = recognised(&judge.judge(&numbers(&bytes))?);
    let read = Recognised { share, counts }.shares();
    Ok(RealStats { shares: told(session).unwrap_or(read), recognised: share })
}

/// The shares of the classes by the labels, where each digit that is in has one
/// of the ten.
fn told(session: &Session) -> Option<[f64; CLASSES]> {
    let (data, mut shares) = (session.data(), [0.; CLASSES]);
    for i in 0..data.available() {
        *shares.get_mut(usize::from(data.label(i)?))? += 1. / f64::from(data.available());
    }
    (data.available() > 0).then_some(shares)
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
            self.judged.digits.extend(judged.digits);
            return Ok(None);
        }
        let Some(scores) = self.scores else {
            self.scores = Some(scores(session)?);
            return Ok(None);
        };
        Ok(Some(self.measured(session, reals, scores)))
    }

    fn measured(&self, session: &mut Session, reals: &Reals, scores: Option<(f64, f64)>) -> Survey {
        let found = recognised(&self.judged);
        let beside = compare(&self.judged.features, &reals.features);
        Survey {
            step: session.steps(),
            digits: SURVEYED,
            classes: found.shares(),
            divergence: found.divergence(),
            recognised: found.share,
            confidence: classes(&self.judged).confidence,
            sure: sure(&self.judged.confidences),
            sure_real: sure(&reals.confidences),
            distance: beside.map(|beside| beside.distance),
            floor: beside.map(|beside| beside.floor),
            compared: beside.map(|beside| beside.count),
            precision: beside.map(|beside| beside.near.precision),
            recall: beside.map(|beside| beside.near.recall),
            value: scores.map(|scores| scores.0),
            jsd: scores.map(|scores| scores.1),
            spread: spread(&self.pixels) / reals.spread.unwrap_or(1.),
        }
    }
}

/// V(D, G) and its divergence.
fn scores(session: &mut Session) -> Result<Option<(f64, f64)>> {
    let scores = session
        .inspect()
        .log_odds(SURVEYED, SEED)
        .transpose()?
        .filter(|(real, _)| !real.is_empty());
    Ok(scores.map(|(real, fake)| (game_value(&real, &fake), jensen_shannon(&real, &fake))))
}

/// The median Euclidean distance of two of the first digits; 0 of fewer than
/// two.
fn spread(pixels: &[f32]) -> f64 {
    let digits: Vec<&[f32]> = pixels.chunks_exact(PIXELS).take(SPREAD).collect();
    let mut distances = Vec::new();
    for (i, a) in digits.iter().enumerate() {
        for b in &digits[..i] {
            let squares: f32 = a.iter().zip(*b).map(|(a, b)| (a - b) * (a - b)).sum();
            distances.push(squares.sqrt());
        }
    }
    middle(&distances)
}
