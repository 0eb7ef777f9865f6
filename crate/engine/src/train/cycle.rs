//! Two translators between two domains, each against a discriminator of the
//! domain it translates into (Zhu et al. 2017, arXiv:1703.10593), phase by
//! phase. Sides are numbered: 0 is A, 1 is B.

mod pool;
mod show;
mod update;

use super::iteration_view::IterationView;
use super::pair::Pair;
use super::progress::Progress;
use super::step::{pass, required};
use super::{Config, Phase, State, StepOutcome, Translation};
use crate::data::{Dataset, Side, numbers};
use crate::error::{Error, Result};
use crate::kernel::Batch;
use crate::kernel::meter::Part;
use crate::net::{Masks, Trace};
use crate::params::Element;
use pool::Pool;
pub(super) use show::COLUMNS;

/// The game: one pair per domain, and what the phases pass to each other.
pub(super) struct Cycle {
    pub progress: Progress,
    pub halves: [Half; 2],
    indices: Vec<u32>,
}

/// One domain's half of the game: the translator into it and the discriminator
/// of it.
pub(super) struct Half {
    pub pair: Pair,
    /// Earlier translations, for D.
    pool: Pool,
    /// Name of the pool in a checkpoint.
    pool_name: &'static str,
    draws: Draws,
    work: Work,
}

/// All random draws of an iteration, made before anything is computed.
#[derive(Default)]
struct Draws {
    /// Of the translator's pass over the other domain.
    fake: Option<Masks>,
    /// Of its pass over translations of this domain.
    cycled: Option<Masks>,
    /// Of its pass over this domain.
    same: Option<Masks>,
    /// Of D's passes in the translators' step.
    scored: Option<Masks>,
    scored_real: Option<Masks>,
    /// Of D's passes in its own step.
    real: Option<Masks>,
    pooled: Option<Masks>,
    /// Which translations are exchanged for which images of the pool.
    exchanged: Vec<u32>,
}

/// What one phase passes to the next; kept from the last iteration until a new
/// one starts.
struct Work<T: Element = f32> {
    real: Option<Batch<T>>,
    /// Images of the other domain, translated into this one.
    fake: Option<Trace<T>>,
    /// Real images of this domain, translated there and back.
    cycled: Option<Trace<T>>,
    /// Real images of this domain, through the translator into it.
    same: Option<Trace<T>>,
    /// Scores of `fake` by a fixed D, for the translators' step.
    scored: Option<Trace<T>>,
    real_scores: Option<Trace<T>>,
    fake_scores: Option<Trace<T>>,
    /// The gradient of the translators' loss by the pixels of `fake`.
    push: Option<Batch<T>>,
}

impl<T: Element> Default for Work<T> {
    fn default() -> Self {
        Self {
            real: None,
            fake: None,
            cycled: None,
            same: None,
            scored: None,
            real_scores: None,
            fake_scores: None,
            push: None,
        }
    }
}

/// Names of the nets and of the pool of a half in a checkpoint: into A, into B.
const NAMES: [([&str; 3], &str); 2] =
    [(["g_a", "d_a", "average_a"], "pool_a"), (["g", "d", "average"], "pool")];

impl Cycle {
    /// All four players with their initial weights.
    pub fn new(config: &Config) -> Result<Self> {
        let half = |side: usize| -> Result<Half> {
            let (names, pool_name) = NAMES[side];
            Ok(Half {
                pair: Pair::new(config, side, config.sample.shape, names)?,
                pool: Pool::default(),
                pool_name,
                draws: Draws::default(),
                work: Work::default(),
            })
        };
        Ok(Self {
            progress: Progress::new(config),
            halves: [half(0)?, half(1)?],
            indices: Vec::new(),
        })
    }

    /// Plays the next phase. On an error the iteration is abandoned; the step
    /// that failed moves no weights.
    pub fn advance(&mut self, data: &mut Dataset) -> Result<StepOutcome> {
        let played = self.play(data);
        if played.is_err() {
            self.progress.phase = Phase::Draw;
            for half in &mut self.halves {
                half.work = Work::default();
                half.pair.forget();
            }
        }
        played
    }

