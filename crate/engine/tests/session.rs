//! The session as hosts drive it: equal seeds give equal bits, pauses and
//! checkpoints change nothing, errors lose nothing.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use ganvas::recipe::Trainer;
use ganvas::{Config, Dataset, Error, Session, StepOutcome, checkpoint, recipe};

const SMALL: [(&str, &str); 4] =
    [("batch", "8"), ("g_hidden", "16-12"), ("d_hidden", "12"), ("latent", "5")];

fn config(seed: u32, more: &[(&'static str, &'static str)]) -> Config {
    Config::new("gan", seed, SMALL.iter().chain(more).copied()).unwrap()
}

fn session(seed: u32, more: &[(&'static str, &'static str)]) -> Session {
    Session::new(config(seed, more), Dataset::drawn()).unwrap()
}

fn train(session: &mut Session, steps: u32) {
    for _ in 0..steps {
        assert_eq!(session.step().unwrap(), StepOutcome::Done);
    }
}

#[test]
fn every_recipe_trains_thirty_steps_with_finite_losses() {
    for recipe in recipe::ALL {
        let config = Config::new(recipe.id, 1, []).unwrap();
        let mut session = Session::new(config, Dataset::drawn()).unwrap();
        for _ in 0..30 {
            train(&mut session, 1);
            let losses = session.losses();
            assert!(
                [losses.real, losses.fake, losses.generator].iter().all(|loss| loss.is_finite())
            );
        }
        // CycleGAN sees a batch of each domain.
        let batches = if recipe.trainer == Trainer::Cycle { 2 } else { recipe.hyper.d_steps };
        let seen = 30 * u64::from(recipe.hyper.batch * batches);
        assert_eq!((session.steps(), session.images_seen()), (30, seen));
    }
}

#[test]
fn epoch_counts_the_real_images_of_every_batch() {
    let batch = ("batch", "256");
    let dense = [batch, ("g_hidden", "8"), ("d_hidden", "8")];
    let pairs = [batch, ("g_channels", "1"), ("d_channels", "1"), ("blocks", "0"), ("pool", "0")];
    let five_steps = [&dense[..], &[("d_steps", "5")]].concat();
    // Batches of real images in an iteration: one per step of D, or one of each
    // domain.
    for (recipe, knobs, batches) in
        [("gan", &dense[..], 1), ("gan", &five_steps, 5), ("cyclegan", &pairs, 2)]
    {
        let config = Config::new(recipe, 1, knobs.iter().copied()).unwrap();
        let mut session = Session::new(config, Dataset::drawn()).unwrap();
        let total = session.data().total();
        for steps in [0, 9] {
            train(&mut session, steps);
            let (seen, digits) = (256 * batches * steps, 256 * batches);
            assert_eq!(session.images_seen(), u64::from(seen), "{recipe}");
            let epoch = f64::from(seen) / f64::from(total);
            assert!((session.epoch() - epoch).abs() < 1e-9, "{recipe}: {}", session.epoch());
            assert_eq!(session.epoch_left(), (total - seen).div_ceil(digits), "{recipe}");
        }
    }
}

#[test]
fn equal_seeds_give_equal_bits_with_and_without_pauses() {
    let mut whole = session(7, &[]);
    train(&mut whole, 12);
    let mut sliced = session(7, &[]);
    while sliced.steps() < 12 {
        sliced.advance().unwrap();
        if sliced.steps() == 5 {
            sliced.settle().unwrap();
            sliced.preview().unwrap();
            sliced.sample(3, 1, None).unwrap();
            sliced.latent().unwrap().decode(&[0.; 5], 0).unwrap();
        }
    }
    assert_eq!(whole.digest().unwrap(), sliced.digest().unwrap());
    let mut other = session(8, &[]);
    train(&mut other, 12);
    assert_ne!(whole.digest().unwrap(), other.digest().unwrap());
    whole.restart(config(7, &[])).unwrap();
    assert_eq!(whole.digest().unwrap(), session(7, &[]).digest().unwrap());
}

