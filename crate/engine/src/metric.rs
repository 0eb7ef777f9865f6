//! Measures of digits: a small classifier, the judge, and measures of two sets
//! of digits that need no classifier.
//!
//! Sets are row-major slices of numbers: pixels (n, 784) in [0, 1], ink 1, or
//! the judge's features (n, [`FEATURES`]).

mod classes;
mod comparison;
mod distances;
mod divergence;
mod frechet;
mod judge;
mod known;
mod ndb;
pub mod odd;
mod parzen;
mod prdc;
mod school;
mod training;
mod translation;

pub use classes::{Classes, Recognised, classes, from_uniform, recognised, sure};
pub use comparison::{Comparison, compare};
pub use divergence::{game_value, jensen_shannon, jensen_shannon_of};
pub use frechet::frechet;
pub use judge::{FEATURES, Judge, Judged};
pub use ndb::{BINS, different_bins};
pub use parzen::{Parzen, parzen};
pub use prdc::{Prdc, prdc};
pub use school::{School, school_test};
pub use training::Training;
pub use translation::{Agreement, agreement};

#[cfg(test)]
mod tests;
