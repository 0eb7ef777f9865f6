//! One domain's half of the game: its translator, its discriminator, and what
//! they are at.

use super::pool::Pool;
use crate::error::Result;
use crate::kernel::Batch;
use crate::net::Trace;
use crate::params::Element;
use crate::recipe::DIGIT;
use crate::rng::{Purpose, stream};
use crate::train::Config;
use crate::train::duel::settings;
use crate::train::player::{Average, Player};

/// What is played for one domain: who translates into it, and who knows it.
pub struct Half {
    /// (batch, 784) of the other domain -> (batch, 784) of this one.
    pub g: Player,
    pub average: Average,
    /// (batch, 784) -> (batch, patches) logits.
    pub d: Player,
    /// Earlier translations, for D.
    pub pool: Pool,
    pub work: Work,
}

/// What one phase leaves for the next; the last iteration's until a new one
/// starts.
pub struct Work<T: Element = f32> {
    pub real: Option<Batch<T>>,
    /// Digits of the other domain, translated into this one.
    pub fake: Option<Trace<T>>,
    /// Real digits of this domain, there and back.
    pub cycled: Option<Trace<T>>,
    /// Real digits of this domain, given to who translates into it.
    pub same: Option<Trace<T>>,
    /// D's scores, held still, of `fake`.
    pub scored: Option<Trace<T>>,
    pub real_scores: Option<Trace<T>>,
    pub fake_scores: Option<Trace<T>>,
    /// The gradient of the translators' loss by the pixels of `fake`.
    pub push: Option<Batch<T>>,
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

impl Half {
    /// The players of `side` at their first weights.
    pub fn new(config: &Config, side: usize) -> Result<Self> {
        let (recipe, hyper) = (config.recipe, &config.hyper);
        // Each net's weights begin far along one stream: no net uses 2^32
        // words.
        let weights = |net: usize| {
            let mut rng = stream(config.seed, Purpose::Weights);
            rng.set_word_pos(((2 * side + net) as u128) << 32);
            rng
        };
        let player = |layers, init, net, rate, normalised| {
            Player::new(layers, DIGIT, init, weights(net), settings(hyper, rate, 0), normalised)
        };
        let g = player((recipe.generator)(hyper), recipe.g_init, 0, hyper.g_rate, false)?;
        Ok(Self {
            average: Average::of(&g, DIGIT, recipe.g_init, weights(0))?,
            g,
            d: player(
                (recipe.discriminator)(hyper),
                recipe.d_init,
                1,
                hyper.d_rate,
                hyper.spectral,
            )?,
            pool: Pool::default(),
            work: Work::default(),
        })
    }
}
