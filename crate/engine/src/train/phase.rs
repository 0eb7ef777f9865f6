//! The phases of an iteration, and the outcome of playing them.

use serde::Serialize;
use ts_rs::TS;

/// A phase of an iteration. A duel plays them in this order, the first five
/// `d_steps` times; CycleGAN plays the three of D's step last. The page's
/// sentences are `phase.<phase>.name`, `phase.<phase>.says` and
/// `status.amid.<phase>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, TS)]
#[serde(rename_all = "kebab-case")]
pub enum Phase {
    /// A batch of real images is drawn.
    Draw,
    /// G makes as many images from new latent vectors.
    Generate,
    /// D scores the real images.
    DReal,
    /// D scores the generated images.
    DFake,
    /// D takes its step.
    DUpdate,
    /// G makes images for its own step, from new latent vectors or the same;
    /// CycleGAN's translators translate back.
    GGenerate,
    /// D, with fixed weights, scores them.
    GScore,
    /// G takes its step.
    GUpdate,
}

/// A player: D or G.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Player {
    /// The discriminator; both of CycleGAN's.
    D,
    /// The generator; both of CycleGAN's.
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

/// The outcome of playing the next phase or iteration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepOutcome {
    /// A phase is done, the iteration is not.
    Ongoing,
    /// An iteration is done.
    Done,
    /// Some images that the next batch can draw are not loaded; nothing was
    /// done.
    Waiting,
}

/// The losses of one iteration (the discriminator's are those of its last
/// step).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Losses {
    /// Of D on real images.
    pub real: f32,
    /// Of D on generated images.
    pub fake: f32,
    /// Of G.
    pub generator: f32,
    /// The weighted gradient penalties on D; 0 if there are none.
    pub penalty: f32,
    /// The weighted cycle consistency loss, the identity loss included; 0
    /// except in CycleGAN.
    pub cycle: f32,
}
