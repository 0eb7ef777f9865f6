//! Converts pictures of users to digits like MNIST's: light ink on dark, in a
//! box of 20 pixels, with the centre of mass in the middle of 28 x 28.
//!
//! A picture of 28 x 28 keeps its pixels, except for its polarity. In a larger
//! one the ink is detected: paper is levelled, specks, lines and the edges of a
//! desk are removed, and the rest is cropped and centred. If there is no ink on
//! an even ground, as in a photo of a cat, the complete picture is scaled. A
//! sheet of digits is cut into its cells.

mod centre;
mod grey;
mod ink;
mod parts;
mod scale;
mod sheet;

use grey::Grey;

use crate::data::{PIXELS, SIDE};
use crate::{Error, Result};

/// Longer side in pixels to which larger pictures are reduced before ink is
/// detected: enough for a digit of a tenth of it.
pub const ENOUGH: usize = 768;

/// The digits of a picture.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Taken {
    /// One digit, or those of a sheet: 784 bytes each, light ink on dark.
    pub pixels: Vec<u8>,
    /// Number of digits with dark ink, whose black and white were swapped.
    pub swapped: u32,
    /// Whether the picture was a sheet, cut into its cells.
    pub cut: bool,
}

/// The digits of a picture: four bytes per pixel (red, green, blue, opacity),
/// row by row. Errors: `Internal` for another number of bytes, or no pixel.
pub fn digits(rgba: &[u8], width: usize, height: usize) -> Result<Taken> {
    let pixels = width.checked_mul(height).and_then(|count| count.checked_mul(4));
    if width == 0 || pixels != Some(rgba.len()) {
        let reason = format!("{} bytes for a picture of {width} x {height}", rgba.len());
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
