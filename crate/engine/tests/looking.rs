//! Inspection of a run: steps of one player, phases, snapshots, scores and
//! filters, surveys. Inspection changes no bit of the run.
#![allow(clippy::unwrap_used, clippy::panic)]

use candle_core::Tensor;
use ganvas::metric::{Judge, classes, compare, jensen_shannon, recognised};
use ganvas::recipe::ALL;
use ganvas::train::Player;
use ganvas::watch::{Measurement, Watch};
use ganvas::{Config, Dataset, Session, StepOutcome};

/// A small run of each recipe, on drawn digits.
fn session(recipe: &str) -> Session {
    let small = [
        ("batch", "4"),
        ("g_hidden", "8"),
        ("d_hidden", "8"),
        ("g_channels", "2"),
        ("d_channels", "2"),
    ];
    let offered = |key: &str| ALL.iter().any(|known| known.id == recipe && known.knob(key).is_ok());
    let knobs = small.into_iter().filter(|(key, _)| offered(key));
    Session::new(Config::new(recipe, 3, knobs).unwrap(), Dataset::drawn()).unwrap()
}

fn train(session: &mut Session, steps: u32) {
    for _ in 0..steps {
        assert_eq!(session.step().unwrap(), StepOutcome::Done);
    }
}

/// The bits of one side's nets, except running statistics of batch norms, which
/// follow every training pass, as they should.
fn bits(session: &mut Session, side: &str) -> Vec<u32> {
    let state = session.state().unwrap();
    let of_side = state
        .tensors
        .iter()
        .filter(|(name, _)| name.starts_with(side) && !name.contains("running"));
    let numbers = |(_, tensor): &(String, Tensor)| tensor.flatten_all().unwrap().to_vec1().unwrap();
    of_side.flat_map(numbers).map(f32::to_bits).collect()
}

#[test]
fn training_phase_by_phase_gives_the_same_bits() {
    for recipe in ALL {
        let (mut whole, mut parts) = (session(recipe.id), session(recipe.id));
        for _ in 0..2 {
            whole.step().unwrap();
            while parts.advance().unwrap() == StepOutcome::Ongoing {
                parts.inspect().iteration();
            }
        }
        assert_eq!(whole.digest().unwrap(), parts.digest().unwrap(), "{}", recipe.id);
    }
}

#[test]
fn step_of_one_player_leaves_the_other_unchanged() {
    for recipe in ALL.iter().filter(|recipe| recipe.id != "cyclegan") {
        let mut session = session(recipe.id);
        session.step().unwrap();
        // Saving finishes an iteration under way, so steps of G, which end one,
        // are compared.
        let d = bits(&mut session, "d.");
        let (g, steps) = (bits(&mut session, "g."), session.steps());
        assert_eq!(session.step_player(Player::G).unwrap(), StepOutcome::Done, "{}", recipe.id);
        assert_eq!(session.steps(), steps + 1);
        assert_eq!(bits(&mut session, "d."), d, "{}: D moved in G's step", recipe.id);
        assert_ne!(bits(&mut session, "g."), g, "{}: G did not move in its step", recipe.id);
        // Several steps of D in a row: G's images stay the same.
        let before = session.preview().unwrap();
        for _ in 0..3 {
            assert_eq!(
                session.step_player(Player::D).unwrap(),
                StepOutcome::Ongoing,
                "{}",
                recipe.id
            );
            assert!(!session.settled());
        }
        assert_eq!(session.preview().unwrap(), before, "{}: G moved in D's steps", recipe.id);
        assert_eq!(session.step_player(Player::G).unwrap(), StepOutcome::Done, "{}", recipe.id);
        assert_eq!(session.step().unwrap(), StepOutcome::Done, "{} continues", recipe.id);
    }
}

