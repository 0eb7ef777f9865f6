//! A run with its data, which hosts drive. What is played is behind [`Game`].

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

/// Most samples that may be asked for at once.
const MOST_SAMPLES: u32 = 100_000;

/// A generator trained elsewhere, and its configuration.
type Pretrained = Option<(Config, Game)>;

/// A run: one configuration, one game, one set of digits.
pub struct Session {
    config: Config,
    game: Game,
    /// Makes digits until this run has a trained generator of its own.
    pretrained: Pretrained,
    data: Dataset,
}

impl Session {
    /// A run at step 0 on `data`, which may still be empty or growing.
    pub fn new(config: Config, mut data: Dataset) -> Result<Self> {
        let config = config_for(config, &mut data)?;
        Ok(Self { config, game: Game::new(&config)?, pretrained: None, data })
    }

    /// A session that makes digits by this generator. It stands at step 0:
    /// nothing else of the generator's run is known.
    ///
    /// Errors: `OtherShape` of data of other samples.
    pub fn of_generator(generator: &Generator, mut data: Dataset) -> Result<Self> {
        require_sample(&mut data, generator.config.sample)?;
        Ok(Self {
            config: generator.config,
            game: Game::of_generator(generator)?,
            pretrained: None,
            data,
        })
    }

    /// Goes back to step 0 under `config`, on the data that is in. On an error
    /// the old run stays.
    pub fn restart(&mut self, config: Config) -> Result<()> {
        let config = config_for(config, &mut self.data)?;
        self.game = Game::new(&config)?;
        self.config = config;
        Ok(())
    }

    /// Takes a trained generator, to make digits with until this run has taken
    /// a step; false, and nothing changes, where this run's generator is
    /// another.
    pub fn use_pretrained(&mut self, generator: &Generator) -> Result<bool> {
        if !generator.config.same_generator(&self.config) {
            return Ok(false);
        }
        self.pretrained = Some((generator.config, Game::of_generator(generator)?));
        Ok(true)
    }

    /// Takes other data and goes back to step 0. On an error the old run stays.
    pub fn adopt(&mut self, mut data: Dataset) -> Result<()> {
        let config = config_for(self.config, &mut data)?;
        self.game = Game::new(&config)?;
        (self.config, self.data) = (config, data);
        Ok(())
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
        self.game.progress_mut().tuned = self.config.hyper;
        Ok(())
    }

    /// Lets the rates fall from the present step on, where the schedule waits
    /// for that: its knobs are `root` and `hold` then, as if a visitor had
    /// turned them. False where it does not wait.
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

    /// Plays on to the end of the iteration: `Done`, or `Waiting` for data.
    pub fn step(&mut self) -> Result<StepOutcome> {
        loop {
            let outcome = self.advance()?;
            if outcome != StepOutcome::Ongoing {
                return Ok(outcome);
            }
        }
    }

    /// Plays on until `player` has moved, the other one left as it is where the
    /// game allows that: the same player may move again and again.
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

    /// The phase that [`Self::advance`] would play.
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

    /// Scores and gradients of the last steps.
    pub fn stats(&self) -> &StepStats {
        &self.game.progress().stats
    }

    /// Iterations until the epoch under way ends.
    pub fn epoch_left(&self) -> u32 {
        let Hyper { batch, d_steps, .. } = self.config.hyper;
        let left = self.game.progress().sampler.left(self.data.total() / self.game.parts());
        left.div_ceil(batch.max(1) * if self.game.parts() == 1 { d_steps } else { 1 })
    }

    /// Epochs begun, with the fraction done.
    pub fn epoch(&self) -> f64 {
        self.game.progress().sampler.epoch(self.data.total() / self.game.parts())
    }

    /// Real digits that the discriminator has seen.
    pub fn digits_seen(&self) -> u64 {
        let parts = self.game.parts();
        self.game.progress().sampler.seen(self.data.total() / parts) * u64::from(parts)
    }

    /// Where the time of training goes; off until it is reset with a clock.
    pub fn meter(&mut self) -> &mut Meter {
        &mut self.game.progress_mut().workspace.meter
    }

    /// The nets' layers as text, the generator's and the discriminator's.
    pub fn layers(&self) -> (Vec<String>, Vec<String>) {
        let (g, d) = self.game.nets();
        let text = |net: &Net| net.layers().iter().map(ToString::to_string).collect();
        (text(g), text(d))
    }

    /// The same digits at every call: of the run's fixed latents, or columns of
    /// [`Self::columns`]; 64 images as bytes.
    pub fn preview(&mut self) -> Result<Vec<u8>> {
        // A duel's grid shows its own first weights: that digits come of noise
        // is what there is to see. Pairs stand for sliders too.
        if self.columns().is_empty() {
            return self.game.preview(&mut self.data);
        }
        shown_game(&mut self.game, &mut self.pretrained, &self.config).preview(&mut self.data)
    }

