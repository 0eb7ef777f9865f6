//! What the players minimise, as functions of logits: all finite for logits of +-1000.

use candle_core::{Result, Tensor};

use crate::op::softplus;

/// What the discriminator said, each (rows, 1) logits.
pub struct Scores<'a> {
    /// Of real digits.
    pub real: &'a Tensor,
    /// Of generated digits.
    pub fake: &'a Tensor,
}

/// What the players are told to reach, where a loss has targets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Targets {
    /// What D is told that a real digit is: 1, or less with one-sided label smoothing (arXiv:1606.03498, section 3.4); b of arXiv:1611.04076.
    pub real: f64,
    /// What D is told that a generated digit is under least squares: a of arXiv:1611.04076.
    pub fake: f64,
    /// What G wants D to say under least squares: c of arXiv:1611.04076.
    pub generator: f64,
}

/// What the two players of a GAN minimise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// G maximises log D(G(z)): the same fixed point as [`Self::Minimax`], and gradients while D still wins (Goodfellow et al. 2014, section 3).
    NonSaturating,
    /// G minimises log(1 - D(G(z))): the game as equation 1 of Goodfellow et al. 2014 states it.
    Minimax,
    /// Squared distances to targets, halved (arXiv:1611.04076, equation 2).
    LeastSquares,
    /// D's mean on real digits against its mean on generated ones (arXiv:1701.07875, equation 2); D must be kept Lipschitz otherwise.
    Wasserstein,
    /// D stops where real digits have 1 and generated ones -1 (arXiv:1705.02894, equation 3).
    Hinge,
    /// Each generated digit against a real one: softplus of how far the wrong one leads (arXiv:2501.05441, equation 2, with f(t) = -softplus(-t)).
    Relativistic,
}

impl Loss {
    /// Whether G's loss needs what D says of real digits, too.
    pub fn compares(self) -> bool {
        self == Self::Relativistic
    }

    /// Whether D's logits are log-odds that a digit is real: of what it says a probability can be read.
    pub fn speaks_of_probability(self) -> bool {
        matches!(self, Self::NonSaturating | Self::Minimax)
    }

    /// The score at which D takes neither side; nothing where only differences of scores mean something.
    pub fn middle(self, targets: Targets) -> Option<f64> {
        match self {
            Self::NonSaturating | Self::Minimax | Self::Hinge => Some(0.),
            Self::LeastSquares => Some((targets.real + targets.fake) / 2.),
            Self::Wasserstein | Self::Relativistic => None,
        }
    }

    /// D's two terms, on real and on generated digits, each a scalar; it minimises their sum.
    pub fn discriminator(self, scores: &Scores, targets: Targets) -> Result<(Tensor, Tensor)> {
        let Scores { real, fake } = scores;
        match self {
            Self::NonSaturating | Self::Minimax => {
                Ok((cross_entropy(real, targets.real)?, cross_entropy(fake, 0.)?))
            }
            Self::LeastSquares => Ok((half_square(real, targets.real)?, half_square(fake, targets.fake)?)),
            Self::Wasserstein => Ok((real.mean_all()?.neg()?, fake.mean_all()?)),
            Self::Hinge => {
                let one_minus_real = real.affine(-1., 1.)?;
                Ok((above_zero(&one_minus_real)?.mean_all()?, above_zero(&(*fake + 1.)?)?.mean_all()?))
            }
            Self::Relativistic => {
                // One term of both: half of it stands under each name.
                let half = (softplus(&fake.sub(real)?)?.mean_all()? * 0.5)?;
                Ok((half.clone(), half))
            }
        }
    }

    /// G's, a scalar; of the scores of real digits it is a function only where it [compares](Self::compares).
    pub fn generator(self, scores: &Scores, targets: Targets) -> Result<Tensor> {
        let Scores { real, fake } = scores;
        match self {
            Self::NonSaturating => cross_entropy(fake, 1.),
            Self::Minimax => cross_entropy(fake, 0.)?.neg(),
            Self::LeastSquares => half_square(fake, targets.generator),
            Self::Wasserstein | Self::Hinge => fake.mean_all()?.neg(),
            Self::Relativistic => softplus(&real.sub(fake)?)?.mean_all(),
        }
    }
}

/// Mean of (x - target)^2 / 2.
fn half_square(x: &Tensor, target: f64) -> Result<Tensor> {
    (x - target)?.sqr()?.mean_all()? * 0.5
}

/// max(x, 0) by its absolute value, which unlike candle's `relu` hides no NaN.
fn above_zero(x: &Tensor) -> Result<Tensor> {
    (x + x.abs()?)? * 0.5
}

/// Mean of -t log s(x) - (1 - t) log(1 - s(x)) = softplus(-x) for t = 1, softplus(x) for t = 0, and between them
/// t softplus(-x) + (1 - t) softplus(x), so that no difference of large numbers is taken.
fn cross_entropy(logits: &Tensor, target: f64) -> Result<Tensor> {
    if target == 1. {
        return softplus(&logits.neg()?)?.mean_all();
    }
    if target == 0. {
        return softplus(logits)?.mean_all();
    }
    let yes = (softplus(&logits.neg()?)?.mean_all()? * target)?;
    let no = (softplus(logits)?.mean_all()? * (1. - target))?;
    yes + no
}

