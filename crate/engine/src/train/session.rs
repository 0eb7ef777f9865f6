//! The session: a run with its data, driven by hosts. It plays a [`Game`].

mod domains;
mod inspect;
mod latent;

pub use domains::Domains;
pub use inspect::Inspect;
pub use latent::Latent;

use std::ops::Range;

use super::cycle::COLUMNS;
use super::game::{Game, in_turn};
use super::{Config, Generator, Losses, Phase, Player, Snapshot, State, StepOutcome, StepStats};
use crate::data::{Dataset, Sample, checked_class};
use crate::error::{Error, Result};
use crate::kernel::meter::Meter;
use crate::net::Net;
use crate::recipe::{Choice, Hyper, MOST_HOLD, Schedule};

/// Most samples in one call.
const MOST_SAMPLES: u32 = 100_000;

/// A pretrained generator, and its configuration.
type Pretrained = Option<(Config, Game)>;

/// A run: one configuration, one game, one data set.
pub struct Session {
    config: Config,
    game: Game,
    /// Makes images until this run has taken a step.
    pretrained: Pretrained,
    data: Dataset,
}

impl Session {
    /// A run at step 0 on `data`, which can still be empty or loading. Errors:
    /// those of [`Config::of`].
    pub fn new(config: Config, mut data: Dataset) -> Result<Self> {
        let config = config_for(config, &mut data)?;
        Ok(Self { config, game: Game::new(&config)?, pretrained: None, data })
    }

    /// A session at step 0 that makes images with this generator: nothing else
    /// of the generator's run is known.
    ///
    /// Errors: `OtherShape` if the data have other samples; `Checkpoint`.
    pub fn of_generator(generator: &Generator, mut data: Dataset) -> Result<Self> {
        require_sample(&mut data, generator.config.sample)?;
        Ok(Self {
            config: generator.config,
            game: Game::of_generator(generator)?,
            pretrained: None,
            data,
        })
    }

    /// Restarts at step 0 under `config`, on the current data. On an error the
    /// old run stays.
    pub fn restart(&mut self, config: Config) -> Result<()> {
        let config = config_for(config, &mut self.data)?;
        self.game = Game::new(&config)?;
        self.config = config;
        Ok(())
    }

    /// Sets a pretrained generator, which makes images until this run has taken
    /// a step; false, without a change, if this run's generator is another
    /// ([`Config::same_generator`]).
    pub fn use_pretrained(&mut self, generator: &Generator) -> Result<bool> {
        if !generator.config.same_generator(&self.config) {
            return Ok(false);
        }
        self.pretrained = Some((generator.config, Game::of_generator(generator)?));
        Ok(true)
    }

    /// Replaces the data and restarts at step 0. On an error the old run stays.
    pub fn replace_data(&mut self, mut data: Dataset) -> Result<()> {
        let config = config_for(self.config, &mut data)?;
        self.game = Game::new(&config)?;
        (self.config, self.data) = (config, data);
        Ok(())
    }

    /// The configuration, with the tuned knobs.
    pub fn config(&self) -> &Config {
        &self.config
    }

    /// The data set.
    pub fn data(&self) -> &Dataset {
        &self.data
    }

    /// The data set, to add images to.
    pub fn data_mut(&mut self) -> &mut Dataset {
        &mut self.data
    }

    /// Sets a live knob; it takes effect when the next iteration starts.
    /// Errors: those of [`Config::tune`].
    pub fn tune(&mut self, key: &str, value: &str) -> Result<()> {
        self.config.tune(key, value)?;
        self.game.progress_mut().tuned = self.config.hyper;
        Ok(())
    }

    /// Makes the learning rates fall from the current step on, if the schedule
    /// is `auto`: sets the knobs `hold` to this step and `schedule` to `root`,
    /// as a user could. False, without a change, for other schedules.
    pub fn let_rates_fall(&mut self) -> Result<bool> {
        if self.config.hyper.schedule != Schedule::Auto {
            return Ok(false);
        }
        self.tune("hold", &self.steps().clamp(1, MOST_HOLD).to_string())?;
        self.tune("schedule", Schedule::Root.name())?;
        Ok(true)
    }

    /// Plays one phase.
    pub fn advance(&mut self) -> Result<StepOutcome> {
        self.game.advance(&mut self.data)
    }

