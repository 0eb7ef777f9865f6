//! Convolution and its transpose as products over patches, a few images at a
//! time.
//!
//! Images are (batch, height width channels), channels last; a patch is a row
//! in the order (y, x, channel). The patches of a few images are gathered,
//! multiplied and discarded while they are still in the cache; the backward
//! pass gathers them again, which costs less than reading back a matrix sixteen
//! times the image's size.

use candle_core::{Result, bail};

use super::Activation;
use super::operation::{Call, Operation, WeightGradients, Weights, add_to};
use crate::kernel::meter::Part;
use crate::kernel::{Batch, Buffer, Matrix, Real, Window, Workspace};

/// act(patches(x) w + b): (batch, image), (patch, out), (out) -> (batch, grid
/// out).
pub struct Conv {
    /// The windows over the input image.
    pub window: Window,
    /// Applied to the sum.
    pub activation: Activation,
}

/// The transpose: act(sum of patches x w at their places + b): (batch, grid
/// in), (in, patch), (channels) -> (batch, image).
pub struct Deconv {
    /// The windows over the output image.
    pub window: Window,
    /// Applied to the sum.
    pub activation: Activation,
}

/// Approximate count of numbers in the patches gathered at once: 128 kB of f32.
const AT_ONCE: usize = 1 << 15;

/// Images whose patches are gathered at once: one, or a multiple of four, so
/// that their rows fill complete tiles of a product.
fn images_at_once(window: &Window) -> usize {
    match AT_ONCE / (window.rows() * window.columns()).max(1) {
        0 | 1 => 1,
        images => images.next_multiple_of(4),
    }
}

/// The patches of images, (count, image) -> (count rows, columns), in
/// `patches`, the buffer taken from the workspace.
fn gather<T: Real>(window: &Window, images: &[T], patches: &mut Vec<T>, ws: &mut Workspace) {
    let start = ws.meter.start();
    patches.resize(images.len() / window.image() * window.rows() * window.columns(), T::ZERO);
    window.gather(images, patches, &mut T::scratch(ws).padded);
    ws.meter.stop(Part::Patches, start);
}

/// The images of patches, (count rows, columns) -> (count, image).
fn scatter<T: Real>(window: &Window, patches: &[T], images: &mut [T], ws: &mut Workspace) {
    let start = ws.meter.start();
    window.scatter(patches, images, &mut T::scratch(ws).padded);
    ws.meter.stop(Part::Patches, start);
}

/// Takes the workspace's buffer for patches; [`put_back`] returns it.
fn take<T: Real>(ws: &mut Workspace) -> Vec<T> {
    std::mem::take(&mut T::scratch(ws).patches)
}

fn put_back<T: Real>(patches: Vec<T>, ws: &mut Workspace) {
    T::scratch(ws).patches = patches;
}

impl<T: Real> Operation<T> for Conv {
    fn name(&self) -> &'static str {
        "conv"
    }

    fn forward(&self, x: &Batch<T>, w: Weights<T>, ws: &mut Workspace) -> Result<Batch<T>> {
        let (window, outputs) = (&self.window, w.bias.len());
        let fits = x.columns() == window.image() && w.weight.len() == window.columns() * outputs;
        if window.rows() == 0 || !fits {
            bail!(
                "conv: {} values, {} weights and {outputs} biases do not fit {window:?}",
                x.columns(),
                w.weight.len()
            );
        }
        let mut patches = take(ws);
        let mut y = Buffer::unspecified(x.rows() * window.rows() * outputs);
        let images = images_at_once(window);
        let blocks = y.chunks_mut(images * window.rows() * outputs);
        for (x, y) in x.numbers().chunks(images * window.image()).zip(blocks) {
            gather(window, x, &mut patches, ws);
            let rows = y.len() / outputs;
            ws.product_into(
                y,
                false,
                Matrix::new(&patches, rows, window.columns()),
                Matrix::new(w.weight, window.columns(), outputs),
            );
            self.activation.finish(y, w.bias, ws);
        }
        put_back(patches, ws);
        Ok(Batch::new(x.rows(), y))
    }

    /// dX = scatter(G W^T), dW = patches(X)^T G, db = column sums of G, where G
    /// is the gradient before the activation.
    fn backward(
        &self,
        call: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        into: Option<WeightGradients<T>>,
        ws: &mut Workspace,
    ) -> Result<Option<Batch<T>>> {
        let (window, x) = (&self.window, call.x.numbers());
        let columns = window.columns();
        let outputs = call.weights.weight.len() / columns;
        let weight = Matrix::new(call.weights.weight, columns, outputs);
        let before = self.activation.before(call.y, gradient, ws);
        let mut dx = wanted.then(|| Buffer::unspecified(x.len()));
        let mut dw = into.is_some().then(|| Buffer::unspecified(columns * outputs));
        let mut patches = take(ws);
        let images = images_at_once(window);
        let blocks = before.numbers().chunks(images * window.rows() * outputs);
        for (block, g) in blocks.enumerate() {
            let g = Matrix::new(g, g.len() / outputs, outputs);
            let first = block * images * window.image();
            let end = (first + images * window.image()).min(x.len());
            if let Some(dw) = &mut dw {
                gather(window, &x[first..end], &mut patches, ws);
                let patches = Matrix::new(&patches, g.rows(), columns);
                ws.product_into(dw, block > 0, patches.transposed(), g);
            }
            if let Some(dx) = &mut dx {
                patches.resize(g.rows() * columns, T::ZERO);
                ws.product_into(&mut patches, false, g, weight.transposed());
                scatter(window, &patches, &mut dx[first..end], ws);
            }
        }
        put_back(patches, ws);
        if let (Some(into), Some(dw)) = (into, dw) {
            add_to(into.weight, &dw);
            Activation::add_bias_gradient(into.bias, before.numbers(), ws);
        }
        Ok(dx.map(|dx| Batch::new(call.x.rows(), dx)))
    }

    fn tangent(&self, call: Call<T>, direction: &Batch<T>, ws: &mut Workspace) -> Result<Batch<T>> {
        let linear = Self { activation: Activation::Identity, ..*self };
        let zeros = Buffer::zeros(call.weights.bias.len());
        let weights = Weights { bias: &zeros, ..call.weights };
        let moved = linear.forward(direction, weights, ws)?;
        self.activation.slope(call.y, moved, ws)
    }
}

