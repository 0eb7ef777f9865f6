#![allow(clippy::unwrap_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};

use ganvas::data::idx;
use serde_bytes::ByteBuf;
use serde_json::{Value, json};
use ts_rs::TS;

use super::*;
use crate::protocol::{SchoolTest, Source};
use crate::service::school::Size;

const SMALL: Size = Size { taught: 200, steps: 6, tested: 150 };

/// A worker on drawn digits, with a small run of `recipe` after one step.
fn worker(recipe: &str) -> Worker {
    let mut worker = Worker::new("test").unwrap();
    worker.handle(Command::Open { source: Source::Drawn, transposed: false });
    worker.handle(start(recipe, "4"));
    worker.handle(Command::Step);
    finish(&mut worker);
    worker.events();
    worker
}

fn start(recipe: &str, batch: &str) -> Command {
    let knobs = [("batch", batch), ("g_channels", "4"), ("d_channels", "4")];
    Command::Start {
        run: 1,
        recipe: recipe.into(),
        seed: Some("5".into()),
        knobs: BTreeMap::from(knobs.map(|(key, value)| (key.to_owned(), value.to_owned()))),
    }
}

fn finish(worker: &mut Worker) {
    while worker.turn() == Next::Again {}
}

fn begin_school(worker: &mut Worker) {
    worker.school.begin(&mut worker.session, SMALL, &mut worker.outbox).unwrap();
}

fn school_events(worker: &mut Worker) -> Vec<SchoolTest> {
    let of = |event| if let Event::School(test) = event { Some(test) } else { None };
    worker.events().into_iter().filter_map(of).collect()
}

#[test]
fn every_command_reaches_the_service_that_handles_it() {
    let commands = [
        json!({ "type": "identify", "id": 1, "files": [], "upright": false }),
        json!({ "type": "whole-file", "id": 1, "file": 0, "bytes": [] }),
        json!({ "type": "open", "source": "drawn", "transposed": false }),
        json!({ "type": "images", "bytes": [] }),
        json!({ "type": "labels", "bytes": [] }),
        json!({ "type": "close" }),
        json!({ "type": "start", "run": 1, "recipe": "gan", "knobs": {} }),
        json!({ "type": "next", "run": 2, "recipe": "gan", "knobs": {} }),
        json!({ "type": "run" }),
        json!({ "type": "pause" }),
        json!({ "type": "step" }),
        json!({ "type": "advance", "by": "phase" }),
        json!({ "type": "return", "snapshot": 0 }),
        json!({ "type": "tune", "key": "g_rate", "value": "0.1" }),
        json!({ "type": "decode", "latent": [] }),
        json!({ "type": "decode-many", "id": 1, "latents": [] }),
        json!({ "type": "directions" }),
        json!({ "type": "nearest", "pixels": [] }),
        json!({ "type": "assess", "pixels": [] }),
        json!({ "type": "invert", "pixels": [] }),
        json!({ "type": "stop-inverting" }),
        json!({ "type": "picture", "id": 1, "width": 0, "height": 0, "bytes": [] }),
        json!({ "type": "classes", "id": 1, "paths": [] }),
        json!({ "type": "save", "what": "generator" }),
        json!({ "type": "autosave", "on": true }),
        json!({ "type": "resume", "run": 3, "bytes": [], "elapsed_ms": 0 }),
        json!({ "type": "pretrained", "bytes": [] }),
        json!({ "type": "judge", "bytes": [] }),
        json!({ "type": "watch", "scores": true, "quality": true }),
        json!({ "type": "inspect", "grid": "real", "index": 0 }),
        json!({ "type": "school", "on": false }),
        json!({ "type": "filters" }),
        json!({ "type": "ping" }),
        json!({ "type": "sample", "count": 1, "seed": 1 }),
    ];
    let name = |command: &Value| command["type"].as_str().unwrap().to_owned();
    let tried: BTreeSet<String> = commands.iter().map(name).collect();
    let declared = Command::decl(&ts_rs::Config::default());
    let all = declared.split("\"type\": \"").skip(1);
    let all: BTreeSet<String> =
        all.map(|rest| rest.split('"').next().unwrap().to_owned()).collect();
    assert_eq!(tried, all);

    let mut worker = Worker::new("test").unwrap();
    for command in commands {
        worker.handle(serde_json::from_value(command.clone()).unwrap());
        for event in worker.events() {
            assert!(
                !matches!(&event, Event::Refused { command, .. } if command.is_empty()),
                "{command}: {event:?}"
            );
        }
    }
}

#[test]
fn a_service_refuses_the_command_of_another_service() {
    let mut worker = Worker::new("test").unwrap();
    worker.events();
    let services: [&mut dyn Service; 8] = [
        &mut worker.intake,
        &mut worker.run,
        &mut worker.survey,
        &mut worker.timeline,
        &mut worker.studio,
        &mut worker.inspect,
        &mut worker.school,
        &mut worker.save,
    ];
    for service in services {
        let effect = service.handle(&mut worker.session, Command::Ping, &mut worker.outbox);
        assert!(matches!(effect, Effect::None));
        let events = worker.outbox.take();
        assert!(
            matches!(&events[..], [Event::Refused { command, code, .. }] if command.is_empty() && code == "internal")
        );
    }
}