#[test]
fn return_to_restores_a_snapshot_bit_for_bit_with_its_settings() {
    for recipe in ALL {
        let mut session = session(recipe.id);
        train(&mut session, 3);
        let snapshot = session.snapshot().unwrap();
        let rate = session.config().hyper.g_rate;
        let digest_later = |session: &mut Session| {
            train(session, 3);
            session.digest().unwrap()
        };
        let first = digest_later(&mut session);
        session.tune("g_rate", "0.5").unwrap();
        session.step().unwrap();
        session.return_to(&snapshot).unwrap();
        assert_eq!((session.steps(), session.config().hyper.g_rate), (3, rate));
        assert_eq!(digest_later(&mut session), first, "{}", recipe.id);
    }
}

#[test]
fn inspection_changes_no_bit() {
    for recipe in ALL {
        let (mut alone, mut inspected) = (session(recipe.id), session(recipe.id));
        let mut watch = Watch::default();
        watch.set_judge(Judge::ready().unwrap());
        for _ in 0..2 {
            alone.step().unwrap();
            inspected.step().unwrap();
            watch.record(&inspected);
            watch.quick_survey(&mut inspected).unwrap();
            inspected.inspect().iteration();
            inspected.inspect().filters();
            let digit = ganvas::data::numbers(&inspected.real(1));
            inspected.inspect().score(&digit, 3).unwrap();
        }
        assert_eq!(alone.digest().unwrap(), inspected.digest().unwrap(), "{}", recipe.id);
    }
}

/// A full survey of a session.
fn full_survey(session: &mut Session) -> ganvas::watch::Survey {
    let mut watch = Watch::default();
    watch.set_judge(Judge::ready().unwrap());
    watch.begin_survey(true);
    loop {
        if let Some(Measurement::Full(survey)) = watch.continue_survey(session).unwrap() {
            return survey;
        }
        assert!(watch.surveying());
    }
}

#[test]
fn survey_equals_eval_on_as_many_images() {
    for recipe in ["dcgan", "cgan", "wgan", "cyclegan"] {
        let mut session = session(recipe);
        train(&mut session, 5);
        let survey = full_survey(&mut session);
        let bytes = session.sample(survey.digits as u32, 0, None).unwrap();
        let pixels = ganvas::data::numbers(&bytes);
        let judged = Judge::ready().unwrap().judge(&pixels).unwrap();
        let found = recognised(&judged);
        assert_eq!((survey.classes, survey.recognised), (found.shares(), found.share), "{recipe}");
        assert_eq!(
            (survey.divergence, survey.confidence),
            (found.divergence(), classes(&judged).confidence),
            "{recipe}"
        );
        let jsd = session.inspect().log_odds(survey.digits, 0).transpose().unwrap();
        let jsd = jsd.map(|(real, fake)| jensen_shannon(&real, &fake));
        assert_eq!(survey.jsd, jsd, "{recipe}");
        assert_eq!(jsd.is_some(), ["dcgan", "cgan"].contains(&recipe));
        let real = session.targets(0..2 * survey.digits);
        let mut judge = Judge::ready().unwrap();
        let mut features =
            |bytes: &[u8]| judge.judge(&ganvas::data::numbers(bytes)).unwrap().features;
        let comparison = compare(&features(&bytes), &features(&real)).unwrap();
        assert_eq!(
            (survey.distance, survey.floor),
            (Some(comparison.distance), Some(comparison.floor)),
            "{recipe}"
        );
        let expected = (Some(comparison.near.precision), Some(comparison.near.recall));
        assert_eq!((survey.precision, survey.recall), expected, "{recipe}");
    }
}

#[test]
fn survey_leaves_the_iteration_under_way_unfinished() {
    let (mut inspected, mut alone) = (session("cyclegan"), session("cyclegan"));
    let mut watch = Watch::default();
    watch.set_judge(Judge::ready().unwrap());
    for session in [&mut inspected, &mut alone] {
        train(session, 1);
    }
    watch.begin_survey(true);
    watch.continue_survey(&mut inspected).unwrap();
    // A phase is played by hand during the survey.
    inspected.advance().unwrap();
    let phase = inspected.next_phase();
    while watch.surveying() {
        watch.continue_survey(&mut inspected).unwrap();
    }
    assert_eq!(inspected.next_phase(), phase);
    train(&mut alone, 1);
    assert_eq!(inspected.step().unwrap(), StepOutcome::Done);
    assert_eq!(inspected.digest().unwrap(), alone.digest().unwrap());
}

