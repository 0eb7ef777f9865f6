//! GANs that train on a CPU: candle's tensors, operations of our own, and one
//! session that every host drives.
//!
//! The rooms, from the ground up: [`kernel`] computes, [`data`] holds digits,
//! [`rng`] draws random numbers, [`op`] makes operations; [`params`],
//! [`optim`], [`loss`] and [`net`] are what players are made of, [`recipe`]
//! says what a kind of GAN is; [`metric`] measures digits, [`latent`] finds
//! ways between them; [`train`] plays the game, [`watch`] looks at it,
//! [`checkpoint`] keeps it, [`bench`] measures its speed. Hosts train by
//! [`Session`] alone; beside it they use [`data`], [`metric`], [`watch`] and
//! [`checkpoint`] directly.
//!
//! ```
//! use ganvas::{Config, Dataset, Session, StepOutcome};
//! let config = Config::new("gan", 7, [("batch", "16"), ("g_hidden", "32")])?;
//! let mut session = Session::new(config, Dataset::drawn())?;
//! for _ in 0..3 {
//!     assert_eq!(session.step()?, StepOutcome::Done);
//! }
//! assert_eq!(session.preview()?.len(), 64 * 784);
//! # Ok::<(), ganvas::Error>(())
//! ```

pub mod bench;
pub mod checkpoint;
pub mod data;
mod error;
pub mod kernel;
pub mod latent;
pub mod loss;
pub mod metric;
pub mod net;
pub mod op;
pub mod optim;
pub mod params;
pub mod recipe;
pub mod rng;
pub mod train;
pub mod watch;

pub use data::Dataset;
pub use error::{Error, ErrorFacts, Result, Setting};
pub use train::{Config, Losses, Phase, Session, StepOutcome};
