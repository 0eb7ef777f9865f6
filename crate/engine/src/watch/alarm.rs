//! The alarms, each defined as a function of the history.

use serde::Serialize;
use ts_rs::TS;

use super::history::{BLOBS, RARE, RECENT, SIGNALS};
use super::stage::{MOST_OF_ONE, most_of_one};
use super::{History, Survey};
use crate::data::CLASSES;

/// What can be wrong with a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Alarm {
    /// G makes images of few classes.
    ModeCollapse,
    /// D is right about everything, and G's gradient vanishes.
    DWins,
    /// D only guesses, or is fooled, and there are no digits.
    GWins,
    /// Classes come and go.
    Oscillation,
    /// A loss or a gradient has left all bounds.
    Divergence,
    /// A translator leaves its images unchanged.
    Copies,
    /// A translator makes digits of other classes than those of its input.
    Forgets,
}

/// An alarm with its evidence.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The alarm.
    pub alarm: Alarm,
    /// The first step of the evidence: the run can go back to what was before.
    pub since: u32,
    /// Which of the alarm's sentences reports it.
    pub says: &'static str,
    /// The values in the sentence, by name.
    pub args: Vec<(&'static str, String)>,
}

impl Alarm {
    /// All alarms.
    pub const ALL: [Self; 7] = [
        Self::ModeCollapse,
        Self::DWins,
        Self::GWins,
        Self::Oscillation,
        Self::Divergence,
        Self::Copies,
        Self::Forgets,
    ];

    /// The gravest first: where several hold, the first causes the others. A G
    /// without a gradient makes one image, and mode collapse follows.
    pub const GRAVEST_FIRST: [Self; 7] = [
        Self::Divergence,
        Self::DWins,
        Self::GWins,
        Self::ModeCollapse,
        Self::Copies,
        Self::Forgets,
        Self::Oscillation,
    ];

    /// Its name in messages and sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::ModeCollapse => "mode-collapse",
            Self::DWins => "d-wins",
            Self::GWins => "g-wins",
            Self::Oscillation => "oscillation",
            Self::Divergence => "divergence",
            Self::Copies => "copies",
            Self::Forgets => "forgets",
        }
    }

    /// The numbers of its definition, by name.
    pub(super) fn numbers(self) -> &'static [(&'static str, f64)] {
        const STEPS: (&str, f64) = ("steps", RECENT as f64);
        match self {
            Self::ModeCollapse => &[
                ("one", MOST_OF_ONE),
                ("missing", MISSING / CLASSES as f64),
                ("alike", ALIKE),
                ("surveys", AGREE as f64),
            ],
            Self::DWins => &[("right", SURE), STEPS, ("norm", VANISHED)],
            Self::GWins => &[("right", GUESSING), STEPS, ("readable", NO_DIGITS), ("alike", BLOBS)],
            Self::Oscillation => &[
                ("low", LOW),
                ("high", HIGH),
                ("swings", SWINGS as f64),
                ("steps", SWINGING as f64),
            ],
            Self::Divergence => &[("times", BOUNDS), ("most", HUGE)],
            Self::Copies => &[("changed", COPIED), ("quick_surveys", COPYING as f64)],
            Self::Forgets => &[("kept", FORGOTTEN), ("quick_surveys", FORGETTING as f64)],
        }
    }

    /// The evidence for it, if its definition holds.
    pub fn find(self, history: &History) -> Option<Evidence> {
        match self {
            Self::ModeCollapse => mode_collapse(history),
            Self::DWins => d_wins(history),
            Self::GWins => g_wins(history),
            Self::Oscillation => oscillation(history),
            Self::Divergence => divergence(history),
            Self::Copies => copies(history),
            Self::Forgets => forgets(history),
        }
    }
}

/// Surveys that must agree, at least 50 steps apart.
const AGREE: usize = 3;
/// A class is missing below this part of its share in the data.
const MISSING: f64 = 0.1;
/// Images are alike if their distance from each other is below this share of
/// that of real ones.
const ALIKE: f64 = 0.1;
/// Classes are counted if the judge recognises at least this share, over that
/// of real images: the shares of a few mean nothing.
const READ: f64 = 0.3;

