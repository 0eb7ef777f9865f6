//! The recent history of a run, bounded however long it trains.

use std::collections::VecDeque;

use super::median::{Running, median};
use super::stage::Stage;
use super::survey::QUICKLY_SURVEYED;
use super::{Pair, QuickSurvey, RealStats, Survey};
use crate::data::CLASSES;
use crate::train::{Losses, StepStats};

/// Steps between two quick surveys, by the definitions of the alarms.
pub const QUICK_SURVEY_STEPS: u32 = 50;

/// Steps over which the share of D's right answers is averaged.
pub const RECENT: usize = 200;

/// Steps over which the median norm of G's gradient is taken.
const PULLED: usize = 20;

/// Quick surveys kept: those of the last 2,000 steps, within which oscillation
/// is defined, at one every 50 steps.
const QUICK_SURVEYS: usize = 40;

/// Surveys kept.
const SURVEYS: usize = 200;

/// The gate of alarms on images: before it, there are no digits to speak of.
/// That the judge recognises some images opens it too early for a healthy run:
/// at step 50 `gan`'s are one and the same blob; they are 0.1 to 0.3 of real
/// digits' distance apart until step 200, and 0.67 at step 350, when there are
/// digits of every class.
const GATE_READ: f64 = 0.3;
const GATE_SPREAD: f64 = 0.6;
const GATE_STEP: u32 = 1000;
/// Quick surveys that decide whether images are of nearly all classes.
const VARIED: usize = 4;

/// A class with a smaller share of the data than this is too rare to be
/// missing.
pub const RARE: f64 = 0.05;

/// Images whose spread is below this share of that of real ones are not digits
/// yet, however sure the judge is of them.
pub const BLOBS: f64 = 0.3;

/// The signals of one iteration: its losses and gradient norms.
pub const SIGNALS: [&str; 6] = ["real", "fake", "g", "held", "d_norm", "g_norm"];

/// The recent history of one run.
#[derive(Clone, Debug, Default)]
pub struct History {
    steps: u32,
    right: VecDeque<f64>,
    g_norms: VecDeque<f64>,
    /// The greatest median of 20 norms of G's gradient.
    g_most: f64,
    /// The greatest size of each signal since the alarms were last checked.
    peaks: [f64; SIGNALS.len()],
    so_far: [Running; SIGNALS.len()],
    /// D's share of right answers in each half of the game, where domains are
    /// translated: into A, into B.
    right_of_each: [VecDeque<f64>; 2],
    /// The last step at which the norm of G's gradient was a tenth of the
    /// greatest.
    pulled: u32,
    /// The last step at which every signal was within ten times its median.
    calm: u32,
    own: RealStats,
    quick_surveys: VecDeque<QuickSurvey>,
    /// Surveys that count: each at least 50 steps after the last.
    surveys: VecDeque<Survey>,
    stage: Stage,
    /// The step from which surveys count for a plateau.
    plateau_since: u32,
    /// Whether there ever were digits.
    had_digits: bool,
    /// The step from which alarms on images count.
    digits_since: Option<u32>,
    /// The step from which images were of nearly all classes.
    varied_since: Option<u32>,
}

impl History {
    /// Records an iteration.
    pub fn record(&mut self, steps: u32, losses: &Losses, stats: &StepStats) {
        self.steps = steps;
        push(&mut self.right, stats.right(), RECENT);
        push(&mut self.g_norms, f64::from(stats.g_norm), PULLED);
        self.g_most = self.g_most.max(self.g_now());
        if self.g_now() >= 0.1 * self.g_most {
            self.pulled = steps;
        }
        let added = losses.penalty + losses.cycle;
        let now = [losses.real, losses.fake, losses.generator, added, stats.d_norm, stats.g_norm];
        let mut calm = true;
        for ((running, peak), value) in self.so_far.iter_mut().zip(&mut self.peaks).zip(now) {
            let size = f64::from(value).abs();
            calm &= running.count < 20 || size < 10. * running.latest().max(0.1);
            running.add(size);
            // `max` alone would ignore NaN.
            *peak = if size.is_nan() || peak.is_nan() { f64::NAN } else { peak.max(size) };
        }
        if calm {
            self.calm = steps;
        }
        if steps >= GATE_STEP {
            self.digits_since.get_or_insert(steps);
            self.varied_since.get_or_insert(steps);
        }
    }

    /// Records D's share of right answers in each half of a game of two.
    pub fn record_each(&mut self, right: [f64; 2]) {
        self.right_of_each.iter_mut().zip(right).for_each(|(all, right)| push(all, right, RECENT));
    }

    /// Sets the statistics of the real images.
    pub fn set_real_stats(&mut self, own: RealStats) {
        self.own = own;
    }

    /// Statistics of the real images, as far as the judge has looked.
    pub fn real_stats(&self) -> &RealStats {
        &self.own
    }

