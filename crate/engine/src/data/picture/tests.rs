//! The digits of each type of picture.

#![allow(clippy::unwrap_used)]

use super::{Taken, digits};
use crate::data::{PIXELS, SIDE};

/// Random numbers for a test.
struct Dice(u32);

impl Dice {
    fn below(&mut self, most: u32) -> u32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) % most
    }

    /// From -1 to 1, mostly near 0.
    fn noise(&mut self) -> f32 {
        (0..4).map(|_| self.below(1001) as f32 / 2000. - 0.25).sum()
    }
}

/// A grey picture as four bytes per pixel.
fn painted(width: usize, height: usize, grey: impl Fn(usize, usize) -> f32) -> Vec<u8> {
    let pixel = |place: usize| {
        let grey = grey(place % width, place / width).round().clamp(0., 255.) as u8;
        [grey, grey, grey, 255]
    };
    (0..width * height).flat_map(pixel).collect()
}

fn taken(width: usize, height: usize, grey: impl Fn(usize, usize) -> f32) -> Taken {
    digits(&painted(width, height, grey), width, height).unwrap()
}

/// The distance of a point from a line of strokes.
fn distance(x: f32, y: f32, line: &[(f32, f32)]) -> f32 {
    let apart = |pair: &[(f32, f32)]| {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        let (dx, dy) = (bx - ax, by - ay);
        let part = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0., 1.);
        (x - ax - part * dx).hypot(y - ay - part * dy)
    };
    line.windows(2).map(apart).fold(f32::INFINITY, f32::min)
}

/// A seven around (x, y); `size` is half its height.
fn seven(x: f32, y: f32, size: f32) -> Vec<(f32, f32)> {
    [(-0.6, -1.), (0.6, -1.), (-0.1, 1.)]
        .map(|(right, down)| (x + right * size, y + down * size))
        .to_vec()
}

/// The ink of a pen of this width at a pixel, from 0 to 1.
fn pen(x: usize, y: usize, line: &[(f32, f32)], width: f32) -> f32 {
    (width / 2. + 0.5 - distance(x as f32, y as f32, line)).clamp(0., 1.)
}

/// The bounding box of pixels brighter than half, and the centre of mass.
fn shape(digit: &[u8]) -> ([usize; 4], (f32, f32)) {
    let (mut left, mut top, mut right, mut bottom) = (SIDE, SIDE, 0, 0);
    let (mut mass, mut across, mut down) = (0., 0., 0.);
    for (place, &value) in digit.iter().enumerate() {
        let (x, y) = (place % SIDE, place / SIDE);
        mass += f32::from(value);
        across += f32::from(value) * x as f32;
        down += f32::from(value) * y as f32;
        if value > 127 {
            (left, top, right, bottom) =
                (left.min(x), top.min(y), right.max(x + 1), bottom.max(y + 1));
        }
    }
    ([left, top, right, bottom], (across / mass, down / mass))
}

/// A digit as text.
fn art(digit: &[u8]) -> String {
    let row = |row: &[u8]| {
        row.iter().map(|value| [' ', '.', 'o', '@'][usize::from(value / 64)]).collect::<String>()
    };
    digit.chunks_exact(SIDE).map(row).collect::<Vec<_>>().join("\n")
}

fn is_seven(digit: &[u8], what: &str) {
    let ([left, top, right, bottom], (x, y)) = shape(digit);
    // The bar is at the top, the foot at the bottom, without ink right of the
    // foot.
    let ink = |rows: std::ops::Range<usize>, from: usize, to: usize| {
        rows.into_iter()
            .any(|y| digit[y * SIDE + from..y * SIDE + to].iter().any(|value| *value > 100))
    };
    let holds = [
        (18..=21).contains(&(bottom - top)),
        (9..=15).contains(&(right - left)),
        (x - 14.).abs() <= 0.75 && (y - 14.).abs() <= 0.75,
        ink(top..top + 3, left, left + 3) && ink(top..top + 3, right - 3, right),
        !ink(bottom - 4..bottom, right - 3, right),
        digit[..SIDE].iter().all(|value| *value == 0),
        digit.contains(&255),
    ];
    assert_eq!(holds, [true; 7], "{what}:\n{}", art(digit));
}

