//! Constants beside the channels of an image: how a net is told a label (Mirza
//! and Osindero 2014, arXiv:1411.1784).

use candle_core::{Result, Shape, Tensor, bail};

use super::Element;
use super::operation::{OnTape, Operation, View};
use crate::kernel::Workspace;

/// (batch, pixels channels) -> (batch, pixels (channels + more)): the same
/// `more` constants of a row at each of its pixels.
pub struct Beside {
    /// Channels of what enters.
    pub channels: usize,
    /// (batch, more), row-major.
    pub constants: Vec<f32>,
    /// Constants of a row.
    pub more: usize,
}

/// [`Beside`] on candle's tape.
pub fn beside(x: &Tensor, channels: usize, constants: Vec<f32>, more: usize) -> Result<Tensor> {
    x.apply_op1(OnTape(Beside { channels, constants, more }))
}

impl Beside {
    fn filled<T: Element>(&self, x: &[T], width: usize, constant: impl Fn(f32) -> T) -> Vec<T> {
        let mut y = Vec::with_capacity(x.len() / self.channels * (self.channels + self.more));
        for (row, constants) in x.chunks_exact(width).zip(self.constants.chunks_exact(self.more)) {
            for pixel in row.chunks_exact(self.channels) {
                y.extend_from_slice(pixel);
                y.extend(constants.iter().map(|&c| constant(c)));
            }
        }
        y
    }
}

impl Operation<1> for Beside {
    const NAME: &'static str = "beside";

    fn forward<T: Element>(&self, [x]: [View<T>; 1], _: &mut Workspace) -> Result<(Vec<T>, Shape)> {
        let &[rows, width] = x.dims else { bail!("beside: takes a matrix, got {:?}", x.dims) };
        if self.channels == 0 || !width.is_multiple_of(self.channels) || self.more == 0 {
            bail!("beside: {width} numbers are not pixels of {} channels", self.channels);
        }
        if self.constants.len() != rows * self.more {
            bail!("beside: {} constants for {rows} rows of {}", self.constants.len(), self.more);
        }
        let y = self.filled(x.data, width, |c| T::of(f64::from(c)));
        Ok((y, Shape::from((rows, width / self.channels * (self.channels + self.more)))))
    }

    fn backward<T: Element>(
        &self,
        _: [View<T>; 1],
        _: &[T],
        gradient: &[T],
        [wanted]: [bool; 1],
        _: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; 1]> {
        let own = |pixel: &'_ [T]| pixel[..self.channels].to_vec();
        Ok([wanted
            .then(|| gradient.chunks_exact(self.channels + self.more).flat_map(own).collect())])
    }

    fn tangent<T: Element>(
        &self,
        [x]: [View<T>; 1],
        _: &[T],
        direction: &[T],
        _: &mut Workspace,
    ) -> Result<Vec<T>> {
        Ok(self.filled(direction, x.dims[1], |_| T::ZERO))
    }
}