/// Classes of the data that hardly appear in a survey.
fn missing(history: &History, survey: &Survey) -> Vec<usize> {
    let own = history.real_stats().shares;
    (0..CLASSES)
        .filter(|&class| own[class] >= RARE && survey.classes[class] < MISSING * own[class])
        .collect()
}

/// One class above 60 %, or three below 1 %, of those of 512 images that the
/// judge recognises, or images nearly equal (median distance of two under a
/// tenth of that of real ones), in each of the last three surveys, at least 50
/// steps apart, once there were digits ([`History::digits_since`]), and for the
/// three classes once images were of nearly all classes
/// ([`History::varied_since`]). Data with unequal shares of classes have other
/// bounds: 30 % above the class's own share, a tenth of its own share, three of
/// ten classes.
pub fn mode_collapse(history: &History) -> Option<Evidence> {
    let since = history.digits_since()?;
    let last: Vec<_> = history.surveys().rev().take(AGREE).collect();
    if last.len() < AGREE || last[AGREE - 1].step < since {
        return None;
    }
    let (newest, own) = (last[0], history.real_stats());
    let (class, share) =
        newest.classes.iter().enumerate().fold((0, 0.), |best, (class, &share)| {
            if share > best.1 { (class, share) } else { best }
        });
    let read = last.iter().all(|survey| survey.recognised >= READ * own.recognised);
    let all = |holds: &dyn Fn(&Survey) -> bool| last.iter().all(|survey| holds(survey));
    let (says, args) = if read
        && all(&|survey| survey.classes[class] > most_of_one(own.shares[class]))
    {
        ("one", vec![("share", percent(share)), ("class", class.to_string())])
    } else if read
        && history.varied_since().is_some_and(|since| last[AGREE - 1].step >= since)
        && all(&|survey| missing(history, survey).len() >= history.too_many_missing())
    {
        let names: Vec<String> = missing(history, newest).iter().map(ToString::to_string).collect();
        ("missing", vec![("classes", names.join(", "))])
    } else if (read || history.had_digits()) && all(&|survey| survey.spread < ALIKE) {
        ("alike", vec![("spread", percent(newest.spread))])
    } else {
        return None;
    };
    let digits = if says == "alike" {
        newest.digits
    } else {
        (newest.recognised * newest.digits as f64).round() as usize
    };
    let args = args.into_iter().chain([("digits", digits.to_string())]).collect();
    Some(Evidence { alarm: Alarm::ModeCollapse, since: last[AGREE - 1].step, says, args })
}

/// Translations whose error is above this share of the change that is needed
/// are not there yet: the game is not over.
const WRONG: f64 = 0.5;

/// The share of images on which D is right when it wins.
const SURE: f64 = 0.99;
/// The norm of G's gradient, over the greatest so far, below which it has
/// vanished.
const VANISHED: f64 = 0.01;

/// D right on 99 % of real and generated images over 200 steps, and the norm of
/// G's gradient (its median over 20 steps) under 1 % of the greatest such
/// median so far: the median of all steps would follow a gradient that vanished
/// long ago (minimax with a fast D: gone by step 100).
///
/// Translators also have the gradient of the cycle, whatever D's scores: there,
/// D of one domain right on 99 % over 200 steps, and translations that are less
/// than half of the way into it.
pub fn d_wins(history: &History) -> Option<Evidence> {
    if let Some(each) = history.right_of_each() {
        let side = (0..2).find(|&side| each[side] >= SURE && astray(history, side))?;
        return Some(of_side(Alarm::DWins, history, side, each[side]));
    }
    let right = history.right().filter(|right| *right >= SURE)?;
    let (now, most) = history.g_norm();
    (now < VANISHED * most).then(|| Evidence {
        alarm: Alarm::DWins,
        since: before_recent(history).min(history.good_until().0),
        says: "vanished",
        args: vec![("right", percent(right)), ("norm", percent(now / most))],
    })
}

