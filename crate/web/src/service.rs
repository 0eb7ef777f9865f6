//! The services of the worker: each owns its fields, handles its commands, and
//! knows no other service. The loop passes what one service needs of another as
//! an argument.

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

/// A part of the worker that handles some of the commands.
pub trait Service {
    /// Handles a command, or puts the reason why not into `outbox`; returns
    /// what other services have to do next. The loop passes a service its own
    /// commands alone; others are refused as internal errors.
    fn handle(&mut self, session: &mut Session, command: Command, outbox: &mut Outbox) -> Effect;
}

/// What the loop has to do after a command.
pub enum Effect {
    /// Nothing.
    None,
    /// Another run replaces the present one.
    Replace(Replacement),
    /// More of the data in use has arrived: training need not wait for it.
    DataArrived,
    /// Training pauses.
    Pause,
    /// A part of an iteration is done, `phase` last; with `iteration_done` the
    /// iteration, too.
    Phase { phase: Phase, iteration_done: bool },
    /// The run is back at an earlier iteration.
    Rewound,
    /// A paused run is to be measured.
    Measure,
    /// A paused run is to be stored.
    Store,
}

/// A run that replaces the present one.
pub enum Replacement {
    /// A run at step 0 on the present data.
    Fresh { run: u32, config: Box<Config> },
    /// A run at step 0 on other data, of which `more` can arrive.
    Data { source: Source, data: Dataset, more: bool },
    /// A saved run on the present data: a checkpoint, and its training time in
    /// milliseconds.
    Saved { run: u32, bytes: Vec<u8>, elapsed_ms: f64 },
}

/// How a run begins once it has replaced another.
#[derive(Default)]
pub struct Beginning {
    /// Whether training pauses; otherwise it continues if it was on.
    pub paused: bool,
    /// Time that the run was trained before, in milliseconds.
    pub elapsed_ms: f64,
    /// The report on a saved run.
    pub resumed: Option<Resumed>,
}

/// Refuses a command that belongs to another service.
fn misrouted(service: &str, outbox: &mut Outbox) -> Effect {
    let reason = format!("a command for another service came to {service}");
    outbox.refuse("", None, &Error::Internal { reason });
    Effect::None
}
