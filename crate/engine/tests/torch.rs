//! Ten losses in a row against PyTorch, from the same weights, batches of drawn
//! digits and latent vectors, for every recipe and option.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::BTreeMap;

use ganvas::{Dataset, Session, StepOutcome, recipe};

mod ten;

/// Written by `tests/reference/losses.py`: for each run, ten times D's loss on
/// real images, on generated ones, its penalty, and G's loss.
const THEIRS: &str = include_str!("../../../tests/reference/losses.json");

/// Both sides compute in f32, in different orders.
const TOLERANCE: f32 = 2e-4;

#[test]
fn ten_losses_in_a_row_match_pytorch() {
    let theirs: BTreeMap<String, Vec<[f32; 4]>> = serde_json::from_str(THEIRS).unwrap();
    let mut compared = 0;
    for recipe in recipe::ALL {
        for (name, config) in ten::configs(recipe).unwrap() {
            let mut session = Session::new(config, Dataset::drawn()).unwrap();
            let theirs =
                theirs.get(&name).unwrap_or_else(|| panic!("PyTorch has no losses of {name}"));
            assert_eq!(theirs.len(), ten::STEPS);
            for (step, theirs) in theirs.iter().enumerate() {
                assert_eq!(session.step().unwrap(), StepOutcome::Done);
                let losses = session.losses();
                let ours =
                    [losses.real, losses.fake, losses.penalty + losses.cycle, losses.generator];
                let close = |(a, b): (&f32, &f32)| (a - b).abs() <= TOLERANCE * b.abs().max(1.);
                assert!(
                    ours.iter().zip(theirs).all(close),
                    "{name}, step {step}: {ours:?}, {theirs:?}"
                );
            }
            compared += 1;
        }
    }
    assert_eq!(compared, theirs.len(), "PyTorch has losses of runs that no longer exist");
}
