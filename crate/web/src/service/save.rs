//! The run as a file: saved on request, stored by the page while it trains, and
//! resumed.

use ganvas::checkpoint::{self, Precision};
use ganvas::data::Likeness;
use ganvas::{Error, Session};
use serde_bytes::ByteBuf;

use super::{Beginning, Effect, Replacement, Service, misrouted};
use crate::clock::now;
use crate::outbox::Outbox;
use crate::protocol::{Autosaved, Command, Differs, Event, File, FileKind, Resumed};

/// Least time between two autosaves while training, in milliseconds: the page
/// stores one of several, and has the newest available when the visitor leaves
/// it.
const EVERY_MS: f64 = 1000.;
/// Greatest share of the time for making autosaves; storing them takes the page
/// at most as much again.
const SHARE: f64 = 0.01;

/// Whether and when autosaves are made, and of what the last one was.
#[derive(Default)]
pub struct Save {
    on: bool,
    due: f64,
    /// The run's number and the digest.
    last: Option<(u32, u64)>,
}

impl Service for Save {
    fn handle(&mut self, session: &mut Session, command: Command, outbox: &mut Outbox) -> Effect {
        match command {
            Command::Save { what } => match file(session, outbox.run(), what) {
                Ok(event) => outbox.push(event),
                Err(error) => outbox.refuse("save", None, &error),
            },
            // Sent again while it is on, it makes the next autosave come at
            // once.
            Command::Autosave { on } => {
                self.on = on;
                self.due = 0.;
                return Effect::Store;
            }
            Command::Resume { run, bytes, elapsed_ms } => {
                let bytes = bytes.into_vec();
                return Effect::Replace(Replacement::Saved { run, bytes, elapsed_ms });
            }
            _ => return misrouted("save", outbox),
        }
        Effect::None
    }
}

impl Save {
    /// Whether it is time for another autosave.
    pub fn due(&self, time: f64) -> bool {
        self.on && time >= self.due
    }

    /// Whether the run has anything to store.
    pub fn wanted(&self, session: &Session) -> bool {
        self.on && session.steps() > 0
    }

    /// An autosave of a run that was trained for `elapsed` milliseconds, if it
    /// differs from the last one and no iteration is under way.
    pub fn autosaved(
        &mut self,
        session: &mut Session,
        elapsed: f64,
        outbox: &mut Outbox,
    ) -> Option<Event> {
        if !self.wanted(session) || !session.settled() {
            return None;
        }
        let start = now();
        let taken = self.take(session, elapsed, start, outbox.run());
        self.due = now() + EVERY_MS.max((now() - start) / SHARE);
        taken.unwrap_or_else(|error| {
            outbox.refuse("autosaved", None, &error);
            None
        })
    }

    fn take(
        &mut self,
        session: &mut Session,
        elapsed_ms: f64,
        start: f64,
        run: u32,
    ) -> Result<Option<Event>, Error> {
        let known = self.last.filter(|&(other, _)| other == run).map(|(_, digest)| digest);
        let Some((digest, bytes)) = checkpoint::save_if_changed(session, known)? else {
            return Ok(None);
        };
        self.last = Some((run, digest));
        let data = session.data_mut().fingerprint();
        Ok(Some(Event::Autosaved(Autosaved {
            run,
            step: session.steps(),
            digest: format!("{digest:016x}"),
            elapsed_ms,
            cost_ms: now() - start,
            data,
            bytes: ByteBuf::from(bytes),
        })))
    }

    /// Puts the session where a saved run stood that was trained for `elapsed`
    /// milliseconds, as the run of this number. If refused, the old run stays.
    pub fn resume(
        &self,
        session: &mut Session,
        run: u32,
        bytes: &[u8],
        elapsed: f64,
        outbox: &mut Outbox,
    ) -> Option<Beginning> {
        let origin = match checkpoint::resume(session, bytes) {
            Ok(origin) => origin,
            Err(error) => {
                outbox.refuse("resume", Some(run), &error);
                return None;
            }
        };
        outbox.begin(run);
        let present = session.data_mut().fingerprint();
        let likeness = origin.data.map_or(Likeness::Unknown, |data| Likeness::of(&data, &present));
        let differs = match likeness {
            Likeness::Same | Likeness::Unknown => None,
            Likeness::Images => Some(Differs::Images),
            Likeness::Labels => Some(Differs::Labels),
            Likeness::LabelsMissing => Some(Differs::LabelsMissing),
            Likeness::LabelsAdded => Some(Differs::LabelsAdded),
        };
        let resumed = Resumed {
            run,
            step: session.steps(),
            same_data: (likeness != Likeness::Unknown).then_some(differs.is_none()),
            differs,
            build: origin.build,
        };
        Some(Beginning { paused: true, elapsed_ms: elapsed.max(0.), resumed: Some(resumed) })
    }
}

/// A file of the run.
fn file(session: &mut Session, run: u32, what: FileKind) -> Result<Event, Error> {
    let bytes = match what {
        FileKind::Run => checkpoint::save(session)?,
        FileKind::Generator => checkpoint::save_generator(session, Precision::Single)?,
    };
    Ok(Event::File(File { run, what, step: session.steps(), bytes: ByteBuf::from(bytes) }))
}
