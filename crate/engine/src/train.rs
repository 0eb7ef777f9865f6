//! The games, and the session through which hosts drive them.

mod config;
mod cycle;
mod draws;
mod duel;
mod facts;
mod filters;
mod game;
mod generator;
mod iteration_view;
mod pair;
mod phase;
mod progress;
mod session;
mod snapshot;
mod spectral;
mod state;
mod stats;
mod step;
mod trained_net;

pub use config::Config;
pub use facts::{Actor, PhaseFacts, Quantity, TrainerFacts};
pub use filters::Filters;
pub use game::{PREVIEW, Translation};
pub use generator::Generator;
pub use iteration_view::{IterationView, signed};
pub use phase::{Losses, Phase, Player, StepOutcome};
pub use session::{Domains, Inspect, Latent, Session};
pub use snapshot::Snapshot;
pub use state::State;
pub use stats::StepStats;
