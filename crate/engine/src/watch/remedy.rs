//! Remedies against alarms: knobs to change, and whether to go back first.

use std::collections::BTreeMap;

use super::Alarm;
use crate::error::Error;
use crate::recipe::Knob;
use crate::train::Config;

/// One remedy; all its settings are valid together.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// Its name in sentences.
    pub name: &'static str,
    /// Knobs to change: key and value.
    pub knobs: Vec<(&'static str, String)>,
    /// Whether to go back first, to before the evidence.
    pub back: bool,
    /// Whether it needs a new run.
    pub fresh: bool,
}

/// A knob that a remedy changes: its new value from the present one and the
/// recipe's own.
type Turn = (&'static str, fn(f64, f64) -> f64);

/// A remedy before it is applied to a configuration.
#[derive(Clone, Copy)]
pub(super) struct Draft {
    pub name: &'static str,
    numbers: &'static [Turn],
    /// Knobs that are set to the recipe's own value.
    usual: fn(&Knob) -> bool,
    back: bool,
    fresh: bool,
}

const NOTHING: Draft =
    Draft { name: "", numbers: &[], usual: |_| false, back: false, fresh: false };

const HALF: fn(f64, f64) -> f64 = |rate, _| rate / 2.;
const TENTH: fn(f64, f64) -> f64 = |rate, _| (rate / 10.).max(1e-6);
const USUAL: Draft = Draft {
    name: "usual",
    usual: |knob| knob.live && PLAYED.contains(&knob.key),
    back: true,
    ..NOTHING
};
const ANEW: Draft = Draft { name: "anew", usual: |_| true, fresh: true, ..NOTHING };
const GO_BACK: Draft = Draft {
    name: "go-back-slower",
    numbers: &[("g_rate", HALF), ("d_rate", HALF)],
    back: true,
    ..NOTHING
};
const GO_BACK_TENTH: Draft = Draft {
    name: "go-back-tenth",
    numbers: &[("g_rate", TENTH), ("d_rate", TENTH)],
    back: true,
    ..NOTHING
};
const SLOWER: Draft =
    Draft { name: "slower", numbers: &[("g_rate", HALF), ("d_rate", HALF)], ..NOTHING };
const PAIRS: Draft =
    Draft { name: "pairs", numbers: &[("pack", |pack, _| pack.max(2.))], ..NOTHING };
const NOISE: Draft =
    Draft { name: "noise", numbers: &[("d_noise", |noise, _| noise.max(0.1))], ..NOTHING };
const SLOW_D: Draft =
    Draft { name: "slow-d", numbers: &[("d_rate", |rate, _| rate / 4.)], ..NOTHING };
const BACK_SLOW_D: Draft = Draft { name: "go-back-slow-d", back: true, ..SLOW_D };
const SMOOTH: Draft =
    Draft { name: "smooth", numbers: &[("real_target", |target, _| target.min(0.9))], ..NOTHING };
const FAST_D: Draft =
    Draft { name: "fast-d", numbers: &[("d_rate", |rate, _| (rate * 2.).min(1.))], ..NOTHING };
const MORE_D: Draft =
    Draft { name: "more-d", numbers: &[("d_steps", |steps, _| (steps + 1.).min(10.))], ..NOTHING };
const SLOW_G: Draft = Draft { name: "slow-g", numbers: &[("g_rate", HALF)], ..NOTHING };
const AVERAGE: Draft =
    Draft { name: "average", numbers: &[("ema", |decay, _| decay.max(0.999))], ..NOTHING };

/// Knobs of the game and its speed that can be changed during a run.
const PLAYED: [&str; 18] = [
    "g_rate",
    "d_rate",
    "momentum",
    "beta2",
    "decay",
    "schedule",
    "hold",
    "length",
    "loss",
    "d_steps",
    "penalty",
    "r1",
    "r2",
    "clip",
    "cycle",
    "identity",
    "fake_target",
    "g_target",
];

/// Every remedy that was considered: `cargo run --release -p ganvas --example
/// remedies` measures what each does.
const ALL: [Draft; 14] = [
    USUAL,
    ANEW,
    GO_BACK,
    GO_BACK_TENTH,
    SLOWER,
    PAIRS,
    NOISE,
    SLOW_D,
    BACK_SLOW_D,
    SMOOTH,
    FAST_D,
    MORE_D,
    SLOW_G,
    AVERAGE,
];

/// Remedies against `alarm`, most promising first.
pub(super) fn drafts(alarm: Alarm) -> &'static [Draft] {
    match alarm {
        // From the last snapshot before, the usual rates lead five of five
        // seeds out of a win of either player, and none out of a collapse, an
        // oscillation or a divergence: there, nets, latent vectors or the
        // optimizer are at fault. A new run leads out of each.
        Alarm::DWins | Alarm::GWins => &[USUAL, ANEW],
        Alarm::ModeCollapse | Alarm::Oscillation | Alarm::Divergence => &[ANEW],
        // Translators that forgot the digit do not find it again under the
        // usual rates (none of five seeds).
        Alarm::Copies | Alarm::Forgets => &[ANEW],
    }
}

