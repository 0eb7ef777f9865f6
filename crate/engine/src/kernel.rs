//! Loops over plain slices: products, transcendental functions, normal numbers, optimiser passes. No candle; the only
//! room that may use `unsafe`.

#![allow(unsafe_code)]

mod adam;
mod gemm;
mod math;
mod normal;
mod real;
mod sgd;

pub use adam::{AdamPass, adam};
pub use gemm::{Matrix, gemm};
pub use math::{add_row, column_sums, exp, ln, softplus, sum_of_squares};
pub use normal::normals;
pub use real::Real;
pub use sgd::sgd;
