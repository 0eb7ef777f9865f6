//! What was seen of a run lately: bounded, however long it trains.

use std::collections::VecDeque;

use super::{Glance, Survey};
use crate::data::CLASSES;
use crate::train::{Losses, Pulse};

/// Steps between two glances: the spacing of the alarms' checks.
pub const GLANCE_STEPS: u32 = 50;

/// Steps over which players' scores are averaged.
pub const RECENT: usize = 200;

/// Steps over which the median pull on G is taken.
const PULLED: usize = 20;

/// Glances kept: those of the last 2,000 steps, over which digits may oscillate.
const GLANCES: usize = 40;

/// Surveys kept.
const SURVEYS: usize = 200;

/// Values kept of each running median; beyond it every second is dropped and every second new one is skipped.
const MEDIANS: usize = 512;

/// The gate of alarms on digits: before, there are none to speak of. Confidence alone lets a healthy run in too early: at step 50 the judge is
/// sure (1.00) of `gan`'s digits, which are one and the same blob; they are 0.1 to 0.3 of real digits' distance apart until step 200, and 0.67
/// at step 350, when there are digits of every class.
const GATE_CONFIDENCE: f64 = 0.6;
const GATE_SPREAD: f64 = 0.6;
const GATE_STEP: u32 = 1000;

/// Digits that differ by less than this share of what real ones do are no digits yet, however sure the judge is of them.
pub const BLOBS: f64 = 0.3;

/// What is watched of one iteration: its losses and gradient norms.
pub const SIGNALS: [&str; 6] = ["real", "fake", "g", "held", "d_norm", "g_norm"];

/// The recent past of one run.
#[derive(Clone, Debug, Default)]
pub struct History {
    steps: u32,
    right: VecDeque<f64>,
    g_norms: VecDeque<f64>,
    /// The greatest median of 20 norms of G's gradient.
    g_most: f64,
    /// The greatest since the alarms were last checked.
    peaks: [f64; SIGNALS.len()],
    so_far: [Running; SIGNALS.len()],
    glances: VecDeque<Glance>,
    surveys: VecDeque<Survey>,
    /// The step from which there were digits.
    digits_since: Option<u32>,
}

impl History {
    /// Takes down an iteration.
    pub fn note(&mut self, steps: u32, losses: &Losses, pulse: &Pulse) {
        self.steps = steps;
        push(&mut self.right, pulse.right(), RECENT);
        push(&mut self.g_norms, f64::from(pulse.g_norm), PULLED);
        self.g_most = self.g_most.max(self.g_now());
        let held = losses.penalty + losses.cycle;
        let now = [losses.real, losses.fake, losses.generator, held, pulse.d_norm, pulse.g_norm];
        for ((running, peak), value) in self.so_far.iter_mut().zip(&mut self.peaks).zip(now) {
            let size = f64::from(value).abs();
            running.add(size);
            // Not `max` alone, which would pass over what is no number.
            *peak = if size.is_nan() || peak.is_nan() { f64::NAN } else { peak.max(size) };
        }
        if self.digits_since.is_none() && steps >= GATE_STEP {
            self.digits_since = Some(steps);
        }
    }

    /// Takes down a glance.
    pub fn glanced(&mut self, glance: Glance) {
        let digits = glance.confidence > GATE_CONFIDENCE && glance.spread > GATE_SPREAD;
        if self.digits_since.is_none() && digits {
            self.digits_since = Some(glance.step);
        }
        push(&mut self.glances, glance, GLANCES);
    }

    /// Takes down a survey; of two at one step the later counts.
    pub fn surveyed(&mut self, survey: Survey) {
        if self.surveys.back().is_some_and(|last| last.step == survey.step) {
            self.surveys.pop_back();
        }
        push(&mut self.surveys, survey, SURVEYS);
    }

    /// Iterations done.
    pub fn steps(&self) -> u32 {
        self.steps
    }

    /// Surveys, oldest first.
    pub fn surveys(&self) -> impl DoubleEndedIterator<Item = &Survey> {
        self.surveys.iter()
    }

    /// Glances, oldest first.
    pub fn glances(&self) -> impl DoubleEndedIterator<Item = &Glance> {
        self.glances.iter()
    }

    /// Whether the last glance is 50 steps ago.
    pub fn glance_due(&self) -> bool {
        self.steps >= self.glances.back().map_or(0, |glance| glance.step) + GLANCE_STEPS
    }

