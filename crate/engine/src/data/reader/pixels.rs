//! Converts arrays of any number type and side to pictures of 28 x 28 bytes.

use super::layout::{Element, Layout};
use crate::data::{PIXELS, SIDE};

/// Ranges up to this value, such as 0 to 1 or 0 to 16, are stretched to 0 to
/// 255.
const FEW_LEVELS: f64 = 32.;

/// How numbers become bytes: `(number - low) * slope`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Levels {
    low: f64,
    slope: f64,
}

impl Levels {
    /// The levels of numbers within these bounds; if there are numbers below 0,
    /// the range is symmetric around 0.
    pub(super) fn of(least: f64, most: f64) -> Self {
        let most = most.abs().max(-least);
        match () {
            () if least < 0. => Self { low: -most, slope: 255. / (2. * most) },
            () if most > 0. && (most <= FEW_LEVELS || most > 255.) => {
                Self { low: 0., slope: 255. / most }
            }
            () => Self { low: 0., slope: 1. },
        }
    }

    pub(super) fn byte(self, number: f64) -> u8 {
        // The cast converts NaN to 0 and clamps values outside.
        ((number - self.low) * self.slope + 0.5) as u8
    }
}

/// The pictures of a complete file with this [`Layout`], 28 x 28 bytes each;
/// reuses `file` if its bytes need no conversion.
pub(super) fn pictures(layout: &Layout, mut file: Vec<u8>) -> Vec<u8> {
    let (side, numbers) = (layout.side(), layout.numbers());
    let body = file.get(layout.start..).unwrap_or_default();
    let plain = layout.element == Element::Unsigned(1) && !layout.fortran;
    let levels = if plain {
        Levels::of(0., f64::from(body.iter().copied().max().unwrap_or(0)))
    } else {
        let all = (0..layout.count).flat_map(|row| (0..numbers).map(move |place| (row, place)));
        let bounds = all.map(|(row, place)| layout.number(body, row, place));
        let (least, most) =
            bounds.fold((0f64, 0f64), |(least, most), x| (least.min(x), most.max(x)));
        Levels::of(least, most)
    };
    if plain && side == SIDE && levels == Levels::of(0., 255.) {
        file.drain(..layout.start);
        return file;
    }
    let scale = Scale::new(side);
    let mut picture = vec![0; numbers];
    let mut pixels = Vec::with_capacity(layout.count * PIXELS);
    for row in 0..layout.count {
        for (place, pixel) in picture.iter_mut().enumerate() {
            *pixel = levels.byte(layout.number(body, row, place));
        }
        scale.append(&picture, &mut pixels);
    }
    pixels
}

/// Scales square pictures of one side to 28 x 28; each pixel is the mean of the
/// area that it covers.
pub(super) struct Scale {
    side: usize,
    /// For each pixel of the new side: the old pixels that it covers, and their
    /// shares.
    shares: Vec<Vec<(usize, f32)>>,
}

impl Scale {
    pub(super) fn new(side: usize) -> Self {
        let step = side as f32 / SIDE as f32;
        let covered = |to: usize| {
            let (begin, end) = (to as f32 * step, (to + 1) as f32 * step);
            let places = (begin as usize)..(end.ceil() as usize).min(side);
            let share = |at: usize| (end.min(at as f32 + 1.) - begin.max(at as f32)) / step;
            places.map(|at| (at, share(at))).filter(|(_, share)| *share > 1e-6).collect()
        };
        Self { side, shares: (0..SIDE).map(covered).collect() }
    }

    /// Appends the picture, side x side bytes, as 28 x 28 bytes.
    pub(super) fn append(&self, picture: &[u8], out: &mut Vec<u8>) {
        if self.side == SIDE {
            out.extend_from_slice(picture);
            return;
        }
        for rows in &self.shares {
            for columns in &self.shares {
                let parts =
                    rows.iter().flat_map(|row| columns.iter().map(move |column| (row, column)));
                let mean = parts.map(|((row, high), (column, wide))| {
                    f32::from(picture[row * self.side + column]) * high * wide
                });
                out.push((mean.sum::<f32>() + 0.5) as u8);
            }
        }
    }
}
