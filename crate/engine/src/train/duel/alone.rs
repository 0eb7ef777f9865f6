//! One player's step alone, and what is at hand between two phases.

use super::Duel;
use crate::train::amid::SHOWN;
use crate::train::game::Game;
use crate::train::{Amid, Phase, Who, amid, signed};

impl Duel {
    /// Makes the next phases those of a step of `who` alone.
    pub(super) fn let_move(&mut self, who: Who) {
        let with_g = matches!(self.phase, Phase::GGenerate | Phase::GScore | Phase::GUpdate);
        match who {
            Who::D if with_g => self.phase = Phase::Draw,
            Who::G if !with_g => {
                if self.settled() {
                    self.begin();
                }
                self.phase = Phase::GGenerate;
            }
            _ => {}
        }
    }

    /// The tensors of the iteration under way, or of the last one.
    pub(super) fn at_hand(&self) -> Amid {
        let (work, latent) = (&self.work, self.hyper.latents().width());
        Amid {
            latent,
            latents: amid::latents(work.latents.as_ref(), latent),
            real: amid::digits(work.real.as_ref(), SHOWN),
            fake: amid::digits(work.fake.as_ref(), SHOWN),
            push: signed(&amid::slopes(work.push.as_ref(), SHOWN)),
            real_scores: amid::scores(work.real_scores.as_ref(), SHOWN),
            fake_scores: amid::scores(work.fake_scores.as_ref(), SHOWN),
        }
    }
}