#[test]
fn the_school_test_ends_with_a_share_and_leaves_training_unchanged() {
    let (mut plain, mut tested) = (worker("cgan"), worker("cgan"));
    begin_school(&mut tested);
    tested.handle(Command::Step);
    plain.handle(Command::Step);
    finish(&mut plain);
    finish(&mut tested);
    let all = school_events(&mut tested);
    assert!(all.windows(2).all(|pair| pair[0].part <= pair[1].part), "{all:?}");
    assert!(all.iter().all(|test| test.step == 1), "the images are of the step at which it began");
    let last = all.last().unwrap();
    let right = last.right.unwrap();
    assert_eq!((last.part, last.taught, last.tested), (1., 200, Some(150)));
    assert!(
        (0. ..=1.).contains(&right)
            && (150. * right).fract().min(1. - (150. * right).fract()) < 1e-9
    );
    assert_eq!(plain.session.digest().unwrap(), tested.session.digest().unwrap());
}

#[test]
fn the_school_test_continues_while_training_waits_for_images() {
    let mut worker = Worker::new("test").unwrap();
    worker.handle(start("cgan", "512"));
    worker.handle(Command::Open { source: Source::Files, transposed: false });
    // The first images of a set of 60,000 are loaded: enough for two steps.
    let mut images = idx::write_images(&vec![9; 2048 * ganvas::data::PIXELS]);
    let mut labels = idx::write_labels(&[7; 2048]);
    for file in [&mut images, &mut labels] {
        file[4..8].copy_from_slice(&60_000u32.to_be_bytes());
    }
    worker.handle(Command::Labels { bytes: ByteBuf::from(labels) });
    worker.handle(Command::Images { bytes: ByteBuf::from(images) });
    worker.handle(Command::Run);
    finish(&mut worker);
    assert!(worker.run.at_rest() && !worker.run.paused());
    let steps = worker.session.steps();
    worker.events();
    begin_school(&mut worker);
    finish(&mut worker);
    assert!(school_events(&mut worker).last().is_some_and(|test| test.right.is_some()));
    assert!(worker.run.at_rest() && !worker.run.paused());
    assert_eq!(worker.session.steps(), steps);
}

#[test]
fn the_school_test_can_be_ended_and_is_refused_without_classes() {
    let mut running = worker("cgan");
    running.handle(Command::School { on: true });
    assert!(!running.idle());
    running.handle(Command::School { on: false });
    assert!(running.idle());
    let mut without = worker("dcgan");
    without.handle(Command::School { on: true });
    assert!(without.idle());
    assert!(
        matches!(&without.events()[..], [Event::Refused { command, .. }] if command == "school")
    );
}

/// A snapshot is a frame of the time-lapse. A busy machine takes longer to keep
/// one, so that fewer than 30 are due.
#[test]
fn twelve_seconds_of_training_leave_a_time_lapse_of_many_frames() {
    let mut worker = Worker::new("test").unwrap();
    worker.handle(Command::Open { source: Source::Drawn, transposed: false });
    let sizes = [("batch", "1"), ("g_hidden", "4"), ("d_hidden", "4")];
    let knobs = sizes.map(|(key, value)| (key.to_owned(), value.to_owned())).into();
    worker.handle(Command::Start { run: 1, recipe: "gan".into(), seed: None, knobs });
    worker.events();
    let mut timeline = Timeline::default();
    for slice in 0..750 {
        let time = f64::from(slice) * 16.;
        worker.session.step().unwrap();
        if timeline.due(time) {
            timeline.keep(&mut worker.session, time, time, &mut worker.outbox);
        }
    }
    let snapshot = |event: &Event| matches!(event, Event::Snapshot { .. });
    let dropped = |event: &Event| match event {
        Event::SnapshotsDropped { ids, .. } => ids.len(),
        _ => 0,
    };
    let events = worker.events();
    let gone: usize = events.iter().map(dropped).sum();
    let kept = events.iter().filter(|event| snapshot(event)).count() - gone;
    assert!((15..=31).contains(&kept), "{kept} snapshots");
}

#[test]
fn a_search_while_paused_does_not_count_as_training_time() {
    let mut worker = worker("dcgan");
    let before = worker.run.elapsed();
    worker.handle(Command::Invert {
        pixels: ByteBuf::from(vec![90; ganvas::data::PIXELS]),
        class: None,
    });
    assert!(worker.studio.searching());
    finish(&mut worker);
    assert!(!worker.studio.searching());
    assert_eq!(worker.run.elapsed().to_bits(), before.to_bits());
}
