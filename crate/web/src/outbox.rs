//! Events waiting for the page.

use ganvas::Error;

use crate::describe::refusal;
use crate::protocol::Event;

/// Collects events in the order in which they are posted, and holds the number
/// of the run that they are about.
#[derive(Default)]
pub struct Outbox {
    run: u32,
    events: Vec<Event>,
}

impl Outbox {
    /// The page's number for the present run.
    pub fn run(&self) -> u32 {
        self.run
    }

    /// Later events are about the run of this number.
    pub fn begin(&mut self, run: u32) {
        self.run = run;
    }

    /// Adds an event.
    pub fn push(&mut self, event: Event) {
        self.events.push(event);
    }

    /// The events so far, in order; empties the outbox.
    pub fn take(&mut self) -> Vec<Event> {
        std::mem::take(&mut self.events)
    }

    /// Reports why `command` failed; `run` is the number of a run that it was
    /// to start.
    pub fn refuse(&mut self, command: &str, run: Option<u32>, error: &Error) {
        let (code, args, message) = refusal(error);
        self.push(Event::Refused { command: command.to_owned(), run, code, args, message });
    }

    /// Reports why `command` failed, if it did.
    pub fn answer(&mut self, command: &str, result: Result<(), Error>) {
        if let Err(error) = result {
            self.refuse(command, None, &error);
        }
    }
}
