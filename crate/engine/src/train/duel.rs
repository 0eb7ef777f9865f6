//! One generator against one discriminator: algorithm 1 of Goodfellow et al.
//! 2014, phase by phase.

mod show;
mod update;

use rand_chacha::ChaCha8Rng;

use super::draws::Draws;
use super::game::PREVIEW;
use super::iteration_view::{self, IterationView, SHOWN, signed};
use super::pair::Pair;
use super::progress::Progress;
use super::step::{pass, required};
use super::{Config, Phase, Player, State, StepOutcome};
use crate::data::{Dataset, Shape};
use crate::error::{Error, Result};
use crate::kernel::meter::Part;
use crate::kernel::{Batch, Buffer};
use crate::net::Trace;
use crate::rng::{Purpose, stream};
pub(super) use show::score_with_gradient;

/// The game: both players, and what the phases pass to each other.
pub(super) struct Duel {
    pub progress: Progress,
    pub pair: Pair,
    latents: ChaCha8Rng,
    /// Latent vectors of the preview, fixed during a run, (64, latent).
    preview: Vec<f32>,
    /// Steps of D done in this iteration.
    d_done: u32,
    /// Draws of the step under way.
    draws: Draws,
    work: Work,
}

/// What one phase passes to the next; kept from the last iteration until a new
/// one starts.
#[derive(Default)]
struct Work {
    real: Option<Batch>,
    /// The latent vectors that `fake` was made from.
    latents: Option<Batch>,
    fake: Option<Batch>,
    /// The trace of `fake` in G, if G's step will need it.
    made: Option<Trace>,
    real_scores: Option<Trace>,
    fake_scores: Option<Trace>,
    /// The gradient of G's loss by the pixels of `fake`.
    push: Option<Batch>,
    indices: Vec<u32>,
    /// Labels of the real images, on which G is conditioned too; empty if the
    /// nets are unconditional.
    labels: Vec<u8>,
}

impl Duel {
    /// Both players with their initial weights.
    pub fn new(config: &Config) -> Result<Self> {
        let space = config.hyper.latents();
        let mut preview = vec![0.; PREVIEW * space.width()];
        space.fill(&mut stream(config.seed, Purpose::Preview), &mut preview);
        Ok(Self {
            progress: Progress::new(config),
            pair: Pair::new(config, 0, Shape::row(space.width()), ["g", "d", "average"])?,
            latents: stream(config.seed, Purpose::Latents),
            preview,
            d_done: 0,
            draws: Draws::default(),
            work: Work::default(),
        })
    }

    /// Plays the next phase. On an error the iteration is abandoned; the step
    /// that failed moves no weights.
    pub fn advance(&mut self, data: &mut Dataset) -> Result<StepOutcome> {
        let played = self.play(data);
        if played.is_err() {
            self.progress.phase = Phase::Draw;
            self.d_done = 0;
            self.work = Work::default();
            self.pair.forget();
        }
        played
    }

    fn play(&mut self, data: &mut Dataset) -> Result<StepOutcome> {
        self.progress.phase = match self.progress.phase {
            Phase::Draw => {
                if self.settled() {
                    self.begin();
                }
                if !self.draw(data)? {
                    return Ok(StepOutcome::Waiting);
                }
                self.draw_discriminator_step();
                Phase::Generate
            }
            Phase::Generate => {
                self.generate(!self.progress.hyper.fresh_fakes)?;
                Phase::DReal
            }
            Phase::DReal => {
                self.score_real()?;
                Phase::DFake
            }
            Phase::DFake => {
                self.score_fake()?;
                Phase::DUpdate
            }
            Phase::DUpdate => {
                self.update_discriminator()?;
                self.d_done += 1;
                if self.d_done < self.progress.hyper.d_steps {
                    Phase::Draw
                } else {
                    Phase::GGenerate
                }
            }
            Phase::GGenerate => {
                let hyper = &self.progress.hyper;
                // A step of G alone has no real batch yet.
                let needs_real = hyper.loss.compares() || hyper.conditional;
                if self.work.real.is_none() && needs_real && !self.draw(data)? {
                    return Ok(StepOutcome::Waiting);
                }
                if self.draw_generator_step() {
                    self.generate(true)?;
                }
                Phase::GScore
            }
            Phase::GScore => {
                self.score_fake()?;
                if self.progress.hyper.loss.compares() {
                    self.score_real()?;
                }
                Phase::GUpdate
            }
            Phase::GUpdate => {
                self.update_generator()?;
                self.progress.iterations += 1;
                self.d_done = 0;
                self.progress.phase = Phase::Draw;
                return Ok(StepOutcome::Done);
            }
        };
        Ok(StepOutcome::Ongoing)
    }

    /// Whether no iteration is under way.
    pub fn settled(&self) -> bool {
        self.progress.phase == Phase::Draw && self.d_done == 0
    }

    /// Moves to the first phase of a step of `player`, unless one is under way.
    pub fn turn_to(&mut self, player: Player) {
        let with_g =
            matches!(self.progress.phase, Phase::GGenerate | Phase::GScore | Phase::GUpdate);
        match player {
            Player::D if with_g => self.progress.phase = Phase::Draw,
            Player::G if !with_g => {
                if self.settled() {
                    self.begin();
                }
                self.progress.phase = Phase::GGenerate;
            }
            _ => {}
        }
    }

