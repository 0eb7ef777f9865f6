//! CycleGAN's two domains: the halves of one set of images, in two views. The
//! views are known, so translations can be compared with the truth.

use super::{Dataset, Sample, Shape, image_of};
use crate::error::{Error, Result};

/// Radius of a thick and of a thin pen in pixels.
const PENS: [f32; 2] = [1.8, 0.6];

/// Least ink of a pixel of a stroke, when the middle line is computed.
const STROKE: u8 = 100;

/// Shear for a slant of 20 degrees, in columns per row.
const SHEAR: f32 = 0.364;

/// A pair of domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domains {
    /// Strokes redrawn along their middle line, with a thick pen and with a
    /// thin one.
    ThickThin,
    /// An image, and the ring around its ink.
    Outline,
    /// An image, and its negative.
    Invert,
    /// An image slanted by 20 degrees to the left, and to the right.
    Slant,
    /// Digits of the set, and digits drawn by the program: the truth is
    /// unknown.
    Drawn,
    /// An image, and the image rotated by 90 degrees: cycle consistency does
    /// not require learning the rotation.
    QuarterTurn,
}

/// One domain of a pair.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Side {
    A,
    B,
}

impl Side {
    /// Both domains.
    pub const ALL: [Self; 2] = [Self::A, Self::B];

    /// The other domain.
    pub fn other(self) -> Self {
        if self == Self::A { Self::B } else { Self::A }
    }
}

impl Domains {
    /// Whether the view of an image in one domain determines its view in the
    /// other.
    pub fn truth_known(self) -> bool {
        self != Self::Drawn
    }

    /// Errors with `OtherShape` for a shape that these domains do not support:
    /// drawn digits have one shape, and a quarter turn keeps the shape of
    /// square images only.
    pub fn check(self, shape: Shape) -> Result<()> {
        let expected = match self {
            Self::Drawn => Sample::DIGIT.shape,
            Self::QuarterTurn => Shape { width: shape.height, ..shape },
            Self::ThickThin | Self::Outline | Self::Invert | Self::Slant => shape,
        };
        if shape == expected {
            return Ok(());
        }
        Err(Error::OtherShape { got: shape.to_string(), expected: expected.to_string() })
    }

    /// Image `i` of `data` in the view of a domain, computed for each channel:
    /// the same number of bytes.
    pub fn view(self, side: Side, data: &mut Dataset, i: u32) -> Vec<u8> {
        if (self, side) == (Self::Drawn, Side::B) {
            return image_of(i).to_vec();
        }
        let Shape { height, width, channels } = data.sample().shape;
        let mut view = data.digit(i).to_vec();
        for channel in 0..channels {
            let values = view.iter().skip(channel).step_by(channels).copied().collect();
            let transformed = self.plane(side, Plane { values, height, width });
            view.iter_mut()
                .skip(channel)
                .step_by(channels)
                .zip(transformed)
                .for_each(|(to, x)| *to = x);
        }
        view
    }

    /// One channel in the view of a domain.
    fn plane(self, side: Side, plane: Plane<u8>) -> Vec<u8> {
        match (self, side) {
            (Self::ThickThin, _) => redrawn(&plane, PENS[side as usize]),
            (Self::Slant, Side::A) => slanted(&plane, -SHEAR),
            (Self::Slant, Side::B) => slanted(&plane, SHEAR),
            (_, Side::A) | (Self::Drawn, Side::B) => plane.values,
            (Self::Outline, Side::B) => ring(&plane),
            (Self::Invert, Side::B) => plane.values.iter().map(|ink| 255 - ink).collect(),
            (Self::QuarterTurn, Side::B) => {
                let side = plane.width;
                let from = |at: usize| at % side * side + side - 1 - at / side;
                (0..plane.values.len()).map(|at| plane.values[from(at)]).collect()
            }
        }
    }
}

/// One channel of an image, row by row.
struct Plane<T> {
    values: Vec<T>,
    height: usize,
    width: usize,
}

impl<T: Copy + Default> Plane<T> {
    /// The value at a row and a column, 0 beyond the border.
    fn at(&self, row: isize, column: isize) -> T {
        let inside = |place: isize, most: usize| (0..most as isize).contains(&place);
        if inside(row, self.height) && inside(column, self.width) {
            self.values[row as usize * self.width + column as usize]
        } else {
            T::default()
        }
    }

    /// Row and column of index `i`.
    fn place(&self, i: usize) -> (isize, isize) {
        ((i / self.width) as isize, (i % self.width) as isize)
    }

    /// Bytes of the same height and width, from a function of row and column.
    fn painted(&self, pixel: impl Fn(isize, isize) -> f32) -> Vec<u8> {
        let byte = |i: usize| {
            let (row, column) = self.place(i);
            (pixel(row, column).clamp(0., 255.) + 0.5) as u8
        };
        (0..self.values.len()).map(byte).collect()
    }
}

/// The middle lines of the strokes, drawn with a round pen of `radius` pixels.
fn redrawn(plane: &Plane<u8>, radius: f32) -> Vec<u8> {
    let ink = plane.values.iter().map(|&ink| ink >= STROKE).collect();
    let middle = middle(Plane { values: ink, height: plane.height, width: plane.width });
    let reach = (radius + 0.5) as isize;
    plane.painted(|row, column| {
        let around = (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dy, dx)));
        let inked = around.filter(|&(dy, dx)| middle.at(row + dy, column + dx));
        let nearest = inked.map(|(dy, dx)| dy * dy + dx * dx).min();
        nearest.map_or(0., |square| 255. * (radius + 0.5 - (square as f32).sqrt()))
    })
}

