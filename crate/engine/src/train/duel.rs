//! One generator against one discriminator: algorithm 1 of Goodfellow et al.
//! 2014, phase by phase.

mod alone;
mod show;
mod update;

use std::ops::Range;

use rand_chacha::ChaCha8Rng;

use super::game::{Game, Logits, PREVIEW};
use super::player::{Average, Player};
use super::stats::StepStats;
use super::work::Work;
use super::{Amid, Config, Losses, Phase, State, StepOutcome, Who};
use crate::data::{CLASSES, Dataset, PIXELS, Sampler};
use crate::error::{Error, Result};
use crate::kernel::meter::{Meter, Part};
use crate::kernel::{Batch, Buffer, Workspace};
use crate::latent::LatentGenerator;
use crate::net::{Net, Pass, Shape};
use crate::recipe::{DIGIT, Hyper, Recipe};
use crate::rng::{Purpose, stream};
pub(super) use show::looked;
pub(super) use update::settings;

/// The game: both players, chance, and the phase that is next.
pub(super) struct Duel {
    recipe: &'static Recipe,
    /// In force; `tuned` takes its place when an iteration starts.
    hyper: Hyper,
    tuned: Hyper,
    g: Player,
    d: Player,
    average: Average,
    latents: ChaCha8Rng,
    dropout: ChaCha8Rng,
    mixing: ChaCha8Rng,
    sampler: Sampler,
    /// Latents that never change during a run, (64, latent).
    preview: Vec<f32>,
    iterations: u32,
    phase: Phase,
    d_done: u32,
    losses: Losses,
    stats: StepStats,
    work: Work,
    workspace: Workspace,
}

impl Duel {
    /// Both players at their first weights.
    pub fn new(config: &Config) -> Result<Self> {
        let (recipe, hyper) = (config.recipe, config.hyper);
        let latent = hyper.latents().width();
        let mut weights = stream(config.seed, Purpose::Weights);
        let g = Player::new(
            (recipe.generator)(&hyper),
            Shape::row(latent),
            recipe.g_init,
            weights.clone(),
            settings(&hyper, hyper.g_rate, 0),
            false,
        )?;
        // D's weights begin far along the same stream: no generator uses 2^32
        // words.
        weights.set_word_pos(1 << 32);
        let d = Player::new(
            (recipe.discriminator)(&hyper),
            DIGIT,
            recipe.d_init,
            weights.clone(),
            settings(&hyper, hyper.d_rate, 0),
            hyper.spectral,
        )?;
        let mut preview = vec![0.; PREVIEW * latent];
        hyper.latents().fill(&mut stream(config.seed, Purpose::Preview), &mut preview);
        Ok(Self {
            preview,
            average: Average::of(&g, Shape::row(latent), recipe.g_init, weights)?,
            recipe,
            hyper,
            tuned: hyper,
            g,
            d,
            latents: stream(config.seed, Purpose::Latents),
            dropout: stream(config.seed, Purpose::Dropout),
            mixing: stream(config.seed, Purpose::Penalty),
            sampler: Sampler::new(config.seed),
            iterations: 0,
            phase: Phase::Draw,
            d_done: 0,
            losses: Losses::default(),
            stats: StepStats::default(),
            work: Work::default(),
            workspace: Workspace::default(),
        })
    }

    fn play(&mut self, data: &mut Dataset) -> Result<StepOutcome> {
        self.phase = match self.phase {
            Phase::Draw => {
                if self.settled() {
                    self.begin();
                }
                if !self.draw(data)? {
                    return Ok(StepOutcome::Waiting);
                }
                Phase::Generate
            }
            Phase::Generate => {
                self.generate(!self.hyper.fresh_fakes)?;
                Phase::DReal
            }
            Phase::DReal => {
                self.work.real_scores = Some(self.score(|work| &work.real)?);
                Phase::DFake
            }
            Phase::DFake => {
                self.work.fake_scores = Some(self.score(|work| &work.fake)?);
                Phase::DUpdate
            }
            Phase::DUpdate => {
                self.update_discriminator()?;
                self.d_done += 1;
                if self.d_done < self.hyper.d_steps { Phase::Draw } else { Phase::GGenerate }
            }
            Phase::GGenerate => {
                // A step of G alone finds nothing at hand.
                let bare = self.work.real.is_none()
                    && (self.hyper.loss.compares() || self.hyper.conditional);
                if bare && !self.draw(data)? {
                    return Ok(StepOutcome::Waiting);
                }
                if self.hyper.fresh_fakes || self.work.made.is_none() {
                    self.generate(true)?;
                }
                Phase::GScore
            }
            Phase::GScore => {
                self.work.fake_scores = Some(self.score(|work| &work.fake)?);
                if self.hyper.loss.compares() {
                    self.work.real_scores = Some(self.score(|work| &work.real)?);
                }
                Phase::GUpdate
            }
            Phase::GUpdate => {
                self.update_generator()?;
                self.iterations += 1;
                self.d_done = 0;
                self.phase = Phase::Draw;
                return Ok(StepOutcome::Done);
            }
        };
        Ok(StepOutcome::Ongoing)
    }

    /// An iteration starts: with nothing at hand, under the settings that were
    /// turned.
    fn begin(&mut self) {
        self.work = Work { indices: std::mem::take(&mut self.work.indices), ..Work::default() };
        self.hyper = self.tuned;
        self.g.tune(settings(&self.hyper, self.hyper.g_rate, self.iterations));
        self.d.tune(settings(&self.hyper, self.hyper.d_rate, self.iterations));
    }

