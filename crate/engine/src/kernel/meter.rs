//! The time of training by part: one stopwatch per part, off unless a host
//! provides a clock.

/// A part of the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// Matrix products.
    Product,
    /// Conversion of images to patches and back (im2col, col2im).
    Patches,
    /// Bias, activation and dropout, forward and backward.
    Epilogue,
    /// Batch normalisation with its activation.
    BatchNorm,
    /// Optimiser, gradient norms and the running average of the generator.
    Optimizer,
    /// Drawing of latent vectors and real batches.
    Sampling,
}

impl Part {
    /// All parts.
    pub const ALL: [Self; 6] = [
        Self::Product,
        Self::Patches,
        Self::Epilogue,
        Self::BatchNorm,
        Self::Optimizer,
        Self::Sampling,
    ];

    /// Its name in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Product => "product",
            Self::Patches => "im2col",
            Self::Epilogue => "epilogue",
            Self::BatchNorm => "batch_norm",
            Self::Optimizer => "optimiser",
            Self::Sampling => "sampling",
        }
    }
}

/// Time by part, and multiply-adds.
#[derive(Default)]
pub struct Meter {
    clock: Option<fn() -> f64>,
    times: [f64; Part::ALL.len()],
    multiply_adds: f64,
}

impl Meter {
    /// Resets all counts and measures by `clock` (milliseconds) from now on;
    /// None turns the stopwatches off.
    pub fn reset(&mut self, clock: Option<fn() -> f64>) {
        *self = Self { clock, ..Self::default() };
    }

    /// The time at which a part begins, in milliseconds; 0 without a clock.
    #[inline]
    pub fn start(&self) -> f64 {
        self.clock.map_or(0., |clock| clock())
    }

    /// Adds the time since `start` to `part`.
    #[inline]
    pub fn stop(&mut self, part: Part, start: f64) {
        if let Some(clock) = self.clock {
            self.times[part as usize] += clock() - start;
        }
    }

    /// Milliseconds spent in a part so far.
    pub fn time(&self, part: Part) -> f64 {
        self.times[part as usize]
    }

    /// Counts a product, (m, k) x (k, n).
    #[inline]
    pub(super) fn multiplied(&mut self, m: usize, k: usize, n: usize) {
        // As f64 before multiplying: usize has 32 bits in wasm.
        self.multiply_adds += m as f64 * k as f64 * n as f64;
    }

    /// Multiply-adds of products so far.
    pub fn multiply_adds(&self) -> f64 {
        self.multiply_adds
    }
}
