//! Finds the ink of a picture: on an even ground by its difference from the
//! ground, on paper in uneven light by how much darker it is than the paper
//! there.

use super::grey::{Grey, of_sorted};
use super::parts::{self, Part};
use crate::data::SIDE;

/// The ink of a digit, cut out of its picture.
#[derive(Debug)]
pub(super) struct Ink {
    pub(super) width: usize,
    pub(super) height: usize,
    /// From 0 (paper) to 1 (ink), row by row.
    pub(super) values: Vec<f32>,
    /// Width of its strokes in pixels.
    pub(super) stroke: f32,
    /// Whether it is darker than its ground.
    pub(super) dark: bool,
}

/// Largest spread of the grey values of a border that is one ground, as a share
/// of the range of the picture.
const EVEN: f32 = 0.12;
/// Reach of the structuring element that finds the paper, as a share of the
/// longer side: twice the reach is the widest stroke.
const REACH: f32 = 0.125;
/// Longer side in pixels of the small copy that estimates the light, and the
/// reach of its median around a pixel.
const SMALL: usize = 64;
const AROUND: usize = 10;
/// Least contrast of ink, from 0 to 1: relative to the paper, or absolute on an
/// even ground.
const FAINT: f32 = 0.06;
/// Least contrast of ink, in standard deviations of the noise of the ground.
const SURE: f32 = 6.;
/// Pixels paler than this share of the ink are not ink: ruled lines, the shadow
/// of a fold.
const PALE: f32 = 0.4;
/// Ink covers at most this share of a picture.
const MOST: f32 = 0.45;
/// Least share of its bounding box that a sheet fills.
const SOLID: f32 = 0.7;
/// A picture of a digit that already has MNIST's margins, in pixels of 28: the
/// longer side of the ink, and the largest offset of its middle.
const FITS: std::ops::RangeInclusive<f32> = 18.5..=22.0;
const OFF: f32 = 3.;

/// The ink of the digit in a picture; `None` if there is none, or if the
/// complete picture is to be used.
pub(super) fn find(grey: &Grey) -> Option<Ink> {
    let seen = Seen::of(grey);
    // For a sheet on a desk, only the ink on the sheet counts.
    if let Some(sheet) = seen.sheet(grey)
        && let Some(ink) = Seen::of(&sheet).digit(&sheet)
    {
        return Some(ink);
    }
    seen.digit(grey)
}

/// The contrast of each pixel to its ground, from 0 to 1, and whether ink is
/// darker than the ground.
struct Seen {
    contrast: Vec<f32>,
    dark: bool,
    /// Whether the ground is one even grey.
    even: bool,
}

impl Seen {
    fn of(grey: &Grey) -> Self {
        let ring = grey.ring((grey.width.max(grey.height) / 64).max(1));
        let (low, high) = range(&grey.values);
        let even = of_sorted(&ring, 0.9) - of_sorted(&ring, 0.1) <= EVEN * (high - low) + 2.;
        let (contrast, dark) =
            if even { on_even(grey, of_sorted(&ring, 0.5)) } else { on_paper(grey) };
        Self { contrast, dark, even }
    }

    /// A large surface, paper or a board, on an even ground, without its edges.
    fn sheet(&self, grey: &Grey) -> Option<Grey> {
        let &Grey { width, height, ref values } = grey;
        if !self.even {
            return None;
        }
        let (_, high) = range(&self.contrast);
        let mask: Vec<bool> = self.contrast.iter().map(|value| *value > high / 2.).collect();
        let whole = bounds(&mask, width)?;
        let (wide, high) = (whole.right - whole.left, whole.bottom - whole.top);
        let large = wide * 3 > width && high * 3 > height;
        if !large || (whole.area as f32) < SOLID * (wide * high) as f32 {
            return None;
        }
        let (left, right) = (whole.left + wide / 20, whole.right - wide / 20);
        let (top, bottom) = (whole.top + high / 20, whole.bottom - high / 20);
        let rows = values.chunks_exact(width).take(bottom).skip(top);
        let values = rows.flat_map(|row| row[left..right].iter().copied()).collect();
        Some(Grey { width: right - left, height: bottom - top, values })
    }

