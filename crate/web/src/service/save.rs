//! The run as a file: asked for, by itself while it trains, and taken up again.

use ganvas::Error;
use ganvas::checkpoint::{self, Precision};
use ganvas::data::Likeness;
use serde_bytes::ByteBuf;

use super::speed::Meter;
use super::{Mode, Worker};
use crate::clock::now;
use crate::protocol::{Differs, Event, File, Keep, Resumed, Snapshot};

/// Least time between two snapshots while training: the page stores one of
/// several, and has the newest at hand when it is left.
const EVERY_MS: f64 = 1000.;
/// Snapshots may take this share of the time; storing them takes the page as
/// much again at most.
const SHARE: f64 = 0.01;

/// When the next snapshot is due, and what the last one was of.
#[derive(Default)]
pub struct Saving {
    on: bool,
    due: f64,
    last: Option<(u32, u64)>,
}

impl Saving {
    /// Whether it is time for another snapshot.
    pub fn due(&self, time: f64) -> bool {
        self.on && time >= self.due
    }
}

impl Worker {
    pub(super) fn save(&mut self, what: Keep) -> Result<(), Error> {
        let bytes = match what {
            Keep::Run => checkpoint::save(&mut self.session)?,
            Keep::Generator => checkpoint::save_generator(&mut self.session, Precision::Single)?,
        };
        let (run, step) = (self.run, self.session.steps());
        self.events.push(Event::File(File { run, what, step, bytes: ByteBuf::from(bytes) }));
        Ok(())
    }

    /// Asked again while it is on, the next snapshot comes at once.
    pub(super) fn autosave(&mut self, on: bool) {
        self.saving.on = on;
        self.saving.due = 0.;
        if self.mode == Mode::Paused {
            self.snapshot();
        }
    }

    /// Tells the run as it stands, where that is news and no iteration is under
    /// way.
    pub(super) fn snapshot(&mut self) {
        if !self.saving.on || self.session.steps() == 0 || !self.session.settled() {
            return;
        }
        let start = now();
        let told = self.tell_snapshot(start);
        self.saving.due = now() + EVERY_MS.max((now() - start) / SHARE);
        self.answer("snapshot", told);
    }

    /// Tells what was trained since the last snapshot, before something else
    /// takes the run's place.
    pub(super) fn part(&mut self) {
        if self.saving.on && self.session.steps() > 0 {
            // Where an iteration cannot be finished, what was told before has
            // to do.
            let _ = self.session.settle();
            self.note_losses();
            self.snapshot();
        }
    }

    fn tell_snapshot(&mut self, start: f64) -> Result<(), Error> {
        let known = self.saving.last.filter(|&(run, _)| run == self.run).map(|(_, digest)| digest);
        let Some((digest, bytes)) = checkpoint::save_news(&mut self.session, known)? else {
            return Ok(());
        };
        self.saving.last = Some((self.run, digest));
        if self.mode != Mode::Paused {
            // So that the page stores the curves up to this step.
            self.report();
        }
        self.events.push(Event::Snapshot(Snapshot {
            run: self.run,
            step: self.session.steps(),
            digest: format!("{digest:016x}"),
            elapsed_ms: self.meter.elapsed(),
            cost_ms: now() - start,
            data: self.session.data_mut().fingerprint(),
            bytes: ByteBuf::from(bytes),
        }));
        Ok(())
    }

    /// Goes on from a file, as the run of this number.
    pub(super) fn resume(&mut self, run: u32, bytes: &[u8], elapsed: f64) -> Result<(), Error> {
        self.part();
        let origin = checkpoint::resume(&mut self.session, bytes)?;
        self.run = run;
        self.coming = None;
        self.mode = Mode::Paused;
        let meter = Meter::from(elapsed.max(0.), self.session.steps());
        let present = self.session.data_mut().fingerprint();
        let likeness = origin.data.map_or(Likeness::Unknown, |data| Likeness::of(&data, &present));
        let differs = match likeness {
            Likeness::Same | Likeness::Unknown => None,
            Likeness::Images => Some(Differs::Images),
            Likeness::Labels => Some(Differs::Labels),
            Likeness::LabelsMissing => Some(Differs::LabelsMissing),
            Likeness::LabelsAdded => Some(Differs::LabelsAdded),
        };
        let resumed = Event::Resumed(Resumed {
            run,
            step: self.session.steps(),
            same_data: (likeness != Likeness::Unknown).then_some(differs.is_none()),
            differs,
            build: origin.build,
        });
        self.begin(meter, Some(resumed));
        self.measure_at_rest();
        Ok(())
    }
}