/// Asserts that pixels are equal up to rounding.
fn same(taken: &Taken, pixels: &[u8], swapped: u32, cut: bool) {
    assert_eq!((taken.pixels.len(), taken.swapped, taken.cut), (pixels.len(), swapped, cut));
    let most = taken.pixels.iter().zip(pixels).map(|(a, b)| a.abs_diff(*b)).max();
    assert!(most <= Some(1), "{}", art(&taken.pixels[..PIXELS]));
}

#[test]
fn picture_of_28_pixels_keeps_them_and_dark_ink_becomes_light() {
    let line = seven(13., 14., 9.);
    let light = |x: usize, y: usize| (255. * pen(x, y, &line, 2.5)).round();
    let as_it_is = taken(SIDE, SIDE, light);
    let bytes: Vec<u8> = (0..PIXELS).map(|place| light(place % SIDE, place / SIDE) as u8).collect();
    assert!(as_it_is == Taken { pixels: bytes.clone(), swapped: 0, cut: false }, "bit for bit");
    let swapped = taken(SIDE, SIDE, |x, y| 255. - light(x, y));
    assert!(swapped == Taken { pixels: bytes, swapped: 1, cut: false }, "bit for bit");
    // On grey paper, with a pale pen.
    let pale = taken(SIDE, SIDE, |x, y| 190. - 0.4 * light(x, y));
    assert!(pale.swapped == 1 && pale.pixels[0] == 0 && pale.pixels.contains(&255));
}

#[test]
fn photographed_digit_is_levelled_cropped_and_centred() {
    let mut dice = Dice(1);
    let noise: Vec<f32> = (0..600 * 800).map(|_| dice.noise() * 5.).collect();
    let line = seven(190., 230., 110.);
    let light: [fn(f32, f32) -> f32; 5] = [
        |_, y| 120. + 70. * y / 800.,
        |x, _| 220. - 120. * x / 600.,
        |x, y| 230. - 0.25 * (x - 300.).hypot(y - 400.),
        |_, _| 200.,
        // A desk around the sheet.
        |x, y| if x < 50. || y < 40. || x > 560. || y > 770. { 50. } else { 150. + y / 20. },
    ];
    for (number, light) in light.into_iter().enumerate() {
        for width in [4., 30.] {
            for chalk in [false, true] {
                let photo = taken(600, 800, |x, y| {
                    let paper = light(x as f32, y as f32) + noise[y * 600 + x];
                    let grey = paper + (45. - paper) * pen(x, y, &line, width);
                    if chalk { 255. - grey } else { grey }
                });
                let what = format!("light {number}, pen {width}, chalk {chalk}");
                is_seven(&photo.pixels, &what);
                assert_eq!((photo.swapped, photo.cut), (u32::from(!chalk), false), "{what}");
            }
        }
    }
}

#[test]
fn specks_ruled_lines_and_fingers_at_the_edge_are_removed() {
    let line = seven(250., 300., 120.);
    let photo = taken(600, 800, |x, y| {
        let ruled = if y % 80 < 2 { 25. } else { 0. };
        let speck = (x as f32 - 520.).hypot(y as f32 - 700.) < 6.;
        let finger = (x as f32).hypot(y as f32 - 800.) < 90.;
        let paper = 140. + y as f32 / 16. - ruled;
        if speck || finger { 40. } else { paper + (45. - paper) * pen(x, y, &line, 9.) }
    });
    is_seven(&photo.pixels, "a photo");
}

#[test]
fn digit_with_mnist_margins_is_scaled_without_cropping() {
    let line = seven(26., 28., 18.);
    let big = taken(56, 56, |x, y| 255. * pen(x, y, &line, 5.));
    let small: Vec<f32> = (0..PIXELS)
        .map(|place| {
            let at = |right, down| {
                255. * pen(place % SIDE * 2 + right, place / SIDE * 2 + down, &line, 5.)
            };
            (at(0, 0) + at(1, 0) + at(0, 1) + at(1, 1)) / 4.
        })
        .collect();
    for (value, mean) in big.pixels.iter().zip(small) {
        assert!((f32::from(*value) - mean).abs() <= 1., "{value} {mean}");
    }
}

