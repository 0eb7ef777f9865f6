//! Batch normalisation (arXiv:1502.03167) and the activation after it as one
//! operation with its closed-form backward.

use std::sync::{Arc, OnceLock};

use candle_core::{Result, Shape, Tensor, bail};

use super::operation::{OnTape, Operation, View};
use super::{Activation, Element, for_element, with_slice};
use crate::kernel::meter::Part;
use crate::kernel::{Real, Workspace, column_products, column_squares, column_sums, combined};

/// Added to the variance.
pub(super) const EPSILON: f64 = 1e-5;

/// What a training pass saw: mean and (biased) variance of each column.
#[derive(Clone, Debug)]
pub struct BatchStatistics {
    /// (columns).
    pub mean: Vec<f64>,
    /// (columns), divided by the number of rows.
    pub variance: Vec<f64>,
    /// Rows that they were taken over.
    pub rows: usize,
}

/// act(gamma (x - mean) / sqrt(variance + 1e-5) + beta), column by column:
/// numbers of any shape whose rows are as long as gamma, (columns), (columns)
/// -> the same shape. So it serves dense layers, (batch, columns), and images,
/// (batch, height width channels).
pub struct BatchNorm {
    activation: Activation,
    /// Left by the forward pass for the backward, unless fixed beforehand.
    statistics: Arc<OnceLock<BatchStatistics>>,
    fixed: bool,
}

impl BatchNorm {
    /// With the batch's own statistics.
    pub fn train(activation: Activation) -> Self {
        Self { activation, statistics: Arc::default(), fixed: false }
    }

    /// With given statistics, (columns) each, as when sampling.
    pub fn eval(mean: &Tensor, variance: &Tensor, activation: Activation) -> Result<Self> {
        let wide = |tensor: &Tensor| -> Result<Vec<f64>> {
            for_element!(tensor.dtype(), T => {
                with_slice::<T, _>(tensor, |numbers| Ok(numbers.iter().map(|&number| number.wide()).collect()))
            })
        };
        let statistics = BatchStatistics { mean: wide(mean)?, variance: wide(variance)?, rows: 0 };
        Ok(Self { activation, statistics: Arc::new(statistics.into()), fixed: true })
    }

    /// Where the forward pass leaves what it saw.
    pub fn seen(&self) -> Arc<OnceLock<BatchStatistics>> {
        self.statistics.clone()
    }

    fn statistics(&self) -> Result<&BatchStatistics> {
        match self.statistics.get() {
            Some(statistics) => Ok(statistics),
            None => bail!("batch norm: nothing was seen yet"),
        }
    }

    /// Mean and 1 / deviation of each column.
    fn scale<T: Real>(&self) -> Result<(Vec<T>, Vec<T>)> {
        let seen = self.statistics()?;
        let mean = seen.mean.iter().map(|&m| T::of(m)).collect();
        Ok((mean, seen.variance.iter().map(|&v| T::of(1. / (v + EPSILON).sqrt())).collect()))
    }
}

/// [`BatchNorm::train`] on candle's tape, with the batch's statistics.
pub fn batch_norm_train(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    activation: Activation,
) -> Result<(Tensor, BatchStatistics)> {
    let op = BatchNorm::train(activation);
    let seen = op.seen();
    let y = x.apply_op3(gamma, beta, OnTape(op))?;
    match seen.get() {
        Some(statistics) => Ok((y, statistics.clone())),
        None => bail!("batch norm: the forward pass left no statistics"),
    }
}

/// [`BatchNorm::eval`] on candle's tape.
pub fn batch_norm_eval(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    mean: &Tensor,
    variance: &Tensor,
    activation: Activation,
) -> Result<Tensor> {
    x.apply_op3(gamma, beta, OnTape(BatchNorm::eval(mean, variance, activation)?))
}

impl Operation<3> for BatchNorm {
    const NAME: &'static str = "batch-norm";