    /// Starts an iteration: clears the tensors of the last one and applies the
    /// tuned settings.
    fn begin(&mut self) {
        self.work = Work { indices: std::mem::take(&mut self.work.indices), ..Work::default() };
        self.progress.hyper = self.progress.tuned;
        self.pair.tune(self.progress.settings());
    }

    /// Draws a real batch, (batch, image); false while some images that it can
    /// draw are not loaded.
    fn draw(&mut self, data: &mut Dataset) -> Result<bool> {
        let Progress { hyper, sampler, workspace, recipe, sample, .. } = &mut self.progress;
        let (batch, total) = (hyper.batch, data.total());
        // All batches of an iteration must be available before it starts, so
        // that it can be finished.
        let wanted = if self.d_done == 0 { batch * hyper.d_steps } else { batch };
        let needs = if total == 0 { u32::MAX } else { sampler.needs(wanted, total) };
        if needs > data.available() {
            return Ok(false);
        }
        // Checked before anything is drawn, so that waiting changes nothing.
        if hyper.conditional && needs > data.labels() {
            let recipe = recipe.id.to_owned();
            return if data.complete() { Err(Error::NeedsLabels { recipe }) } else { Ok(false) };
        }
        let start = workspace.meter.start();
        let Work { indices, labels, real, .. } = &mut self.work;
        sampler.draw(batch, total, indices);
        labels.clear();
        if hyper.conditional {
            // Every image has one: they were counted above.
            labels.extend(indices.iter().filter_map(|&i| data.label(i)));
        }
        let mut pixels = Buffer::unspecified(batch as usize * sample.shape.size());
        data.write_batch(indices, &mut pixels);
        *real = Some(Batch::new(batch as usize, pixels));
        workspace.meter.stop(Part::Sampling, start);
        Ok(true)
    }

    /// Makes the draws of a step of D, except for its real batch.
    fn draw_discriminator_step(&mut self) {
        let Progress { hyper, masks, mixing, workspace, .. } = &mut self.progress;
        let start = workspace.meter.start();
        self.draws = Draws::of_discriminator(hyper, self.pair.nets(), masks, mixing)
            .with_latents(hyper, &mut self.latents);
        workspace.meter.stop(Part::Sampling, start);
    }

    /// Makes the draws of a step of G; returns whether it makes new images.
    fn draw_generator_step(&mut self) -> bool {
        let Progress { hyper, masks, workspace, .. } = &mut self.progress;
        let start = workspace.meter.start();
        let makes = hyper.fresh_fakes || self.work.made.is_none();
        self.draws = Draws::of_generator(hyper, self.pair.nets(), makes, masks);
        if makes {
            self.draws = std::mem::take(&mut self.draws).with_latents(hyper, &mut self.latents);
        }
        workspace.meter.stop(Part::Sampling, start);
        makes
    }

    /// Makes a batch of images from new latent vectors, (batch, image), and
    /// keeps the trace if G's step `will_learn` from them.
    fn generate(&mut self, will_learn: bool) -> Result<()> {
        let latents = required(&self.draws.latents)?;
        let (work, ws) = (&mut self.work, &mut self.progress.workspace);
        let made = pass(&self.pair.g.net, latents, &work.labels, &self.draws.generate, ws)?;
        work.latents = Some(latents.clone());
        work.fake = Some(made.output().clone());
        work.made = will_learn.then_some(made);
        Ok(())
    }

    /// D's scores of the current real images.
    fn score_real(&mut self) -> Result<()> {
        let (work, ws) = (&mut self.work, &mut self.progress.workspace);
        let real = required(&work.real)?;
        work.real_scores = Some(pass(&self.pair.d.net, real, &work.labels, &self.draws.real, ws)?);
        Ok(())
    }

    /// D's scores of the current generated images.
    fn score_fake(&mut self) -> Result<()> {
        let (work, ws) = (&mut self.work, &mut self.progress.workspace);
        let fake = required(&work.fake)?;
        work.fake_scores = Some(pass(&self.pair.d.net, fake, &work.labels, &self.draws.fake, ws)?);
        Ok(())
    }

    /// The tensors of the iteration under way, or of the last one.
    pub fn iteration(&self) -> IterationView {
        let (work, latent) = (&self.work, self.progress.hyper.latents().width());
        IterationView {
            latent,
            latents: iteration_view::latents(work.latents.as_ref()),
            real: iteration_view::images(work.real.as_ref(), SHOWN),
            fake: iteration_view::images(work.fake.as_ref(), SHOWN),
            push: signed(&iteration_view::slopes(work.push.as_ref(), SHOWN)),
            real_scores: iteration_view::scores(work.real_scores.as_ref(), SHOWN),
            fake_scores: iteration_view::scores(work.fake_scores.as_ref(), SHOWN),
        }
    }

    /// Everything that resuming needs; only between iterations.
    pub fn save(&self) -> Result<State> {
        let mut state = State::default();
        self.pair.save(&mut state)?;
        state.put_stream("latents", &self.latents);
        self.progress.save(&mut state);
        Ok(state)
    }

    /// Restores what [`Self::save`] returned.
    pub fn load(&mut self, state: &State) -> Result<()> {
        self.pair.load(state)?;
        state.get_stream("latents", &mut self.latents)?;
        self.progress.load(state)
    }
}

#[cfg(test)]
mod tests;
