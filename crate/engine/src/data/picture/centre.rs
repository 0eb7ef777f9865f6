//! Converts ink to a digit like MNIST's: scaled to a box of 20 pixels, with
//! strokes as wide as a pen's, the centre of mass in the middle of 28 x 28.
//!
//! LeCun, Cortes, Burges, "The MNIST database of handwritten digits"
//! (yann.lecun.com/exdb/mnist); Yadav and Bottou, arXiv:1905.10498.

use super::ink::Ink;
use super::scale::scale;
use crate::data::{PIXELS, SIDE};

const BOX: f32 = 20.;
/// Row and column of the centre of mass.
const MIDDLE: f32 = 14.;
/// Bounds of the stroke width, in pixels of the box: strokes of a fine pen on a
/// large sheet would almost vanish, and a dot must not become a disc.
const THINNEST: f32 = 2.4;
const THICKEST: f32 = 5.;
/// Strokes are widened on a grid that is finer by this factor.
const FINE: usize = 4;

/// The digit, 784 bytes.
pub(super) fn centred(ink: &Ink) -> [u8; PIXELS] {
    let longer = ink.width.max(ink.height) as f32;
    let mut factor = (BOX / longer).min(THICKEST / ink.stroke.max(0.5));
    let mut wider = 0.;
    if ink.stroke * factor < THINNEST {
        // Widening adds to all sides.
        let line = (longer - ink.stroke).max(1.);
        factor = (BOX - THINNEST) / line;
        wider = (THINNEST - ink.stroke * factor).max(0.) / 2.;
    }
    let side = |pixels: usize| ((pixels as f32 * factor * FINE as f32).round() as usize).max(1);
    let (across, down) = (side(ink.width), side(ink.height));
    let fine = scale(&ink.values, (ink.width, ink.height), (across, down));
    let (fine, wide, high) = widened(&fine, across, down, wider * FINE as f32);
    let (across, down) = (wide.div_ceil(FINE), high.div_ceil(FINE));
    let field = (across * FINE, down * FINE);
    let mut small = scale(&padded(&fine, wide, field.0, field.1), field, (across, down));
    // The lightest pixel becomes white.
    let most = small.iter().fold(0f32, |most, value| most.max(*value)).max(f32::EPSILON);
    small.iter_mut().for_each(|value| *value /= most);
    placed(&small, across)
}

/// Dilates ink by `by` pixels on a larger field, and returns its width and
/// height.
fn widened(ink: &[f32], width: usize, height: usize, by: f32) -> (Vec<f32>, usize, usize) {
    let reach = by.ceil() as usize;
    let (wide, high) = (width + 2 * reach, height + 2 * reach);
    let mut result = vec![0f32; wide * high];
    let far = |step: usize| step as f32 - reach as f32;
    for down in 0..=2 * reach {
        for right in 0..=2 * reach {
            let part = (by + 0.5 - far(down).hypot(far(right))).clamp(0., 1.);
            if part <= 0. {
                continue;
            }
            for (y, row) in ink.chunks_exact(width).enumerate() {
                let to = &mut result[(y + down) * wide + right..][..width];
                to.iter_mut().zip(row).for_each(|(value, &other)| *value = value.max(other * part));
            }
        }
    }
    (result, wide, high)
}

/// The values in the upper left of a field of `across` x `down`.
fn padded(values: &[f32], width: usize, across: usize, down: usize) -> Vec<f32> {
    let mut field = vec![0.; across * down];
    for (row, to) in values.chunks_exact(width).zip(field.chunks_exact_mut(across)) {
        to[..width].copy_from_slice(row);
    }
    field
}

/// The ink, moved by whole pixels so that its centre of mass is in the middle,
/// as far as no ink is lost.
fn placed(ink: &[f32], width: usize) -> [u8; PIXELS] {
    let (mut mass, mut across, mut down, mut right, mut bottom) = (0f32, 0f32, 0f32, 0, 0);
    for (place, &value) in ink.iter().enumerate().filter(|(_, value)| **value > 0.) {
        let (x, y) = (place % width, place / width);
        mass += value;
        across += value * x as f32;
        down += value * y as f32;
        (right, bottom) = (right.max(x + 1), y + 1);
    }
    let shift = |centre: f32, end: usize| {
        let most = SIDE.saturating_sub(end) as f32;
        (MIDDLE - centre / mass.max(f32::EPSILON)).round().clamp(0., most) as usize
    };
    let (right_by, down_by) = (shift(across, right), shift(down, bottom));
    let mut digit = [0; PIXELS];
    for (place, value) in ink.iter().enumerate() {
        let (x, y) = (place % width + right_by, place / width + down_by);
        if x < SIDE && y < SIDE {
            digit[y * SIDE + x] = (255. * value.clamp(0., 1.)).round() as u8;
        }
    }
    digit
}
