//! Properties of every recipe, and of single ones.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ganvas::{Config, Dataset, Session, StepOutcome, checkpoint, recipe};

/// The recipe with narrow nets; knobs that it does not have are ignored.
fn small(id: &str, more: &[(&'static str, &'static str)]) -> Config {
    let recipe = recipe::find(id).unwrap();
    let narrow = [
        ("batch", "8"),
        ("latent", "5"),
        ("g_hidden", "16"),
        ("d_hidden", "12"),
        ("g_channels", "2"),
        ("d_channels", "2"),
    ];
    let known = narrow.iter().chain(more).filter(|(key, _)| recipe.knob(key).is_ok());
    Config::new(id, 3, known.copied()).unwrap()
}

fn session(id: &str, more: &[(&'static str, &'static str)]) -> Session {
    Session::new(small(id, more), Dataset::drawn()).unwrap()
}

fn train(session: &mut Session, steps: u32) {
    for _ in 0..steps {
        assert_eq!(session.step().unwrap(), StepOutcome::Done);
    }
}

#[test]
fn every_recipe_resumes_from_a_checkpoint_bit_for_bit() {
    for recipe in recipe::ALL {
        let options = [("net", "mlp"), ("pack", "2"), ("d_noise", "0.1"), ("decay", "1.001")];
        let later = [
            ("schedule", "cosine"),
            ("hold", "3"),
            ("length", "6"),
            ("ema_width", "0.05"),
            ("modes", "3"),
            ("g_blocks14", "1"),
            ("d_blocks14", "1"),
        ];
        for more in [&[][..], &options, &later, &[("spectral", "true"), ("loss", "relativistic")]] {
            let mut whole = session(recipe.id, more);
            train(&mut whole, 12);
            let mut first = session(recipe.id, more);
            train(&mut first, 6);
            let bytes = checkpoint::save(&mut first).unwrap();
            let mut second = checkpoint::load(&bytes, Dataset::drawn()).unwrap();
            train(&mut second, 6);
            assert_eq!(whole.digest().unwrap(), second.digest().unwrap(), "{} {more:?}", recipe.id);
        }
    }
}

#[test]
fn clipped_weights_stay_within_the_bound() {
    let mut session = session("wgan", &[("clip", "0.02")]);
    train(&mut session, 5);
    let state = session.state().unwrap();
    let mut checked = 0;
    for (name, tensor) in &state.tensors {
        if name.starts_with("d.") && !name.contains("running") {
            let values = tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
            assert!(values.iter().all(|v| v.abs() <= 0.02), "{name}");
            checked += values.len();
        }
    }
    assert!(checked > 50, "no weights of D were checked");
}

/// The greatest singular value of a matrix, by far more rounds of the power
/// iteration than in training, in f64.
fn spectral_norm(matrix: &[Vec<f32>]) -> f64 {
    let mut right: Vec<f64> = (0..matrix[0].len()).map(|i| 1. + (1.7 * i as f64).sin()).collect();
    let mut length = 0.;
    for _ in 0..2000 {
        let left: Vec<f64> = matrix
            .iter()
            .map(|row| row.iter().zip(&right).map(|(x, r)| f64::from(*x) * r).sum())
            .collect();
        for (i, r) in right.iter_mut().enumerate() {
            *r = matrix.iter().zip(&left).map(|(row, l)| f64::from(row[i]) * l).sum();
        }
        length = right.iter().map(|r| r * r).sum::<f64>().sqrt();
        right.iter_mut().for_each(|r| *r /= length);
    }
    // The length of W^T W right.
    length.sqrt()
}

#[test]
fn spectral_normalisation_keeps_every_matrix_of_d_at_norm_one() {
    for recipe in recipe::ALL {
        for net in ["conv", "mlp"] {
            let mut session =
                session(recipe.id, &[("spectral", "true"), ("net", net), ("clip", "0")]);
            for step in [0, 1, 40] {
                train(&mut session, step);
                let state = session.state().unwrap();
                let mut checked = 0;
                for (name, tensor) in &state.tensors {
                    let of_d = name.starts_with("d.") || name.starts_with("d_a.");
                    if of_d && tensor.rank() == 2 {
                        let norm = spectral_norm(&tensor.to_vec2().unwrap());
                        assert!(
                            (norm - 1.).abs() < 0.01,
                            "{} {net} {name}, after {step}: {norm}",
                            recipe.id
                        );
                        checked += 1;
                    }
                }
                assert!(checked >= 2, "{}: only {checked} matrices of D", recipe.id);
            }
        }
    }
}

#[test]
fn conditional_generator_depends_on_the_class() {
    let mut session = session("cgan", &[]);
    train(&mut session, 3);
    assert_eq!(session.classes(), 10);
    assert_eq!(session.labels_of(12, None), [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 0, 1]);
    let latent = [0.3f32; 5];
    assert_ne!(
        session.latent().unwrap().decode(&latent, 3).unwrap(),
        session.latent().unwrap().decode(&latent, 7).unwrap()
    );
    assert_eq!(session.latent().unwrap().decode(&latent, 10).unwrap_err().code(), "class");
    assert_ne!(session.sample(4, 1, Some(3)).unwrap(), session.sample(4, 1, Some(4)).unwrap());
    assert_eq!(session.sample(4, 1, Some(11)).unwrap_err().code(), "class");
    // The first sample is of class 0 either way.
    let (mixed, zeros) =
        (session.sample(1, 1, None).unwrap(), session.sample(1, 1, Some(0)).unwrap());
    assert_eq!(mixed, zeros);
}

#[test]
fn conditional_gan_is_refused_on_complete_data_without_labels() {
    let mut session = Session::new(small("cgan", &[]), Dataset::files(false)).unwrap();
    let pixels = vec![9u8; 40 * 784];
    session.data_mut().push_images(&ganvas::data::idx::write_images(&pixels)).unwrap();
    session.data_mut().close().unwrap();
    let start = session.digest().unwrap();
    assert_eq!(session.step().unwrap_err().code(), "needs-labels");
    assert_eq!(session.digest().unwrap(), start);
}

#[test]
fn incompatible_settings_are_refused() {
    let refused = |id, knobs: &[(&'static str, &'static str)]| {
        Config::new(id, 1, knobs.iter().copied()).err().unwrap().code()
    };
    assert_eq!(refused("wgan_gp", &[("d_norm", "true")]), "penalty-norm");
    assert_eq!(refused("dcgan", &[("penalty", "10")]), "penalty-norm");
    assert_eq!(refused("dcgan", &[("r1", "1")]), "penalty-norm");
    assert_eq!(refused("dcgan", &[("pack", "3")]), "pack-batch");
    let mut packed = session("dcgan", &[("pack", "2")]);
    assert_eq!(packed.tune("batch", "7").unwrap_err().code(), "pack-batch");
    assert_eq!(packed.tune("penalty", "1").unwrap_err().code(), "penalty-norm");
    train(&mut packed, 2);
}
