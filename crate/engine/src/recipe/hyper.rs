//! Every setting that a recipe may have; which of them it offers, its knobs
//! say.

use super::Choice;
use super::knob::choice;
use crate::data::Domains;
use crate::loss::{Loss, Targets};
use crate::op::Activation;
use crate::optim::Rule;
use crate::rng::{Latents, Noise};

/// The settings of a run. Plain data: comparing two says whether they are the
/// same run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// Numbers in a latent vector.
    pub latent: u32,
    /// Their distribution.
    pub noise: Noise,
    /// Of how many modes a latent vector has one besides; 0: none.
    pub modes: u32,
    /// Hidden sizes of the generator.
    pub g_hidden: Sizes,
    /// Hidden sizes of the discriminator.
    pub d_hidden: Sizes,
    /// Channels of the generator's last hidden image, of half the sample's
    /// height and width (14 x 14 of digits); the one before, of a quarter (7 x
    /// 7), has twice as many.
    pub g_channels: u32,
    /// Channels of the discriminator's first image, of half the sample's height
    /// and width; the next, of a quarter, has twice as many.
    pub d_channels: u32,
    /// Side of the convolutions' windows, in pixels.
    pub kernel: u32,
    /// Blocks of the generator that keep the size of their images, of 3 x 3
    /// windows, at a quarter of the sample's height and width (7 x 7 of
    /// digits).
    pub g_blocks7: u32,
    /// The same at half (14 x 14).
    pub g_blocks14: u32,
    /// Such blocks of the discriminator at half.
    pub d_blocks14: u32,
    /// The same at a quarter.
    pub d_blocks7: u32,
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
    /// Side of the windows by which a translator halves height and width.
    pub g_down: u32,
    /// Linear pieces of a maxout unit.
    pub pieces: u32,
    /// Digits that the discriminator judges together (arXiv:1712.04086); the
    /// batch is a multiple of it.
    pub pack: u32,
    /// Deviation of the noise added to what the discriminator sees; 0: none.
    pub d_noise: f64,
    /// What the players minimise.
    pub loss: Loss,
    /// Weight of the gradient penalty (arXiv:1704.00028, equation 3); 0: none.
    pub penalty: f64,
    /// Weight of R1, half the mean squared slope of the discriminator at real
    /// digits (arXiv:1801.04406, equation 9); 0: none.
    pub r1: f64,
    /// Weight of R2, the same at generated digits; 0: none.
    pub r2: f64,
    /// Whether each weight matrix of the discriminator is divided by its
    /// greatest singular value (arXiv:1802.05957).
    pub spectral: bool,
    /// Bound of the discriminator's weights (arXiv:1701.07875, algorithm 1); 0:
    /// none.
    pub clip: f64,
    /// Digits a step sees of each sort.
    pub batch: u32,
    /// Discriminator steps per generator step: k of algorithm 1.
    pub d_steps: u32,
    /// What the players are told to reach.
    pub targets: Targets,
    /// Whether the generator's step draws new noise, as algorithm 1 does, or
    /// reuses the discriminator's fakes.
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
    /// How both rates fall after `hold` steps.
    pub schedule: Schedule,
    /// Steps at full rates.
    pub hold: u32,
    /// Steps of a fall that ends.
    pub length: u32,
    /// Decay of the running average of the generator's weights that the digits
    /// shown come from; 0: the weights themselves.
    pub ema: f64,
    /// In its place the width of the average as a share of the run so far
    /// (Karras et al. 2023, arXiv:2312.02696, section 3.1: sigma_rel); 0: none.
    pub ema_width: f64,
}

impl Hyper {
    /// What a latent vector is.
    pub fn latents(&self) -> Latents {
        Latents { numbers: self.latent as usize, noise: self.noise, modes: self.modes as usize }
    }

    /// What the schedule leaves of the rates at step `iterations`, in (0, 1].
    pub fn share_of_rate(&self, iterations: u32) -> f64 {
        let fallen = iterations.saturating_sub(self.hold);
        match self.schedule {
            Schedule::Constant | Schedule::Auto => 1.,
            _ if fallen == 0 => 1.,
            Schedule::Root => (f64::from(self.hold) / f64::from(iterations)).sqrt(),
            Schedule::Cosine => {
                let done = (f64::from(fallen) / f64::from(self.length)).min(1.);
                LOWEST + (1. - LOWEST) * 0.5 * (1. + (std::f64::consts::PI * done).cos())
            }
        }
    }

