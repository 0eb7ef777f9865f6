//! The studio, files and saved runs, through the page's commands.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod driven;

use driven::{ask, file, resume, steps, worker};
use ganvas_web::protocol::{
    Assessment, Autosaved, Command, Directions, Event, FileKind, Inverting, Nearest, Resumed,
    Source,
};
use ganvas_web::worker::Worker;
use serde_bytes::ByteBuf;

const JUDGE: &[u8] = include_bytes!("../../engine/src/metric/judge.safetensors");

fn digest(events: &[Event]) -> String {
    let last = events.iter().rev().find_map(|event| match event {
        Event::Progress { digest, .. } => digest.clone(),
        _ => None,
    });
    last.unwrap()
}

fn refused(events: &[Event]) -> (String, String) {
    let found = events.iter().find_map(|event| match event {
        Event::Refused { command, code, .. } => Some((command.clone(), code.clone())),
        _ => None,
    });
    found.unwrap_or_else(|| panic!("nothing was refused: {events:?}"))
}

fn decode(latent: Vec<f32>, class: Option<u8>, mix: Vec<f32>) -> Command {
    Command::Decode { latent, class, mix }
}

fn decoded(events: &[Event]) -> Vec<u8> {
    match events {
        [Event::Decoded { pixels, .. }] => pixels.to_vec(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn images_of_many_latent_vectors_are_those_of_each() {
    let mut worker = worker("gan");
    let size = ganvas::recipe::find("gan").unwrap().hyper.latents().width();
    let latents: Vec<f32> = (0..3 * size).map(|i| (i as f32 * 0.7).sin()).collect();
    let draw =
        Command::DecodeMany { id: 9, latents: latents.clone(), class: None, mix: Vec::new() };
    let all = match &ask(&mut worker, draw)[..] {
        [Event::DecodedMany { run: 1, id: 9, pixels }] => pixels.to_vec(),
        other => panic!("{other:?}"),
    };
    for (latent, digit) in latents.chunks(size).zip(all.chunks(784)) {
        assert_eq!(decoded(&ask(&mut worker, decode(latent.to_vec(), None, Vec::new()))), digit);
    }
    let wrong = [(vec![0.; size + 1], "latent-size"), (vec![f32::NAN; size], "latent-number")];
    for (latents, code) in wrong.into_iter().chain([(vec![0.; 1025 * size], "sample-count")]) {
        let draw = Command::DecodeMany { id: 1, latents, class: None, mix: Vec::new() };
        assert_eq!(refused(&ask(&mut worker, draw)), ("decode-many".into(), code.into()));
    }
}

#[test]
fn a_class_mix_of_one_class_is_that_class() {
    let mut worker = worker("cgan");
    steps(&mut worker, 2);
    let size = ganvas::recipe::find("cgan").unwrap().hyper.latents().width();
    let mut make = |class, mix: &[f32]| {
        decoded(&ask(&mut worker, decode(vec![0.5; size], class, mix.to_vec())))
    };
    let shares = |a: f32| [0., 0., 0., 1. - a, 0., 0., 0., a, 0., 0.];
    let (three, seven) = (make(Some(3), &[]), make(Some(7), &[]));
    assert_eq!([make(None, &shares(0.)), make(None, &shares(1.))], [three.clone(), seven.clone()]);
    let between = make(Some(1), &shares(0.5));
    assert!(between != three && between != seven);
    for mix in [
        vec![0.1; 9],
        vec![0.2; 10],
        vec![f32::NAN; 10],
        vec![-1., 2., 0., 0., 0., 0., 0., 0., 0., 0.],
    ] {
        let events = ask(&mut worker, decode(vec![0.; size], None, mix));
        assert_eq!(refused(&events), ("decode".into(), "shares".into()));
    }
}

#[test]
fn directions_come_strongest_first() {
    let mut worker = worker("dcgan");
    steps(&mut worker, 1);
    match &ask(&mut worker, Command::Directions)[..] {
        [Event::Directions(Directions { step: 1, count: 10, vectors, shares, effects, .. })] => {
            let size = ganvas::recipe::find("dcgan").unwrap().hyper.latents().width();
            assert_eq!((vectors.len(), shares.len(), effects.len()), (10 * size, 10, 40));
            assert!(
                shares.is_sorted_by(|a, b| a >= b) && shares.iter().sum::<f32>() <= 1.,
                "{shares:?}"
            );
            for vector in vectors.chunks(size) {
                let length: f32 = vector.iter().map(|x| x * x).sum();
                assert!((length - 1.).abs() < 1e-4, "{length}");
            }
            assert!(effects.iter().all(|effect| effect.is_finite()));
        }
        other => panic!("{other:?}"),
    }
    let mut cycle = self::worker("cyclegan");
    assert_eq!(
        refused(&ask(&mut cycle, Command::Directions)),
        ("directions".into(), "no-latents".into())
    );
}

#[test]
fn the_image_nearest_to_a_training_image_is_itself() {
    let mut worker = worker("gan");
    let digit = ganvas::Dataset::drawn().digit(77).to_vec();
    let events = ask(&mut worker, Command::Nearest { pixels: ByteBuf::from(digit.clone()) });
    match &events[..] {
        [Event::Nearest(Nearest { indices, classes, distances, sibling, pixels, .. })] => {
            assert_eq!(
                (indices[0], distances[0], indices.len(), pixels.len()),
                (77, 0., 8, 8 * 784)
            );
            assert_eq!(pixels[..784], digit);
            assert!(distances.is_sorted() && classes.iter().all(|class| (0..10).contains(class)));
            // The nearest to it is the second of all.
            assert_eq!(*sibling, distances[1]);
        }
        other => panic!("{other:?}"),
    }
    let short = Command::Nearest { pixels: ByteBuf::from(vec![0; 9]) };
    assert_eq!(refused(&ask(&mut worker, short)), ("nearest".into(), "digit-size".into()));
}

#[test]
fn a_drawn_digit_is_assessed_by_d_and_the_judge_and_translated() {
    let digit = ByteBuf::from(ganvas::Dataset::drawn().digit(3).to_vec());
    let read = |worker: &mut Worker| match &ask(worker, Command::Assess { pixels: digit.clone() })[..]
    {
        [Event::Assessment(Assessment { probability, probabilities, pixels, score, .. })] => {
            assert!(score.is_finite());
            (*probability, probabilities.clone(), pixels.len())
        }
        other => panic!("{other:?}"),
    };
    let mut gan = worker("gan");
    let (probability, probabilities, translated) = read(&mut gan);
    assert!(
        probability.is_some_and(|p| p > 0. && p < 1.)
            && probabilities.is_empty()
            && translated == 0
    );
    ask(&mut gan, Command::Judge { bytes: ByteBuf::from(JUDGE.to_vec()) });
    let (_, probabilities, _) = read(&mut gan);
    assert!(
        probabilities.len() == 10 && (probabilities.iter().sum::<f32>() - 1.).abs() < 1e-4,
        "{probabilities:?}"
    );
    let (probability, _, translated) = read(&mut worker("cyclegan"));
    assert_eq!((probability, translated), (None, 2 * 784));
    let (probability, ..) = read(&mut worker("wgan"));
    assert_eq!(probability, None, "a critic gives no probability");
}

#[test]
fn a_search_reduces_its_error_and_ends() {
    let mut worker = worker("gan");
    let size = ganvas::recipe::find("gan").unwrap().hyper.latents().width();
    let made = decoded(&ask(&mut worker, decode(vec![0.8; size], None, Vec::new())));
    let invert = || Command::Invert { pixels: ByteBuf::from(made.clone()), class: None };
    let progress = |events: &[Event]| -> Vec<(f64, u32, bool)> {
        let each = events.iter().map(|event| match event {
            Event::Inverting(Inverting { error, iterations, done, .. }) => {
                (*error, *iterations, *done)
            }
            other => panic!("{other:?}"),
        });
        each.collect()
    };
    let errors = progress(&ask(&mut worker, invert()));
    assert!(errors.len() > 1 && errors.is_sorted_by(|a, b| a.0 >= b.0), "{errors:?}");
    let (error, _, done) = errors[errors.len() - 1];
    assert!(
        done && error < 0.01 && errors[..errors.len() - 1].iter().all(|one| !one.2),
        "{errors:?}"
    );
    // A search that is stopped reports where it was.
    worker.handle(invert());
    worker.turn();
    worker.events();
    let stopped = progress(&ask(&mut worker, Command::StopInverting));
    assert!(matches!(stopped[..], [(_, iterations, true)] if iterations > 0), "{stopped:?}");
    assert!(worker.idle());
}

#[test]
fn a_saved_run_continues_bit_for_bit_in_another_worker() {
    for recipe in ["gan", "cgan", "wgan_gp", "cyclegan"] {
        let mut first = worker(recipe);
        steps(&mut first, 2);
        let bytes = file(&mut first, FileKind::Run);
        let expected = digest(&steps(&mut first, 2));
        let mut second = worker("dcgan");
        let events = ask(&mut second, resume(2, &bytes));
        assert!(
            matches!(events[0], Event::Started { run: 2, recipe: ref other, seed: 5, .. } if other == recipe)
        );
        match &events[1] {
            Event::Resumed(Resumed {
                run: 2,
                step: 2,
                same_data: Some(true),
                differs: None,
                build: Some(build),
            }) => {
                assert_eq!(build, ganvas::kernel::arithmetic());
            }
            other => panic!("{other:?}"),
        }
        let elapsed = events.iter().find_map(|event| match event {
            Event::Progress { elapsed_ms, step: 2, .. } => Some(*elapsed_ms),
            _ => None,
        });
        assert_eq!(elapsed, Some(1234.));
        assert_eq!(digest(&steps(&mut second, 2)), expected, "{recipe}");
    }
}

#[test]
fn a_file_that_is_not_a_checkpoint_leaves_the_run_unchanged() {
    let mut worker = worker("gan");
    let before = digest(&steps(&mut worker, 1));
    let whole = file(&mut worker, FileKind::Run);
    let generator = file(&mut worker, FileKind::Generator);
    let other = String::from_utf8_lossy(&whole).find("ganvas 1").map(|at| {
        let mut newer = whole.clone();
        newer[at + 7] = b'2';
        newer
    });
    let cut = whole[..whole.len() - 1].to_vec();
    for wrong in [Vec::new(), b"GIF89a".to_vec(), cut, generator, other.unwrap()] {
        let events = ask(&mut worker, resume(7, &wrong));
        assert_eq!(refused(&events), ("resume".into(), "checkpoint".into()));
    }
    assert_eq!(file(&mut worker, FileKind::Run).len(), whole.len());
    // Still run 1, where it was.
    let events = ask(&mut worker, Command::Pause);
    assert_eq!(digest(&events), before);
}

#[test]
fn other_data_are_reported() {
    let mut first = worker("gan");
    steps(&mut first, 1);
    let bytes = file(&mut first, FileKind::Run);
    let mut second = Worker::new("test").unwrap();
    second.handle(Command::Open { source: Source::Files, transposed: false });
    let header = [2051u32, 40, 28, 28].into_iter().flat_map(u32::to_be_bytes);
    let images: Vec<u8> = header.chain((0..40 * 784).map(|i| (i % 251) as u8)).collect();
    second.handle(Command::Images { bytes: ByteBuf::from(images) });
    second.handle(Command::Close);
    second.events();
    let events = ask(&mut second, resume(2, &bytes));
    assert!(
        matches!(events[1], Event::Resumed(Resumed { same_data: Some(false), .. })),
        "{:?}",
        events[1]
    );
    steps(&mut second, 1);
}

#[test]
fn autosaves_come_while_paused_and_on_request_with_step_digest_and_data() {
    let mut worker = worker("gan");
    let autosaves = |events: &[Event]| -> Vec<(u32, String, Vec<u8>)> {
        let each = events.iter().filter_map(|event| match event {
            Event::Autosaved(Autosaved { step, digest, bytes, data, .. }) => {
                assert_eq!(data, "drawn");
                Some((*step, digest.clone(), bytes.to_vec()))
            }
            _ => None,
        });
        each.collect()
    };
    assert!(autosaves(&steps(&mut worker, 1)).is_empty(), "autosave is off");
    let asked = autosaves(&ask(&mut worker, Command::Autosave { on: true }));
    assert_eq!(asked.len(), 1);
    assert!(
        autosaves(&ask(&mut worker, Command::Autosave { on: true })).is_empty(),
        "the run has not changed"
    );
    let events = steps(&mut worker, 1);
    let paused = autosaves(&events);
    assert_eq!((paused[0].0, &paused[0].1), (2, &digest(&events)));
    let events = ask(&mut worker, resume(2, &asked[0].2));
    assert_eq!(digest(&events), asked[0].1);
    // While it trains, the page can request one at once.
    worker.handle(Command::Run);
    worker.turn();
    worker.handle(Command::Autosave { on: true });
    let mut events = Vec::new();
    for _ in 0..50 {
        worker.turn();
        events.extend(worker.events());
    }
    assert!(!autosaves(&events).is_empty());
    worker.handle(Command::Autosave { on: false });
    worker.events();
    assert!(autosaves(&ask(&mut worker, Command::Pause)).is_empty());
}

#[test]
fn a_saved_generator_makes_the_same_images() {
    let mut first = worker("dcgan");
    steps(&mut first, 2);
    let bytes = file(&mut first, FileKind::Generator);
    let size = ganvas::recipe::find("dcgan").unwrap().hyper.latents().width();
    let expected = decoded(&ask(&mut first, decode(vec![0.4; size], None, Vec::new())));
    let mut second = worker("dcgan");
    let events = ask(&mut second, Command::Pretrained { bytes: ByteBuf::from(bytes) });
    assert!(matches!(events[0], Event::Pretrained { steps: 2, .. }), "{events:?}");
    assert_eq!(decoded(&ask(&mut second, decode(vec![0.4; size], None, Vec::new()))), expected);
}