impl<T: Real> Operation<T> for Deconv {
    fn name(&self) -> &'static str {
        "deconv"
    }

    fn forward(&self, x: &Batch<T>, w: Weights<T>, ws: &mut Workspace) -> Result<Batch<T>> {
        let window = &self.window;
        let columns = window.columns();
        let inputs = w.weight.len() / columns.max(1);
        let fits = w.weight.len() == inputs * columns && w.bias.len() == window.channels;
        if window.rows() == 0 || x.columns() != window.rows() * inputs || !fits {
            bail!(
                "deconv: {} values, {} weights and {} biases do not fit {window:?}",
                x.columns(),
                w.weight.len(),
                w.bias.len()
            );
        }
        let mut patches = take(ws);
        let mut y = Buffer::unspecified(x.rows() * window.image());
        let images = images_at_once(window);
        let blocks = y.chunks_mut(images * window.image());
        for (x, y) in x.numbers().chunks(images * window.rows() * inputs).zip(blocks) {
            let x = Matrix::new(x, x.len() / inputs, inputs);
            patches.resize(x.rows() * columns, T::ZERO);
            ws.product_into(&mut patches, false, x, Matrix::new(w.weight, inputs, columns));
            scatter(window, &patches, y, ws);
            self.activation.finish(y, w.bias, ws);
        }
        put_back(patches, ws);
        Ok(Batch::new(x.rows(), y))
    }

    /// dX = P W^T, dW = X^T P, db = column sums of G, where P holds the
    /// patches of G, the gradient before the activation.
    fn backward(
        &self,
        call: Call<T>,
        gradient: &Batch<T>,
        wanted: bool,
        into: Option<WeightGradients<T>>,
        ws: &mut Workspace,
    ) -> Result<Option<Batch<T>>> {
        let (window, x) = (&self.window, call.x.numbers());
        let columns = window.columns();
        let inputs = call.weights.weight.len() / columns;
        let weight = Matrix::new(call.weights.weight, inputs, columns);
        let before = self.activation.before(call.y, gradient, ws);
        let mut dx = wanted.then(|| Buffer::unspecified(x.len()));
        let mut dw = into.is_some().then(|| Buffer::unspecified(inputs * columns));
        let mut patches = take(ws);
        let images = images_at_once(window);
        for (block, g) in before.numbers().chunks(images * window.image()).enumerate() {
            gather(window, g, &mut patches, ws);
            let rows = patches.len() / columns;
            let p = Matrix::new(&patches, rows, columns);
            let first = block * images * window.rows() * inputs;
            let own = first..first + rows * inputs;
            if let Some(dw) = &mut dw {
                let x = Matrix::new(&x[own.clone()], rows, inputs);
                ws.product_into(dw, block > 0, x.transposed(), p);
            }
            if let Some(dx) = &mut dx {
                ws.product_into(&mut dx[own], false, p, weight.transposed());
            }
        }
        put_back(patches, ws);
        if let (Some(into), Some(dw)) = (into, dw) {
            add_to(into.weight, &dw);
            Activation::add_bias_gradient(into.bias, before.numbers(), ws);
        }
        Ok(dx.map(|dx| Batch::new(call.x.rows(), dx)))
    }
}