/// The share of images that the judge recognises, over that of real ones, below
/// which there are no digits.
const NO_DIGITS: f64 = 0.2;

/// The share of images on which D is right below which it only guesses.
const GUESSING: f64 = 0.52;

/// D right on under 52 % over 200 steps while there are no digits: in the last
/// four quick surveys the judge recognises less than a fifth of what it
/// recognises of real images, or the images are all alike (0.3 of what real
/// ones differ by). Recognition alone would not do: with a D that hardly
/// learns, G makes one blob, which can look like a digit.
///
/// Where domains are translated: the same of D of one domain, and translations
/// that are less than half of the way into it.
pub fn g_wins(history: &History) -> Option<Evidence> {
    if let Some(each) = history.right_of_each() {
        let side = (0..2).find(|&side| each[side] < GUESSING && astray(history, side))?;
        return Some(of_side(Alarm::GWins, history, side, each[side]));
    }
    let right = history.right().filter(|right| *right < GUESSING)?;
    let (readable, spread) = (history.readable(4)?, history.spread(4)?);
    if readable >= NO_DIGITS && spread >= BLOBS {
        return None;
    }
    let (how, alike) = (
        if right < 0.4 { ["fooled", "fooled-alike"] } else { ["guessing", "guessing-alike"] },
        readable >= NO_DIGITS,
    );
    Some(Evidence {
        alarm: Alarm::GWins,
        since: before_recent(history),
        says: how[usize::from(alike)],
        args: vec![
            ("right", percent(right)),
            ("readable", percent(readable)),
            ("spread", percent(spread)),
        ],
    })
}

/// The step before those over which the share of D's right answers is averaged.
fn before_recent(history: &History) -> u32 {
    history.steps().saturating_sub(RECENT as u32)
}

/// Whether translations are less than half of the way into a domain, by the
/// last four quick surveys.
fn astray(history: &History, side: usize) -> bool {
    history.pair(4, side, |pair| pair.wrong).is_some_and(|wrong| wrong > WRONG)
}

/// The evidence for an alarm on the players of one domain.
fn of_side(alarm: Alarm, history: &History, side: usize, right: f64) -> Evidence {
    let wrong = history.pair(4, side, |pair| pair.wrong).unwrap_or_default();
    Evidence {
        alarm,
        since: before_recent(history),
        says: "side",
        args: vec![
            ("right", percent(right)),
            ("side", SIDES[side].to_owned()),
            ("wrong", percent(wrong.min(1.))),
        ],
    }
}

/// The domains' names in evidence: the one into which images are translated.
const SIDES: [&str; 2] = ["a", "b"];

/// A translator copies if it changes images by less than this share of the
/// change that is needed (of the ink, if that is not known).
const COPIED: f64 = 0.15;
/// Quick surveys over which it must copy: translators begin by copying.
const COPYING: usize = 12;

/// A translator that makes less than 15 % of the change that is needed, in each
/// of the last 12 quick surveys (600 steps).
pub fn copies(history: &History) -> Option<Evidence> {
    let changed =
        |side| history.pair(COPYING, side, |pair| Some(f64::from(u8::from(pair.changed < COPIED))));
    let side = (0..2).find(|&side| changed(side) == Some(1.))?;
    let now = history.pair(4, side, |pair| Some(pair.changed)).unwrap_or_default();
    Some(Evidence {
        alarm: Alarm::Copies,
        since: history
            .quick_surveys()
            .rev()
            .nth(COPYING - 1)
            .map_or(0, |quick_survey| quick_survey.step),
        says: "copied",
        args: vec![("changed", percent(now)), ("side", SIDES[side].to_owned())],
    })
}

/// A translator forgets if a smaller share than this of its translations keep
/// their class: with random classes, 10 % do.
const FORGOTTEN: f64 = 0.6;
/// Quick surveys over which that share is averaged.
const FORGETTING: usize = 6;

