//! Alarms on translators, from artificial quick surveys.

use super::*;

/// A history of quick surveys with these translations, into A and into B.
fn translated(a: Pair, b: Pair, count: usize) -> History {
    let mut history = History::default();
    quick_surveys(
        &mut history,
        std::iter::repeat_n(
            QuickSurvey { pairs: Some([a, b]), ..quick_survey(0, EQUAL, 0.9) },
            count,
        ),
    );
    history
}

const DONE: Pair = Pair { changed: 1., wrong: Some(0.1), kept: Some(0.95) };

#[test]
fn a_translator_that_changes_nothing_for_twelve_quick_surveys_copies() {
    let idle = Pair { changed: 0.1, wrong: Some(0.95), ..DONE };
    assert_eq!(copies(&translated(DONE, idle, 11)), None, "translators begin by copying");
    let found = copies(&translated(DONE, idle, 12)).unwrap();
    assert_eq!(
        (found.args, found.since),
        (vec![("changed", "10".to_owned()), ("side", "b".to_owned())], 50)
    );
    assert_eq!(copies(&translated(DONE, DONE, 40)), None);
}

#[test]
fn a_translator_that_changes_the_class_forgets() {
    let other = Pair { kept: Some(0.3), ..DONE };
    assert_eq!(forgets(&translated(other, DONE, 5)), None);
    assert_eq!(
        forgets(&translated(other, DONE, 6)).map(|found| found.args[0].1.clone()),
        Some("30".to_owned())
    );
    assert_eq!(
        forgets(&translated(Pair { kept: None, ..DONE }, DONE, 40)),
        None,
        "unrecognised translations do not count"
    );
}

#[test]
fn a_player_of_one_domain_wins_only_while_its_translations_are_wrong() {
    let astray = Pair { wrong: Some(0.8), ..DONE };
    let play = |right: [f64; 2], a, b| {
        let mut history = translated(a, b, 4);
        (0..200).for_each(|_| history.record_each(right));
        (
            d_wins(&history).map(|found| found.args[1].1.clone()),
            g_wins(&history).map(|found| found.args[1].1.clone()),
        )
    };
    assert_eq!(play([0.995, 0.8], astray, DONE), (Some("a".to_owned()), None));
    assert_eq!(play([0.995, 0.8], DONE, astray), (None, None), "its translations are right");
    assert_eq!(play([0.8, 0.5], DONE, astray), (None, Some("b".to_owned())));
}
