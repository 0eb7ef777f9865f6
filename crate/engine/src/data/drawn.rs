//! Digits drawn by the program: pen strokes of varied style, shape, slant,
//! width and thickness, framed like MNIST's.

mod dice;
mod hand;
mod pen;
mod shapes;

use crate::data::{PIXELS, SIDE};
use dice::Dice;
use hand::Hand;
use pen::Nib;
use shapes::Style;

/// Side of the box that a digit fills, in pixels, as in MNIST.
const BOX: f32 = 20.0;

/// Margin around a digit whose centre of mass is far from its middle, in
/// pixels.
const MARGIN: f32 = 2.5;

/// The class, 0 to 9, of digit `index` of the drawn set `seed`.
pub fn label(seed: u32, index: u32) -> u8 {
    Dice::new(seed, index).below(10) as u8
}

/// Digit `index` of the drawn set `seed`: its 784 pixels, row by row, 255 is
/// ink, and its class, 0 to 9.
///
/// The bits are the same on every machine.
pub fn drawn_digit(seed: u32, index: u32) -> ([u8; PIXELS], u8) {
    let mut dice = Dice::new(seed, index);
    let class = dice.below(10);
    let style = choose(&mut dice, shapes::DIGITS[class as usize]);
    let mut strokes = write(&mut dice, style);
    frame(&mut dice, &mut strokes, class == shapes::STICK);
    (print(&mut dice, &strokes), class as u8)
}

/// A random style, with the probability of its share.
fn choose(dice: &mut Dice, styles: &'static [Style]) -> &'static Style {
    let mut ticket = dice.below(styles.iter().map(|style| style.share).sum());
    let mut chosen = &styles[0];
    for style in styles {
        chosen = style;
        if ticket < style.share {
            break;
        }
        ticket -= style.share;
    }
    chosen
}

/// The curves of a digit, one list per stroke, in units of its height; `r` is a
/// multiple of the pen radius.
fn write(dice: &mut Dice, style: &Style) -> Vec<Vec<Nib>> {
    let blend = dice.between(-0.1, 1.1);
    let hand = Hand::new(dice);
    let percent =
        |from: i8, to: i8| (f32::from(from) + blend * (f32::from(to) - f32::from(from))) / 100.0;
    let mut strokes = Vec::with_capacity(style.from.len());
    for (from, to) in style.from.iter().zip(style.to) {
        let mut points: Vec<Nib> = Vec::with_capacity(from.len());
        for (i, (from_point, to_point)) in from.iter().zip(to.iter()).enumerate() {
            let point = match points.last() {
                Some(last) if *from_point == from[i - 1] => *last,
                _ => hand.place(
                    dice,
                    percent(from_point.0, to_point.0),
                    percent(from_point.1, to_point.1),
                ),
            };
            points.push(point);
        }
        let mut path = Vec::with_capacity(48);
        pen::smooth(&points, 0.07, &mut path);
        strokes.push(path);
    }
    strokes
}

/// Scales the curves to pixels: the digit fills a box of 20 x 20, with its
/// centre of mass in the middle of the image.
fn frame(dice: &mut Dice, strokes: &mut [Vec<Nib>], stick: bool) {
    let (mut low, mut high) = ((f32::MAX, f32::MAX), (f32::MIN, f32::MIN));
    for nib in strokes.iter().flatten() {
        low = (pen::smaller(low.0, nib.x), pen::smaller(low.1, nib.y));
        high = (pen::larger(high.0, nib.x), pen::larger(high.1, nib.y));
    }
    let (across, down) = (high.0 - low.0, high.1 - low.1);
    let size = pen::larger(across, down);
    let width = pen::larger(0.8, 1.34 + 0.95 * dice.bell());
    // A thick pen would fill the loops of a narrow digit.
    let room = 0.6 + 0.09 * BOX * pen::smaller(across, down) / size;
    let width = if stick { width } else { pen::smaller(width, room) };
    let scale = (BOX * dice.between(0.94, 1.0) - 2.0 * width) / size;
    let centre = centre_of_mass(strokes);
    let middle = SIDE as f32 / 2.0;
    let shift = |low: f32, high: f32, centre: f32, jitter: f32| {
        let wanted = middle + jitter - centre * scale;
        let (least, most) =
            (MARGIN + width - low * scale, SIDE as f32 - MARGIN - width - high * scale);
        pen::larger(least, pen::smaller(most, wanted))
    };
    let x = shift(low.0, high.0, centre.0, 0.6 * dice.bell());
    let y = shift(low.1, high.1, centre.1, 0.6 * dice.bell());
    for nib in strokes.iter_mut().flatten() {
        let uneven = 1.0 + 0.2 * dice.bell();
        *nib = Nib { x: nib.x * scale + x, y: nib.y * scale + y, r: nib.r * width * uneven };
    }
}

/// The centre of mass of the ink; a line has the ink of its length times its
/// width.
fn centre_of_mass(strokes: &[Vec<Nib>]) -> (f32, f32) {
    let (mut x, mut y, mut mass) = (0.0, 0.0, 0.0);
    for pair in strokes.iter().flat_map(|stroke| stroke.windows(2)) {
        let amount = pen::distance(pair[0], pair[1]) * (pair[0].r + pair[1].r);
        x += amount * (pair[0].x + pair[1].x) / 2.0;
        y += amount * (pair[0].y + pair[1].y) / 2.0;
        mass += amount;
    }
    (x / mass, y / mass)
}

/// The ink of the curves as bytes, with soft and slightly uneven edges.
fn print(dice: &mut Dice, strokes: &[Vec<Nib>]) -> [u8; PIXELS] {
    let soft = 1.2 + 0.5 * dice.bell();
    let mut paper = [0.0; PIXELS];
    for pair in strokes.iter().flat_map(|stroke| stroke.windows(2)) {
        pen::ink(&mut paper, pair[0], pair[1], soft);
    }
    paper.map(|value| {
        if value == 0.0 {
            return 0;
        }
        let grain = 0.25 * dice.bell() * (1.0 - value);
        // The cast to u8 clamps to 0 and 255.
        (254.5 * value * (1.0 + grain)) as u8
    })
}
