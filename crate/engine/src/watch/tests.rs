//! Each alarm against artificial histories: just inside its definition it
//! rises, just outside it does not.

mod domains;
mod plateau;

use super::*;
use crate::data::CLASSES;
use crate::train::{Losses, StepStats};

/// A survey at `step` with these shares of classes.
fn survey(step: u32, classes: [f64; CLASSES], spread: f64) -> Survey {
    Survey {
        step,
        digits: 512,
        classes,
        divergence: 0.,
        recognised: 0.9,
        confidence: 0.9,
        sure: 0.8,
        sure_real: 0.9,
        distance: Some(1.),
        floor: Some(1.),
        compared: Some(512),
        precision: None,
        recall: None,
        value: None,
        jsd: None,
        spread,
    }
}

/// A quick survey of 64 images, of which the judge recognises this share.
fn quick_survey(step: u32, classes: [u32; CLASSES], recognised: f64) -> QuickSurvey {
    QuickSurvey {
        step,
        classes,
        recognised,
        confidence: 0.9,
        oddness: 0.7,
        spread: 1.,
        pairs: None,
    }
}

/// Adds a quick survey every 50 steps, the first at step 50.
fn quick_surveys(history: &mut History, all: impl IntoIterator<Item = QuickSurvey>) {
    for (i, quick_survey) in all.into_iter().enumerate() {
        history.add_quick_survey(QuickSurvey { step: 50 * (i as u32 + 1), ..quick_survey });
    }
}

/// Statistics of data with these shares, all of which the judge recognises.
fn data(shares: [f64; CLASSES]) -> RealStats {
    RealStats { shares, recognised: 1. }
}

const EQUAL: [u32; CLASSES] = [7, 7, 7, 7, 6, 6, 6, 6, 6, 6];

/// A history with digits from step 50 on.
fn with_digits() -> History {
    let mut history = History::default();
    history.add_quick_survey(quick_survey(50, EQUAL, 0.7));
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
        let stats = StepStats {
            real: vec![1., sign],
            fake: vec![-1., -sign],
            middle: 0.,
            d_norm: 1.,
            g_norm,
        };
        history.record(step, &losses, &stats);
    }
}

