//! Inspects D: its score of an image, the pixels that matter to it, and its
//! first layer.

use ganvas::data::{Images, numbers};
use ganvas::train::signed;
use ganvas::{Error, Session};
use serde_bytes::ByteBuf;

use super::{Effect, Service, misrouted};
use crate::describe::probability;
use crate::outbox::Outbox;
use crate::protocol::{Command, Event, Filters, Grid, Inspected};

/// Answers commands about D; it keeps no state.
#[derive(Default)]
pub struct Inspect;

impl Service for Inspect {
    fn handle(&mut self, session: &mut Session, command: Command, outbox: &mut Outbox) -> Effect {
        let (name, answer) = match command {
            Command::Inspect { grid, index } => {
                ("inspect", inspect(session, outbox.run(), grid, index))
            }
            Command::Filters => ("filters", filters(session, outbox.run())),
            _ => return misrouted("inspect", outbox),
        };
        match answer {
            Ok(event) => outbox.push(event),
            Err(error) => outbox.refuse(name, None, &error),
        }
        Effect::None
    }
}

/// D's score of an image of a grid, and which of its pixels matter.
fn inspect(session: &mut Session, run: u32, grid: Grid, index: u32) -> Result<Event, Error> {
    let place = index as usize;
    let pixels = match grid {
        Grid::Samples => session.preview()?,
        Grid::Real => session.real(ganvas::train::PREVIEW),
    };
    let sample = session.data().sample();
    let images = Images { shape: sample.shape, bytes: pixels };
    let missing = || Error::NoDigit { got: index.to_string(), most: images.count().to_string() };
    let digit = numbers(images.image(place).ok_or_else(missing)?);
    let class = match grid {
        Grid::Samples => (place % sample.classes.max(1)) as u8,
        Grid::Real => session.data().label(index).unwrap_or_default(),
    };
    let latent = match grid {
        Grid::Samples => session.preview_latent(place).map_or(Vec::new(), |(latent, _)| latent),
        Grid::Real => Vec::new(),
    };
    let (score, map) = session.inspect().score(&digit, class)?;
    Ok(Event::Inspected(Inspected {
        run,
        grid,
        index,
        score: f64::from(score),
        probability: probability(session, score),
        map: ByteBuf::from(signed(&map)),
        latent,
        class,
    }))
}

/// The weights of D's first layer as images.
fn filters(session: &mut Session, run: u32) -> Result<Event, Error> {
    let found = session.inspect().filters();
    Ok(Event::Filters(Filters {
        run,
        step: session.steps(),
        side: found.width as u32,
        count: found.count as u32,
        pixels: ByteBuf::from(found.pixels),
    }))
}
