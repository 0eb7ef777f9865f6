//! Converts images to rows of patches and back (im2col and col2im), channels
//! last.

use super::Real;

/// The windows of a convolution over an image of (height, width, channels).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[allow(missing_docs)]
pub struct Window {
    pub height: usize,
    pub width: usize,
    pub channels: usize,
    /// Side of a window, in pixels.
    pub kernel: usize,
    /// Pixels from one window to the next.
    pub stride: usize,
    /// Zeros on each side of the image.
    pub padding: usize,
}

impl Window {
    /// (height, width) of the grid of windows; None if no window fits.
    pub fn grid(&self) -> Option<(usize, usize)> {
        let along = |side: usize| {
            (side + 2 * self.padding)
                .checked_sub(self.kernel)
                .map(|left| left / self.stride.max(1) + 1)
        };
        along(self.height).zip(along(self.width))
    }

    /// Number of patches of an image: rows of the matrix.
    pub fn rows(&self) -> usize {
        self.grid().map_or(0, |(height, width)| height * width)
    }

    /// Numbers in a patch, in the order (y, x, channel): columns of the matrix.
    pub fn columns(&self) -> usize {
        self.kernel * self.kernel * self.channels
    }

    /// Numbers in an image.
    pub fn image(&self) -> usize {
        self.height * self.width * self.channels
    }

    fn padded_width(&self) -> usize {
        (self.width + 2 * self.padding) * self.channels
    }

    fn padded(&self) -> usize {
        (self.height + 2 * self.padding) * self.padded_width()
    }

    /// The ranges of the padded image that hold the image's lines, in order.
    fn inside(&self) -> impl Iterator<Item = std::ops::Range<usize>> + use<> {
        let (line, width) = (self.padded_width(), self.width * self.channels);
        let first = self.padding * (line + self.channels);
        (0..self.height).map(move |y| first + y * line..first + y * line + width)
    }

    /// Writes the patches of `images`, (count, image) -> (count rows, columns).
    pub fn gather<T: Real>(&self, images: &[T], patches: &mut [T], padded: &mut Vec<T>) {
        let (rows, columns) = (self.rows(), self.columns());
        assert_eq!(
            images.len() * rows * columns,
            patches.len() * self.image(),
            "patches of {self:?}"
        );
        padded.clear();
        padded.resize(self.padded(), T::ZERO);
        let blocks = patches.chunks_exact_mut(rows * columns);
        for (image, patches) in images.chunks_exact(self.image()).zip(blocks) {
            for (to, from) in self.inside().zip(image.chunks_exact(self.width * self.channels)) {
                padded[to].copy_from_slice(from);
            }
            let (from, to) = (padded.as_ptr(), patches.as_mut_ptr());
            self.walk(
                // SAFETY: `walk` passes only indices within the padded image
                // and within the patches of one image.
                |i, j| unsafe { T::copy_four(from.add(i), to.add(j)) },
                // SAFETY: as above.
                |i, j| unsafe { to.add(j).write(from.add(i).read()) },
            );
        }
    }

    /// Adds all patches at their places in the image, (count rows, columns) ->
    /// (count, image): the transpose of [`Self::gather`].
    pub fn scatter<T: Real>(&self, patches: &[T], images: &mut [T], padded: &mut Vec<T>) {
        let (rows, columns) = (self.rows(), self.columns());
        assert_eq!(
            images.len() * rows * columns,
            patches.len() * self.image(),
            "patches of {self:?}"
        );
        let blocks = patches.chunks_exact(rows * columns);
        for (image, patches) in images.chunks_exact_mut(self.image()).zip(blocks) {
            padded.clear();
            padded.resize(self.padded(), T::ZERO);
            let (to, from) = (padded.as_mut_ptr(), patches.as_ptr());
            self.walk(
                // SAFETY: as in `gather`; the two slices do not overlap.
                |i, j| unsafe { T::add_four(from.add(j), to.add(i)) },
                // SAFETY: as above.
                |i, j| unsafe { *to.add(i) += from.add(j).read() },
            );
            for (from, to) in self.inside().zip(image.chunks_exact_mut(self.width * self.channels))
            {
                to.copy_from_slice(&padded[from]);
            }
        }
    }