#[test]
fn mode_collapse_needs_three_surveys_of_one_class_or_without_three_or_all_alike() {
    let judge = |shares: [f64; CLASSES], spread: f64| {
        let mut history = with_digits();
        [100, 150].iter().for_each(|&step| history.add_survey(survey(step, shares, spread)));
        assert_eq!(mode_collapse(&history), None, "two surveys are too few");
        history.add_survey(survey(200, shares, spread));
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
fn surveys_one_step_apart_count_once() {
    let mut history = with_digits();
    (100..150).for_each(|step| history.add_survey(survey(step, led_by(0.9), 1.)));
    assert_eq!(mode_collapse(&history), None, "surveys one step apart count once");
    assert_eq!(history.surveys().count(), 1);
    [151, 170, 201].iter().for_each(|&step| history.add_survey(survey(step, led_by(0.9), 1.)));
    assert_eq!(mode_collapse(&history).map(|evidence| evidence.since), Some(100));
}

#[test]
fn unrecognised_images_do_not_count_for_a_class() {
    let mut history = with_digits();
    for step in [100, 150, 200] {
        history.add_survey(Survey { recognised: 0.05, ..survey(step, led_by(1.), 1.) });
    }
    assert_eq!(mode_collapse(&history), None, "white noise is not a collapse");
    for step in [250, 300, 350] {
        history.add_survey(Survey { recognised: 0., ..survey(step, [0.; CLASSES], 0.05) });
    }
    assert_eq!(
        mode_collapse(&history).map(|evidence| evidence.says),
        Some("alike"),
        "one blob is a collapse"
    );
}

#[test]
fn shares_of_classes_are_compared_with_those_of_the_data() {
    let judge = |own: [f64; CLASSES], shares: [f64; CLASSES]| {
        let mut history = with_digits();
        history.set_real_stats(data(own));
        [100, 150, 200].iter().for_each(|&step| history.add_survey(survey(step, shares, 1.)));
        mode_collapse(&history).map(|evidence| evidence.says)
    };
    let some =
        |shares: &[f64]| std::array::from_fn(|class| shares.get(class).copied().unwrap_or(0.));
    let (four, three, one) = (some(&[0.25; 4]), some(&[1. / 3.; 3]), some(&[1.]));
    for own in [four, three, one] {
        assert_eq!(judge(own, own), None, "shares of the data");
    }
    assert_eq!(judge(three, some(&[0.5, 0.4, 0.1])), None);
    assert_eq!(judge(three, some(&[0.5, 0.48, 0.02])), Some("missing"));
    assert_eq!(judge(four, some(&[0.4, 0.3, 0.3])), None, "one of four classes is missing");
    assert_eq!(judge(four, some(&[0.55, 0.45])), Some("missing"));
    let (two, most) = (some(&[0.7, 0.3]), some(&[0.95, 0.05]));
    assert_eq!((judge(two, two), judge(two, most)), (None, None));
    assert_eq!(judge(some(&[0.5, 0.5]), some(&[0.9, 0.1])), Some("one"));
    // A rare class does not count as missing.
    assert_eq!(judge(some(&[0.32, 0.32, 0.32, 0.02, 0.02]), three), None);
}

#[test]
fn no_mode_collapse_before_there_are_digits() {
    let mut history = History::default();
    history.add_quick_survey(quick_survey(50, EQUAL, 0.2));
    [100, 150, 200].iter().for_each(|&step| history.add_survey(survey(step, led_by(0.9), 1.)));
    assert_eq!(mode_collapse(&history), None);
    iterations(&mut history, 201..1001, true, 1.);
    [1050, 1100, 1150].iter().for_each(|&step| history.add_survey(survey(step, led_by(0.9), 1.)));
    assert!(mode_collapse(&history).is_some(), "surveys count from step 1,000 on");
}

#[test]
fn one_sided_quick_surveys_make_a_survey_due_every_50_steps() {
    let mut history = with_digits();
    iterations(&mut history, 1..101, true, 1.);
    history.add_quick_survey(quick_survey(100, EQUAL, 0.9));
    assert!(!history.survey_due(false));
    iterations(&mut history, 101..151, true, 1.);
    history.add_quick_survey(quick_survey(150, [60, 0, 0, 0, 0, 0, 1, 1, 1, 1], 0.9));
    assert!(history.survey_due(false));
    history.add_survey(survey(150, led_by(0.7), 1.));
    assert!(!history.survey_due(false), "the last survey is too recent");
    iterations(&mut history, 151..201, true, 1.);
    assert!(history.survey_due(false) && !history.survey_due(true));
}

#[test]
fn d_wins_if_it_is_always_right_and_the_gradient_of_g_vanishes() {
    let mut history = History::default();
    iterations(&mut history, 1..401, true, 1.);
    assert_eq!(d_wins(&history), None, "the gradient of G has not vanished");
    iterations(&mut history, 401..430, true, 0.009);
    assert_eq!(d_wins(&history).map(|evidence| evidence.since), Some(229));
    iterations(&mut history, 430..440, false, 0.009);
    assert_eq!(d_wins(&history), None, "D was wrong on 2.5 %");
}

#[test]
fn g_wins_if_d_guesses_and_there_are_no_digits() {
    let mut history = History::default();
    iterations(&mut history, 1..201, false, 1.);
    assert_eq!(g_wins(&history), None, "there is no quick survey");
    (1..5).for_each(|i| history.add_quick_survey(quick_survey(50 * i, EQUAL, 0.1)));
    assert_eq!(g_wins(&history).map(|evidence| evidence.says), Some("guessing"));
    (5..9).for_each(|i| history.add_quick_survey(quick_survey(50 * i, EQUAL, 0.3)));
    assert_eq!(g_wins(&history), None);
    (9..13).for_each(|i| {
        history.add_quick_survey(QuickSurvey { spread: 0.1, ..quick_survey(50 * i, EQUAL, 1.) })
    });
    assert_eq!(
        g_wins(&history).map(|evidence| evidence.says),
        Some("guessing-alike"),
        "one blob that the judge recognises"
    );
}

#[test]
fn a_d_that_is_nearly_always_wrong_is_fooled() {
    let mut history = History::default();
    let losses = Losses::default();
    for step in 1..201 {
        let stats =
            StepStats { real: vec![-1.], fake: vec![1.], middle: 0., d_norm: 1., g_norm: 1. };
        history.record(step, &losses, &stats);
    }
    (1..5).for_each(|i| history.add_quick_survey(quick_survey(50 * i, EQUAL, 0.1)));
    assert_eq!(g_wins(&history).map(|evidence| evidence.says), Some("fooled"));
}

/// Swings of the first class between 0 and a quarter of the images, `part`
/// quick surveys each, `apart` steps from each other.
fn swinging(swings: u32, part: u32, apart: u32) -> History {
    let mut history = with_digits();
    let low = [0, 10, 6, 6, 7, 7, 7, 7, 7, 7];
    let high = [15, 5, 5, 5, 5, 5, 6, 6, 6, 6];
    for i in 0..2 * part * swings {
        let step = 100 + apart * i;
        history.add_quick_survey(quick_survey(
            step,
            if (i / part).is_multiple_of(2) { low } else { high },
            0.9,
        ));
        iterations(&mut history, step..step + 1, true, 1.);
    }
    history
}

#[test]
fn oscillation_needs_three_falls_and_rises_of_a_class() {
    let run = |swings| oscillation(&swinging(swings, 4, 50)).map(|evidence| evidence.args);
    assert_eq!(run(2), None);
    assert_eq!(
        run(3),
        Some(vec![
            ("class", "0".to_owned()),
            ("swings", "3".to_owned()),
            ("steps", "2000".to_owned())
        ])
    );
}

#[test]
fn swings_count_only_within_2000_steps() {
    assert!(oscillation(&swinging(3, 2, 50)).is_some());
    assert_eq!(oscillation(&swinging(3, 2, 400)), None, "4,400 steps");
}

#[test]
fn a_class_missing_from_the_data_does_not_oscillate() {
    let mut history = swinging(3, 4, 50);
    let mut shares = [1. / 9.; CLASSES];
    shares[0] = 0.;
    history.set_real_stats(data(shares));
    assert_eq!(oscillation(&history), None);
}

#[test]
fn divergence_is_100_times_the_median_even_once_between_two_checks() {
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
        assert_eq!(divergence(&history), None, "{norm} has passed");
    }
}

#[test]
fn a_gradient_that_begins_late_is_not_divergence() {
    let mut history = History::default();
    iterations(&mut history, 1..91, true, 0.0005);
    iterations(&mut history, 91..111, true, 6.);
    assert_eq!(divergence(&history), None);
    iterations(&mut history, 111..112, true, 11.);
    assert!(divergence(&history).is_some());
}

#[test]
fn the_recognised_share_sets_the_stage_and_one_class_is_never_crisp() {
    let of = |one: QuickSurvey| {
        let mut history = History::default();
        quick_surveys(&mut history, std::iter::repeat_n(one, 4));
        history.stage()
    };
    assert_eq!(
        [0.1, 0.6, 0.95].map(|share| of(quick_survey(0, EQUAL, share))),
        [Stage::Strokes, Stage::Digits, Stage::Crisp]
    );
    assert_eq!(of(QuickSurvey { oddness: 5., ..quick_survey(0, EQUAL, 0.) }), Stage::Noise);
    assert_eq!(of(QuickSurvey { spread: 0.1, ..quick_survey(0, EQUAL, 0.9) }), Stage::Noise);
    assert_eq!(of(quick_survey(0, [64, 0, 0, 0, 0, 0, 0, 0, 0, 0], 0.99)), Stage::Strokes);
    assert_eq!(History::default().stage(), Stage::Noise);
}

#[test]
fn the_stage_of_a_run_at_a_limit_does_not_flicker() {
    for edge in [0.4, 0.8] {
        let mut history = History::default();
        let mut changes = 0;
        for i in 0..40u32 {
            let old = history.stage();
            let share = edge + [0.06, -0.06, 0.05, -0.04, -0.08, 0.09][i as usize % 6];
            history.add_quick_survey(quick_survey(50 * (i + 1), EQUAL, share));
            changes += u32::from(i > 3 && history.stage() != old);
        }
        assert!(changes <= 1, "{changes} changes around {edge}");
    }
}

#[test]
fn the_recognised_share_is_relative_to_that_of_the_data() {
    let mut history = History::default();
    history.set_real_stats(RealStats { recognised: 0.6, ..RealStats::default() });
    quick_surveys(&mut history, std::iter::repeat_n(quick_survey(0, EQUAL, 0.55), 4));
    assert_eq!(history.stage(), Stage::Crisp);
}
