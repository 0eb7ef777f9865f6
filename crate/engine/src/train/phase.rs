//! The parts of an iteration, and what comes of playing them.

use serde::Serialize;
use ts_rs::TS;

/// One part of an iteration. A duel plays them in this order, the first five
/// `d_steps` times; CycleGAN plays D's own three last. The
/// page's sentences are `phase.<phase>.name`, `phase.<phase>.says` and
/// `status.amid.<phase>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// A batch of real digits is drawn.
    Draw,
    /// G makes as many digits from new latents.
    Generate,
    /// D looks at the real ones.
    DReal,
    /// D looks at the generated ones.
    DFake,
    /// D takes its step.
    DUpdate,
    /// G makes digits for its own step, from new latents or the same;
    /// CycleGAN's translate back.
    GGenerate,
    /// D, held still, looks at them.
    GScore,
    /// G takes its step.
    GUpdate,
}

/// A player.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Player {
    /// The discriminator; CycleGAN's both.
    D,
    /// The generator; CycleGAN's both.
    G,
}

impl Player {
    /// The phase in which its weights move.
    pub fn moves(self) -> Phase {
        match self {
            Self::D => Phase::DUpdate,
            Self::G => Phase::GUpdate,
        }
    }
}

/// What came of asking for the next phase or iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// A phase is done, the iteration is not.
    Ongoing,
    /// An iteration is done.
    Done,
    /// The digits that the next batch may draw from are not all in; nothing was
    /// done.
    Waiting,
}

/// The losses of one iteration (the discriminator's are those of its last
/// step).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Losses {
    /// Of D on real digits.
    pub real: f32,
    /// Of D on generated digits.
    pub fake: f32,
    /// Of G.
    pub generator: f32,
    /// The gradient penalty on D, weighted; 0 where there is none.
    pub penalty: f32,
    /// What translations there and back lose, weighted, the identity term
    /// included; 0 where nothing is translated.
    pub cycle: f32,
}
