//! The engine's facts as types of the protocol.

use std::collections::BTreeMap;

use ganvas::kernel::Real;
use ganvas::recipe::{Kind, Knob, Recipe, Sizes};
use ganvas::watch::Remedy;
use ganvas::{Config, Error, Session, checkpoint};

use crate::protocol::{Event, KnobInfo, KnobKind, RecipeInfo, RemedyInfo};

/// A recipe, for the menu and its controls.
pub fn recipe_info(recipe: &Recipe) -> RecipeInfo {
    RecipeInfo {
        id: recipe.id.to_owned(),
        paper: recipe.paper.to_owned(),
        knobs: recipe.knobs().map(|knob| knob_info(recipe, knob)).collect(),
        fine: recipe
            .fine
            .iter()
            .map(|(key, value)| ((*key).to_owned(), (*value).to_owned()))
            .collect(),
    }
}

fn knob_info(recipe: &Recipe, knob: &Knob) -> KnobInfo {
    let kind = match knob.kind {
        Kind::Number { min, max, log } => KnobKind::Number { min, max, log },
        Kind::Integer { min, max } => KnobKind::Integer { min, max },
        Kind::Flag => KnobKind::Flag,
        Kind::Choice => KnobKind::Choice {
            options: knob.options(&recipe.hyper).iter().map(ToString::to_string).collect(),
        },
        Kind::Sizes => KnobKind::Sizes { max: Sizes::GREATEST, most: Sizes::MOST as u32 },
    };
    KnobInfo {
        key: knob.key.to_owned(),
        group: knob.group.to_owned(),
        kind,
        default: knob.get(&recipe.hyper),
        live: knob.live,
        when: knob.when.map(|(key, values)| {
            (key.to_owned(), values.iter().map(ToString::to_string).collect())
        }),
    }
}

/// Every knob's value, by key.
pub fn knobs(config: &Config) -> BTreeMap<String, String> {
    config.knobs().into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

/// The event for a run that stands at step 0.
pub fn started(run: u32, session: &mut Session) -> Result<Event, Error> {
    let autosave_bytes = checkpoint::size(session)? as f64;
    let config = session.config();
    let (generator, discriminator) = session.layers();
    let (generator_weights, discriminator_weights) =
        config.recipe.weights(&config.hyper, config.sample)?;
    Ok(Event::Started {
        run,
        recipe: config.recipe.id.to_owned(),
        trainer: config.recipe.trainer,
        seed: config.seed,
        knobs: knobs(config),
        latent: config.hyper.latents().width() as u32,
        modes: config.hyper.latents().modes as u32,
        columns: session.columns().iter().map(ToString::to_string).collect(),
        classes: session.classes() as u32,
        generator,
        discriminator,
        generator_weights: generator_weights as u32,
        discriminator_weights: discriminator_weights as u32,
        autosave_bytes,
    })
}

/// The probability that a score stands for; none if scores are not log-odds.
pub fn probability(session: &Session, score: f32) -> Option<f64> {
    let log_odds = session.config().hyper.loss.scores_are_log_odds();
    log_odds.then(|| f64::from(score).sigmoid())
}

/// The remedies that are possible: going back needs a snapshot, given by its
/// number and its iteration.
pub fn open(
    remedies: impl IntoIterator<Item = Remedy>,
    snapshot: Option<(u32, u32)>,
) -> Vec<RemedyInfo> {
    let open = remedies.into_iter().filter(|remedy| !remedy.back || snapshot.is_some());
    open.map(|remedy| remedy_info(remedy, snapshot)).collect()
}

/// A remedy; if it goes back, it goes to `snapshot`.
fn remedy_info(remedy: Remedy, snapshot: Option<(u32, u32)>) -> RemedyInfo {
    let snapshot = snapshot.filter(|_| remedy.back);
    RemedyInfo {
        name: remedy.name.to_owned(),
        knobs: remedy.knobs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect(),
        fresh: remedy.fresh,
        snapshot: snapshot.map(|(id, _)| id),
        step: snapshot.map(|(_, step)| step),
    }
}

/// An error's code, values and English sentence.
pub fn refusal(error: &Error) -> (String, BTreeMap<String, String>, String) {
    let args = error.args().into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    (error.code().to_owned(), args, error.to_string())
}
