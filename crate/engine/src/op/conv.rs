//! Convolution and its transpose as products over patches, a few images at a
//! time.
//!
//! Images are (batch, height width channels), channels last; a patch is a row
//! in the order (y, x, channel). The patches of a few images are made,
//! multiplied and forgotten while they are still in the cache; the backward
//! makes them again, which costs less than reading back a matrix sixteen times
//! the image's size.

use candle_core::{Result, Shape, Tensor, bail};

use super::operation::{OnTape, Operation, View};
use super::{Activation, Element};
use crate::kernel::meter::Part;
use crate::kernel::{Matrix, Real, Window, Workspace};

/// act(patches(x) w + b): (batch, image), (patch, out), (out) -> (batch, grid
/// out).
pub struct Conv {
    /// The windows over the image that enters.
    pub window: Window,
    /// Applied to the sum.
    pub activation: Activation,
}

/// The transpose: act(sum of patches x w, where they lie, + b): (batch, grid
/// in), (in, patch), (channels) -> (batch, image).
pub struct Deconv {
    /// The windows over the image that leaves.
    pub window: Window,
    /// Applied to the sum.
    pub activation: Activation,
}

/// [`Conv`] on candle's tape.
pub fn conv(
    x: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    window: Window,
    activation: Activation,
) -> Result<Tensor> {
    x.apply_op3(weight, bias, OnTape(Conv { window, activation }))
}

/// [`Deconv`] on candle's tape.
pub fn deconv(
    x: &Tensor,
    weight: &Tensor,
    bias: &Tensor,
    window: Window,
    activation: Activation,
) -> Result<Tensor> {
    x.apply_op3(weight, bias, OnTape(Deconv { window, activation }))
}

/// Numbers of the patches made at once, about: 128 kB of f32.
const AT_ONCE: usize = 1 << 15;

/// Images whose patches are made at once: one, or fours, so that their rows
/// fill whole tiles of a product.
fn images_at_once(window: &Window) -> usize {
    match AT_ONCE / (window.rows() * window.columns()).max(1) {
        0 | 1 => 1,
        images => images.next_multiple_of(4),
    }
}

/// The patches of images, (count, image) -> (count rows, columns), in the
/// workspace's buffer that `patches` was taken from.
fn gather<T: Element>(window: &Window, images: &[T], patches: &mut Vec<T>, ws: &mut Workspace) {
    let start = ws.meter.start();
    patches.resize(images.len() / window.image() * window.rows() * window.columns(), T::ZERO);
    window.gather(images, patches, &mut T::scratch(ws).padded);
    ws.meter.stop(Part::Patches, start);
}

/// The images of patches, (count rows, columns) -> (count, image).
fn scatter<T: Element>(window: &Window, patches: &[T], images: &mut [T], ws: &mut Workspace) {
    let start = ws.meter.start();
    window.scatter(patches, images, &mut T::scratch(ws).padded);
    ws.meter.stop(Part::Patches, start);
}

/// The workspace's buffer for patches; to be put back by [`put_back`].
fn take<T: Real>(ws: &mut Workspace) -> Vec<T> {
    std::mem::take(&mut T::scratch(ws).patches)
}

fn put_back<T: Real>(patches: Vec<T>, ws: &mut Workspace) {
    T::scratch(ws).patches = patches;
}

/// (batch, other side's width) of a convolution whose weights are (`from`,
/// `to`); errors where shapes do not fit.
fn fit<T>(
    name: &str,
    window: &Window,
    [x, w, b]: [&View<T>; 3],
    image: usize,
    biases: impl Fn(usize) -> usize,
) -> Result<(usize, usize)> {
    let (&[batch, inputs], &[from, to], &[bias]) = (x.dims, w.dims, b.dims) else {
        bail!(
            "{name}: takes a matrix, a matrix and a row, got {:?}, {:?} and {:?}",
            x.dims,
            w.dims,
            b.dims
        )
    };
    if window.rows() == 0 || inputs != image || bias != biases(to) {
        bail!(
            "{name}: {inputs} values, weights {from} x {to} and {bias} biases do not fit {window:?}"
        );
    }
    Ok((batch, to))
}

impl Operation<3> for Conv {
    const NAME: &'static str = "conv";

    fn forward<T: Element>(
        &self,
        [x, w, b]: [View<T>; 3],
        ws: &mut Workspace,
    ) -> Result<(Vec<T>, Shape)> {
        let window = &self.window;
        let (batch, outputs) = fit(Self::NAME, window, [&x, &w, &b], window.image(), |to| to)?;
        if w.dims[0] != window.columns() {
            bail!("conv: weights of {} numbers a patch, expected {}", w.dims[0], window.columns());
        }
        let mut patches = take(ws);
        let mut y = vec![T::ZERO; batch * window.rows() * outputs];
        let images = images_at_once(window);
        let blocks = y.chunks_mut(images * window.rows() * outputs);
        for (x, y) in x.data.chunks(images * window.image()).zip(blocks) {
            gather(window, x, &mut patches, ws);
            let rows = y.len() / outputs;
            ws.product_into(
                y,
                false,
                Matrix::new(&patches, rows, window.columns()),
                Matrix::new(w.data, window.columns(), outputs),
            );
            self.activation.finish(y, b.data, ws);
        }
        put_back(patches, ws);
        Ok((y, Shape::from((batch, window.rows() * outputs))))
    }