    /// What the columns of the preview show, by name; none where all digits are
    /// alike.
    pub fn columns(&self) -> &'static [&'static str] {
        match self.game {
            Game::Duel(_) => &[],
            Game::Cycle(_) => &COLUMNS,
        }
    }

    /// How many classes the generator can be told to make; 0: it is told none.
    pub fn classes(&self) -> usize {
        self.game.classes()
    }

    /// The classes of `count` samples: each in turn, or `class`, or none
    /// where G is told none.
    pub fn classes_of(&self, count: usize, class: Option<u8>) -> Vec<u8> {
        let count = if self.classes() == 0 { 0 } else { count };
        in_turn(count, self.classes()).map(|turn| class.unwrap_or(turn)).collect()
    }

    /// `count` digits by chance from `seed`, all of `class` or of
    /// [`Self::classes_of`]: of fresh latents, or translations of the set's
    /// images; as bytes.
    pub fn sample(&mut self, count: u32, seed: u32, class: Option<u8>) -> Result<Vec<u8>> {
        if !(1..=MOST_SAMPLES).contains(&count) {
            return Err(Error::SampleCount {
                got: count.to_string(),
                most: MOST_SAMPLES.to_string(),
            });
        }
        class.map_or(Ok(()), |class| checked_class(class, self.data.sample().classes))?;
        let labels = self.classes_of(count as usize, class);
        self.game.sample(0..count as usize, seed, &labels, &mut self.data)
    }

    /// A part of the row of digits that [`Self::sample`] would give, beginning
    /// at a multiple of 64.
    pub fn sample_part(&mut self, digits: Range<u32>, seed: u32) -> Result<Vec<u8>> {
        let digits = digits.start as usize & !63..digits.end as usize;
        let mut labels = self.classes_of(digits.end, None);
        labels.drain(..digits.start.min(labels.len()));
        self.game.sample(digits, seed, &labels, &mut self.data)
    }

    /// The first `count` real images that are in, as bytes.
    pub fn real(&mut self, count: usize) -> Vec<u8> {
        let count = (count as u32).min(self.data.available());
        (0..count).flat_map(|i| self.data.digit(i).to_vec()).collect()
    }

    /// Real images such as the generator is to make, as bytes, numbered within
    /// the set (CycleGAN: its domain B), as far as they are in.
    pub fn targets(&mut self, digits: Range<usize>) -> Vec<u8> {
        self.game.targets(digits, &mut self.data)
    }

    /// Everything that going on bit for bit needs; an iteration under way is
    /// finished first.
    pub fn state(&mut self) -> Result<State> {
        self.settle()?;
        self.game.save()
    }

    /// Takes back what [`Self::state`] gave under the same configuration. On an
    /// error nothing changes.
    pub fn set_state(&mut self, state: &State) -> Result<()> {
        self.resume(self.config, state)
    }

    /// Goes on under `config` from what [`Self::state`] gave under it, on the
    /// present data. On an error, such as `OtherShape` of data of other samples,
    /// the old run stays.
    pub fn resume(&mut self, config: Config, state: &State) -> Result<()> {
        require_sample(&mut self.data, config.sample)?;
        self.game = Game::loaded(&config, state)?;
        self.config = config;
        Ok(())
    }

    /// The run as it stands, to be gone back to; an iteration under way is
    /// finished first.
    pub fn snapshot(&mut self) -> Result<Snapshot> {
        let state = self.state()?;
        let bytes = state.tensors.iter().map(|(_, tensor)| 4 * tensor.elem_count()).sum();
        Ok(Snapshot { config: self.config, state, step: self.steps(), bytes })
    }

    /// Goes back to a snapshot of this run, settings included; going on gives the
    /// same bits as it did then.
    pub fn return_to(&mut self, snapshot: &Snapshot) -> Result<()> {
        let old = std::mem::replace(&mut self.config, snapshot.config);
        let returned = self.set_state(&snapshot.state);
        if returned.is_err() {
            self.config = old;
        }
        returned
    }

    /// A hash of weights, moments, chance and data position; an iteration under
    /// way is finished first.
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

/// The configuration on `data`: its nets are built from what its images are.
fn config_for(config: Config, data: &mut Dataset) -> Result<Config> {
    if data.holds(config.sample) { Ok(config) } else { config.of(data.sample()) }
}

/// Refuses data of other samples.
fn require_sample(data: &mut Dataset, sample: Sample) -> Result<()> {
    if data.holds(sample) {
        return Ok(());
    }
    let (got, expected) = (data.sample().to_string(), sample.to_string());
    Err(Error::OtherShape { got, expected })
}

/// The game that makes digits for `config`: that of a pretrained generator,
/// before the first iteration.
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
