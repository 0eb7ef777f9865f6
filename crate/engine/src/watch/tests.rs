//! Each alarm against histories made by hand: just inside its definition it rises, just outside it does not.

use super::*;
use crate::data::CLASSES;
use crate::train::{Losses, Pulse};

/// A survey at `step` of these shares.
fn survey(step: u32, classes: [f64; CLASSES], spread: f64) -> Survey {
    Survey {
        step,
        digits: 512,
        classes,
        divergence: 0.,
        confidence: 0.9,
        distance: Some(1.),
        floor: Some(1.),
        precision: None,
        recall: None,
        value: None,
        jsd: None,
        spread,
    }
}

fn glance(step: u32, classes: [u32; CLASSES], confidence: f64) -> Glance {
    Glance { step, classes, confidence, spread: 1. }
}

const EVEN: [u32; CLASSES] = [7, 7, 7, 7, 6, 6, 6, 6, 6, 6];

/// A history in which digits were seen at step 50.
fn with_digits() -> History {
    let mut history = History::default();
    history.glanced(glance(50, EVEN, 0.7));
    history
}

/// Shares of which the first is `first` and the others are equal.
fn led_by(first: f64) -> [f64; CLASSES] {
    let mut shares = [(1. - first) / 9.; CLASSES];
    shares[0] = first;
    shares
}

fn iterations(history: &mut History, steps: std::ops::Range<u32>, right: bool, g_norm: f32) {
    let sign = if right { 1. } else { -1. };
    let losses = Losses { real: 0.5, fake: 0.5, generator: 1., ..Losses::default() };
    for step in steps {
        let pulse = Pulse { real: vec![1., sign], fake: vec![-1., -sign], middle: 0., d_norm: 1., g_norm };
        history.note(step, &losses, &pulse);
    }
}

#[test]
fn collapse_is_three_surveys_of_one_class_or_without_three_or_all_alike() {
    let judge = |shares: [f64; CLASSES], spread: f64| {
        let mut history = with_digits();
        [100, 150].iter().for_each(|&step| history.surveyed(survey(step, shares, spread)));
        assert_eq!(mode_collapse(&history), None, "two surveys are too few");
        history.surveyed(survey(200, shares, spread));
        mode_collapse(&history).map(|evidence| (evidence.says, evidence.since))
    };
    assert_eq!(judge(led_by(0.61), 1.), Some(("one", 100)));
    assert_eq!(judge(led_by(0.59), 1.), None);
    let without = |missing: usize| {
        let rest = (1. - 0.009 * missing as f64) / (CLASSES - missing) as f64;
        std::array::from_fn(|class| if class < missing { 0.009 } else { rest })
    };
    assert_eq!(judge(without(3), 1.), Some(("missing", 100)));
    assert_eq!(judge(without(2), 1.), None);
    assert_eq!(judge(led_by(0.1), 0.09), Some(("alike", 100)));
    assert_eq!(judge(led_by(0.1), 0.11), None);
}

#[test]
fn before_there_are_digits_nothing_collapses() {
    let mut history = History::default();
    history.glanced(glance(50, EVEN, 0.5));
    [100, 150, 200].iter().for_each(|&step| history.surveyed(survey(step, led_by(0.9), 1.)));
    assert_eq!(mode_collapse(&history), None);
    iterations(&mut history, 201..1001, true, 1.);
    [1050, 1100, 1150].iter().for_each(|&step| history.surveyed(survey(step, led_by(0.9), 1.)));
    assert!(mode_collapse(&history).is_some(), "from step 1,000 on they count");
}

#[test]
fn one_sided_glances_ask_for_surveys_every_50_steps() {
    let mut history = with_digits();
    iterations(&mut history, 1..101, true, 1.);
    history.glanced(glance(100, EVEN, 0.9));
    assert!(!history.survey_due(false));
    iterations(&mut history, 101..151, true, 1.);
    history.glanced(glance(150, [60, 0, 0, 0, 0, 0, 1, 1, 1, 1], 0.9));
    assert!(history.survey_due(false));
    history.surveyed(survey(150, led_by(0.7), 1.));
    assert!(!history.survey_due(false), "one at a time");
    iterations(&mut history, 151..201, true, 1.);
    assert!(history.survey_due(false) && !history.survey_due(true));
}

