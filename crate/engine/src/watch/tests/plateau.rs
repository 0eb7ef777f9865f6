//! When a run no longer gets better, and what follows.

use super::super::stage::plateau;
use super::*;
use crate::data::Dataset;
use crate::recipe::{ALL, Schedule};
use crate::train::Config;

#[test]
fn a_plateau_is_fifteen_figures_without_a_better_one() {
    let mut history = History::default();
    for i in 0..40u32 {
        let distance = if i < 20 { 40. - f64::from(i) } else { 21. };
        history.add_survey(Survey { distance: Some(distance), ..survey(100 * i, led_by(0.1), 1.) });
        assert_eq!(plateau(&history).is_some(), i >= 37, "{i}");
    }
}

#[test]
fn a_plateau_makes_the_rates_of_schedule_auto_fall_and_the_search_restarts() {
    let knobs = [("schedule", "auto"), ("g_channels", "4"), ("d_channels", "4"), ("batch", "4")];
    let mut session =
        Session::new(Config::new(ALL[0].id, 1, knobs).unwrap(), Dataset::drawn()).unwrap();
    let mut watch = Watch::default();
    let mut events = Vec::new();
    for _ in 0..50 {
        session.step().unwrap();
        watch.record(&session);
        let step = 50 * session.steps();
        watch.history.add_survey(Survey { distance: Some(20.), ..survey(step, led_by(0.1), 1.) });
        // Each iteration counts as 50 steps: surveys count from 50 steps apart.
        iterations(&mut watch.history, step..step + 1, true, 1.);
        events.extend(watch.plateau(&mut session).unwrap().map(|found| (session.steps(), found)));
    }
    let falls = events[0];
    assert_eq!(falls, (20, Plateau::RatesFall), "{events:?}");
    let hyper = session.config().hyper;
    assert_eq!((hyper.schedule, hyper.hold), (Schedule::Root, 20));
    let next = events[1];
    assert!(next.0 >= 39 && matches!(next.1, Plateau::Best(step) if step >= 50 * 20), "{next:?}");
}
