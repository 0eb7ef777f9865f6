use super::{Config, State};

/// A generator alone: the configuration and the iterations of its run, and the
/// averaged weights.
pub struct Generator {
    /// The configuration of its run.
    pub config: Config,
    /// Iterations of its training.
    pub steps: u32,
    pub(crate) weights: State,
}
