//! Alarms, and what may help against them.

use std::collections::BTreeMap;

use ganvas::Session;
use ganvas::watch::{Change, Evidence, remedies};

use super::{Earlier, Survey};
use crate::outbox::Outbox;
use crate::protocol::{Event, RemedyInfo};

impl Survey {
    /// Checks the alarms and reports what changed.
    pub(super) fn check(&mut self, session: &Session, earlier: Earlier, outbox: &mut Outbox) {
        let run = outbox.run();
        for change in self.watch.check() {
            outbox.push(match change {
                Change::Rose(found) => alarm(session, run, found, earlier),
                Change::Calmed(alarm) => Event::Calm { run, alarm: alarm.name().to_owned() },
            });
        }
    }
}

fn alarm(session: &Session, run: u32, found: Evidence, earlier: Earlier) -> Event {
    let mut args: BTreeMap<_, _> =
        found.args.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    args.insert("says".to_owned(), found.says.to_owned());
    let before = earlier(found.since);
    let all = remedies(found.alarm, session.config());
    // Going back needs somewhere to go.
    let open = all.into_iter().filter(|remedy| !remedy.back || before.is_some());
    Event::Alarm {
        run,
        step: session.steps(),
        alarm: found.alarm.name().to_owned(),
        args,
        remedies: open
            .map(|remedy| RemedyInfo {
                name: remedy.name.to_owned(),
                knobs: remedy
                    .knobs
                    .into_iter()
                    .map(|(key, value)| (key.to_owned(), value))
                    .collect(),
                fresh: remedy.fresh,
                moment: before.filter(|_| remedy.back).map(|(id, _)| id),
                step: before.filter(|_| remedy.back).map(|(_, step)| step),
            })
            .collect(),
    }
}
