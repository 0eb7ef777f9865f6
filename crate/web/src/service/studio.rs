//! The studio: images of given latent vectors, directions of the latent space,
//! the nearest training images, and the latent vector of a given digit.

mod inversion;
mod neighbours;

use ganvas::data::one_class;
use ganvas::train::Latent;
use ganvas::{Error, Session};
use serde_bytes::ByteBuf;

use super::{Effect, Service, misrouted};
use crate::clock::now;
use crate::outbox::Outbox;
use crate::protocol::{Command, Directions, Event};
use inversion::InversionSearch;
use neighbours::NeighbourSearch;

/// A slice of searching while training continues, and while it rests, in
/// milliseconds.
const SLICE_MS: (f64, f64) = (6., 14.);
/// How long after a request for an image the next one is expected, in
/// milliseconds.
const FOLLOWED_MS: f64 = 250.;

/// Searches under way.
#[derive(Default)]
pub struct Studio {
    inversion: Option<InversionSearch>,
    neighbours: Option<NeighbourSearch>,
    /// When the image of the sliders was last requested.
    asked: Option<f64>,
}

impl Service for Studio {
    fn handle(&mut self, session: &mut Session, command: Command, outbox: &mut Outbox) -> Effect {
        let run = outbox.run();
        match command {
            Command::Decode { latent, class, mix } => {
                self.asked = Some(now());
                let pixels = generated(session, &latent, class, mix);
                reply(outbox, "decode", pixels.map(|pixels| Event::Decoded { run, pixels }));
            }
            Command::DecodeMany { id, latents, class, mix } => {
                let pixels = generated(session, &latents, class, mix);
                reply(
                    outbox,
                    "decode-many",
                    pixels.map(|pixels| Event::DecodedMany { run, id, pixels }),
                );
            }
            Command::Sample { count, seed } => {
                let step = session.steps();
                let pixels = session.sample(count, seed, None).map(ByteBuf::from);
                reply(outbox, "sample", pixels.map(|pixels| Event::Digits { run, step, pixels }));
            }
            Command::Directions => reply(outbox, "directions", directions(session, run)),
            Command::Nearest { pixels } => match NeighbourSearch::new(&pixels, session.data()) {
                Ok(search) => self.neighbours = Some(search),
                Err(error) => outbox.refuse("nearest", None, &error),
            },
            Command::Invert { pixels, class } => {
                match latent(session).and_then(|mut of| of.inversion(&pixels, class.unwrap_or(0))) {
                    Ok(search) => self.inversion = Some(InversionSearch::new(search)),
                    Err(error) => outbox.refuse("invert", None, &error),
                }
            }
            Command::StopInverting => {
                if let Some(search) = self.inversion.take() {
                    outbox.push(search.event(run, true));
                }
            }
            _ => return misrouted("studio", outbox),
        }
        Effect::None
    }
}

impl Studio {
    /// Whether a search is under way.
    pub fn searching(&self) -> bool {
        self.inversion.is_some() || self.neighbours.is_some()
    }

    /// Whether a slider is being dragged.
    pub fn followed(&self, time: f64) -> bool {
        self.asked.is_some_and(|asked| time - asked < FOLLOWED_MS)
    }

    /// Searches for a slice, a longer one while training is `at_rest`.
    pub fn search(&mut self, session: &mut Session, at_rest: bool, outbox: &mut Outbox) {
        let start = now();
        let slice = if at_rest { SLICE_MS.1 } else { SLICE_MS.0 };
        while now() - start < slice && self.searching() {
            if let Some(search) = self.neighbours.take() {
                self.neighbours = search.advance(session, outbox);
            }
            if let Some(search) = self.inversion.take() {
                self.inversion = search.advance(session, outbox);
            }
        }
    }
}

fn reply(outbox: &mut Outbox, command: &str, answer: Result<Event, Error>) {
    match answer {
        Ok(event) => outbox.push(event),
        Err(error) => outbox.refuse(command, None, &error),
    }
}

/// The latent space of the run. Errors: a GAN without latent vectors.
fn latent(session: &mut Session) -> Result<Latent<'_>, Error> {
    let recipe = session.config().recipe.id.to_owned();
    session.latent().ok_or(Error::NoLatents { recipe })
}

/// Images of latent vectors, of one class or of a class mix.
fn generated(
    session: &mut Session,
    latents: &[f32],
    class: Option<u8>,
    mix: Vec<f32>,
) -> Result<ByteBuf, Error> {
    let shares = if mix.is_empty() {
        one_class(class.unwrap_or(0), session.data().sample().classes)?
    } else {
        mix
    };
    Ok(ByteBuf::from(latent(session)?.draw(latents, &shares)?))
}

fn directions(session: &mut Session, run: u32) -> Result<Event, Error> {
    let found = latent(session)?.directions()?;
    Ok(Event::Directions(Directions {
        run,
        step: session.steps(),
        count: found.shares.len() as u32,
        vectors: found.vectors,
        shares: found.shares,
        effects: found.effects.concat(),
    }))
}