#[test]
fn resuming_from_a_checkpoint_continues_the_same_run() {
    for optimizer in ["adam", "rmsprop", "sgd"] {
        let knobs =
            [("optimizer", optimizer), ("d_norm", "true"), ("g_dropout", "0.2"), ("d_steps", "2")];
        let mut whole = session(3, &knobs);
        train(&mut whole, 40);
        let mut first = session(3, &knobs);
        train(&mut first, 20);
        let bytes = checkpoint::save(&mut first).unwrap();
        let mut second = checkpoint::load(&bytes, Dataset::drawn()).unwrap();
        assert_eq!(second.digest().unwrap(), first.digest().unwrap());
        train(&mut second, 20);
        assert_eq!(whole.digest().unwrap(), second.digest().unwrap(), "{optimizer}");
        assert_eq!(whole.preview().unwrap(), second.preview().unwrap());
    }
}

#[test]
fn damaged_checkpoint_is_a_checkpoint_error() {
    let bytes = checkpoint::save(&mut session(1, &[])).unwrap();
    for cut in (0..bytes.len()).step_by(997) {
        assert!(matches!(
            checkpoint::load(&bytes[..cut], Dataset::empty()),
            Err(Error::Checkpoint { .. })
        ));
    }
    let mut nan = bytes.clone();
    let at = nan.len() - 4;
    nan[at..].copy_from_slice(&f32::NAN.to_le_bytes());
    assert!(matches!(checkpoint::load(&nan, Dataset::empty()), Err(Error::Checkpoint { .. })));
}

#[test]
fn generator_moves_only_in_its_own_update() {
    use ganvas::Phase;
    let mut session = session(5, &[("d_steps", "2")]);
    let weights = |session: &mut Session| {
        // A state exists only between iterations, so G's preview is compared
        // instead.
        session.preview().unwrap()
    };
    let start = weights(&mut session);
    while session.next_phase() != Phase::GUpdate {
        session.advance().unwrap();
        assert_eq!(weights(&mut session), start, "G moved before its update");
    }
    assert_eq!(session.advance().unwrap(), StepOutcome::Done);
    assert_ne!(weights(&mut session), start);
}

#[test]
fn live_knobs_take_effect_and_others_need_a_new_run() {
    let mut tuned = session(2, &[]);
    train(&mut tuned, 3);
    tuned.tune("g_rate", "0.01").unwrap();
    tuned.tune("batch", "4").unwrap();
    let before = tuned.images_seen();
    train(&mut tuned, 1);
    assert_eq!(tuned.images_seen(), before + 4);
    assert!(matches!(tuned.tune("latent", "6"), Err(Error::NeedsNewRun { .. })));
    tuned.tune("latent", "5").unwrap();
    assert_eq!(tuned.config().hyper.latent, 5);
}

#[test]
fn invalid_settings_are_named_in_errors_and_change_nothing() {
    let mut session = session(2, &[]);
    train(&mut session, 2);
    let digest = session.digest().unwrap();
    let bad = [
        ("g_rate", "0"),
        ("g_rate", "-1"),
        ("g_rate", "NaN"),
        ("g_rate", "1e9"),
        ("g_rate", "fast"),
        ("batch", "0"),
        ("batch", "100000"),
        ("batch", "1.5"),
        ("g_hidden", ""),
        ("g_hidden", "0"),
        ("g_hidden", "10000000"),
        ("g_hidden", "8-8-8-8-8-8-8-8-8"),
        ("loss", "cross"),
        ("g_norm", "yes"),
        ("colour", "red"),
    ];
    for (key, value) in bad {
        let error = Config::new("gan", 1, [(key, value)]).err().unwrap();
        assert!(error.to_string().contains(key), "{error}");
        assert_eq!(session.tune(key, value).unwrap_err().code(), error.code());
    }
    let huge = Config::new("gan", 1, [("g_hidden", "4096-4096-4096-4096")]).err().unwrap();
    assert_eq!(huge.code(), "too-large");
    assert_eq!(Config::new("gun", 1, []).err().unwrap().code(), "unknown-recipe");
    for seed in ["", "x", "-1", "4294967296", "1.5"] {
        assert_eq!(Config::parse_seed(seed).unwrap_err().code(), "seed");
    }
    assert_eq!(session.latent().unwrap().decode(&[0.; 4], 0).unwrap_err().code(), "latent-size");
    assert_eq!(session.sample(0, 1, None).unwrap_err().code(), "sample-count");
    assert_eq!(session.digest().unwrap(), digest);
}

