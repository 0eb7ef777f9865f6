//! The games and the session that hosts drive them through.

mod config;
mod cycle;
mod duel;
mod game;
mod generator;
mod phase;
mod player;
mod session;
mod spectral;
mod state;
mod work;

pub use config::Config;
pub use game::{PREVIEW, Translation};
pub use generator::Generator;
pub use phase::{Losses, Phase, Standing};
pub use session::Session;
pub use state::State;