#[test]
fn picture_without_ink_is_scaled_without_cropping() {
    let halves = taken(56, 112, |x, _| if x < 28 { 40. } else { 200. }).pixels;
    // Half as wide as high: fourteen columns in the middle.
    assert!(halves[14 * SIDE + 8] < halves[14 * SIDE + 19]);
    let blank = [(5000, 1), (1, 1), (40, 40), (28, 400)];
    for (width, height) in blank {
        for grey in [0., 255.] {
            let taken = taken(width, height, |_, _| grey);
            assert!(taken.pixels.iter().all(|value| *value == 0), "{width} x {height}, {grey}");
        }
    }
}

#[test]
fn colours_become_luma_and_transparent_pixels_the_opposite_of_the_ink() {
    let of = |paint: &dyn Fn(usize) -> [u8; 4]| {
        let rgba: Vec<u8> = (0..PIXELS).flat_map(paint).collect();
        digits(&rgba, SIDE, SIDE).unwrap()
    };
    let stroke = |color: [u8; 3]| {
        let on = |place: usize| {
            if place % SIDE == 14 { [color[0], color[1], color[2], 255] } else { [0, 0, 0, 255] }
        };
        of(&on).pixels[14]
    };
    assert_eq!([stroke([255, 0, 0]), stroke([0, 255, 0]), stroke([0, 0, 255])], [76, 150, 29]);
    for ink in [0, 255] {
        let clear = of(&|place| [ink, ink, ink, if place % SIDE == 14 { 255 } else { 0 }]);
        assert_eq!(
            (clear.pixels[0], clear.pixels[14], clear.swapped),
            (0, 255, u32::from(ink == 0))
        );
    }
}

#[test]
fn sheets_are_cut_into_their_digits() {
    let cell = |number: usize| seven(11. + (number % 5) as f32, 13. + (number % 3) as f32, 8.);
    let at = |x: usize, y: usize, number: usize| 255. * pen(x, y, &cell(number), 2.);
    let digit = |number: usize| -> Vec<u8> {
        (0..PIXELS).map(|place| at(place % SIDE, place / SIDE, number).round() as u8).collect()
    };
    let many = |count: usize| (0..count).flat_map(digit).collect::<Vec<u8>>();
    let rows = taken(PIXELS, 40, |x, y| at(x % SIDE, x / SIDE, y));
    same(&rows, &many(40), 0, true);
    let strip = taken(SIDE, 12 * SIDE, |x, y| 255. - at(x, y % SIDE, y / SIDE));
    same(&strip, &many(12), 12, true);
    for square in [1, 4] {
        let side = SIDE * square;
        let sheet = taken(8 * side, 3 * side, |x, y| {
            let number = y / side * 8 + x / side;
            if number < 20 { at(x % side / square, y % side / square, number) } else { 0. }
        });
        same(&sheet, &many(20), 0, true);
    }
    // One digit with enlarged pixels is one cell; a large digit as wide as a
    // sheet is not cut.
    let squares = taken(4 * SIDE, 4 * SIDE, |x, y| at(x / 4, y / 4, 1));
    same(&squares, &digit(1), 0, true);
    let line = seven(120., 140., 90.);
    assert!(!taken(280, 280, |x, y| 255. * pen(x, y, &line, 20.)).cut);
}

#[test]
fn pictures_of_any_size_are_converted_and_wrong_sizes_refused() {
    let mut dice = Dice(2);
    for round in 0..200 {
        let (width, height) = (1 + dice.below(70) as usize, 1 + dice.below(70) as usize);
        let rgba: Vec<u8> = (0..4 * width * height).map(|_| dice.below(256) as u8).collect();
        let taken = digits(&rgba, width, height).unwrap();
        assert!(
            taken.pixels.len().is_multiple_of(PIXELS) && !taken.pixels.is_empty(),
            "round {round}"
        );
    }
    for (bytes, width, height) in [(0, 0, 0), (4, 2, 1), (4, usize::MAX, 2)] {
        assert!(digits(&vec![0; bytes], width, height).is_err());
    }
}
