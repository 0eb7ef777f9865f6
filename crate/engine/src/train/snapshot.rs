//! A run at one iteration, kept to be gone back to.

use super::{Config, State};

/// Everything that going on from there needs: its settings and its state,
/// copied.
pub struct Snapshot {
    pub(super) config: Config,
    pub(super) state: State,
    /// Iterations done.
    pub step: u32,
    /// Bytes of its tensors.
    pub bytes: usize,
}

impl Snapshot {
    /// Its tensors by name, as numbers.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, Vec<f32>)> {
        let read = |tensor: &candle_core::Tensor| tensor.flatten_all()?.to_vec1();
        self.state
            .tensors
            .iter()
            .map(move |(name, tensor)| (name.as_str(), read(tensor).unwrap_or_default()))
    }
}
