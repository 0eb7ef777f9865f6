//! Distorted digits and images that are not digits, to test a judge
//! (`cargo ganvas train-judge` prints the table).

use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::RngCore;

use crate::data::{PIXELS, SIDE};
use crate::rng::{Purpose, stream};

/// Letters that do not look like a digit in any handwriting, as strokes from
/// point to point in a box of 4 x 6.
const LETTERS: [&[[i8; 4]]; 14] = [
    &[[0, 6, 2, 0], [2, 0, 4, 6], [1, 4, 3, 4]], // A
    &[[4, 0, 0, 0], [0, 0, 0, 6], [0, 6, 4, 6], [0, 3, 3, 3]], // E
    &[[4, 0, 0, 0], [0, 0, 0, 6], [0, 3, 3, 3]], // F
    &[[0, 0, 0, 6], [4, 0, 4, 6], [0, 3, 4, 3]], // H
    &[[0, 0, 0, 6], [4, 0, 0, 3], [0, 3, 4, 6]], // K
    &[[0, 6, 0, 0], [0, 0, 2, 3], [2, 3, 4, 0], [4, 0, 4, 6]], // M
    &[[0, 6, 0, 0], [0, 0, 4, 6], [4, 6, 4, 0]], // N
    &[[0, 6, 0, 0], [0, 0, 4, 0], [4, 0, 4, 3], [4, 3, 0, 3]], // P
    &[[0, 6, 0, 0], [0, 0, 4, 0], [4, 0, 4, 3], [4, 3, 0, 3], [2, 3, 4, 6]], // R
    &[[0, 0, 4, 0], [2, 0, 2, 6]],               // T
    &[[0, 0, 0, 6], [0, 6, 4, 6], [4, 6, 4, 0]], // U
    &[[0, 0, 2, 6], [2, 6, 4, 0]],               // V
    &[[0, 0, 1, 6], [1, 6, 2, 3], [2, 3, 3, 6], [3, 6, 4, 0]], // W
    &[[0, 0, 4, 6], [4, 0, 0, 6]],               // X
];

/// Sets of images by name, each with as many images as `digits`, (n, 784) in
/// [0, 1]; the sets computed from `digits` come last.
pub fn sets(digits: &[f32]) -> Vec<(&'static str, Vec<f32>)> {
    let mut dice = Dice(stream(1, Purpose::Samples));
    let count = digits.len() / PIXELS;
    let mut each = |paint: &mut dyn FnMut(&mut Dice) -> Vec<f32>| -> Vec<f32> {
        (0..count).flat_map(|_| paint(&mut dice)).collect()
    };
    let noise = |dice: &mut Dice| (0..PIXELS).map(|_| dice.below(1.)).collect::<Vec<f32>>();
    let mut sets = vec![
        ("white noise", each(&mut { noise })),
        (
            "dots, one pixel in five",
            each(&mut |dice| noise(dice).iter().map(|&x| f32::from(x < 0.2)).collect()),
        ),
        (
            "smooth noise",
            each(&mut |dice| {
                blurred(&noise(dice), 1).iter().map(|x| 4. * x - 1.8).map(unit).collect()
            }),
        ),
        ("grey", vec![0.5; digits.len()]),
        ("blank", vec![0.; digits.len()]),
        ("blobs", each(&mut blobs)),
        ("lines", each(&mut lines)),
        ("letters", each(&mut letter)),
    ];
    let of_each = |paint: &dyn Fn(&[f32], usize) -> Vec<f32>| -> Vec<f32> {
        digits.chunks_exact(PIXELS).enumerate().flat_map(|(i, digit)| paint(digit, i)).collect()
    };
    let next = |i: usize| &digits[(i + 1) % count * PIXELS..][..PIXELS];
    sets.extend([
        ("digits blurred by 3 x 3", of_each(&|digit, _| blurred(digit, 1))),
        ("digits blurred by 5 x 5", of_each(&|digit, _| blurred(digit, 2))),
        ("digits blurred by 7 x 7", of_each(&|digit, _| blurred(digit, 3))),
        (
            "upper halves",
            of_each(&|digit, _| places(|at| if at < PIXELS / 2 { digit[at] } else { 0. })),
        ),
        (
            "left halves",
            of_each(&|digit, _| places(|at| if at % SIDE < SIDE / 2 { digit[at] } else { 0. })),
        ),
        (
            "halves of two digits",
            of_each(&|digit, i| places(|at| if at < PIXELS / 2 { digit[at] } else { next(i)[at] })),
        ),
        ("two digits overlaid", of_each(&|digit, i| places(|at| digit[at].max(next(i)[at])))),
        (
            "rotated by 90 degrees",
            of_each(&|digit, _| places(|at| digit[at % SIDE * SIDE + SIDE - 1 - at / SIDE])),
        ),
        ("inverted", of_each(&|digit, _| places(|at| 1. - digit[at]))),
    ]);
    sets
}

