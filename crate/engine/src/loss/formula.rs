//! Losses as formulas, to print them and to evaluate them at given scores.

use serde::Serialize;
use ts_rs::TS;

use super::Targets;
use crate::kernel::Real;

/// Whether a score is of a real or of a generated image.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Digits {
    /// Real images: x.
    Real,
    /// Generated images: G(z).
    Fake,
}

/// One of the [`Targets`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Target {
    /// [`Targets::real`].
    Real,
    /// [`Targets::fake`].
    Fake,
    /// [`Targets::generator`].
    Generator,
}

/// A function of one image's score, or of a pair's scores.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
#[serde(tag = "is", rename_all = "kebab-case")]
#[ts(optional_fields = false)]
pub enum Formula {
    /// A number.
    Number {
        /// The number.
        value: f64,
    },
    /// A target that the run's knobs set.
    Target {
        /// Which target.
        of: Target,
    },
    /// D's raw score.
    Score {
        /// Real or generated.
        of: Digits,
    },
    /// The mean of D's raw scores over the batch.
    MeanScore {
        /// Real or generated.
        of: Digits,
    },
    /// log D: the logarithm of the probability that an image is real, if scores
    /// are log-odds.
    LogD {
        /// Real or generated.
        of: Digits,
    },
    /// log (1 - D), if scores are log-odds.
    LogOneMinusD {
        /// Real or generated.
        of: Digits,
    },
    /// a + b.
    Sum {
        /// The first term.
        a: &'static Formula,
        /// The second term.
        b: &'static Formula,
    },
    /// a - b.
    Difference {
        /// The minuend.
        a: &'static Formula,
        /// The subtrahend.
        b: &'static Formula,
    },
    /// a b.
    Product {
        /// The first factor.
        a: &'static Formula,
        /// The second factor.
        b: &'static Formula,
    },
    /// a^2.
    Square {
        /// The base.
        a: &'static Formula,
    },
    /// max(0, a).
    Positive {
        /// The other number.
        a: &'static Formula,
    },
    /// log(1 + e^a).
    Softplus {
        /// The exponent.
        a: &'static Formula,
    },
}

/// A weighted mean over the images of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct Term {
    /// Factor of the mean.
    pub weight: f64,
    /// The function that is averaged.
    pub each: Formula,
}

/// Facts about a loss that a host needs to explain a run.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct LossFacts {
    /// Whether D's scores are log-odds that an image is real, so that a sigmoid
    /// gives a probability.
    pub probability: bool,
    /// Whether G's loss also needs D's scores of real images.
    pub compares: bool,
    /// Whether the loss has target scores that knobs set.
    pub targets: bool,
    /// The score at which D calls an image neither real nor generated; None if
    /// only differences of scores have a meaning.
    #[ts(optional)]
    pub middle: Option<Formula>,
    /// D's term on real images; None if D's loss is a single term of both
    /// scores, `fake`, half of which is reported under each name.
    #[ts(optional)]
    pub real: Option<Term>,
    /// D's term on generated images.
    pub fake: Term,
    /// G's terms.
    pub generator: &'static [Term],
}

/// The scores at which a formula is evaluated, indexed by [`Digits`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct At {
    /// Scores of one real and of one generated image.
    pub scores: [f64; 2],
    /// Their means over the batch.
    pub means: [f64; 2],
}

impl Formula {
    /// Its value at these targets and scores.
    pub(super) fn value(&self, targets: Targets, at: At) -> f64 {
        let of = |formula: &Self| formula.value(targets, at);
        match *self {
            Self::Number { value } => value,
            Self::Target { of: Target::Real } => targets.real,
            Self::Target { of: Target::Fake } => targets.fake,
            Self::Target { of: Target::Generator } => targets.generator,
            Self::Score { of } => at.scores[of as usize],
            Self::MeanScore { of } => at.means[of as usize],
            Self::LogD { of } => -(-at.scores[of as usize]).softplus(),
            Self::LogOneMinusD { of } => -at.scores[of as usize].softplus(),
            Self::Sum { a, b } => of(a) + of(b),
            Self::Difference { a, b } => of(a) - of(b),
            Self::Product { a, b } => of(a) * of(b),
            Self::Square { a } => of(a) * of(a),
            Self::Positive { a } => of(a).max(0.),
            Self::Softplus { a } => of(a).softplus(),
        }
    }
}
