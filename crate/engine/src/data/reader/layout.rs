//! The layout of arrays in files: IDX of any element type and dimensions, and
//! NumPy's .npy.

use crate::data::{MOST_IMAGES, SIDE};
use crate::{Error, Result};

/// The type of the numbers of an array.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Element {
    /// Unsigned integer of this many bytes.
    Unsigned(usize),
    /// Signed integer of this many bytes.
    Signed(usize),
    /// IEEE 754 number of 4 or 8 bytes.
    Float(usize),
}

impl Element {
    /// Bytes of one number.
    pub fn width(self) -> usize {
        match self {
            Self::Unsigned(width) | Self::Signed(width) | Self::Float(width) => width,
        }
    }
}

/// What an array contains.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Role {
    /// Square pictures with this side in pixels.
    Images(usize),
    /// Labels, in rows of this many numbers.
    Labels(usize),
}

/// An array of numbers in a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Type of the numbers.
    pub element: Element,
    /// Whether numbers are little-endian.
    pub little: bool,
    /// Whether the first dimension varies fastest (Fortran order).
    pub fortran: bool,
    /// Whether pictures have dimensions for rows and columns, not one flat row.
    pub square: bool,
    /// Bytes before the first number.
    pub start: usize,
    /// Number of pictures or of rows of labels.
    pub count: usize,
    /// Pictures or labels.
    pub role: Role,
}

/// Accepted sides in pixels; smaller pictures cannot show a digit, larger ones
/// are not a data set of digits.
const SIDES: std::ops::RangeInclusive<u64> = 8..=512;

impl Layout {
    /// Bytes of the complete file.
    pub fn bytes(&self) -> u64 {
        self.start as u64 + (self.count * self.item()) as u64
    }

    /// Bytes of one picture, or of one row of labels.
    pub fn item(&self) -> usize {
        self.numbers() * self.element.width()
    }

    /// Pixels along a side of a picture.
    pub(super) fn side(&self) -> usize {
        self.numbers().isqrt()
    }

    /// Numbers of one picture, or of one row of labels.
    pub fn numbers(&self) -> usize {
        match self.role {
            Role::Images(side) => side * side,
            Role::Labels(numbers) => numbers,
        }
    }

    /// The layout of an IDX file; `None` if it is not one.
    pub(super) fn idx(name: &str, head: &[u8]) -> Result<Option<Self>> {
        let &[0, 0, code, count @ 1..=4, ..] = head else { return Ok(None) };
        let element = match code {
            0x08 => Element::Unsigned(1),
            0x09 => Element::Signed(1),
            0x0b => Element::Signed(2),
            0x0c => Element::Signed(4),
            0x0d => Element::Float(4),
            0x0e => Element::Float(8),
            _ => return Ok(None),
        };
        let start = 4 + 4 * usize::from(count);
        let word = |at: usize| head.get(at..at + 4)?.try_into().ok().map(u32::from_be_bytes);
        let sizes: Option<Vec<u64>> =
            (0..usize::from(count)).map(|i| word(4 + 4 * i).map(u64::from)).collect();
        let Some(sizes) = sizes else {
            let kind = if count == 1 { "labels" } else { "images" };
            let expected = word(4).map_or("?".into(), |count| count.to_string());
            return Err(Error::IdxTruncated { kind: kind.into(), got: "0".into(), expected });
        };
        // Large sizes that are small with their bytes in reverse order.
        let swapped = |&size: &u64| size > 1 << 16 && (size as u32).swap_bytes() < 1 << 16;
        if sizes[1..].iter().any(swapped) || (count == 1 && swapped(&sizes[0])) {
            return Err(Error::IdxOrder { name: name.to_owned() });
        }
        Self::new(name, element, false, start, &sizes).map(Some)
    }

    /// The layout of a .npy file.
    pub(super) fn npy(name: &str, head: &[u8]) -> Result<Self> {
        let broken = || Error::NpyHeader { name: name.to_owned() };
        let (start, length) = match head.get(6) {
            Some(1) => (
                10,
                head.get(8..10)
                    .and_then(|b| b.try_into().ok())
                    .map(u16::from_le_bytes)
                    .map(usize::from),
            ),
            _ => (
                12,
                head.get(8..12)
                    .and_then(|b| b.try_into().ok())
                    .map(u32::from_le_bytes)
                    .map(|n| n as usize),
            ),
        };
        let end = length.and_then(|length| length.checked_add(start)).ok_or_else(broken)?;
        let text = head
            .get(start..end)
            .and_then(|text| std::str::from_utf8(text).ok())
            .ok_or_else(broken)?;
        let after = |key: &str| text.split(&format!("'{key}':")).nth(1).map(str::trim_start);
        let descr = after("descr")
            .and_then(|rest| rest.strip_prefix('\''))
            .and_then(|rest| rest.split('\'').next());
        let (element, little) = descr.and_then(element).ok_or_else(|| Error::NpyType {
            name: name.to_owned(),
            got: descr.unwrap_or("a table").to_owned(),
        })?;
        let fortran = after("fortran_order").is_some_and(|rest| rest.starts_with("True"));
        let shape = after("shape")
            .and_then(|rest| rest.strip_prefix('(')?.split(')').next())
            .ok_or_else(broken)?;
        let sizes = shape.split(',').map(str::trim).filter(|size| !size.is_empty());
        let sizes: Vec<u64> =
            sizes.map(|size| size.parse().map_err(|_| broken())).collect::<Result<_>>()?;
        let mut layout = Self::new(name, element, little, end, &sizes)?;
        layout.fortran = fortran && sizes.len() > 1;
        Ok(layout)
    }