#[test]
fn d_wins_where_it_is_always_right_and_g_is_hardly_pulled() {
    let mut history = History::default();
    iterations(&mut history, 1..401, true, 1.);
    assert_eq!(d_wins(&history), None, "G is still pulled");
    iterations(&mut history, 401..430, true, 0.009);
    assert_eq!(d_wins(&history).map(|evidence| evidence.since), Some(229));
    iterations(&mut history, 430..440, false, 0.009);
    assert_eq!(d_wins(&history), None, "D was wrong on 2.5 %");
}

#[test]
fn g_wins_where_d_guesses_and_there_are_no_digits() {
    let mut history = History::default();
    iterations(&mut history, 1..201, false, 1.);
    assert_eq!(g_wins(&history), None, "nothing was looked at");
    (1..5).for_each(|i| history.glanced(glance(50 * i, EVEN, 0.4)));
    assert!(g_wins(&history).is_some());
    (5..9).for_each(|i| history.glanced(glance(50 * i, EVEN, 0.6)));
    assert_eq!(g_wins(&history), None);
    (9..13).for_each(|i| history.glanced(Glance { spread: 0.1, ..glance(50 * i, EVEN, 1.) }));
    assert!(g_wins(&history).is_some(), "one blob, of which the judge is sure");
}

#[test]
fn oscillation_is_three_falls_and_rises_of_a_class() {
    let run = |swings: u32| {
        let mut history = with_digits();
        for swing in 0..swings {
            for part in 0..8 {
                let low = part < 4;
                let counts =
                    if low { [0, 10, 6, 6, 7, 7, 7, 7, 7, 7] } else { [15, 5, 5, 5, 5, 5, 6, 6, 6, 6] };
                history.glanced(glance(100 + 400 * swing + 50 * part, counts, 0.9));
            }
        }
        oscillation(&history).map(|evidence| evidence.args)
    };
    assert_eq!(run(2), None);
    assert_eq!(run(3), Some(vec![("class", "0".to_owned()), ("swings", "3".to_owned())]));
}

#[test]
fn divergence_is_a_hundred_times_the_usual_even_once_between_two_checks() {
    let mut history = History::default();
    iterations(&mut history, 1..201, true, 1.);
    assert_eq!(divergence(&history), None);
    for (norm, rises) in [(99., false), (101., true), (f32::NAN, true)] {
        let mut history = history.clone();
        iterations(&mut history, 201..202, true, norm);
        iterations(&mut history, 202..205, true, 1.);
        assert_eq!(divergence(&history).is_some(), rises, "{norm}");
        history.checked();
        iterations(&mut history, 205..206, true, 1.);
        assert_eq!(divergence(&history), None, "{norm} is over");
    }
}

#[test]
fn a_pull_that_begins_late_is_no_divergence() {
    let mut history = History::default();
    iterations(&mut history, 1..91, true, 0.0005);
    iterations(&mut history, 91..111, true, 6.);
    assert_eq!(divergence(&history), None);
    iterations(&mut history, 111..112, true, 11.);
    assert!(divergence(&history).is_some());
}

#[test]
fn a_plateau_is_fifteen_figures_without_a_better_one() {
    let mut history = History::default();
    for i in 0..40u32 {
        let distance = if i < 20 { 40. - f64::from(i) } else { 21. };
        history.surveyed(Survey { distance: Some(distance), ..survey(100 * i, led_by(0.1), 1.) });
        assert_eq!(plateau(&history).is_some(), i >= 37, "{i}");
    }
}

#[test]
fn confidence_names_the_stage_and_one_class_is_never_crisp() {
    let of = |confidence: f64, classes| {
        let mut history = History::default();
        (1..5).for_each(|i| history.glanced(glance(50 * i, classes, confidence)));
        stage(&history)
    };
    assert_eq!(
        [0.3, 0.6, 0.9, 0.95].map(|c| of(c, EVEN)),
        [Stage::Noise, Stage::Strokes, Stage::Digits, Stage::Crisp]
    );
    assert_eq!(of(0.99, [64, 0, 0, 0, 0, 0, 0, 0, 0, 0]), Stage::Strokes);
    assert_eq!(stage(&History::default()), Stage::Noise);
}
