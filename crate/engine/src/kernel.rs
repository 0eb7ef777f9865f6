//! Loops over plain slices: products, patches, columns, transcendental
//! functions, normal numbers, optimiser passes. No candle; the only room that
//! uses `unsafe`.

#![allow(unsafe_code)]

mod adam;
mod batch;
mod buffer;
mod columns;
mod fnv;
mod gemm;
mod linalg;
mod math;
mod matrix;
pub mod meter;
mod normal;
mod patches;
#[cfg(any(target_arch = "wasm32", test))]
mod product;
mod real;
mod rmsprop;
mod sgd;
mod workspace;

pub use adam::{AdamPass, adam};
pub use batch::Batch;
pub use buffer::{Buffer, Store};
pub use columns::{
    add_row_then, column_products, column_squares, column_sums, combined, standardised,
};
pub use fnv::Fnv;
pub use gemm::{arithmetic, ceiling, gemm, gemm_into};
pub use linalg::eigen;
pub use math::{exp, ln, softplus, sum_of_squares};
pub use matrix::{Matrix, Panels};
pub use normal::{normal_words, normals};
pub use patches::Window;
pub use real::Real;
pub use rmsprop::rmsprop;
pub use sgd::sgd;
pub use workspace::{Scratch, SumOfParts, Workspace};
