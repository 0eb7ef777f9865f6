//! The games and the session that hosts drive them through.

mod amid;
mod config;
mod cycle;
mod draws;
mod duel;
mod facts;
mod filters;
mod game;
mod generator;
mod moment;
mod pair;
mod phase;
mod player;
mod progress;
mod session;
mod spectral;
mod state;
mod stats;
mod step;

pub use amid::{Amid, signed};
pub use config::Config;
pub use facts::{Actor, PhaseFacts, Quantity, TrainerFacts};
pub use filters::Filters;
pub use game::{PREVIEW, Translation};
pub use generator::Generator;
pub use moment::Moment;
pub use phase::{Losses, Phase, StepOutcome, Who};
pub use session::{Domains, Latent, Session};
pub use state::State;
pub use stats::StepStats;
