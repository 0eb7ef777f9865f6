//! A run with its data: the only door for hosts.

use candle_core::{Device, Tensor};

use super::duel::Duel;
use super::{Config, Losses, Phase, Standing, State};
use crate::chance::{Purpose, stream};
use crate::data::{CLASSES, Dataset, PIXELS};
use crate::error::{Error, Result};
use crate::kernel::meter::Meter;
use crate::net::Net;
use crate::op::with_slice;

/// Digits of the preview, whose latents never change during a run.
pub const PREVIEW: usize = 64;

/// Most samples that may be asked for at once.
const MOST_SAMPLES: u32 = 100_000;

/// Samples are made in parts of this many, so that memory stays bounded.
const PART: usize = 256;

/// A run: one configuration, one game, one set of digits.
pub struct Session {
    config: Config,
    game: Duel,
    data: Dataset,
    preview: Vec<f32>,
}

impl Session {
    /// A run at step 0 on `data`, which may still be empty or growing.
    pub fn new(config: Config, data: Dataset) -> Result<Self> {
        let (game, preview) = Self::start(&config)?;
        Ok(Self { config, game, data, preview })
    }

    /// Goes back to step 0 under `config`, on the data that is in. On an error the old run stays.
    pub fn restart(&mut self, config: Config) -> Result<()> {
        (self.game, self.preview) = Self::start(&config)?;
        self.config = config;
        Ok(())
    }

    /// Takes other data and goes back to step 0. On an error the old run stays.
    pub fn adopt(&mut self, data: Dataset) -> Result<()> {
        self.restart(self.config)?;
        self.data = data;
        Ok(())
    }

    fn start(config: &Config) -> Result<(Duel, Vec<f32>)> {
        let mut preview = vec![0.; PREVIEW * config.hyper.latent as usize];
        config.hyper.noise.fill(&mut stream(config.seed, Purpose::Preview), &mut preview);
        Ok((Duel::new(config)?, preview))
    }

    /// The configuration, with what was tuned since.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The digits.
    pub fn data(&self) -> &Dataset {
        &self.data
    }

    /// The digits, for those who bring more.
    pub fn data_mut(&mut self) -> &mut Dataset {
        &mut self.data
    }

    /// Turns a live knob; it takes effect when the next iteration starts.
    pub fn tune(&mut self, key: &str, value: &str) -> Result<()> {
        self.config.tune(key, value)?;
        self.game.tune(self.config.hyper);
        Ok(())
    }

    /// Plays one phase.
    pub fn advance(&mut self) -> Result<Standing> {
        self.game.advance(&mut self.data)
    }

    /// Plays on to the end of the iteration: `Done`, or `Waiting` for data.
    pub fn step(&mut self) -> Result<Standing> {
        loop {
            let standing = self.advance()?;
            if standing != Standing::Amid {
                return Ok(standing);
            }
        }
    }

    /// Whether no iteration is under way.
    pub fn settled(&self) -> bool {
        self.game.settled()
    }

    /// The phase that [`Self::advance`] would play.
    pub fn next_phase(&self) -> Phase {
        self.game.next_phase()
    }

    /// Iterations done.
    pub fn steps(&self) -> u32 {
        self.game.iterations()
    }

    /// The losses of the last iteration.
    pub fn losses(&self) -> Losses {
        self.game.losses()
    }

    /// Epochs begun, with the fraction done.
    pub fn epoch(&self) -> f64 {
        self.game.sampler().epoch(self.data.total())
    }

    /// Real digits that the discriminator has seen.
    pub fn digits_seen(&self) -> u64 {
        self.game.sampler().seen(self.data.total())
    }

    /// Where the time of training goes; off until it is reset with a clock.
    pub fn meter(&mut self) -> &mut Meter {
        self.game.meter()
    }

    /// The nets' layers as text, the generator's and the discriminator's.
    pub fn layers(&self) -> (Vec<String>, Vec<String>) {
        let (g, d) = self.game.nets();
        let text = |net: &Net| net.layers().iter().map(ToString::to_string).collect();
        (text(g), text(d))
    }

    /// The digits of the run's fixed latents: 64 x 784 bytes.
    pub fn preview(&mut self) -> Result<Vec<u8>> {
        let preview = std::mem::take(&mut self.preview);
        let pixels = self.pixels(&preview, &self.classes_of(0, PREVIEW, None));
        self.preview = preview;
        pixels
    }

