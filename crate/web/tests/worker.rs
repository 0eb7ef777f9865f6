//! The worker as the page drives it, natively: the same loop without a browser.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use ganvas_web::protocol::{Command, Event, Source};
use ganvas_web::worker::{Next, Worker};
use serde_bytes::ByteBuf;

const SMALL: [(&str, &str); 3] = [("batch", "8"), ("g_hidden", "16"), ("d_hidden", "16")];

fn worker() -> Worker {
    let mut worker = Worker::new("test").unwrap();
    assert!(matches!(worker.events()[..], [Event::Ready { .. }]));
    worker
}

fn start(run: u32, seed: &str, more: &[(&str, &str)]) -> Command {
    let knobs = SMALL.iter().chain(more).map(|(k, v)| (k.to_string(), v.to_string())).collect();
    Command::Start { run, recipe: "gan".into(), seed: Some(seed.into()), knobs }
}

fn drawn(worker: &mut Worker) {
    worker.handle(Command::Open { source: Source::Drawn, transposed: false });
}

/// An IDX file of `count` images whose header declares `declared`.
fn images(count: u32, declared: u32) -> Vec<u8> {
    let header = [2051u32, declared, 28, 28].into_iter().flat_map(u32::to_be_bytes);
    header.chain((0..count * 784).map(|i| (i % 253) as u8)).collect()
}

fn send(worker: &mut Worker, bytes: &[u8]) -> Vec<Event> {
    worker.handle(Command::Images { bytes: ByteBuf::from(bytes.to_vec()) });
    worker.events()
}

fn digest(events: &[Event]) -> Option<String> {
    events.iter().rev().find_map(|event| match event {
        Event::Progress { digest, .. } => digest.clone(),
        _ => None,
    })
}

fn refusals(events: &[Event]) -> Vec<&str> {
    let mut codes = Vec::new();
    for event in events {
        if let Event::Refused { code, .. } = event {
            codes.push(code.as_str());
        }
    }
    codes
}

fn steps(worker: &mut Worker, count: u32) -> Vec<Event> {
    let mut events = Vec::new();
    for _ in 0..count {
        worker.handle(Command::Step);
        while worker.turn() == Next::Again {}
        events.extend(worker.events());
    }
    events
}

#[test]
fn single_steps_after_a_reset_repeat_the_run_bit_for_bit() {
    let mut worker = worker();
    drawn(&mut worker);
    let mut run = |number| {
        worker.handle(start(number, "5", &[]));
        digest(&steps(&mut worker, 4)).unwrap()
    };
    let first = run(1);
    assert_eq!(first, run(2));
}

#[test]
fn every_iteration_is_on_the_curves_once_and_pause_stops_training() {
    let mut worker = worker();
    drawn(&mut worker);
    worker.handle(start(1, "5", &[]));
    worker.handle(Command::Run);
    let mut events = worker.events();
    for _ in 0..10 {
        assert_eq!(worker.turn(), Next::Again);
        events.extend(worker.events());
    }
    worker.handle(Command::Pause);
    assert_eq!(worker.turn(), Next::Idle);
    events.extend(worker.events());
    let mut points = Vec::new();
    let mut last = 0;
    for event in &events {
        if let Event::Progress { points: new, step, run: 1, .. } = event {
            points.extend(new.chunks(7).map(|point| point[0] as u32));
            last = *step;
        }
    }
    assert!(last > 0);
    assert_eq!(points, (1..=last).collect::<Vec<_>>());
    assert!(
        events.iter().any(
            |event| matches!(event, Event::Samples { pixels, .. } if pixels.len() == 64 * 784)
        )
    );
}

#[test]
fn a_refused_command_leaves_the_old_run() {
    let mut worker = worker();
    drawn(&mut worker);
    worker.handle(start(1, "5", &[]));
    let before = digest(&steps(&mut worker, 2));
    for (command, code) in [
        (start(2, "5", &[("batch", "0")]), "knob-integer"),
        (start(2, "soon", &[]), "seed"),
        (start(2, "5", &[("g_hidden", "10000000")]), "knob-sizes"),
        (
            Command::Start { run: 2, recipe: "gun".into(), seed: None, knobs: BTreeMap::new() },
            "unknown-recipe",
        ),
        (Command::Tune { key: "g_rate".into(), value: "1e9".into() }, "knob-number"),
        (Command::Tune { key: "latent".into(), value: "7".into() }, "needs-new-run"),
        (Command::Decode { latent: vec![0.; 3], class: None, mix: Vec::new() }, "latent-size"),
    ] {
        worker.handle(command);
        assert_eq!(refusals(&worker.events()), [code]);
    }
    worker.handle(Command::Pause);
    assert_eq!(digest(&worker.events()), before);
}

#[test]
fn training_starts_by_itself_once_enough_images_are_loaded() {
    let mut worker = worker();
    worker.handle(start(1, "5", &[]));
    worker.handle(Command::Open { source: Source::Files, transposed: false });
    worker.handle(Command::Run);
    assert_eq!(worker.turn(), Next::Idle);
    worker.events();
    let file = images(5000, 5000);
    let events = send(&mut worker, &file[..2000 * 784]);
    assert!(events.iter().all(|event| !matches!(event, Event::Started { .. })));
    let events = send(&mut worker, &file[2000 * 784..2500 * 784]);
    assert!(events.iter().any(|event| matches!(event, Event::Started { .. })));
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::Real { pixels } if pixels.len() == 64 * 784))
    );
    assert_eq!(worker.turn(), Next::Again);
    let events = send(&mut worker, &file[2500 * 784..]);
    assert!(matches!(events[..], [Event::Data { images: 5000, complete: true, usable: true, .. }]));
}

