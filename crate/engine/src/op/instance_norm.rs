//! Instance normalisation (arXiv:1607.08022) and the activation after it,
//! without weights, as CycleGAN uses it.

use candle_core::{Result, bail};

use super::Activation;
use super::batch_norm::{column_gradients, input_gradient, scale, statistics};
use super::operation::{Call, Operation, WeightGradients, Weights};
use crate::kernel::meter::Part;
use crate::kernel::{Batch, Buffer, Real, Workspace};

/// act((x - mean) / sqrt(variance + 1e-5)), with the statistics of each channel
/// over the pixels of each image: (batch, pixels channels) -> the same.
pub struct InstanceNorm {
    /// Channels of an image.
    pub channels: usize,
    /// Applied to the normalised value.
    pub activation: Activation,
}

impl<T: Real> Operation<T> for InstanceNorm {
    fn name(&self) -> &'static str {
        "instance-norm"
    }

    fn forward(&self, x: &Batch<T>, _: Weights<T>, ws: &mut Workspace) -> Result<Batch<T>> {
        let width = x.columns();
        if self.channels == 0 || width == 0 || !width.is_multiple_of(self.channels) {
            bail!("instance norm: {width} numbers are not pixels of {} channels", self.channels);
        }
        let start = ws.meter.start();
        let shift = Buffer::zeros(self.channels);
        let mut y = Buffer::unspecified(x.numbers().len());
        for (image, y) in x.numbers().chunks_exact(width).zip(y.chunks_exact_mut(width)) {
            let (mean, inverse) = scale(&statistics(image, self.channels, |_, rows| rows));
            y.copy_from_slice(&self.activation.standardised(image, [&mean, &inverse, &shift]));
        }
        ws.meter.stop(Part::BatchNorm, start);
        Ok(Batch::new(x.rows(), y))
    }

    fn backward(
        &self,
        call: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        _: Option<WeightGradients<T>>,
        ws: &mut Workspace,
    ) -> Result<Option<Batch<T>>> {
        if !wanted {
            return Ok(None);
        }
        let before = self.activation.before(call.y, gradient, ws);
        let start = ws.meter.start();
        let (width, x) = (call.x.columns(), call.x.numbers());
        let mut ones = Buffer::unspecified(self.channels);
        ones.fill(T::ONE);
        let mut dx = Buffer::unspecified(x.len());
        let images = x.chunks_exact(width).zip(before.numbers().chunks_exact(width));
        for ((image, g), dx) in images.zip(dx.chunks_exact_mut(width)) {
            let (mean, inverse) = scale(&statistics(image, self.channels, |_, rows| rows));
            let (gamma, beta) = column_gradients(g, image, &mean, &inverse);
            let scales = [&mean[..], &inverse, &ones];
            dx.copy_from_slice(&input_gradient(
                g,
                image,
                scales,
                [&gamma, &beta],
                Some(image.len() / self.channels),
            ));
        }
        ws.meter.stop(Part::BatchNorm, start);
        Ok(Some(Batch::new(call.x.rows(), dx)))
    }
}
