//! What the page may ask, each answered or refused with a reason.

use std::collections::BTreeMap;

use ganvas::{Config, Error, checkpoint};
use serde_bytes::ByteBuf;

use super::speed::Meter;
use super::{Mode, Worker};
use crate::protocol::{Command, Event};

impl Worker {
    /// Does what the page asks of the run `of`, unless another one has begun
    /// since.
    pub fn handle_of(&mut self, of: Option<u32>, command: Command) {
        if of.is_none_or(|run| run == self.run) {
            self.handle(command);
        }
    }

    /// Does what the page asks, or says why not.
    pub fn handle(&mut self, command: Command) {
        match command {
            Command::Look { id, files, upright } => self.begin_reading(id, files, upright),
            Command::Whole { id, file, bytes } => self.whole(id, file, bytes.into_vec()),
            Command::Open { source, transposed } => self.open(source, transposed),
            Command::Images { bytes } => self.images(&bytes),
            Command::Labels { bytes } => self.labels(&bytes),
            Command::Close => self.close(),
            Command::Start { run, recipe, seed, knobs } => {
                if let Err(error) = self.start(run, chosen(&recipe, seed, &knobs)) {
                    self.refuse("start", Some(run), &error);
                }
            }
            Command::Next { run, recipe, seed, knobs } => match chosen(&recipe, seed, &knobs) {
                Ok(config) => self.next = Some((run, config)),
                Err(error) => self.refuse("next", Some(run), &error),
            },
            Command::Run => self.set_mode(Mode::Training),
            Command::Pause => self.pause(),
            Command::Step => self.set_mode(match self.mode {
                Mode::Stepping(left) => Mode::Stepping(left.saturating_add(1)),
                Mode::Paused | Mode::Training => Mode::Stepping(1),
            }),
            Command::Advance { by } => self.advance(by),
            Command::Return { moment } => {
                let returned = self.return_to(moment);
                self.answer("return", returned);
            }
            Command::Judge { bytes } => {
                let brought = self.bring_judge(&bytes);
                self.answer("judge", brought);
            }
            Command::Watch { scores, quality } => self.watch(scores, quality),
            Command::Inspect { grid, index } => {
                let said = self.inspect(grid, index);
                self.answer("inspect", said);
            }
            Command::School { on } => {
                let begun = self.school(on);
                self.answer("school", begun);
            }
            Command::Filters => {
                let found = self.filters();
                self.answer("filters", found);
            }
            Command::Ping => self.events.push(Event::Pong),
            Command::Tune { key, value } => {
                if let Err(error) = self.session.tune(&key, &value) {
                    self.refuse("tune", None, &error);
                }
            }
            Command::Decode { latent, class, mix } => {
                let decoded = self.decode(&latent, class, mix);
                self.answer("decode", decoded);
            }
            Command::Draw { id, latents, class, mix } => {
                let drawn = self.draw(id, &latents, class, mix);
                self.answer("draw", drawn);
            }
            Command::Directions => {
                let found = self.directions();
                self.answer("directions", found);
            }
            Command::Nearest { pixels } => {
                let begun = self.begin_nearest(&pixels);
                self.answer("nearest", begun);
            }
            Command::Read { pixels } => {
                let read = self.read(&pixels);
                self.answer("read", read);
            }
            Command::Invert { pixels, class } => {
                let begun = self.begin_inversion(&pixels, class);
                self.answer("invert", begun);
            }
            Command::StopInverting => self.stop_inverting(),
            Command::Picture { id, width, height, bytes } => {
                self.picture(id, width, height, &bytes)
            }
            Command::Classes { id, paths } => self.classes(id, &paths),
            Command::Save { what } => {
                let saved = self.save(what);
                self.answer("save", saved);
            }
            Command::Autosave { on } => self.autosave(on),
            Command::Resume { run, bytes, elapsed_ms } => {
                if let Err(error) = self.resume(run, &bytes, elapsed_ms) {
                    self.refuse("resume", Some(run), &error);
                }
            }
            Command::Lend { bytes } => {
                if let Err(error) = self.lend(&bytes) {
                    self.refuse("lend", None, &error);
                }
            }
            Command::Sample { count, seed } => match self.session.sample(count, seed, None) {
                Ok(pixels) => {
                    let (run, step) = (self.run, self.session.steps());
                    self.events.push(Event::Digits { run, step, pixels: ByteBuf::from(pixels) });
                }
                Err(error) => self.refuse("sample", None, &error),
            },
        }
    }

    fn start(&mut self, run: u32, config: Result<Config, Error>) -> Result<(), Error> {
        let config = config?;
        self.part();
        self.session.restart(config)?;
        self.run = run;
        self.coming = None;
        self.mode = Mode::Paused;
        self.begin(Meter::default(), None);
        Ok(())
    }

    /// Takes a ready generator, if it is one of this run's kind.
    fn lend(&mut self, bytes: &[u8]) -> Result<(), Error> {
        let generator = checkpoint::load_generator(bytes)?;
        if self.session.lend(&generator)? {
            let (recipe, seed) = (generator.config.recipe.id.to_owned(), generator.config.seed);
            self.events.push(Event::Lent { run: self.run, recipe, seed, steps: generator.steps });
            self.show_preview();
        }
        Ok(())
    }
}

/// The configuration that the page names; without a seed, one by chance.
fn chosen(
    recipe: &str,
    seed: Option<String>,
    knobs: &BTreeMap<String, String>,
) -> Result<Config, Error> {
    let seed = match seed {
        Some(text) => Config::parse_seed(&text)?,
        None => draw_seed()?,
    };
    let pairs = knobs.iter().map(|(key, value)| (key.as_str(), value.as_str()));
    Config::new(recipe, seed, pairs)
}

fn draw_seed() -> Result<u32, Error> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| Error::Internal { reason: error.to_string() })?;
    Ok(u32::from_le_bytes(bytes))
}
