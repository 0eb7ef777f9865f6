//! Images to show: of the fixed latent vectors, of one vector, of new ones.

use std::ops::Range;

use super::super::game::{Logits, in_turn};
use super::Duel;
use crate::data::{Dataset, bytes};
use crate::error::{Error, Result};
use crate::kernel::{Batch, Buffer, Workspace};
use crate::latent::LatentGenerator;
use crate::net::{Net, Pass};
use crate::recipe::Hyper;
use crate::rng::{Purpose, stream};

/// A discriminator's score of the images (n, size) that it scores together, the
/// mean over its patches, and the gradient of the score by each of the `size`
/// numbers, summed over the images.
pub(in crate::train) fn score_with_gradient(
    net: &Net,
    pixels: &[f32],
    size: usize,
    labels: &[u8],
    ws: &mut Workspace,
) -> Result<(f32, Vec<f32>)> {
    let digits = Batch::new(pixels.len() / size, pixels);
    let pass = net.trace(&digits, labels, Pass::Eval, ws)?;
    let scores = pass.output().numbers();
    let share = vec![1. / scores.len() as f32; scores.len()];
    let by_pixels = pass.input_slope(net, Batch::new(pass.output().rows(), share), ws)?;
    let mut map = vec![0.; size];
    for digit in by_pixels.numbers().chunks_exact(size) {
        map.iter_mut().zip(digit).for_each(|(sum, slope)| *sum += slope);
    }
    Ok((scores.iter().sum::<f32>() / scores.len() as f32, map))
}

/// Samples are made in parts of this many, so that memory stays bounded.
const PART: usize = 256;

impl Duel {
    /// The images of the run's fixed latent vectors, as bytes.
    pub fn preview(&mut self) -> Result<Vec<u8>> {
        let preview = std::mem::take(&mut self.preview);
        let count = preview.len() / self.progress.hyper.latents().width();
        let labels: Vec<u8> = if self.progress.hyper.conditional {
            in_turn(count, self.progress.sample.classes).collect()
        } else {
            Vec::new()
        };
        let pixels = self.pixels(&preview, &labels);
        self.preview = preview;
        pixels
    }

    /// Images of latent vectors drawn from `seed`, as bytes: the numbers
    /// `digits` of the sequence.
    pub fn sample(&mut self, digits: Range<usize>, seed: u32, labels: &[u8]) -> Result<Vec<u8>> {
        let mut rng = stream(seed, Purpose::Samples);
        let latents = self.progress.hyper.latents();
        // Numbers are drawn in blocks of 64, so that a sequence can continue at
        // any multiple of 64.
        latents.fill(&mut rng, &mut vec![0.; digits.start * latents.width()]);
        let count = digits.len();
        let mut pixels = Vec::with_capacity(count * self.progress.sample.shape.size());
        for first in (0..count).step_by(PART) {
            let end = count.min(first + PART);
            let mut z = vec![0.; (end - first) * latents.width()];
            latents.fill(&mut rng, &mut z);
            pixels.extend(
                self.pixels(&z, if labels.is_empty() { labels } else { &labels[first..end] })?,
            );
        }
        Ok(pixels)
    }

    /// D's logits of the set's first images, and of as many that G makes from
    /// latent vectors drawn from `seed`: at most `count` of each, one logit for
    /// each `pack` of them. As in training, each batch is all real or all
    /// generated, and normalised by its own statistics; the run is unchanged.
    /// Errors: `NeedsLabels`.
    pub fn log_odds(&mut self, count: usize, seed: u32, data: &mut Dataset) -> Result<Logits> {
        let Hyper { batch, pack, conditional, .. } = self.progress.hyper;
        let space = self.progress.hyper.latents();
        let count = count.min(data.available() as usize);
        if conditional && (data.labels() as usize) < count {
            return Err(Error::NeedsLabels { recipe: self.progress.recipe.id.to_owned() });
        }
        let size = (batch as usize).min(count - count % pack as usize);
        if size == 0 {
            return Ok(Default::default());
        }
        let mut rng = stream(seed, Purpose::Samples);
        let (mut on_real, mut on_fake) = (Vec::new(), Vec::new());
        for first in (0..count).step_by(size).take_while(|first| first + size <= count) {
            let indices: Vec<u32> = (first..first + size).map(|i| i as u32).collect();
            let mut pixels = Buffer::unspecified(size * self.progress.sample.shape.size());
            data.write_batch(&indices, &mut pixels);
            let real = Batch::new(size, pixels);
            let mut z = Buffer::unspecified(size * space.width());
            space.fill(&mut rng, &mut z);
            let latents = Batch::new(size, z);
            let (mut labels, mut fake_labels) = (Vec::new(), Vec::new());
            if conditional {
                labels.extend(indices.iter().filter_map(|&i| data.label(i)));
                fake_labels.extend(in_turn(first + size, self.progress.sample.classes).skip(first));
            }
            let fake = self.pair.g.net.forward(
                &latents,
                &fake_labels,
                Pass::Batch,
                &mut self.progress.workspace,
            )?;
            for (digits, labels, scores) in
                [(real, labels, &mut on_real), (fake, fake_labels, &mut on_fake)]
            {
                let logits = self.pair.d.net.forward(
                    &digits,
                    &labels,
                    Pass::Batch,
                    &mut self.progress.workspace,
                )?;
                scores.extend_from_slice(logits.numbers());
            }
        }
        Ok((on_real, on_fake))
    }

    /// D's score of one image and its gradient by each pixel. A D that scores
    /// several images together sees this one as many times.
    pub fn score(&mut self, pixels: &[f32], class: u8) -> Result<(f32, Vec<f32>)> {
        let pack = self.progress.hyper.pack as usize;
        let labels = vec![class; if self.progress.hyper.conditional { pack } else { 0 }];
        score_with_gradient(
            &self.pair.d.net,
            &pixels.repeat(pack),
            self.progress.sample.shape.size(),
            &labels,
            &mut self.progress.workspace,
        )
    }

    /// The latent vector of an image of the preview, and its class.
    pub fn preview_latent(&self, place: usize) -> Option<(Vec<f32>, u8)> {
        let latent = self.preview.chunks_exact(self.progress.hyper.latents().width()).nth(place)?;
        Some((latent.to_vec(), (place % self.progress.sample.classes.max(1)) as u8))
    }

    /// G with the averaged weights, which makes the images shown.
    pub fn generator(&mut self) -> LatentGenerator<'_> {
        let (net, workspace) = (&self.pair.average.net, &mut self.progress.workspace);
        LatentGenerator {
            net,
            latents: self.progress.hyper.latents(),
            classes: if self.progress.hyper.conditional { self.progress.sample.classes } else { 0 },
            shape: self.progress.sample.shape,
            workspace,
        }
    }

    /// (count, latent) numbers, and a label each if G is conditional -> (count,
    /// image) bytes.
    fn pixels(&mut self, latents: &[f32], labels: &[u8]) -> Result<Vec<u8>> {
        Ok(bytes(&self.generator().make(latents, labels)?))
    }
}