    fn new(
        name: &str,
        element: Element,
        little: bool,
        start: usize,
        sizes: &[u64],
    ) -> Result<Self> {
        let wrong_shape = || {
            let shape = sizes.iter().map(u64::to_string).collect::<Vec<_>>().join(" x ");
            Err(Error::Shape { name: name.to_owned(), shape })
        };
        let (&count, inner) = match sizes.split_first() {
            Some((count, inner)) => (count, inner),
            None => return wrong_shape(),
        };
        let role = match *inner {
            [] | [1] => Role::Labels(1),
            [numbers] if numbers < 64 => Role::Labels(numbers as usize),
            [numbers] if SIDES.contains(&numbers.isqrt()) && numbers.isqrt().pow(2) == numbers => {
                Role::Images(numbers.isqrt() as usize)
            }
            [rows, columns] | [1, rows, columns] | [rows, columns, 1] => {
                if count > 0 && (rows != columns || !SIDES.contains(&rows)) {
                    return Err(Error::IdxSize {
                        rows: rows.to_string(),
                        columns: columns.to_string(),
                    });
                }
                Role::Images(if count > 0 { rows as usize } else { SIDE })
            }
            _ => return wrong_shape(),
        };
        let kind = if matches!(role, Role::Images(_)) { "images" } else { "labels" };
        if count == 0 {
            return Err(Error::IdxEmpty { kind: kind.into() });
        }
        let square = inner.len() > 1;
        let layout =
            Self { element, little, fortran: false, square, start, count: count as usize, role };
        let large = count > u64::from(MOST_IMAGES) || count * (layout.item() as u64) > MOST_BYTES;
        if large {
            let most = (MOST_BYTES / layout.item() as u64).min(u64::from(MOST_IMAGES));
            return Err(Error::DataTooLarge { got: count.to_string(), most: most.to_string() });
        }
        Ok(layout)
    }

    /// The number at index `place` of row `row` in `bytes`, the file without
    /// its header.
    pub(super) fn number(&self, bytes: &[u8], row: usize, place: usize) -> f64 {
        let at =
            if self.fortran { self.column_first(row, place) } else { row * self.numbers() + place };
        let width = self.element.width();
        let mut word = [0; 8];
        let Some(written) = bytes.get(at * width..(at + 1) * width) else { return 0. };
        word[..width].copy_from_slice(written);
        if !self.little {
            word[..width].reverse();
        }
        let bits = u64::from_le_bytes(word);
        match self.element {
            Element::Unsigned(_) => bits as f64,
            Element::Signed(width) => {
                ((bits << (64 - 8 * width)) as i64 >> (64 - 8 * width)) as f64
            }
            Element::Float(4) => f64::from(f32::from_bits(bits as u32)),
            Element::Float(_) => f64::from_bits(bits),
        }
    }

    /// The index of a number when the first dimension varies fastest, then
    /// rows, then columns; a flat row is one dimension.
    fn column_first(&self, row: usize, place: usize) -> usize {
        let inner = match self.role {
            Role::Images(side) if self.square => (place / side) + side * (place % side),
            _ => place,
        };
        row + self.count * inner
    }
}

/// Largest number of bytes of one file.
pub const MOST_BYTES: u64 = 1 << 30;

/// The type of numbers from NumPy's name of it (byte order, type and width,
/// such as `|u1` and `<f4`), and whether it is little-endian.
fn element(descr: &str) -> Option<(Element, bool)> {
    let mut letters = descr.chars();
    let (order, kind) = (letters.next()?, letters.next()?);
    let width: usize = letters.as_str().parse().ok()?;
    let element = match (kind, width) {
        ('u' | 'b', 1 | 2 | 4 | 8) => Element::Unsigned(width),
        ('i', 1 | 2 | 4 | 8) => Element::Signed(width),
        ('f', 4 | 8) => Element::Float(width),
        _ => return None,
    };
    matches!(order, '<' | '>' | '|' | '=').then_some((element, order != '>'))
}
