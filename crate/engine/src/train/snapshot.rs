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
