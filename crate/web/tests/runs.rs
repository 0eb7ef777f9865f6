//! What the worker tells of runs that are to be kept: the autosave before
//! another takes their place, and their size.
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
fn a_run_whose_place_another_takes_is_told_first() {
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
        // A turn that trains and tells nothing, after one that told.
        let mut told = Vec::new();
        loop {
            worker.turn();
            let now = autosaves(&worker.events());
            if now.is_empty() && !told.is_empty() {
                break;
            }
            told.extend(now);
        }
        worker.handle(command());
        let events = worker.events();
        let parting = autosaves(&events);
        assert_eq!(parting.len(), 1, "{way}: {parting:?}");
        assert!(
            parting[0].0 == 1 && parting[0].1 > told.last().unwrap().1,
            "{way}: {parting:?} after {told:?}"
        );
        let place = |wanted: fn(&Event) -> bool| events.iter().position(wanted).unwrap();
        let before = place(|event| matches!(event, Event::Autosaved(_)));
        assert!(before < place(|event| matches!(event, Event::Started { .. })), "{way}");
        if way == "other data" {
            assert!(
                before < place(|event| matches!(event, Event::Data { .. })),
                "it is not of the new data"
            );
        }
    }
}

#[test]
fn a_run_says_how_large_its_snapshots_are() {
    for recipe in ganvas::recipe::ALL {
        let mut worker = worker(recipe.id);
        let start =
            Command::Start { run: 2, recipe: recipe.id.into(), seed: None, knobs: BTreeMap::new() };
        let told = ask(&mut worker, start).iter().find_map(|event| match event {
            Event::Started { snapshot_bytes, .. } => Some(*snapshot_bytes),
            _ => None,
        });
        // By then CycleGAN's pools are full.
        steps(&mut worker, 4);
        let size = file(&mut worker, FileKind::Run).len() as f64;
        assert!((told.unwrap() / size - 1.).abs() < 0.05, "{}: {told:?}, {size}", recipe.id);
    }
}
