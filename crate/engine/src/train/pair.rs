//! One generator against one discriminator, with their part of a run's state.

use super::progress::settings;
use super::trained_net::{Average, TrainedNet};
use super::{Config, State};
use crate::data::Shape;
use crate::error::Result;
use crate::net::Net;
use crate::optim::Settings;
use crate::rng::{Purpose, stream};

/// Two players, and the running average of G's weights.
pub(super) struct Pair {
    /// Names in a checkpoint: of G, of D, of the average of G's weights.
    names: [&'static str; 3],
    /// (batch, latent) or (batch, image) -> (batch, image).
    pub g: TrainedNet,
    /// (batch, image) -> logits, one for each `pack` rows or one a patch.
    pub d: TrainedNet,
    /// Running average of G's weights, which makes the images shown.
    pub average: Average,
}

impl Pair {
    /// Both players of pair number `side` with their initial weights; G takes
    /// `input`.
    pub fn new(
        config: &Config,
        side: usize,
        input: Shape,
        names: [&'static str; 3],
    ) -> Result<Self> {
        let (recipe, hyper, sample) = (config.recipe, &config.hyper, config.sample);
        // The nets' weights begin 2^32 words apart in one random stream: no net
        // uses so many.
        let weights = |net: usize| {
            let mut rng = stream(config.seed, Purpose::Weights);
            rng.set_word_pos(((2 * side + net) as u128) << 32);
            rng
        };
        let g = TrainedNet::new(
            (recipe.generator)(hyper, sample),
            input,
            recipe.g_init,
            weights(0),
            settings(hyper, hyper.g_rate, 0),
            false,
        )?;
        let d = TrainedNet::new(
            (recipe.discriminator)(hyper, sample),
            sample.shape,
            recipe.d_init,
            weights(1),
            settings(hyper, hyper.d_rate, 0),
            hyper.spectral,
        )?;
        let average = Average::of(&g, input)?;
        Ok(Self { names, g, d, average })
    }

    /// Both nets.
    pub fn nets(&self) -> (&Net, &Net) {
        (&self.g.net, &self.d.net)
    }

    /// Sets the optimisers of G and of D.
    pub fn tune(&mut self, [g, d]: [Settings; 2]) {
        self.g.tune(g);
        self.d.tune(d);
    }

    /// Discards the statistics that batch norms collected.
    pub fn forget(&self) {
        self.g.net.forget();
        self.d.net.forget();
    }

    /// Adds both players and the average to `state`.
    pub fn save(&self, state: &mut State) -> Result<()> {
        let [g, d, average] = self.names;
        self.g.save(g, state)?;
        self.d.save(d, state)?;
        Ok(self.average.save(average, state)?)
    }

    /// Restores what [`Self::save`] added.
    pub fn load(&mut self, state: &State) -> Result<()> {
        let [g, d, _] = self.names;
        self.g.load(g, state)?;
        self.d.load(d, state)?;
        self.load_average(state)
    }

    /// Restores the average alone.
    pub fn load_average(&mut self, state: &State) -> Result<()> {
        Ok(self.average.load(self.names[2], state)?)
    }
}