    /// Records a quick survey.
    pub fn add_quick_survey(&mut self, quick_survey: QuickSurvey) {
        let digits = quick_survey.recognised > GATE_READ * self.own.recognised
            && quick_survey.spread > GATE_SPREAD;
        self.had_digits |= digits;
        if digits {
            self.digits_since.get_or_insert(quick_survey.step);
        }
        let step = quick_survey.step;
        push(&mut self.quick_surveys, quick_survey, QUICK_SURVEYS);
        if self.digits_since.is_some() && self.lacking(VARIED) < self.too_many_missing() {
            self.varied_since.get_or_insert(step);
        }
        self.stage = self.stage.next(self);
    }

    /// Records a survey. A survey less than 50 steps after the last that counts
    /// does not count: what three surveys agree on must have lasted. Of two at
    /// one step the later counts.
    pub fn add_survey(&mut self, survey: Survey) {
        match self.surveys.back_mut() {
            Some(last) if last.step == survey.step => *last = survey,
            Some(last) if survey.step < last.step + QUICK_SURVEY_STEPS => {}
            _ => push(&mut self.surveys, survey, SURVEYS),
        }
    }

    /// Starts the search for a plateau here, after a change that is expected to
    /// make images better.
    pub fn forget_plateau(&mut self) {
        self.plateau_since = self.steps;
    }

    /// Surveys that count for a plateau, oldest first.
    pub fn surveys_of_plateau(&self) -> impl DoubleEndedIterator<Item = &Survey> {
        self.surveys.iter().filter(|survey| survey.step >= self.plateau_since)
    }

    /// The stage of the run.
    pub fn stage(&self) -> Stage {
        self.stage
    }

    /// Iterations done.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Surveys that count, oldest first.
    pub fn surveys(&self) -> impl DoubleEndedIterator<Item = &Survey> {
        self.surveys.iter()
    }

    /// Quick surveys, oldest first.
    pub fn quick_surveys(&self) -> impl DoubleEndedIterator<Item = &QuickSurvey> {
        self.quick_surveys.iter()
    }

    /// Whether the last quick survey is at least 50 steps old.
    pub fn quick_survey_due(&self) -> bool {
        self.steps
            >= self.quick_surveys.back().map_or(0, |quick_survey| quick_survey.step)
                + QUICK_SURVEY_STEPS
    }

    /// The first step at which alarms on images count: the judge had recognised
    /// 0.3 of the share that it recognises of real images, among images that
    /// differ (by 0.6 of what real ones do), or 1,000 steps were done.
    pub fn digits_since(&self) -> Option<u32> {
        self.digits_since
    }

    /// Whether there ever were digits: a run that never made any has not
    /// collapsed.
    pub fn had_digits(&self) -> bool {
        self.had_digits
    }

    /// The first step at which classes can be missing: fewer were missing than
    /// in a collapse, or 1,000 steps were done. A healthy `gan` makes sevens
    /// and eights before it makes ones.
    pub fn varied_since(&self) -> Option<u32> {
        self.varied_since
    }

    /// Number of classes of the data that hardly appear in the last `count`
    /// quick surveys.
    fn lacking(&self, count: usize) -> usize {
        let counts = self.recent_classes(count);
        let total: u32 = counts.iter().sum();
        let lacks = |(&count, own): (&u32, &f64)| {
            *own >= RARE && f64::from(count) <= 0.25 * own * f64::from(total)
        };
        counts.iter().zip(&self.own.shares).filter(|pair| lacks(*pair)).count()
    }

    /// Whether a survey is due: in the last quick surveys it looks as if most
    /// images were of one class, classes were missing, or all images were
    /// alike. Then one is due every 50 steps, so that three of them can decide.
    /// While `collapsed`, one every 200 steps shows whether the collapse lasts.
    pub fn survey_due(&self, collapsed: bool) -> bool {
        let last = self.surveys.back();
        let since = self.steps - last.map_or(0, |survey| survey.step.min(self.steps));
        if self.digits_since.is_none() || since < QUICK_SURVEY_STEPS {
            return false;
        }
        if collapsed {
            return since >= 4 * QUICK_SURVEY_STEPS;
        }
        let counts = self.recent_classes(2);
        let most = counts.iter().max().copied().unwrap_or(0);
        let total: u32 = counts.iter().sum();
        let alike = self.quick_surveys.back().is_some_and(|quick_survey| quick_survey.spread < 0.2);
        alike
            || (total > 0 && (5 * most >= 2 * total || self.lacking(2) >= self.too_many_missing()))
    }

    /// Images judged in the last `count` quick surveys.
    pub fn looked(&self, count: usize) -> u32 {
        QUICKLY_SURVEYED as u32 * self.quick_surveys.iter().rev().take(count).count() as u32
    }

    /// How many classes of the data, of those that are not rare, must be
    /// missing for a collapse: three of ten, and in proportion of fewer.
    pub fn too_many_missing(&self) -> usize {
        let there = self.own.shares.iter().filter(|share| **share >= RARE).count();
        (3 * there).div_ceil(10).max(1)
    }