#[test]
fn bad_files_are_refused_once_and_the_old_run_is_untouched() {
    let mut worker = worker();
    drawn(&mut worker);
    worker.handle(start(1, "5", &[]));
    let before = digest(&steps(&mut worker, 2));
    let mut size = images(3, 3);
    size[11] = 32;
    let mut magic = images(3, 3);
    magic[3] = 7;
    for (file, code) in [
        (size, "idx-size"),
        (magic, "idx-magic"),
        (images(0, 0), "idx-empty"),
        (images(0, 2_000_000_000), "data-too-large"),
        (images(0, 5), "idx-truncated"),
    ] {
        worker.handle(Command::Open { source: Source::Files, transposed: false });
        let mut events = worker.events();
        events.extend(send(&mut worker, &file));
        worker.handle(Command::Close);
        events.extend(worker.events());
        let codes = refusals(&events);
        assert_eq!(codes, [code]);
    }
    worker.handle(Command::Pause);
    assert_eq!(digest(&worker.events()), before);
}

#[test]
fn a_truncated_file_is_reported_and_trained_on() {
    let mut worker = worker();
    worker.handle(start(1, "5", &[]));
    worker.handle(Command::Open { source: Source::Files, transposed: false });
    send(&mut worker, &images(2100, 9000)[..]);
    worker.handle(Command::Close);
    let events = worker.events();
    assert_eq!(refusals(&events), ["idx-truncated"]);
    assert!(events.iter().any(|event| matches!(
        event,
        Event::Data { images: 2100, total: 2100, complete: true, .. }
    )));
    assert_eq!(steps(&mut worker, 1).len(), 3);
}

#[test]
fn a_command_for_an_earlier_run_is_dropped_without_an_answer() {
    let mut worker = worker();
    drawn(&mut worker);
    worker.handle(start(1, "5", &[]));
    worker.handle(start(2, "5", &[("latent", "7")]));
    worker.events();
    let latent = || Command::Decode { latent: vec![0.; 100], class: None, mix: Vec::new() };
    for command in [
        latent(),
        Command::Tune { key: "g_rate".into(), value: "0.5".into() },
        Command::Return { snapshot: 0 },
        Command::Directions,
        Command::Filters,
        Command::Sample { count: 0, seed: 1 },
    ] {
        worker.handle_of(Some(1), command);
        assert!(worker.events().is_empty());
    }
    worker.handle_of(Some(2), latent());
    assert_eq!(refusals(&worker.events()), ["latent-size"], "for the present run it is answered");
}

/// (run, recipe, seed) of the runs that began.
fn begun(events: &[Event]) -> Vec<(u32, String, u32)> {
    let mut runs = Vec::new();
    for event in events {
        if let Event::Started { run, recipe, seed, .. } = event {
            runs.push((*run, recipe.clone(), *seed));
        }
    }
    runs
}

#[test]
fn other_data_begin_with_the_chosen_run_and_bad_files_change_nothing() {
    let next = |run, seed: &str| Command::Next {
        run,
        recipe: "lsgan".into(),
        seed: Some(seed.into()),
        knobs: BTreeMap::new(),
    };
    let mut worker = worker();
    drawn(&mut worker);
    worker.handle(start(1, "5", &[]));
    let before = digest(&steps(&mut worker, 2));
    // A bad file: neither the run nor later data use the choice.
    worker.handle(next(2, "6"));
    worker.handle(Command::Open { source: Source::Files, transposed: false });
    let mut events = send(&mut worker, &images(0, 0));
    worker.handle(Command::Close);
    events.extend(worker.events());
    assert!(begun(&events).is_empty());
    worker.handle(Command::Pause);
    assert_eq!(digest(&worker.events()), before);
    // A refused choice: the data are opened all the same.
    worker.handle(next(3, "banana"));
    drawn(&mut worker);
    let events = worker.events();
    assert_eq!((refusals(&events), begun(&events)), (vec!["seed"], vec![(1, "gan".to_owned(), 5)]));
    worker.handle(next(4, "7"));
    drawn(&mut worker);
    assert_eq!(begun(&worker.events()), [(4, "lsgan".to_owned(), 7)]);
    // A run that is started meanwhile is not replaced by an older choice.
    worker.handle(next(5, "8"));
    worker.handle(Command::Open { source: Source::Files, transposed: false });
    worker.handle(start(6, "9", &[]));
    worker.events();
    assert_eq!(begun(&send(&mut worker, &images(2500, 2500))), [(6, "gan".to_owned(), 9)]);
}

#[test]
fn steps_requested_before_the_images_arrive_are_done_once_they_do() {
    let mut worker = worker();
    worker.handle(start(1, "5", &[]));
    for _ in 0..3 {
        worker.handle(Command::Step);
        assert_eq!(worker.turn(), Next::Idle);
    }
    drawn(&mut worker);
    while worker.turn() == Next::Again {}
    let events = worker.events();
    let last = events.iter().rev().find_map(|event| match event {
        Event::Progress { step, training, .. } => Some((*step, *training)),
        _ => None,
    });
    assert_eq!(last, Some((3, false)));
}
