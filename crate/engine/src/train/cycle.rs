//! Two translators between two domains, each against a discriminator of the
//! domain it translates into (Zhu et al. 2017, arXiv:1703.10593), phase by
//! phase. Sides are numbered: 0 is A, 1 is B.

mod half;
mod pool;
mod show;
mod update;

use std::ops::Range;

use rand_chacha::ChaCha8Rng;

use super::duel::{looked, settings};
use super::game::Game;
use super::stats::StepStats;
use super::work::held;
use super::{Amid, Config, Losses, Phase, State, StepOutcome, Translation};
use crate::data::{Dataset, Sampler, Side, numbers};
use crate::error::{Error, Result};
use crate::kernel::meter::{Meter, Part};
use crate::kernel::{Batch, Workspace};
use crate::net::{Net, Pass, Trace};
use crate::recipe::{Hyper, Recipe};
use crate::rng::{Purpose, stream};
use half::{Half, Work};

/// The game: both halves, chance, and the phase that is next.
pub(super) struct Cycle {
    recipe: &'static Recipe,
    /// In force; `tuned` takes its place when an iteration starts.
    hyper: Hyper,
    tuned: Hyper,
    halves: [Half; 2],
    /// Noise at discriminators' entrances.
    noise: ChaCha8Rng,
    mixing: ChaCha8Rng,
    sampler: Sampler,
    indices: Vec<u32>,
    iterations: u32,
    phase: Phase,
    losses: Losses,
    stats: StepStats,
    workspace: Workspace,
}

impl Cycle {
    /// All four players at their first weights.
    pub fn new(config: &Config) -> Result<Self> {
        Ok(Self {
            recipe: config.recipe,
            hyper: config.hyper,
            tuned: config.hyper,
            halves: [Half::new(config, 0)?, Half::new(config, 1)?],
            noise: stream(config.seed, Purpose::Dropout),
            mixing: stream(config.seed, Purpose::Penalty),
            sampler: Sampler::new(config.seed),
            indices: Vec::new(),
            iterations: 0,
            phase: Phase::Draw,
            losses: Losses::default(),
            stats: StepStats::default(),
            workspace: Workspace::default(),
        })
    }

    fn play(&mut self, data: &mut Dataset) -> Result<StepOutcome> {
        self.phase = match self.phase {
            Phase::Draw => {
                self.begin();
                if !self.draw(data)? {
                    return Ok(StepOutcome::Waiting);
                }
                Phase::Generate
            }
            Phase::Generate => {
                for side in 0..2 {
                    let given = held(&self.halves[1 - side].work.real)?.clone();
                    self.halves[side].work.fake = Some(self.translated(side, &given)?);
                }
                Phase::GGenerate
            }
            Phase::GGenerate => {
                for side in 0..2 {
                    let fake = held(&self.halves[1 - side].work.fake)?.output().clone();
                    self.halves[side].work.cycled = Some(self.translated(side, &fake)?);
                    if self.hyper.identity > 0. {
                        let real = held(&self.halves[side].work.real)?.clone();
                        self.halves[side].work.same = Some(self.translated(side, &real)?);
                    }
                }
                Phase::GScore
            }
            Phase::GScore => {
                for half in &mut self.halves {
                    let (fake, pass) =
                        (held(&half.work.fake)?.output(), Pass::Train(&mut self.noise));
                    half.work.scored =
                        Some(half.d.net.trace(fake, &[], pass, &mut self.workspace)?);
                    if self.hyper.loss.compares() {
                        let (real, pass) = (held(&half.work.real)?, Pass::Train(&mut self.noise));
                        half.work.real_scores =
                            Some(half.d.net.trace(real, &[], pass, &mut self.workspace)?);
                    }
                }
                Phase::GUpdate
            }
            Phase::GUpdate => {
                self.update_generators()?;
                Phase::DReal
            }
            Phase::DReal => {
                for half in &mut self.halves {
                    let (real, pass) = (held(&half.work.real)?, Pass::Train(&mut self.noise));
                    half.work.real_scores =
                        Some(half.d.net.trace(real, &[], pass, &mut self.workspace)?);
                }
                Phase::DFake
            }
            Phase::DFake => {
                for half in &mut self.halves {
                    let fake = held(&half.work.fake)?.output();
                    let fake = half.pool.exchange(fake, self.hyper.pool as usize, &mut self.mixing);
                    let pass = Pass::Train(&mut self.noise);
                    half.work.fake_scores =
                        Some(half.d.net.trace(&fake, &[], pass, &mut self.workspace)?);
                }
                Phase::DUpdate
            }
            Phase::DUpdate => {
                self.update_discriminators()?;
                self.iterations += 1;
                self.phase = Phase::Draw;
                return Ok(StepOutcome::Done);
            }
        };
        Ok(StepOutcome::Ongoing)
    }

    /// Digits of the other domain translated into that of `side`, for a step of
    /// its translator.
    fn translated(&mut self, side: usize, digits: &Batch) -> Result<Trace> {
        let (half, pass) = (&self.halves[side], Pass::Train(&mut self.noise));
        Ok(half.g.net.trace(digits, &[], pass, &mut self.workspace)?)
    }

    /// An iteration starts: with nothing at hand, under the settings that were
    /// turned.
    fn begin(&mut self) {
        self.halves.iter_mut().for_each(|half| half.work = Work::default());
        self.hyper = self.tuned;
        for half in &mut self.halves {
            half.g.tune(settings(&self.hyper, self.hyper.g_rate, self.iterations));
            half.d.tune(settings(&self.hyper, self.hyper.d_rate, self.iterations));
        }
    }