    /// How many classes the generator can be told to make; 0: it is told none.
    pub fn classes(&self) -> usize {
        if self.config.hyper.conditional { CLASSES } else { 0 }
    }

    /// The classes of the digits `first..first + count` of a grid or of samples: 0 to 9 in turn, or `class`, or none where G is told none.
    pub fn classes_of(&self, first: usize, count: usize, class: Option<u8>) -> Vec<u8> {
        match self.classes() {
            0 => Vec::new(),
            classes => (first..first + count).map(|i| class.unwrap_or((i % classes) as u8)).collect(),
        }
    }

    /// The digit of one latent vector, of `class` where G is told one: 784 bytes.
    pub fn decode(&mut self, latent: &[f32], class: u8) -> Result<Vec<u8>> {
        let expected = self.config.hyper.latent as usize;
        if latent.len() != expected {
            return Err(Error::LatentSize { got: latent.len().to_string(), expected: expected.to_string() });
        }
        checked(class)?;
        self.pixels(latent, &self.classes_of(0, 1, Some(class)))
    }

    /// `count` digits of fresh latents drawn from `seed`, all of `class` or of [`Self::classes_of`]: count x 784 bytes.
    pub fn sample(&mut self, count: u32, seed: u32, class: Option<u8>) -> Result<Vec<u8>> {
        if !(1..=MOST_SAMPLES).contains(&count) {
            return Err(Error::SampleCount { got: count.to_string(), most: MOST_SAMPLES.to_string() });
        }
        class.map_or(Ok(()), checked)?;
        let mut rng = stream(seed, Purpose::Samples);
        let mut pixels = Vec::with_capacity(count as usize * PIXELS);
        let mut left = count as usize;
        while left > 0 {
            let part = left.min(PART);
            let mut latents = vec![0.; part * self.config.hyper.latent as usize];
            self.config.hyper.noise.fill(&mut rng, &mut latents);
            let labels = self.classes_of(count as usize - left, part, class);
            pixels.extend(self.pixels(&latents, &labels)?);
            left -= part;
        }
        Ok(pixels)
    }

    /// The first `count` real digits that are in, as bytes, 784 each.
    pub fn real(&mut self, count: usize) -> Vec<u8> {
        let count = (count as u32).min(self.data.available());
        (0..count).flat_map(|i| self.data.digit(i).to_vec()).collect()
    }

    /// (count, latent) numbers, and a label each where G is told -> count x 784 bytes.
    fn pixels(&mut self, latents: &[f32], labels: &[u8]) -> Result<Vec<u8>> {
        let latent = self.config.hyper.latent as usize;
        let z = Tensor::from_slice(latents, (latents.len() / latent, latent), &Device::Cpu)?;
        let digits = self.game.sample(&z, labels)?;
        let byte = |&value: &f32| (value * 255. + 0.5) as u8;
        Ok(with_slice::<f32, _>(&digits, |values| Ok(values.iter().map(byte).collect()))?)
    }

    /// Everything that going on bit for bit needs; an iteration under way is finished first.
    pub fn state(&mut self) -> Result<State> {
        self.settle()?;
        self.game.save()
    }

    /// Takes back what [`Self::state`] gave under the same configuration. On an error nothing changes.
    pub fn set_state(&mut self, state: &State) -> Result<()> {
        let (mut game, preview) = Self::start(&self.config)?;
        game.load(state).map_err(|error| Error::Checkpoint { reason: error.to_string() })?;
        (self.game, self.preview) = (game, preview);
        Ok(())
    }

    /// A hash of weights, moments, chance and data position; an iteration under way is finished first.
    pub fn digest(&mut self) -> Result<u64> {
        Ok(self.state()?.digest()?)
    }

    /// Finishes the iteration under way, if there is one.
    pub fn settle(&mut self) -> Result<()> {
        while !self.settled() {
            if self.advance()? == Standing::Waiting {
                break;
            }
        }
        Ok(())
    }
}

/// Refuses a class that is no digit.
fn checked(class: u8) -> Result<()> {
    if usize::from(class) < CLASSES { Ok(()) } else { Err(Error::Class { got: class.to_string() }) }
}