/// Remedies against `alarm` under `config`, most promising first: only those
/// that change something and are valid.
pub fn remedies(alarm: Alarm, config: &Config) -> Vec<Remedy> {
    drafts(alarm).iter().filter_map(|draft| remedy(draft, config)).collect()
}

/// The remedy after an error that stopped training: a new run after a number
/// that is not finite, none after other errors. From the last snapshot before
/// it, half or a tenth of both rates lead out in none of five seeds, whatever
/// the GAN; the usual settings in most where nets have convolutions, and in
/// none of `gan`'s.
pub fn after_fault(error: &Error, config: &Config) -> Option<Remedy> {
    matches!(error, Error::NotFinite { .. }).then(|| remedy(&ANEW, config)).flatten()
}

/// All remedies that were considered, as far as they change something under
/// `config` and are valid.
pub fn candidates(config: &Config) -> Vec<Remedy> {
    ALL.iter().filter_map(|draft| remedy(draft, config)).collect()
}

fn remedy(draft: &Draft, config: &Config) -> Option<Remedy> {
    let present = config.knobs();
    let own = Config { hyper: config.recipe.hyper, ..*config }.knobs();
    let mut knobs = Vec::new();
    for (key, turn) in draft.numbers {
        let number = |knobs: &BTreeMap<_, String>| knobs.get(key)?.parse::<f64>().ok();
        // Rounded to the digits that a person would write.
        knobs.push((
            *key,
            format!("{}", (turn(number(&present)?, number(&own)?) * 1e9).round() / 1e9),
        ));
    }
    for knob in config.recipe.knobs().filter(|knob| (draft.usual)(knob)) {
        knobs.extend(own.get(knob.key).map(|value| (knob.key, value.clone())));
    }
    knobs.retain(|(key, value)| present.get(key).is_some_and(|old| old != value));
    let all = present.iter().map(|(key, value)| (*key, value.as_str()));
    let turned = knobs.iter().map(|(key, value)| (*key, value.as_str()));
    let valid = Config::new(config.recipe.id, config.seed, all.chain(turned))
        .is_ok_and(|turned| turned.of(config.sample).is_ok());
    let mut live = *config;
    let fresh = draft.fresh || knobs.iter().any(|(key, value)| live.tune(key, value).is_err());
    (!knobs.is_empty() && valid).then_some(Remedy {
        name: draft.name,
        knobs,
        back: draft.back && !fresh,
        fresh,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::ALL as ALL_RECIPES;

    #[test]
    fn every_remedy_changes_something_is_valid_and_reports_whether_it_needs_a_new_run() {
        let fast = [("g_rate", "0.05"), ("d_rate", "0.00001")];
        for recipe in ALL_RECIPES {
            let config = Config::new(recipe.id, 1, fast).unwrap();
            for alarm in Alarm::ALL {
                assert!(
                    !remedies(alarm, &config).is_empty(),
                    "{} has no remedy against {}",
                    recipe.id,
                    alarm.name()
                );
            }
            for remedy in candidates(&config) {
                let mut tuned = config;
                let turned = remedy.knobs.iter().map(|(key, value)| tuned.tune(key, value));
                let live = turned.collect::<Vec<_>>().iter().all(Result::is_ok);
                assert!(live || remedy.fresh, "{remedy:?}");
                assert!(!(remedy.back && remedy.fresh), "{remedy:?}");
                let knobs = config.knobs();
                let all = knobs.iter().map(|(key, value)| (*key, value.as_str()));
                let new = remedy.knobs.iter().map(|(key, value)| (*key, value.as_str()));
                let new = Config::new(recipe.id, 1, all.chain(new)).unwrap();
                assert_ne!(new.hyper, config.hyper, "{remedy:?}");
            }
        }
    }

    #[test]
    fn usual_settings_are_offered_when_the_present_ones_differ() {
        let of = |knobs: &[(&str, &str)]| {
            let config = Config::new("gan", 1, knobs.iter().copied()).unwrap();
            remedies(Alarm::DWins, &config)
        };
        assert_eq!(of(&[]), [], "all settings are the usual ones");
        let found = of(&[("loss", "minimax"), ("d_rate", "0.01"), ("d_hidden", "32")]);
        assert_eq!(
            found.iter().map(|remedy| (remedy.name, remedy.back, remedy.fresh)).collect::<Vec<_>>(),
            [("usual", true, false), ("anew", false, true)]
        );
        let keys = |remedy: &Remedy| remedy.knobs.iter().map(|(key, _)| *key).collect::<Vec<_>>();
        assert_eq!(keys(&found[0]), ["d_rate", "loss"]);
        assert!(keys(&found[1]).contains(&"d_hidden"));
    }

    #[test]
    fn a_new_run_is_offered_only_after_a_number_that_is_not_finite() {
        let config = Config::new("gan", 1, [("g_rate", "0.02"), ("d_rate", "3e-4")]).unwrap();
        let fault = Error::NotFinite { what: "G".into(), step: "45".into() };
        let found = after_fault(&fault, &config).unwrap();
        assert_eq!((found.name, found.back, found.fresh), ("anew", false, true));
        assert_eq!(after_fault(&Error::NoData {}, &config), None);
    }
}