#[cfg(test)]
mod tests {
    use super::*;
    use candle_core::{Device, Var};

    const ALL: [Loss; 6] = [
        Loss::NonSaturating,
        Loss::Minimax,
        Loss::LeastSquares,
        Loss::Wasserstein,
        Loss::Hinge,
        Loss::Relativistic,
    ];

    fn logits(values: &[f32]) -> Tensor {
        Tensor::from_slice(values, (values.len(), 1), &Device::Cpu).unwrap()
    }

    fn read(loss: &Tensor) -> f32 {
        loss.to_scalar::<f32>().unwrap()
    }

    const PLAIN: Targets = Targets { real: 1., fake: 0., generator: 1. };

    /// D's two losses and G's for the logits [-2, 0.5, 3] of real and of generated digits alike.
    fn values(loss: Loss, targets: Targets) -> [f32; 3] {
        let x = logits(&[-2., 0.5, 3.]);
        let scores = Scores { real: &x, fake: &x };
        let (real, fake) = loss.discriminator(&scores, targets).unwrap();
        [read(&real), read(&fake), read(&loss.generator(&scores, targets).unwrap())]
    }

    fn close(got: [f32; 3], want: [f32; 3]) {
        assert!(got.iter().zip(want).all(|(got, want)| (got - want).abs() < 1e-6), "{got:?}, {want:?}");
    }

    /// torch.nn.functional.binary_cross_entropy_with_logits against 1, 0 and 0.9.
    #[test]
    fn values_are_those_of_binary_cross_entropy() {
        close(values(Loss::NonSaturating, PLAIN), [0.883_197_4, 1.383_197_4, 0.883_197_4]);
        close(values(Loss::Minimax, PLAIN), [0.883_197_4, 1.383_197_4, -1.383_197_4]);
        let smooth = Targets { real: 0.9, ..PLAIN };
        close(values(Loss::NonSaturating, smooth), [0.933_197_4, 1.383_197_4, 0.883_197_4]);
    }

    /// By hand: (9 + 0.25 + 4) / 6 and so on.
    #[test]
    fn values_of_the_other_losses_are_their_papers() {
        close(values(Loss::LeastSquares, PLAIN), [13.25 / 6., 13.25 / 6., 13.25 / 6.]);
        let pearson = Targets { real: 1., fake: -1., generator: 0. };
        close(values(Loss::LeastSquares, pearson), [13.25 / 6., 19.25 / 6., 13.25 / 6.]);
        close(values(Loss::Wasserstein, PLAIN), [-0.5, 0.5, -0.5]);
        close(values(Loss::Hinge, PLAIN), [3.5 / 3., 5.5 / 3., -0.5]);
    }

    /// By hand: softplus of -1 and of 3.
    #[test]
    fn a_relativistic_loss_is_of_pairs() {
        let (real, fake) = (logits(&[1., -2.]), logits(&[0., 1.]));
        let scores = Scores { real: &real, fake: &fake };
        let (one, other) = Loss::Relativistic.discriminator(&scores, PLAIN).unwrap();
        let g = Loss::Relativistic.generator(&scores, PLAIN).unwrap();
        let (of_lead, of_lag) = (0.313_261_7 + 3.048_587_4, 1.313_261_7 + 0.048_587_35);
        close([read(&one), read(&other), read(&g)], [of_lead / 4., of_lead / 4., of_lag / 2.]);
    }

    #[test]
    fn losses_and_gradients_are_finite_for_huge_logits() {
        for loss in ALL {
            let x = Var::from_tensor(&logits(&[-1e3, 1e3, 0.])).unwrap();
            let others = logits(&[1e3, 1e3, -1e3]);
            for target in [1., 0.9] {
                let targets = Targets { real: target, ..PLAIN };
                let scores = Scores { real: &others, fake: &x };
                let (_, fake) = loss.discriminator(&scores, targets).unwrap();
                let (real, _) = loss.discriminator(&Scores { real: &x, fake: &others }, targets).unwrap();
                // Only a square's slope grows, and no faster than the logit.
                let most = if loss == Loss::LeastSquares { 1e3 } else { 1. };
                for value in [real, fake, loss.generator(&scores, targets).unwrap()] {
                    assert!(read(&value).is_finite());
                    let gradients = value.backward().unwrap();
                    let g = gradients.get(&x).unwrap().flatten_all().unwrap().to_vec1::<f32>().unwrap();
                    assert!(g.iter().all(|g| g.is_finite() && g.abs() <= most), "{loss:?}: {g:?}");
                }
            }
        }
    }

    #[test]
    fn no_loss_hides_nan() {
        let x = logits(&[f32::NAN, 0.]);
        for loss in ALL {
            let scores = Scores { real: &x, fake: &x };
            let (real, fake) = loss.discriminator(&scores, PLAIN).unwrap();
            assert!(read(&real).is_nan() && read(&fake).is_nan(), "{loss:?}");
            assert!(read(&loss.generator(&scores, PLAIN).unwrap()).is_nan(), "{loss:?}");
        }
    }
}
