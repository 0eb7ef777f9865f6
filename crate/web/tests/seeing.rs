//! What the page sees of a run besides its losses, through the page's commands:
//! phases, snapshots, scores, surveys, single images.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use ganvas::Phase;
use ganvas_web::protocol::{
    Command, Event, File, FileKind, Filters, Grid, Histograms, Inspected, Portion, Source,
};
use ganvas_web::worker::{Next, Worker};
use serde_bytes::ByteBuf;

const JUDGE: &[u8] = include_bytes!("../../engine/src/metric/judge.safetensors");

/// A worker with a small run of `recipe` at step 0 on drawn digits.
fn worker(recipe: &str, more: &[(&str, &str)]) -> Worker {
    let mut worker = Worker::new("test").unwrap();
    worker.handle(Command::Open { source: Source::Drawn, transposed: false });
    let small = [("batch", "8")];
    let knobs: BTreeMap<_, _> =
        small.iter().chain(more).map(|(k, v)| (k.to_string(), v.to_string())).collect();
    worker.handle(Command::Start { run: 1, recipe: recipe.into(), seed: Some("5".into()), knobs });
    worker.events();
    worker
}

fn step(worker: &mut Worker) -> Vec<Event> {
    ask(worker, Command::Step)
}

/// All events that follow from a command.
fn ask(worker: &mut Worker, command: Command) -> Vec<Event> {
    worker.handle(command);
    let mut events = worker.events();
    while worker.turn() == Next::Again {
        events.extend(worker.events());
    }
    events.extend(worker.events());
    events
}

fn digest(events: &[Event]) -> Option<String> {
    events.iter().rev().find_map(|event| match event {
        Event::Progress { digest, .. } => digest.clone(),
        _ => None,
    })
}

#[test]
fn phases_one_by_one_equal_one_iteration() {
    let mut plain = worker("dcgan", &[]);
    let expected = digest(&step(&mut plain)).unwrap();
    let mut slow = worker("dcgan", &[]);
    let mut phases = Vec::new();
    loop {
        slow.handle(Command::Advance { by: Portion::Phase });
        let events = slow.events();
        let view = events.iter().find_map(|event| match event {
            Event::Iteration { phase, view, .. } => Some((*phase, view.clone())),
            _ => None,
        });
        let (phase, view) = view.unwrap();
        match phase {
            Phase::Generate => {
                assert_eq!((view.fake.len(), view.latents.len()), (8 * 784, 8 * (64 + 16)))
            }
            Phase::DReal => {
                assert_eq!((view.real_scores.len(), view.fake_scores.len()), (8, 0))
            }
            Phase::GUpdate => assert_eq!(view.push.len(), 8 * 784),
            _ => {}
        }
        phases.push(phase);
        let standing = events.iter().rev().find_map(|event| match event {
            Event::Progress { mid_iteration, .. } => Some(*mid_iteration),
            _ => None,
        });
        if standing == Some(false) {
            assert_eq!(digest(&events), Some(expected));
            break;
        }
        assert_eq!(digest(&events), None, "within an iteration there is no digest");
    }
    use Phase::*;
    assert_eq!(phases, [Draw, Generate, DReal, DFake, DUpdate, GGenerate, GScore, GUpdate]);
}

#[test]
fn pause_within_an_iteration_finishes_it() {
    let mut worker = worker("dcgan", &[]);
    worker.handle(Command::Advance { by: Portion::D });
    worker.events();
    worker.handle(Command::Pause);
    assert!(digest(&worker.events()).is_some());
}

/// (snapshot, step, branch) of the kept snapshots.
fn snapshots(events: &[Event]) -> Vec<(u32, u32, u32)> {
    let kept = events.iter().filter_map(|event| match event {
        Event::Snapshot { id, step, branch, pixels, .. } => {
            assert_eq!(pixels.len(), 64 * 784);
            Some((*id, *step, *branch))
        }
        _ => None,
    });
    kept.collect()
}

