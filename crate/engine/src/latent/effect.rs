//! What moving along a direction changes in a digit, in words that people have
//! for it.

use candle_core::Result;

use super::LatentGenerator;
use crate::data::Shape;

/// Ink, slant, width, height.
pub const EFFECTS: usize = 4;

/// Digits that are moved.
const DIGITS: usize = 20;

/// How far each is moved, one way and the other.
const FAR: f32 = 2.;

/// For each of `vectors` (count, latent): by how many deviations of digits two
/// steps of 2 change their ink, slant, width and height, on average over the
/// first of `latents`.
pub(super) fn effects(
    maker: &mut LatentGenerator,
    vectors: &[f32],
    latents: &[f32],
) -> Result<Vec<[f32; EFFECTS]>> {
    let size = maker.latents.width();
    let bases = &latents[..DIGITS * size];
    let (told, shape) = (maker.in_turn(DIGITS), maker.shape);
    let looks = |image: &[f32]| looks(image, shape);
    let still: Vec<_> = maker.make(bases, &told)?.chunks_exact(shape.size()).map(looks).collect();
    let deviations: [f32; EFFECTS] = std::array::from_fn(|i| {
        let mean = still.iter().map(|look| look[i]).sum::<f32>() / DIGITS as f32;
        let square = still.iter().map(|look| (look[i] - mean).powi(2)).sum::<f32>() / DIGITS as f32;
        square.sqrt().max(1e-6)
    });
    vectors
        .chunks_exact(size)
        .map(|vector| {
            let mut moved = |far: f32| -> Result<[f32; EFFECTS]> {
                let step = bases.iter().zip(vector.iter().cycle()).map(|(z, v)| z + far * v);
                let made = maker.make(&step.collect::<Vec<_>>(), &told)?;
                let mut sum = [0.; EFFECTS];
                for digit in made.chunks_exact(shape.size()) {
                    sum.iter_mut()
                        .zip(looks(digit))
                        .for_each(|(s, look)| *s += look / DIGITS as f32);
                }
                Ok(sum)
            };
            let (up, down) = (moved(FAR)?, moved(-FAR)?);
            Ok(std::array::from_fn(|i| (up[i] - down[i]) / deviations[i]))
        })
        .collect()
}

/// Ink (mean pixel), slant (shear to the right, going up), width and height
/// (deviations of where the ink is, in pixels) of an image, its channels
/// together.
fn looks(image: &[f32], shape: Shape) -> [f32; EFFECTS] {
    let Shape { width, channels, .. } = shape;
    let digit: Vec<f32> = image
        .chunks_exact(channels)
        .map(|pixel| pixel.iter().sum::<f32>() / channels as f32)
        .collect();
    let ink: f32 = digit.iter().sum();
    let weigh = |f: &dyn Fn(f32, f32) -> f32| {
        let all =
            digit.iter().enumerate().map(|(i, &p)| p * f((i % width) as f32, (i / width) as f32));
        all.sum::<f32>() / ink.max(1e-6)
    };
    let (x, y) = (weigh(&|x, _| x), weigh(&|_, y| y));
    let (xx, yy) = (weigh(&|u, _| (u - x).powi(2)), weigh(&|_, v| (v - y).powi(2)));
    let xy = weigh(&|u, v| (u - x) * (v - y));
    [ink / digit.len() as f32, -xy / yy.max(1e-6), xx.sqrt(), yy.sqrt()]
}