    /// Plays to the end of the iteration: `Done`, or `Waiting` for data.
    pub fn step(&mut self) -> Result<StepOutcome> {
        loop {
            let outcome = self.advance()?;
            if outcome != StepOutcome::Ongoing {
                return Ok(outcome);
            }
        }
    }

    /// Plays until `player` has taken a step. In a duel the other player stays
    /// unchanged: the same player can take several steps in a row.
    pub fn step_player(&mut self, player: Player) -> Result<StepOutcome> {
        if let Some(duel) = self.game.duel_mut() {
            duel.turn_to(player);
        }
        loop {
            let phase = self.next_phase();
            let outcome = self.advance()?;
            if outcome == StepOutcome::Waiting || phase == player.moves() {
                return Ok(outcome);
            }
        }
    }

    /// Whether no iteration is under way.
    pub fn settled(&self) -> bool {
        self.game.settled()
    }

    /// The phase that [`Self::advance`] plays next.
    pub fn next_phase(&self) -> Phase {
        self.game.progress().phase
    }

    /// Iterations done.
    pub fn steps(&self) -> u32 {
        self.game.progress().iterations
    }

    /// The losses of the last iteration.
    pub fn losses(&self) -> Losses {
        self.game.progress().losses
    }

    /// Step stats of the last steps.
    pub fn stats(&self) -> &StepStats {
        &self.game.progress().stats
    }

    /// Iterations until the epoch under way ends.
    pub fn epoch_left(&self) -> u32 {
        let Hyper { batch, d_steps, .. } = self.config.hyper;
        let left = self.game.progress().sampler.left(self.data.total() / self.game.parts());
        left.div_ceil(batch.max(1) * if self.game.parts() == 1 { d_steps } else { 1 })
    }

    /// Epochs done, with the fraction of the one under way.
    pub fn epoch(&self) -> f64 {
        self.game.progress().sampler.epoch(self.data.total() / self.game.parts())
    }

    /// Real images that the discriminators have seen, repeats counted.
    pub fn images_seen(&self) -> u64 {
        let parts = self.game.parts();
        self.game.progress().sampler.seen(self.data.total() / parts) * u64::from(parts)
    }

    /// The time of training by part; off until it is reset with a clock.
    pub fn meter(&mut self) -> &mut Meter {
        &mut self.game.progress_mut().workspace.meter
    }

    /// The nets' layers as text, the generator's and the discriminator's.
    pub fn layers(&self) -> (Vec<String>, Vec<String>) {
        let (g, d) = self.game.nets();
        let text = |net: &Net| net.layers().iter().map(ToString::to_string).collect();
        (text(g), text(d))
    }

    /// The same images at every call: of the run's fixed latent vectors, or in
    /// the columns of [`Self::columns`]; 64 images as bytes.
    pub fn preview(&mut self) -> Result<Vec<u8>> {
        // A duel shows its own images from the initial weights on, so that they
        // visibly develop from noise. A cycle shows the pretrained translators
        // before its first step.
        if self.columns().is_empty() {
            return self.game.preview(&mut self.data);
        }
        shown_game(&mut self.game, &mut self.pretrained, &self.config).preview(&mut self.data)
    }

