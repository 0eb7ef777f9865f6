//! One generator against one discriminator, with what of a run's state is their
//! own.

use super::progress::settings;
use super::trained_net::{Average, TrainedNet};
use super::{Config, State};
use crate::data::Shape;
use crate::error::Result;
use crate::net::Net;
use crate::optim::Settings;
use crate::rng::{Purpose, stream};

/// Two players.
pub(super) struct Pair {
    /// What it is called in a checkpoint: G, D, the average of G's weights.
    names: [&'static str; 3],
    /// (batch, latent) or (batch, image) -> (batch, image).
    pub g: TrainedNet,
    /// (batch, image) -> logits, one for each `pack` rows or one a patch.
    pub d: TrainedNet,
    /// Of G's weights: what digits are shown by.
    pub average: Average,
}

impl Pair {
    /// Both players of pair number `side` at their first weights, G on `input`.
    pub fn new(
        config: &Config,
        side: usize,
        input: Shape,
        names: [&'static str; 3],
    ) -> Result<Self> {
        let (recipe, hyper, sample) = (config.recipe, &config.hyper, config.sample);
        // Each net's weights begin far along one stream: no net uses 2^32
        // words.
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
        let average = Average::of(&g, input, recipe.g_init, weights(0))?;
        Ok(Self { names, g, d, average })
    }

    /// Both nets.
    pub fn nets(&self) -> (&Net, &Net) {
        (&self.g.net, &self.d.net)
    }

    /// Takes up other rates of G and of D.
    pub fn tune(&mut self, [g, d]: [Settings; 2]) {
        self.g.tune(g);
        self.d.tune(d);
    }

    /// Forgets what batch norms saw.
    pub fn forget(&self) {
        self.g.net.forget();
        self.d.net.forget();
    }

    /// Adds everything to `state`.
    pub fn save(&self, state: &mut State) -> Result<()> {
        let [g, d, average] = self.names;
        self.g.save(g, state)?;
        self.d.save(d, state)?;
        Ok(self.average.save(average, state)?)
    }

    /// Takes back what [`Self::save`] added.
    pub fn load(&mut self, state: &State) -> Result<()> {
        let [g, d, _] = self.names;
        self.g.load(g, state)?;
        self.d.load(d, state)?;
        self.load_average(state)
    }

    /// Takes back the average alone.
    pub fn load_average(&mut self, state: &State) -> Result<()> {
        Ok(self.average.load(self.names[2], state)?)
    }
}
