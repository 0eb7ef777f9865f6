//! Several images as the channels of one, so that D judges them together
//! (PacGAN, arXiv:1712.04086).

use candle_core::{Result, Shape, Tensor, bail};

use super::Element;
use super::operation::{OnTape, Operation, View};
use crate::kernel::Workspace;

/// (batch, pixels channels) -> (batch / count, pixels count channels): `count`
/// neighbours in a batch become one image, channels last.
pub struct Pack {
    /// Images that become one.
    pub count: usize,
    /// Channels of each.
    pub channels: usize,
}

/// [`Pack`] on candle's tape.
pub fn pack(x: &Tensor, count: usize, channels: usize) -> Result<Tensor> {
    x.apply_op1(OnTape(Pack { count, channels }))
}

impl Pack {
    /// Calls `f` with the place of each run of channels before and after.
    fn each(&self, numbers: usize, width: usize, mut f: impl FnMut(usize, usize)) {
        let (count, channels) = (self.count, self.channels);
        for from in (0..numbers).step_by(channels) {
            let (image, within) = (from / width, from % width);
            let pixel = within / channels;
            let to = image / count * (width * count) + (pixel * count + image % count) * channels;
            f(from, to);
        }
    }

    fn packed<T: Element>(&self, x: &[T], width: usize) -> Vec<T> {
        let mut y = vec![T::ZERO; x.len()];
        let channels = self.channels;
        self.each(x.len(), width, |from, to| {
            y[to..to + channels].copy_from_slice(&x[from..from + channels]);
        });
        y
    }
}

impl Operation<1> for Pack {
    const NAME: &'static str = "pack";

    fn forward<T: Element>(&self, [x]: [View<T>; 1], _: &mut Workspace) -> Result<(Vec<T>, Shape)> {
        let &[rows, width] = x.dims else { bail!("pack: takes a matrix, got {:?}", x.dims) };
        if !rows.is_multiple_of(self.count.max(1)) || !width.is_multiple_of(self.channels.max(1)) {
            bail!(
                "pack: {rows} rows of {width} are not groups of {} x {}",
                self.count,
                self.channels
            );
        }
        Ok((self.packed(x.data, width), Shape::from((rows / self.count, width * self.count))))
    }

    fn backward<T: Element>(
        &self,
        [x]: [View<T>; 1],
        _: &[T],
        gradient: &[T],
        [wanted]: [bool; 1],
        _: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; 1]> {
        let unpacked = || {
            let mut dx = vec![T::ZERO; gradient.len()];
            self.each(gradient.len(), x.dims[1], |from, to| {
                dx[from..from + self.channels].copy_from_slice(&gradient[to..to + self.channels]);
            });
            dx
        };
        Ok([wanted.then(unpacked)])
    }

    fn tangent<T: Element>(
        &self,
        [x]: [View<T>; 1],
        _: &[T],
        direction: &[T],
        _: &mut Workspace,
    ) -> Result<Vec<T>> {
        Ok(self.packed(direction, x.dims[1]))
    }
}