    fn digit(&self, grey: &Grey) -> Option<Ink> {
        let &Self { ref contrast, dark, even } = self;
        let &Grey { width, height, .. } = grey;
        let longer = width.max(height);
        let mut sorted = contrast.clone();
        sorted.sort_by(f32::total_cmp);
        let middle = of_sorted(&sorted, 0.5);
        let mut apart: Vec<f32> = contrast.iter().map(|value| (value - middle).abs()).collect();
        apart.sort_by(f32::total_cmp);
        let noise = 1.4826 * of_sorted(&apart, 0.5);
        let faintest = middle + (SURE * noise).max(FAINT);
        let first = sorted.partition_point(|value| *value <= faintest);
        let inked = &sorted[first..];
        if inked.is_empty() || inked.len() as f32 > MOST * contrast.len() as f32 {
            return None;
        }
        let full = of_sorted(inked, 0.95);
        let enough = faintest.max(middle + PALE * (full - middle));
        let mask: Vec<bool> = contrast.iter().map(|value| *value > enough).collect();
        // Joins lines that are broken by a pixel or two.
        let joined = widened(&mask, width, height, longer / 256);
        let (digit, _) = parts::digit(&joined, width, height)?;
        let own: Vec<bool> = mask.iter().zip(&digit).map(|(mask, digit)| *mask && *digit).collect();
        let bounds = bounds(&own, width)?;
        if even && fits(&bounds, width, height) {
            return None;
        }

        // The pixels at the edges of the ink are half ink, half paper.
        let (left, top) = (bounds.left.saturating_sub(1), bounds.top.saturating_sub(1));
        let (right, bottom) = ((bounds.right + 1).min(width), (bounds.bottom + 1).min(height));
        let near = widened(&own, width, height, 1 + longer / 256);
        let least = middle + (2. * noise).max(0.15 * (full - middle));
        let mut values = Vec::with_capacity((right - left) * (bottom - top));
        for y in top..bottom {
            for place in y * width + left..y * width + right {
                let part = (contrast[place] - least) / (full - least).max(f32::EPSILON);
                values.push(if near[place] { part.clamp(0., 1.) } else { 0. });
            }
        }
        let stroke = stroke(&own, width, height);
        Some(Ink { width: right - left, height: bottom - top, values, stroke, dark })
    }
}

/// On an even ground: the difference of each pixel from the ground, from 0 to
/// 1, and whether ink is dark.
fn on_even(grey: &Grey, ground: f32) -> (Vec<f32>, bool) {
    let skew: f64 = grey.values.iter().map(|value| f64::from(value - ground).powi(3)).sum();
    let dark = skew < 0.;
    let sign = if dark { -1. } else { 1. };
    (grey.values.iter().map(|value| (sign * (value - ground) / 255.).max(0.)).collect(), dark)
}

/// On paper or a board: how much darker (or lighter) each pixel is than the
/// ground around it, from 0 to 1, and whether ink is dark.
fn on_paper(grey: &Grey) -> (Vec<f32>, bool) {
    let &Grey { width, height, ref values } = grey;
    let light = light(grey);
    let skew: f64 =
        values.iter().zip(&light).map(|(value, light)| f64::from(value - light).powi(3)).sum();
    let dark = skew < 0.;
    let seen = |value: f32| if dark { value.max(1.) } else { (255. - value).max(1.) };
    let level: Vec<f32> =
        values.iter().zip(light).map(|(value, light)| seen(*value) / seen(light)).collect();
    let reach = ((width.max(height) as f32 * REACH) as usize).max(1);
    // Closing removes what is darker than its surroundings and narrower than
    // the element; shadows with edges stay.
    let paper = mean_around(&level, width, height, 1);
    let paper = most_around(&paper, width, height, reach, f32::max);
    let paper = most_around(&paper, width, height, reach, f32::min);
    (
        level
            .iter()
            .zip(paper)
            .map(|(level, paper)| (1. - level / paper.max(0.01)).max(0.))
            .collect(),
        dark,
    )
}

/// The brightness of the ground at each pixel: the median around each pixel of
/// a small copy, where ink is the smaller part.
fn light(grey: &Grey) -> Vec<f32> {
    let small = grey.clone().reduced(SMALL);
    let &Grey { width, height, ref values } = &small;
    let mut medians = Vec::with_capacity(values.len());
    let mut around = Vec::new();
    for y in 0..height {
        for x in 0..width {
            around.clear();
            for row in
                values.chunks_exact(width).take(y + AROUND + 1).skip(y.saturating_sub(AROUND))
            {
                around
                    .extend_from_slice(&row[x.saturating_sub(AROUND)..(x + AROUND + 1).min(width)]);
            }
            let middle = around.len() / 2;
            medians.push(*around.select_nth_unstable_by(middle, f32::total_cmp).1);
        }
    }
    enlarged(&medians, (width, height), (grey.width, grey.height))
}

/// Bilinear interpolation of `values`, (high, wide), to (down, across).
fn enlarged(
    values: &[f32],
    (wide, high): (usize, usize),
    (across, down): (usize, usize),
) -> Vec<f32> {
    let places = |from: usize, to: usize| -> Vec<(usize, usize, f32)> {
        let place = |at: usize| {
            let at =
                ((at as f32 + 0.5) * from as f32 / to as f32 - 0.5).clamp(0., (from - 1) as f32);
            (at as usize, (at as usize + 1).min(from - 1), at.fract())
        };
        (0..to).map(place).collect()
    };
    let columns = places(wide, across);
    let mut result = Vec::with_capacity(across * down);
    for (upper, lower, low) in places(high, down) {
        let [upper, lower] = [upper, lower].map(|row| &values[row * wide..][..wide]);
        result.extend(columns.iter().map(|&(left, right, far)| {
            let along = |row: &[f32]| row[left] + (row[right] - row[left]) * far;
            along(upper) + (along(lower) - along(upper)) * low
        }));
    }
    result
}

