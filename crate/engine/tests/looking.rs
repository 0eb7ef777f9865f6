//! Looking at a run: steps of one player, phases, snapshots, scores and filters,
//! surveys. Looking moves no bit of the run.
#![allow(clippy::unwrap_used, clippy::panic)]

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

/// The bits of one side's nets; a batch norm's running statistics follow every
/// pass of training, as they should.
fn bits(session: &mut Session, side: &str) -> Vec<u32> {
    let state = session.snapshot().unwrap();
    let tensors =
        state.tensors().filter(|(name, _)| name.starts_with(side) && !name.contains("running"));
    tensors.flat_map(|(_, values)| values).map(f32::to_bits).collect()
}

#[test]
fn phase_by_phase_is_the_same_run() {
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
fn a_step_of_one_player_alone_leaves_the_other_as_it_is() {
    for recipe in ALL.iter().filter(|recipe| recipe.id != "cyclegan") {
        let mut session = session(recipe.id);
        session.step().unwrap();
        // What amid an iteration is saved would finish it, so whole steps of G,
        // which end one, are compared.
        let d = bits(&mut session, "d.");
        let (g, steps) = (bits(&mut session, "g."), session.steps());
        assert_eq!(session.step_player(Player::G).unwrap(), StepOutcome::Done, "{}", recipe.id);
        assert_eq!(session.steps(), steps + 1);
        assert_eq!(bits(&mut session, "d."), d, "{}: D moved in G's step", recipe.id);
        assert_ne!(bits(&mut session, "g."), g, "{}: G did not move in its step", recipe.id);
        // D again and again: G's digits stay.
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
        assert_eq!(session.step().unwrap(), StepOutcome::Done, "{} goes on", recipe.id);
    }
}

#[test]
fn a_moment_is_gone_back_to_bit_for_bit_with_its_settings() {
    for recipe in ALL {
        let mut session = session(recipe.id);
        train(&mut session, 3);
        let snapshot = session.snapshot().unwrap();
        let rate = session.config().hyper.g_rate;
        let on = |session: &mut Session| {
            train(session, 3);
            session.digest().unwrap()
        };
        let first = on(&mut session);
        session.tune("g_rate", "0.5").unwrap();
        session.step().unwrap();
        session.return_to(&snapshot).unwrap();
        assert_eq!((session.steps(), session.config().hyper.g_rate), (3, rate));
        assert_eq!(on(&mut session), first, "{}", recipe.id);
    }
}

#[test]
fn looking_moves_no_bit() {
    for recipe in ALL {
        let (mut alone, mut seen) = (session(recipe.id), session(recipe.id));
        let mut watch = Watch::default();
        watch.set_judge(Judge::ready().unwrap());
        for _ in 0..2 {
            alone.step().unwrap();
            seen.step().unwrap();
            watch.record(&seen);
            watch.quick_survey(&mut seen).unwrap();
            seen.inspect().iteration();
            seen.inspect().filters();
            let digit = ganvas::data::numbers(&seen.real(1));
            seen.inspect().score(&digit, 3).unwrap();
        }
        assert_eq!(alone.digest().unwrap(), seen.digest().unwrap(), "{}", recipe.id);
    }
}

/// The survey of a session as it stands.
fn add_survey(session: &mut Session) -> ganvas::watch::Survey {
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
fn a_survey_says_what_eval_says_of_as_many_digits() {
    for recipe in ["dcgan", "cgan", "wgan", "cyclegan"] {
        let mut session = session(recipe);
        train(&mut session, 5);
        let survey = add_survey(&mut session);
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
        let beside = compare(&features(&bytes), &features(&real)).unwrap();
        assert_eq!(
            (survey.distance, survey.floor),
            (Some(beside.distance), Some(beside.floor)),
            "{recipe}"
        );
        let near = (Some(beside.near.precision), Some(beside.near.recall));
        assert_eq!((survey.precision, survey.recall), near, "{recipe}");
    }
}

#[test]
fn a_survey_finishes_no_iteration() {
    let (mut seen, mut alone) = (session("cyclegan"), session("cyclegan"));
    let mut watch = Watch::default();
    watch.set_judge(Judge::ready().unwrap());
    for session in [&mut seen, &mut alone] {
        train(session, 1);
    }
    watch.begin_survey(true);
    watch.continue_survey(&mut seen).unwrap();
    // Phases are played by hand while it is under way.
    seen.advance().unwrap();
    let phase = seen.next_phase();
    while watch.surveying() {
        watch.continue_survey(&mut seen).unwrap();
    }
    assert_eq!(seen.next_phase(), phase);
    train(&mut alone, 1);
    assert_eq!(seen.step().unwrap(), StepOutcome::Done);
    assert_eq!(seen.digest().unwrap(), alone.digest().unwrap());
}

#[test]
fn the_map_of_a_digit_is_the_slope_of_its_score() {
    for recipe in ["dcgan", "gan", "cgan", "wgan", "cyclegan"] {
        let mut session = session(recipe);
        train(&mut session, 5);
        let digit = ganvas::data::numbers(&session.real(1));
        let (_, map) = session.inspect().score(&digit, 3).unwrap();
        assert_eq!(map.len(), 784);
        // Along the map itself, where the score moves fastest, so that f32 sees
        // it.
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
fn filters_are_the_first_layers_weights() {
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

/// The gauge asks the D that plays: its logits of a batch are those of the D
/// step itself, whose batches have their own statistics.
#[test]
fn log_odds_are_those_of_the_game_as_it_is_played() {
    let mut session = session("dcgan");
    train(&mut session, 30);
    let digest = session.digest().unwrap();
    let (real, fake) = session.inspect().log_odds(512, 0).unwrap().unwrap();
    assert_eq!((real.len(), fake.len()), (512, 512));
    assert_eq!(session.digest().unwrap(), digest, "asking moves nothing");
    // As well told apart as in the steps themselves, whose D was a step
    // younger; running statistics lag behind both.
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
    let (asked, played) = (right(&real, &fake), right(&played_real, &played_fake));
    assert!((asked - played).abs() < 0.15, "asked {asked}, played {played}");
    let jsd = (jensen_shannon(&real, &fake), jensen_shannon(&played_real, &played_fake));
    assert!((jsd.0 - jsd.1).abs() < 0.12, "asked {}, played {}", jsd.0, jsd.1);
}

#[test]
fn packs_are_asked_as_packs() {
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