    /// The first step at which alarms on digits count: the judge's confidence had passed 0.6 on digits that differ (by 0.6 of what real ones
    /// do), or 1,000 steps were done.
    pub fn digits_since(&self) -> Option<u32> {
        self.digits_since
    }

    /// Whether the last few glances look as if most digits were of one class, classes were missing, or all digits one: then a survey is due
    /// every 50 steps, so that three of them can tell. While `collapsed`, one every 200 steps tells whether it still is.
    pub fn survey_due(&self, collapsed: bool) -> bool {
        let last = self.surveys.back();
        let since = self.steps - last.map_or(0, |survey| survey.step.min(self.steps));
        if self.digits_since.is_none() || since < GLANCE_STEPS {
            return false;
        }
        if collapsed {
            return since >= 4 * GLANCE_STEPS;
        }
        let counts = self.lately(2);
        let most = counts.iter().max().copied().unwrap_or(0);
        let total: u32 = counts.iter().sum();
        let missing = counts.iter().filter(|&&count| count * 40 <= total).count();
        let alike = self.glances.back().is_some_and(|glance| glance.spread < 0.2);
        total > 0 && (5 * most >= 2 * total || missing >= 3 || alike)
    }

    /// Digits of each class in the last `count` glances.
    pub fn lately(&self, count: usize) -> [u32; CLASSES] {
        sum(self.glances.iter().rev().take(count))
    }

    /// Shares of each class in windows of `count` glances, from the step on from which there were digits; (last step, shares), oldest first.
    pub fn windows(&self, count: usize) -> Vec<(u32, [f64; CLASSES])> {
        let since = self.digits_since.unwrap_or(u32::MAX);
        let glances: Vec<&Glance> = self.glances.iter().filter(|glance| glance.step >= since).collect();
        let shares = |part: &[&Glance]| {
            let counts = sum(part.iter().copied());
            let total: u32 = counts.iter().sum();
            (part[part.len() - 1].step, counts.map(|n| f64::from(n) / f64::from(total.max(1))))
        };
        glances.windows(count).map(shares).collect()
    }

    /// The judge's mean confidence in the last `count` glances, if there were as many.
    pub fn confidence(&self, count: usize) -> Option<f64> {
        let last = self.glances.iter().rev().take(count).map(|glance| glance.confidence);
        (self.glances.len() >= count).then(|| last.sum::<f64>() / count as f64)
    }

    /// The mean spread of the last `count` glances, if there were as many.
    pub fn spread(&self, count: usize) -> Option<f64> {
        let last = self.glances.iter().rev().take(count).map(|glance| glance.spread);
        (self.glances.len() >= count).then(|| last.sum::<f64>() / count as f64)
    }

    /// On how many of real and generated digits D was right over the last 200 steps, if there were as many.
    pub fn right(&self) -> Option<f64> {
        (self.right.len() == RECENT).then(|| self.right.iter().sum::<f64>() / RECENT as f64)
    }

    /// The median norm of G's gradient over the last 20 steps, and the greatest that it ever was.
    pub fn g_norm(&self) -> (f64, f64) {
        (self.g_now(), self.g_most)
    }

    fn g_now(&self) -> f64 {
        let mut last: Vec<f64> = self.g_norms.iter().copied().collect();
        if last.len() < PULLED { 0. } else { median(&mut last) }
    }

    /// The alarms were checked.
    pub fn checked(&mut self) {
        self.peaks = [0.; SIGNALS.len()];
    }

    /// Each signal's greatest size since the last check, with its median so far after 100 steps.
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

fn sum<'a>(glances: impl Iterator<Item = &'a Glance>) -> [u32; CLASSES] {
    glances.fold([0; CLASSES], |sum, glance| std::array::from_fn(|i| sum[i] + glance.classes[i]))
}

/// The middle value; 0 of none.
pub fn median(values: &mut [f64]) -> f64 {
    let middle = values.len() / 2;
    if values.is_empty() { 0. } else { *values.select_nth_unstable_by(middle, f64::total_cmp).1 }
}

/// A running median over evenly spaced values of all so far.
#[derive(Clone, Debug, Default)]
struct Running {
    kept: Vec<f64>,
    count: u64,
    every: u64,
}

impl Running {
    fn add(&mut self, value: f64) {
        let every = self.every.max(1);
        if self.count.is_multiple_of(every) {
            self.kept.push(value);
        }
        self.count += 1;
        if self.kept.len() == MEDIANS {
            let mut index = 0;
            self.kept.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.every = 2 * every;
        }
    }

    fn median(&self) -> f64 {
        median(&mut self.kept.clone())
    }
}