    /// Draws a batch of each domain, (batch, 784): of the even and of the odd
    /// digits; false while they may not all be in.
    fn draw(&mut self, data: &mut Dataset) -> Result<bool> {
        let (batch, pairs) = (self.hyper.batch, data.total() / 2);
        if pairs == 0 && data.total() > 0 {
            return Err(Error::NeedsHalves { recipe: self.recipe.id.to_owned() });
        }
        if pairs == 0 || 2 * self.sampler.needs(batch, pairs) > data.available() {
            return Ok(false);
        }
        let start = self.workspace.meter.start();
        self.sampler.draw(batch, pairs, &mut self.indices);
        for side in Side::ALL {
            let digits = self.indices.iter().map(|&i| 2 * i + side as u32);
            let views = show::views(self.hyper.domains, side, digits, data);
            self.halves[side as usize].work.real =
                Some(Batch::new(batch as usize, numbers(&views)));
        }
        self.workspace.meter.stop(Part::Sampling, start);
        Ok(true)
    }
}

/// What the nets of a half are called in a checkpoint: into A, into B.
const NAMES: [[&str; 4]; 2] =
    [["g_a", "d_a", "average_a", "pool_a"], ["g", "d", "average", "pool"]];

impl Game for Cycle {
    fn tune(&mut self, hyper: Hyper) {
        self.tuned = hyper;
    }

    fn advance(&mut self, data: &mut Dataset) -> Result<StepOutcome> {
        let played = self.play(data);
        if played.is_err() {
            self.phase = Phase::Draw;
            for half in &mut self.halves {
                half.work = Work::default();
                half.g.net.forget();
                half.d.net.forget();
            }
        }
        played
    }

    fn settled(&self) -> bool {
        self.phase == Phase::Draw
    }

    fn next_phase(&self) -> Phase {
        self.phase
    }

    fn iterations(&self) -> u32 {
        self.iterations
    }

    fn losses(&self) -> Losses {
        self.losses
    }

    fn stats(&self) -> &StepStats {
        &self.stats
    }

    fn amid(&self) -> Amid {
        show::at_hand(&self.halves)
    }

    fn inspect(&mut self, pixels: &[f32], _: u8) -> Result<(f32, Vec<f32>)> {
        looked(&self.halves[1].d.net, pixels, &[], &mut self.workspace)
    }

    fn sampler(&self) -> &Sampler {
        &self.sampler
    }

    fn parts(&self) -> u32 {
        2
    }

    fn meter(&mut self) -> &mut Meter {
        &mut self.workspace.meter
    }

    fn nets(&self) -> (&Net, &Net) {
        (&self.halves[1].g.net, &self.halves[1].d.net)
    }

    fn save(&self) -> Result<State> {
        let mut state = State::default();
        for (half, [g, d, average, pool]) in self.halves.iter().zip(NAMES) {
            half.g.save(g, &mut state)?;
            half.d.save(d, &mut state)?;
            half.average.save(average, &mut state)?;
            half.pool.save(pool, &mut state)?;
        }
        state.put_stream("dropout", &self.noise);
        state.put_stream("mixing", &self.mixing);
        state.put_progress(&self.sampler, self.iterations);
        Ok(state)
    }

    fn load(&mut self, state: &State) -> Result<()> {
        for (half, [g, d, average, pool]) in self.halves.iter_mut().zip(NAMES) {
            half.g.load(g, state)?;
            half.d.load(d, state)?;
            half.average.load(average, state)?;
            half.pool.load(pool, state)?;
        }
        state.get_stream("dropout", &mut self.noise)?;
        state.get_stream("mixing", &mut self.mixing)?;
        self.iterations = state.get_progress(&mut self.sampler)?;
        Ok(())
    }

    fn load_shown(&mut self, state: &State) -> Result<()> {
        for (half, [_, _, average, _]) in self.halves.iter_mut().zip(NAMES) {
            half.average.load(average, state)?;
        }
        Ok(())
    }

    fn columns(&self) -> &'static [&'static str] {
        &show::COLUMNS
    }

    fn preview(&mut self, data: &mut Dataset) -> Result<Vec<u8>> {
        self.pairs(data)
    }

    fn translate_given(&mut self, digit: &[u8]) -> Result<Vec<u8>> {
        Ok([self.shown(Side::B, digit)?, self.shown(Side::A, digit)?].concat())
    }

    fn sample(
        &mut self,
        digits: Range<usize>,
        seed: u32,
        _: &[u8],
        data: &mut Dataset,
    ) -> Result<Vec<u8>> {
        self.some(digits, seed, data)
    }

    /// Digits of the domain B, into which samples are translated.
    fn wanted(&self, digits: Range<usize>, data: &mut Dataset) -> Vec<u8> {
        let end = digits.end.min(data.available() as usize / 2) as u32;
        let odd = (digits.start as u32..end).map(|i| 2 * i + 1);
        show::views(self.hyper.domains, Side::B, odd, data)
    }

    fn translate(
        &mut self,
        from: Side,
        digits: &[u32],
        data: &mut Dataset,
    ) -> Result<Option<Translation>> {
        self.translation(from, digits, data).map(Some)
    }
}

#[cfg(test)]
mod tests;
