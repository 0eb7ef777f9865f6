//! A random handwriting: the transform of every point of a digit, and its
//! jitter.

use super::dice::Dice;
use super::pen::Nib;

/// One handwriting: a slant, a rotation, a width and a bend that all points of
/// a digit share.
pub(super) struct Hand {
    bend: [f32; 4],
    /// Width as a multiple of height.
    wide: f32,
    /// Shift of the top to the right, as a multiple of height.
    slant: f32,
    cosine: f32,
    sine: f32,
    /// Largest random shift of a point along each axis, in heights.
    jitter: f32,
}

impl Hand {
    /// A random handwriting.
    pub(super) fn new(dice: &mut Dice) -> Self {
        // The tangent of half the angle gives sine and cosine without the
        // library's functions, whose last bits differ between machines.
        let half = 0.16 * dice.bell();
        let square = half * half;
        Self {
            bend: [(); 4].map(|()| 0.6 * dice.bell()),
            wide: 0.86 + 0.4 * dice.bell(),
            slant: 0.16 + 0.55 * dice.bell(),
            cosine: (1.0 - square) / (1.0 + square),
            sine: 2.0 * half / (1.0 + square),
            jitter: dice.between(0.02, 0.085),
        }
    }

    /// The point (x, y) of a shape, both 0 to 1, in this handwriting, with the
    /// relative pen radius there.
    pub(super) fn place(&self, dice: &mut Dice, x: f32, y: f32) -> Nib {
        let x = x - 0.5 + self.jitter * dice.bell();
        let y = y - 0.5 + self.jitter * dice.bell();
        let bent_x = x + self.bend[0] * y * y + self.bend[1] * x * y;
        let bent_y = y + self.bend[2] * x * x + self.bend[3] * x * y;
        let leaning = bent_x * self.wide - self.slant * bent_y;
        Nib {
            x: self.cosine * leaning - self.sine * bent_y,
            y: self.sine * leaning + self.cosine * bent_y,
            r: 1.0 + 0.3 * dice.bell(),
        }
    }
}
