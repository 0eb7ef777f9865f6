//! Surveys: a quick survey judges a few images, a survey measures many.

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

/// Images in a survey.
pub const SURVEYED: usize = 512;

/// Images in a quick survey.
pub const QUICKLY_SURVEYED: usize = 64;

/// Images judged in one part of a survey.
const PART: usize = 64;

/// The judge knows a type of image if it recognises more than this share of
/// the real images as digits: it recognises 0.95 of MNIST's, 0.1 of letters.
pub const KNOWN: f64 = 0.4;

/// Real images, spread over the set, from which the judge decides whether it
/// knows them and reads their classes.
const READ: u32 = 256;

/// Images between which distances are computed, pair by pair.
const SPREAD: usize = 32;

/// The seed of surveyed images: that of `eval`, so that both give the same
/// figures for the same number of images.
const SEED: u32 = 0;

/// A few images of fresh latent vectors, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct QuickSurvey {
    /// The iteration.
    pub step: u32,
    /// Number of images in each class, of those that the judge recognises as
    /// digits.
    pub classes: [u32; CLASSES],
    /// Share that the judge recognises as digits.
    pub recognised: f64,
    /// The judge's mean confidence over all images, recognised or not.
    pub confidence: f64,
    /// Median oddness of their strokes: [`Judged::oddness`].
    pub oddness: f64,
    /// Median distance between two images, over that between two real ones.
    pub spread: f64,
    /// What the translators into A and into B do to images of the other domain;
    /// none if the GAN does not translate.
    pub pairs: Option<[Pair; 2]>,
}

/// Statistics of the real images, with which the generated ones are compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RealStats {
    /// Share of each class: by the labels if every image has one, otherwise as
    /// the judge reads them.
    pub shares: [f64; CLASSES],
    /// Share of them that the judge recognises as digits.
    pub recognised: f64,
}

impl Default for RealStats {
    fn default() -> Self {
        Self { shares: [1. / CLASSES as f64; CLASSES], recognised: 1. }
    }
}

/// Many images, measured; `cargo ganvas eval --count` with the same count gives
/// the same classes, confidence and divergences.
#[derive(Clone, Debug, PartialEq, Serialize, TS)]
pub struct Survey {
    /// The iteration.
    pub step: u32,
    /// Number of images sampled, from seed 0.
    pub digits: usize,
    /// Share of each class, of the images that the judge recognises as digits.
    #[ts(type = "number[]")]
    pub classes: [f64; CLASSES],
    /// Kullback-Leibler divergence of the shares from equal shares, in nats.
    pub divergence: f64,
    /// Share that the judge recognises as digits.
    pub recognised: f64,
    /// The judge's mean confidence over all images, recognised or not.
    pub confidence: f64,
    /// Share of which the judge is sure.
    pub sure: f64,
    /// The same of the real images.
    pub sure_real: f64,
    /// Frechet distance to the real images, as [`compare`] computes it; none if
    /// there are too few real images.
    #[ts(optional)]
    pub distance: Option<f64>,
    /// The same between two sets of real images.
    #[ts(optional)]
    pub floor: Option<f64>,
    /// Number of images in each of the two sets that are compared.
    #[ts(optional)]
    pub compared: Option<usize>,
    /// Share of the generated images within reach of a real one.
    #[ts(optional)]
    pub precision: Option<f64>,
    /// Share of the real images within reach of a generated one.
    #[ts(optional)]
    pub recall: Option<f64>,
    /// V(D, G) of the present players, over as many real as generated images;
    /// only if it was requested and D's scores are log-odds.
    #[ts(optional)]
    pub value: Option<f64>,
    /// (V + log 4) / 2.
    #[ts(optional)]
    pub jsd: Option<f64>,
    /// Median distance between two images, over that between two real ones.
    pub spread: f64,
}

/// Surveys images whose latent vectors depend on the iteration alone.
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

