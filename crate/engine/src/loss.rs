//! The losses of both players as functions of logits; all are finite for logits
//! of +-1000.

mod formula;

use crate::kernel::{Buffer, Real};
use formula::At;
pub use formula::{Digits, Formula, LossFacts, Target, Term};

/// The logits of the discriminator, one an image or pack.
pub struct Scores<'a, T> {
    /// Of real images.
    pub real: &'a [T],
    /// Of generated images.
    pub fake: &'a [T],
}

/// The target scores of a loss that has targets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Targets {
    /// D's target on real images: 1, or less with one-sided label smoothing
    /// (arXiv:1606.03498, section 3.4); b of arXiv:1611.04076.
    pub real: f64,
    /// D's target on generated images under least squares: a of
    /// arXiv:1611.04076.
    pub fake: f64,
    /// G's target for D's scores under least squares: c of arXiv:1611.04076.
    pub generator: f64,
}

/// D's loss: its two terms, and the derivative of their sum with respect to
/// each score.
pub struct OfDiscriminator<T: Real> {
    /// The term on real images.
    pub real: f64,
    /// The term on generated images.
    pub fake: f64,
    /// Derivatives with respect to the scores of real images.
    pub by_real: Buffer<T>,
    /// Derivatives with respect to the scores of generated images.
    pub by_fake: Buffer<T>,
}

/// G's loss, and its derivative with respect to each score of a generated
/// image.
pub struct OfGenerator<T: Real> {
    /// The loss.
    pub value: f64,
    /// Derivatives with respect to the scores of generated images.
    pub by_fake: Buffer<T>,
}

/// The losses that the two players of a GAN minimise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// G maximises log D(G(z)): the same fixed point as [`Self::Minimax`], but
    /// with gradients while D wins (Goodfellow et al. 2014, section 3).
    NonSaturating,
    /// G minimises log(1 - D(G(z))): the game as equation 1 of Goodfellow et
    /// al. 2014 states it.
    Minimax,
    /// Squared distances to targets, halved (arXiv:1611.04076, equation 2).
    LeastSquares,
    /// The difference of D's mean scores on real and generated images
    /// (arXiv:1701.07875, equation 2); D must be kept Lipschitz by other means.
    Wasserstein,
    /// D's gradient vanishes for real images scored above 1 and generated ones
    /// below -1 (arXiv:1705.02894, equation 3).
    Hinge,
    /// Each generated image against a real one: softplus of the score
    /// difference (arXiv:2501.05441, equation 2, with f(t) = -softplus(-t)).
    Relativistic,
    /// Each image against the mean score of the other class, real or generated:
    /// softplus of the difference (RaGAN, arXiv:1807.00734, with softplus).
    RelativisticAverage,
}

/// The score of a real image.
const X: Formula = Formula::Score { of: Digits::Real };
/// The score of a generated image.
const Y: Formula = Formula::Score { of: Digits::Fake };
/// The mean scores of a batch.
const MEAN_X: Formula = Formula::MeanScore { of: Digits::Real };
const MEAN_Y: Formula = Formula::MeanScore { of: Digits::Fake };
const ZERO: Formula = Formula::Number { value: 0. };
const ONE: Formula = Formula::Number { value: 1. };
/// The targets of D on real images, of D on generated images, and of G.
const B: Formula = Formula::Target { of: Target::Real };
const A: Formula = Formula::Target { of: Target::Fake };
const C: Formula = Formula::Target { of: Target::Generator };
const LOG_D_X: Formula = Formula::LogD { of: Digits::Real };
const LOG_D_Y: Formula = Formula::LogD { of: Digits::Fake };
const LOG_NOT_D_X: Formula = Formula::LogOneMinusD { of: Digits::Real };
const LOG_NOT_D_Y: Formula = Formula::LogOneMinusD { of: Digits::Fake };

impl Loss {
    /// All losses.
    pub const ALL: [Self; 7] = [
        Self::NonSaturating,
        Self::Minimax,
        Self::LeastSquares,
        Self::Wasserstein,
        Self::Hinge,
        Self::Relativistic,
        Self::RelativisticAverage,
    ];