/// The mean of the square of this reach around each pixel.
fn mean_around(values: &[f32], width: usize, height: usize, reach: usize) -> Vec<f32> {
    let mut sums = vec![0f64; (width + 1) * (height + 1)];
    for y in 0..height {
        let mut row = 0.;
        for x in 0..width {
            row += f64::from(values[y * width + x]);
            sums[(y + 1) * (width + 1) + x + 1] = sums[y * (width + 1) + x + 1] + row;
        }
    }
    let mut means = Vec::with_capacity(values.len());
    for y in 0..height {
        let (top, bottom) = (y.saturating_sub(reach), (y + reach + 1).min(height));
        for x in 0..width {
            let (left, right) = (x.saturating_sub(reach), (x + reach + 1).min(width));
            let at = |y: usize, x: usize| sums[y * (width + 1) + x];
            let sum = at(bottom, right) - at(top, right) - at(bottom, left) + at(top, left);
            means.push((sum / ((bottom - top) * (right - left)) as f64) as f32);
        }
    }
    means
}

/// The largest (or smallest) value of the square of this reach around each
/// pixel.
fn most_around(
    values: &[f32],
    width: usize,
    height: usize,
    reach: usize,
    most: fn(f32, f32) -> f32,
) -> Vec<f32> {
    let mut rows = Vec::with_capacity(values.len());
    for row in values.chunks_exact(width) {
        rows.extend(most_along(row, reach, most));
    }
    let mut result = vec![0.; values.len()];
    let mut column = Vec::with_capacity(height);
    for x in 0..width {
        column.clear();
        column.extend(rows[x..].iter().step_by(width).copied());
        for (y, value) in most_along(&column, reach, most).into_iter().enumerate() {
            result[y * width + x] = value;
        }
    }
    result
}

/// The largest (or smallest) value within `reach` along a line, by blocks as
/// long as the window, from both ends (van Herk; Gil and Werman): three
/// comparisons per value for any reach.
fn most_along(line: &[f32], reach: usize, most: fn(f32, f32) -> f32) -> Vec<f32> {
    let block = 2 * reach + 1;
    let (mut forth, mut back) = (line.to_vec(), line.to_vec());
    for part in forth.chunks_mut(block) {
        (1..part.len()).for_each(|i| part[i] = most(part[i], part[i - 1]));
    }
    for part in back.chunks_mut(block) {
        (1..part.len()).rev().for_each(|i| part[i - 1] = most(part[i - 1], part[i]));
    }
    let last = line.len().saturating_sub(1);
    (0..line.len())
        .map(|i| most(back[i.saturating_sub(reach)], forth[(i + reach).min(last)]))
        .collect()
}

/// The mask with all pixels within `reach` of it.
fn widened(mask: &[bool], width: usize, height: usize, reach: usize) -> Vec<bool> {
    let values: Vec<f32> = mask.iter().map(|&is| f32::from(u8::from(is))).collect();
    most_around(&values, width, height, reach, f32::max)
        .into_iter()
        .map(|value| value > 0.)
        .collect()
}

/// The bounding box of a mask.
fn bounds(mask: &[bool], width: usize) -> Option<Part> {
    let mut found: Option<Part> = None;
    for (place, _) in mask.iter().enumerate().filter(|(_, is)| **is) {
        let (x, y) = (place % width, place / width);
        let part = found.get_or_insert(Part { area: 0, left: x, top: y, right: 0, bottom: 0 });
        part.area += 1;
        (part.left, part.right, part.bottom) = (part.left.min(x), part.right.max(x + 1), y + 1);
    }
    found
}

/// Whether the ink already has MNIST's size and position.
fn fits(ink: &Part, width: usize, height: usize) -> bool {
    let unit = SIDE as f32 / width.max(height) as f32;
    let longer = (ink.right - ink.left).max(ink.bottom - ink.top) as f32 * unit;
    let off = |from: usize, to: usize, side: usize| {
        ((from + to) as f32 - side as f32).abs() / 2. * unit <= OFF
    };
    FITS.contains(&longer) && off(ink.left, ink.right, width) && off(ink.top, ink.bottom, height)
}

/// Width of the strokes: area divided by length, where the length is half of
/// the outline. The pixel outline of slanted lines is longer by up to a half,
/// by a factor of 4 / pi on average.
fn stroke(mask: &[bool], width: usize, height: usize) -> f32 {
    let is = |x: usize, y: usize| x < width && y < height && mask[y * width + x];
    let (mut area, mut outline) = (0, 0);
    for y in 0..height {
        for x in (0..width).filter(|&x| mask[y * width + x]) {
            area += 1;
            let beside =
                [is(x.wrapping_sub(1), y), is(x + 1, y), is(x, y.wrapping_sub(1)), is(x, y + 1)];
            outline += beside.into_iter().filter(|inside| !inside).count();
        }
    }
    2. * area as f32 * (4. / std::f32::consts::PI) / outline.max(1) as f32
}

fn range(values: &[f32]) -> (f32, f32) {
    values.iter().fold((255f32, 0f32), |(low, high), &value| (low.min(value), high.max(value)))
}