    /// Images of each class in the last `count` quick surveys.
    pub fn recent_classes(&self, count: usize) -> [u32; CLASSES] {
        sum(self.quick_surveys.iter().rev().take(count))
    }

    /// Shares of each class in windows of `count` quick surveys of the last
    /// `steps`, starting with the first digits; (last step, shares), oldest
    /// first. Windows of which the judge recognises less than half are left
    /// out.
    pub fn windows(&self, count: usize, steps: u32) -> Vec<(u32, [f64; CLASSES])> {
        let since = self.digits_since.unwrap_or(u32::MAX).max(self.steps.saturating_sub(steps));
        let quick_surveys: Vec<&QuickSurvey> =
            self.quick_surveys.iter().filter(|quick_survey| quick_survey.step >= since).collect();
        let shares = |part: &[&QuickSurvey]| {
            let counts = sum(part.iter().copied());
            let total: u32 = counts.iter().sum();
            (part[part.len() - 1].step, counts.map(|n| f64::from(n) / f64::from(total.max(1))))
        };
        let read = |part: &&[&QuickSurvey]| {
            part.iter().map(|quick_survey| quick_survey.recognised).sum::<f64>()
                > 0.5 * count as f64 * self.own.recognised
        };
        quick_surveys.windows(count).filter(read).map(shares).collect()
    }

    /// The mean of `of` over the last `count` quick surveys; none if there are
    /// fewer, or if `of` gives none for one of them.
    pub fn mean(&self, count: usize, of: impl Fn(&QuickSurvey) -> Option<f64>) -> Option<f64> {
        let last: Option<Vec<f64>> = self.quick_surveys.iter().rev().take(count).map(of).collect();
        last.filter(|all| all.len() == count && count > 0)
            .map(|all| all.iter().sum::<f64>() / count as f64)
    }

    /// The share of the last `count` quick surveys' images that the judge
    /// recognises, over that of real ones: 1 at most.
    pub fn readable(&self, count: usize) -> Option<f64> {
        self.mean(count, |quick_survey| Some(quick_survey.recognised))
            .map(|share| (share / self.own.recognised.max(0.01)).min(1.))
    }

    /// The mean spread of the last `count` quick surveys; none if there are
    /// fewer.
    pub fn spread(&self, count: usize) -> Option<f64> {
        self.mean(count, |quick_survey| Some(quick_survey.spread))
    }

    /// The mean of `of` for the translator into the domain `side` (0: A, 1: B)
    /// over the last `count` quick surveys.
    pub fn pair(
        &self,
        count: usize,
        side: usize,
        of: impl Fn(&Pair) -> Option<f64>,
    ) -> Option<f64> {
        self.mean(count, |quick_survey| of(&quick_survey.pairs.as_ref()?[side]))
    }

    /// The share of real and generated images on which D was right over the
    /// last 200 steps; none if there are fewer steps.
    pub fn right(&self) -> Option<f64> {
        (self.right.len() == RECENT).then(|| self.right.iter().sum::<f64>() / RECENT as f64)
    }

    /// The same of each half of a game of two.
    pub fn right_of_each(&self) -> Option<[f64; 2]> {
        let mean = |all: &VecDeque<f64>| {
            (all.len() == RECENT).then(|| all.iter().sum::<f64>() / RECENT as f64)
        };
        Some([mean(&self.right_of_each[0])?, mean(&self.right_of_each[1])?])
    }

    /// The last step at which the norm of G's gradient was at least a tenth of
    /// the greatest, and the last at which every signal was near its usual
    /// size.
    pub fn good_until(&self) -> (u32, u32) {
        (self.pulled, self.calm)
    }

    /// The median norm of G's gradient over the last 20 steps, and the greatest
    /// so far.
    pub fn g_norm(&self) -> (f64, f64) {
        (self.g_now(), self.g_most)
    }

    fn g_now(&self) -> f64 {
        let mut last: Vec<f64> = self.g_norms.iter().copied().collect();
        if last.len() < PULLED { 0. } else { median(&mut last) }
    }

    /// Begins to collect peaks for the next check of the alarms.
    pub fn checked(&mut self) {
        self.peaks = [0.; SIGNALS.len()];
    }

    /// Each signal's greatest size since the last check, and its median so far
    /// once there are 100 steps.
    pub fn signals(&self) -> [(f64, Option<f64>); SIGNALS.len()] {
        let median = |i: usize| (self.so_far[i].count >= 100).then(|| self.so_far[i].median());
        std::array::from_fn(|i| (self.peaks[i], median(i)))
    }
}

fn push<T>(queue: &mut VecDeque<T>, value: T, most: usize) {
    if queue.len() == most {
        queue.pop_front();
    }
    queue.push_back(value);
}

fn sum<'a>(quick_surveys: impl Iterator<Item = &'a QuickSurvey>) -> [u32; CLASSES] {
    quick_surveys.fold([0; CLASSES], |sum, quick_survey| {
        std::array::from_fn(|i| sum[i] + quick_survey.classes[i])
    })
}
