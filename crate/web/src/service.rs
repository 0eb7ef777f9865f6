//! The services of the worker: each owns its fields, answers its commands, and
//! knows no other service. What one needs of another, the loop passes as an
//! argument.

pub mod inspect;
pub mod intake;
pub mod run;
pub mod save;
pub mod school;
pub mod studio;
pub mod survey;
pub mod timeline;

use ganvas::train::Phase;
use ganvas::{Config, Dataset, Error, Session};

use crate::outbox::Outbox;
use crate::protocol::{Command, Resumed, Source};

/// A part of the worker that answers some of the commands.
pub trait Service {
    /// Does what a command asks, or puts the reason why not into `outbox`; what
    /// other services have to do next is the effect. The loop sends a service
    /// its own commands alone; others are refused as internal errors.
    fn handle(&mut self, session: &mut Session, command: Command, outbox: &mut Outbox) -> Effect;
}

/// What the loop has to do after a command.
pub enum Effect {
    /// Nothing.
    None,
    /// Another run takes the place of the present one.
    Replace(Replacement),
    /// More of the data in use has arrived: training need not wait for it.
    DataArrived,
    /// Training pauses.
    Pause,
    /// A part of an iteration is done, `phase` last; with `iteration_done` the
    /// iteration, too.
    Phase { phase: Phase, iteration_done: bool },
    /// The run stands at an earlier iteration.
    Rewound,
    /// A run that stands still is to be measured.
    Measure,
    /// A run that stands still is to be stored.
    Store,
}

/// A run that takes the place of the present one.
pub enum Replacement {
    /// A run at step 0 on the present data.
    Fresh { run: u32, config: Box<Config> },
    /// A run at step 0 on other data, of which `more` may come.
    Data { source: Source, data: Dataset, more: bool },
    /// A saved run on the present data: a checkpoint, and for how many
    /// milliseconds it was trained.
    Saved { run: u32, bytes: Vec<u8>, elapsed_ms: f64 },
}

/// How a run begins once it has taken the place of another.
#[derive(Default)]
pub struct Beginning {
    /// Whether training pauses; otherwise it continues if it was on.
    pub paused: bool,
    /// Time that the run was trained before, in milliseconds.
    pub elapsed_ms: f64,
    /// What is known of a saved run.
    pub resumed: Option<Resumed>,
}

/// The refusal of a command that belongs to another service.
fn misrouted(service: &str, outbox: &mut Outbox) -> Effect {
    let reason = format!("a command for another service came to {service}");
    outbox.refuse("", None, &Error::Internal { reason });
    Effect::None
}
