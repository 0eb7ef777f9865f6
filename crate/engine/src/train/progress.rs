//! What every game has: settings, progress, and what it reports.

use rand_chacha::ChaCha8Rng;

use super::phase::{Losses, Phase};
use super::{Config, State, StepStats};
use crate::data::{Sample, Sampler};
use crate::error::Result;
use crate::kernel::Workspace;
use crate::optim::Settings;
use crate::recipe::{Hyper, Recipe};
use crate::rng::{Purpose, stream};

/// Settings, progress and reports of a run.
pub(super) struct Progress {
    pub recipe: &'static Recipe,
    /// Shape and classes of the images to generate.
    pub sample: Sample,
    /// The settings in use; `tuned` replaces them when an iteration starts.
    pub hyper: Hyper,
    pub tuned: Hyper,
    /// Draws the real images.
    pub sampler: Sampler,
    /// Random stream of dropout masks and noise.
    pub masks: ChaCha8Rng,
    /// Random stream of places between real and generated images, and of
    /// exchanges with a pool.
    pub mixing: ChaCha8Rng,
    pub iterations: u32,
    /// The next phase.
    pub phase: Phase,
    /// Losses of the last iteration.
    pub losses: Losses,
    /// Scores and gradients of the last steps.
    pub stats: StepStats,
    pub workspace: Workspace,
}

impl Progress {
    pub fn new(config: &Config) -> Self {
        Self {
            recipe: config.recipe,
            sample: config.sample,
            hyper: config.hyper,
            tuned: config.hyper,
            sampler: Sampler::new(config.seed),
            masks: stream(config.seed, Purpose::Dropout),
            mixing: stream(config.seed, Purpose::Penalty),
            iterations: 0,
            phase: Phase::Draw,
            losses: Losses::default(),
            stats: StepStats::default(),
            workspace: Workspace::default(),
        }
    }

    /// Settings of the optimisers of G and of D in this iteration.
    pub fn settings(&self) -> [Settings; 2] {
        [self.hyper.g_rate, self.hyper.d_rate]
            .map(|rate| settings(&self.hyper, rate, self.iterations))
    }

    pub fn save(&self, state: &mut State) {
        state.put_stream("dropout", &self.masks);
        state.put_stream("mixing", &self.mixing);
        state.put_progress(&self.sampler, self.iterations);
    }

    pub fn load(&mut self, state: &State) -> Result<()> {
        state.get_stream("dropout", &mut self.masks)?;
        state.get_stream("mixing", &mut self.mixing)?;
        self.iterations = state.get_progress(&mut self.sampler)?;
        Ok(())
    }
}

/// Settings of a player's optimiser at step `iterations`; a falling learning
/// rate ends at 1e-6, as in the code of Goodfellow et al. 2014.
pub(super) fn settings(hyper: &Hyper, rate: f64, iterations: u32) -> Settings {
    let fallen = rate * hyper.rate_factor(iterations) / hyper.decay.powi(iterations as i32);
    let fallen = fallen.max(rate.min(1e-6));
    Settings { rule: hyper.optimizer, rate: fallen, momentum: hyper.momentum, beta2: hyper.beta2 }
}
