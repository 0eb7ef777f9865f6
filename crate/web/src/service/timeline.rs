//! Snapshots of the run to go back to: a bounded list, dense near the present.

use ganvas::train::Snapshot;
use ganvas::{Error, Session};
use serde_bytes::ByteBuf;

use super::{Effect, Service, misrouted};
use crate::clock::now;
use crate::describe::knobs;
use crate::outbox::Outbox;
use crate::protocol::{Command, Event};

/// Greatest total size of the snapshots, in bytes.
const MOST: usize = 48 << 20;
/// Greatest number of snapshots: each has an image on the page.
const COUNT: usize = 120;
/// Time between two snapshots, in milliseconds: at first, when much happens,
/// and later; in between, this part of the training time.
const EVERY_MS: (f64, f64) = (400., 3000.);
const PART: f64 = 0.02;
/// Greatest share of the time for keeping snapshots.
const SHARE: f64 = 0.01;

struct Kept {
    id: u32,
    branch: u32,
    snapshot: Snapshot,
}

/// The snapshots kept of one run.
#[derive(Default)]
pub struct Timeline {
    kept: Vec<Kept>,
    next: u32,
    branch: u32,
    /// Of each branch but the first: the branch it left, and at which step.
    forks: Vec<(u32, u32)>,
    due: f64,
    /// The best snapshot, and the distance of its images from real ones; it is
    /// never dropped.
    best: Option<(u32, f64)>,
}

impl Service for Timeline {
    fn handle(&mut self, session: &mut Session, command: Command, outbox: &mut Outbox) -> Effect {
        match command {
            Command::Return { snapshot } => match self.return_to(session, snapshot, outbox) {
                Ok(()) => return Effect::Rewound,
                Err(error) => outbox.refuse("return", None, &error),
            },
            _ => return misrouted("timeline", outbox),
        }
        Effect::None
    }
}

impl Timeline {
    /// Whether it is time to keep another snapshot.
    pub fn due(&self, time: f64) -> bool {
        time >= self.due
    }

    /// The newest snapshot before `step` on the way to the present: its number
    /// and its step.
    pub fn before(&self, step: u32) -> Option<(u32, u32)> {
        let on_the_way =
            self.kept.iter().filter(|kept| kept.snapshot.step < step && self.led_here(kept));
        on_the_way.max_by_key(|kept| kept.snapshot.step).map(|kept| (kept.id, kept.snapshot.step))
    }

    fn led_here(&self, kept: &Kept) -> bool {
        let (mut branch, mut until) = (self.branch, u32::MAX);
        while branch != kept.branch {
            let Some(&(parent, step)) =
                branch.checked_sub(1).and_then(|i| self.forks.get(i as usize))
            else {
                return false;
            };
            (branch, until) = (parent, until.min(step));
        }
        kept.snapshot.step <= until
    }

    fn bytes(&self) -> usize {
        self.kept.iter().map(|kept| kept.snapshot.bytes).sum()
    }

    /// Whether images at this distance from real ones are the best so far.
    fn beats(&self, distance: f64) -> bool {
        self.best.is_none_or(|(_, best)| distance < best)
    }

    /// Marks the snapshot of the present, if it is kept, as the best; returns
    /// its number.
    fn mark_best(&mut self, step: u32, distance: f64) -> Option<u32> {
        let here = |kept: &&Kept| kept.snapshot.step == step && kept.branch == self.branch;
        // The first, the best and the last must fit together.
        let kept = self.kept.iter().find(here).filter(|kept| 3 * kept.snapshot.bytes <= MOST)?;
        let id = kept.id;
        self.best = Some((id, distance));
        Some(id)
    }

    /// Keeps a snapshot unless it is kept already; returns its number and those
    /// of the dropped ones.
    fn add(&mut self, snapshot: Snapshot) -> Option<(u32, Vec<u32>)> {
        let again = |kept: &Kept| kept.snapshot.step == snapshot.step && kept.branch == self.branch;
        if self.kept.iter().any(again) || snapshot.bytes > MOST {
            return None;
        }
        let id = self.next;
        self.next += 1;
        self.kept.push(Kept { id, branch: self.branch, snapshot });
        let mut gone = Vec::new();
        while (self.bytes() > MOST || self.kept.len() > COUNT)
            && let Some(place) = self.dispensable()
        {
            gone.push(self.kept.remove(place).id);
        }
        Some((id, gone))
    }