    /// Facts that a host needs about it. A test compares the formulas with
    /// [`Self::discriminator`] and [`Self::generator`].
    pub const fn facts(self) -> LossFacts {
        use Formula::{Difference, Number, Positive, Product, Softplus, Square, Sum};
        // D outputs log-odds, as in both games of Goodfellow et al. 2014.
        let odds = LossFacts {
            probability: true,
            compares: false,
            targets: false,
            middle: Some(ZERO),
            real: Some(Term {
                weight: -1.,
                each: Sum {
                    a: &Product { a: &B, b: &LOG_D_X },
                    b: &Product { a: &Difference { a: &ONE, b: &B }, b: &LOG_NOT_D_X },
                },
            }),
            fake: Term { weight: -1., each: LOG_NOT_D_Y },
            generator: &[Term { weight: -1., each: LOG_D_Y }],
        };
        match self {
            Self::NonSaturating => odds,
            Self::Minimax => {
                LossFacts { generator: &[Term { weight: 1., each: LOG_NOT_D_Y }], ..odds }
            }
            Self::LeastSquares => LossFacts {
                probability: false,
                compares: false,
                targets: true,
                middle: Some(Product { a: &Number { value: 0.5 }, b: &Sum { a: &B, b: &A } }),
                real: Some(Term { weight: 0.5, each: Square { a: &Difference { a: &X, b: &B } } }),
                fake: Term { weight: 0.5, each: Square { a: &Difference { a: &Y, b: &A } } },
                generator: &[Term {
                    weight: 0.5,
                    each: Square { a: &Difference { a: &Y, b: &C } },
                }],
            },
            Self::Wasserstein => LossFacts {
                probability: false,
                compares: false,
                targets: false,
                middle: None,
                real: Some(Term { weight: -1., each: X }),
                fake: Term { weight: 1., each: Y },
                generator: &[Term { weight: -1., each: Y }],
            },
            Self::Hinge => LossFacts {
                probability: false,
                compares: false,
                targets: false,
                middle: Some(ZERO),
                real: Some(Term {
                    weight: 1.,
                    each: Positive { a: &Difference { a: &ONE, b: &X } },
                }),
                fake: Term { weight: 1., each: Positive { a: &Sum { a: &ONE, b: &Y } } },
                generator: &[Term { weight: -1., each: Y }],
            },
            Self::Relativistic => LossFacts {
                probability: false,
                compares: true,
                targets: false,
                middle: None,
                real: None,
                fake: Term { weight: 1., each: Softplus { a: &Difference { a: &Y, b: &X } } },
                generator: &[Term {
                    weight: 1.,
                    each: Softplus { a: &Difference { a: &X, b: &Y } },
                }],
            },
            Self::RelativisticAverage => LossFacts {
                probability: false,
                compares: true,
                targets: false,
                middle: None,
                real: Some(Term {
                    weight: 1.,
                    each: Softplus { a: &Difference { a: &MEAN_Y, b: &X } },
                }),
                fake: Term { weight: 1., each: Softplus { a: &Difference { a: &Y, b: &MEAN_X } } },
                generator: &[
                    Term { weight: 1., each: Softplus { a: &Difference { a: &X, b: &MEAN_Y } } },
                    Term { weight: 1., each: Softplus { a: &Difference { a: &MEAN_X, b: &Y } } },
                ],
            },
        }
    }

    /// Whether G's loss also needs D's scores of real images.
    pub fn compares(self) -> bool {
        self.facts().compares
    }

    /// Whether D's logits are log-odds that an image is real, so that a sigmoid
    /// gives a probability.
    pub fn scores_are_log_odds(self) -> bool {
        self.facts().probability
    }

    /// The score at which D calls an image neither real nor generated; None if
    /// only differences of scores have a meaning.
    pub fn middle(self, targets: Targets) -> Option<f64> {
        self.facts().middle.map(|middle| middle.value(targets, At::default()))
    }

    /// D's loss, `weight` times the sum of two terms, and its derivatives.
    pub fn discriminator<T: Real>(
        self,
        scores: &Scores<T>,
        targets: Targets,
        weight: f64,
    ) -> OfDiscriminator<T> {
        let (x, y) = (scores.real, scores.fake);
        let (real, fake) = match self {
            Self::NonSaturating | Self::Minimax => {
                (cross_entropy(x, targets.real, weight), cross_entropy(y, 0., weight))
            }
            Self::LeastSquares => {
                (half_square(x, targets.real, weight), half_square(y, targets.fake, weight))
            }
            Self::Wasserstein => {
                (mean(x, weight, |x| (-x, -T::ONE)), mean(y, weight, |y| (y, T::ONE)))
            }
            Self::Hinge => (
                mean(x, weight, |x| hinge(T::ONE - x, -T::ONE)),
                mean(y, weight, |y| hinge(y + T::ONE, T::ONE)),
            ),
            Self::Relativistic => {
                // One term of both: each name reports half of it.
                let of_both = mean(&differences(y, x), weight, softplus);
                let half = 0.5 * of_both.value;
                let back = Buffer::of(of_both.slopes.iter().map(|&slope| -slope));
                (Mean { value: half, slopes: back }, Mean { value: half, slopes: of_both.slopes })
            }
            Self::RelativisticAverage => against_means(x, y, weight),
        };
        OfDiscriminator {
            real: real.value,
            fake: fake.value,
            by_real: real.slopes,
            by_fake: fake.slopes,
        }
    }

