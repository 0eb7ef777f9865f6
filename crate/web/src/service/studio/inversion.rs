//! The latent vector of a digit, by gradient descent.

use ganvas::Session;
use ganvas::data::bytes;
use ganvas::latent::Inversion;
use serde_bytes::ByteBuf;

use super::latent;
use crate::clock::now;
use crate::outbox::Outbox;
use crate::protocol::{Event, Inverting};

/// Time between two reports of a search, in milliseconds.
const REPORT_MS: f64 = 80.;

/// A search, and when it was last reported.
pub struct InversionSearch {
    search: Inversion,
    reported: f64,
}

impl InversionSearch {
    /// A search that has not been reported.
    pub fn new(search: Inversion) -> Self {
        Self { search, reported: 0. }
    }

    /// Takes a step of descent; an error ends the search. Returns the search,
    /// if it is not over.
    pub fn advance(mut self, session: &mut Session, outbox: &mut Outbox) -> Option<Self> {
        if let Err(error) = latent(session).and_then(|mut of| of.invert(&mut self.search)) {
            outbox.refuse("invert", None, &error);
            return None;
        }
        let done = self.search.done();
        if done || now() - self.reported >= REPORT_MS {
            self.reported = now();
            outbox.push(self.event(outbox.run(), done));
        }
        (!done).then_some(self)
    }

    /// The progress of the search.
    pub fn event(&self, run: u32, done: bool) -> Event {
        let (latent, pixels, error) = self.search.best();
        Event::Inverting(Inverting {
            run,
            latent: latent.to_vec(),
            pixels: ByteBuf::from(bytes(pixels)),
            error: if error.is_finite() { error } else { 1. },
            iterations: self.search.iterations(),
            done,
        })
    }
}