/// The median; 0 if there are no values.
fn middle(values: &[f32]) -> f64 {
    super::median::median(&mut values.iter().map(|&value| f64::from(value)).collect::<Vec<f64>>())
}

/// Real images as the judge sees them: twice as many as in a survey, or all
/// there are.
#[derive(Default)]
pub struct Reals {
    /// How many there will be; unknown before the first part.
    wanted: Option<usize>,
    features: Vec<f32>,
    confidences: Vec<f32>,
    /// Median distance between two of the first ones.
    spread: Option<f64>,
    /// Their statistics, how many images were available for them, and whether
    /// those had labels.
    own: Option<(RealStats, u32, bool)>,
}

impl Reals {
    /// Whether all of them were judged.
    pub fn complete(&self) -> bool {
        self.wanted.is_some_and(|wanted| self.features.len() == wanted * FEATURES)
    }

    /// Judges some more of them.
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

    /// The median distance between two of them, computed once; none if the
    /// judge does not know this type of image.
    pub fn spread(&mut self, session: &mut Session, judge: &mut Judge) -> Result<Option<f64>> {
        let spread = match self.spread {
            Some(spread) => spread,
            None => spread(&numbers(&session.targets(0..QUICKLY_SURVEYED))).max(1e-6),
        };
        self.spread = Some(spread);
        let available = session.data().available();
        let labelled = session.data().labels() >= available;
        // While images arrive, by those that have arrived: again once their
        // number has doubled, or their labels arrive.
        let again = |(_, count, had_labels): &(RealStats, u32, bool)| {
            *count < available / 2 || (labelled && !had_labels)
        };
        if self.own.as_ref().is_none_or(again) {
            self.own = Some((real_stats(session, judge)?, available, labelled));
        }
        Ok(self.known().then_some(spread))
    }

    /// Whether the judge knows them, as far as it has looked.
    pub fn known(&self) -> bool {
        self.own.is_none_or(|(own, ..)| own.recognised > KNOWN)
    }

    /// Their statistics, as far as the judge has looked.
    pub fn real_stats(&self) -> RealStats {
        self.own.map(|(own, ..)| own).unwrap_or_default()
    }
}

/// Statistics of the real images, from some spread over the set: a set sorted
/// by class begins with one class.
fn real_stats(session: &mut Session, judge: &mut Judge) -> Result<RealStats> {
    // Of two domains, half of the images are in the target domain.
    let among = session.data().available() / if session.columns().is_empty() { 1 } else { 2 };
    let count = among.min(READ);
    let mut bytes = Vec::new();
    for i in 0..count {
        let place = (u64::from(i) * u64::from(among) / u64::from(count)) as usize;
        bytes.extend(session.targets(place..place + 1));
    }
    let Recognised { share, counts } = recognised(&judge.judge(&numbers(&bytes))?);
    let read = Recognised { share, counts }.shares();
    Ok(RealStats { shares: label_shares(session).unwrap_or(read), recognised: share })
}

/// The shares of the classes by the labels, if each image loaded so far has one
/// of the ten.
fn label_shares(session: &Session) -> Option<[f64; CLASSES]> {
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
    /// Begins a survey, `with_scores` or without the value of the game.
    pub fn new(with_scores: bool) -> Self {
        let scores = if with_scores { None } else { Some(None) };
        Self { pixels: Vec::new(), judged: Judged::default(), scores }
    }

    /// Does the next part; returns the survey with the last one.
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

/// V(D, G) and its Jensen-Shannon divergence; none if D's scores are not
/// log-odds.
fn scores(session: &mut Session) -> Result<Option<(f64, f64)>> {
    let scores = session
        .inspect()
        .log_odds(SURVEYED, SEED)
        .transpose()?
        .filter(|(real, _)| !real.is_empty());
    Ok(scores.map(|(real, fake)| (game_value(&real, &fake), jensen_shannon(&real, &fake))))
}

/// The median Euclidean distance between two of the first images; 0 if there
/// are fewer than two.
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
