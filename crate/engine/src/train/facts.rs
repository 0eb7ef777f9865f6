//! Facts about a trainer that a host needs to show its iterations: the phases
//! in order, who acts in each, and what is available after it.

use serde::Serialize;
use ts_rs::TS;

use super::Phase;
use crate::recipe::Trainer;

/// Who acts in a phase.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Actor {
    /// The data, from which images are drawn.
    Data,
    /// The generator.
    G,
    /// The discriminator.
    D,
}

/// A quantity of an iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Quantity {
    /// Latent vectors.
    Z,
    /// Real images.
    Real,
    /// Generated images.
    Fake,
    /// D's scores of the real ones.
    RealScores,
    /// D's scores of the generated ones.
    FakeScores,
    /// D's loss.
    DLoss,
    /// G's loss.
    GLoss,
    /// The negative gradient of G's loss by the pixels of the generated images.
    Push,
}

/// A phase of a trainer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct PhaseFacts {
    /// The phase.
    pub phase: Phase,
    /// Who acts in it.
    pub actor: Actor,
    /// What of this iteration is available after it. G's loss can also need D's
    /// scores of real images ([`compares`](crate::loss::LossFacts::compares)).
    pub available: &'static [Quantity],
}

/// A trainer.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, TS)]
pub struct TrainerFacts {
    /// The trainer.
    pub trainer: Trainer,
    /// Its phases in order. Those of a duel up to D's step are played `d_steps`
    /// times.
    pub phases: &'static [PhaseFacts],
}

impl Trainer {
    /// All trainers.
    pub const ALL: [Self; 2] = [Self::Duel, Self::Cycle];

    /// The facts about it that a host needs.
    pub const fn facts(self) -> TrainerFacts {
        use Quantity::{DLoss, Fake, FakeScores, GLoss, Push, Real, RealScores, Z};
        const fn phase(phase: Phase, actor: Actor, available: &'static [Quantity]) -> PhaseFacts {
            PhaseFacts { phase, actor, available }
        }
        const DUEL: &[PhaseFacts] = &[
            phase(Phase::Draw, Actor::Data, &[Real]),
            phase(Phase::Generate, Actor::G, &[Real, Z, Fake]),
            phase(Phase::DReal, Actor::D, &[Real, Z, Fake, RealScores]),
            phase(Phase::DFake, Actor::D, &[Real, Z, Fake, RealScores, FakeScores]),
            phase(Phase::DUpdate, Actor::D, &[Real, Z, Fake, RealScores, FakeScores, DLoss]),
            phase(Phase::GGenerate, Actor::G, &[Real, Z, Fake]),
            phase(Phase::GScore, Actor::D, &[Real, Z, Fake, FakeScores]),
            phase(Phase::GUpdate, Actor::G, &[Real, Z, Fake, FakeScores, GLoss, Push]),
        ];
        // Translators move first.
        const CYCLE: &[PhaseFacts] = &[
            phase(Phase::Draw, Actor::Data, &[Real]),
            phase(Phase::Generate, Actor::G, &[Real, Fake]),
            phase(Phase::GGenerate, Actor::G, &[Real, Fake]),
            phase(Phase::GScore, Actor::D, &[Real, Fake, FakeScores]),
            phase(Phase::GUpdate, Actor::G, &[Real, Fake, FakeScores, GLoss, Push]),
            phase(Phase::DReal, Actor::D, &[Real, Fake, RealScores, GLoss]),
            phase(Phase::DFake, Actor::D, &[Real, Fake, RealScores, FakeScores, GLoss]),
            phase(Phase::DUpdate, Actor::D, &[Real, Fake, RealScores, FakeScores, DLoss, GLoss]),
        ];
        let phases = match self {
            Self::Duel => DUEL,
            Self::Cycle => CYCLE,
        };
        TrainerFacts { trainer: self, phases }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::data::Dataset;
    use crate::recipe::ALL;
    use crate::train::{Config, Session, StepOutcome};

    #[test]
    fn phases_are_played_in_the_order_of_the_facts() {
        for trainer in Trainer::ALL {
            let recipe = ALL.iter().find(|recipe| recipe.trainer == trainer).unwrap();
            let small = [("batch", "2"), ("d_steps", "1")];
            let known = small.into_iter().filter(|(key, _)| recipe.knob(key).is_ok());
            let config = Config::new(recipe.id, 1, known).unwrap();
            let mut session = Session::new(config, Dataset::drawn()).unwrap();
            let mut played = Vec::new();
            loop {
                played.push(session.next_phase());
                if session.advance().unwrap() == StepOutcome::Done {
                    break;
                }
            }
            let listed: Vec<Phase> =
                trainer.facts().phases.iter().map(|facts| facts.phase).collect();
            assert_eq!(played, listed);
        }
    }
}