    /// Draws a real batch, (batch, 784); false while the digits it may need are
    /// not all in.
    fn draw(&mut self, data: &mut Dataset) -> Result<bool> {
        let (batch, total) = (self.hyper.batch, data.total());
        // An iteration that starts can be finished: all its batches are asked
        // for at once.
        let wanted = if self.d_done == 0 { batch * self.hyper.d_steps } else { batch };
        let needs = if total == 0 { u32::MAX } else { self.sampler.needs(wanted, total) };
        if needs > data.available() {
            return Ok(false);
        }
        // Before anything is drawn: a run that waits goes on as if it had not.
        if self.hyper.conditional && needs > data.labels() {
            let recipe = self.recipe.id.to_owned();
            return if data.complete() { Err(Error::NeedsLabels { recipe }) } else { Ok(false) };
        }
        let start = self.workspace.meter.start();
        self.sampler.draw(batch, total, &mut self.work.indices);
        let mut pixels = Buffer::any(batch as usize * PIXELS);
        self.work.labels.clear();
        if self.hyper.conditional {
            // Every digit has one: they were counted above.
            self.work.labels.extend(self.work.indices.iter().filter_map(|&i| data.label(i)));
        }
        data.write_batch(&self.work.indices, &mut pixels);
        self.work.real = Some(Batch::new(batch as usize, pixels));
        self.workspace.meter.stop(Part::Sampling, start);
        Ok(true)
    }

    /// Makes a batch of digits from new latents, (batch, 784), and keeps how if
    /// G's step `will_learn` from them.
    fn generate(&mut self, will_learn: bool) -> Result<()> {
        let start = self.workspace.meter.start();
        let (batch, latents) = (self.hyper.batch as usize, self.hyper.latents());
        let mut z = Buffer::any(batch * latents.width());
        latents.fill(&mut self.latents, &mut z);
        let z = Batch::new(batch, z);
        self.workspace.meter.stop(Part::Sampling, start);
        self.work.latents = Some(z.clone());
        let pass = Pass::Train(&mut self.dropout);
        if will_learn {
            let trace = self.g.net.trace(&z, &self.work.labels, pass, &mut self.workspace)?;
            (self.work.fake, self.work.made) = (Some(trace.output().clone()), Some(trace));
        } else {
            self.work.fake =
                Some(self.g.net.forward(&z, &self.work.labels, pass, &mut self.workspace)?);
        }
        Ok(())
    }
}

impl Game for Duel {
    fn tune(&mut self, hyper: Hyper) {
        self.tuned = hyper;
    }

    fn advance(&mut self, data: &mut Dataset) -> Result<StepOutcome> {
        let played = self.play(data);
        if played.is_err() {
            self.phase = Phase::Draw;
            self.d_done = 0;
            self.work = Work::default();
            [&self.g.net, &self.d.net].into_iter().for_each(Net::forget);
        }
        played
    }

    fn settled(&self) -> bool {
        self.phase == Phase::Draw && self.d_done == 0
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

    fn turn_to(&mut self, who: Who) {
        self.let_move(who);
    }

    fn amid(&self) -> Amid {
        self.at_hand()
    }

    fn inspect(&mut self, pixels: &[f32], class: u8) -> Result<(f32, Vec<f32>)> {
        self.look(pixels, class)
    }

    fn sampler(&self) -> &Sampler {
        &self.sampler
    }

    fn meter(&mut self) -> &mut Meter {
        &mut self.workspace.meter
    }

    fn nets(&self) -> (&Net, &Net) {
        (&self.g.net, &self.d.net)
    }

    fn load_shown(&mut self, state: &State) -> Result<()> {
        Ok(self.average.load("average", state)?)
    }

    fn classes(&self) -> usize {
        if self.hyper.conditional { CLASSES } else { 0 }
    }

    fn preview(&mut self, _: &mut Dataset) -> Result<Vec<u8>> {
        self.show()
    }

    fn preview_latent(&self, place: usize) -> Option<(Vec<f32>, u8)> {
        self.fixed(place)
    }

    fn maker(&mut self) -> Option<LatentGenerator<'_>> {
        Some(self.shown())
    }

    fn sample(
        &mut self,
        digits: Range<usize>,
        seed: u32,
        labels: &[u8],
        _: &mut Dataset,
    ) -> Result<Vec<u8>> {
        self.fresh(digits, seed, labels)
    }

    fn log_odds(&mut self, count: usize, seed: u32, data: &mut Dataset) -> Result<Option<Logits>> {
        self.hyper
            .loss
            .speaks_of_probability()
            .then(|| self.play_scores(count, seed, data))
            .transpose()
    }

    fn save(&self) -> Result<State> {
        let mut state = State::default();
        self.g.save("g", &mut state)?;
        self.d.save("d", &mut state)?;
        self.average.save("average", &mut state)?;
        state.put_stream("latents", &self.latents);
        state.put_stream("dropout", &self.dropout);
        state.put_stream("mixing", &self.mixing);
        state.put_progress(&self.sampler, self.iterations);
        Ok(state)
    }

    fn load(&mut self, state: &State) -> Result<()> {
        self.g.load("g", state)?;
        self.d.load("d", state)?;
        self.average.load("average", state)?;
        state.get_stream("latents", &mut self.latents)?;
        state.get_stream("dropout", &mut self.dropout)?;
        state.get_stream("mixing", &mut self.mixing)?;
        self.iterations = state.get_progress(&mut self.sampler)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests;