    /// G's loss, times `weight`, and its derivatives; it depends on the scores
    /// of real images only if it [compares](Self::compares).
    pub fn generator<T: Real>(
        self,
        scores: &Scores<T>,
        targets: Targets,
        weight: f64,
    ) -> OfGenerator<T> {
        let y = scores.fake;
        let loss = match self {
            Self::NonSaturating => cross_entropy(y, 1., weight),
            Self::Minimax => cross_entropy(y, 0., -weight),
            Self::LeastSquares => half_square(y, targets.generator, weight),
            Self::Wasserstein | Self::Hinge => mean(y, weight, |y| (-y, -T::ONE)),
            Self::Relativistic => mean(&differences(y, scores.real), weight, softplus_of_minus),
            Self::RelativisticAverage => {
                let (fake, real) = against_means(y, scores.real, weight);
                Mean { value: fake.value + real.value, ..fake }
            }
        };
        OfGenerator { value: loss.value, by_fake: loss.slopes }
    }
}

/// `weight` times mean |a - b|, and its derivative with respect to each of `a`
/// (arXiv:1703.10593, equation 2).
pub fn distance<T: Real>(a: &[T], b: &[T], weight: f64) -> (f64, Buffer<T>) {
    let size = |x: T| if x >= T::ZERO { (x, T::ONE) } else { (-x, -T::ONE) };
    let mean = mean(&differences(a, b), weight, size);
    (mean.value, mean.slopes)
}

/// A weighted mean of a function of numbers, and its derivative with respect to
/// each of them.
struct Mean<T: Real> {
    value: f64,
    slopes: Buffer<T>,
}

/// `weight` times the mean of a function that returns its value and its
/// derivative.
fn mean<T: Real>(numbers: &[T], weight: f64, function: impl Fn(T) -> (T, T)) -> Mean<T> {
    let count = numbers.len() as f64;
    let share = T::of(weight) * T::of(1. / count);
    let mut sum = 0.;
    let slope = |&x: &T| {
        let (value, slope) = function(x);
        sum += value.wide();
        slope * share
    };
    let slopes = Buffer::of(numbers.iter().map(slope));
    Mean { value: weight * sum / count, slopes }
}

/// The differences a - b of pairs.
fn differences<T: Real>(a: &[T], b: &[T]) -> Buffer<T> {
    Buffer::of(a.iter().zip(b).map(|(&a, &b)| a - b))
}

/// `weight` times the means of softplus(mean of `behind` - a) over `ahead` and
/// of softplus(b - mean of `ahead`) over `behind`; the derivatives are those of
/// their sum.
fn against_means<T: Real>(ahead: &[T], behind: &[T], weight: f64) -> (Mean<T>, Mean<T>) {
    let sum = |values: &[T]| values.iter().map(|value| value.wide()).sum::<f64>();
    let average = |values: &[T]| T::of(sum(values) / values.len() as f64);
    let (high, low) = (average(ahead), average(behind));
    let mut of_ahead = mean(ahead, weight, |a| softplus_of_minus(a - low));
    let mut of_behind = mean(behind, weight, |b| softplus(b - high));
    // Each score also moves the mean of its own class, by 1 / count.
    let share = |slopes: &[T], count: usize| T::of(-sum(slopes) / count as f64);
    let by_high = share(&of_behind.slopes, ahead.len());
    let by_low = share(&of_ahead.slopes, behind.len());
    of_ahead.slopes.iter_mut().for_each(|slope| *slope += by_high);
    of_behind.slopes.iter_mut().for_each(|slope| *slope += by_low);
    (of_ahead, of_behind)
}

/// ln(1 + e^x).
fn softplus<T: Real>(x: T) -> (T, T) {
    (x.softplus(), x.sigmoid())
}

/// ln(1 + e^-x).
fn softplus_of_minus<T: Real>(x: T) -> (T, T) {
    ((-x).softplus(), -(-x).sigmoid())
}

/// (x - target)^2 / 2.
fn half_square<T: Real>(x: &[T], target: f64, weight: f64) -> Mean<T> {
    mean(x, weight, |x| {
        let error = x - T::of(target);
        (error * error * T::of(0.5), error)
    })
}

/// max(y, 0) by the absolute value, which propagates NaN; `slope` is the
/// derivative of y.
fn hinge<T: Real>(y: T, slope: T) -> (T, T) {
    let size = if y >= T::ZERO { y } else { -y };
    ((y + size) * T::of(0.5), if y >= T::ZERO { slope } else { T::ZERO })
}

/// -t log s(x) - (1 - t) log(1 - s(x)) = softplus(-x) for t = 1, softplus(x)
/// for t = 0, and between them t softplus(-x) + (1 - t) softplus(x), which
/// takes no difference of large numbers.
fn cross_entropy<T: Real>(logits: &[T], target: f64, weight: f64) -> Mean<T> {
    if target == 1. {
        return mean(logits, weight, softplus_of_minus);
    }
    if target == 0. {
        return mean(logits, weight, softplus);
    }
    let yes = mean(logits, target * weight, softplus_of_minus);
    let no = mean(logits, (1. - target) * weight, softplus);
    let slopes = Buffer::of(yes.slopes.iter().zip(no.slopes.iter()).map(|(&yes, &no)| yes + no));
    Mean { value: yes.value + no.value, slopes }
}

#[cfg(test)]
mod tests;