    /// The share of itself that the generator's average keeps at step
    /// `iterations`, from 0.
    pub fn kept(&self, iterations: u32) -> f64 {
        let age = f64::from(iterations);
        if self.ema_width > 0. {
            // Equation 3 there, with t = age + 1.
            return (age / (1. + age)).powf(power(self.ema_width) + 1.);
        }
        // Early averages forget fast: the first weights are noise.
        self.ema.min((1. + age) / (10. + age))
    }
}

/// The share of the full rates where a fall along a cosine ends.
const LOWEST: f64 = 0.05;

/// How rates fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// They stay.
    Constant,
    /// With the root of the steps: without an end.
    Root,
    /// Along half a cosine to a twentieth, where they stay.
    Cosine,
    /// They stay until whoever watches the run finds that its digits no longer
    /// get better
    /// ([`Session::let_rates_fall`](crate::Session::let_rates_fall)).
    Auto,
}
choice!(Schedule { Constant = "constant", Root = "root", Cosine = "cosine", Auto = "auto" });

choice!(Noise { Normal = "normal", Uniform = "uniform" });
choice!(Rule { Adam = "adam", RmsProp = "rmsprop", Sgd = "sgd" });
choice!(Loss {
    NonSaturating = "non-saturating",
    Minimax = "minimax",
    LeastSquares = "least-squares",
    Wasserstein = "wasserstein",
    Hinge = "hinge",
    Relativistic = "relativistic",
    RelativisticAverage = "relativistic-average"
});

choice!(Domains {
    ThickThin = "thick-thin",
    Outline = "outline",
    Invert = "invert",
    Slant = "slant",
    Drawn = "drawn",
    QuarterTurn = "quarter-turn"
});

/// The power of an average of relative `width`: gamma of (Karras et al. 2023,
/// arXiv:2312.02696, equation 4): gamma + 1 = width^2 (gamma + 2)^2 (gamma +
/// 3). The right side grows faster, so there is one above 0 for a width below
/// 0.288.
fn power(width: f64) -> f64 {
    let (mut low, mut high) = (0., 1e9);
    for _ in 0..100 {
        let gamma = 0.5 * (low + high);
        let over = width * width * (gamma + 2f64).powi(2) * (gamma + 3.) > gamma + 1.;
        *(if over { &mut high } else { &mut low }) = gamma;
    }
    low
}

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
        let good = sizes.len() <= Self::MOST
            && sizes.iter().all(|size| (1..=Self::GREATEST).contains(size));
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::gan;

    /// Karras et al. 2023 name these two in section 3.1.
    #[test]
    fn the_power_of_an_average_is_that_of_the_paper() {
        assert!((power(0.05) - 16.97).abs() < 0.01, "{}", power(0.05));
        assert!((power(0.10) - 6.94).abs() < 0.01, "{}", power(0.10));
    }

    #[test]
    fn an_average_of_a_width_is_as_wide_a_share_of_any_run() {
        let hyper = Hyper { ema_width: 0.1, ..gan::RECIPE.hyper };
        for steps in [100, 2000] {
            // The weight of each step in the average after the last, and the
            // deviation of steps under it.
            let mut left = 1.;
            let mut weights = vec![0.; steps as usize];
            for t in (0..steps).rev() {
                weights[t as usize] = left * (1. - hyper.kept(t));
                left *= hyper.kept(t);
            }
            let moment = |power| {
                weights.iter().zip(1..).map(|(w, t)| w * f64::from(t).powi(power)).sum::<f64>()
            };
            let deviation = (moment(2) - moment(1).powi(2)).sqrt() / f64::from(steps);
            assert!(
                (moment(0) - 1.).abs() < 1e-9 && (deviation - 0.1).abs() < 0.005,
                "{steps}: {deviation}"
            );
        }
    }

    #[test]
    fn rates_hold_and_then_fall_as_the_schedule_says() {
        let of = |schedule| Hyper { schedule, hold: 100, length: 200, ..gan::RECIPE.hyper };
        for schedule in [Schedule::Constant, Schedule::Root, Schedule::Cosine, Schedule::Auto] {
            assert_eq!(of(schedule).share_of_rate(100), 1.);
        }
        assert_eq!(of(Schedule::Constant).share_of_rate(100_000), 1.);
        assert_eq!(of(Schedule::Auto).share_of_rate(100_000), 1.);
        assert!((of(Schedule::Root).share_of_rate(400) - 0.5).abs() < 1e-12);
        assert!((of(Schedule::Cosine).share_of_rate(200) - (LOWEST + 1.) / 2.).abs() < 1e-12);
        assert!((of(Schedule::Cosine).share_of_rate(300) - LOWEST).abs() < 1e-12);
        assert_eq!(
            of(Schedule::Cosine).share_of_rate(100_000),
            of(Schedule::Cosine).share_of_rate(300)
        );
    }
}
