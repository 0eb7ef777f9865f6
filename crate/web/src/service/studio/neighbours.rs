//! The training images nearest to a digit.

use ganvas::data::{Nearest, Neighbour};
use ganvas::{Dataset, Error, Session};
use serde_bytes::ByteBuf;

use crate::outbox::Outbox;
use crate::protocol::{self, Event};

/// Neighbours that are shown.
const NEIGHBOURS: usize = 8;
/// Images compared before messages are handled.
const COMPARED: u32 = 256;

/// First the neighbours of a digit, then the neighbour of the nearest of them.
pub struct NeighbourSearch {
    search: Nearest,
    found: Vec<Neighbour>,
}

impl NeighbourSearch {
    /// A search for the neighbours of a digit, 784 bytes.
    pub fn new(digit: &[u8], data: &Dataset) -> Result<Self, Error> {
        Ok(Self { search: Nearest::new(digit, data, NEIGHBOURS, None)?, found: Vec::new() })
    }

    /// Compares more images; reports the neighbours once all are compared.
    /// Returns the search, if it is not over.
    pub fn advance(mut self, session: &mut Session, outbox: &mut Outbox) -> Option<Self> {
        if !self.search.work(session.data_mut(), COMPARED) {
            return Some(self);
        }
        let found = self.search.found(session.data());
        if !self.found.is_empty() {
            outbox.push(event(session, outbox.run(), &self.found, &found));
            return None;
        }
        let sibling = found.first().ok_or(Error::NoData {}).and_then(|first| {
            let digit = session.data_mut().digit(first.index).to_vec();
            Nearest::new(&digit, session.data(), 1, Some(first.index))
        });
        match sibling {
            Ok(search) => Some(Self { search, found }),
            Err(error) => {
                outbox.refuse("nearest", None, &error);
                None
            }
        }
    }
}

fn event(session: &mut Session, run: u32, found: &[Neighbour], sibling: &[Neighbour]) -> Event {
    let pixels: Vec<u8> =
        found.iter().flat_map(|near| session.data_mut().digit(near.index).to_vec()).collect();
    Event::Nearest(protocol::Nearest {
        run,
        indices: found.iter().map(|near| near.index).collect(),
        classes: found.iter().map(|near| near.class.map_or(-1, |class| class as i8)).collect(),
        distances: found.iter().map(|near| near.distance).collect(),
        sibling: sibling.first().map_or(0., |near| near.distance),
        pixels: ByteBuf::from(pixels),
    })
}
