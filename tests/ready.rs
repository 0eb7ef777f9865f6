//! The page's pretrained generators fit the present recipes, and are small.

#![allow(clippy::unwrap_used, clippy::expect_used)]

use std::fs;
use std::path::{Path, PathBuf};

use ganvas::recipe::{self, Recipe};
use ganvas::{Config, Dataset, Session, checkpoint};

/// Most bytes of a file: the page loads it before the user does anything.
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
        .expect("every recipe has a pretrained generator: the README says how to make one")
}

#[test]
fn every_recipe_has_a_pretrained_generator_that_fits_its_defaults() {
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
            "{}: the pretrained generator does not fit",
            recipe.id
        );
        let pretrained = digits(&mut session);
        assert_ne!(untrained, pretrained, "{}", recipe.id);
        assert_eq!(
            digest,
            session.digest().unwrap(),
            "{}: use_pretrained changed the run",
            recipe.id
        );
        session.step().unwrap();
        assert_ne!(
            pretrained,
            digits(&mut session),
            "{}: still pretrained after a step",
            recipe.id
        );
        let mut alone =
            Session::new(Config::new(recipe.id, 7, []).unwrap(), Dataset::drawn()).unwrap();
        alone.step().unwrap();
        assert_eq!(
            session.digest().unwrap(),
            alone.digest().unwrap(),
            "{}: use_pretrained changed the training",
            recipe.id
        );
    }
}

#[test]
fn the_folder_has_only_the_generators_of_recipes() {
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
fn a_generator_that_does_not_fit_changes_nothing() {
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
        "a complete run"
    );
    assert!(checkpoint::load(&bytes, Dataset::drawn()).is_err(), "a generator alone is not a run");
}
