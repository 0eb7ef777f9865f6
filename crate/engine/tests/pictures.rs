//! Simulated photos of digits written with a pen: the judge reads the digits
//! that are found in them.

#![allow(clippy::unwrap_used)]

use ganvas::data::numbers;
use ganvas::data::picture::digits;
use ganvas::metric::Judge;

const WIDE: usize = 600;
const HIGH: usize = 800;

/// Strokes of a digit around its centre; 1 is half its height.
const SHAPES: [(u8, &[(f32, f32)]); 5] = [
    (0, &[(0., -1.), (0.6, -0.4), (0.6, 0.5), (0., 1.), (-0.6, 0.5), (-0.6, -0.4), (0., -1.)]),
    (1, &[(0., -1.), (0., 1.)]),
    (3, &[(-0.5, -0.9), (0.5, -0.6), (0., 0.), (0.6, 0.5), (-0.5, 0.9)]),
    (4, &[(0.3, 1.), (0.3, -1.), (-0.6, 0.3), (0.7, 0.3)]),
    (7, &[(-0.6, -1.), (0.6, -1.), (-0.1, 1.)]),
];

/// Random numbers from 0 to 1.
struct Dice(u32);

impl Dice {
    fn next(&mut self) -> f32 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (self.0 >> 8) as f32 / (1 << 24) as f32
    }
}

fn distance(x: f32, y: f32, line: &[(f32, f32)]) -> f32 {
    let apart = |pair: &[(f32, f32)]| {
        let ((ax, ay), (bx, by)) = (pair[0], pair[1]);
        let (dx, dy) = (bx - ax, by - ay);
        let part = (((x - ax) * dx + (y - ay) * dy) / (dx * dx + dy * dy)).clamp(0., 1.);
        (x - ax - part * dx).hypot(y - ay - part * dy)
    };
    line.windows(2).map(apart).fold(f32::INFINITY, f32::min)
}

/// A photo of a digit at a random place on paper: four bytes per pixel.
fn photo(shape: &[(f32, f32)], dice: &mut Dice, pen: f32, light: fn(f32, f32) -> f32) -> Vec<u8> {
    let (x, y) =
        (WIDE as f32 * (0.3 + 0.3 * dice.next()), HIGH as f32 * (0.25 + 0.35 * dice.next()));
    let size = WIDE as f32 * 0.18;
    let line: Vec<(f32, f32)> =
        shape.iter().map(|(right, down)| (x + right * size, y + down * size)).collect();
    let mut rgba = Vec::with_capacity(4 * WIDE * HIGH);
    for place in 0..WIDE * HIGH {
        let (x, y) = ((place % WIDE) as f32, (place / WIDE) as f32);
        let paper = light(x / WIDE as f32, y / HIGH as f32) + 8. * (dice.next() - 0.5);
        // The edges of the stroke are blurred.
        let ink = (0.5 + (pen / 2. - distance(x, y, &line)) / 2.).clamp(0., 1.);
        let grey = (paper + (45. - paper) * ink).round() as u8;
        rgba.extend([grey, grey, grey, 255]);
    }
    rgba
}

/// The brightness of the paper at a place (x, y) of the picture, both from 0 to
/// 1.
type Light = fn(f32, f32) -> f32;

#[test]
fn the_judge_reads_photographed_digits() {
    let mut judge = Judge::ready().unwrap();
    let mut dice = Dice(1);
    let lights: [(&str, Light); 3] = [
        ("from below", |_, y| 120. + 70. * y),
        ("from the side", |x, _| 220. - 120. * x),
        ("a lamp", |x, y| 230. - 160. * (x - 0.4).hypot(y - 0.5)),
    ];
    for (what, light) in lights {
        for pen in [3., 5., 12.] {
            let (mut pixels, mut truth) = (Vec::new(), Vec::new());
            for (digit, shape) in SHAPES {
                for _ in 0..4 {
                    let found = digits(&photo(shape, &mut dice, pen, light), WIDE, HIGH).unwrap();
                    assert_eq!((found.pixels.len(), found.swapped), (784, 1));
                    pixels.extend(found.pixels);
                    truth.push(digit);
                }
            }
            let read = judge.judge(&numbers(&pixels)).unwrap().classes;
            let right = read.iter().zip(&truth).filter(|(read, truth)| read == truth).count();
            println!("light {what}, pen {pen}: {right} of {}", truth.len());
            assert!(
                right * 5 >= truth.len() * 4,
                "light {what}, pen {pen}: {right} of {}: {read:?}",
                truth.len()
            );
        }
    }
}
