//! Snapshots: states of a run that are kept to go back to.

use super::{Config, State};

/// A copy of the settings and the state of a run at one iteration: everything
/// that resuming from there needs.
pub struct Snapshot {
    pub(super) config: Config,
    pub(super) state: State,
    /// Iterations done.
    pub step: u32,
    /// Bytes of its tensors.
    pub bytes: usize,
}

impl Snapshot {
    /// Its tensors as (name, numbers), row-major.
    pub fn tensors(&self) -> impl Iterator<Item = (&str, Vec<f32>)> {
        let read = |tensor: &candle_core::Tensor| tensor.flatten_all()?.to_vec1();
        self.state
            .tensors
            .iter()
            .map(move |(name, tensor)| (name.as_str(), read(tensor).unwrap_or_default()))
    }
}
