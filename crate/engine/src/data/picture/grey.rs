//! A picture as grey values, and the conversions without ink detection: 28 x 28
//! pixels unscaled, any other size scaled.

use super::scale::scale;
use crate::data::{PIXELS, SIDE};

/// A background up to this grey value counts as black.
const BLACK: f32 = 48.;
/// Largest spread of the grey values of a border that is all background.
const EVEN: f32 = 40.;

/// Grey values from 0 to 255, row by row.
#[derive(Clone, Debug)]
pub(super) struct Grey {
    pub(super) width: usize,
    pub(super) height: usize,
    pub(super) values: Vec<f32>,
}

impl Grey {
    /// Luma of each pixel (ITU-R BT.601). Transparent pixels show the opposite
    /// of the ink.
    pub(super) fn of(rgba: &[u8], width: usize, height: usize) -> Self {
        let pixels = rgba.as_chunks::<4>().0;
        let luma = |&[red, green, blue, _]: &[u8; 4]| {
            f32::from(
                ((299 * u32::from(red) + 587 * u32::from(green) + 114 * u32::from(blue) + 500)
                    / 1000) as u16,
            )
        };
        let mut values: Vec<f32> = pixels.iter().map(luma).collect();
        let opacity = |[.., alpha]: &[u8; 4]| f32::from(*alpha) / 255.;
        if pixels.iter().any(|pixel| pixel[3] < 255) {
            let (mut ink, mut opaque) = (0., 0.);
            for (value, pixel) in values.iter().zip(pixels) {
                ink += f64::from(value * opacity(pixel));
                opaque += f64::from(opacity(pixel));
            }
            let ground = if ink > 127.5 * opaque { 0. } else { 255. };
            for (value, pixel) in values.iter_mut().zip(pixels) {
                *value = (*value * opacity(pixel) + ground * (1. - opacity(pixel))).round();
            }
        }
        Self { width, height, values }
    }

    /// The picture with its longer side reduced to at most `most` pixels.
    pub(super) fn reduced(self, most: usize) -> Self {
        let longer = self.width.max(self.height);
        if longer <= most {
            return self;
        }
        let [width, height] = [self.width, self.height].map(|side| part(side, longer, most));
        let values = scale(&self.values, (self.width, self.height), (width, height));
        Self { width, height, values }
    }

    /// The sorted grey values of the border, `deep` pixels wide.
    pub(super) fn ring(&self, deep: usize) -> Vec<f32> {
        let mut ring = Vec::new();
        for (y, row) in self.values.chunks_exact(self.width).enumerate() {
            if y < deep || y + deep >= self.height || self.width <= 2 * deep {
                ring.extend_from_slice(row);
            } else {
                ring.extend_from_slice(&row[..deep]);
                ring.extend_from_slice(&row[self.width - deep..]);
            }
        }
        ring.sort_by(f32::total_cmp);
        ring
    }

    /// The digit of a 28 x 28 picture, and whether its ink was dark: light ink
    /// on black keeps its pixels, dark ink on white is inverted, and a ground
    /// that is neither is levelled.
    pub(super) fn as_it_is(&self) -> ([u8; PIXELS], bool) {
        let (ring, dark) = self.ground();
        let mut values = self.values.clone();
        if dark {
            values.iter_mut().for_each(|value| *value = 255. - *value);
        }
        let at = |part: f32| {
            let value = of_sorted(&ring, part);
            if dark { 255. - value } else { value }
        };
        let (ground, spread) = (at(0.5), (at(0.9) - at(0.1)).abs());
        if ground > BLACK && spread < EVEN {
            let mut sorted = values.clone();
            sorted.sort_by(f32::total_cmp);
            let (low, high) = (ground + spread, of_sorted(&sorted, 0.99));
            if high - low > EVEN {
                values.iter_mut().for_each(|value| *value = (*value - low) * 255. / (high - low));
            }
        }
        let mut digit = [0; PIXELS];
        digit
            .iter_mut()
            .zip(values)
            .for_each(|(pixel, value)| *pixel = (value + 0.5).clamp(0., 255.) as u8);
        (digit, dark)
    }

    /// The complete picture scaled to 28 x 28 with its proportions; the rest
    /// gets the mean grey value of its border.
    pub(super) fn scaled(&self) -> ([u8; PIXELS], bool) {
        let longer = self.width.max(self.height);
        let [across, down] = [self.width, self.height].map(|side| part(side, longer, SIDE));
        let ring = self.ring(1);
        let border = ring.iter().sum::<f32>() / ring.len().max(1) as f32;
        let small = scale(&self.values, (self.width, self.height), (across, down));
        let mut values = vec![border; PIXELS];
        let (left, top) = ((SIDE - across) / 2, (SIDE - down) / 2);
        for (y, row) in small.chunks_exact(across).enumerate() {
            values[(y + top) * SIDE + left..][..across].copy_from_slice(row);
        }
        Self { width: SIDE, height: SIDE, values }.as_it_is()
    }

    /// The sorted grey values of the border, and whether it is lighter than the
    /// middle of the range.
    fn ground(&self) -> (Vec<f32>, bool) {
        let ring = self.ring(1);
        let mean = ring.iter().sum::<f32>() / ring.len().max(1) as f32;
        let (low, high) = self
            .values
            .iter()
            .fold((255f32, 0f32), |(low, high), &value| (low.min(value), high.max(value)));
        // A blank picture is black or white, whichever is nearer.
        let middle = if high - low < 1. { 127.5 } else { (low + high) / 2. };
        (ring, mean > middle)
    }
}

/// The quantile of a sorted list at `part`, from 0 to 1.
pub(super) fn of_sorted(sorted: &[f32], part: f32) -> f32 {
    let place = (part * sorted.len().saturating_sub(1) as f32).round() as usize;
    sorted.get(place).copied().unwrap_or(0.)
}

/// The length of `side` when `longer` is scaled to `most`, at least 1.
fn part(side: usize, longer: usize, most: usize) -> usize {
    ((side as f64 * most as f64 / longer as f64).round() as usize).max(1)
}
