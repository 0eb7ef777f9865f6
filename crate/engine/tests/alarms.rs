//! Seeded runs that provoke each alarm, on drawn digits, and runs that provoke none.
#![allow(clippy::unwrap_used, clippy::panic)]

use ganvas::metric::Judge;
use ganvas::watch::{Alarm, Change, Watch};
use ganvas::{Config, Dataset, Error, Session};

/// The alarms of the run of seed 1 with the step at which each first rose.
fn alarms(recipe: &str, knobs: &[(&str, &str)], steps: u32) -> Vec<(Alarm, u32)> {
    alarms_of(recipe, 1, knobs, steps)
}

/// The same of any seed, as the worker would tell them.
fn alarms_of(recipe: &str, seed: u32, knobs: &[(&str, &str)], steps: u32) -> Vec<(Alarm, u32)> {
    let config = Config::new(recipe, seed, knobs.iter().copied()).unwrap();
    let mut session = Session::new(config, Dataset::drawn()).unwrap();
    let mut watch = Watch::default();
    watch.bring(Judge::ready().unwrap());
    let mut rose: Vec<(Alarm, u32)> = Vec::new();
    while session.steps() < steps {
        match session.step() {
            Ok(_) => {}
            // Divergence to its end: the run stops by itself.
            Err(Error::NotFinite { .. }) => break,
            Err(error) => panic!("{error}"),
        }
        watch.note(&session);
        if watch.glance_due() {
            watch.glance(&mut session).unwrap();
        }
        if watch.survey_due() {
            watch.begin_survey(false);
        }
        while watch.surveying() {
            watch.work(&mut session).unwrap();
        }
        if session.steps().is_multiple_of(10) {
            for change in watch.check() {
                if let Change::Rose(found) = change
                    && !rose.iter().any(|(alarm, _)| *alarm == found.alarm)
                {
                    rose.push((found.alarm, session.steps()));
                }
            }
        }
    }
    rose
}

/// Two small perceptrons, so that a thousand steps take seconds.
const SMALL: [(&str, &str); 3] = [("g_hidden", "32"), ("d_hidden", "32"), ("batch", "16")];

fn small(more: &[(&'static str, &'static str)]) -> Vec<(&'static str, &'static str)> {
    SMALL.iter().chain(more).copied().collect()
}

#[test]
fn under_minimax_a_fast_d_wins_and_one_blob_is_all_there_is() {
    let knobs = small(&[("loss", "minimax"), ("d_rate", "0.01"), ("g_rate", "0.0001")]);
    let rose = alarms("gan", &knobs, 1200);
    assert!(rose.iter().any(|(alarm, step)| *alarm == Alarm::DWins && *step <= 400), "{rose:?}");
    // Its definition holds from the third survey after step 1,000 on.
    assert!(rose.iter().any(|(alarm, step)| *alarm == Alarm::ModeCollapse && *step <= 1200), "{rose:?}");
}

#[test]
fn a_d_that_hardly_learns_loses() {
    let rose = alarms("gan", &small(&[("d_rate", "0.000001")]), 400);
    assert!(matches!(rose[..], [(Alarm::GWins, 200..=400)]), "{rose:?}");
}

#[test]
fn gradient_descent_with_too_high_a_rate_diverges() {
    for (loss, rate) in [("minimax", "1"), ("wasserstein", "0.1")] {
        let knobs = small(&[("optimizer", "sgd"), ("loss", loss), ("g_rate", rate), ("d_rate", rate)]);
        let rose = alarms("gan", &knobs, 400);
        assert!(rose.iter().any(|(alarm, _)| *alarm == Alarm::Divergence), "{loss}: {rose:?}");
    }
}

#[test]
fn too_fast_a_generator_collapses_once_there_were_digits() {
    let rose = alarms("gan", &small(&[("g_rate", "0.02"), ("d_rate", "0.02"), ("ema", "0")]), 700);
    assert!(rose.iter().any(|(alarm, step)| *alarm == Alarm::ModeCollapse && *step < 1000), "{rose:?}");
}

