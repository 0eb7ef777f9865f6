//! Every setting that a recipe may have; which of them it offers, its knobs say.

use super::Choice;
use super::knob::choice;
use crate::chance::Noise;
use crate::data::Domains;
use crate::loss::{Loss, Targets};
use crate::op::Activation;
use crate::optim::Rule;

/// The settings of a run. Plain data: comparing two says whether they are the same run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// Numbers in a latent vector.
    pub latent: u32,
    /// Their distribution.
    pub noise: Noise,
    /// Hidden sizes of the generator.
    pub g_hidden: Sizes,
    /// Hidden sizes of the discriminator.
    pub d_hidden: Sizes,
    /// Channels of the generator's last hidden image, 14 x 14; the one before, 7 x 7, has twice as many.
    pub g_channels: u32,
    /// Channels of the discriminator's first image, 14 x 14; the next, 7 x 7, has twice as many.
    pub d_channels: u32,
    /// Side of the convolutions' windows, in pixels.
    pub kernel: u32,
    /// After each hidden layer of the generator.
    pub g_activation: Hidden,
    /// After each hidden layer of the discriminator.
    pub d_activation: Hidden,
    /// Whether the generator's hidden layers are batch-normalised.
    pub g_norm: bool,
    /// Whether the discriminator's hidden layers are batch-normalised.
    pub d_norm: bool,
    /// Dropout after each hidden layer of the generator.
    pub g_dropout: f64,
    /// Dropout after each hidden layer of the discriminator.
    pub d_dropout: f64,
    /// The nets' form, where a recipe has both.
    pub net: Form,
    /// Whether both nets are told the label. Shapes the game, so no knob.
    pub conditional: bool,
    /// What the two domains of a translation are.
    pub domains: Domains,
    /// Weight of the cycle's loss (arXiv:1703.10593, equation 3: lambda).
    pub cycle: f64,
    /// Weight of the identity loss (section 5.2); 0: none.
    pub identity: f64,
    /// Earlier translations that a discriminator is shown again; 0: none.
    pub pool: u32,
    /// Residual blocks of a translator.
    pub blocks: u32,
    /// Side of the windows by which a translator goes down to 14 x 14.
    pub g_down: u32,
    /// Linear pieces of a maxout unit.
    pub pieces: u32,
    /// Digits that the discriminator judges together (arXiv:1712.04086); the batch is a multiple of it.
    pub pack: u32,
    /// Deviation of the noise added to what the discriminator sees; 0: none.
    pub d_noise: f64,
    /// What the players minimise.
    pub loss: Loss,
    /// Weight of the gradient penalty (arXiv:1704.00028, equation 3); 0: none.
    pub penalty: f64,
    /// Weight of R1, half the mean squared slope of the discriminator at real digits (arXiv:1801.04406, equation 9); 0: none.
    pub r1: f64,
    /// Weight of R2, the same at generated digits; 0: none.
    pub r2: f64,
    /// Whether each weight matrix of the discriminator is divided by its greatest singular value (arXiv:1802.05957).
    pub spectral: bool,
    /// Bound of the discriminator's weights (arXiv:1701.07875, algorithm 1); 0: none.
    pub clip: f64,
    /// Digits a step sees of each sort.
    pub batch: u32,
    /// Discriminator steps per generator step: k of algorithm 1.
    pub d_steps: u32,
    /// What the players are told to reach.
    pub targets: Targets,
    /// Whether the generator's step draws new noise, as algorithm 1 does, or reuses the discriminator's fakes.
    pub fresh_fakes: bool,
    /// How gradients become steps.
    pub optimizer: Rule,
    /// The generator's rate.
    pub g_rate: f64,
    /// The discriminator's rate.
    pub d_rate: f64,
    /// Adam's beta1, or SGD's momentum.
    pub momentum: f64,
    /// Adam's beta2.
    pub beta2: f64,
    /// What both rates are divided by at each step; 1: they stay.
    pub decay: f64,
    /// Decay of the running average of the generator's weights that the digits shown come from; 0: the weights themselves.
    pub ema: f64,
}

choice!(Noise { Normal = "normal", Uniform = "uniform" });
choice!(Rule { Adam = "adam", RmsProp = "rmsprop", Sgd = "sgd" });
choice!(Loss {
    NonSaturating = "non-saturating",
    Minimax = "minimax",
    LeastSquares = "least-squares",
    Wasserstein = "wasserstein",
    Hinge = "hinge",
    Relativistic = "relativistic"
});

choice!(Domains {
    ThickThin = "thick-thin",
    Outline = "outline",
    Invert = "invert",
    Slant = "slant",
    Drawn = "drawn",
    QuarterTurn = "quarter-turn"
});

/// What nets are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Dense layers.
    Mlp,
    /// Convolutions.
    Conv,
}
choice!(Form { Mlp = "mlp", Conv = "conv" });

/// An activation of hidden layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hidden {
    /// max(x, 0).
    Relu,
    /// x above 0, a fifth of it below.
    LeakyRelu,
}
choice!(Hidden { Relu = "relu", LeakyRelu = "leaky-relu" });

impl From<Hidden> for Activation {
    fn from(hidden: Hidden) -> Self {
        match hidden {
            Hidden::Relu => Self::Relu,
            Hidden::LeakyRelu => Self::LeakyRelu,
        }
    }
}

/// A short list of layer sizes, such as `100-100`, as constant data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sizes {
    count: usize,
    values: [u32; Self::MOST],
}

impl Sizes {
    /// Most sizes in a list.
    pub const MOST: usize = 8;
    /// Greatest size of a layer.
    pub const GREATEST: u32 = 4096;

    /// The list of `sizes`; what is beyond [`Self::MOST`] is cut.
    pub const fn of(sizes: &[u32]) -> Self {
        let mut values = [0; Self::MOST];
        let mut count = 0;
        while count < sizes.len() && count < Self::MOST {
            values[count] = sizes[count];
            count += 1;
        }
        Self { count, values }
    }

    /// Reads `100-100`: 1 to [`Self::MOST`] sizes from 1 to [`Self::GREATEST`].
    pub fn parse(text: &str) -> Option<Self> {
        let sizes: Vec<u32> =
            text.split('-').map(|size| size.trim().parse().ok()).collect::<Option<Vec<_>>>()?;
        let good = sizes.len() <= Self::MOST && sizes.iter().all(|size| (1..=Self::GREATEST).contains(size));
        good.then(|| Self::of(&sizes))
    }

    /// The sizes in order.
    pub fn iter(&self) -> impl Iterator<Item = usize> {
        self.values.iter().take(self.count).map(|&size| size as usize)
    }
}

impl std::fmt::Display for Sizes {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.iter().map(|size| size.to_string()).collect::<Vec<_>>().join("-"))
    }
}
