//! What may help against an alarm: settings to turn, and whether to go back first.

use super::Alarm;
use crate::train::Config;

/// One thing to try; all its settings are valid together.
#[derive(Clone, Debug, PartialEq)]
pub struct Remedy {
    /// Its name in sentences.
    pub name: &'static str,
    /// Knobs to turn: key and value.
    pub knobs: Vec<(&'static str, String)>,
    /// Whether to go back to before the evidence first.
    pub back: bool,
    /// Whether it takes a new run.
    pub fresh: bool,
}

/// A setting that a remedy turns, of the present value.
type Turn = (&'static str, fn(f64) -> f64);

/// A remedy as it is written down.
struct Draft {
    name: &'static str,
    numbers: &'static [Turn],
    words: &'static [(&'static str, &'static str)],
    back: bool,
}

const NOTHING: Draft = Draft { name: "", numbers: &[], words: &[], back: false };

const HALF: fn(f64) -> f64 = |rate| rate / 2.;
const GO_BACK: Draft =
    Draft { name: "go-back-slower", numbers: &[("g_rate", HALF), ("d_rate", HALF)], back: true, ..NOTHING };
const SLOWER: Draft = Draft { name: "slower", numbers: &[("g_rate", HALF), ("d_rate", HALF)], ..NOTHING };
const PAIRS: Draft = Draft { name: "pairs", numbers: &[("pack", |pack| pack.max(2.))], ..NOTHING };
const NOISE: Draft = Draft { name: "noise", numbers: &[("d_noise", |noise| noise.max(0.1))], ..NOTHING };
const SLOW_D: Draft = Draft { name: "slow-d", numbers: &[("d_rate", |rate| rate / 4.)], ..NOTHING };
const SMOOTH: Draft =
    Draft { name: "smooth", numbers: &[("real_target", |target| target.min(0.9))], ..NOTHING };
const SATURATED: Draft = Draft { name: "non-saturating", words: &[("loss", "non-saturating")], ..NOTHING };
const FAST_D: Draft = Draft { name: "fast-d", numbers: &[("d_rate", |rate| (rate * 2.).min(1.))], ..NOTHING };
const MORE_D: Draft =
    Draft { name: "more-d", numbers: &[("d_steps", |steps| (steps + 1.).min(10.))], ..NOTHING };
const SLOW_G: Draft = Draft { name: "slow-g", numbers: &[("g_rate", HALF)], ..NOTHING };
const AVERAGE: Draft = Draft { name: "average", numbers: &[("ema", |decay| decay.max(0.999))], ..NOTHING };

/// What to try against `alarm` under `config`, most promising first: only what changes something and is valid.
pub fn remedies(alarm: Alarm, config: &Config) -> Vec<Remedy> {
    let drafts: &[Draft] = match alarm {
        Alarm::ModeCollapse => &[GO_BACK, PAIRS, NOISE],
        Alarm::DWins => &[SATURATED, SLOW_D, SMOOTH, GO_BACK],
        Alarm::GWins => &[FAST_D, MORE_D, SLOW_G],
        Alarm::Oscillation => &[SLOWER, AVERAGE, GO_BACK],
        Alarm::Divergence => &[GO_BACK, SLOWER],
    };
    drafts.iter().filter_map(|draft| remedy(draft, config)).collect()
}

fn remedy(draft: &Draft, config: &Config) -> Option<Remedy> {
    let present = config.knobs();
    let mut knobs = Vec::new();
    for (key, turn) in draft.numbers {
        let old: f64 = present.get(key)?.parse().ok()?;
        // As many digits as a person would write.
        knobs.push((*key, format!("{}", (turn(old) * 1e9).round() / 1e9)));
    }
    knobs.extend(draft.words.iter().map(|(key, word)| (*key, (*word).to_owned())));
    let changes = knobs.iter().any(|(key, value)| present.get(key).is_some_and(|old| old != value));
    let all = present.iter().map(|(key, value)| (*key, value.as_str()));
    let turned = knobs.iter().map(|(key, value)| (*key, value.as_str()));
    let valid = Config::new(config.recipe.id, config.seed, all.chain(turned)).is_ok();
    // The loss that lets gradients through belongs to the games of probabilities.
    let fits = draft.words.is_empty() || config.hyper.loss.speaks_of_probability();
    let mut live = *config;
    let fresh = knobs.iter().any(|(key, value)| live.tune(key, value).is_err());
    (changes && valid && fits).then_some(Remedy {
        name: draft.name,
        knobs,
        back: draft.back && !fresh,
        fresh,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::recipe::ALL;

    #[test]
    fn every_recipe_has_a_remedy_for_every_alarm_and_each_is_valid() {
        for recipe in ALL {
            let config = Config::new(recipe.id, 1, []).unwrap();
            for alarm in Alarm::ALL {
                let found = remedies(alarm, &config);
                assert!(!found.is_empty(), "{} has nothing against {}", recipe.id, alarm.name());
                for remedy in found {
                    let mut tuned = config;
                    let turned = remedy.knobs.iter().map(|(key, value)| tuned.tune(key, value));
                    assert_eq!(
                        turned.collect::<Vec<_>>().iter().any(Result::is_err),
                        remedy.fresh,
                        "{remedy:?}"
                    );
                    let knobs = config.knobs();
                    let all = knobs.iter().map(|(key, value)| (*key, value.as_str()));
                    let new = remedy.knobs.iter().map(|(key, value)| (*key, value.as_str()));
                    let new = Config::new(recipe.id, 1, all.chain(new)).unwrap();
                    assert_ne!(new.hyper, config.hyper, "{remedy:?}");
                }
            }
        }
    }
}
