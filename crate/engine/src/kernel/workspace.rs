//! What operations borrow while they run: buffers that are reused from call to
//! call, and the meter of a measured run.

use super::gemm::{gemm, gemm_into};
use super::matrix::{Matrix, Panels};
use super::{
    Buffer, Real,
    meter::{Meter, Part},
};

/// Buffers and meter; one per game, shared by its nets.
#[derive(Default)]
pub struct Workspace {
    /// Measures the time by part, if enabled.
    pub meter: Meter,
    /// Combines the sums over rows if this worker computes only a part of each
    /// batch; None if it computes complete batches.
    pub parts: Option<Box<dyn SumOfParts>>,
    panels: Panels,
    pub(super) single: Scratch<f32>,
    pub(super) double: Scratch<f64>,
}

/// Adds up the sums of the workers of one batch, each over its own rows.
pub trait SumOfParts: Send {
    /// Replaces `sums` over the rows of this part by those over all rows: the
    /// sums of the parts, added in the order of the parts. Every part must call
    /// it equally often, with equally many sums.
    fn add_up(&mut self, sums: &mut [f64]);
}

/// Buffers of one number type.
#[derive(Default)]
pub struct Scratch<T> {
    /// Patches of a few images, one per row.
    pub patches: Vec<T>,
    /// One image with its border.
    pub padded: Vec<T>,
}

impl Workspace {
    /// Makes `sums` over `rows` rows those over the rows of all parts, in one
    /// exchange; returns how many rows these are.
    pub fn add_up<T: Real, const N: usize>(&mut self, sums: [&mut [T]; N], rows: usize) -> usize {
        let Some(parts) = &mut self.parts else { return rows };
        let own = sums.iter().flat_map(|sums| sums.iter()).map(|sum| sum.wide());
        let mut all: Vec<f64> = [rows as f64].into_iter().chain(own).collect();
        parts.add_up(&mut all);
        let places = sums.into_iter().flatten().zip(&all[1..]);
        places.for_each(|(sum, &all)| *sum = T::of(all));
        all[0] as usize
    }

    /// A B, (m, k) x (k, n) -> (m, n) row-major.
    pub fn product<T: Real>(&mut self, a: Matrix<T>, b: Matrix<T>) -> Buffer<T> {
        let start = self.meter.start();
        let out = gemm(a, b, &mut self.panels);
        self.meter.multiplied(a.rows, a.columns, b.columns);
        self.meter.stop(Part::Product, start);
        out
    }

    /// A B, (m, k) x (k, n) -> (m, n) row-major, written to `out` or added
    /// to it.
    pub fn product_into<T: Real>(&mut self, out: &mut [T], add: bool, a: Matrix<T>, b: Matrix<T>) {
        let start = self.meter.start();
        gemm_into(out, add, a, b, &mut self.panels);
        self.meter.multiplied(a.rows, a.columns, b.columns);
        self.meter.stop(Part::Product, start);
    }
}
