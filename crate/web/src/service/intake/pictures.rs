//! Pictures that the visitor brings, as digits, and their classes: no run is
//! asked for it.

use ganvas::data::{classes, picture};
use serde_bytes::ByteBuf;

use super::Worker;
use crate::protocol::{Classes, Event, Picture};

impl Worker {
    /// What cannot be a picture gives no digits.
    pub(super) fn picture(&mut self, id: u32, width: u32, height: u32, rgba: &[u8]) {
        let taken = picture::digits(rgba, width as usize, height as usize);
        let (pixels, swapped, cut) =
            taken.map_or((Vec::new(), 0, false), |taken| (taken.pixels, taken.swapped, taken.cut));
        self.events.push(Event::Picture(Picture {
            id,
            swapped,
            cut,
            pixels: ByteBuf::from(pixels),
        }));
    }

    pub(super) fn classes(&mut self, id: u32, paths: &[String]) {
        let found = classes(paths);
        let classes = found.of.iter().map(|class| class.map_or(-1, |class| class as i8)).collect();
        self.events.push(Event::Classes(Classes { id, classes, beyond: found.beyond as u32 }));
    }
}