    /// The snapshot to drop: the closest to its neighbours, relative to its
    /// age. The first, the last and the best stay.
    fn dispensable(&self) -> Option<usize> {
        let newest = self.kept.len() as f64;
        let gap = |i: usize| {
            let (before, after) = (&self.kept[i - 1], &self.kept[i + 1]);
            let steps = f64::from(after.snapshot.step.abs_diff(before.snapshot.step));
            steps / (newest - i as f64)
        };
        let best = |i: &usize| self.best.is_some_and(|(id, _)| self.kept[*i].id == id);
        let open = (1..self.kept.len().saturating_sub(1)).filter(|i| !best(i));
        open.min_by(|&a, &b| gap(a).total_cmp(&gap(b)))
    }

    /// Keeps a snapshot of the run at `time`, after `elapsed` milliseconds of
    /// training. Returns the dropped snapshots.
    pub fn keep(
        &mut self,
        session: &mut Session,
        time: f64,
        elapsed: f64,
        outbox: &mut Outbox,
    ) -> Vec<u32> {
        let (start, mut gone) = (now(), Vec::new());
        match snapshot(session) {
            Ok((snapshot, pixels)) => gone = self.report_snapshot(snapshot, pixels, outbox),
            Err(error) => outbox.refuse("snapshot", None, &error),
        }
        let pause = (elapsed * PART).clamp(EVERY_MS.0, EVERY_MS.1);
        self.due = time + pause.max((now() - start) / SHARE);
        gone
    }

    /// Keeps a snapshot of the run as its best, if the Frechet distance of its
    /// images from real ones (`distance`) is the smallest so far. Returns the
    /// dropped snapshots.
    pub fn keep_best(
        &mut self,
        session: &mut Session,
        distance: f64,
        elapsed: f64,
        outbox: &mut Outbox,
    ) -> Vec<u32> {
        if !self.beats(distance) {
            return Vec::new();
        }
        let gone = self.keep(session, now(), elapsed, outbox);
        let step = session.steps();
        if let Some(snapshot) = self.mark_best(step, distance) {
            outbox.push(Event::Best { run: outbox.run(), snapshot, step });
        }
        gone
    }

    fn report_snapshot(
        &mut self,
        snapshot: Snapshot,
        pixels: Vec<u8>,
        outbox: &mut Outbox,
    ) -> Vec<u32> {
        let (run, step) = (outbox.run(), snapshot.step);
        let Some((id, gone)) = self.add(snapshot) else { return Vec::new() };
        if !gone.is_empty() {
            outbox.push(Event::SnapshotsDropped { run, ids: gone.clone() });
        }
        outbox.push(Event::Snapshot {
            run,
            id,
            step,
            branch: self.branch,
            bytes: self.bytes() as f64,
            most: MOST as f64,
            pixels: ByteBuf::from(pixels),
        });
        gone
    }

    /// Goes back to a snapshot; training from there is a new branch.
    fn return_to(
        &mut self,
        session: &mut Session,
        id: u32,
        outbox: &mut Outbox,
    ) -> Result<(), Error> {
        let found = self.kept.iter().find(|kept| kept.id == id);
        let kept = found.ok_or_else(|| Error::NoSnapshot { got: id.to_string() })?;
        let (branch, step) = (kept.branch, kept.snapshot.step);
        session.return_to(&kept.snapshot)?;
        self.forks.push((branch, step));
        self.branch = self.forks.len() as u32;
        outbox.push(Event::Returned {
            run: outbox.run(),
            snapshot: id,
            step,
            branch: self.branch,
            knobs: knobs(session.config()),
        });
        Ok(())
    }
}

fn snapshot(session: &mut Session) -> Result<(Snapshot, Vec<u8>), Error> {
    Ok((session.snapshot()?, session.preview()?))
}