    fn play(&mut self, data: &mut Dataset) -> Result<StepOutcome> {
        self.progress.phase = match self.progress.phase {
            Phase::Draw => {
                self.begin();
                if !self.draw(data)? {
                    return Ok(StepOutcome::Waiting);
                }
                self.draw_masks();
                Phase::Generate
            }
            Phase::Generate => {
                for side in 0..2 {
                    let given = required(&self.halves[1 - side].work.real)?.clone();
                    let half = &mut self.halves[side];
                    half.work.fake = Some(self.progress.translated(half, &given, |d| &d.fake)?);
                }
                Phase::GGenerate
            }
            Phase::GGenerate => {
                for side in 0..2 {
                    let fake = required(&self.halves[1 - side].work.fake)?.output().clone();
                    let half = &mut self.halves[side];
                    half.work.cycled = Some(self.progress.translated(half, &fake, |d| &d.cycled)?);
                    if half.draws.same.is_some() {
                        let real = required(&half.work.real)?.clone();
                        half.work.same = Some(self.progress.translated(half, &real, |d| &d.same)?);
                    }
                }
                Phase::GScore
            }
            Phase::GScore => {
                let ws = &mut self.progress.workspace;
                for Half { pair, work, draws, .. } in &mut self.halves {
                    let d = &pair.d.net;
                    let fake = required(&work.fake)?.output();
                    work.scored = Some(pass(d, fake, &[], &draws.scored, ws)?);
                    if draws.scored_real.is_some() {
                        let real = required(&work.real)?;
                        work.real_scores = Some(pass(d, real, &[], &draws.scored_real, ws)?);
                    }
                }
                Phase::GUpdate
            }
            Phase::GUpdate => {
                self.update_generators()?;
                Phase::DReal
            }
            Phase::DReal => {
                let ws = &mut self.progress.workspace;
                for Half { pair, work, draws, .. } in &mut self.halves {
                    let real = required(&work.real)?;
                    work.real_scores = Some(pass(&pair.d.net, real, &[], &draws.real, ws)?);
                }
                Phase::DFake
            }
            Phase::DFake => {
                let Progress { hyper, workspace: ws, .. } = &mut self.progress;
                for Half { pair, pool, work, draws, .. } in &mut self.halves {
                    let fake = required(&work.fake)?.output();
                    let fake = pool.exchange(fake, hyper.pool as usize, &draws.exchanged);
                    work.fake_scores = Some(pass(&pair.d.net, &fake, &[], &draws.pooled, ws)?);
                }
                Phase::DUpdate
            }
            Phase::DUpdate => {
                self.update_discriminators()?;
                self.progress.iterations += 1;
                self.progress.phase = Phase::Draw;
                return Ok(StepOutcome::Done);
            }
        };
        Ok(StepOutcome::Ongoing)
    }

    /// Whether no iteration is under way.
    pub fn settled(&self) -> bool {
        self.progress.phase == Phase::Draw
    }

    /// Starts an iteration: clears the tensors of the last one and applies the
    /// tuned settings.
    fn begin(&mut self) {
        self.progress.hyper = self.progress.tuned;
        let settings = self.progress.settings();
        for half in &mut self.halves {
            half.work = Work::default();
            half.pair.tune(settings);
        }
    }

    /// Draws a batch of each domain, (batch, image): of the even and of the odd
    /// images of the set; false while some that it can draw are not loaded.
    fn draw(&mut self, data: &mut Dataset) -> Result<bool> {
        let Progress { hyper, sampler, workspace, recipe, .. } = &mut self.progress;
        let (batch, pairs) = (hyper.batch, data.total() / 2);
        if pairs == 0 && data.total() > 0 {
            return Err(Error::NeedsHalves { recipe: recipe.id.to_owned() });
        }
        if pairs == 0 || 2 * sampler.needs(batch, pairs) > data.available() {
            return Ok(false);
        }
        let start = workspace.meter.start();
        sampler.draw(batch, pairs, &mut self.indices);
        for side in Side::ALL {
            let digits = self.indices.iter().map(|&i| 2 * i + side as u32);
            let views = show::views(hyper.domains, side, digits, data);
            self.halves[side as usize].work.real =
                Some(Batch::new(batch as usize, &numbers(&views)[..]));
        }
        workspace.meter.stop(Part::Sampling, start);
        Ok(true)
    }

    /// Draws masks and pool exchanges, pass after pass.
    fn draw_masks(&mut self) {
        let Progress { hyper, masks, mixing, .. } = &mut self.progress;
        let rows = hyper.batch as usize;
        for Half { pair, draws, .. } in &mut self.halves {
            *draws = Draws { fake: Some(pair.g.net.masks(rows, masks)), ..Draws::default() };
        }
        for Half { pair, draws, .. } in &mut self.halves {
            draws.cycled = Some(pair.g.net.masks(rows, masks));
            draws.same = (hyper.identity > 0.).then(|| pair.g.net.masks(rows, masks));
        }
        for Half { pair, draws, .. } in &mut self.halves {
            draws.scored = Some(pair.d.net.masks(rows, masks));
            draws.scored_real = hyper.loss.compares().then(|| pair.d.net.masks(rows, masks));
        }
        for Half { pair, draws, .. } in &mut self.halves {
            draws.real = Some(pair.d.net.masks(rows, masks));
        }
        for Half { pair, draws, pool, .. } in &mut self.halves {
            draws.exchanged = pool.draw(rows, hyper.pool as usize, mixing);
            draws.pooled = Some(pair.d.net.masks(rows, masks));
        }
    }

    /// The tensors of the iteration under way, or of the last one.
    pub fn iteration(&self) -> IterationView {
        show::iteration(&self.halves)
    }

    /// Everything that resuming needs; only between iterations.
    pub fn save(&self) -> Result<State> {
        let mut state = State::default();
        for Half { pair, pool, pool_name, .. } in &self.halves {
            pair.save(&mut state)?;
            pool.save(pool_name, &mut state)?;
        }
        self.progress.save(&mut state);
        Ok(state)
    }

    /// Restores what [`Self::save`] returned.
    pub fn load(&mut self, state: &State) -> Result<()> {
        for Half { pair, pool, pool_name, .. } in &mut self.halves {
            pair.load(state)?;
            pool.load(pool_name, state, self.progress.sample.shape.size())?;
        }
        self.progress.load(state)
    }
}

impl Progress {
    /// Images translated by the translator of a half, for its step.
    fn translated(
        &mut self,
        half: &Half,
        digits: &Batch,
        masks: impl Fn(&Draws) -> &Option<Masks>,
    ) -> Result<Trace> {
        pass(&half.pair.g.net, digits, &[], masks(&half.draws), &mut self.workspace)
    }
}

#[cfg(test)]
mod tests;