/// The middle line of strokes, one pixel wide and with the same connections
/// (Zhang and Suen 1984).
fn middle(mut ink: Plane<bool>) -> Plane<bool> {
    /// The neighbours, clockwise from the one above.
    const AROUND: [(isize, isize); 8] =
        [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)];
    loop {
        let mut changed = false;
        for pass in 0..2 {
            let edge = |i: usize| {
                let (row, column) = ink.place(i);
                let neighbours = AROUND.map(|(dy, dx)| ink.at(row + dy, column + dx));
                let count = neighbours.iter().filter(|&&n| n).count();
                let rises = (0..8).filter(|&k| !neighbours[k] && neighbours[(k + 1) % 8]).count();
                let [up, right, down, left] =
                    [neighbours[0], neighbours[2], neighbours[4], neighbours[6]];
                let side = if pass == 0 {
                    !(right && down && (up || left))
                } else {
                    !(up && left && (right || down))
                };
                ink.values[i] && (2..=6).contains(&count) && rises == 1 && side
            };
            let removed: Vec<usize> = (0..ink.values.len()).filter(|&i| edge(i)).collect();
            changed |= !removed.is_empty();
            removed.into_iter().for_each(|i| ink.values[i] = false);
        }
        if !changed {
            return ink;
        }
    }
}

/// The ink that a pen one pixel larger would add.
fn ring(plane: &Plane<u8>) -> Vec<u8> {
    plane.painted(|row, column| {
        let around =
            (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| plane.at(row + dy, column + dx)));
        f32::from(around.max().unwrap_or(0) - plane.at(row, column))
    })
}

/// Shifts each row by `shear` pixels per row from the middle, with linear
/// interpolation.
fn slanted(plane: &Plane<u8>, shear: f32) -> Vec<u8> {
    plane.painted(|row, column| {
        let from = column as f32 - shear * ((plane.height as f32 - 1.) / 2. - row as f32);
        let (left, share) = (from.floor(), from - from.floor());
        let ink = |column: f32| f32::from(plane.at(row, column as isize));
        ink(left) * (1. - share) + ink(left + 1.) * share
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::{PIXELS, SIDE};

    const ALL: [Domains; 6] = [
        Domains::ThickThin,
        Domains::Outline,
        Domains::Invert,
        Domains::Slant,
        Domains::Drawn,
        Domains::QuarterTurn,
    ];

    fn ink(digit: &[u8]) -> u32 {
        digit.iter().map(|&ink| u32::from(ink)).sum::<u32>() / 255
    }

    #[test]
    fn domains_of_a_pair_differ_and_views_are_deterministic() {
        let mut data = Dataset::drawn();
        for domains in ALL {
            for i in [2, 5] {
                let [a, b] = Side::ALL.map(|side| domains.view(side, &mut data, i));
                if domains != Domains::Drawn {
                    assert_ne!(a, b, "{domains:?}");
                }
                assert_eq!(a, domains.view(Side::A, &mut data, i), "{domains:?}");
            }
        }
    }

    #[test]
    fn pens_keep_the_middle_line() {
        let mut data = Dataset::drawn();
        for i in 0..50 {
            let [thick, thin] = Side::ALL.map(|side| Domains::ThickThin.view(side, &mut data, i));
            assert!(
                ink(&thick) > 2 * ink(&thin) && ink(&thin) > 5,
                "{i}: {} and {}",
                ink(&thick),
                ink(&thin)
            );
            let covered = thin.iter().zip(&thick).all(|(thin, thick)| thin <= thick);
            assert!(covered, "digit {i}: the thin pen has ink where the thick one has none");
        }
    }

    #[test]
    fn quarter_turn_negative_outline_and_slant_views_are_correct() {
        let mut data = Dataset::drawn();
        let digit: Vec<u8> = data.digit(3).to_vec();
        let turned = Domains::QuarterTurn.view(Side::B, &mut data, 3);
        assert_eq!(turned[0], digit[SIDE - 1], "the upper right corner moves to the upper left");
        assert_eq!(
            turned[SIDE - 1],
            digit[PIXELS - 1],
            "the lower right corner moves to the upper right"
        );
        let negative = Domains::Invert.view(Side::B, &mut data, 3);
        assert!(negative.iter().zip(&digit).all(|(a, b)| a + b == 255));
        let ring = Domains::Outline.view(Side::B, &mut data, 3);
        assert!(ring.iter().zip(&digit).all(|(&ring, &ink)| ring <= 255 - ink) && ink(&ring) > 20);
        let [left, right] = Side::ALL.map(|side| Domains::Slant.view(side, &mut data, 3));
        let row = 13 * SIDE..14 * SIDE;
        let moved: u32 = left[row.clone()]
            .iter()
            .zip(&right[row])
            .map(|(&a, &b)| u32::from(a.abs_diff(b)))
            .sum();
        assert!(moved / 255 < 2, "the middle row hardly moves");
    }
}