    fn forward<T: Element>(
        &self,
        [x, gamma, beta]: [View<T>; 3],
        ws: &mut Workspace,
    ) -> Result<(Vec<T>, Shape)> {
        let columns = gamma.data.len();
        if columns == 0 || !x.data.len().is_multiple_of(columns) || beta.data.len() != columns {
            bail!(
                "batch norm: {:?} numbers, gamma {:?} and beta {:?}",
                x.dims,
                gamma.dims,
                beta.dims
            );
        }
        let start = ws.meter.start();
        if !self.fixed {
            self.statistics.get_or_init(|| statistics(x.data, columns));
        }
        let (mean, mut scale) = self.scale::<T>()?;
        if mean.len() != columns || scale.len() != columns {
            bail!("batch norm: {} means for {columns} columns", mean.len());
        }
        scale.iter_mut().zip(gamma.data).for_each(|(scale, &gamma)| *scale *= gamma);
        let y = self.activation.standardised(x.data, [&mean, &scale, beta.data]);
        ws.meter.stop(Part::BatchNorm, start);
        Ok((y, Shape::from(x.dims)))
    }

    fn backward<T: Element>(
        &self,
        [x, gamma, _]: [View<T>; 3],
        result: &[T],
        gradient: &[T],
        [x_wanted, gamma_wanted, beta_wanted]: [bool; 3],
        ws: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; 3]> {
        let g = self.activation.before(result, gradient, ws);
        let start = ws.meter.start();
        let (mean, inverse) = self.scale::<T>()?;
        let (d_gamma, d_beta) = column_gradients(&g, x.data, &mean, &inverse);
        let (scales, sums) = ([&mean[..], &inverse, gamma.data], [&d_gamma[..], &d_beta]);
        let dx = x_wanted.then(|| input_gradient(&g, x.data, scales, sums, self.fixed));
        ws.meter.stop(Part::BatchNorm, start);
        Ok([dx, gamma_wanted.then_some(d_gamma), beta_wanted.then_some(d_beta)])
    }
}

/// The sums of g xhat and of g over each column: the gradients of gamma and of
/// beta.
pub(super) fn column_gradients<T: Real>(
    g: &[T],
    x: &[T],
    mean: &[T],
    inverse: &[T],
) -> (Vec<T>, Vec<T>) {
    let mut products = column_products(g, x, mean);
    products.iter_mut().zip(inverse).for_each(|(sum, &inverse)| *sum *= inverse);
    (products, column_sums(g, mean.len()))
}

/// gamma / deviation (g - mean(g) - xhat mean(g xhat)), given
/// [`column_gradients`]; the means vanish where statistics are `fixed`.
pub(super) fn input_gradient<T: Real>(
    g: &[T],
    x: &[T],
    [mean, inverse, gamma]: [&[T]; 3],
    [d_gamma, d_beta]: [&[T]; 2],
    fixed: bool,
) -> Vec<T> {
    let columns = mean.len();
    let share = if fixed { T::ZERO } else { T::of(columns as f64 / x.len() as f64) };
    let column = |f: &dyn Fn(usize) -> T| (0..columns).map(f).collect::<Vec<T>>();
    let a = column(&|j| gamma[j] * inverse[j]);
    let b = column(&|j| -(a[j] * inverse[j] * share * d_gamma[j]));
    let c = column(&|j| -(a[j] * share * d_beta[j]));
    combined(g, x, mean, [&a, &b, &c])
}

/// Column means and biased variances, in two passes for accuracy.
pub(super) fn statistics<T: Real>(x: &[T], columns: usize) -> BatchStatistics {
    let rows = x.len() / columns;
    let share = T::of(1. / rows as f64);
    let mean: Vec<T> = column_sums(x, columns).into_iter().map(|sum| sum * share).collect();
    let squares = column_squares(x, &mean);
    BatchStatistics {
        mean: mean.into_iter().map(Real::wide).collect(),
        variance: squares.into_iter().map(|s| (s * share).wide()).collect(),
        rows,
    }
}
