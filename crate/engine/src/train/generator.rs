use super::{Config, State};

/// A generator on its own: what its run was, how far it came, and the averaged
/// weights.
pub struct Generator {
    /// Its run.
    pub config: Config,
    /// Iterations that it was trained.
    pub steps: u32,
    pub(crate) weights: State,
}