#[test]
fn return_goes_back_to_a_snapshot_and_begins_a_branch() {
    let mut worker = worker("dcgan", &[]);
    let mut kept = Vec::new();
    let mut last = String::new();
    for _ in 0..4 {
        let events = step(&mut worker);
        kept.extend(snapshots(&events));
        last = digest(&events).unwrap();
    }
    assert_eq!(kept, [(1, 1, 0), (2, 2, 0), (3, 3, 0), (4, 4, 0)]);
    worker.handle(Command::Tune { key: "g_rate".into(), value: "0.5".into() });
    step(&mut worker);
    worker.handle(Command::Return { snapshot: 2 });
    let events = worker.events();
    let returned = events.iter().find_map(|event| match event {
        Event::Returned { step, branch, knobs, .. } => {
            Some((*step, *branch, knobs["g_rate"].clone()))
        }
        _ => None,
    });
    assert_eq!(returned, Some((2, 1, "0.008".to_owned())));
    let again: Vec<Event> = (0..2).flat_map(|_| step(&mut worker)).collect();
    assert_eq!(
        digest(&again),
        Some(last),
        "the same settings from the same snapshot give the same run"
    );
    assert_eq!(
        snapshots(&again).iter().map(|(_, step, branch)| (*step, *branch)).collect::<Vec<_>>(),
        [(3, 1), (4, 1)]
    );
    let points = again.iter().filter_map(|event| match event {
        Event::Progress { points, .. } => {
            Some(points.chunks(7).map(|point| point[0]).collect::<Vec<_>>())
        }
        _ => None,
    });
    assert_eq!(points.flatten().collect::<Vec<_>>(), [3., 4.]);
    worker.handle(Command::Return { snapshot: 99 });
    assert!(matches!(&worker.events()[..], [Event::Refused { code, .. }] if code == "no-snapshot"));
}

#[test]
fn snapshots_stay_within_their_bounds() {
    let mut worker = worker("dcgan", &[]);
    let (mut kept, mut gone) = (vec![0], Vec::new());
    for _ in 0..130 {
        for event in step(&mut worker) {
            match event {
                Event::Snapshot { id, bytes, most, .. } => {
                    kept.push(id);
                    assert!(bytes <= most);
                }
                Event::SnapshotsDropped { ids, .. } => gone.extend(ids),
                _ => {}
            }
        }
    }
    assert!(gone.iter().all(|id| kept.contains(id)));
    assert!(
        !gone.is_empty() && !gone.contains(&0) && !gone.contains(&130),
        "the first and the last stay"
    );
}

#[test]
fn scores_come_only_while_they_are_watched() {
    for (recipe, probabilities) in [("dcgan", true), ("wgan", false)] {
        let mut worker = worker(recipe, &[]);
        let scored = |events: &[Event]| {
            events.iter().rev().find_map(|event| match event {
                Event::Scores(Histograms {
                    probability, real, fake, low, high, middle, ..
                }) => {
                    assert!(low < high && (*low..=*high).contains(middle));
                    Some((*probability, real.iter().sum::<u32>(), fake.iter().sum::<u32>()))
                }
                _ => None,
            })
        };
        assert_eq!(scored(&step(&mut worker)), None);
        worker.handle(Command::Watch { scores: true, quality: false });
        let events: Vec<Event> = (0..2).flat_map(|_| step(&mut worker)).collect();
        assert_eq!(
            scored(&events),
            Some((probabilities, 24, 24)),
            "{recipe}: the last batch and two more"
        );
    }
}

#[test]
fn a_paused_run_is_measured_once_the_judge_is_loaded() {
    let mut worker = worker("dcgan", &[]);
    let surveys =
        |events: &[Event]| events.iter().filter(|e| matches!(e, Event::Survey { .. })).count();
    assert_eq!(surveys(&step(&mut worker)), 0);
    let events = ask(&mut worker, Command::Judge { bytes: ByteBuf::from(JUDGE) });
    assert_eq!(surveys(&events), 1);
    worker.handle(Command::Pause);
    assert!(worker.idle(), "nothing has changed since");
    assert_eq!(surveys(&step(&mut worker)), 1);
    worker.handle(Command::Judge { bytes: ByteBuf::from(vec![0; 9]) });
    assert!(matches!(&worker.events()[..], [Event::Refused { command, .. }] if command == "judge"));

    worker.handle(Command::Save { what: FileKind::Run });
    let events = worker.events();
    let [Event::File(File { bytes, .. })] = &events[..] else { panic!("{events:?}") };
    let resume = Command::Resume { run: 2, bytes: bytes.clone(), elapsed_ms: 0. };
    for back in [resume, Command::Return { snapshot: 1 }] {
        assert_eq!(surveys(&step(&mut worker)), 1);
        assert_eq!(surveys(&ask(&mut worker, back)), 1, "a run that goes back is measured again");
    }
}

