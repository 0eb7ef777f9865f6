//! All settings of a run; the knobs of a recipe declare which of them it
//! offers.

use super::Choice;
use super::knob::choice;
use crate::data::Domains;
use crate::loss::{Loss, Targets};
use crate::op::Activation;
use crate::optim::Rule;
use crate::rng::{Latents, Noise};

/// The settings of a run, as plain data that can be compared.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hyper {
    /// Independent dimensions of a latent vector.
    pub latent: u32,
    /// Their distribution.
    pub noise: Noise,
    /// Number of modes, of which each latent vector also has one; 0: none.
    pub modes: u32,
    /// Hidden sizes of the generator.
    pub g_hidden: Sizes,
    /// Hidden sizes of the discriminator.
    pub d_hidden: Sizes,
    /// Channels of the generator's last hidden feature map, which has half the
    /// sample's height and width (14 x 14 for digits); the one before, at a
    /// quarter (7 x 7), has twice as many.
    pub g_channels: u32,
    /// Channels of the discriminator's first feature map, which has half the
    /// sample's height and width; the next, at a quarter, has twice as many.
    pub d_channels: u32,
    /// Side of the convolution kernels, in pixels.
    pub kernel: u32,
    /// 3 x 3 convolutions of the generator that keep the size of the feature
    /// map, at a quarter of the sample's height and width (7 x 7 for digits).
    pub g_blocks7: u32,
    /// The same of the generator at half (14 x 14).
    pub g_blocks14: u32,
    /// The same of the discriminator at half.
    pub d_blocks14: u32,
    /// The same of the discriminator at a quarter.
    pub d_blocks7: u32,
    /// Activation of the hidden layers of the generator.
    pub g_activation: Hidden,
    /// Activation of the hidden layers of the discriminator.
    pub d_activation: Hidden,
    /// Whether the generator's hidden layers are batch-normalised.
    pub g_norm: bool,
    /// Whether the discriminator's hidden layers are batch-normalised.
    pub d_norm: bool,
    /// Dropout rate after each hidden layer of the generator.
    pub g_dropout: f64,
    /// Dropout rate after each hidden layer of the discriminator.
    pub d_dropout: f64,
    /// Form of the nets, if the recipe offers both.
    pub net: Form,
    /// Whether both nets are conditioned on the label. The recipe decides this:
    /// there is no knob.
    pub conditional: bool,
    /// The two domains of a translation.
    pub domains: Domains,
    /// Weight of the cycle consistency loss (arXiv:1703.10593, equation 3:
    /// lambda).
    pub cycle: f64,
    /// Weight of the identity loss (section 5.2); 0: none.
    pub identity: f64,
    /// Size of the pool of earlier translations that a discriminator sees
    /// again; 0: no pool.
    pub pool: u32,
    /// Residual blocks of a translator.
    pub blocks: u32,
    /// Side of the kernels with which a translator halves height and width, in
    /// pixels.
    pub g_down: u32,
    /// Linear pieces of a maxout unit.
    pub pieces: u32,
    /// Images that the discriminator scores together (arXiv:1712.04086); the
    /// batch is a multiple of it.
    pub pack: u32,
    /// Standard deviation of the noise added to the discriminator's input; 0:
    /// none.
    pub d_noise: f64,
    /// What the players minimise.
    pub loss: Loss,
    /// Weight of the gradient penalty (arXiv:1704.00028, equation 3); 0: none.
    pub penalty: f64,
    /// Weight of R1, half the mean squared gradient norm of the discriminator
    /// at real images (arXiv:1801.04406, equation 9); 0: none.
    pub r1: f64,
    /// Weight of R2, the same at generated images; 0: none.
    pub r2: f64,
    /// Whether each weight matrix of the discriminator is divided by its
    /// largest singular value (arXiv:1802.05957).
    pub spectral: bool,
    /// Bound on the discriminator's weights (arXiv:1701.07875, algorithm 1); 0:
    /// none.
    pub clip: f64,
    /// Real images in a step, and as many generated ones.
    pub batch: u32,
    /// Discriminator steps per generator step: k of algorithm 1.
    pub d_steps: u32,
    /// Targets of the players' scores.
    pub targets: Targets,
    /// Whether the generator's step draws new noise, as algorithm 1 does, or
    /// reuses the discriminator's fakes.
    pub fresh_fakes: bool,
    /// The optimiser of both players.
    pub optimizer: Rule,
    /// The generator's learning rate.
    pub g_rate: f64,
    /// The discriminator's learning rate.
    pub d_rate: f64,
    /// Adam's beta1, or SGD's momentum.
    pub momentum: f64,
    /// Adam's beta2.
    pub beta2: f64,
    /// Divisor of both learning rates at each step; 1: no decay.
    pub decay: f64,
    /// How both learning rates fall after `hold` steps.
    pub schedule: Schedule,
    /// Steps at the full learning rates.
    pub hold: u32,
    /// Steps of the fall along a cosine.
    pub length: u32,
    /// Decay of the running average of the generator's weights, which makes the
    /// images shown; 0: the weights themselves.
    pub ema: f64,
    /// Width of the running average as a share of the run so far (Karras et al.
    /// 2023, arXiv:2312.02696, section 3.1: sigma_rel), in place of `ema`; 0:
    /// `ema` holds.
    pub ema_width: f64,
}

