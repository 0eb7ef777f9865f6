//! What operations borrow while they run: buffers that are kept from call to
//! call, and the meter of a measured run.

use super::gemm::{gemm, gemm_into};
use super::matrix::{Matrix, Panels};
use super::{
    Buffer, Real,
    meter::{Meter, Part},
};

/// Buffers and meter; one a game, lent to its nets.
#[derive(Default)]
pub struct Workspace {
    /// Where the time goes, if someone asked.
    pub meter: Meter,
    panels: Panels,
    pub(super) single: Scratch<f32>,
    pub(super) double: Scratch<f64>,
}

/// Buffers of one number type.
#[derive(Default)]
pub struct Scratch<T> {
    /// Patches of a few images, one a row.
    pub patches: Vec<T>,
    /// One image with its border.
    pub padded: Vec<T>,
}

impl Workspace {
    /// A B, (m, k) x (k, n) -> (m, n) row-major.
    pub fn product<T: Real>(&mut self, a: Matrix<T>, b: Matrix<T>) -> Buffer<T> {
        let start = self.meter.start();
        let out = gemm(a, b, &mut self.panels);
        self.meter.multiplied(a.rows, a.columns, b.columns);
        self.meter.stop(Part::Product, start);
        out
    }

    /// A B, (m, k) x (k, n) -> (m, n) row-major, over `out` or added to it.
    pub fn product_into<T: Real>(&mut self, out: &mut [T], add: bool, a: Matrix<T>, b: Matrix<T>) {
        let start = self.meter.start();
        gemm_into(out, add, a, b, &mut self.panels);
        self.meter.multiplied(a.rows, a.columns, b.columns);
        self.meter.stop(Part::Product, start);
    }
}