#[test]
fn score_map_is_the_gradient_of_the_score() {
    for recipe in ["dcgan", "gan", "cgan", "wgan", "cyclegan"] {
        let mut session = session(recipe);
        train(&mut session, 5);
        let digit = ganvas::data::numbers(&session.real(1));
        let (_, map) = session.inspect().score(&digit, 3).unwrap();
        assert_eq!(map.len(), 784);
        // Along the map itself, where the score changes fastest, so that f32
        // resolves the change.
        let length = map.iter().map(|slope| f64::from(*slope).powi(2)).sum::<f64>();
        let moved = |by: f64| {
            let scale = by / length.sqrt();
            digit
                .iter()
                .zip(&map)
                .map(|(x, slope)| x + (scale * f64::from(*slope)) as f32)
                .collect::<Vec<_>>()
        };
        let mut at = |by| f64::from(session.inspect().score(&moved(by), 3).unwrap().0);
        let slope = (at(0.02) - at(-0.02)) / 0.04;
        assert!((slope / length.sqrt() - 1.).abs() < 0.05, "{recipe}: {slope}, {}", length.sqrt());
    }
}

#[test]
fn filters_have_the_shape_of_the_first_layers_weights() {
    let (mut conv, mut dense) = (session("dcgan"), session("gan"));
    conv.step().unwrap();
    let found = conv.inspect().filters();
    assert_eq!((found.height, found.width, found.count, found.pixels.len()), (4, 4, 2, 2 * 16));
    let found = dense.inspect().filters();
    assert_eq!((found.height, found.width, found.count, found.pixels.len()), (28, 28, 8, 8 * 784));
    // Each filter reaches one end of its own scale.
    for filter in found.pixels.chunks(784) {
        assert!(filter.iter().any(|&byte| byte == 255 || byte == 1));
    }
}

/// Log-odds come from the D in training: its logits of a batch are those of D's
/// step, which normalises each batch by its own statistics.
#[test]
fn log_odds_match_those_of_training_steps() {
    let mut session = session("dcgan");
    train(&mut session, 30);
    let digest = session.digest().unwrap();
    let (real, fake) = session.inspect().log_odds(512, 0).unwrap().unwrap();
    assert_eq!((real.len(), fake.len()), (512, 512));
    assert_eq!(session.digest().unwrap(), digest, "log_odds changes the run");
    // D is right as often as in the steps themselves, whose D is one step
    // earlier; running statistics lag behind both.
    let right = |real: &[f32], fake: &[f32]| {
        let of = |scores: &[f32], side: fn(f32) -> bool| {
            scores.iter().filter(|&&score| side(score)).count()
        };
        (of(real, |s| s > 0.) + of(fake, |s| s < 0.)) as f64 / (real.len() + fake.len()) as f64
    };
    let (mut played_real, mut played_fake) = (Vec::new(), Vec::new());
    for _ in 0..8 {
        train(&mut session, 1);
        played_real.extend(session.stats().real.clone());
        played_fake.extend(session.stats().fake.clone());
    }
    let (measured, training) = (right(&real, &fake), right(&played_real, &played_fake));
    assert!((measured - training).abs() < 0.15, "measured {measured}, in training {training}");
    let jsd = (jensen_shannon(&real, &fake), jensen_shannon(&played_real, &played_fake));
    assert!((jsd.0 - jsd.1).abs() < 0.12, "measured {}, in training {}", jsd.0, jsd.1);
}

#[test]
fn log_odds_score_packs_of_images_together() {
    let mut session =
        Session::new(Config::new("dcgan", 3, [("pack", "2")]).unwrap(), Dataset::drawn()).unwrap();
    train(&mut session, 2);
    let (real, fake) = session.inspect().log_odds(100, 0).unwrap().unwrap();
    assert!(
        real.len() == fake.len() && real.len() <= 50 && real.len() > 30,
        "{} pairs",
        real.len()
    );
}
