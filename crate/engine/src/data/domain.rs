//! CycleGAN's two domains: one set of digits, its halves seen in two ways. The
//! way is known, so a translation has a truth to be held to.

use super::{Dataset, PIXELS, SIDE, drawn_digit};

/// Half the width of a thick pen, and of a thin one, in pixels.
const PENS: [f32; 2] = [1.8, 0.6];

/// Ink that counts as a stroke when its middle line is looked for.
const STROKE: u8 = 100;

/// What leans a digit by 20 degrees: columns a row.
const SHEAR: f32 = 0.364;

/// A pair of domains.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Domains {
    /// Strokes drawn again along their middle, with a thick pen and with a thin
    /// one.
    ThickThin,
    /// A digit, and the ring around its ink.
    Outline,
    /// A digit, and its negative.
    Invert,
    /// Leant 20 degrees to the left, and to the right.
    Slant,
    /// Digits of the set, and digits that the program draws: no truth is known.
    Drawn,
    /// A digit, and the same turned by a quarter: a cycle can be kept without
    /// learning it.
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
    /// Both.
    pub const ALL: [Self; 2] = [Self::A, Self::B];

    /// The other one.
    pub fn other(self) -> Self {
        if self == Self::A { Self::B } else { Self::A }
    }
}

impl Domains {
    /// Whether a digit's view in one domain says what it is in the other.
    pub fn truth_known(self) -> bool {
        self != Self::Drawn
    }

    /// Digit `i` of `data` as a domain shows it, 784 bytes.
    pub fn view(self, side: Side, data: &mut Dataset, i: u32) -> [u8; PIXELS] {
        if (self, side) == (Self::Drawn, Side::B) {
            return drawn_digit(i);
        }
        let mut digit = [0; PIXELS];
        digit.copy_from_slice(data.digit(i));
        match (self, side) {
            (Self::ThickThin, _) => redrawn(&digit, PENS[side as usize]),
            (Self::Slant, Side::A) => leant(&digit, -SHEAR),
            (Self::Slant, Side::B) => leant(&digit, SHEAR),
            (_, Side::A) | (Self::Drawn, Side::B) => digit,
            (Self::Outline, Side::B) => ring(&digit),
            (Self::Invert, Side::B) => digit.map(|ink| 255 - ink),
            (Self::QuarterTurn, Side::B) => {
                std::array::from_fn(|at| digit[at % SIDE * SIDE + SIDE - 1 - at / SIDE])
            }
        }
    }
}

/// The pixel at a row and a column, 0 beyond the border.
fn at<T: Copy + Default>(image: &[T; PIXELS], row: isize, column: isize) -> T {
    let inside = |place: isize| (0..SIDE as isize).contains(&place);
    if inside(row) && inside(column) {
        image[row as usize * SIDE + column as usize]
    } else {
        T::default()
    }
}

/// A picture from a function of row and column.
fn picture(pixel: impl Fn(isize, isize) -> f32) -> [u8; PIXELS] {
    std::array::from_fn(|i| {
        (pixel((i / SIDE) as isize, (i % SIDE) as isize).clamp(0., 255.) + 0.5) as u8
    })
}

/// The strokes' middle lines, drawn with a round pen `radius` pixels from
/// middle to edge.
fn redrawn(digit: &[u8; PIXELS], radius: f32) -> [u8; PIXELS] {
    let middle = middle(digit.map(|ink| ink >= STROKE));
    let reach = (radius + 0.5) as isize;
    picture(|row, column| {
        let around = (-reach..=reach).flat_map(|dy| (-reach..=reach).map(move |dx| (dy, dx)));
        let near = around.filter(|&(dy, dx)| at(&middle, row + dy, column + dx));
        let nearest = near.map(|(dy, dx)| dy * dy + dx * dx).min();
        nearest.map_or(0., |square| 255. * (radius + 0.5 - (square as f32).sqrt()))
    })
}

/// The middle line of strokes, one pixel wide and connected as they are (Zhang
/// and Suen 1984).
fn middle(mut ink: [bool; PIXELS]) -> [bool; PIXELS] {
    /// The neighbours, clockwise from the one above.
    const AROUND: [(isize, isize); 8] =
        [(-1, 0), (-1, 1), (0, 1), (1, 1), (1, 0), (1, -1), (0, -1), (-1, -1)];
    loop {
        let mut worn = false;
        for pass in 0..2 {
            let edge = |i: usize| {
                let near = AROUND
                    .map(|(dy, dx)| at(&ink, (i / SIDE) as isize + dy, (i % SIDE) as isize + dx));
                let count = near.iter().filter(|&&n| n).count();
                let rises = (0..8).filter(|&k| !near[k] && near[(k + 1) % 8]).count();
                let [up, right, down, left] = [near[0], near[2], near[4], near[6]];
                let side = if pass == 0 {
                    !(right && down && (up || left))
                } else {
                    !(up && left && (right || down))
                };
                ink[i] && (2..=6).contains(&count) && rises == 1 && side
            };
            let gone: Vec<usize> = (0..PIXELS).filter(|&i| edge(i)).collect();
            worn |= !gone.is_empty();
            gone.into_iter().for_each(|i| ink[i] = false);
        }
        if !worn {
            return ink;
        }
    }
}

/// What a pen one pixel larger would add.
fn ring(digit: &[u8; PIXELS]) -> [u8; PIXELS] {
    picture(|row, column| {
        let around =
            (-1..=1).flat_map(|dy| (-1..=1).map(move |dx| at(digit, row + dy, column + dx)));
        f32::from(around.max().unwrap_or(0) - at(digit, row, column))
    })
}

/// Each row moved by `shear` pixels a row from the middle, between pixels by
/// their mixture.
fn leant(digit: &[u8; PIXELS], shear: f32) -> [u8; PIXELS] {
    picture(|row, column| {
        let from = column as f32 - shear * ((SIDE as f32 - 1.) / 2. - row as f32);
        let (left, share) = (from.floor(), from - from.floor());
        let ink = |column: f32| f32::from(at(digit, row, column as isize));
        ink(left) * (1. - share) + ink(left + 1.) * share
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
    fn the_domains_of_a_pair_differ_and_show_the_same_digit_each_time() {
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
            assert!(covered, "digit {i}: ink where the thick pen has none");
        }
    }

    #[test]
    fn turns_negatives_and_rings_are_what_they_say() {
        let mut data = Dataset::drawn();
        let digit: Vec<u8> = data.digit(3).to_vec();
        let turned = Domains::QuarterTurn.view(Side::B, &mut data, 3);
        assert_eq!(turned[0], digit[SIDE - 1], "the right upper corner goes to the left upper one");
        assert_eq!(
            turned[SIDE - 1],
            digit[PIXELS - 1],
            "the right lower corner to the right upper one"
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