impl Hyper {
    /// The layout and distribution of latent vectors.
    pub fn latents(&self) -> Latents {
        Latents { numbers: self.latent as usize, noise: self.noise, modes: self.modes as usize }
    }

    /// The factor of the schedule on the learning rates at step `iterations`,
    /// in (0, 1].
    pub fn rate_factor(&self, iterations: u32) -> f64 {
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

    /// Decay of the running average of the generator's weights at step
    /// `iterations`, which counts from 0.
    pub fn average_decay(&self, iterations: u32) -> f64 {
        let age = f64::from(iterations);
        if self.ema_width > 0. {
            // arXiv:2312.02696, equation 3, with t = age + 1.
            return (age / (1. + age)).powf(power(self.ema_width) + 1.);
        }
        // The decay starts low: the initial weights are random.
        self.ema.min((1. + age) / (10. + age))
    }
}

/// The share of the full learning rates at the end of the cosine.
const LOWEST: f64 = 0.05;

/// How learning rates fall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Schedule {
    /// They are constant.
    Constant,
    /// They fall as one over the root of the steps, without an end.
    Root,
    /// They fall along half a cosine to a twentieth and stay there.
    Cosine,
    /// They are constant until the watch finds that the images no longer get
    /// better ([`Session::let_rates_fall`](crate::Session::let_rates_fall)).
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

/// The power of a running average of relative `width`: gamma of Karras et al.
/// 2023 (arXiv:2312.02696, equation 4): gamma + 1 = width^2 (gamma + 2)^2
/// (gamma + 3). The right side grows faster, so there is a solution above 0 for
/// a width below 0.288.
fn power(width: f64) -> f64 {
    let (mut low, mut high) = (0., 1e9);
    for _ in 0..100 {
        let gamma = 0.5 * (low + high);
        let over = width * width * (gamma + 2f64).powi(2) * (gamma + 3.) > gamma + 1.;
        *(if over { &mut high } else { &mut low }) = gamma;
    }
    low
}

/// The type of layers of both nets.
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

    /// The list of `sizes`, cut after the first [`Self::MOST`].
    pub const fn of(sizes: &[u32]) -> Self {
        let mut values = [0; Self::MOST];
        let mut count = 0;
        while count < sizes.len() && count < Self::MOST {
            values[count] = sizes[count];
            count += 1;
        }
        Self { count, values }
    }

    /// Parses text such as `100-100`: 1 to [`Self::MOST`] sizes from 1 to
    /// [`Self::GREATEST`]; `None` for other text.
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

    /// Karras et al. 2023 give both values in section 3.1.
    #[test]
    fn power_of_the_running_average_matches_the_paper() {
        assert!((power(0.05) - 16.97).abs() < 0.01, "{}", power(0.05));
        assert!((power(0.10) - 6.94).abs() < 0.01, "{}", power(0.10));
    }

    #[test]
    fn running_average_spans_the_same_share_of_runs_of_any_length() {
        let hyper = Hyper { ema_width: 0.1, ..gan::RECIPE.hyper };
        for steps in [100, 2000] {
            // The weight of each step in the final average, and the standard
            // deviation of the steps under these weights.
            let mut left = 1.;
            let mut weights = vec![0.; steps as usize];
            for t in (0..steps).rev() {
                weights[t as usize] = left * (1. - hyper.average_decay(t));
                left *= hyper.average_decay(t);
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
    fn rates_hold_and_then_fall_along_the_schedule() {
        let of = |schedule| Hyper { schedule, hold: 100, length: 200, ..gan::RECIPE.hyper };
        for schedule in [Schedule::Constant, Schedule::Root, Schedule::Cosine, Schedule::Auto] {
            assert_eq!(of(schedule).rate_factor(100), 1.);
        }
        assert_eq!(of(Schedule::Constant).rate_factor(100_000), 1.);
        assert_eq!(of(Schedule::Auto).rate_factor(100_000), 1.);
        assert!((of(Schedule::Root).rate_factor(400) - 0.5).abs() < 1e-12);
        assert!((of(Schedule::Cosine).rate_factor(200) - (LOWEST + 1.) / 2.).abs() < 1e-12);
        assert!((of(Schedule::Cosine).rate_factor(300) - LOWEST).abs() < 1e-12);
        assert_eq!(
            of(Schedule::Cosine).rate_factor(100_000),
            of(Schedule::Cosine).rate_factor(300)
        );
    }
}
