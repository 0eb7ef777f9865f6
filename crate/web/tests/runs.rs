//! Runs that are stored: the autosave before another run replaces them, and its
//! size.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod driven;

use std::collections::BTreeMap;

use driven::{ask, file, resume, steps, worker};
use ganvas_web::protocol::{Autosaved, Command, Event, FileKind, Source};

/// The autosaves among events: run, step, digest.
fn autosaves(events: &[Event]) -> Vec<(u32, u32, String)> {
    let each = events.iter().filter_map(|event| match event {
        Event::Autosaved(Autosaved { run, step, digest, .. }) => {
            Some((*run, *step, digest.clone()))
        }
        _ => None,
    });
    each.collect()
}

#[test]
fn a_run_is_autosaved_before_another_replaces_it() {
    let start = || Command::Start {
        run: 2,
        recipe: "dcgan".into(),
        seed: Some("6".into()),
        knobs: BTreeMap::from([("batch".to_owned(), "8".to_owned())]),
    };
    let saved = {
        let mut other = worker("gan");
        steps(&mut other, 1);
        file(&mut other, FileKind::Run)
    };
    let ways: [(&str, &dyn Fn() -> Command); 3] = [
        ("a new run", &start),
        ("other data", &|| Command::Open { source: Source::Drawn, transposed: false }),
        ("a saved run", &|| resume(2, &saved)),
    ];
    for (way, command) in ways {
        let mut worker = worker("gan");
        worker.handle(Command::Autosave { on: true });
        steps(&mut worker, 1);
        worker.handle(Command::Run);
        // Ends with a turn that trains without an autosave, after one with it.
        let mut earlier = Vec::new();
        loop {
            worker.turn();
            let now = autosaves(&worker.events());
            if now.is_empty() && !earlier.is_empty() {
                break;
            }
            earlier.extend(now);
        }
        worker.handle(command());
        let events = worker.events();
        let last = autosaves(&events);
        assert_eq!(last.len(), 1, "{way}: {last:?}");
        assert!(
            last[0].0 == 1 && last[0].1 > earlier.last().unwrap().1,
            "{way}: {last:?} after {earlier:?}"
        );
        let place = |wanted: fn(&Event) -> bool| events.iter().position(wanted).unwrap();
        let before = place(|event| matches!(event, Event::Autosaved(_)));
        assert!(before < place(|event| matches!(event, Event::Started { .. })), "{way}");
        if way == "other data" {
            assert!(
                before < place(|event| matches!(event, Event::Data { .. })),
                "the autosave is not of the new data"
            );
        }
    }
}

#[test]
fn a_run_reports_the_size_of_its_autosaves() {
    for recipe in ganvas::recipe::ALL {
        let mut worker = worker(recipe.id);
        let start =
            Command::Start { run: 2, recipe: recipe.id.into(), seed: None, knobs: BTreeMap::new() };
        let stated = ask(&mut worker, start).iter().find_map(|event| match event {
            Event::Started { autosave_bytes, .. } => Some(*autosave_bytes),
            _ => None,
        });
        // By then CycleGAN's pools are full.
        steps(&mut worker, 4);
        let size = file(&mut worker, FileKind::Run).len() as f64;
        assert!((stated.unwrap() / size - 1.).abs() < 0.05, "{}: {stated:?}, {size}", recipe.id);
    }
}