    /// dX = scatter(G W^T), dW = patches(X)^T G, db = column sums of G, where G
    /// is the gradient before the activation.
    fn backward<T: Element>(
        &self,
        [x, w, _]: [View<T>; 3],
        result: &[T],
        gradient: &[T],
        [x_wanted, w_wanted, b_wanted]: [bool; 3],
        ws: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; 3]> {
        let window = &self.window;
        let (columns, outputs) = (window.columns(), w.dims[1]);
        let weight = Matrix::new(w.data, columns, outputs);
        let g = self.activation.before(result, gradient, ws);
        let mut dx = x_wanted.then(|| vec![T::ZERO; x.data.len()]);
        let mut dw = w_wanted.then(|| vec![T::ZERO; w.data.len()]);
        let mut patches = take(ws);
        let images = images_at_once(window);
        let blocks = g.chunks(images * window.rows() * outputs);
        for (block, g) in blocks.enumerate() {
            let g = Matrix::new(g, g.len() / outputs, outputs);
            let first = block * images * window.image();
            let end = (first + images * window.image()).min(x.data.len());
            if let Some(dw) = &mut dw {
                gather(window, &x.data[first..end], &mut patches, ws);
                ws.product_into(
                    dw,
                    block > 0,
                    Matrix::new(&patches, g.rows(), columns).transposed(),
                    g,
                );
            }
            if let Some(dx) = &mut dx {
                patches.resize(g.rows() * columns, T::ZERO);
                ws.product_into(&mut patches, false, g, weight.transposed());
                scatter(window, &patches, &mut dx[first..end], ws);
            }
        }
        put_back(patches, ws);
        let db = b_wanted.then(|| Activation::bias_gradient(&g, outputs, ws));
        Ok([dx, dw, db])
    }

    fn tangent<T: Element>(
        &self,
        [x, w, b]: [View<T>; 3],
        result: &[T],
        direction: &[T],
        ws: &mut Workspace,
    ) -> Result<Vec<T>> {
        let linear = Self { activation: Activation::Identity, ..*self };
        let still = vec![T::ZERO; b.data.len()];
        let args = [View { data: direction, dims: x.dims }, w, View { data: &still, dims: b.dims }];
        self.activation.slope(result, linear.forward(args, ws)?.0, ws)
    }
}

impl Operation<3> for Deconv {
    const NAME: &'static str = "deconv";

    fn forward<T: Element>(
        &self,
        [x, w, b]: [View<T>; 3],
        ws: &mut Workspace,
    ) -> Result<(Vec<T>, Shape)> {
        let window = &self.window;
        let inputs = w.dims.first().copied().unwrap_or(0);
        let channels = |_| window.channels;
        let (batch, columns) =
            fit(Self::NAME, window, [&x, &w, &b], window.rows() * inputs, channels)?;
        if columns != window.columns() {
            bail!("deconv: weights of {columns} numbers a patch, expected {}", window.columns());
        }
        let mut patches = take(ws);
        let mut y = vec![T::ZERO; batch * window.image()];
        let images = images_at_once(window);
        let blocks = y.chunks_mut(images * window.image());
        for (x, y) in x.data.chunks(images * window.rows() * inputs).zip(blocks) {
            let x = Matrix::new(x, x.len() / inputs, inputs);
            patches.resize(x.rows() * columns, T::ZERO);
            ws.product_into(&mut patches, false, x, Matrix::new(w.data, inputs, columns));
            scatter(window, &patches, y, ws);
            self.activation.finish(y, b.data, ws);
        }
        put_back(patches, ws);
        Ok((y, Shape::from((batch, window.image()))))
    }

    /// dX = P W^T, dW = X^T P, db = column sums of G, where P are the patches
    /// of G, the gradient before the activation.
    fn backward<T: Element>(
        &self,
        [x, w, _]: [View<T>; 3],
        result: &[T],
        gradient: &[T],
        [x_wanted, w_wanted, b_wanted]: [bool; 3],
        ws: &mut Workspace,
    ) -> Result<[Option<Vec<T>>; 3]> {
        let window = &self.window;
        let (inputs, columns) = (w.dims[0], window.columns());
        let weight = Matrix::new(w.data, inputs, columns);
        let g = self.activation.before(result, gradient, ws);
        let mut dx = x_wanted.then(|| vec![T::ZERO; x.data.len()]);
        let mut dw = w_wanted.then(|| vec![T::ZERO; w.data.len()]);
        let mut patches = take(ws);
        let images = images_at_once(window);
        for (block, g) in g.chunks(images * window.image()).enumerate() {
            gather(window, g, &mut patches, ws);
            let rows = patches.len() / columns;
            let p = Matrix::new(&patches, rows, columns);
            let first = block * images * window.rows() * inputs;
            let own = first..first + rows * inputs;
            if let Some(dw) = &mut dw {
                let x = Matrix::new(&x.data[own.clone()], rows, inputs);
                ws.product_into(dw, block > 0, x.transposed(), p);
            }
            if let Some(dx) = &mut dx {
                ws.product_into(&mut dx[own], false, p, weight.transposed());
            }
        }
        put_back(patches, ws);
        let db = b_wanted.then(|| Activation::bias_gradient(&g, window.channels, ws));
        Ok([dx, dw, db])
    }
}