#[test]
fn every_knob_parses_its_own_text() {
    for recipe in recipe::ALL {
        let config = Config::new(recipe.id, 1, []).unwrap();
        let text = config.knobs();
        let again =
            Config::new(recipe.id, 1, text.iter().map(|(key, value)| (*key, value.as_str())))
                .unwrap();
        assert_eq!(again.hyper, recipe.hyper);
        assert_eq!(text.len(), recipe.knobs().count());
    }
}

/// The tensors of a run's state as (name, bits), without the random streams.
fn tensors(session: &mut Session) -> Vec<(String, Vec<u32>)> {
    let bits = |tensor: &candle_core::Tensor| {
        let numbers = tensor.flatten_all().unwrap().to_vec1::<f32>().unwrap();
        numbers.into_iter().map(f32::to_bits).collect()
    };
    session
        .state()
        .unwrap()
        .tensors
        .iter()
        .map(|(name, tensor)| (name.clone(), bits(tensor)))
        .collect()
}

/// The error of a step that meets a number that is not finite, and the tensors
/// of the run before and after that step.
type Fault = (Error, [Vec<(String, Vec<u32>)>; 2]);

fn fault(session: &mut Session, steps: u32) -> Option<Fault> {
    for _ in 0..steps {
        let before = tensors(session);
        if let Err(error) = session.step() {
            return Some((error, [before, tensors(session)]));
        }
    }
    None
}

#[test]
fn loss_that_is_not_finite_stops_training_before_the_weights_move() {
    let mut failed = [false; 2];
    for (normed, seed) in [("true", 4), ("true", 5), ("false", 4), ("false", 5)] {
        for loss in ["least-squares", "wasserstein", "non-saturating"] {
            let knobs =
                [("optimizer", "sgd"), ("g_norm", normed), ("d_norm", normed), ("loss", loss)];
            let mut session = session(seed, &knobs);
            train(&mut session, 2);
            for (key, value) in [("d_rate", "1"), ("g_rate", "1"), ("momentum", "0.99")] {
                session.tune(key, value).unwrap();
            }
            let Some((error, [before, after])) = fault(&mut session, 400) else { continue };
            assert_eq!(error.code(), "not-finite");
            // D's update in the same iteration, before G's error, stays.
            let what = error.to_string();
            let of_g = !what.starts_with("D") && !what.contains("of D");
            for ((name, before), (_, after)) in before.iter().zip(&after) {
                assert!(before == after || (of_g && name.starts_with('d')), "{what}: {name} moved");
                assert!(
                    after.iter().all(|&bits| f32::from_bits(bits).is_finite()),
                    "{what}: {name}"
                );
            }
            assert!(
                before
                    .iter()
                    .any(|(name, _)| name.starts_with("d.") && name.ends_with("running_var"))
                    == (normed == "true")
            );
            failed[usize::from(normed == "true")] = true;
            let bytes = checkpoint::save(&mut session).unwrap();
            let mut again = checkpoint::load(&bytes, Dataset::drawn()).unwrap();
            assert_eq!(again.digest().unwrap(), session.digest().unwrap());
        }
    }
    assert_eq!(failed, [true; 2], "without and with batch norm");
}

