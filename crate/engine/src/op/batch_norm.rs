//! Batch normalisation (arXiv:1502.03167) and the activation after it as one
//! operation with a closed-form backward pass.

use std::sync::OnceLock;

use candle_core::{Result, bail};

use super::Activation;
use super::operation::{Call, Operation, WeightGradients, Weights, add_to};
use crate::kernel::meter::Part;
use crate::kernel::{
    Batch, Buffer, Real, Workspace, column_products, column_squares, column_sums, combined,
};

/// Added to the variance.
const EPSILON: f64 = 1e-5;

/// Statistics of a training pass: mean and (biased) variance of each column.
#[derive(Clone, Debug)]
pub struct BatchStatistics {
    /// (columns).
    pub mean: Vec<f64>,
    /// (columns), divided by the number of rows.
    pub variance: Vec<f64>,
    /// Number of rows that they are computed over.
    pub rows: usize,
}

/// act(gamma (x - mean) / sqrt(variance + 1e-5) + beta), column by column:
/// numbers of any shape whose rows are as long as gamma, (columns), (columns)
/// -> the same shape. It is used for dense layers, (batch, columns), and for
/// images, (batch, height width channels).
pub struct BatchNorm {
    activation: Activation,
    /// Set by the forward pass for the backward pass, unless fixed.
    statistics: OnceLock<BatchStatistics>,
    fixed: bool,
}

impl BatchNorm {
    /// With the batch's own statistics.
    pub fn train(activation: Activation) -> Self {
        Self { activation, statistics: OnceLock::new(), fixed: false }
    }

    /// With given means and variances, (columns) each, as when sampling.
    pub fn eval<T: Real>(mean: &[T], variance: &[T], activation: Activation) -> Self {
        let wide = |numbers: &[T]| numbers.iter().map(|&number| number.wide()).collect();
        let statistics = BatchStatistics { mean: wide(mean), variance: wide(variance), rows: 0 };
        Self { activation, statistics: statistics.into(), fixed: true }
    }

    /// Mean and 1 / deviation of each column.
    fn scale<T: Real>(&self) -> Result<(Buffer<T>, Buffer<T>)> {
        match self.statistics.get() {
            Some(statistics) => Ok(scale(statistics)),
            None => bail!("batch norm: no forward pass has run yet"),
        }
    }
}

impl<T: Real> Operation<T> for BatchNorm {
    fn name(&self) -> &'static str {
        "batch-norm"
    }

    fn forward(&self, x: &Batch<T>, w: Weights<T>, ws: &mut Workspace) -> Result<Batch<T>> {
        let (columns, numbers) = (w.weight.len(), x.numbers());
        if columns == 0 || !numbers.len().is_multiple_of(columns) || w.bias.len() != columns {
            bail!(
                "batch norm: {} numbers, gamma of {columns} and beta of {}",
                numbers.len(),
                w.bias.len()
            );
        }
        let start = ws.meter.start();
        if !self.fixed {
            self.statistics.get_or_init(|| statistics(numbers, columns, |s, n| ws.add_up([s], n)));
        }
        let (mean, mut scale) = self.scale::<T>()?;
        if mean.len() != columns || scale.len() != columns {
            bail!("batch norm: {} means for {columns} columns", mean.len());
        }
        scale.iter_mut().zip(w.weight).for_each(|(scale, &gamma)| *scale *= gamma);
        let y = self.activation.standardised(numbers, [&mean, &scale, w.bias]);
        ws.meter.stop(Part::BatchNorm, start);
        Ok(Batch::new(x.rows(), y))
    }

    fn statistics(&self) -> Option<&BatchStatistics> {
        self.statistics.get().filter(|_| !self.fixed)
    }

    fn backward(
        &self,
        call: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        into: Option<WeightGradients<T>>,
        ws: &mut Workspace,
    ) -> Result<Option<Batch<T>>> {
        let before = self.activation.before(call.y, gradient, ws);
        let start = ws.meter.start();
        let (g, x) = (before.numbers(), call.x.numbers());
        let (mean, inverse) = self.scale::<T>()?;
        let (mut d_gamma, mut d_beta) = column_gradients(g, x, &mean, &inverse);
        if let Some(into) = into {
            add_to(into.weight, &d_gamma);
            add_to(into.bias, &d_beta);
        }
        let dx = wanted.then(|| {
            let rows = (!self.fixed)
                .then(|| ws.add_up([&mut d_gamma[..], &mut d_beta], x.len() / mean.len()));
            let scales = [&mean[..], &inverse, call.weights.weight];
            let dx = input_gradient(g, x, scales, [&d_gamma[..], &d_beta], rows);
            Batch::new(call.x.rows(), dx)
        });
        ws.meter.stop(Part::BatchNorm, start);
        Ok(dx)
    }
}

/// Mean and 1 / deviation of each column.
pub(super) fn scale<T: Real>(statistics: &BatchStatistics) -> (Buffer<T>, Buffer<T>) {
    let mean = Buffer::of(statistics.mean.iter().map(|&mean| T::of(mean)));
    (mean, Buffer::of(statistics.variance.iter().map(|&v| T::of(1. / (v + EPSILON).sqrt()))))
}

/// The sums of g xhat and of g over each column: the gradients of gamma and of
/// beta.
pub(super) fn column_gradients<T: Real>(
    g: &[T],
    x: &[T],
    mean: &[T],
    inverse: &[T],
) -> (Buffer<T>, Buffer<T>) {
    let mut products = column_products(g, x, mean);
    products.iter_mut().zip(inverse).for_each(|(sum, &inverse)| *sum *= inverse);
    (products, column_sums(g, mean.len()))
}

/// gamma / deviation (g - mean(g) - xhat mean(g xhat)), given
/// [`column_gradients`] as sums over `rows` rows; None if the statistics are
/// fixed, in which case the means vanish.
pub(super) fn input_gradient<T: Real>(
    g: &[T],
    x: &[T],
    [mean, inverse, gamma]: [&[T]; 3],
    [d_gamma, d_beta]: [&[T]; 2],
    rows: Option<usize>,
) -> Buffer<T> {
    let columns = mean.len();
    let share = rows.map_or(T::ZERO, |rows| T::of(1. / rows as f64));
    let column = |f: &dyn Fn(usize) -> T| Buffer::of((0..columns).map(f));
    let a = column(&|j| gamma[j] * inverse[j]);
    let b = column(&|j| -(a[j] * inverse[j] * share * d_gamma[j]));
    let c = column(&|j| -(a[j] * share * d_beta[j]));
    combined(g, x, mean, [&a, &b, &c])
}

/// Column means and biased variances, in two passes for accuracy.
pub(super) fn statistics<T: Real>(
    x: &[T],
    columns: usize,
    mut add_up: impl FnMut(&mut [T], usize) -> usize,
) -> BatchStatistics {
    let mut mean = column_sums(x, columns);
    let rows = add_up(&mut mean, x.len() / columns);
    let share = T::of(1. / rows as f64);
    mean.iter_mut().for_each(|sum| *sum *= share);
    let mut squares = column_squares(x, &mean);
    add_up(&mut squares, x.len() / columns);
    BatchStatistics {
        mean: mean.iter().map(|mean| mean.wide()).collect(),
        variance: squares.iter().map(|&s| (s * share).wide()).collect(),
        rows,
    }
}
