//! Pictures that people bring, as digits such as MNIST's: light ink on dark, in
//! a box of 20 pixels, its centre of mass in the middle of 28 x 28.
//!
//! A picture of 28 x 28 keeps its pixels, but for its polarity. Of a larger one
//! the ink is looked for: paper is levelled, specks, lines and the edges of a
//! desk are left out, and what is left is cropped and centred. Where there is
//! no ink on an even ground, as in a photo of a cat, the whole picture is
//! scaled. A sheet of digits is cut into its cells.

mod centre;
mod grey;
mod ink;
mod parts;
mod scale;
mod sheet;

use grey::Grey;

use crate::data::{PIXELS, SIDE};
use crate::{Error, Result};

/// Pixels of the longer side beyond which a picture is reduced before ink is
/// looked for: enough for a digit of a tenth of it.
pub const ENOUGH: usize = 768;

/// What a picture gave.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// One digit, or those of a sheet; 784 bytes each, light ink on dark.
    pub pixels: Vec<u8>,
    /// Of how many the ink was dark, so that black and white changed places.
    pub swapped: u32,
    /// Whether it was a sheet, cut into its cells.
    pub cut: bool,
}

/// The digits of a picture: four bytes a pixel (red, green, blue, opacity), row
/// by row. Error: another number of bytes, or no pixel.
pub fn digits(rgba: &[u8], width: usize, height: usize) -> Result<Taken> {
    let pixels = width.checked_mul(height).and_then(|count| count.checked_mul(4));
    if width == 0 || pixels != Some(rgba.len()) {
        let reason = format!("{} bytes are no picture of {width} x {height}", rgba.len());
        return Err(Error::Internal { reason });
    }
    let grey = Grey::of(rgba, width, height);
    let cells = sheet::cells(&grey);
    let cut = cells.is_some();
    let pictures = cells.unwrap_or_else(|| vec![grey]);
    let mut taken = Taken { pixels: Vec::with_capacity(pictures.len() * PIXELS), swapped: 0, cut };
    for picture in pictures {
        let (digit, dark) = digit(picture);
        taken.pixels.extend(digit);
        taken.swapped += u32::from(dark);
    }
    Ok(taken)
}

/// One digit, and whether its ink was dark.
fn digit(grey: Grey) -> ([u8; PIXELS], bool) {
    if (grey.width, grey.height) == (SIDE, SIDE) {
        return grey.as_it_is();
    }
    let grey = grey.reduced(ENOUGH);
    match ink::find(&grey) {
        Some(found) => (centre::centred(&found), found.dark),
        None => grey.scaled(),
    }
}

#[cfg(test)]
mod tests;