/// Batch norm keeps losses small while its input grows until it overflows.
#[test]
fn batch_statistic_that_is_not_finite_is_an_error_and_the_checkpoint_loads() {
    let mut failed = 0;
    for (recipe, knobs) in [
        ("wgan", &[("clip", "0"), ("optimizer", "sgd"), ("d_rate", "0.1"), ("g_rate", "0.1")][..]),
        (
            "wgan",
            &[
                ("clip", "0"),
                ("optimizer", "sgd"),
                ("d_rate", "1"),
                ("g_rate", "1"),
                ("net", "mlp"),
            ],
        ),
        ("wgan_gp", &[("optimizer", "sgd"), ("d_rate", "1"), ("g_rate", "1")]),
    ] {
        let small = [("batch", "8"), ("g_channels", "3"), ("d_channels", "3"), ("d_steps", "2")];
        let knobs = small.iter().chain(knobs).copied();
        let mut session =
            Session::new(Config::new(recipe, 1, knobs).unwrap(), Dataset::drawn()).unwrap();
        for step in 0..300 {
            if let Err(error) = session.step() {
                assert_eq!(error.code(), "not-finite", "{recipe}: {error}");
                failed += 1;
                break;
            }
            assert!(step % 10 > 0 || checkpoint::save(&mut session).is_ok(), "{recipe} at {step}");
        }
        let bytes = checkpoint::save(&mut session).unwrap();
        let mut again = checkpoint::load(&bytes, Dataset::drawn()).unwrap();
        assert_eq!(again.digest().unwrap(), session.digest().unwrap(), "{recipe}");
    }
    assert!(failed >= 2, "only {failed} of the runs failed");
}

#[test]
fn training_waits_for_the_images_that_the_next_batch_needs() {
    let mut session = Session::new(config(1, &[]), Dataset::files(false)).unwrap();
    assert_eq!(session.step().unwrap(), StepOutcome::Waiting);
    let pixels: Vec<u8> = (0..20 * 784).map(|i| (i % 251) as u8).collect();
    session.data_mut().push_images(&ganvas::data::idx::write_images(&pixels)).unwrap();
    assert_eq!(session.step().unwrap(), StepOutcome::Done);
    assert_eq!(session.real(64).len(), 20 * 784);
}

#[test]
fn tensors_of_other_types_are_ignored() {
    use safetensors::tensor::{Dtype, TensorView};
    let config =
        Config::new("gan", 5, [("g_hidden", "8"), ("d_hidden", "8"), ("batch", "4")]).unwrap();
    let mut session = Session::new(config, Dataset::drawn()).unwrap();
    session.step().unwrap();
    let bytes = checkpoint::save(&mut session).unwrap();
    let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let ours = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let extra = [1u8; 8];
    let others = [
        (Dtype::BOOL, 8),
        (Dtype::U16, 4),
        (Dtype::F8_E4M3, 8),
        (Dtype::F8_E5M2, 8),
        (Dtype::C64, 1),
    ]
    .map(|(dtype, count)| {
        (format!("extra.{dtype:?}"), TensorView::new(dtype, vec![count], &extra).unwrap())
    });
    let all = ours.tensors().into_iter().chain(others);
    let more = safetensors::serialize(all, header.metadata().clone()).unwrap();
    let mut back = checkpoint::load(&more, Dataset::drawn()).unwrap();
    assert_eq!(back.digest().unwrap(), session.digest().unwrap());
}

#[test]
fn file_without_a_later_knob_loads_with_its_old_value() {
    let small =
        [("g_channels", "2"), ("d_channels", "2"), ("batch", "4"), ("pool", "0"), ("g_down", "3")];
    let mut session =
        Session::new(Config::new("cyclegan", 5, small).unwrap(), Dataset::drawn()).unwrap();
    session.step().unwrap();
    let bytes = checkpoint::save(&mut session).unwrap();
    let (_, header) = safetensors::SafeTensors::read_metadata(&bytes).unwrap();
    let mut metadata = header.metadata().clone().unwrap();
    let knobs = metadata["knobs"].replace(r#","g_down":"3""#, "");
    assert_ne!(knobs, metadata["knobs"], "the knob is in the file: {knobs}");
    metadata.insert("knobs".into(), knobs);
    let ours = safetensors::SafeTensors::deserialize(&bytes).unwrap();
    let old = safetensors::serialize(ours.tensors(), Some(metadata)).unwrap();
    let mut back = checkpoint::load(&old, Dataset::drawn()).unwrap();
    assert_eq!(back.config().hyper, session.config().hyper);
    assert_eq!(back.digest().unwrap(), session.digest().unwrap());
}
