//! The games and the session that hosts drive them through.

mod config;
mod duel;
mod player;
mod session;
mod state;

pub use config::Config;
pub use duel::{Losses, Phase, Standing};
pub use session::{PREVIEW, Session};
pub use state::State;