/// Random numbers.
struct Dice(ChaCha8Rng);

impl Dice {
    fn below(&mut self, most: f32) -> f32 {
        most * (self.0.next_u32() >> 8) as f32 / (1 << 24) as f32
    }

    fn between(&mut self, low: f32, high: f32) -> f32 {
        low + self.below(high - low)
    }
}

fn unit(x: f32) -> f32 {
    x.clamp(0., 1.)
}

fn places(of: impl Fn(usize) -> f32) -> Vec<f32> {
    (0..PIXELS).map(of).collect()
}

/// One to three soft blobs near the middle.
fn blobs(dice: &mut Dice) -> Vec<f32> {
    let count = 1 + dice.below(3.) as usize;
    let blobs: Vec<[f32; 3]> = (0..count)
        .map(|_| [dice.between(8., 20.), dice.between(8., 20.), dice.between(2., 5.)])
        .collect();
    places(|at| {
        let (y, x) = ((at / SIDE) as f32, (at % SIDE) as f32);
        unit(
            blobs
                .iter()
                .map(|[v, u, r]| (-((y - v).powi(2) + (x - u).powi(2)) / (2. * r * r)).exp())
                .sum(),
        )
    })
}

/// Two to five strokes at random places.
fn lines(dice: &mut Dice) -> Vec<f32> {
    let count = 2 + dice.below(4.) as usize;
    let strokes: Vec<[f32; 4]> =
        (0..count).map(|_| [(); 4].map(|()| dice.between(4., 24.))).collect();
    inked(&strokes, 1.1)
}

/// A letter in the box that MNIST's digits fill, slightly slanted.
fn letter(dice: &mut Dice) -> Vec<f32> {
    let letter = LETTERS[dice.below(LETTERS.len() as f32) as usize];
    let (slant, width, thick) =
        (dice.between(-0.2, 0.2), dice.between(2.4, 3.4), dice.between(0.9, 1.6));
    let place = |x: i8, y: i8| {
        let (x, y) = (f32::from(x) - 2., f32::from(y) - 3.);
        [13.5 + width * x - slant * 3. * y, 13.5 + 3. * y]
    };
    let strokes: Vec<[f32; 4]> = letter
        .iter()
        .map(|&[a, b, c, d]| {
            let ([a, b], [c, d]) = (place(a, b), place(c, d));
            [a, b, c, d]
        })
        .collect();
    inked(&strokes, thick)
}

/// Strokes of a pen of this radius, from (x, y) to (x, y).
fn inked(strokes: &[[f32; 4]], thick: f32) -> Vec<f32> {
    places(|at| {
        let (y, x) = ((at / SIDE) as f32, (at % SIDE) as f32);
        let distance = |&[a, b, c, d]: &[f32; 4]| {
            let (along, down) = (c - a, d - b);
            let part =
                unit(((x - a) * along + (y - b) * down) / (along * along + down * down).max(1e-6));
            (x - a - part * along).hypot(y - b - part * down)
        };
        unit(thick + 0.5 - strokes.iter().map(distance).fold(f32::MAX, f32::min))
    })
}

/// Each pixel is the mean of the pixels within `reach` of it.
fn blurred(digit: &[f32], reach: usize) -> Vec<f32> {
    let around = |k: usize| k.saturating_sub(reach)..(k + reach + 1).min(SIDE);
    let area = ((2 * reach + 1) * (2 * reach + 1)) as f32;
    places(|at| {
        let rows = around(at / SIDE)
            .flat_map(|row| around(at % SIDE).map(move |column| row * SIDE + column));
        rows.map(|i| digit[i]).sum::<f32>() / area
    })
}
