//! GANs that train on a CPU: candle's tensors, custom operations, and one
//! session that every host drives.
//!
//! The rooms, from the ground up: [`kernel`] computes, [`data`] holds images,
//! [`rng`] draws random numbers, [`op`] defines operations; [`params`],
//! [`optim`], [`loss`] and [`net`] are the parts of a player, [`recipe`]
//! defines each type of GAN; [`metric`] measures images, [`latent`] finds
//! directions and inverts images in latent space; [`train`] plays the game,
//! [`watch`] observes it, [`checkpoint`] saves it, [`bench`] times it.
//!
//! Hosts train through [`Session`] alone; besides it they use [`data`],
//! [`metric`], [`watch`] and [`checkpoint`] directly.
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