#[test]
fn a_new_run_is_offered_after_a_number_that_is_not_finite() {
    let knobs = [("optimizer", "sgd"), ("loss", "wasserstein"), ("g_rate", "1"), ("d_rate", "1")];
    let small = [("g_hidden", "32"), ("d_hidden", "32"), ("d_dropout", "0")];
    let mut worker = worker("gan", &[&knobs[..], &small].concat());
    let fault = (0..400).find_map(|_| {
        step(&mut worker).into_iter().find_map(|event| match event {
            Event::Fault { code, remedies, .. } => Some((code, remedies)),
            _ => None,
        })
    });
    let (code, remedies) = fault.unwrap();
    assert_eq!(code, "not-finite");
    let offered = remedies.iter().map(|remedy| (&remedy.name[..], remedy.fresh, remedy.step));
    assert_eq!(offered.collect::<Vec<_>>(), [("anew", true, None)]);
    assert_eq!(remedies[0].knobs["optimizer"], "adam");
    assert!(!remedies[0].knobs.contains_key("latent"), "only knobs that differ");
}

/// 200 images of noise, or drawn digits, as a file.
fn pictures(noise: bool) -> Vec<u8> {
    let mut digits = ganvas::Dataset::drawn();
    let pixels: Vec<u8> = if noise {
        (0..200 * 784u32).map(|i| (i.wrapping_mul(2_654_435_761) >> 24) as u8).collect()
    } else {
        (0..200).flat_map(|i| digits.digit(i).to_vec()).collect()
    };
    ganvas::data::idx::write_images(&pixels)
}

#[test]
fn images_that_the_judge_does_not_know_are_reported_once() {
    for noise in [true, false] {
        let mut worker = worker("gan", &[("g_hidden", "8"), ("d_hidden", "8")]);
        worker.handle(Command::Open { source: Source::Files, transposed: false });
        worker.handle(Command::Images { bytes: ByteBuf::from(pictures(noise)) });
        worker.handle(Command::Close);
        let mut events = ask(&mut worker, Command::Judge { bytes: ByteBuf::from(JUDGE) });
        for _ in 0..3 {
            events.extend(step(&mut worker));
        }
        let reports = events.iter().filter(|e| matches!(e, Event::NotJudged { .. })).count();
        let surveys = events.iter().filter(|e| matches!(e, Event::Survey { .. })).count();
        assert_eq!((reports, surveys), if noise { (1, 0) } else { (0, 3) });
    }
}

#[test]
fn an_image_is_inspected_and_a_missing_one_is_refused() {
    for recipe in ["dcgan", "cgan", "cyclegan"] {
        let mut worker = worker(recipe, &[]);
        step(&mut worker);
        for grid in [Grid::Samples, Grid::Real] {
            worker.handle(Command::Inspect { grid, index: 63 });
            let events = worker.events();
            let [Event::Inspected(Inspected { probability, map, .. })] = &events[..] else {
                panic!("{recipe}: {events:?}")
            };
            assert_eq!(map.len(), 784);
            assert_eq!(probability.is_some(), recipe != "cyclegan");
        }
        worker.handle(Command::Inspect { grid: Grid::Real, index: 64 });
        assert!(
            matches!(&worker.events()[..], [Event::Refused { code, .. }] if code == "no-digit")
        );
        worker.handle(Command::Filters);
        assert!(matches!(&worker.events()[..], [Event::Filters(Filters { count: 1.., .. })]));
    }
}
