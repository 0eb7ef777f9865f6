//! Instance normalisation (arXiv:1607.08022) and the activation after it,
//! without weights, as CycleGAN uses it.

use candle_core::{Result, Shape, bail};

use super::batch_norm::{EPSILON, column_gradients, input_gradient, statistics};
use super::operation::{Operation, View};
use super::{Activation, Element};
use crate::kernel::meter::Part;
use crate::kernel::{Real, Workspace};

/// act((x - mean) / sqrt(variance + 1e-5)), each channel of each image by its
/// own pixels: (batch, pixels channels) -> the same.
pub struct InstanceNorm {
    /// Channels of an image.
    pub channels: usize,
    /// Applied to the normalised value.
    pub activation: Activation,
}

impl InstanceNorm {
    /// Mean and 1 / deviation of each channel of one image.
    fn scale<T: Real>(&self, image: &[T]) -> (Vec<T>, Vec<T>) {
        let seen = statistics(image, self.channels);
        let inverse = seen.variance.iter().map(|&v| T::of(1. / (v + EPSILON).sqrt())).collect();
        (seen.mean.iter().map(|&m| T::of(m)).collect(), inverse)
    }
}

impl Operation<1> for InstanceNorm {
    const NAME: &'static str = "instance-norm";

    fn forward<T: Element>(
        &self,
        [x]: [View<T>; 1],
        ws: &mut Workspace,
    ) -> Result<(Vec<T>, Shape)> {
        let &[_, width] = x.dims else { bail!("instance norm: takes a matrix, got {:?}", x.dims) };
        if self.channels == 0 || width == 0 || !width.is_multiple_of(self.channels) {
            bail!("instance norm: {width} numbers are not pixels of {} channels", self.channels);
        }
        let start = ws.meter.start();
        let shift = vec![T::ZERO; self.channels];
        let mut y = Vec::with_capacity(x.data.len());
        for image in x.data.chunks_exact(width) {
            let (mean, inverse) = self.scale(image);
            y.extend(self.activation.standardised(image, [&mean, &inverse, &shift]));
        }
        ws.meter.stop(Part::BatchNorm, start);
        Ok((y, Shape::from(x.dims)))
    }

    fn backward<T: Element>(
        &self,
        [x]: [View<T>; 1],
        result: &[T],
        gradient: &[T],
        [wanted]: [bool; 1],
        ws: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; 1]> {
        if !wanted {
            return Ok([None]);
        }
        let g = self.activation.before(result, gradient, ws);
        let start = ws.meter.start();
        let (width, ones) = (x.dims[1], vec![T::ONE; self.channels]);
        let mut dx = Vec::with_capacity(x.data.len());
        for (image, g) in x.data.chunks_exact(width).zip(g.chunks_exact(width)) {
            let (mean, inverse) = self.scale(image);
            let (gamma, beta) = column_gradients(g, image, &mean, &inverse);
            dx.extend(input_gradient(g, image, [&mean, &inverse, &ones], [&gamma, &beta], false));
        }
        ws.meter.stop(Part::BatchNorm, start);
        Ok([Some(dx)])
    }
}
