//! The games and the session that hosts drive them through.

mod config;
mod duel;
mod phase;
mod player;
mod session;
mod state;
mod work;

pub use config::Config;
pub use phase::{Losses, Phase, Standing};
pub use session::{PREVIEW, Session};
pub use state::State;
