//! The alarms: what each means, as a function of what was seen.

use super::History;
use super::history::{BLOBS, SIGNALS};

/// What can be wrong with a run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Alarm {
    /// G makes few kinds of digits.
    ModeCollapse,
    /// D is right about everything, and G is no longer pulled.
    DWins,
    /// D only guesses, and the digits are none.
    GWins,
    /// Kinds of digits come and go.
    Oscillation,
    /// A loss or a gradient has left all bounds.
    Divergence,
}

/// An alarm with what it stands on.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The alarm.
    pub alarm: Alarm,
    /// The first step of the evidence: what was before may be gone back to.
    pub since: u32,
    /// Which of the alarm's sentences tells it, and its values by name.
    pub says: &'static str,
    /// The values in the sentence.
    pub args: Vec<(&'static str, String)>,
}

impl Alarm {
    /// All of them.
    pub const ALL: [Self; 5] =
        [Self::ModeCollapse, Self::DWins, Self::GWins, Self::Oscillation, Self::Divergence];

    /// Its name in messages and sentences.
    pub fn name(self) -> &'static str {
        match self {
            Self::ModeCollapse => "mode-collapse",
            Self::DWins => "d-wins",
            Self::GWins => "g-wins",
            Self::Oscillation => "oscillation",
            Self::Divergence => "divergence",
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
        }
    }
}

/// Surveys that must agree, at least 50 steps apart.
const AGREE: usize = 3;
/// A class above this share is most of the digits.
const MOST: f64 = 0.6;
/// A class below this share is missing.
const MISSING: f64 = 0.01;
/// Digits closer to each other than this share of real digits' distance are one digit.
const ALIKE: f64 = 0.1;

/// One class above 60 %, or three below 1 %, of 512 digits, or digits nearly equal (median distance of two under a tenth of real digits'),
/// in each of the last three surveys, 50 steps apart or more, once there were digits ([`History::digits_since`]).
pub fn mode_collapse(history: &History) -> Option<Evidence> {
    let since = history.digits_since()?;
    let last: Vec<_> = history.surveys().rev().take(AGREE).collect();
    if last.len() < AGREE || last[AGREE - 1].step < since {
        return None;
    }
    let newest = last[0];
    let (class, share) = newest
        .classes
        .iter()
        .enumerate()
        .fold((0, 0.), |best, (class, &share)| if share > best.1 { (class, share) } else { best });
    let missing = |shares: &[f64]| shares.iter().filter(|share| **share < MISSING).count();
    let (says, args) = if last.iter().all(|survey| survey.classes[class] > MOST) {
        ("one", vec![("share", percent(share)), ("class", class.to_string())])
    } else if last.iter().all(|survey| missing(&survey.classes) >= 3) {
        let absent = newest.classes.iter().enumerate().filter(|(_, share)| **share < MISSING);
        let names: Vec<String> = absent.map(|(class, _)| class.to_string()).collect();
        ("missing", vec![("classes", names.join(", "))])
    } else if last.iter().all(|survey| survey.spread < ALIKE) {
        ("alike", vec![("spread", percent(newest.spread))])
    } else {
        return None;
    };
    let args = args.into_iter().chain([("digits", newest.digits.to_string())]).collect();
    Some(Evidence { alarm: Alarm::ModeCollapse, since: last[AGREE - 1].step, says, args })
}

/// D right on 99 % of real and generated digits over 200 steps, and the norm of G's gradient (its median over 20 steps) under 1 % of the
/// greatest such median so far: the median of all steps would follow a pull that is gone for long (minimax with a fast D: gone by step 100).
pub fn d_wins(history: &History) -> Option<Evidence> {
    let right = history.right().filter(|right| *right >= 0.99)?;
    let (now, most) = history.g_norm();
    (now < 0.01 * most).then(|| Evidence {
        alarm: Alarm::DWins,
        since: history.steps().saturating_sub(200),
        says: "vanished",
        args: vec![("right", percent(right)), ("norm", percent(now / most))],
    })
}

/// D right on under 52 % over 200 steps while the digits are none: the judge's confidence is below 0.5, or they are all alike (0.3 of what real
/// ones differ by), in the last four glances. Confidence alone would not do: with a D that hardly learns, G makes one blob of which the judge is
/// sure (1.00; the digits are 0.1 of real ones' distance apart).
pub fn g_wins(history: &History) -> Option<Evidence> {
    let right = history.right().filter(|right| *right < 0.52)?;
    let (confidence, spread) = (history.confidence(4)?, history.spread(4)?);
    (confidence < 0.5 || spread < BLOBS).then(|| Evidence {
        alarm: Alarm::GWins,
        since: history.steps().saturating_sub(200),
        says: "guessing",
        args: vec![
            ("right", percent(right)),
            ("confidence", percent(confidence)),
            ("spread", percent(spread)),
        ],
    })
}

/// A class that, within 2,000 steps, falls under 3 % and rises over 15 % three times, by shares of 128 digits (two glances): healthy runs of
/// five recipes swing once at most; over four glances fast swings blur.
pub fn oscillation(history: &History) -> Option<Evidence> {
    let windows = history.windows(2);
    let (class, swings, since) = (0..10).find_map(|class| {
        let (mut low, mut swings, mut since) = (false, 0, None);
        for (step, shares) in &windows {
            if shares[class] < 0.03 {
                low = true;
                since = since.or(Some(*step));
            } else if shares[class] > 0.15 && low {
                (low, swings) = (false, swings + 1);
            }
        }
        (swings >= 3).then_some((class, swings, since.unwrap_or_default()))
    })?;
    Some(Evidence {
        alarm: Alarm::Oscillation,
        since,
        says: "swings",
        args: vec![("class", class.to_string()), ("swings", swings.to_string())],
    })
}

/// Losses below this are small whatever their median: a critic's pass through 0.
const LOSS_FLOOR: f64 = 0.2;
/// The same of gradient norms: nets that begin near 0 hardly pull at first (`goodfellow`, seed 3: 0.0005 for 90 steps, then 1 to 6).
const NORM_FLOOR: f64 = 0.1;
/// Beyond any bounds, whatever came before: a critic that nothing holds grows from step to step, and its median with it.
const HUGE: f64 = 1e6;

/// A loss or a gradient's norm that is no finite number, or above a million, or, after 100 steps, 100 times its running median (of at least
/// 0.2, a norm's of 0.1).
/// A loss that is no number stops the run by itself, before the weights take it in.
pub fn divergence(history: &History) -> Option<Evidence> {
    let signals = history.signals();
    let (name, (value, median)) = SIGNALS.into_iter().zip(signals).find(|(name, (value, median))| {
        let floor = if name.ends_with("norm") { NORM_FLOOR } else { LOSS_FLOOR };
        !value.is_finite() || *value > HUGE || median.is_some_and(|median| *value > 100. * median.max(floor))
    })?;
    let times = median.map(|median| ("times", format!("{:.0}", value / median.max(1e-9))));
    Some(Evidence {
        alarm: Alarm::Divergence,
        since: history.steps(),
        says: if times.is_some() { "bounds" } else { "huge" },
        args: [("signal", name.to_owned())].into_iter().chain(times).collect(),
    })
}

fn percent(share: f64) -> String {
    let percent = 100. * share;
    if percent < 9.95 && percent.fract() != 0. { format!("{percent:.1}") } else { format!("{percent:.0}") }
}
