//! The iteration view: the tensors that phases pass to each other, as images
//! and numbers.

use serde::Serialize;
use ts_rs::TS;

use crate::data::bytes;
use crate::kernel::Batch;
use crate::net::Trace;

/// Images shown of a batch.
pub(super) const SHOWN: usize = 16;

/// The tensors of the iteration under way, or of the last one; at most 16
/// images of each batch. With two domains, half of each: first B, then A.
#[derive(Clone, Debug, Default, PartialEq, Serialize, TS)]
pub struct IterationView {
    /// Dimensions of a latent vector; 0 if there are none.
    pub latent: usize,
    /// Latent vectors, one after another.
    pub latents: Vec<f32>,
    /// Real images, as bytes.
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub real: Vec<u8>,
    /// Generated images, as bytes.
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub fake: Vec<u8>,
    /// The negative gradient of G's loss by each pixel of `fake`: 128 is 0, 255
    /// the greatest towards ink, 1 the greatest away from it; empty before G's
    /// step.
    #[serde(with = "serde_bytes")]
    #[ts(type = "Uint8Array")]
    pub push: Vec<u8>,
    /// D's raw scores of `real`; empty until D has scored them.
    pub real_scores: Vec<f32>,
    /// D's raw scores of `fake`; empty until D has scored them.
    pub fake_scores: Vec<f32>,
}

/// The first `count` images of a batch (batch, image), as bytes; empty without
/// a batch.
pub(super) fn images(batch: Option<&Batch>, count: usize) -> Vec<u8> {
    bytes(&numbers(batch, count))
}

/// D's scores of the first `count` images, or of packs that it scores together,
/// each the mean over patches; empty without a pass.
pub(super) fn scores(pass: Option<&Trace>, count: usize) -> Vec<f32> {
    let Some(pass) = pass else { return Vec::new() };
    let patches = pass.output().columns().max(1);
    let mean = |row: &[f32]| row.iter().sum::<f32>() / patches as f32;
    pass.output().numbers().chunks(patches).take(count).map(mean).collect()
}

/// The first latent vectors of a batch.
pub(super) fn latents(batch: Option<&Batch>) -> Vec<f32> {
    numbers(batch, SHOWN)
}

/// The negative gradient by the pixels of the first `count` images; empty
/// without a gradient.
pub(super) fn slopes(gradient: Option<&Batch>, count: usize) -> Vec<f32> {
    numbers(gradient, count).iter().map(|value| -value).collect()
}

/// Signed numbers as bytes around 128, the greatest magnitude at 1 or 255.
pub fn signed(numbers: &[f32]) -> Vec<u8> {
    let most = numbers.iter().fold(0f32, |most, value| most.max(value.abs()));
    let scale = if most > 0. && most.is_finite() { 127. / most } else { 0. };
    numbers.iter().map(|value| (value * scale + 128.5) as u8).collect()
}

/// The first `rows` rows of a batch; empty without a batch.
fn numbers(batch: Option<&Batch>, rows: usize) -> Vec<f32> {
    let Some(batch) = batch else { return Vec::new() };
    batch.numbers()[..rows.min(batch.rows()) * batch.columns()].to_vec()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signed_maps_zero_to_128_and_keeps_signs() {
        assert_eq!(signed(&[0., 2., -2., 1.]), [128, 255, 1, 192]);
        assert_eq!(signed(&[0., 0.]), [128, 128]);
    }
}
