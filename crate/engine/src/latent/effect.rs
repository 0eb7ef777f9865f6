//! The effect of a direction on an image: the change in its ink, slant, width
//! and height.

use candle_core::Result;

use super::LatentGenerator;
use crate::data::Shape;

/// Number of effects: ink, slant, width, height.
pub const EFFECTS: usize = 4;

/// Images that are moved.
const IMAGES: usize = 20;

/// Distance in latent space by which each is moved, in both directions.
const DISTANCE: f32 = 2.;

/// For each of `vectors` (count, latent) -> (count, 4): the mean change of ink,
/// slant, width and height from -2 to 2 along the vector, in standard
/// deviations between images, over the first of `latents`.
pub(super) fn effects(
    maker: &mut LatentGenerator,
    vectors: &[f32],
    latents: &[f32],
) -> Result<Vec<[f32; EFFECTS]>> {
    let size = maker.latents.width();
    let bases = &latents[..IMAGES * size];
    let (labels, shape) = (maker.in_turn(IMAGES), maker.shape);
    let measures = |image: &[f32]| measures(image, shape);
    let images = maker.make(bases, &labels)?;
    let base: Vec<_> = images.chunks_exact(shape.size()).map(measures).collect();
    let deviations: [f32; EFFECTS] = std::array::from_fn(|i| {
        let mean = base.iter().map(|image| image[i]).sum::<f32>() / IMAGES as f32;
        let square = base.iter().map(|image| (image[i] - mean).powi(2)).sum::<f32>();
        let square = square / IMAGES as f32;
        square.sqrt().max(1e-6)
    });
    vectors
        .chunks_exact(size)
        .map(|vector| {
            let mut moved = |distance: f32| -> Result<[f32; EFFECTS]> {
                let step = bases.iter().zip(vector.iter().cycle()).map(|(z, v)| z + distance * v);
                let images = maker.make(&step.collect::<Vec<_>>(), &labels)?;
                let mut sum = [0.; EFFECTS];
                for image in images.chunks_exact(shape.size()) {
                    sum.iter_mut()
                        .zip(measures(image))
                        .for_each(|(s, value)| *s += value / IMAGES as f32);
                }
                Ok(sum)
            };
            let (up, down) = (moved(DISTANCE)?, moved(-DISTANCE)?);
            Ok(std::array::from_fn(|i| (up[i] - down[i]) / deviations[i]))
        })
        .collect()
}

/// Ink (mean pixel), slant (shear to the right toward the top), width and
/// height (standard deviations of the ink's position, in pixels) of an image,
/// averaged over channels.
fn measures(image: &[f32], shape: Shape) -> [f32; EFFECTS] {
    let Shape { width, channels, .. } = shape;
    let grey: Vec<f32> = image
        .chunks_exact(channels)
        .map(|pixel| pixel.iter().sum::<f32>() / channels as f32)
        .collect();
    let ink: f32 = grey.iter().sum();
    let mean = |f: &dyn Fn(f32, f32) -> f32| {
        let all =
            grey.iter().enumerate().map(|(i, &p)| p * f((i % width) as f32, (i / width) as f32));
        all.sum::<f32>() / ink.max(1e-6)
    };
    let (x, y) = (mean(&|x, _| x), mean(&|_, y| y));
    let (xx, yy) = (mean(&|u, _| (u - x).powi(2)), mean(&|_, v| (v - y).powi(2)));
    let xy = mean(&|u, v| (u - x) * (v - y));
    [ink / grey.len() as f32, -xy / yy.max(1e-6), xx.sqrt(), yy.sqrt()]
}