/// Of the translations that the judge recognises, fewer than 60 % are of the
/// class of their input, over the last six quick surveys.
pub fn forgets(history: &History) -> Option<Evidence> {
    let kept = |side| history.pair(FORGETTING, side, |pair| pair.kept);
    let side = (0..2).find(|&side| kept(side).is_some_and(|kept| kept < FORGOTTEN))?;
    Some(Evidence {
        alarm: Alarm::Forgets,
        since: history
            .quick_surveys()
            .rev()
            .nth(FORGETTING - 1)
            .map_or(0, |quick_survey| quick_survey.step),
        says: "kept",
        args: vec![
            ("kept", percent(kept(side).unwrap_or_default())),
            ("side", SIDES[side].to_owned()),
        ],
    })
}

/// Steps within which classes come and go.
const SWINGING: u32 = 2000;
/// Shares of a class below which it is gone, and above which it is back.
const LOW: f64 = 0.03;
const HIGH: f64 = 0.15;
/// How often it must go and come back.
const SWINGS: u32 = 3;

/// A class of the data that, within 2,000 steps, falls under 3 % and rises over
/// 15 % three times, by shares of 128 images (two quick surveys): healthy runs
/// of five recipes swing once at most; windows of four quick surveys blur fast
/// swings.
pub fn oscillation(history: &History) -> Option<Evidence> {
    let windows = history.windows(2, SWINGING);
    let there = |class: &usize| history.real_stats().shares[*class] >= RARE;
    let (class, swings, since) = (0..CLASSES).filter(there).find_map(|class| {
        let (mut low, mut swings, mut since) = (false, 0, None);
        for (step, shares) in &windows {
            if shares[class] < LOW {
                low = true;
                since = since.or(Some(*step));
            } else if shares[class] > HIGH && low {
                (low, swings) = (false, swings + 1);
            }
        }
        (swings >= SWINGS).then_some((class, swings, since.unwrap_or_default()))
    })?;
    Some(Evidence {
        alarm: Alarm::Oscillation,
        since,
        says: "swings",
        args: vec![
            ("class", class.to_string()),
            ("swings", swings.to_string()),
            ("steps", SWINGING.to_string()),
        ],
    })
}

/// Losses below this are small whatever their median: a critic's losses pass
/// through 0.
const LOSS_FLOOR: f64 = 0.2;
/// The same for gradient norms: nets that begin near 0 have hardly any gradient
/// at first (`goodfellow`, seed 3: 0.0005 for 90 steps, then 1 to 6).
const NORM_FLOOR: f64 = 0.1;
/// The greatest ratio of a signal to its median.
const BOUNDS: f64 = 100.;
/// Beyond any bounds, whatever came before: an unconstrained critic grows from
/// step to step, and its median with it.
const HUGE: f64 = 1e6;

/// A loss or a gradient norm that is not finite, or above a million, or, after
/// 100 steps, 100 times its running median (of at least 0.2, for a norm 0.1). A
/// loss that is not finite stops the run by itself, before it reaches the
/// weights.
pub fn divergence(history: &History) -> Option<Evidence> {
    let signals = history.signals();
    let (name, (value, median)) =
        SIGNALS.into_iter().zip(signals).find(|(name, (value, median))| {
            let floor = if name.ends_with("norm") { NORM_FLOOR } else { LOSS_FLOOR };
            !value.is_finite()
                || *value > HUGE
                || median.is_some_and(|median| *value > BOUNDS * median.max(floor))
        })?;
    let times = median.map(|median| ("times", format!("{:.0}", value / median.max(1e-9))));
    Some(Evidence {
        alarm: Alarm::Divergence,
        since: history.good_until().1.min(history.steps()),
        says: if times.is_some() { "bounds" } else { "huge" },
        args: [("signal", name.to_owned())].into_iter().chain(times).collect(),
    })
}

fn percent(share: f64) -> String {
    let percent = 100. * share;
    if percent < 9.95 && percent.fract() != 0. {
        format!("{percent:.1}")
    } else {
        format!("{percent:.0}")
    }
}
