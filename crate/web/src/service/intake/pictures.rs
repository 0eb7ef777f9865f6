//! Images in the visitor's pictures, and their classes; they change no run.

use ganvas::data::{self, picture};
use serde_bytes::ByteBuf;

use crate::protocol::{Classes, Event, Picture};

/// The images in a picture (red, green, blue and opacity of each pixel, row by
/// row); none if it is not a picture.
pub fn picture(id: u32, width: u32, height: u32, rgba: &[u8]) -> Event {
    let taken = picture::digits(rgba, width as usize, height as usize);
    let (pixels, swapped, cut) =
        taken.map_or((Vec::new(), 0, false), |taken| (taken.pixels, taken.swapped, taken.cut));
    Event::Picture(Picture { id, swapped, cut, pixels: ByteBuf::from(pixels) })
}

/// The classes of pictures, by the folders of their paths.
pub fn classes(id: u32, paths: &[String]) -> Event {
    let found = data::classes(paths);
    let classes = found.of.iter().map(|class| class.map_or(-1, |class| class as i8)).collect();
    Event::Classes(Classes { id, classes, beyond: found.beyond as u32 })
}
