//! The page's ready-made generators are those of today's recipes, and small.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use ganvas::recipe::{self, Recipe};
use ganvas::{Config, Dataset, Session, checkpoint};

/// Most bytes of a file: it comes over the network before anyone has pressed
/// anything.
const MOST: usize = 300_000;

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../www/ready")
}

fn latents(session: &Session) -> usize {
    session.config().hyper.latents().width()
}

fn file(recipe: &Recipe) -> Vec<u8> {
    let path = folder().join(format!("{}.safetensors", recipe.id));
    fs::read(&path)
        .expect("every recipe has a ready-made generator: the README says how to make one")
}

#[test]
fn every_recipe_has_one_that_its_run_at_defaults_takes() {
    for recipe in recipe::ALL {
        let bytes = file(recipe);
        assert!(
            bytes.len() <= MOST,
            "{} has {} bytes, expected at most {MOST}",
            recipe.id,
            bytes.len()
        );
        let generator = checkpoint::load_generator(&bytes).unwrap();
        let mut session =
            Session::new(Config::new(recipe.id, 7, []).unwrap(), Dataset::drawn()).unwrap();
        let (digest, latent) = (session.digest().unwrap(), [0.5].repeat(latents(&session)));
        let digits = |session: &mut Session| {
            if session.columns().is_empty() {
                session.latent().unwrap().decode(&latent, 3)
            } else {
                session.preview()
            }
            .unwrap()
        };
        let untrained = digits(&mut session);
        assert!(
            session.use_pretrained(&generator).unwrap(),
            "{} has another generator by now",
            recipe.id
        );
        let lent = digits(&mut session);
        assert_ne!(untrained, lent, "{}", recipe.id);
        assert_eq!(digest, session.digest().unwrap(), "{}: lending changed the run", recipe.id);
        session.step().unwrap();
        assert_ne!(lent, digits(&mut session), "{}: the run has its own after a step", recipe.id);
        let mut alone =
            Session::new(Config::new(recipe.id, 7, []).unwrap(), Dataset::drawn()).unwrap();
        alone.step().unwrap();
        assert_eq!(
            session.digest().unwrap(),
            alone.digest().unwrap(),
            "{}: lending changed the training",
            recipe.id
        );
    }
}

#[test]
fn nothing_else_lies_there() {
    let mut names: Vec<_> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    let mut expected: Vec<_> =
        recipe::ALL.iter().map(|recipe| format!("{}.safetensors", recipe.id)).collect();
    names.sort();
    expected.sort();
    assert_eq!(names, expected);
}

#[test]
fn another_runs_generator_changes_nothing() {
    let bytes = file(recipe::find("dcgan").unwrap());
    let generator = checkpoint::load_generator(&bytes).unwrap();
    for (id, knobs) in [("lsgan", None), ("dcgan", Some(("latent", "5")))] {
        let mut session =
            Session::new(Config::new(id, 1, knobs).unwrap(), Dataset::drawn()).unwrap();
        let latent = [0.5].repeat(latents(&session));
        let before = session.latent().unwrap().decode(&latent, 0).unwrap();
        assert!(!session.use_pretrained(&generator).unwrap());
        assert_eq!(before, session.latent().unwrap().decode(&latent, 0).unwrap());
    }
}

#[test]
fn a_broken_file_is_refused() {
    let bytes = file(recipe::find("dcgan").unwrap());
    for end in [0, 7, 300, bytes.len() / 2, bytes.len() - 1] {
        assert!(checkpoint::load_generator(&bytes[..end]).is_err(), "{end}");
    }
    let mut session = Session::new(Config::new("dcgan", 1, []).unwrap(), Dataset::drawn()).unwrap();
    assert!(
        checkpoint::load_generator(&checkpoint::save(&mut session).unwrap()).is_err(),
        "a whole run"
    );
    assert!(checkpoint::load(&bytes, Dataset::drawn()).is_err(), "a generator alone is no run");
}
