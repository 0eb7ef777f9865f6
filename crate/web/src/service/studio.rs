//! The studio's wishes: digits of many latents, directions, neighbours,
//! readings of drawn digits, and the way back to a latent vector.

use ganvas::Error;
use ganvas::data::{Nearest, Neighbour, bytes, numbers, one_class};
use ganvas::latent::Inversion;
use serde_bytes::ByteBuf;

use super::{Mode, Worker};
use crate::clock::now;
use crate::protocol::{Directions, Event, Inverting, Nearest as Neighbourhood, Reading};

/// Neighbours that are shown.
const NEIGHBOURS: usize = 8;
/// Digits looked at before messages are heard.
const LOOKED_AT: u32 = 256;
/// A slice of searching while training goes on, and while it rests.
const SLICE_MS: (f64, f64) = (6., 14.);
/// How long after a digit was asked for the next one is expected.
const FOLLOWED_MS: f64 = 250.;
/// How often a search is reported.
const REPORT_MS: f64 = 80.;

/// Searches under way.
#[derive(Default)]
pub struct Studio {
    inverting: Option<Inversion>,
    inverting_told: f64,
    neighbours: Option<Neighbours>,
    /// When the digit of the sliders was last asked for.
    asked: Option<f64>,
}

/// First the neighbours of a digit, then that of the nearest of them.
struct Neighbours {
    search: Nearest,
    found: Vec<Neighbour>,
}

impl Studio {
    /// Whether a search is under way.
    pub fn searching(&self) -> bool {
        self.inverting.is_some() || self.neighbours.is_some()
    }

    /// Whether a slider is being dragged.
    pub fn followed(&self, time: f64) -> bool {
        self.asked.is_some_and(|asked| time - asked < FOLLOWED_MS)
    }
}

/// The shares of a mixture, or of one class.
fn shares(class: Option<u8>, mix: Vec<f32>) -> Result<Vec<f32>, Error> {
    if !mix.is_empty() {
        return Ok(mix);
    }
    Ok(one_class(class.unwrap_or(0))?.to_vec())
}

impl Worker {
    pub(super) fn decode(
        &mut self,
        latent: &[f32],
        class: Option<u8>,
        mix: Vec<f32>,
    ) -> Result<(), Error> {
        self.studio.asked = Some(now());
        let pixels = ByteBuf::from(self.session.draw(latent, &shares(class, mix)?)?);
        self.events.push(Event::Decoded { run: self.run, pixels });
        Ok(())
    }

    pub(super) fn draw(
        &mut self,
        id: u32,
        latents: &[f32],
        class: Option<u8>,
        mix: Vec<f32>,
    ) -> Result<(), Error> {
        let pixels = ByteBuf::from(self.session.draw(latents, &shares(class, mix)?)?);
        self.events.push(Event::Drawn { run: self.run, id, pixels });
        Ok(())
    }

    pub(super) fn directions(&mut self) -> Result<(), Error> {
        let found = self.session.directions()?;
        self.events.push(Event::Directions(Directions {
            run: self.run,
            step: self.session.steps(),
            count: found.shares.len() as u32,
            vectors: found.vectors,
            shares: found.shares,
            effects: found.effects.concat(),
        }));
        Ok(())
    }

    pub(super) fn begin_nearest(&mut self, digit: &[u8]) -> Result<(), Error> {
        let search = Nearest::new(digit, NEIGHBOURS, None)?;
        self.studio.neighbours = Some(Neighbours { search, found: Vec::new() });
        Ok(())
    }

    pub(super) fn begin_inversion(&mut self, digit: &[u8], class: Option<u8>) -> Result<(), Error> {
        self.studio.inverting = Some(self.session.inversion(digit, class.unwrap_or(0))?);
        self.studio.inverting_told = 0.;
        Ok(())
    }

    pub(super) fn stop_inverting(&mut self) {
        if let Some(search) = self.studio.inverting.take() {
            self.tell_inversion(&search, true);
        }
    }

    /// What D, the judge and the translators make of a digit.
    pub(super) fn read(&mut self, digit: &[u8]) -> Result<(), Error> {
        let translated = self.session.translate_given(digit)?;
        let pixels = numbers(digit);
        let chances = self.looks.watch.read(&pixels)?;
        let likeliest = chances.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        let class = likeliest.map_or(0, |(class, _)| class as u8);
        let (score, _) = self.session.inspect(&pixels, class)?;
        self.events.push(Event::Reading(Reading {
            run: self.run,
            step: self.session.steps(),
            score: f64::from(score),
            probability: self.probability(score),
            chances,
            pixels: ByteBuf::from(translated),
        }));
        Ok(())
    }

    /// The probability that a score means, where scores are log-odds.
    pub(super) fn probability(&self, score: f32) -> Option<f64> {
        let speaks = self.session.config().hyper.loss.speaks_of_probability();
        speaks.then(|| 1. / (1. + (-f64::from(score)).exp()))
    }

    /// Searches for a slice.
    pub(super) fn search(&mut self) {
        let start = now();
        let slice = if self.mode == Mode::Paused || self.waiting { SLICE_MS.1 } else { SLICE_MS.0 };
        while now() - start < slice && self.studio.searching() {
            self.look_for_neighbours();
            let descended = self.descend();
            self.answer("invert", descended);
        }
    }

    fn look_for_neighbours(&mut self) {
        let Some(mut under_way) = self.studio.neighbours.take() else { return };
        if !under_way.search.work(self.session.data_mut(), LOOKED_AT) {
            self.studio.neighbours = Some(under_way);
            return;
        }
        let found = under_way.search.found(self.session.data());
        if !under_way.found.is_empty() {
            return self.tell_neighbours(&under_way.found, &found);
        }
        let Some(first) = found.first() else {
            return self.refuse("nearest", None, &Error::NoData {});
        };
        match Nearest::new(&self.session.digit(first.index), 1, Some(first.index)) {
            Ok(search) => self.studio.neighbours = Some(Neighbours { search, found }),
            Err(error) => self.refuse("nearest", None, &error),
        }
    }

    fn tell_neighbours(&mut self, found: &[Neighbour], sibling: &[Neighbour]) {
        let pixels: Vec<u8> =
            found.iter().flat_map(|near| self.session.digit(near.index)).collect();
        self.events.push(Event::Nearest(Neighbourhood {
            run: self.run,
            indices: found.iter().map(|near| near.index).collect(),
            classes: found.iter().map(|near| near.class.map_or(-1, |class| class as i8)).collect(),
            distances: found.iter().map(|near| near.distance).collect(),
            sibling: sibling.first().map_or(0., |near| near.distance),
            pixels: ByteBuf::from(pixels),
        }));
    }

    /// A step of descent; an error ends the search.
    fn descend(&mut self) -> Result<(), Error> {
        let Some(mut search) = self.studio.inverting.take() else { return Ok(()) };
        self.session.invert(&mut search)?;
        let done = search.done();
        if done || now() - self.studio.inverting_told >= REPORT_MS {
            self.studio.inverting_told = now();
            self.tell_inversion(&search, done);
        }
        if !done {
            self.studio.inverting = Some(search);
        }
        Ok(())
    }

    fn tell_inversion(&mut self, search: &Inversion, done: bool) {
        let (latent, pixels, error) = search.best();
        self.events.push(Event::Inverting(Inverting {
            run: self.run,
            latent: latent.to_vec(),
            pixels: ByteBuf::from(bytes(pixels)),
            error: if error.is_finite() { error } else { 1. },
            iterations: search.iterations(),
            done,
        }));
    }
}
