//! Batch normalisation (arXiv:1502.03167) and the activation after it as one operation with its closed-form backward.

use std::sync::{Arc, OnceLock};

use candle_core::backend::BackendStorage;
use candle_core::{CpuStorage, CustomOp3, DType, Device, Layout, Result, Shape, Tensor, WithDType, bail};

use super::{Activation, Element, for_element, from_vec, numbers, with_slice};
use crate::kernel::{Real, column_sums};

/// Added to the variance.
const EPSILON: f64 = 1e-5;

/// What a training pass saw: mean and (biased) variance of each column.
#[derive(Clone, Debug)]
pub struct BatchStatistics {
    /// (columns).
    pub mean: Vec<f64>,
    /// (columns), divided by the number of rows.
    pub variance: Vec<f64>,
}

/// act(gamma (x - mean) / sqrt(variance + 1e-5) + beta) with the batch's own statistics, which come back too:
/// (rows, columns), (columns), (columns) -> (rows, columns).
pub fn batch_norm_train(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    activation: Activation,
) -> Result<(Tensor, BatchStatistics)> {
    let seen = Arc::new(OnceLock::new());
    let y = x.apply_op3(gamma, beta, BatchNorm { activation, statistics: seen.clone(), fixed: false })?;
    match seen.get() {
        Some(statistics) => Ok((y, statistics.clone())),
        None => bail!("batch norm: the forward pass left no statistics"),
    }
}

/// The same with given statistics, (columns) each, as when sampling.
pub fn batch_norm_eval(
    x: &Tensor,
    gamma: &Tensor,
    beta: &Tensor,
    mean: &Tensor,
    variance: &Tensor,
    activation: Activation,
) -> Result<Tensor> {
    let wide = |tensor: &Tensor| tensor.to_dtype(DType::F64)?.to_vec1::<f64>();
    let statistics = BatchStatistics { mean: wide(mean)?, variance: wide(variance)? };
    if statistics.mean.len() != gamma.elem_count() || statistics.variance.len() != gamma.elem_count() {
        bail!("batch norm: {} means for {} columns", statistics.mean.len(), gamma.elem_count());
    }
    x.apply_op3(gamma, beta, BatchNorm { activation, statistics: Arc::new(statistics.into()), fixed: true })
}

struct BatchNorm {
    activation: Activation,
    /// Left by the forward pass for the backward, unless fixed beforehand.
    statistics: Arc<OnceLock<BatchStatistics>>,
    fixed: bool,
}

impl BatchNorm {
    /// Mean and 1 / deviation of each column.
    fn scale<T: Real>(&self) -> Result<(Vec<T>, Vec<T>)> {
        let Some(s) = self.statistics.get() else { bail!("batch norm: backward before forward") };
        let mean = s.mean.iter().map(|&m| T::of(m)).collect();
        Ok((mean, s.variance.iter().map(|&v| T::of(1. / (v + EPSILON).sqrt())).collect()))
    }
}

impl CustomOp3 for BatchNorm {
    fn name(&self) -> &'static str {
        "batch-norm"
    }

    fn cpu_fwd(
        &self,
        x: &CpuStorage,
        x_layout: &Layout,
        gamma: &CpuStorage,
        gamma_layout: &Layout,
        beta: &CpuStorage,
        beta_layout: &Layout,
    ) -> Result<(CpuStorage, Shape)> {
        let (rows, columns) = x_layout.shape().dims2()?;
        if gamma_layout.shape().dims1()? != columns || beta_layout.shape().dims1()? != columns {
            bail!("batch norm: {columns} columns, but gamma {:?}", gamma_layout.shape());
        }
        for_element!(x.dtype(), T => {
            let x = numbers::<T>(x, x_layout)?;
            if !self.fixed {
                self.statistics.get_or_init(|| statistics::<T>(&x, rows, columns));
            }
            let (mean, inverse) = self.scale::<T>()?;
            let gamma = numbers::<T>(gamma, gamma_layout)?;
            let beta = numbers::<T>(beta, beta_layout)?;
            let mut y = x.into_owned();
            for line in y.chunks_exact_mut(columns) {
                for j in 0..columns {
                    line[j] = (line[j] - mean[j]) * inverse[j] * gamma[j] + beta[j];
                }
            }
            self.activation.forward(&mut y);
            Ok((T::to_cpu_storage_owned(y), Shape::from((rows, columns))))
        })
    }

    fn bwd(
        &self,
        x: &Tensor,
        gamma: &Tensor,
        beta: &Tensor,
        result: &Tensor,
        gradient: &Tensor,
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        for_element!(x.dtype(), T => {
            let g: Vec<T> = with_slice::<T, _>(result, |y| {
                with_slice::<T, _>(gradient, |g| Ok(self.activation.backward(y, g)))
            })?;
            with_slice::<T, _>(x, |values| self.backward(values, &g, [x, gamma, beta]))
        })
    }
}

impl BatchNorm {
    /// dx = gamma / deviation (g - mean(g) - xhat mean(g xhat)); the means vanish where statistics are fixed.
    fn backward<T: Element>(
        &self,
        x: &[T],
        g: &[T],
        [x_tensor, gamma, beta]: [&Tensor; 3],
    ) -> Result<(Option<Tensor>, Option<Tensor>, Option<Tensor>)> {
        let (rows, columns) = x_tensor.dims2()?;
        let (mean, inverse) = self.scale::<T>()?;
        let beta_gradient = column_sums(g, columns);
        let mut gamma_gradient = vec![T::ZERO; columns];
        for (line, g) in x.chunks_exact(columns).zip(g.chunks_exact(columns)) {
            for j in 0..columns {
                gamma_gradient[j] += (line[j] - mean[j]) * inverse[j] * g[j];
            }
        }
        let dx = if x_tensor.track_op() {
            let share = if self.fixed { T::ZERO } else { T::of(1. / rows as f64) };
            let mut dx = vec![T::ZERO; x.len()];
            with_slice::<T, _>(gamma, |gamma| {
                for ((line, g), dx) in
                    x.chunks_exact(columns).zip(g.chunks_exact(columns)).zip(dx.chunks_exact_mut(columns))
                {
                    for j in 0..columns {
                        let xhat = (line[j] - mean[j]) * inverse[j];
                        let centred = g[j] - share * (beta_gradient[j] + xhat * gamma_gradient[j]);
                        dx[j] = gamma[j] * inverse[j] * centred;
                    }
                }
                Ok(())
            })?;
            Some(from_vec(dx, x_tensor)?)
        } else {
            None
        };
        let wanted = |tensor: &Tensor, data: Vec<T>| {
            tensor.track_op().then(|| Tensor::from_vec(data, tensor.shape(), &Device::Cpu)).transpose()
        };
        Ok((dx, wanted(gamma, gamma_gradient)?, wanted(beta, beta_gradient)?))
    }
}

/// Column means and biased variances, in two passes for accuracy.
fn statistics<T: Real>(x: &[T], rows: usize, columns: usize) -> BatchStatistics {
    let share = T::of(1. / rows as f64);
    let mean: Vec<T> = column_sums(x, columns).into_iter().map(|sum| sum * share).collect();
    let mut squares = vec![T::ZERO; columns];
    for line in x.chunks_exact(columns) {
        for j in 0..columns {
            let d = line[j] - mean[j];
            squares[j] += d * d;
        }
    }
    BatchStatistics {
        mean: mean.into_iter().map(Real::wide).collect(),
        variance: squares.into_iter().map(|s| (s * share).wide()).collect(),
    }
}
