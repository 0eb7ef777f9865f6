//! Alarms and their remedies.

use std::collections::BTreeMap;

use ganvas::Session;
use ganvas::watch::{AlarmChange, Evidence, remedies};

use super::{Earlier, Survey};
use crate::describe::open;
use crate::outbox::Outbox;
use crate::protocol::Event;

/// An alarm that was reported: its evidence, the step at which it rose, and the
/// snapshot that a remedy goes back to.
pub(super) struct Reported {
    evidence: Evidence,
    step: u32,
    snapshot: Option<u32>,
}

impl Survey {
    /// Checks the alarms and reports what changed.
    pub(super) fn check(&mut self, session: &Session, earlier: Earlier, outbox: &mut Outbox) {
        for change in self.watch.check() {
            match change {
                AlarmChange::Raised(evidence) => {
                    self.report_alarm(session, evidence, session.steps(), earlier, outbox);
                }
                AlarmChange::Cleared(alarm) => {
                    self.alarms.retain(|reported| reported.evidence.alarm != alarm);
                    outbox.push(Event::AlarmCleared { run: outbox.run(), alarm });
                }
            }
        }
    }

    /// Reports alarms again whose remedies go back to snapshots that are
    /// `gone`.
    pub fn renew_alarms(
        &mut self,
        session: &Session,
        gone: &[u32],
        earlier: Earlier,
        outbox: &mut Outbox,
    ) {
        let moved =
            |alarm: &Reported| alarm.snapshot.is_some_and(|snapshot| gone.contains(&snapshot));
        let (moved, rest): (Vec<_>, _) =
            std::mem::take(&mut self.alarms).into_iter().partition(moved);
        self.alarms = rest;
        for Reported { evidence, step, .. } in moved {
            self.report_alarm(session, evidence, step, earlier, outbox);
        }
    }

    /// Reports an alarm that rose at `step`, with remedies.
    fn report_alarm(
        &mut self,
        session: &Session,
        evidence: Evidence,
        step: u32,
        earlier: Earlier,
        outbox: &mut Outbox,
    ) {
        let mut args: BTreeMap<_, _> =
            evidence.args.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        args.insert("says".to_owned(), evidence.says.to_owned());
        let (run, alarm) = (outbox.run(), evidence.alarm);
        let remedies = open(remedies(alarm, session.config()), earlier(evidence.since));
        let snapshot = remedies.iter().find_map(|remedy| remedy.snapshot);
        outbox.push(Event::Alarm { run, step, alarm, args, remedies });
        self.alarms.push(Reported { evidence, step, snapshot });
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;
    use ganvas::watch::Alarm;
    use ganvas::{Config, Dataset};

    #[test]
    fn an_alarm_is_reported_again_when_its_snapshot_is_dropped() {
        let small = [("batch", "4"), ("g_hidden", "8"), ("d_hidden", "8"), ("d_rate", "0.01")];
        let config = Config::new(ganvas::recipe::gan::RECIPE.id, 5, small).unwrap();
        let session = Session::new(config, Dataset::drawn()).unwrap();
        let (mut survey, mut outbox) = (Survey::default(), Outbox::default());
        let reported = |outbox: &mut Outbox| -> Vec<(u32, Option<u32>)> {
            let of = |event| match event {
                Event::Alarm { step, remedies, .. } => Some((step, remedies[0].snapshot)),
                _ => None,
            };
            outbox.take().into_iter().filter_map(of).collect()
        };
        let evidence =
            Evidence { alarm: Alarm::DWins, since: 2, says: "vanished", args: Vec::new() };
        survey.report_alarm(&session, evidence, 7, &|_| Some((4, 1)), &mut outbox);
        assert_eq!(reported(&mut outbox), [(7, Some(4))]);
        survey.renew_alarms(&session, &[9], &|_| Some((3, 1)), &mut outbox);
        assert_eq!(reported(&mut outbox), []);
        survey.renew_alarms(&session, &[4], &|_| Some((3, 1)), &mut outbox);
        assert_eq!(reported(&mut outbox), [(7, Some(3))]);
    }
}