    /// Calls `four` or `one` for the numbers of each patch of an image, with
    /// (index in the padded image, index in the patches) of the first of four
    /// numbers or of one.
    ///
    /// Takes sixteen numbers at a time if a patch's line is long enough: for
    /// shorter steps the compiler emits a call of memory.copy, which costs more
    /// than the line.
    #[inline(always)]
    fn walk(&self, mut four: impl FnMut(usize, usize), mut one: impl FnMut(usize, usize)) {
        let Some((grid_height, grid_width)) = self.grid() else { return };
        let (run, columns) = (self.kernel * self.channels, self.columns());
        let across = self.stride * self.channels;
        for y in 0..grid_height {
            for ky in 0..self.kernel {
                let mut at = (y * self.stride + ky) * self.padded_width();
                let mut to = y * grid_width * columns + ky * run;
                for _ in 0..grid_width {
                    let mut i = 0;
                    while i + 16 <= run {
                        four(at + i, to + i);
                        four(at + i + 4, to + i + 4);
                        four(at + i + 8, to + i + 8);
                        four(at + i + 12, to + i + 12);
                        i += 16;
                    }
                    while i + 4 <= run {
                        four(at + i, to + i);
                        i += 4;
                    }
                    while i < run {
                        one(at + i, to + i);
                        i += 1;
                    }
                    (at, to) = (at + across, to + columns);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const WINDOWS: [Window; 6] = [
        Window { height: 28, width: 28, channels: 1, kernel: 4, stride: 2, padding: 1 },
        Window { height: 14, width: 14, channels: 3, kernel: 5, stride: 2, padding: 2 },
        Window { height: 5, width: 7, channels: 2, kernel: 3, stride: 1, padding: 0 },
        Window { height: 1, width: 1, channels: 1, kernel: 1, stride: 1, padding: 0 },
        Window { height: 3, width: 2, channels: 4, kernel: 2, stride: 3, padding: 2 },
        Window { height: 6, width: 5, channels: 5, kernel: 3, stride: 2, padding: 1 },
    ];

    /// A number of a patch by the definition.
    fn naive(window: &Window, images: &[f32], row: usize, column: usize) -> f32 {
        let (image, row) = (row / window.rows(), row % window.rows());
        let (_, width) = window.grid().unwrap();
        let channel = column % window.channels;
        let (ky, kx) =
            (column / window.channels / window.kernel, column / window.channels % window.kernel);
        let y = (row / width * window.stride + ky).wrapping_sub(window.padding);
        let x = (row % width * window.stride + kx).wrapping_sub(window.padding);
        if y >= window.height || x >= window.width {
            return 0.;
        }
        images[image * window.image() + (y * window.width + x) * window.channels + channel]
    }

    #[test]
    fn gather_equals_the_definition_and_scatter_is_its_transpose() {
        for window in WINDOWS {
            let images: Vec<f32> =
                (0..2 * window.image()).map(|i| (i * 37 % 101) as f32 + 1.).collect();
            let (rows, columns) = (2 * window.rows(), window.columns());
            let (mut patches, mut padded) = (vec![f32::NAN; rows * columns], vec![f32::NAN; 3]);
            window.gather(&images, &mut patches, &mut padded);
            let weights: Vec<f32> = (0..rows * columns).map(|i| (i * 13 % 7) as f32).collect();
            let mut back = vec![f32::NAN; images.len()];
            window.scatter(&weights, &mut back, &mut padded);
            for (i, &patch) in patches.iter().enumerate() {
                assert_eq!(
                    patch,
                    naive(&window, &images, i / columns, i % columns),
                    "{window:?} at {i}"
                );
            }
            let dot =
                |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(a * b)).sum::<f64>();
            assert_eq!(dot(&patches, &weights), dot(&images, &back), "{window:?}");
        }
    }

    #[test]
    fn a_window_larger_than_its_image_has_no_grid() {
        let window = Window { height: 2, width: 9, channels: 1, kernel: 5, stride: 1, padding: 1 };
        assert_eq!((window.grid(), window.rows()), (None, 0));
    }
}