    /// Names of the columns of the preview; empty if they do not differ.
    pub fn columns(&self) -> &'static [&'static str] {
        match self.game {
            Game::Duel(_) => &[],
            Game::Cycle(_) => &COLUMNS,
        }
    }

    /// Number of classes the generator is conditioned on; 0 if it is
    /// unconditional.
    pub fn classes(&self) -> usize {
        self.game.classes()
    }

    /// The classes of `count` samples: all in rotation, or `class` for each;
    /// empty if G is unconditional.
    pub fn labels_of(&self, count: usize, class: Option<u8>) -> Vec<u8> {
        let count = if self.classes() == 0 { 0 } else { count };
        in_turn(count, self.classes()).map(|turn| class.unwrap_or(turn)).collect()
    }

    /// `count` random images from `seed`, of `class` or of the classes of
    /// [`Self::labels_of`]: of new latent vectors, or translations of the
    /// set's images; as bytes. Errors: `SampleCount` outside 1 to 100,000;
    /// `Class`.
    pub fn sample(&mut self, count: u32, seed: u32, class: Option<u8>) -> Result<Vec<u8>> {
        if !(1..=MOST_SAMPLES).contains(&count) {
            return Err(Error::SampleCount {
                got: count.to_string(),
                most: MOST_SAMPLES.to_string(),
            });
        }
        class.map_or(Ok(()), |class| checked_class(class, self.data.sample().classes))?;
        let labels = self.labels_of(count as usize, class);
        self.game.sample(0..count as usize, seed, &labels, &mut self.data)
    }

    /// The numbers `digits` of the images that [`Self::sample`] makes without a
    /// class, as bytes; the first number is rounded down to a multiple of 64.
    pub fn sample_part(&mut self, digits: Range<u32>, seed: u32) -> Result<Vec<u8>> {
        let digits = digits.start as usize & !63..digits.end as usize;
        let mut labels = self.labels_of(digits.end, None);
        labels.drain(..digits.start.min(labels.len()));
        self.game.sample(digits, seed, &labels, &mut self.data)
    }

    /// The first `count` real images, as far as they are loaded, as bytes.
    pub fn real(&mut self, count: usize) -> Vec<u8> {
        let count = (count as u32).min(self.data.available());
        (0..count).flat_map(|i| self.data.digit(i).to_vec()).collect()
    }

    /// Real images of the distribution that the generator learns, as bytes: the
    /// numbers `digits` of the set (CycleGAN: of its domain B), as far as they
    /// are loaded.
    pub fn targets(&mut self, digits: Range<usize>) -> Vec<u8> {
        self.game.targets(digits, &mut self.data)
    }

    /// Everything that resuming bit for bit needs; an iteration under way is
    /// finished first.
    pub fn state(&mut self) -> Result<State> {
        self.settle()?;
        self.game.save()
    }

    /// Restores what [`Self::state`] returned under the same configuration. On
    /// an error nothing changes.
    pub fn set_state(&mut self, state: &State) -> Result<()> {
        self.resume(self.config, state)
    }

    /// Resumes under `config` from what [`Self::state`] returned under it, on
    /// the current data. On an error, such as `OtherShape` if the data have
    /// other samples, the old run stays.
    pub fn resume(&mut self, config: Config, state: &State) -> Result<()> {
        require_sample(&mut self.data, config.sample)?;
        self.game = Game::loaded(&config, state)?;
        self.config = config;
        Ok(())
    }

    /// A snapshot of the run, to go back to; an iteration under way is finished
    /// first.
    pub fn snapshot(&mut self) -> Result<Snapshot> {
        let state = self.state()?;
        let bytes = state.tensors.iter().map(|(_, tensor)| 4 * tensor.elem_count()).sum();
        Ok(Snapshot { config: self.config, state, step: self.steps(), bytes })
    }

    /// Goes back to a snapshot of this run, settings included; training from
    /// there gives the same bits as before. On an error nothing changes.
    pub fn return_to(&mut self, snapshot: &Snapshot) -> Result<()> {
        self.resume(snapshot.config, &snapshot.state)
    }

    /// A hash of weights, moments, random streams and data position; an
    /// iteration under way is finished first.
    pub fn digest(&mut self) -> Result<u64> {
        Ok(self.state()?.digest()?)
    }

    /// Finishes the iteration under way, if there is one.
    pub fn settle(&mut self) -> Result<()> {
        while !self.settled() {
            if self.advance()? == StepOutcome::Waiting {
                break;
            }
        }
        Ok(())
    }
}

/// The configuration for the samples of `data`, from which its nets are built.
fn config_for(config: Config, data: &mut Dataset) -> Result<Config> {
    if data.holds(config.sample) { Ok(config) } else { config.of(data.sample()) }
}

/// Checks that the data have these samples. Errors: `OtherShape`.
fn require_sample(data: &mut Dataset, sample: Sample) -> Result<()> {
    if data.holds(sample) {
        return Ok(());
    }
    let (got, expected) = (data.sample().to_string(), sample.to_string());
    Err(Error::OtherShape { got, expected })
}

/// The game that makes the images shown under `config`: the pretrained
/// generator's before the first iteration, if it fits.
fn shown_game<'a>(
    game: &'a mut Game,
    pretrained: &'a mut Pretrained,
    config: &Config,
) -> &'a mut Game {
    match pretrained {
        Some((of, pretrained)) if game.progress().iterations == 0 && of.same_generator(config) => {
            pretrained
        }
        _ => game,
    }
}