/// The median distance of two of the first 48 digits, 784 bytes each.
fn apart(pixels: &[u8]) -> f64 {
    let digits: Vec<&[u8]> = pixels.chunks(784).take(48).collect();
    let square = |a: &[u8], b: &[u8]| a.iter().zip(b).map(|(a, b)| f64::from(a.abs_diff(*b)).powi(2)).sum();
    let pairs = (0..digits.len()).flat_map(|i| (0..i).map(move |j| (i, j)));
    let mut squares: Vec<f64> = pairs.map(|(i, j)| square(digits[i], digits[j])).collect();
    squares.sort_by(f64::total_cmp);
    squares[squares.len() / 2].sqrt()
}

/// The step at which, by surveys of our own every 50 steps, one class was above 60 % or three were below 1 % of 512 digits for the third time in
/// a row, once there had been digits: the judge's mean confidence past 0.6, and two of them 0.6 as far apart as real ones.
fn collapsed(knobs: &[(&str, &str)], seed: u32, steps: u32) -> Option<u32> {
    let config = Config::new("gan", seed, knobs.iter().copied()).unwrap();
    let mut session = Session::new(config, Dataset::drawn()).unwrap();
    let mut judge = Judge::ready().unwrap();
    let (mut digits, mut agree) = (false, 0);
    while session.steps() < steps {
        session.step().unwrap();
        if !session.steps().is_multiple_of(50) {
            continue;
        }
        let pixels = session.sample(512, 0, None).unwrap();
        let spread = apart(&pixels);
        let pixels = ganvas::data::numbers(&pixels);
        let judged = judge.judge(&pixels).unwrap();
        let sure = judged.confidences.iter().sum::<f32>() / 512. > 0.6;
        digits |= sure && spread > 0.6 * apart(&session.real(48));
        let count = |class| judged.classes.iter().filter(|&&other| other == class).count();
        let counts: Vec<usize> = (0..10).map(count).collect();
        let missing = counts.iter().filter(|&&count| count < 6).count();
        let holds = digits && (counts.iter().any(|&count| count > 307) || missing >= 3);
        agree = if holds { agree + 1 } else { 0 };
        if agree == 3 {
            return Some(session.steps());
        }
    }
    None
}

#[test]
fn the_alarm_comes_within_200_steps_of_the_collapse() {
    let knobs = small(&[("g_rate", "0.02"), ("d_rate", "0.02"), ("ema", "0")]);
    let mut seen = 0;
    for seed in [1, 2, 3] {
        let Some(step) = collapsed(&knobs, seed, 1000) else { continue };
        let rose = alarms_of("gan", seed, &knobs, step + 200);
        let alarm = rose.iter().find(|(alarm, _)| *alarm == Alarm::ModeCollapse);
        assert!(alarm.is_some(), "seed {seed} collapsed at {step}: {rose:?}");
        println!("seed {seed}: collapsed at {step}, told at {}", alarm.map_or(0, |found| found.1));
        seen += 1;
    }
    assert!(seen > 0, "no run collapsed");
}

/// A game that chases itself is chaotic: other processors' rounding makes other runs of a seed. Four of five seeds oscillated within 2,600 steps
/// where this was found.
#[test]
fn two_latents_and_high_rates_make_digits_come_and_go() {
    let knobs = [
        ("latent", "2"),
        ("g_hidden", "64"),
        ("d_hidden", "64"),
        ("batch", "16"),
        ("momentum", "0.5"),
        ("g_rate", "0.02"),
        ("d_rate", "0.01"),
        ("d_dropout", "0"),
        ("ema", "0"),
    ];
    let oscillates = |seed| {
        let rose = alarms_of("gan", seed, &knobs, 2600);
        rose.iter().any(|(alarm, _)| *alarm == Alarm::Oscillation)
    };
    assert!([3, 5, 4, 2].into_iter().any(oscillates));
}

#[test]
fn a_healthy_run_stays_silent() {
    assert_eq!(alarms("dcgan", &[], 800), []);
    assert_eq!(alarms("gan", &[], 600), []);
}
