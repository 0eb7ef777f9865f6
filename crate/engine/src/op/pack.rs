//! Stacks several images as the channels of one, so that D scores them jointly
//! (PacGAN, arXiv:1712.04086).

use candle_core::{Result, bail};

use super::operation::{Call, Operation, WeightGradients, Weights};
use crate::kernel::{Batch, Buffer, Real, Workspace};

/// (batch, pixels channels) -> (batch / count, pixels count channels): `count`
/// consecutive images of a batch become one, channels last.
pub struct Pack {
    /// Images per pack.
    pub count: usize,
    /// Channels of each image.
    pub channels: usize,
}

impl Pack {
    /// Calls `f` with the index of each run of channels before and after
    /// packing.
    fn each(&self, numbers: usize, width: usize, mut f: impl FnMut(usize, usize)) {
        let (count, channels) = (self.count, self.channels);
        for from in (0..numbers).step_by(channels) {
            let (image, within) = (from / width, from % width);
            let pixel = within / channels;
            let to = image / count * (width * count) + (pixel * count + image % count) * channels;
            f(from, to);
        }
    }

    fn packed<T: Real>(&self, x: &Batch<T>) -> Batch<T> {
        let (from, channels) = (x.numbers(), self.channels);
        let mut packed = Buffer::unspecified(from.len());
        self.each(from.len(), x.columns(), |at, to| {
            packed[to..to + channels].copy_from_slice(&from[at..at + channels]);
        });
        Batch::new(x.rows() / self.count, packed)
    }
}

impl<T: Real> Operation<T> for Pack {
    fn name(&self) -> &'static str {
        "pack"
    }

    fn forward(&self, x: &Batch<T>, _: Weights<T>, _: &mut Workspace) -> Result<Batch<T>> {
        let (rows, width) = (x.rows(), x.columns());
        if !rows.is_multiple_of(self.count.max(1)) || !width.is_multiple_of(self.channels.max(1)) {
            bail!(
                "pack: {rows} rows of {width} are not groups of {} x {}",
                self.count,
                self.channels
            );
        }
        Ok(self.packed(x))
    }

    fn backward(
        &self,
        call: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        _: Option<WeightGradients<T>>,
        _: &mut Workspace,
    ) -> Result<Option<Batch<T>>> {
        let unpacked = || {
            let (from, channels) = (gradient.numbers(), self.channels);
            let mut dx = Buffer::unspecified(from.len());
            self.each(from.len(), call.x.columns(), |to, at| {
                dx[to..to + channels].copy_from_slice(&from[at..at + channels]);
            });
            Batch::new(call.x.rows(), dx)
        };
        Ok(wanted.then(unpacked))
    }

    fn tangent(&self, _: Call<T>, direction: &Batch<T>, _: &mut Workspace) -> Result<Batch<T>> {
        Ok(self.packed(direction))
    }
}
