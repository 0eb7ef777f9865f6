//! Images to show: translations there and back, and the truth.

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

/// The preview's columns: an image of A, translated into B, translated back
/// into A, the truth in B; and the same for an image of B.
pub const COLUMNS: [&str; 8] = ["a", "a-b", "a-b-a", "b-true", "b", "b-a", "b-a-b", "a-true"];

/// Images are translated in parts of this many, so that memory stays bounded.
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

/// The iteration view: the first images of domain B, then those of A; each
/// image's score is the mean of its patches' scores.
pub(super) fn iteration(halves: &[Half; 2]) -> IterationView {
    const EACH: usize = iteration_view::SHOWN / 2;
    let (mut all, mut slopes) = (IterationView::default(), Vec::new());
    for half in halves.iter().rev() {
        let work = &half.work;
        let fake_scores = work.fake_scores.as_ref().or(work.scored.as_ref());
        all.real.extend(iteration_view::images(work.real.as_ref(), EACH));
        all.fake.extend(iteration_view::images(work.fake.as_ref().map(Trace::output), EACH));
        slopes.extend(iteration_view::slopes(work.push.as_ref(), EACH));
        all.real_scores.extend(iteration_view::scores(work.real_scores.as_ref(), EACH));
        all.fake_scores.extend(iteration_view::scores(fake_scores, EACH));
    }
    all.push = signed(&slopes);
    all
}

impl Cycle {
    /// Eight images of each half of the set, row by row in [`COLUMNS`], as
    /// bytes.
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

    /// Random images drawn from `seed`, as domain A shows them, translated into
    /// B, as bytes: the numbers `digits` of the sequence.
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

    /// Images of the domain B, into which samples are translated, as bytes.
    pub fn targets(&self, digits: Range<usize>, data: &mut Dataset) -> Vec<u8> {
        let end = digits.end.min(data.available() as usize / 2) as u32;
        let odd = (digits.start as u32..end).map(|i| 2 * i + 1);
        views(self.progress.hyper.domains, Side::B, odd, data)
    }

    /// An image translated from A to B and from B to A, as bytes.
    pub fn translate_image(&mut self, image: &[u8]) -> Result<Vec<u8>> {
        Ok([self.translate_into(Side::B, image)?, self.translate_into(Side::A, image)?].concat())
    }

    /// Images of the domain `from`, translated there and back, with the truth.
    pub fn translate(
        &mut self,
        from: Side,
        digits: &[u32],
        data: &mut Dataset,
    ) -> Result<Translation> {
        let (domains, to) = (self.progress.hyper.domains, from.other());
        let given = views(domains, from, digits.iter().copied(), data);
        let made = self.translate_into(to, &given)?;
        let back = self.translate_into(from, &made)?;
        let truth = domains.truth_known().then(|| views(domains, to, digits.iter().copied(), data));
        Ok(Translation { given, made, back, truth })
    }

    /// Images of the other domain, translated into that of `side` by the
    /// running average of its translator.
    pub(super) fn translate_into(&mut self, side: Side, digits: &[u8]) -> Result<Vec<u8>> {
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
