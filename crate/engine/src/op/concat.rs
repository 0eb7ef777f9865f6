//! Concatenates constants to the channels of an image: the way a net receives
//! labels (Mirza and Osindero 2014, arXiv:1411.1784).

use candle_core::{Result, bail};

use super::operation::{Call, Operation, WeightGradients, Weights};
use crate::kernel::{Batch, Buffer, Real, Workspace};

/// (batch, pixels channels) -> (batch, pixels (channels + more)): the
/// `more` constants of a row at each of its pixels.
pub struct Concat {
    /// Channels of the input.
    pub channels: usize,
    /// (batch, more), row-major.
    pub constants: Vec<f32>,
    /// Constants per row.
    pub more: usize,
}

impl Concat {
    fn filled<T: Real>(&self, x: &Batch<T>, constant: impl Fn(f32) -> T) -> Batch<T> {
        let (width, wide) = (x.columns(), self.channels + self.more);
        let mut y = Buffer::unspecified(x.numbers().len() / self.channels * wide);
        let rows = x.numbers().chunks_exact(width).zip(self.constants.chunks_exact(self.more));
        for ((row, constants), y) in rows.zip(y.chunks_exact_mut(width / self.channels * wide)) {
            for (pixel, y) in row.chunks_exact(self.channels).zip(y.chunks_exact_mut(wide)) {
                let (own, rest) = y.split_at_mut(self.channels);
                own.copy_from_slice(pixel);
                rest.iter_mut().zip(constants).for_each(|(y, &c)| *y = constant(c));
            }
        }
        Batch::new(x.rows(), y)
    }
}

impl<T: Real> Operation<T> for Concat {
    fn name(&self) -> &'static str {
        "concat"
    }

    fn forward(&self, x: &Batch<T>, _: Weights<T>, _: &mut Workspace) -> Result<Batch<T>> {
        let (rows, width) = (x.rows(), x.columns());
        if self.channels == 0 || !width.is_multiple_of(self.channels) || self.more == 0 {
            bail!("concat: {width} numbers are not pixels of {} channels", self.channels);
        }
        if self.constants.len() != rows * self.more {
            bail!("concat: {} constants for {rows} rows of {}", self.constants.len(), self.more);
        }
        Ok(self.filled(x, |c| T::of(f64::from(c))))
    }

    fn backward(
        &self,
        call: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        _: Option<WeightGradients<T>>,
        _: &mut Workspace,
    ) -> Result<Option<Batch<T>>> {
        let own = || {
            let mut dx = Buffer::unspecified(call.x.numbers().len());
            let pixels = gradient.numbers().chunks_exact(self.channels + self.more);
            for (dx, pixel) in dx.chunks_exact_mut(self.channels).zip(pixels) {
                dx.copy_from_slice(&pixel[..self.channels]);
            }
            Batch::new(call.x.rows(), dx)
        };
        Ok(wanted.then(own))
    }

    fn tangent(&self, _: Call<T>, direction: &Batch<T>, _: &mut Workspace) -> Result<Batch<T>> {
        Ok(self.filled(direction, |_| T::ZERO))
    }
}
