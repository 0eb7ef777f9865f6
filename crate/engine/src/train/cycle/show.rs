//! Digits to look at: there, back, and the truth.

use std::ops::Range;

use super::super::game::PREVIEW;
use super::super::iteration_view::{self, IterationView, signed};
use super::{Cycle, Half, Translation};
use crate::data::{Dataset, Domains, Side, bytes, numbers};
use crate::error::Result;
use crate::kernel::Batch;
use crate::net::{Pass, Trace};
use crate::rng::{Purpose, stream};
use rand_chacha::rand_core::RngCore;

/// The preview's columns: a digit of A, in B, back in A, the truth in B; and a
/// digit of B likewise.
pub const COLUMNS: [&str; 8] = ["a", "a-b", "a-b-a", "b-true", "b", "b-a", "b-a-b", "a-true"];

/// Digits are translated in parts of this many, so that memory stays bounded.
const PART: usize = 256;

/// Images as a domain shows them, as bytes.
pub(super) fn views(
    domains: Domains,
    side: Side,
    digits: impl Iterator<Item = u32>,
    data: &mut Dataset,
) -> Vec<u8> {
    digits.flat_map(|i| domains.view(side, data, i)).collect()
}

/// The tensors at hand: the first digits of domain B, then those of A; of the
/// patches' scores, each digit's mean.
pub(super) fn view(halves: &[Half; 2]) -> IterationView {
    const EACH: usize = iteration_view::SHOWN / 2;
    let (mut all, mut slopes) = (IterationView::default(), Vec::new());
    for half in halves.iter().rev() {
        let work = &half.work;
        let judged = work.fake_scores.as_ref().or(work.scored.as_ref());
        all.real.extend(iteration_view::digits(work.real.as_ref(), EACH));
        all.fake.extend(iteration_view::digits(work.fake.as_ref().map(Trace::output), EACH));
        slopes.extend(iteration_view::slopes(work.push.as_ref(), EACH));
        all.real_scores.extend(iteration_view::scores(work.real_scores.as_ref(), EACH));
        all.fake_scores.extend(iteration_view::scores(judged, EACH));
    }
    all.push = signed(&slopes);
    all
}

impl Cycle {
    /// Eight digits of each half, row by row in [`COLUMNS`].
    pub fn preview(&mut self, data: &mut Dataset) -> Result<Vec<u8>> {
        let (rows, size) = (PREVIEW / COLUMNS.len(), self.progress.sample.shape.size());
        let mut columns = Vec::with_capacity(COLUMNS.len());
        for from in Side::ALL {
            let digits: Vec<u32> = (0..rows as u32).map(|row| 2 * row + from as u32).collect();
            let made = self.translate(from, &digits, data)?;
            let unknown = || vec![0; rows * size];
            columns.extend([made.given, made.made, made.back, made.truth.unwrap_or_else(unknown)]);
        }
        let digit = |i: usize| &columns[i % COLUMNS.len()][i / COLUMNS.len() * size..][..size];
        Ok((0..PREVIEW).flat_map(digit).copied().collect())
    }

    /// Digits of A drawn from `seed`, in B: those numbered `digits` of the row.
    pub fn sample(
        &mut self,
        digits: Range<usize>,
        seed: u32,
        data: &mut Dataset,
    ) -> Result<Vec<u8>> {
        let mut rng = stream(seed, Purpose::Samples);
        let most = u64::from(data.total().max(1));
        rng.set_word_pos(digits.start as u128);
        let digits: Vec<u32> =
            digits.map(|_| ((u64::from(rng.next_u32()) * most) >> 32) as u32).collect();
        Ok(self.translate(Side::A, &digits, data)?.made)
    }

    /// Digits of the domain B, into which samples are translated.
    pub fn targets(&self, digits: Range<usize>, data: &mut Dataset) -> Vec<u8> {
        let end = digits.end.min(data.available() as usize / 2) as u32;
        let odd = (digits.start as u32..end).map(|i| 2 * i + 1);
        views(self.progress.hyper.domains, Side::B, odd, data)
    }

    /// An image as each domain has it in the other, A to B and B to A, as
    /// bytes.
    pub fn translate_image(&mut self, image: &[u8]) -> Result<Vec<u8>> {
        Ok([self.shown(Side::B, image)?, self.shown(Side::A, image)?].concat())
    }

    /// Digits of the domain `from`, there and back, beside the truth.
    pub fn translate(
        &mut self,
        from: Side,
        digits: &[u32],
        data: &mut Dataset,
    ) -> Result<Translation> {
        let (domains, to) = (self.progress.hyper.domains, from.other());
        let given = views(domains, from, digits.iter().copied(), data);
        let made = self.shown(to, &given)?;
        let back = self.shown(from, &made)?;
        let truth = domains.truth_known().then(|| views(domains, to, digits.iter().copied(), data));
        Ok(Translation { given, made, back, truth })
    }

    /// Digits of the other domain in that of `side`, by its translator as it is
    /// shown: the running average.
    pub(super) fn shown(&mut self, side: Side, digits: &[u8]) -> Result<Vec<u8>> {
        let net = &self.halves[side as usize].pair.average.net;
        let mut pixels = Vec::with_capacity(digits.len());
        let size = self.progress.sample.shape.size();
        for part in digits.chunks(PART * size) {
            let x = Batch::new(part.len() / size, &numbers(part)[..]);
            let y = net.forward(&x, &[], Pass::Eval, &mut self.progress.workspace)?;
            pixels.extend(bytes(y.numbers()));
        }
        Ok(pixels)
    }
}
