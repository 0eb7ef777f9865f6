//! Losses as formulas: for whoever writes them down, and for whoever has a few
//! scores and wants their loss.

use serde::Serialize;
use ts_rs::TS;

use super::Targets;
use crate::kernel::Real;

/// The kind of digits that a score is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Digits {
    /// Real ones: x.
    Real,
    /// Generated ones: G(z).
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

/// A function of one digit's score, or of a pair's.
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
        /// Which.
        of: Target,
    },
    /// D's raw score.
    Score {
        /// Of a digit of this kind.
        of: Digits,
    },
    /// The mean of D's raw scores over the batch.
    MeanScore {
        /// Of the digits of this kind.
        of: Digits,
    },
    /// log D: the logarithm of the probability that a digit is real, where
    /// scores are log-odds.
    LogD {
        /// Of a digit of this kind.
        of: Digits,
    },
    /// log (1 - D), where scores are log-odds.
    LogOneMinusD {
        /// Of a digit of this kind.
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
        /// What is subtracted from.
        a: &'static Formula,
        /// What is subtracted.
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

/// A mean over the digits of a batch, weighted.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct Term {
    /// What the mean is multiplied by.
    pub weight: f64,
    /// What it is the mean of.
    pub each: Formula,
}

/// What a host has to know of a loss to explain a run that plays for it.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct LossFacts {
    /// Whether D's scores are log-odds that a digit is real: of each a
    /// probability can be read.
    pub probability: bool,
    /// Whether G's loss needs D's scores of real digits, too.
    pub compares: bool,
    /// Whether D's scores are to reach numbers that knobs set.
    pub targets: bool,
    /// The score at which D takes neither side; nothing where only differences
    /// of scores mean something.
    #[ts(optional)]
    pub middle: Option<Formula>,
    /// D's term on real digits; nothing where D's loss is one term of both
    /// kinds, `fake`, half of which is reported under each name.
    #[ts(optional)]
    pub real: Option<Term>,
    /// D's term on generated digits.
    pub fake: Term,
    /// G's terms.
    pub generator: &'static [Term],
}

/// The scores that a formula is evaluated at, by [`Digits`].
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct At {
    /// Scores of one real and of one generated digit.
    pub scores: [f64; 2],
    /// Their means over the batch.
    pub means: [f64; 2],
}

impl Formula {
    /// Its value.
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
